"""Days, months and quarters of data rows that can be right, and that cannot."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes
from tests.support.small_council import PLANS, QUARTER, measure


@pytest.mark.parametrize(
    ("month", "found"),
    [
        (dt.date(2041, 1, 1), True),
        (dt.date(2015, 3, 1), True),
        (dt.date(2014, 7, 1), True),
        (dt.date(1914, 1, 1), True),
        (dt.date(2011, 3, 1), True),
        # near misses
        (dt.date(2014, 4, 1), False),
        (dt.date(2014, 6, 1), False),
        (dt.date(2012, 3, 1), False),
        (dt.date(2011, 4, 1), False),
        (dt.date(2014, 6, 30), False),
    ],
)
def test_a_month_far_from_those_on_file_is_left_out(month: dt.date, found: bool) -> None:
    """On file are April 2012 to March 2014: a year back, and three months ahead, still join on."""
    book = clean()
    row = {"Month": month, "Team": "North", "Measure": PLANS, "Numerator": 70}
    add(book, "PurpleBook", row, "Month")
    assert codes(refresh(book)) == ["month-off-file"] * found


@pytest.mark.parametrize(
    ("quarter", "found"),
    [
        ("Q4 2014-15", True),
        ("Q2 2014-15", True),
        ("Q4 2010-11", True),
        ("Q4 2003-04", True),
        # near misses
        ("Q1 2014-15", False),
        ("Q1 2012-13", False),
        ("Q4 2011-12", False),
    ],
)
@pytest.mark.parametrize("table", ["Commentary", "Actions", "Judgements", "Reports"])
def test_a_quarter_far_from_those_on_file_is_named(table: str, quarter: str, found: bool) -> None:
    """On file are April 2012 to March 2014; words of the quarter after may be written early."""
    book = clean()
    row = {"Quarter": quarter, "KQI": 3, "Point": "On audits.", "Action": "Await audits."}
    place = add(book, table, row | {"RAG": "Red", "Report": "Of audits"}, "Quarter")
    findings = refresh(book).findings
    kqi = "" if table == "Reports" else "3"
    assert [(f.code, str(f.place), f.kqi) for f in findings] == [
        ("quarter-off-file", place, kqi)
    ] * found
    assert all(
        f"found {quarter}, expected a quarter from Q1 2012-13 to Q1 2014-15. " in finding.what
        for finding in findings
    )


def test_a_quarter_refreshed_again_knows_the_words_of_those_after_it() -> None:
    book = clean()
    assert "quarter-off-file" not in codes(refresh(book, QUARTER.plus(-4)))


ORDER = "dates-out-of-order"


@pytest.mark.parametrize(
    ("table", "days", "found"),
    [
        ("Court", {"Issued": (2014, 1, 10), "Final order": (2014, 1, 9)}, ORDER),
        ("Challenges", {"Raised": (2014, 1, 10), "Resolved": (2013, 1, 17)}, ORDER),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (2013, 1, 9)}, ORDER),
        (
            "Permanence",
            {"Entered care": (2013, 1, 10), "Placed": (2013, 1, 9)},
            ORDER,
        ),
        (
            "Permanence",
            {"Entered care": (2013, 1, 1), "Placed": (2013, 9, 2), "Adoption order": (2013, 9, 1)},
            ORDER,
        ),
        ("Permanence", {"Entered care": (1989, 12, 31)}, "unlikely-date"),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2015, 4, 1)}, "unlikely-date"),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (1914, 1, 10)}, "unlikely-date"),
        # near misses
        ("Court", {"Issued": (2014, 1, 10), "Final order": (2014, 1, 10)}, None),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (2013, 1, 10)}, None),
        ("Permanence", {"Entered care": (1990, 1, 1)}, None),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2015, 3, 31)}, None),
    ],
)
def test_days_follow_each_other_as_they_can(
    table: str, days: dict[str, tuple[int, int, int]], found: str | None
) -> None:
    book = clean()
    row: dict[str, Value] = {"Team": "North", "Staff ref": "S1", "Case ref": "A1"}
    row |= {"Child ref": "C1"} | {name: dt.date(*day) for name, day in days.items()}
    place = add(book, table, row, list(days)[-1])
    findings = refresh(book).findings
    assert [(f.code, str(f.place)) for f in findings] == ([(found, place)] if found else [])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Entered care", "Placement order"),
        ("Entered care", "Matched"),
        ("Entered care", "Adoption order"),
        ("Placement order", "Matched"),
        ("Placement order", "Adoption order"),
        ("Matched", "Adoption order"),
    ],
)
def test_a_childs_days_follow_each_other(first: str, then: str) -> None:
    book = clean()
    row: dict[str, Value] = {"Child ref": "C1", "Team": "North"}
    row |= {"Entered care": dt.date(2013, 1, 1), first: dt.date(2013, 6, 2)}
    add(book, "Permanence", row | {then: dt.date(2013, 6, 1)}, then)
    assert codes(refresh(book)) == [ORDER]


def test_a_day_of_another_century_is_named_with_those_expected() -> None:
    book = clean()
    days = {"Due": dt.date(2014, 1, 10), "Held": dt.date(1914, 1, 10)}
    add(book, "Supervision", {"Staff ref": "S1", "Team": "North"} | days, "Held")
    (finding,) = refresh(book).findings
    assert finding.what == (
        "Supervision, row 5, Held: found 10 January 1914, expected a day from 1990 to Mar 2015. "
        "The row was left out."
    )


@pytest.mark.parametrize(
    ("table", "days", "found"),
    [
        ("Supervision", {"Due": (2014, 3, 10), "Held": (2014, 3, 21)}, True),
        ("Challenges", {"Raised": (2014, 3, 21)}, True),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2014, 12, 9)}, True),
        ("Supervision", {"Due": (2014, 3, 21), "Held": (2014, 3, 20)}, False),
        ("Permanence", {"Entered care": (2013, 1, 1), "Assessment due": (2014, 12, 9)}, False),
    ],
)
def test_what_is_still_to_come_has_not_happened(
    table: str, days: dict[str, tuple[int, int, int]], found: bool
) -> None:
    book = clean()
    row: dict[str, Value] = {"Team": "North", "Staff ref": "S1", "Child ref": "C1"}
    row |= {name: dt.date(*day) for name, day in days.items()}
    place = add(book, table, row, list(days)[-1])
    findings = [f for f in refresh(book, today=dt.date(2014, 3, 20)).findings if "row" in f.what]
    assert [(f.code, str(f.place)) for f in findings] == [("unlikely-date", place)] * found
    assert all("which is still to come. The row was left out." in f.what for f in findings)


@pytest.mark.parametrize(
    ("table", "days", "says"),
    [
        (
            "PurpleBook",
            {"Month": (2014, 3, 1)},
            "found Mar 2014, which is still to come. The row was left out. "
            "Correct the month, or take the row out until then.",
        ),
        (
            "Challenges",
            {"Raised": (2014, 2, 21)},
            "found 21 February 2014, which is still to come. The row was left out. "
            "Correct the day, or take the row out until then.",
        ),
        (
            "Challenges",
            {"Raised": (2014, 2, 20), "Resolved": (2014, 2, 21)},
            "found 21 February 2014, which is still to come. The row was left out. "
            "Correct the day, or leave the cell blank until then.",
        ),
        ("PurpleBook", {"Month": (2014, 2, 1)}, ""),
    ],
)
def test_what_is_to_be_done_about_what_is_still_to_come_makes_the_finding_go(
    table: str, days: dict[str, tuple[int, int, int]], says: str
) -> None:
    """A cell that has to be filled would be a finding again, left blank."""
    book = clean()
    row: dict[str, Value] = {"Team": "North", "Measure": PLANS, "Robust": "Yes"}
    row |= {"Numerator": 8} | {name: dt.date(*day) for name, day in days.items()}
    place = add(book, table, row, list(days)[-1])
    told = [
        f"{f.what.partition(': ')[2]} {f.todo}"
        for f in refresh(book, today=dt.date(2014, 2, 20)).findings
        if str(f.place) == place
    ]
    assert told == [says] * bool(says)


def test_days_out_of_order_are_both_named() -> None:
    """The row is of no KQI, whichever measures take all rows of their tab."""
    book = clean()
    waits = measure("Waits", "2", Source="Permanence", Calculation="Days since placement order")
    add(book, "Measures", waits, "Measure")
    days = {"Issued": dt.date(2014, 9, 10), "Final order": dt.date(2014, 3, 10)}
    add(book, "Court", {"Case ref": "A1", "Team": "North"} | days, "Final order")
    (finding,) = (found for found in refresh(book).findings if found.code == ORDER)
    assert finding.kqi == ""
    assert finding.what == (
        "Court, row 5, Final order: found 10 March 2014, and Issued is 10 September 2014. "
        "The row was left out."
    )


def test_older_data_that_join_on_are_on_file_however_old() -> None:
    book = clean()
    for year in range(1996, 2012):
        row = {"Month": dt.date(year, 12, 1), "Team": "North", "Measure": PLANS, "Numerator": 70}
        add(book, "PurpleBook", row, "Month")
    assert codes(refresh(book)) == []


def test_an_earlier_quarter_refreshed_again_finds_later_data_on_file() -> None:
    book = clean()
    refresh(book)
    assert "month-off-file" not in codes(refresh(book, QUARTER.plus(-4)))
