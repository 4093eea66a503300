"""File operations on Linux and macOS.

These systems replace a file that somebody has open without a word, and a mounted share may hide
what other machines hold: a probe that finds nothing proves nothing. Owner files are then believed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import PurePath

from kqi_workbook.books.share.files import Busy, CannotTell, Held
from kqi_workbook.books.share.local import LocalFiles, busy_named, write_all

assert sys.platform != "win32"


@dataclass(frozen=True)
class _PosixHeld:
    path: PurePath
    descriptor: int

    def release(self) -> None:
        try:
            if _is_at(self.descriptor, self.path):
                os.remove(self.path)
        finally:
            os.close(self.descriptor)


class PosixFiles(LocalFiles):
    """FileOps on a POSIX system."""

    sees_every_handle = False

    def read(self, path: PurePath) -> bytes:
        with busy_named(path), open(path, "rb") as file:
            return file.read()

    def keep_look(self, source: PurePath, target: PurePath) -> None:
        old, new = os.stat(source), os.stat(target)
        # The group first: only root may give a file away, but a member may pass on their group.
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with contextlib.suppress(PermissionError):
                os.chown(target, owner, group)
        with contextlib.suppress(PermissionError):  # a mounted share may call every file another's
            shutil.copystat(source, target)  # the mode, and with it lists of access
            os.utime(target, ns=(new.st_atime_ns, new.st_mtime_ns))

    def sync_folder(self, folder: PurePath) -> None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:  # what network disks say who know of no such thing
                raise
        finally:
            os.close(descriptor)

    def probe(self, path: PurePath) -> None:
        with busy_named(path), open(path, "r+b"):
            pass

    def read_alone(self, path: PurePath) -> bytes:
        with busy_named(path), open(path, "r+b") as file:
            return file.read()

    def hold(self, path: PurePath, data: bytes) -> Held:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        try:
            _lock(descriptor, path)
        except Busy as error:
            # Somebody took our newborn file for a dead run's, and is about to remove it.
            os.close(descriptor)
            raise FileExistsError(error.errno, error.strerror, str(path)) from error
        except CannotTell:
            pass  # exclusive creation is enough to keep others out
        held = _PosixHeld(path, descriptor)
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
            if not _is_at(descriptor, path):
                raise FileExistsError(f"{path} was taken over")
        except BaseException:
            held.release()
            raise
        return held

    def remove_unheld(self, path: PurePath) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            _lock(descriptor, path)
            # Under the lock nobody else removes this file, so what is checked stays true.
            if _is_at(descriptor, path):
                os.remove(path)
        finally:
            os.close(descriptor)


def _lock(descriptor: int, path: PurePath) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy(error.errno, error.strerror, str(path)) from error
    except OSError as error:
        raise CannotTell(error.errno, error.strerror, str(path)) from error


def _is_at(descriptor: int, path: PurePath) -> bool:
    """Whether the open file still goes by this path, and is not another that took its place."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
