"""The few file operations that sharing needs: one seam for a local disk, a share and a test.

Saving is only as safe as the disk lets it be, and disks differ: Windows and file servers refuse
to replace a file that somebody has open, POSIX does it without a word. Everything above this seam
is written against the strictest of them.
"""

from __future__ import annotations

import datetime as dt
import ntpath
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

# Win32 refuses longer paths unless they carry the prefix \\?\ ; a folder must leave room for an
# 8.3 name, hence 248 and not 260.
LONGEST_PLAIN_PATH = 247


class Busy(PermissionError):
    """Another handle is open on the file and stands in the way."""


class CannotTell(OSError):
    """The disk knows no locks, so whether somebody holds the file cannot be told."""


@dataclass(frozen=True)
class FileState:
    """When a file was last written (local time), whether it is marked read-only, and its bytes."""

    modified: dt.datetime
    read_only: bool
    size: int


class Held(Protocol):
    """A file that was created and is kept open, so that the system knows its maker to be alive."""

    def release(self) -> None:
        """Remove the file and let go of it; a file that is no longer ours is left alone."""


class FileOps(Protocol):
    """What a disk must do. Every operation raises OSError when it cannot be done."""

    @property
    def sees_every_handle(self) -> bool:
        """Whether it is certain that nobody, on any machine, has open what ``probe`` may open."""

    def real(self, path: PurePath) -> PurePath:
        """The absolute path, symbolic links followed; the file need not exist."""

    def state(self, path: PurePath) -> FileState:
        """How the file stands."""

    def names(self, folder: PurePath) -> list[str]:
        """The names in a folder, in any order; none if there is no such folder."""

    def read(self, path: PurePath) -> bytes:
        """All of the file, hindering nobody else. Busy if its owner lets nobody read."""

    def write_new(self, path: PurePath, data: bytes) -> None:
        """Create the file, which must not exist, readable by us alone, and force it to the disk."""

    def keep_look(self, source: PurePath, target: PurePath) -> None:
        """Give target the permissions and attributes of source, so far as we may."""

    def replace(self, source: PurePath, target: PurePath) -> None:
        """Rename source to target in one step, over whatever target was.

        Raises PermissionError when target is open: a refusal does not always say why.
        """

    def remove(self, path: PurePath) -> None:
        """Remove the file."""

    def make_folder(self, folder: PurePath) -> None:
        """Make the folder unless it is there; its parent must exist."""

    def sync_folder(self, folder: PurePath) -> None:
        """Force the folder's names to the disk where the system knows of such a thing."""

    def probe(self, path: PurePath) -> None:
        """Open the file for reading and writing with nobody beside us, and close it again.

        Raises Busy when somebody has it open, PermissionError when we may not write to it.
        """

    def read_alone(self, path: PurePath) -> bytes:
        """All of the file, opened as by ``probe``, so that nobody else has it at that moment."""

    def hold(self, path: PurePath, data: bytes) -> Held:
        """Create the file, which must not exist, fill it, and keep it open until released.

        While it is held ``remove_unheld`` raises Busy; once its process is dead, it no longer does.
        """

    def remove_unheld(self, path: PurePath) -> None:
        """Remove a file made by ``hold`` whose holder is gone.

        Raises Busy while the holder lives, CannotTell where the disk keeps no locks.
        """


def extended(path: str) -> str:
    r"""A Windows path that the system accepts at any length.

    Short paths come back as they are; long ones absolute and prefixed with ``\\?\`` or, for a
    share, ``\\?\UNC\``.
    """
    if path.startswith("\\\\?\\"):
        return path
    full = ntpath.abspath(path)
    if len(full) <= LONGEST_PLAIN_PATH:
        return path
    if full.startswith("\\\\"):
        return "\\\\?\\UNC\\" + full[2:]
    return "\\\\?\\" + full
