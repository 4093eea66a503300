"""Figures of earlier quarters that are no longer what their refresh saw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes, find, name
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, PLANS, QUARTER, measure, months


def change(month: dt.date, **columns: Value) -> Callable[[MemoryBook], None]:
    def plant(book: MemoryBook) -> None:
        rows = book.lines["PurpleBook"]
        rows[find(book, "PurpleBook", Month=month, Measure=name("7"))] |= columns

    return plant


def test_a_restatement_gives_the_old_and_the_new_value() -> None:
    """508 of 600 when last refreshed; one row of October goes from 84 to 90."""
    book = clean()
    change(QUARTER.previous.months[0], Numerator=90)(book)
    (finding,) = refresh(book).findings
    assert finding.what == (
        f"'{name('7')}' for Q3 2013-14 was 84.7% (508 of 600) when that quarter was last "
        "refreshed, and is 85.7% (514 of 600) now."
    )
    assert finding.kqi == "7"


def test_a_count_that_is_restated_is_told_as_it_is_shown() -> None:
    book = clean()
    month = QUARTER.previous.months[-1]
    book.lines["PurpleBook"][find(book, "PurpleBook", Month=month, Measure=PLANS)]["Numerator"] = 90
    (finding,) = refresh(book).findings
    assert finding.what == (
        f"'{PLANS}' for Q3 2013-14 was 140 plans when that quarter was last refreshed, and is "
        "160 plans now."
    )


def test_data_that_came_late_restate_what_had_no_value() -> None:
    book = clean()
    history = find(book, "History", Measure=name("7"))
    book.lines["History"][history] |= {"Numerator": None, "Denominator": None, "Value": None}
    (finding,) = refresh(book).findings
    assert "was without a value when" in finding.what
    assert finding.todo.startswith("If rows came in late, refreshing Q3 2013-14 makes it the ")


def test_records_that_came_late_restate_what_was_too_few_to_show() -> None:
    book = clean()
    source = {"KQI": 2, "Source": "Case audits", "Expected": "Quarterly", "Tab": "Audits"}
    add(book, "Evidence", source, "Source")
    graded = {"Source": "Case audits", "Calculation": "Graded good or better"}
    add(book, "Measures", measure("Graded", "2", **graded), "Measure")
    last, row = QUARTER.previous, {"Team": "North", "KQI": 2, "Grade": "Good", "Audit": "Case"}
    for month in (QUARTER.end, *last.months * 3):
        place = add(book, "Audits", row | {"Date": month, "Case ref": f"C{month}"}, "Date")
    refresh(book, last)
    add(book, "Audits", row | {"Date": last.end}, "Date")
    (finding,) = (f for f in refresh(book).findings if f.code == "restated")
    assert "was without a value (9 of 9) when" in finding.what
    assert finding.what.endswith("and is 100.0% (10 of 10) now.")
    assert (str(finding.place), place) == ("Audits A6", "Audits A14")


def test_a_restatement_stands_until_that_quarter_is_refreshed_again() -> None:
    book = clean()
    change(QUARTER.previous.months[0], Numerator=90)(book)
    assert codes(refresh(book)) == codes(refresh(book)) == ["restated"]
    refresh(book, QUARTER.previous)
    assert codes(refresh(book)) == []


def test_this_quarters_figures_may_change_from_one_refresh_to_the_next() -> None:
    book = clean()
    refresh(book)
    change(QUARTER.months[0], Numerator=90)(book)
    assert codes(refresh(book)) == []


@pytest.mark.parametrize(
    "plant",
    [
        change(QUARTER.months[0], Numerator=90),
        change(MONTHS[0], Numerator=90),
        change(QUARTER.previous.months[0], Numerator="84"),
        lambda book: book.lines["PurpleBook"].reverse(),
        lambda book: book.lines["Measures"][7].update(Decimals=0),
        lambda book: book.lines["History"].clear(),
        lambda book: book.lines["History"][find(book, "History", Measure=name("7"))].update(
            Numerator=508.0000000001
        ),
        lambda book: book.lines["Measures"][7].update({"Green from": 95}),
    ],
    ids=[
        "this quarter's figure",
        "a quarter that was never refreshed",
        "the same as text",
        "rows sorted",
        "fewer decimals",
        "no history",
        "the last bits",
        "another limit",
    ],
)
def test_what_changes_no_past_figure_restates_nothing(plant: Callable[[MemoryBook], None]) -> None:
    book = clean()
    plant(book)
    assert codes(refresh(book)) == []


def test_a_rate_may_be_restated_by_another_child_population() -> None:
    book = clean()
    add(book, "Settings", {"Setting": "Child population", "Value": "40000"}, "Value")
    book.lines["PurpleBook"] += months("Rate", [50] * 24, None)
    rate = {"Calculation": "Rate per 10,000", "Unit": "", "Good is": "Not judged", "Key": "No"}
    add(book, "Measures", measure("Rate", "2", **rate), "Measure")
    refresh(book, QUARTER.previous)
    book.lines["Settings"][-1]["Value"] = "41000"
    finding = next(f for f in refresh(book).findings if f.code == "restated")
    assert "was 75.0 per 10,000 (300 of 40,000)" in finding.what
    assert finding.todo.endswith("put the earlier rows, or Child population in Settings, back.")
