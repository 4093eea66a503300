"""Put a new workbook in the place of the old one so that nothing can be torn or lost.

The new file is written beside the old, forced to the disk, read back and checked; the old one is
copied into a folder of dated backups; then one rename changes them over. Until that rename the old
workbook is untouched, and after it the new one is whole.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import PurePath
from typing import BinaryIO, TypeAlias

from kqi_workbook.books.share.backups import back_up, prune
from kqi_workbook.books.share.lock import read_lock
from kqi_workbook.books.share.owner import who_has
from kqi_workbook.books.share.place import BACKUP_FOLDER, Place
from kqi_workbook.books.share.read_back import check_read_back
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import InUse

OnWait: TypeAlias = Callable[[str, float], None]
"""Told before each pause who or what is in the way, as a sentence, and the seconds still left."""

_AS_IT_WAS = "The workbook is as it was."


def save(
    place: Place,
    old: bytes,
    write: Callable[[BinaryIO], None],
    check: Callable[[BinaryIO], None],
    *,
    keep_backups: int,
    patience: float,
    on_wait: OnWait | None = None,
) -> bytes:
    """Put what ``write`` writes in the place of ``old``, and return it.

    ``check`` is given what the disk gives back, and raises if it is not what was meant. A workbook
    that somebody holds open is tried again for ``patience`` seconds.

    Raises InUse when somebody has the workbook or has changed it: theirs stands, ours is kept
    beside it. Raises FileTrouble when the disk fails: the old workbook stands.
    """
    made = io.BytesIO()
    write(made)
    new = made.getvalue()
    name, files = place.path.name, place.files
    temporary = place.path.with_name(place.temporary)
    try:
        with told(f"write the new {name!r} beside the old one", _AS_IT_WAS):
            files.write_new(temporary, new)
            back = files.read(temporary)
        check_read_back(name, back, new, _AS_IT_WAS, old)
        check(io.BytesIO(back))
        with told(f"look at {name!r} once more", _AS_IT_WAS), contextlib.suppress(PermissionError):
            _stop_if_lost_or_changed(place, temporary, old)
        with told(f"give the new {name!r} the permissions of the old one", _AS_IT_WAS):
            files.keep_look(place.path, temporary)
        with told(f"back up {name!r} in {BACKUP_FOLDER!r}", _AS_IT_WAS):
            backup = back_up(place, old) if keep_backups > 0 else None
        try:
            _put_in_place(place, temporary, old, new, patience, on_wait)
        except InUse:
            if backup:
                place.discard(backup)  # of content that still stands, or was never replaced by us
            raise
    finally:
        place.discard(temporary)
    with told(f"make sure that {name!r} is on the disk", "The new workbook stands."):
        files.sync_folder(place.path.parent)
    if backup:
        prune(place, keep_backups)
    return new


def _put_in_place(
    place: Place,
    temporary: PurePath,
    old: bytes,
    new: bytes,
    patience: float,
    on_wait: OnWait | None,
) -> None:
    in_the_way: str | None = None
    for left in place.at.until(patience):
        in_the_way = _replace_once(place, temporary, old, new)
        if in_the_way is None:
            return
        if on_wait and left:
            on_wait(in_the_way, left)
    raise _kept_beside(place, temporary, str(in_the_way))


def _replace_once(place: Place, temporary: PurePath, old: bytes, new: bytes) -> str | None:
    """Rename temporary over the workbook if it still is as we read it, and nobody has it open.

    Returns the sentence that says who or what is in the way now, None when it is done. Raises
    InUse when waiting would not help.
    """
    files, path = place.files, place.path
    with told(f"look at {path.name!r} before replacing it", _AS_IT_WAS):
        try:
            _stop_if_lost_or_changed(place, temporary, old)
            # Where the system would let us replace a file under its reader, we must hold back.
            if not files.sees_every_handle and who_has(path, files):
                return _opened(place)
        except PermissionError:
            return _opened(place)
    try:
        files.replace(temporary, path)
    except OSError as error:
        # A connection can break after the server has done what it was asked to do.
        if _landed(place, new):
            return None
        if isinstance(error, PermissionError):
            return _opened(place)
        with told(f"replace {path.name!r}", "It is whole: the old one or the new."):
            raise
    return None


def _stop_if_lost_or_changed(place: Place, temporary: PurePath, old: bytes) -> None:
    """Raise InUse, and keep the new workbook beside it, if it is no longer ours to replace."""
    path, files = place.path, place.files
    if not place.lock.is_ours(files):
        raise _kept_beside(place, temporary, _lock_lost(place))
    try:
        # Alone with it: who has it open now could change it after our look and before our rename.
        if files.read_alone(path) != old:
            raise _kept_beside(place, temporary, _changed(place))
    except FileNotFoundError:
        gone = f"{path.name!r} was moved or deleted while it was being refreshed."
        raise _kept_beside(place, temporary, gone) from None


def _landed(place: Place, new: bytes) -> bool:
    try:
        return place.files.read(place.path) == new
    except OSError:
        return False


def _kept_beside(place: Place, temporary: PurePath, why: str) -> InUse:
    """Keep the new workbook beside the old one, and make the error that says why and where."""
    start = f"{place.path.stem} (refreshed {place.stamp}"
    try:
        beside = place.free(place.path.parent, start, f"){place.path.suffix}")
        place.files.replace(temporary, beside)
    except OSError:
        return InUse(f"{why} It was not touched. The refreshed one could not be kept.")
    return InUse(f"{why} It was not touched. The refreshed one is beside it: {beside.name!r}.")


def _lock_lost(place: Place) -> str:
    name, info = place.path.name, read_lock(place.lock.path, place.files)
    if info is None:
        return f"The refresh lock of {name!r} was removed while we were at work."
    return f"The refresh of {name!r} was taken over by {info.sentence(place.at.now())}."


def _changed(place: Place) -> str:
    when = place.files.state(place.path).modified
    return f"{place.path.name!r} was changed at {when:%H:%M} while it was being refreshed."


def _opened(place: Place) -> str:
    """Who or what keeps us from replacing the workbook."""
    name, files = place.path.name, place.files
    with contextlib.suppress(OSError):
        if files.state(place.path).read_only:
            return f"{name!r} was marked read-only while it was being refreshed."
        if owner := who_has(place.path, files):
            opened = f"{name!r} was opened while it was being refreshed."
            return f"{opened} {owner.sentence(place.at.now())}"
    return f"{name!r} may not be replaced, or was open elsewhere until just now."
