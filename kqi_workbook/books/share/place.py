"""A workbook under its refresh lock, and the names of the files that we put beside it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from pathlib import PurePath, PureWindowsPath

from kqi_workbook.books.share.files import FileOps
from kqi_workbook.books.share.here import Here
from kqi_workbook.books.share.lock import RefreshLock

BACKUP_FOLDER = "KQI backups"

STAMP = "%Y-%m-%d %H%M%S"
STAMPED = r" \d{4}-\d\d-\d\d \d{6}(?: \((\d+)\))?"
_TEMPORARY = r"\.[0-9a-f]{8}\.kqi-tmp"
# Owner files, files in the making, locks, and what a Mac puts beside a file on a share ("._name").
_NO_WORKBOOK = re.compile(r"~\$.*|\.~lock\..*#|.*\.kqi-(?:tmp|lock)|\._.*", re.DOTALL)
_KEPT_BESIDE = re.compile(r".* \(refreshed" + STAMPED + r"\)\.[^.]*", re.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where the workbook is, how it is reached, and the lock that makes it ours for now."""

    path: PurePath
    files: FileOps
    at: Here
    lock: RefreshLock

    @property
    def temporary(self) -> str:
        """The name of a file in the making; it carries our lock's token, so it is ours alone."""
        return temporary_name(self.path.name, self.lock.token)

    @property
    def stamp(self) -> str:
        """This moment as it stands in the names of copies."""
        return self.at.now().strftime(STAMP)

    def free(self, folder: PurePath, start: str, end: str) -> PurePath:
        """A path in folder that comes after those there are: start + end, then " (2)" between."""
        alike = re.compile(
            re.escape(start) + r"(?: \((\d+)\))?" + re.escape(end), re.IGNORECASE
        ).fullmatch
        numbers = [int(found[1] or 1) for found in map(alike, self.files.names(folder)) if found]
        number = f" ({max(numbers) + 1})" if numbers else ""
        return folder / f"{start}{number}{end}"

    def discard(self, path: PurePath) -> None:
        """Remove a file of ours if it is there; what cannot go now, the next run cleans up."""
        with contextlib.suppress(OSError):
            self.files.remove(path)

    def named(self, pattern: str, folder: PurePath) -> list[str]:
        """The names in folder that match, letter case as the system of the path sees it."""
        windows = isinstance(self.path, PureWindowsPath)
        matches = re.compile(pattern, re.IGNORECASE if windows else re.RegexFlag(0)).fullmatch
        return [name for name in self.files.names(folder) if matches(name)]


def temporary_name(name: str, token: str) -> str:
    """The name of a file in the making, by that of the workbook that it will be."""
    return f"{name}.{token}.kqi-tmp"


def clean_up(place: Place) -> None:
    """Remove what a killed refresh of this workbook left; our lock says that none is alive."""
    for folder in (place.path.parent, place.path.parent / BACKUP_FOLDER):
        with contextlib.suppress(OSError):
            for name in place.named(re.escape(place.path.name) + _TEMPORARY, folder):
                place.discard(folder / name)


def is_by_product(path: PurePath) -> bool:
    """Whether a file is a backup, a copy kept beside, a lock or litter, not a workbook of its own.

    For whoever goes through a folder of workbooks.
    """
    return (
        path.parent.name == BACKUP_FOLDER
        or _NO_WORKBOOK.fullmatch(path.name) is not None
        or _KEPT_BESIDE.fullmatch(path.name) is not None
    )
