"""A turn at a workbook: nobody has it open, the refresh lock is ours, what was read is fixed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from kqi_workbook.books.share import lock as locks
from kqi_workbook.books.share import owner as owners
from kqi_workbook.books.share.files import FileOps
from kqi_workbook.books.share.here import Here, here
from kqi_workbook.books.share.local import this_system
from kqi_workbook.books.share.lock import LockInfo, RefreshLock
from kqi_workbook.books.share.owner import Owner
from kqi_workbook.books.share.place import Place, clean_up
from kqi_workbook.books.share.save import OnWait, save
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import FileTrouble, InUse

LOCAL: FileOps = this_system()
KEPT_BACKUPS = 10
LARGEST = 256 << 20  # bytes of a workbook: a data tab of a million rows makes half of that

# Seconds that a passing look (a preview, a virus scan) may take before it counts as use: at the
# start, where nothing is lost by stopping, and at the end, where the work is done.
_BRIEFLY, _PATIENTLY = 0.5, 15.0


@dataclass
class Turn:
    """The workbook while it is ours to refresh.

    Work from ``content``, not from the path: it is exactly what ``save`` replaces, and a change in
    the middle is told by it. ``notes`` are sentences about stale locks met on the way here.
    """

    content: bytes
    notes: tuple[str, ...]
    _place: Place
    _patience: float
    _on_wait: OnWait | None

    @property
    def path(self) -> PurePath:
        """The workbook itself; where a link was given, what the link points to."""
        return self._place.path

    def save(
        self,
        write: Callable[[BinaryIO], None],
        check: Callable[[BinaryIO], None],
        *,
        keep_backups: int = KEPT_BACKUPS,
    ) -> None:
        """Replace the workbook: whatever happens, the old one or the new one stands whole.

        ``write`` writes the new workbook to a file in memory. ``check`` gets what came back from
        the disk and raises if that is not what was meant; its error stops the save. The last
        ``keep_backups`` backups are kept; with 0 none is made, and old ones are left alone.

        Raises InUse if somebody opened or changed the workbook meanwhile, the refreshed one being
        kept beside it, and FileTrouble if the disk fails.
        """
        self.content = save(
            self._place,
            self.content,
            write,
            check,
            keep_backups=keep_backups,
            patience=self._patience,
            on_wait=self._on_wait,
        )


@dataclass(frozen=True)
class Look:
    """A workbook as it stands."""

    path: PurePath
    content: bytes


@contextlib.contextmanager
def refreshing(
    path: str | os.PathLike[str],
    *,
    wait: float = 0.0,
    on_wait: OnWait | None = None,
    files: FileOps = LOCAL,
    at: Here | None = None,
) -> Iterator[Turn]:
    """Take a turn at a workbook, and give it up at the end, whatever happens.

    Somebody who has it is waited for up to ``wait`` seconds.

    Raises InUse when somebody has the workbook, FileTrouble when it cannot be read or written.
    """
    at = at or here()
    target = _real(path, files)
    lock, notes = _wait_for_turn(target, files, at, wait, on_wait)
    try:
        place = Place(target, files, at, lock)
        clean_up(place)
        content = _content(target, files)
        yield Turn(content, notes, place, max(wait, _PATIENTLY), on_wait)
    finally:
        lock.release()


def look(path: str | os.PathLike[str], *, files: FileOps = LOCAL) -> Look:
    """Read a workbook without taking a turn: nothing is locked or written, nobody is kept out.

    Raises FileTrouble when it cannot be read.
    """
    target = _real(path, files)
    return Look(target, _content(target, files))


def _content(path: PurePath, files: FileOps) -> bytes:
    with told(f"read {path.name!r}", "Nothing was changed."):
        size = files.state(path).size
        if size > LARGEST:
            raise FileTrouble(
                f"{path.name!r} has {size:,} bytes, and a workbook of more than {LARGEST:,} is not "
                "read. Delete from it what is not needed, or keep older years in another workbook."
            )
        return files.read(path)


def unlock(
    path: str | os.PathLike[str], *, files: FileOps = LOCAL, at: Here | None = None
) -> LockInfo | None:
    """Remove the refresh lock of a run that died, and tell whose it was; None if there is none.

    Raises InUse while that run is alive, as far as this machine can tell, and FileTrouble when the
    lock cannot be removed.
    """
    target = _real(path, files)
    with told(f"remove the refresh lock of {target.name!r}", "Nothing was changed."):
        return locks.unlock(target, files, at or here())


def _real(path: str | os.PathLike[str], files: FileOps) -> PurePath:
    with told(f"find {os.fspath(path)!r}", "Nothing was changed."):
        return files.real(path if isinstance(path, PurePath) else PurePath(path))


def _wait_for_turn(
    target: PurePath, files: FileOps, at: Here, wait: float, on_wait: OnWait | None
) -> tuple[RefreshLock, tuple[str, ...]]:
    for left in at.until(max(wait, _BRIEFLY)):
        try:
            return _take_turn(target, files, at)
        except InUse as in_use:
            if not left:
                raise
            if on_wait:
                on_wait(str(in_use), left)
    raise AssertionError("the last try either succeeds or raises")


def _take_turn(target: PurePath, files: FileOps, at: Here) -> tuple[RefreshLock, tuple[str, ...]]:
    name = target.name
    with told(f"find {name!r} in {str(target.parent)!r}", "Nothing was changed."):
        state = files.state(target)
    if state.read_only:
        raise FileTrouble(
            f"{name!r} is marked read-only. Take that mark off in its properties, then try again."
        )
    with told(f"lock {name!r} by a file in {str(target.parent)!r}", "Nothing was changed."):
        lock = locks.take_lock(target, files, at)
    try:
        with told(f"open {name!r} for writing", "Nothing was changed."):
            owner = owners.who_has(target, files)
        if owner is not None:
            raise InUse(_in_use(name, owner, files, at))
        return lock, tuple(_notes(target, lock, files, at))
    except BaseException:
        lock.release()
        raise


def _in_use(name: str, owner: Owner, files: FileOps, at: Here) -> str:
    sentence = f"{owner.sentence(at.now())} Have {name!r} closed, then try again."
    if owner.file and not files.sees_every_handle:
        return f"{sentence} If it is closed already, delete {owner.file!r} beside it."
    return sentence


def _notes(target: PurePath, lock: RefreshLock, files: FileOps, at: Here) -> Iterator[str]:
    if lock.left_by:
        yield f"Took over from a refresh that never ended: {lock.left_by.sentence(at.now())}."
    for owner in owners.owner_files(target, files):
        whose = f" of {owner.name}" if owner.name else ""
        yield f"Passed over a stale owner file{whose}: {owner.file!r}. Nobody has it open."
