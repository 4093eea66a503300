"""How a batch gains from a second process, and whether its memory stays flat.

    python -m tests.bench.bench_batch

Two jobs should take at most 1/1.7 of the time that one takes, and 200 workbooks at most 1.2 times
the memory of 20. It needs two free processors to say anything about the first, and Linux or macOS.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from kqi_workbook.books.book import AddRows
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.files import example_workbook

ROWS = 10_000
TURNS = 3  # the best of which counts: other work on the machine only ever slows one down


def workbook(folder: Path) -> Path:
    """The example, its Supervision tab grown to so many rows by copies of what is there."""
    path = example_workbook(folder)
    book = FileBook(path.read_bytes(), path.name)
    (cells,) = book.read(["Supervision"]).values()
    there = list(zip(*cells.columns.values(), strict=True))
    more = [
        (f"{staff}-{number}", *rest)
        for number, (staff, *rest) in zip(range(ROWS - len(there)), cycle(there), strict=False)
    ]
    book.write([AddRows("Supervision", tuple(cells.columns), tuple(more))])
    with path.open("wb") as file:
        book.save(file)
    return path


def copies(original: Path, count: int) -> Path:
    folder = Path(tempfile.mkdtemp(dir=original.parent))
    for number in range(count):
        shutil.copyfile(original, folder / f"KQIs {number}.xlsx")
    return folder


def batch(folder: Path, jobs: int) -> tuple[float, int]:
    """Seconds that a batch takes, and the peak of memory in its largest process, in KiB."""
    command = [sys.executable, "-m", "kqi_workbook", "batch", str(folder), "--jobs", str(jobs)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, "not every workbook was refreshed"
    return time.monotonic() - started, used.ru_maxrss


def speed(original: Path) -> None:
    taken: dict[int, list[float]] = {1: [], 2: []}
    for jobs in (1, 2) * TURNS:
        taken[jobs].append(batch(copies(original, 40), jobs)[0])
    one, two = min(taken[1]), min(taken[2])
    print(f"40 workbooks of {ROWS:,} rows: {one:.1f} s with one job, {two:.1f} s with two")
    print(f"two jobs are {one / two:.2f} times as fast (wanted: 1.7)", flush=True)


def memory(original: Path) -> None:
    few, many = (batch(copies(original, count), 2)[1] for count in (20, 200))
    print(f"peak memory of a process: {few:,} KiB over 20 workbooks, {many:,} over 200")
    print(f"{many / few:.2f} times as much (wanted: at most 1.2)", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        original = workbook(Path(folder))
        speed(original)
        memory(original)


if __name__ == "__main__":
    main()
