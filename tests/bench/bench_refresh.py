"""How long a refresh takes beside what else reads or writes a workbook, in ratios of one run.

    python -m tests.bench.bench_refresh [ROWS ...]

For each number of rows (by default 1,000 to 500,000) the example is made twice: with that many in
its Supervision tab, which has 5 columns, and in Permanence, which has 12. Then: the floor (the same
parts unpacked and searched), a refresh, openpyxl's load and save, pandas.read_excel with openpyxl
and with calamine, and LibreOffice's conversion. Each runs in a process of its own; its imports are
timed apart and left out. The last line sets the whole command on the example, cold, beside
``import pandas``.

Seconds are of the processor, so that what else a machine does counts little; the best of three
runs, where those are short. Linux alone: it is where the peak of memory is read from.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.files import example_workbook
from kqi_workbook.making.example import example
from kqi_workbook.making.figures import TEAMS
from kqi_workbook.making.template import make_workbook

ROWS = (1_000, 10_000, 100_000, 500_000)
SLOW_ABOVE = 100_000  # rows beyond which openpyxl and LibreOffice take minutes
COLD_RUNS = 9
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
RUNS = 3
DUE = tuple(dt.date(2012, 4, 2) + dt.timedelta(days=3 * i) for i in range(240))

FLOOR = """
import re, zipfile
with zipfile.ZipFile(path) as archive:
    for name in archive.namelist():
        if name.startswith('xl/worksheets/sheet') or name == 'xl/sharedStrings.xml':
            data = archive.read(name)
            len(re.findall(rb't="e"', data)), data.rfind(b'<row ')
"""
REFRESH = (
    "import kqi_workbook.files as files, kqi_workbook.books.ooxml.table",  # the latter, when needed
    "files.refresh(path)",
)
OPENPYXL = ("import openpyxl", "openpyxl.load_workbook(path).save(path + '.saved.xlsx')")
READ = "pandas.read_excel(path, sheet_name='{}', header=3, engine='{}')"

TIMED = """
import json, sys, time
path = sys.argv[1]
{imports}
def peak():  # in KiB; what getrusage says begins with the parent's
    with open('/proc/self/status') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
before, started = peak(), time.process_time()
{work}
print(json.dumps([time.process_time() - started, (peak() - before) / 1024]))
"""


def supervision(count: int) -> Iterator[tuple[Value, ...]]:
    """So many supervisions of the two years to March 2014, no two of one person on one day."""
    people = count // len(DUE) + 1
    for day in DUE:
        for person in range(people):
            late = (person * 7 + day.day) % 6 == 0
            held = day + dt.timedelta(days=3 if late else -1)
            yield f"S{person:05}", TEAMS[person % len(TEAMS)], day, held, "Yes" if late else "No"


def permanence(count: int) -> Iterator[tuple[Value, ...]]:
    """So many children with a permanence plan, who entered care in the two years to March 2014."""
    for child in range(count):
        entered = DUE[child % len(DUE)]
        steps = (90, 200, 230, None if child % 3 else 500, 120, 118 if child % 5 else 130)
        days = (None if s is None else entered + dt.timedelta(days=s + child % 37) for s in steps)
        voices = f"Said thing {child % 400}." if child % 2 else None, f"Said {child % 300}."
        recorded = "Yes" if child % 7 else "No"
        yield f"C{child:06}", TEAMS[child % len(TEAMS)], entered, *days, recorded, *voices


TABS = {layout.SUPERVISION: supervision, layout.PERMANENCE: permanence}


def workbook(rows: int, folder: Path, tab: layout.Table) -> Path:
    """The example with so many rows in one of its tabs, as Excel would have saved it."""
    filling = example()
    tables = {**filling.tables, tab.name: tuple(islice(TABS[tab](rows), rows))}
    path = folder / f"{rows} {tab.name}.xlsx"
    path.write_bytes(make_workbook(replace(filling, tables=tables)))
    return path


def timed(imports: str, work: str, path: Path, runs: int = 1) -> tuple[float, float]:
    """Seconds and MiB that the work takes on a copy of the file, imports left out."""
    return min(_timed_once(imports, work, path) for _ in range(runs))


def _timed_once(imports: str, work: str, path: Path) -> tuple[float, float]:
    copy = shutil.copyfile(path, path.with_stem(f"{path.stem} copy"))
    code = TIMED.format(imports=imports, work=work)
    ran = subprocess.run(
        [sys.executable, "-c", code, str(copy)],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    seconds, memory = json.loads(ran.stdout.splitlines()[-1])
    return seconds, memory


def libreoffice(path: Path) -> float:
    soffice = shutil.which("soffice")
    if soffice is None:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        return _seconds(
            [
                soffice,
                f"-env:UserInstallation=file://{folder}/profile",
                *("--headless", "--convert-to", "xlsx", "--outdir", folder, str(path)),
            ],
        )


def _seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True, timeout=900, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(command: list[str], prepare: Callable[[], object] = lambda: None) -> float:
    """Median seconds of a whole command, whose modules have been compiled by a run before."""
    found = []
    for _ in range(COLD_RUNS + 1):
        prepare()
        found.append(_seconds([sys.executable, *command]))
    return statistics.median(found[1:])


def compared(path: Path, tab: layout.Table, rows: int) -> str:
    """A line of the table: how long a refresh takes, and what else takes in refreshes."""
    floor, _ = timed("", FLOOR, path, RUNS)
    ours, memory = timed(*REFRESH, path, RUNS)
    openpyxl = pandas = office = float("nan")
    if rows <= SLOW_ABOVE:
        openpyxl = timed(*OPENPYXL, path)[0]
        pandas = timed("import pandas, openpyxl", READ.format(tab.sheet, "openpyxl"), path)[0]
        office = libreoffice(path)
    read_by = "import pandas, python_calamine", READ.format(tab.sheet, "calamine")
    calamine, _ = timed(*read_by, path)
    ratios = "".join(f"{other / ours:12.1f}" for other in (openpyxl, pandas, calamine, office))
    columns = len(tab.columns)
    return f"{rows:7,} x {columns:2}  {ours:6.2f}s {memory:4.0f}  {ours / floor:6.1f}{ratios}"


def main() -> None:
    """Print a line a number of rows and a tab, then the cold start."""
    wanted = tuple(int(arg) for arg in sys.argv[1:]) or ROWS
    print("rows x columns  refresh  MiB  /floor   openpyxl/ read_excel/   calamine/ LibreOffice/")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in wanted:
            for tab in TABS:
                print(compared(workbook(rows, folder, tab), tab, rows), flush=True)
        shipped = example_workbook(folder)
        fresh = shipped.with_stem("fresh")
        refresh = cold(
            ["-m", "kqi_workbook", "refresh", str(fresh)], lambda: shutil.copyfile(shipped, fresh)
        )
        pandas = cold(["-c", "import pandas"])
        print(f"kqi refresh of the example, cold: {refresh / pandas:.1f} times `import pandas`")


if __name__ == "__main__":
    main()
