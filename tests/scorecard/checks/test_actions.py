"""Actions: when one is overdue, nobody's or without a date, and when not."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes, line, name
from tests.support.small_council import QUARTER


@pytest.mark.parametrize(
    ("due", "status", "today", "late"),
    [
        (dt.date(2014, 4, 10), "In progress", dt.date(2014, 4, 11), True),
        (dt.date(2014, 4, 10), "In progress", dt.date(2014, 4, 10), False),
        (dt.date(2014, 4, 10), "", dt.date(2014, 4, 11), True),
        (dt.date(2014, 4, 10), "Done", dt.date(2014, 4, 11), False),
        (dt.date(2014, 4, 10), "In progress", None, False),
        (dt.date(2014, 3, 30), "Not started", None, True),
        (dt.date(2014, 3, 31), "Not started", None, False),
        (dt.date(2014, 6, 29), "Not started", dt.date(2014, 6, 30), True),
        (dt.date(2014, 6, 29), "Not started", dt.date(2014, 7, 1), False),
        (dt.date(2014, 3, 30), "Not started", dt.date(2026, 1, 1), True),
    ],
)
def test_an_action_is_overdue_while_its_scorecard_is_the_latest(
    due: dt.date, status: str, today: dt.date | None, late: bool
) -> None:
    """Later than the quarter after it, it is held against its own quarter's last day again."""
    book = clean()
    book.lines["Actions"][0] |= {"Due": due, "Status": status}
    assert codes(refresh(book, today=today)) == ["overdue"] * late


@pytest.mark.parametrize(
    "columns",
    [
        {"Who": "A", "Due": dt.date(2014, 5, 1)},
        {"Who": None, "Due": None, "Status": "Done"},
        {"Who": None, "Due": None, "KQI": 7},
        {"Who": "All", "Due": "30 June 2014"},
        {"Who": None, "Due": None, "Quarter": QUARTER.previous.label},
    ],
    ids=["filled in", "done", "of a Green KQI", "a date as text", "of another quarter"],
)
def test_an_action_without_who_or_date_may_be_right(columns: dict[str, Value]) -> None:
    book = clean()
    for row in book.lines["PurpleBook"]:
        if row["Measure"] == name("7") and row["Month"] in QUARTER.months:
            row["Numerator"] = 95
    add(book, "Actions", line("3", Action="Hold reviews early.") | columns, "Action")
    assert not {"no-who", "no-due-date"} & set(codes(refresh(book)))


@pytest.mark.parametrize("who", ["tbc", "-", "N/A", "to be confirmed"])
def test_a_placeholder_is_nobody_to_do_it(who: str) -> None:
    book = clean()
    book.lines["Actions"][0]["Who"] = who
    (finding,) = refresh(book).findings
    assert (finding.code, finding.place.cell) == ("no-who", "D5")
    assert f"has nobody to do it (found '{who}'), and KQI 1 is Amber." in finding.what


def test_a_placeholder_is_no_action_whoever_does_it() -> None:
    book = clean()
    book.lines["Actions"][0] |= {"Action": "-", "Who": "-", "Due": None}
    (finding,) = refresh(book).findings
    assert (finding.code, finding.place.cell) == ("no-action", "C5")
    assert finding.what == "KQI 1 has no action for Q4 2013-14: found '-'."


def test_an_action_with_neither_is_two_things_to_put_right() -> None:
    book = clean()
    book.lines["Actions"][0] |= {"Who": None, "Due": None}
    places = {finding.code: finding.place.cell for finding in refresh(book).findings}
    assert places == {"no-who": "D5", "no-due-date": "E5"}
