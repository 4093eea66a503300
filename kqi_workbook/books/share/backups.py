"""Dated copies of a workbook, in a folder beside it."""

from __future__ import annotations

import contextlib
import re
from pathlib import PurePath

from kqi_workbook.books.share.place import BACKUP_FOLDER, STAMPED, Place


def back_up(place: Place, content: bytes) -> PurePath:
    """Keep the workbook's present content under the present date, and return where.

    Raises OSError when it cannot be written; half a backup never stands under a backup's name.
    """
    folder = place.path.parent / BACKUP_FOLDER
    temporary = folder / place.temporary
    place.files.make_folder(folder)
    try:
        place.files.write_new(temporary, content)
        place.files.keep_look(place.path, temporary)
        backup = place.free(folder, f"{place.path.stem} {place.stamp}", place.path.suffix)
        place.files.replace(temporary, backup)
    finally:
        place.discard(temporary)
    return backup


def prune(place: Place, keep: int) -> None:
    """Remove this workbook's oldest backups beyond those to keep; nothing else in the folder."""
    folder = place.path.parent / BACKUP_FOLDER
    stem, suffix = re.escape(place.path.stem), re.escape(place.path.suffix)
    with contextlib.suppress(OSError):
        backups = sorted(place.named(stem + STAMPED + suffix, folder), key=_age)
        for name in backups[: max(len(backups) - keep, 0)]:
            place.discard(folder / name)


def _age(name: str) -> tuple[str, int]:
    """Sorts by the date in the name, then by the number of those of one second."""
    found = list(re.finditer(STAMPED, name))[-1]
    return found[0][: len(" 2014-04-03 091205")], int(found[1] or 1)
