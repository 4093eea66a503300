"""Each rule on series worked by hand, on its boundaries, and on published examples.

A series' marks are written as one letter a point: see MARKS.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from kqi_workbook.scorecard.control_chart import (
    ControlChart,
    SpecialCause,
    control_chart,
)
from kqi_workbook.scorecard.model import Range
from kqi_workbook.scorecard.quarters import months_to

MARKS = {
    "^": SpecialCause.ABOVE_LIMIT,
    "_": SpecialCause.BELOW_LIMIT,
    "/": SpecialCause.RISING,
    "\\": SpecialCause.FALLING,
    "n": SpecialCause.NEAR_UPPER,
    "u": SpecialCause.NEAR_LOWER,
    "+": SpecialCause.ABOVE_MEAN,
    "-": SpecialCause.BELOW_MEAN,
    ".": None,
}


def chart_of(values: Sequence[float]) -> ControlChart:
    months = months_to(dt.date(2014, 3, 31), len(values))
    chart = control_chart(list(zip(months, values, strict=True)))
    assert chart is not None
    return chart


def marks(values: Sequence[float]) -> str:
    letters = {cause: letter for letter, cause in MARKS.items()}
    return "".join(letters[cause] for cause in chart_of(values).causes)


def numbers(text: str) -> list[float]:
    return [float(number) for number in text.split()]


def test_the_limits_lie_2_66_mean_moving_ranges_from_the_mean() -> None:
    # 12 values that go up and down by 2: mean 11, mean moving range 2
    chart = chart_of([10, 12] * 6)
    assert (chart.mean, chart.lower, chart.upper) == (11, 11 - 5.32, 11 + 5.32)
    assert chart.causes == (None,) * 12


def test_the_chart_holds_the_series_in_the_order_of_its_months() -> None:
    months = months_to(dt.date(2014, 3, 31), 12)
    points = [(month, float(i)) for i, month in enumerate(months)]
    chart = control_chart(points[::-1])
    assert chart == control_chart(points)
    assert chart is not None and (chart.months, chart.values[0]) == (months, 0.0)


# Published examples

# NHSRplotthedots, "Deviations from Excel defaults", 1: the chart as the Making Data Count Excel
# tool draws it. UPL 6.95, mean 1.94, LPL -3.06, one special cause.
DEVIATIONS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]

# NHSRplotthedots, snapshot of ptd_spc_standard: R's set.seed(123), rnorm(20), to 3 figures.
# Mean 0.142, LPL -3.01, UPL 3.29 (no moving range is screened out here).
RNORM = numbers("""
    -0.560 -0.230 1.56 0.0705 0.129 1.72 0.461 -1.27 -0.687 -0.446
    1.22 0.360 0.401 0.111 -0.556 1.79 0.498 -1.97 0.701 -0.473
""")

# SAS/QC User's Guide, example "Displaying Individual Measurements on an EWMA Chart", steel belts
# of tires. LCLI 23.8571, mean 24.0083, UCLI 24.1596 (with 3 / 1.12838 where we have 2.66).
TIRES = numbers("""
    24.05 23.99 23.95 23.93 23.97 24.02 24.06 24.10 23.98 24.03
    23.91 24.06 24.06 23.96 23.98 24.06 24.01 24.00 23.93 23.92
    24.09 24.11 24.05 23.98 23.98 24.06 24.02 24.06 23.97 23.96
""")


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper", "tolerance"),
    [
        pytest.param(DEVIATIONS, 1.94, -3.06, 6.95, 0.005, id="Making Data Count"),
        pytest.param(RNORM, 0.142, -3.01, 3.29, 0.01, id="NHSRplotthedots"),
        pytest.param(TIRES, 24.0083, 23.8571, 24.1596, 0.0002, id="SAS"),
    ],
)
def test_published_limits_are_met(
    values: list[float], mean: float, lower: float, upper: float, tolerance: float
) -> None:
    chart = chart_of(values)
    assert chart.mean == pytest.approx(mean, abs=tolerance)
    assert chart.lower == pytest.approx(lower, abs=tolerance)
    assert chart.upper == pytest.approx(upper, abs=tolerance)


def test_published_verdicts_are_met() -> None:
    assert marks(DEVIATIONS) == "....^............."
    # NHSRplotthedots issue 143: two points near the limits, on opposite sides, are chance.
    assert marks([1, -1] * 7 + [5.5, -5.5]) == "." * 16


WORKED = [
    # mean 1, 19 moving ranges that add up to 40: limits 1 +/- 5.6; all the noughts are below 1
    pytest.param([*[0] * 5, 20, *[0] * 14], "....." + "^" + "-" * 14, id="outside the limit"),
    # mean 0; 11 moving ranges add up to 4 x 2.66 + 4 x 0.09 = 11: the limit is 2.66
    pytest.param([0, 2.66, 0, -2.66, 0, 0.09, 0, -0.09, 0, 0, 0, 0], "." * 12, id="on the limit"),
    # the same with 4 x 0.08: the limit is 2.65
    pytest.param(
        [0, 2.66, 0, -2.66, 0, 0.08, 0, -0.08, 0, 0, 0, 0], ".^._........", id="just outside"
    ),
    # mean 5.4, moving ranges add up to 54: the limits are 13 away
    pytest.param([10, 0, 10, 0, 10, 2, 3, 4, 5, 6, 7, 8], "....." + "///////", id="7 rising"),
    pytest.param([10, 0, 10, 0, 10, 3, 4, 5, 6, 7, 8, 0], "." * 12, id="6 rising"),
    pytest.param([10, 0, 10, 0, 10, 2, 3, 4, 4, 6, 7, 8], "." * 12, id="a tie ends the rise"),
    pytest.param(
        [0, 8, 0, 8, 0, 8, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1],
        "......" + "//////" + "\\\\\\\\\\\\\\",
        id="a turning point goes with the run that it starts",
    ),
    pytest.param(
        [0, 8, 0, 8, 0, 8, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7],
        "......" + "///////" + "///////",
        id="the last of a run goes with its own run",
    ),
    pytest.param(
        [10, 0, 10, 0, 10, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8],
        "....." + "///////" + "++++++",
        id="a level stretch after a rise takes nothing from it",
    ),
    # mean 0; moving ranges add up to 12: near from 1.93, limit 2.90
    pytest.param(
        [0, 2, 1, 2, 0, -2, -1, -2, 0, 0, 0, 0], ".n.n.u.u....", id="2 of 3 near, the ends"
    ),
    # moving ranges add up to 10.64 + 4 x 1.465 = 16.5: near from 2.66
    pytest.param(
        [0, 1, 2.66, 2.66, 0, -1, -2.66, -2.66, 0, 1.465, -1.465, 0], "." * 12, id="not yet near"
    ),
    # the same with 4 x 1.46: near from 2.657
    pytest.param(
        [0, 1, 2.66, 2.66, 0, -1, -2.66, -2.66, 0, 1.46, -1.46, 0],
        "..nn..uu....",
        id="2 of 3 near, just",
    ),
    pytest.param(
        [0, 0, 2.66, 2.66, 0, 0, -2.66, -2.66, 0, 1.46, -1.46, 0],
        "." * 12,
        id="2 near, but the third is on the mean",
    ),
    # near from 1.93, limit 2.90: 2 is near, 3 is beyond
    pytest.param(
        [0, 1, 3, 2, 0, -1, -3, -2, 0, 0, 0, 0], "..^..._.....", id="beyond a limit is not near it"
    ),
    # mean 4.3, limits 9.4 away, near from 6.3 away
    pytest.param([0, 4, 0, 4, 0, 5, 8, 5, 8, 5, 8, 5], "....." + "+++++++", id="7 above the mean"),
    pytest.param([0, 3, 0, 3, 0, 5, 8, 5, 8, 5, 8, 0], "." * 12, id="6 above the mean"),
    pytest.param(
        [1, 3, 1, 0, 3, 1, 3, -1, -3, -1, -3, -1, -3], "." * 13, id="on the mean is on no side"
    ),
    # the first rule that matches wins; mean 6.5, limits 2.66 away
    pytest.param(list(range(1, 13)), "___//////^^^", id="outside wins over rising"),
    pytest.param(
        [9, 0, 9, 0, 9, 0, 9, 7, 7.2, 7.4, 7.6, 7.8, 8, 8.2],
        "......+///////",
        id="rising wins over one side",
    ),
    # mean 3.93, near from 2.05 away
    pytest.param(
        [2, 3, 2, 3, 2, 3, 2, 5, 6, 5, 6, 5, 6, 5],
        "-------" + "+n+n+n+",
        id="near wins over one side",
    ),
]


@pytest.mark.parametrize(("values", "expected"), WORKED)
def test_each_rule_marks_its_points_and_no_others(values: list[float], expected: str) -> None:
    assert marks(values) == expected


@pytest.mark.parametrize(("values", "expected"), WORKED)
def test_the_low_side_mirrors_the_high_side(values: list[float], expected: str) -> None:
    mirrored = expected.translate(str.maketrans("^_/\\nu+-", "_^\\/un-+"))
    assert marks([-value for value in values]) == mirrored


@pytest.mark.parametrize(("values", "expected"), WORKED)
def test_another_unit_or_another_start_changes_no_mark(values: list[float], expected: str) -> None:
    assert marks([value / 10 + 84.1 for value in values]) == expected


@pytest.mark.parametrize("value", [0, 84.1, 100])
def test_a_flat_series_has_no_special_cause(value: float) -> None:
    chart = chart_of([value] * 24)
    assert (chart.mean, chart.lower, chart.upper) == (value, value, value)
    assert chart.causes == (None,) * 24


def test_a_value_that_is_the_mean_is_on_it_whatever_binary_fractions_say() -> None:
    # the mean of these in binary floating point is above 0.2
    assert marks([0.1, 0.3, 0.1, 0.3] + [0.2] * 8) == "." * 12


def test_a_month_without_a_value_is_stepped_over() -> None:
    values = [10, 0, 10, 0, 10, 2, 3, 4, 5, 6, 7, 8]
    months = months_to(dt.date(2014, 3, 31), 15)
    some = months[:3] + months[4:9] + months[10:11] + months[12:]
    chart = control_chart(list(zip(some, values, strict=True)))
    assert chart is not None and chart.months == some
    whole = chart_of(values)
    assert (chart.lower, chart.upper, chart.causes) == (whole.lower, whole.upper, whole.causes)


@pytest.mark.parametrize("count", [0, 1, 11])
def test_fewer_than_12_points_make_no_chart(count: int) -> None:
    months = months_to(dt.date(2014, 3, 31), count)
    assert control_chart([(month, float(i)) for i, month in enumerate(months)]) is None


def test_limits_are_drawn_only_where_values_can_be() -> None:
    # mean 98, mean moving range 4
    chart = chart_of([96, 100] * 6)
    assert (chart.lower, chart.upper) == (98 - 10.64, 98 + 10.64)
    assert chart.drawn_limits(Range(0, 100)) == (98 - 10.64, 100)
    low = chart_of([0, 4] * 6)
    assert low.drawn_limits(Range(0, 100)) == (0, 2 + 10.64)
    assert low.drawn_limits(Range(low=0)) == (0, 2 + 10.64)
    assert low.drawn_limits(Range()) == (low.lower, low.upper) == (2 - 10.64, 2 + 10.64)


@pytest.mark.parametrize(
    ("cause", "side"),
    [
        (SpecialCause.ABOVE_LIMIT, 1),
        (SpecialCause.BELOW_LIMIT, -1),
        (SpecialCause.RISING, 1),
        (SpecialCause.FALLING, -1),
        (SpecialCause.NEAR_UPPER, 1),
        (SpecialCause.NEAR_LOWER, -1),
        (SpecialCause.ABOVE_MEAN, 1),
        (SpecialCause.BELOW_MEAN, -1),
    ],
)
def test_each_special_cause_is_high_or_low(cause: SpecialCause, side: int) -> None:
    assert cause.side == side
