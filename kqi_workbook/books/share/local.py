"""File operations on a disk that this machine has mounted: what is common to every system."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path, PurePath

from kqi_workbook.books.share.files import Busy, FileOps, FileState, extended

# Written in pieces, so that an interrupt never waits for a slow share.
PIECE = 1 << 20

# Windows: sharing violation, lock violation. POSIX, on a mounted share: file busy.
_BUSY_WINDOWS = {32, 33}


class LocalFiles:
    """The part of FileOps that Python's own library does alike everywhere."""

    def real(self, path: PurePath) -> PurePath:
        return Path(os.path.realpath(path))

    def state(self, path: PurePath) -> FileState:
        found = os.stat(system_path(path))
        modified = dt.datetime.fromtimestamp(found.st_mtime)
        return FileState(modified, _is_read_only(found), found.st_size)

    def names(self, folder: PurePath) -> list[str]:
        try:
            return os.listdir(system_path(folder))
        except FileNotFoundError:
            return []

    def write_new(self, path: PurePath, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(system_path(path), flags, 0o600)
        with open(descriptor, "wb", buffering=0) as file:
            write_all(file.fileno(), data)
            os.fsync(file.fileno())

    def replace(self, source: PurePath, target: PurePath) -> None:
        with busy_named(target):
            os.replace(system_path(source), system_path(target))

    def remove(self, path: PurePath) -> None:
        with busy_named(path):
            os.remove(system_path(path))

    def make_folder(self, folder: PurePath) -> None:
        with contextlib.suppress(FileExistsError):
            os.mkdir(system_path(folder))


def system_path(path: PurePath) -> str:
    """The path in the form that this system's calls accept at any length."""
    return extended(str(path)) if sys.platform == "win32" else str(path)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of data; the system may take less at a time than it is given."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left[:PIECE]) :]


@contextlib.contextmanager
def busy_named(path: PurePath) -> Iterator[None]:
    """Turn the system's several ways of saying "open elsewhere" into Busy."""
    try:
        yield
    except OSError as error:
        busy_here = error.errno in {errno.EBUSY, errno.ETXTBSY}
        if busy_here or getattr(error, "winerror", None) in _BUSY_WINDOWS:
            raise Busy(error.errno, error.strerror, str(path)) from error
        raise


def _is_read_only(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        return bool(found.st_file_attributes & stat.FILE_ATTRIBUTE_READONLY)
    return not found.st_mode & 0o222


def this_system() -> FileOps:
    """The file operations of the system that we run on."""
    if sys.platform == "win32":
        from kqi_workbook.books.share.windows import WindowsFiles

        return WindowsFiles()
    else:
        from kqi_workbook.books.share.posix import PosixFiles

        return PosixFiles()
