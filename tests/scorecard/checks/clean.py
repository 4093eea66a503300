"""A clean workbook with something for every check to look at: seven KQIs, each with one measure,
a sample, a report, last quarter's commentary, and last quarter's figures in the History tab."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import Refreshed, refresh
from tests.support.memory_book import HEADER_ROW, Line, MemoryBook
from tests.support.small_council import PLANS, QUARTER, council, measure, months

SUBJECTS = {
    "1": "Strategy meetings",
    "2": "CP visits",
    "3": "Reviews",
    "4": "Conferences",
    "5": "Assessments",
    "6": "Health checks",
    "7": "Supervision",
}
SAMPLE = "Sample monthly check of 3 case files"
REPORT = "Report of the board"
ALTERNATING = [84, 86] * 12
"""Two teams: 508 of 600, 84.7%, last quarter; 512 of 600, 85.3%, this one. Amber, and Steady."""


def name(kqi: str) -> str:
    """The measure of a KQI."""
    return f"{SUBJECTS[kqi]} on time"


def line(kqi: str, **columns: Value) -> dict[str, Value]:
    """A row of this quarter on a KQI."""
    return {"Quarter": QUARTER.label, "KQI": int(kqi), **columns}


def clean() -> MemoryBook:
    """The workbook as it is after last quarter's refresh, without anything to put right."""
    return deepcopy(_clean())


@cache
def _clean() -> MemoryBook:
    last = QUARTER.previous.label
    plans = measure(PLANS, "1", Calculation="Count", Unit="plans", Period="End", Decimals=0)
    plans |= {"Good is": "Not judged", "Green from": None, "Amber from": None, "Key": "No"}
    said = {kqi: line(kqi, Point=f"{what} are steady.") for kqi, what in SUBJECTS.items()}
    book = council(
        KQIs=[{"KQI": int(kqi), "Title": what} for kqi, what in SUBJECTS.items()],
        Measures=[plans, *(measure(name(kqi), kqi) for kqi in SUBJECTS)],
        PurpleBook=[
            *months(PLANS, [70, 72] * 12, None),
            *(row for kqi in SUBJECTS for row in months(name(kqi), ALTERNATING, 100)),
        ],
        Evidence=[
            _evidence(1, SAMPLE, "File checks", "Case files", "Monthly"),
            _evidence(1, REPORT, "Reports", REPORT, "Quarterly"),
        ],
        FileChecks=[
            {
                "Month": month,
                "Check": "Case files",
                "File ref": f"F{file}",
                "Team": "North",
                "Criterion": "Plan on file",
                "Met": "Yes",
            }
            for month in QUARTER.months
            for file in (1, 2, 3)
        ],
        Reports=[
            {"Quarter": QUARTER.label, "Report": REPORT, "Presented": dt.date(2014, 3, 20)},
        ],
        Commentary=[
            *said.values(),
            *({**row, "Quarter": last, "Point": f"As to {kqi}."} for kqi, row in said.items()),
        ],
        Actions=[
            line(kqi, Action=f"Plan {what} ahead.", Who="ATMs", Due=dt.date(2014, 6, 30))
            for kqi, what in SUBJECTS.items()
        ],
    )
    refresh(book, QUARTER.previous)
    return book


def codes(done: Refreshed) -> list[str]:
    """The codes of what a refresh found, in the order of its findings."""
    return [finding.code for finding in done.findings]


def add(book: MemoryBook, table: str, row: Mapping[str, Any], column: str) -> str:
    """Add a row to a table; the address of its cell in a column."""
    book.lines[table].append(dict(row))
    return cell(book, table, len(book.lines[table]) - 1, column)


def find(book: MemoryBook, table: str, **wanted: Value) -> int:
    """The first row of a table with these values."""
    return next(
        i
        for i, row in enumerate(book.lines[table])
        if all(row.get(column) == value for column, value in wanted.items())
    )


def cell(book: MemoryBook, table: str, index: int, column: str) -> str:
    """Where a row's cell stands, as a finding's place says it."""
    letter = chr(ord("A") + book.headers[table].index(column))
    return f"{book.tables[table]} {letter}{HEADER_ROW + 1 + index}"


def _evidence(kqi: int, source: str, tab: str, picks: str, expected: str) -> Line:
    return {"KQI": kqi, "Source": source, "Expected": expected, "Tab": tab, "Filter value": picks}
