"""What the tests of sharing are made of: small workbooks, a clock that waits for nobody, faults."""

from __future__ import annotations

import datetime as dt
import functools
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from kqi_workbook.books.share import BACKUP_FOLDER, LOCAL, FileOps, Held, Here, refreshing

NINE_TWELVE = dt.datetime(2014, 4, 3, 9, 12, 5)
NAME = "KQIs.xlsx"


def workbook(mark: str, size: int = 3000) -> bytes:
    """A zip file, as a workbook is one, that differs from all others by its mark."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mark.txt"), mark)  # undated, so that it is always equal
        archive.writestr(zipfile.ZipInfo("ballast.bin"), random.Random(mark).randbytes(size))
    return made.getvalue()


OLD, NEW, NEXT, THEIRS = map(workbook, ("old", "new", "next", "theirs"))
KEPT = 3
"""Backups, where a test does not say how many."""
BESIDE = "KQIs (refreshed 2014-04-03 091205).xlsx"
FIFTEEN_SECONDS_LATER = BESIDE.replace("091205", "091220")
"""The names of what could not take the workbook's place."""


def writing(content: bytes) -> Callable[[BinaryIO], None]:
    """What a caller hands to ``save`` to write this content."""

    def write(file: BinaryIO) -> None:
        file.write(content)

    return write


def accept(file: BinaryIO) -> None:
    """A check that is content with any zip file that has a mark."""
    with zipfile.ZipFile(file) as archive:
        assert archive.read("mark.txt")


@dataclass
class Clock:
    """Time passes only when somebody sleeps."""

    start: dt.datetime = NINE_TWELVE
    slept: float = 0.0

    def now(self) -> dt.datetime:
        return self.start + dt.timedelta(seconds=self.slept)

    def ticks(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


def person(
    who: str = "ann", machine: str = "PC-7", process: int = 4711, clock: Clock | None = None
) -> Here:
    """Somebody at work at 09:12 on 3 April 2014."""
    clock = clock or Clock()
    return Here(who, machine, process, clock.now, clock.ticks, clock.sleep)


def refresh(
    path: PurePath,
    content: bytes = NEW,
    files: FileOps = LOCAL,
    at: Here | None = None,
    keep: int = KEPT,
) -> None:
    """A turn at a workbook that saves new content."""
    with refreshing(path, files=files, at=at or person()) as turn:
        turn.save(writing(content), accept, keep_backups=keep)


def excel_owner_file(name: str, code_page: str = "cp1252") -> bytes:
    """The 165 bytes that Excel leaves beside a workbook that it has open."""
    narrow = name.encode(code_page, errors="replace")
    data = bytearray(b" " * 165)
    data[0] = len(narrow)
    data[1 : 1 + len(narrow)] = narrow
    data[55:57] = len(name).to_bytes(2, "little")
    wide = name.encode("utf-16-le")
    data[57 : 57 + len(wide)] = wide
    for index in range(57 + len(wide), 165, 2):
        data[index : index + 2] = b" \0"[: 165 - index]
    return bytes(data[:165])


def litter(folder: Path, name: str = NAME) -> set[str]:
    """What lies in the folder and its backups that is neither the workbook nor a dated backup."""
    stem, suffix = re.escape(Path(name).stem), re.escape(Path(name).suffix)
    backup = re.compile(stem + r" \d{4}-\d\d-\d\d \d{6}( \(\d+\))?" + suffix)
    beside = {path.name for path in folder.iterdir()} - {name, BACKUP_FOLDER}
    return beside | {n for n in backups(folder) if not backup.fullmatch(n)}


def backups(folder: Path) -> list[str]:
    """The names in the backup folder, sorted."""
    inner = folder / BACKUP_FOLDER
    return sorted(path.name for path in inner.iterdir()) if inner.exists() else []


def refreshed_before(folder: Path, times: int) -> Path:
    """A new folder with an old workbook in it, and a backup for each time that it was refreshed."""
    folder.mkdir()
    path = folder / NAME
    path.write_bytes(OLD)
    if times:
        (folder / BACKUP_FOLDER).mkdir()
    for day in range(1, times + 1):
        backup = folder / BACKUP_FOLDER / f"KQIs 2014-03-{day:02} 091205.xlsx"
        backup.write_bytes(workbook(f"before {day}"))
    return path


Step = Callable[[int, str, str], None]
"""Told of each file operation: its number from 0, its name, and "before", "halfway" or "after"."""


@dataclass
class Stepped:
    """File operations that call ``step`` around each of them, which may then strike."""

    files: FileOps
    step: Step
    count: int = field(default=0)

    @property
    def ops(self) -> FileOps:
        return cast(FileOps, self)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.files, name)
        return functools.partial(self._run, name, found) if callable(found) else found

    def _run(self, name: str, operation: Callable[..., Any], *given: Any) -> Any:
        number, self.count = self.count, self.count + 1
        self.step(number, name, "before")
        if name == "write_new":
            self._halfway(number, *given)
        result = operation(*given)
        self.step(number, name, "after")
        return _SteppedHold(result, self) if name == "hold" else result

    def _halfway(self, number: int, path: PurePath, data: bytes) -> None:
        """Let half the file lie there, as a disk that fills up or a killed process leaves it."""
        self.files.write_new(path, data[: len(data) // 2])
        self.step(number, "write_new", "halfway")
        self.files.remove(path)


@dataclass(frozen=True)
class _SteppedHold:
    held: Held
    stepped: Stepped

    def release(self) -> None:
        self.stepped._run("release", self.held.release)
