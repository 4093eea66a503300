"""Limits: which go with what Good is, and which are on another scale."""

from __future__ import annotations

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes
from tests.support.small_council import measure, months

ANY: dict[str, Value] = {"Green from": None, "Green to": None, "Amber from": None}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"Good is": "High", "Green to": 90}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green from": 10}, "limits-do-not-fit"),
        ({"Good is": "High", "Amber from": 80}, "limits-do-not-fit"),
        ({"Good is": "Not judged", "Key": "Yes"}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 80, "Amber from": 90}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 10, "Amber to": 5}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 90, "Amber to": 89.9}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 5, "Amber from": 5.1}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 8, "Green to": 18}
            | {"Amber from": 10, "Amber to": 15},
            "limits-do-not-fit",
        ),
        ({"Good is": "High", "Green from": 90, "Benchmark source": " "}, "no-benchmark-source"),
        ({"Good is": "High", "Green from": 90}, None),
        ({"Good is": "High", "Green from": 80, "Green to": 90}, "limits-do-not-fit"),
        (
            {"Good is": "High", "Green from": 90, "Green to": 100, "Calculation": "Average"},
            "limits-do-not-fit",
        ),
        ({"Good is": "Low", "Green from": 20, "Green to": 26}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15, "Amber from": 8},
            "limits-do-not-fit",
        ),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15, "Amber to": 18},
            "limits-do-not-fit",
        ),
        ({"Good is": "High", "Green from": 80, "Green to": 100}, None),
        ({"Good is": "Low", "Green from": 0, "Green to": 5}, None),
        ({"Good is": "In range", "Green from": 10, "Amber from": 8}, None),
        ({"Good is": "Low", "Green to": 5, "Amber to": 10}, None),
        ({"Good is": "High", "Green from": 90, "Amber from": 0}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 0}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 5, "Amber to": 100}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 0, "Amber to": 100},
            "limits-do-not-fit",
        ),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 0, "Amber to": 18},
            None,
        ),
        ({"Good is": "Low", "Green to": 5, "Amber to": 100, "Calculation": "Average"}, None),
        ({"Good is": "Low", "Green to": 5, "Amber from": 5.1, "Amber to": 10}, None),
        ({"Good is": "High", "Green from": 90, "Amber from": 80, "Amber to": 89}, None),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 15, "Amber to": 18},
            None,
        ),
        ({"Good is": "In range", "Green from": 10, "Green to": 15}, None),
        ({"Good is": "In range", "Green from": 10}, None),
        ({"Good is": "Not judged", "Key": "No", "Benchmark source": None}, None),
        ({"Good is": "Not judged", "Key": "No", "Green from": 90}, None),
        ({"Good is": "High", "Benchmark source": None}, "limits-do-not-fit"),
        ({"Good is": "In range"}, "limits-do-not-fit"),
    ],
)
def test_limits_go_with_what_good_is(changes: dict[str, Value], found: str | None) -> None:
    book = clean()
    book.lines["PurpleBook"] += [dict(row) for row in months("Odd", [85] * 24, 100)]
    add(book, "Measures", measure("Odd", "2") | ANY | changes, "Measure")
    assert codes(refresh(book)) == ([found] if found else [])


@pytest.mark.parametrize(
    ("column", "limits", "what"),
    [
        ("Green to", {"Green to": 95}, "values above its Green to of 95 are not Green"),
        (
            "Green from",
            {"Good is": "Low", "Green from": 20, "Green to": 26, "Amber from": None},
            "values below its Green from of 20 are not Green",
        ),
        (
            "Amber from",
            {"Amber from": 0},
            "and has limits that all values meet, so nothing can be Red",
        ),
        (
            "Green to",
            {"Good is": "Low", "Green from": None, "Green to": 100, "Amber from": None},
            "and has limits that all values meet, so nothing can be Red",
        ),
        (
            "Amber to",
            {"Good is": "In range", "Green to": 95},
            "has no Amber to, so high values cannot be Red",
        ),
    ],
)
def test_the_limit_that_does_not_fit_is_named(
    column: str, limits: dict[str, Value], what: str
) -> None:
    book = clean()
    book.lines["PurpleBook"] += months("Odd", [85] * 24, 100)
    place = add(book, "Measures", measure("Odd", "2") | limits, column)
    (finding,) = refresh(book).findings
    assert str(finding.place) == place
    assert finding.what.startswith("'Odd' is good when ") and finding.what.endswith(f"{what}.")


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"Good is": "High", "Green from": 95, "Green to": 90}, ["limits"]),
        ({"Good is": "Low", "Green to": 5, "Amber from": 8, "Amber to": 6}, ["limits"]),
        (
            {"Good is": "In range", "Green from": 15, "Green to": 10}
            | {"Amber from": 8, "Amber to": 18},
            ["limits"],
        ),
        ({"Good is": "Not judged", "Green from": 15, "Green to": 10}, []),
    ],
)
def test_limits_inside_out_are_told_once_and_only_where_they_count(
    limits: dict[str, Value], told: list[str]
) -> None:
    book = clean()
    book.lines["PurpleBook"] += months("Odd", [85] * 24, 100)
    add(book, "Measures", measure("Odd", "2", Key="No") | ANY | limits, "Measure")
    assert codes(refresh(book)) == told


@pytest.mark.parametrize(
    ("limits", "meant"),
    [
        (
            {"Green from": 0.9, "Amber from": 0.8},
            "has Green from 0.9, which was probably meant as 90%",
        ),
        (
            {"Green from": 1, "Amber from": 0.95},
            "has Green from 1, which was probably meant as 100%",
        ),
        (
            {"Green from": 90, "Amber from": 0.8},
            "has Amber from 0.8, which was probably meant as 80%",
        ),
        ({"Green from": 0.9, "Amber from": 80}, "which was probably meant as 90%"),
        ({"Good is": "Low", "Green to": 0.025, "Amber to": 0.05}, "probably meant as 2.5%"),
        ({"Good is": "In range", "Green from": 0.1, "Green to": 0.15}, "probably meant as 10%"),
        ({"Green from": 9000}, "has Green from 9,000, which no percentage reaches"),
        ({"Green from": 90, "Unit": "share"}, None),
        ({"Good is": "Low", "Green to": 0.5, "Amber to": 1}, None),
    ],
)
def test_a_percentages_limits_are_percentages(limits: dict[str, Value], meant: str | None) -> None:
    book = clean()
    book.lines["PurpleBook"] += months("Odd", [85] * 24, 100)
    add(book, "Measures", measure("Odd", "2", Key="No") | ANY | limits, "Measure")
    found = refresh(book).findings
    assert [f.code for f in found] == ["limits-out-of-scale"] * bool(meant)
    assert all(f"{meant}." in f.what for f in found)
