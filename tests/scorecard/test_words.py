from __future__ import annotations

import math

import pytest

from kqi_workbook.scorecard.model import GoodIs, Limits, Range
from kqi_workbook.scorecard.words import counted, figure, good, shown


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (84.05, 1, 84.1),
        (84.04999, 1, 84.0),
        (2.5, 0, 3.0),
        (3.5, 0, 4.0),
        (-2.5, 0, -3.0),
        (0.125, 2, 0.13),
        (1.005, 2, 1.01),
        (1.005 * 100, 0, 101.0),
        (100 * 8.5 / 1000, 1, 0.9),
        (0.1 + 0.2, 1, 0.3),
        (89.95, 1, 90.0),
        (89.94999999999, 1, 89.9),
        (153, 0, 153.0),
        (152.6, 0, 153.0),
        (1 / 3, 4, 0.3333),
        (0, 1, 0.0),
        (1e30, 1, 1e30),
        (1e300, 6, 1e300),
    ],
)
def test_a_half_is_rounded_away_from_zero_as_excel_shows_it(
    value: float, decimals: int, expected: float
) -> None:
    assert shown(value, decimals) == expected


def test_a_small_loss_is_not_shown_as_minus_nothing() -> None:
    assert math.copysign(1, shown(-0.04, 1)) == 1


def test_what_is_shown_is_shown_again_alike() -> None:
    for tenths in range(-2000, 2000):
        assert shown(tenths / 10, 1) == tenths / 10


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (84.1, "%", 1, "84.1%"),
        (84, "%", 1, "84.0%"),
        (84.05, "%", 1, "84.1%"),
        (100, "%", 0, "100%"),
        (153, "plans", 0, "153 plans"),
        (1204, "plans", 0, "1,204 plans"),
        (1, "plans", 0, "1 plan"),
        (0, "plans", 0, "0 plans"),
        (1, "CP plans", 0, "1 CP plan"),
        (1, "children", 0, "1 child"),
        (1, "days", 1, "1.0 days"),
        (31, "days", 0, "31 days"),
        (42.1, "per 10,000", 1, "42.1 per 10,000"),
        (1, "per 10,000", 0, "1 per 10,000"),
        (12, "", 0, "12"),
        (1, "", 0, "1"),
    ],
)
def test_a_figure_is_written_with_its_unit(
    value: float, unit: str, decimals: int, expected: str
) -> None:
    assert figure(value, unit, decimals) == expected


@pytest.mark.parametrize(
    ("good_is", "green", "unit", "expected"),
    [
        (GoodIs.HIGH, Range(low=90), "%", "90% or more"),
        (GoodIs.LOW, Range(high=2.5), "%", "2.5% or less"),
        (GoodIs.LOW, Range(high=26), "weeks", "26 weeks or less"),
        (GoodIs.LOW, Range(high=152), "working days", "152 working days or less"),
        (GoodIs.LOW, Range(high=5), "plans", "5 plans or fewer"),
        (GoodIs.LOW, Range(high=1), "plans", "1 plan or fewer"),
        (GoodIs.LOW, Range(high=40), "per 10,000", "40 per 10,000 or less"),
        (GoodIs.LOW, Range(high=1200), "", "1,200 or less"),
        (GoodIs.IN_RANGE, Range(10, 15), "%", "10% to 15%"),
        (GoodIs.IN_RANGE, Range(30, 42.5), "per 10,000", "30 to 42.5 per 10,000"),
        (GoodIs.IN_RANGE, Range(0, 0), "plans", "0 plans"),
        (GoodIs.IN_RANGE, Range(low=10), "%", "10% or more"),
        (GoodIs.HIGH, Range(), "%", ""),
        (GoodIs.NOT_JUDGED, Range(low=90), "%", ""),
    ],
)
def test_good_is_put_in_words(good_is: GoodIs, green: Range, unit: str, expected: str) -> None:
    assert good(Limits(good_is, green), unit) == expected


def test_things_are_counted_in_the_singular_and_the_plural() -> None:
    assert counted(12, "case audit") == "12 case audits"
    assert counted(1, "case audit") == "1 case audit"
    assert counted(0, "child", "children") == "0 children"
    assert counted(1, "child", "children") == "1 child"
    assert counted(1500, "answer") == "1,500 answers"
