"""Figures of data rows that can be right, and that cannot."""

from __future__ import annotations

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes, name
from tests.support.small_council import MONTHS, PLANS, QUARTER, measure, months

JANUARY: dict[str, Value] = {"Month": QUARTER.months[0], "Team": "North"}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"Measure": name("2"), "Numerator": 1, "Denominator": -1}, "negative"),
        ({"Measure": PLANS, "Numerator": -1}, "negative"),
        ({"Measure": name("2"), "Numerator": 1, "Denominator": 0}, "above-denominator"),
        ({"Measure": "Days", "Numerator": 1}, "no-denominator"),
        ({"Measure": "Days", "Numerator": 1, "Denominator": 0}, "no-denominator"),
        # near misses
        ({"Measure": "Days", "Numerator": 900, "Denominator": 9}, None),
        ({"Measure": "Days", "Numerator": 0, "Denominator": 0}, None),
        ({"Measure": "Rate", "Numerator": 9, "Denominator": 2}, None),
        ({"Measure": "Rate", "Numerator": 9, "Denominator": 0}, None),
        ({"Measure": "Spare", "Numerator": 5, "Denominator": 5}, None),
        ({"Measure": "Spare", "Numerator": 0, "Denominator": 5}, None),
    ],
)
def test_a_rows_figures_can_be_right(row: dict[str, Value], found: str | None) -> None:
    book = clean()
    add(book, "Settings", {"Setting": "Child population", "Value": "40000"}, "Value")
    for new, how in (("Days", "Average"), ("Rate", "Rate per 10,000"), ("Spare", "Percentage")):
        odd = months(new, [50] * 24, 100)
        only_as_above = {} if found else JANUARY | {"Measure": row["Measure"]}
        book.lines["PurpleBook"] += [
            r for r in odd if not only_as_above or any(r[c] != v for c, v in only_as_above.items())
        ]
        add(book, "Measures", measure(new, "2", Calculation=how), "Measure")
    add(book, "PurpleBook", JANUARY | row, "Numerator")
    assert codes(refresh(book)) == ([found] if found else [])


@pytest.mark.parametrize(
    ("table", "row", "figures"),
    [
        ("PurpleBook", {"Measure": name("2"), "Numerator": 0.85, "Denominator": 40}, (85, 34)),
        ("Surveys", {"Survey": "Poll", "Positive": 0.125, "Responses": 40}, (12.5, 5)),
    ],
)
def test_a_share_in_the_place_of_how_many_is_named_with_what_was_meant(
    table: str, row: dict[str, Value], figures: tuple[float, float]
) -> None:
    book = clean()
    row |= JANUARY | {"Asked of": "Parents", "Question": "Heard?"}
    place = add(book, table, row, "Numerator" if table == "PurpleBook" else "Positive")
    (finding,) = refresh(book).findings
    percent, number = figures
    assert (finding.code, str(finding.place)) == ("share-typed", place)
    assert finding.kqi == ("2" if table == "PurpleBook" else "")
    assert finding.what.endswith(
        f"found {percent / 100:g} out of 40, which was probably typed as {percent:g}%: "
        f"that is {number:g} out of 40. The row was left out."
    )


@pytest.mark.parametrize(
    ("calculation", "denominator", "found"),
    [
        ("Percentage", 10, ["above-denominator"]),
        ("Count", 10, []),
        ("Average", 10, []),
        ("Rate per 10,000", 10, []),
        # the count needs none
        ("Percentage", None, []),
        ("Average", None, []),
    ],
)
def test_a_row_of_a_percentage_and_a_count_is_held_against_its_denominator(
    calculation: str, denominator: int | None, found: list[str]
) -> None:
    """Two sources pick the same rows of the Purple book: one is counted, one worked out so."""
    book = clean()
    for source, how in (("Visits counted", "Count"), ("Visits worked out", calculation)):
        tab = {"KQI": 2, "Source": source, "Expected": "Quarterly", "Tab": "Purple book"}
        add(book, "Evidence", tab | {"Filter value": "Visits"}, "Source")
        way = measure(source, "2", Source=source, Calculation=how, **{"Good is": "Not judged"})
        add(book, "Measures", way | {"Key": "No"}, "Measure")
    unpicked = measure("Visits", "2", Calculation="Count", **{"Good is": "Not judged"})
    add(book, "Measures", unpicked | {"Key": "No"}, "Measure")
    row = {"Month": MONTHS[-1], "Team": "North", "Measure": "Visits"}
    add(book, "PurpleBook", row | {"Numerator": 12, "Denominator": denominator}, "Numerator")
    assert [code for code in codes(refresh(book)) if code.endswith("denominator")] == found


def test_an_action_whose_quarters_open_are_wrong_stays_on_the_scorecard() -> None:
    book = clean()
    book.lines["Actions"][0]["Quarters open"] = -1
    assert refresh(book).scorecard.rows == refresh(clean()).scorecard.rows
