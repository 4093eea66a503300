"""Folders of workbooks for a batch: sound ones, broken ones, and ones that harm their process.

A pipe in a workbook's place hangs whoever reads it, as a share that has gone silent does.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.support.small_council import council
from tests.support.small_file import save_as_xlsx

needs_pipes = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="needs pipes among files, and /proc"
)


def fill(folder: Path, count: int) -> list[Path]:
    """Put so many sound workbooks, all alike, into a folder and some below it."""
    paths = [folder / f"area {number % 5}" / f"KQIs {number:03}.xlsx" for number in range(count)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_sound())
    return paths


@functools.cache
def _sound() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save_as_xlsx(council(), Path(folder, "KQIs.xlsx")).read_bytes()


# ---- broken ones: each is a sound workbook with one thing wrong


def _text(path: Path) -> None:
    path.write_text("no workbook", encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9_000])


def _another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "not a workbook")


def _under_a_password(path: Path) -> None:
    stream = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + stream + bytes(1024))


def _flipped_bytes(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        info = max(archive.infolist(), key=lambda info: info.compress_size)
    content = bytearray(path.read_bytes())
    middle = info.header_offset + 60 + info.compress_size // 2
    content[middle : middle + 20] = bytes(20)
    path.write_bytes(content)


def _read_only(path: Path) -> None:
    path.chmod(0o444)


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "moved away.xlsx")


def _without_a_sheet(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["Measures"]
    book.save(path)


def _without_a_quarter(path: Path) -> None:
    lines = [line for line in council().lines["Settings"] if line["Setting"] != "Quarter"]
    save_as_xlsx(council(Settings=lines), path)


# What is wrong, and words of the reason that the batch gives.
BROKEN: Sequence[tuple[Callable[[Path], None], str]] = (
    (_text, "not an Excel workbook"),
    (_empty, "empty"),
    (_cut_short, "damaged"),
    (_another_zip, "not an Excel workbook"),
    (_under_a_password, "password"),
    (_flipped_bytes, "damaged"),
    (_read_only, "marked read-only"),
    (_dangling, "it is not there"),
    (_without_a_sheet, "Measures"),
    (_without_a_quarter, "does not say which quarter"),
)


# ---- ones that harm


def hangs(path: Path) -> None:
    """Make a workbook hang whoever reads it."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@contextlib.contextmanager
def kills(path: Path) -> Iterator[None]:
    """Make a workbook kill the process that reads it."""
    hangs(path)
    killer = threading.Thread(target=_kill_the_reader, args=(path,), daemon=True)
    killer.start()
    yield
    killer.join(30)


def _kill_the_reader(pipe: Path) -> None:
    with pipe.open("wb"):  # opens as soon as there is a reader
        for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
            if process != os.getpid() and pipe in _open_files(process):
                os.kill(process, signal.SIGKILL)


def _open_files(process: int) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for link in os.scandir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                yield Path(os.readlink(link))
