"""Finding the workbooks of a batch."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kqi_workbook.books.share import is_by_product
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import KQIWorkbookError

_SUFFIXES = {".xlsx", ".xlsm"}


@dataclass(frozen=True)
class Found:
    """The workbooks in order of their paths, and the folders that could not be looked into.

    A workbook that lies there under several names is there once.
    """

    workbooks: tuple[Path, ...]
    unread: tuple[Path, ...]


def find_workbooks(*places: str | os.PathLike[str]) -> Found:
    """Find every .xlsx and .xlsm file at these places.

    A place is a workbook, a folder that is searched with all below it, or a pattern such as
    ``KQIs/*/Q4*.xlsx`` (``**`` for any depth). Backups, copies kept beside a workbook and files
    that Excel or a refresh puts there for a while are passed over.

    Raises KQIWorkbookError where a place does not exist or cannot be looked into, or where there is
    no workbook at any.
    """
    unread: list[Path] = []
    found = {path.absolute() for place in places for path in _at(place, unread)}
    if not found:
        where = ", ".join(f"'{os.fspath(place)}'" for place in places)
        refused = "".join(f" The folder '{folder}' could not be looked into." for folder in unread)
        raise KQIWorkbookError(f"There is no workbook (.xlsx or .xlsm) in {where}.{refused}")
    once = {os.path.realpath(path): path for path in sorted(found, reverse=True)}
    return Found(tuple(sorted(once.values())), tuple(unread))


def _at(place: str | os.PathLike[str], unread: list[Path]) -> Iterator[Path]:
    exact = Path(place)
    with told(f"look into '{exact}'", "Nothing was changed."):
        exists = exact.exists()
    matches = [exact] if exists else map(Path, glob.glob(str(exact), recursive=True))
    nothing = True
    for match in matches:
        nothing = False
        yield from _below(match, unread) if match.is_dir() else filter(_is_workbook, [match])
    if nothing:
        raise KQIWorkbookError(
            f"There is no file or folder '{exact}', and none that it fits as a pattern."
        )


def _below(folder: Path, unread: list[Path]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        unread.append(Path(error.filename or folder))

    for parent, _, names in os.walk(folder, onerror=refused):
        yield from filter(_is_workbook, (Path(parent, name) for name in names))


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and not is_by_product(path)
