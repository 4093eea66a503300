"""Months and teams of the tabs kept record by record: when their absence is told, and when not."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.checks.records import FEWEST
from tests.scorecard.checks.clean import add, clean
from tests.scorecard.checks.near.records import HELD, Rows, supervised
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, QUARTER, measure

JAN, FEB, MAR = QUARTER.months


def book_of(rows: Rows) -> MemoryBook:
    book = clean()
    supervised(rows)(book)
    return book


def told(book: MemoryBook, today: dt.date | None = None) -> list[str]:
    found = refresh(book, today=today).findings
    return [finding.what for finding in found if finding.code == "records-missing"]


def test_a_month_and_a_team_without_rows_are_one_finding() -> None:
    def rows(team: str, month: dt.date) -> int:
        return 0 if month == MAR or (team == "South" and month in QUARTER) else FEWEST

    book = book_of(rows)
    add(book, "Measures", measure("Held 2", "6", Source="Supervision", Calculation="Held"), "KQI")
    (finding,) = refresh(book).findings
    assert finding.what == (
        "Supervision has no rows for Mar 2014; South in Q4 2013-14, and never had fewer than 5 in "
        f"the year before. '{HELD}' and 1 more measure are worked out from the other rows."
    )
    assert (finding.place.sheet, finding.kqi) == ("Measures", "7, 6")


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        (lambda team, month: FEWEST * (month != FEB), "Feb 2014"),
        (lambda team, month: FEWEST * (month not in (JAN, MAR)), "Jan 2014; Mar 2014"),
        (lambda team, month: FEWEST * (team == "North" or month < JAN), "South in Q4 2013-14"),
        (
            lambda team, month: FEWEST * (team == "North" or (month < JAN and month.month % 3 > 1)),
            "South in Q4 2013-14",
        ),
    ],
)
def test_what_the_year_before_makes_likely_is_expected(rows: Rows, lacks: str) -> None:
    (what,) = told(book_of(rows))
    assert f"has no rows for {lacks}, and" in what


@pytest.mark.parametrize(
    ("today", "lacks"),
    [
        (dt.date(2014, 2, 27), []),
        (dt.date(2014, 2, 28), ["Feb 2014"]),
        (dt.date(2014, 3, 30), ["Feb 2014"]),
        (dt.date(2014, 3, 31), ["Feb 2014; Mar 2014; South in Q4 2013-14"]),
        (None, ["Feb 2014; Mar 2014; South in Q4 2013-14"]),
    ],
)
def test_what_is_not_over_lacks_nothing(today: dt.date | None, lacks: list[str]) -> None:
    book = book_of(lambda team, month: FEWEST * (month < JAN or (team, month) == ("North", JAN)))
    found = told(book, today)
    assert [what.split("no rows for ")[1].split(", and")[0] for what in found] == lacks


@pytest.mark.parametrize(
    ("expected", "code"), [("Monthly", "no-evidence"), ("Quarterly", "records-missing")]
)
def test_a_month_of_a_monthly_source_is_told_once(expected: str, code: str) -> None:
    book = book_of(lambda team, month: FEWEST * (month != FEB))
    row: dict[str, Value] = {"KQI": 7, "Source": "Supervision records", "Tab": "Supervision"}
    add(book, "Evidence", row | {"Expected": expected}, "Source")
    assert [finding.code for finding in refresh(book).findings] == [code]


def test_a_month_that_another_source_lacks_too_is_told() -> None:
    book = clean()
    source: dict[str, Value] = {"KQI": 7, "Tab": "Audits"}
    routine = source | {"Source": "Routine", "Filter value": "Routine", "Expected": "Quarterly"}
    peer = source | {"Source": "Peer", "Filter value": "Peer", "Expected": "Monthly"}
    book.lines["Evidence"] += [routine, peer]
    good = measure("Audits good", "7", Source="Routine", Calculation="Graded good or better")
    add(book, "Measures", good, "Measure")
    audit: dict[str, Value] = {"Team": "North", "KQI": 7, "Grade": "Good"}
    book.lines["Audits"] = [
        audit | {"Date": month, "Audit": name, "Case ref": f"{name} {i}"}
        for month in MONTHS
        if month != MAR
        for name, count in (("Routine", FEWEST), ("Peer", 1))
        for i in range(count)
    ]
    (what,) = told(book)
    assert what.startswith("Audits has no rows of 'Routine' for Mar 2014, and")


@pytest.mark.parametrize(
    "table", [layout.COURT, layout.CHALLENGES, layout.CORE_GROUPS, layout.FILE_CHECKS]
)
def test_every_tab_of_records_has_months_of_its_own(table: layout.Table) -> None:
    """Those of the quarter after may be there already."""
    book = clean()
    book.lines["Evidence"].clear()
    name = next(name for name, way in CALCULATIONS.items() if way.table is table)
    add(book, "Measures", measure("New", "7", Source=table.sheet, Calculation=name), "Measure")
    answers: dict[str, Value] = dict.fromkeys(("Robust", "Plan SMART", "Met"), "Yes")
    answers |= {"Team": "South", "Check": "Of files", "Criterion": "Voice"}
    book.lines[table.name] = [
        {**answers, "Issued": month, table.dated: month, "Case ref": ref, "File ref": ref}
        for month in (*MONTHS, QUARTER.next.start)
        if month != MAR
        for ref in (f"{month} {i}" for i in range(FEWEST))
    ]
    (what,) = told(book)
    assert what.startswith(f"{table.sheet} has no rows for Mar 2014, and")


def test_a_survey_has_months_and_no_teams() -> None:
    book = clean()
    answers = measure("Answers positive", "7", Source="Surveys", Calculation="Answers positive")
    add(book, "Measures", answers, "Measure")
    book.lines["Surveys"] += [
        {"Month": month, "Survey": "Poll", "Question": f"Q{i}", "Positive": 9, "Responses": 10}
        for month in MONTHS
        if month != JAN
        for i in range(FEWEST)
    ]
    assert len(told(book)) == 1
