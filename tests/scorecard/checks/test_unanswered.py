"""Questions left open: how many rows of the quarter a measure goes without, whatever it asks."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.calculations import CALCULATIONS
from tests.scorecard.checks.clean import add, clean
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER, measure

JAN, FEB, _ = QUARTER.months
ASK = [name for name, calculation in CALCULATIONS.items() if calculation.question]
ENTERED: dict[dt.date, dt.date] = {JAN: dt.date(2013, 9, 30), FEB: dt.date(2013, 10, 1)}
"""When a child entered care whose second review falls due in a month."""


def told(book: MemoryBook, today: dt.date | None = None) -> list[str]:
    found = refresh(book, today=today).findings
    return [finding.what for finding in found if finding.code == "unanswered"]


def asking(calculation: str, *months: dt.date) -> MemoryBook:
    """A blank in each month, beside a row that says Yes."""
    book, way = clean(), CALCULATIONS[calculation]
    asks = measure("Asked", "7", Source=way.table.sheet, Calculation=calculation)
    add(book, "Measures", asks, "Measure")
    for i, month in enumerate(months):
        row: dict[str, Value] = {"Team": "North", "KQI": 7, "Audit": "Audit", "Grade": "Good"}
        row |= {"Staff ref": f"S{i}", "Child ref": f"C{i}", "Plan SMART": "Yes", "Held": month}
        row |= {"Date": month, "Raised": month, "Due": month, "Entered care": ENTERED[month]}
        book.lines[way.table.name] += [
            {**row, "Staff ref": f"T{i}", "Child ref": f"D{i}", way.question: "Yes"},
            row,
        ]
    return book


@pytest.mark.parametrize("calculation", ASK)
def test_a_measure_says_how_many_rows_leave_its_question_open(calculation: str) -> None:
    way = CALCULATIONS[calculation]
    assert told(asking(calculation, JAN, FEB)) == [
        f"{way.table.sheet}: {way.question} is blank in 2 rows of Q4 2013-14, which 'Asked' does "
        "not count."
    ]


@pytest.mark.parametrize("calculation", ASK)
def test_what_is_not_over_may_be_answered_yet(calculation: str) -> None:
    book = asking(calculation, FEB)
    assert told(book, dt.date(2014, 2, 27)) == []
    (what,) = told(book, dt.date(2014, 2, 28))
    assert "is blank in 1 row of" in what


def test_a_measure_is_asked_though_those_before_it_are_answered_or_without_a_tab() -> None:
    book = asking("Reflective", JAN)
    book.lines["Measures"][:0] = [
        measure(name, "7", Source=CALCULATIONS[name].table.sheet, Calculation=name)
        for name in ("Robust challenges", "Parents know what to do")
    ]
    answered: dict[str, Value] = {"Date": JAN, "Team": "North", "Plan SMART": "Yes"}
    book.lines["CoreGroups"] = [answered | {"Parents know what to do": "Yes"}]
    del book.lines["Challenges"]
    (what,) = told(book)
    assert what.startswith("Supervision: Reflective is blank in 1 row of")


def test_only_a_column_of_yes_and_no_is_asked() -> None:
    for calculation in map(CALCULATIONS.__getitem__, ASK):
        column = calculation.table.column(calculation.question)
        assert (column.kind.name, column.required) == ("YES_NO", False)
