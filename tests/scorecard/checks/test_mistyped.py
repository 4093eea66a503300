"""Rows that nothing picks, as their name is mistyped or their measure is worked out elsewhere."""

from __future__ import annotations

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, name
from tests.support.memory_book import Line
from tests.support.small_council import MONTHS, QUARTER, measure, months


@pytest.mark.parametrize("slip", ["Routine case audt", "Routine caseaudit", "routine case audits"])
def test_rows_of_a_mistyped_audit_are_counted_in_one_finding(slip: str) -> None:
    book = clean()
    source = {"KQI": 1, "Source": "Case audits", "Expected": "Quarterly", "Tab": "Audits"}
    add(book, "Evidence", source | {"Filter value": "Routine case audit"}, "Source")
    row: dict[str, Value] = {"Date": MONTHS[-1], "Team": "North", "KQI": 1, "Grade": "Good"}
    place = ""
    for audit in ["Routine case audit", slip, slip.upper(), "Routine case visit"]:
        there = add(book, "Audits", row | {"Audit": audit}, "Audit")
        place = place or (there if audit == slip else "")
    (finding,) = refresh(book).findings
    assert (finding.code, str(finding.place)) == ("mistyped", place)
    assert finding.what == (
        f"Audits, Audit: '{slip}' stands in 2 rows of Q4 2013-14 and was probably meant as "
        "'Routine case audit'. No source or measure picks that name."
    )


@pytest.mark.parametrize(
    ("source", "picks", "elsewhere"),
    [
        ("Supervision", None, "the Supervision tab"),
        ("FWi reports", name("3"), f"the rows of '{name('3')}'"),
        ("FWi reports", "Odd", None),
        ("FWi reports", None, None),
        ("Purple book", None, None),
    ],
)
def test_purple_book_rows_of_a_measure_that_is_worked_out_elsewhere_are_told_once(
    source: str, picks: str | None, elsewhere: str | None
) -> None:
    """Two of December's rows are not of the quarter."""
    book = clean()
    due: Line = {"Staff ref": "S1", "Team": "North", "Due": QUARTER.end, "Held": QUARTER.end}
    book.lines["Supervision"].append(dict(due))
    if source == "FWi reports":
        row = {"KQI": 2, "Source": source, "Expected": "Monthly", "Tab": "Purple book"}
        add(book, "Evidence", row | {"Filter value": picks}, "Source")
    how = "Held" if source == "Supervision" else "Percentage"
    add(book, "Measures", measure("Odd", "2", Source=source, Calculation=how), "Measure")
    book.lines["PurpleBook"] += months("Odd", [85] * 4, 100)
    found = [f.what for f in refresh(book).findings if f.code == "other-source"]
    what = (
        f"Purple book: 'Odd' stands in 6 rows of Q4 2013-14, and is worked out from {elsewhere}. "
        "Nothing here was counted."
    )
    assert found == ([what] if elsewhere else [])


def test_rows_that_a_source_counts_as_the_whole_tab_does_are_not_said_to_be_uncounted() -> None:
    book = clean()
    source = {"KQI": 2, "Source": "The book", "Expected": "Quarterly", "Tab": "Purple book"}
    add(book, "Evidence", source, "Source")
    held = measure("Odd", "2", Source="Supervision", Calculation="Held")
    add(book, "Measures", held, "Measure")
    book.lines["PurpleBook"] += months("Odd", [85] * 4, 100)
    assert "other-source" not in {finding.code for finding in refresh(book).findings}
