from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from kqi_workbook.scorecard.control_chart import SpecialCause, control_chart
from kqi_workbook.scorecard.model import (
    GoodIs,
    Limits,
    Period,
    Range,
    Reading,
    Settings,
    Trend,
    parse_trend,
)
from kqi_workbook.scorecard.trend import (
    Movement,
    better,
    directions,
    kqi_trend,
    movement,
    number,
    wilson,
)
from tests.scorecard.some import HIGH, IN_RANGE, LOW, NOT_JUDGED, Q4, measure, series, share

IMPROVING, STEADY, WORSENING = Trend.IMPROVING, Trend.STEADY, Trend.WORSENING
NOT_COMPARABLE = Trend.NOT_COMPARABLE

NO_VALUE = Reading(None, reason="no data for Q4 2013-14")
NONE_BEFORE = Reading(None, reason="no data for Q3 2013-14")
PLANS: dict[str, Any] = {"calculation": "Count", "unit": "plans", "decimals": 0}


def moved(
    now: Reading,
    before: Reading,
    months: Sequence[float | None] = (),
    last: dt.date = Q4.end,
    settings: Settings | None = None,
    day: dt.date = Q4.end,
    **changes: Any,
) -> Movement:
    points = series(months, last)
    return movement(measure(**changes), Q4, now, before, points, settings or Settings(), day)


# What is better


@pytest.mark.parametrize(
    ("limits", "before", "after", "expected"),
    [
        (HIGH, 80.0, 81.0, 1),
        (HIGH, 81.0, 80.0, -1),
        (HIGH, 80.0, 80.0, 0),
        (LOW, 80.0, 81.0, -1),
        (LOW, 81.0, 80.0, 1),
        (LOW, 80.0, 80.0, 0),
        (NOT_JUDGED, 80.0, 81.0, 0),
        (NOT_JUDGED, 81.0, 80.0, 0),
        # in range, 10 to 15: towards it is better, out of it worse, within it neither
        (IN_RANGE, 5.0, 9.0, 1),
        (IN_RANGE, 9.0, 5.0, -1),
        (IN_RANGE, 20.0, 16.0, 1),
        (IN_RANGE, 16.0, 20.0, -1),
        (IN_RANGE, 5.0, 12.0, 1),
        (IN_RANGE, 20.0, 15.0, 1),
        (IN_RANGE, 12.0, 9.9, -1),
        (IN_RANGE, 10.0, 15.1, -1),
        (IN_RANGE, 10.0, 15.0, 0),
        (IN_RANGE, 15.0, 10.0, 0),
        # past it, to the other side: nearer is better
        (IN_RANGE, 5.0, 16.0, 1),
        (IN_RANGE, 9.0, 20.0, -1),
        (IN_RANGE, 9.9, 15.1, 0),
    ],
)
def test_each_way_of_being_good(limits: Limits, before: float, after: float, expected: int) -> None:
    assert better(limits, before, after) == expected


def test_a_range_inside_out_is_no_range() -> None:
    """As in rating: nothing lies within it, so nothing comes nearer to it."""
    inside_out = Limits(GoodIs.IN_RANGE, green=Range(15, 10))
    assert (better(inside_out, 9, 12), better(inside_out, 20, 16)) == (0, 0)
    assert moved(Reading(12.0), Reading(9.0), limits=inside_out).note == "no GOOD limits"
    assert moved(Reading(12.0), Reading(9.0), [9.0, 12.0] * 12, limits=inside_out).trend is (
        NOT_COMPARABLE
    )


def test_a_range_may_be_open_on_one_side() -> None:
    at_least = Limits(GoodIs.IN_RANGE, green=Range(low=10))
    at_most = Limits(GoodIs.IN_RANGE, green=Range(high=15))
    assert (better(at_least, 5, 9), better(at_least, 12, 99)) == (1, 0)
    assert (better(at_most, 20, 16), better(at_most, 12, 1)) == (1, 0)
    assert (better(at_least, 9.6, 9.8), better(at_most, 15.4, 15.2)) == (1, 1)


# This quarter against the last


@pytest.mark.parametrize(
    ("limits", "now", "before", "expected"),
    [
        (HIGH, 155, 153, IMPROVING),
        (HIGH, 151, 153, WORSENING),
        (LOW, 155, 153, WORSENING),
        (LOW, 151, 153, IMPROVING),
        (HIGH, 154, 153, STEADY),
        (LOW, 154, 153, STEADY),
        (LOW, 152, 153, STEADY),
        (HIGH, 153, 153, STEADY),
        (IN_RANGE, 5, 3, IMPROVING),
        (IN_RANGE, 3, 5, WORSENING),
        (IN_RANGE, 15, 10, STEADY),
    ],
)
def test_a_change_of_the_trend_step_or_more_counts(
    limits: Limits, now: float, before: float, expected: Trend
) -> None:
    assert moved(Reading(now), Reading(before), limits=limits, step=2, **PLANS).trend is expected


def test_a_change_of_exactly_the_step_counts_whatever_binary_fractions_say() -> None:
    # 84.1 - 82.1 is 1.99999999999998 in binary floating point
    before = share(821, 1000)
    assert moved(share(841, 1000), before, step=2).trend is IMPROVING
    assert moved(share(840, 1000), before, step=2).trend is STEADY
    assert moved(share(822, 1000), before, step=0.1).trend is IMPROVING  # 0.1 is a little more


def test_without_a_step_any_change_counts() -> None:
    assert moved(Reading(154), Reading(153), limits=LOW, step=0, **PLANS).trend is WORSENING
    assert moved(Reading(153), Reading(153), limits=LOW, step=0, **PLANS).trend is STEADY


def test_a_change_below_the_step_says_so() -> None:
    move = moved(Reading(154), Reading(153), step=2, **PLANS)
    assert (move.trend, move.note) == (STEADY, "change smaller than the trend step")
    assert move.phrase == "up from 153"


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # page 1 of the design: 5 of 153 plans, 7 of 10 files
        (5, 153, 0.014, 0.074),
        (7, 10, 0.40, 0.89),
        (20, 20, 0.8389, 1.0000),
    ],
)
def test_the_wilson_interval_is_the_published_one(
    numerator: float, denominator: float, low: float, high: float
) -> None:
    places = 4 if denominator not in (153, 10) else 3 if denominator == 153 else 2
    rounded = [round(end, places) for end in wilson(numerator, denominator)]
    assert rounded == [low, high]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        # 7 of 10 is 40 to 89%, 9 of 10 is 60 to 98%: they overlap
        ((9, 10), (7, 10), STEADY),
        ((7, 10), (9, 10), STEADY),
        # 2 of 10 is 6 to 51%, 9 of 10 is 60 to 98%: they do not
        ((9, 10), (2, 10), IMPROVING),
        ((2, 10), (9, 10), WORSENING),
        # one small denominator is enough
        ((9, 10), (140, 200), STEADY),
        ((140, 200), (9, 10), STEADY),
        # 30 is not small: 21 of 30 and 24 of 30 overlap, and are not asked
        ((24, 30), (21, 30), IMPROVING),
        ((24, 30), (20, 29), STEADY),
        ((23, 29), (21, 30), STEADY),
    ],
)
def test_a_percentage_of_few_must_move_beyond_chance(
    now: tuple[float, float], before: tuple[float, float], expected: Trend
) -> None:
    move = moved(share(*now), share(*before), step=1)
    assert move.trend is expected
    assert move.note == ("small numbers" if expected is STEADY else "")


def test_what_staff_call_a_percentages_unit_changes_nothing_of_it() -> None:
    assert moved(share(9, 10), share(7, 10), unit="% of visits").note == "small numbers"


def test_what_is_no_percentage_is_not_asked_for_chance() -> None:
    waits = moved(Reading(30, 300, 10), Reading(20, 200, 10), calculation="Average", unit="days")
    assert (waits.trend, waits.note) == (IMPROVING, "")


def test_only_a_real_change_is_put_down_to_small_numbers() -> None:
    assert moved(share(7, 10), share(7, 10)).note == ""
    assert moved(share(9, 10), share(7, 10), step=30).note == "change smaller than the trend step"


def test_counts_are_not_asked_for_small_numbers() -> None:
    few, fewer = Reading(9, 9, 10), Reading(7, 7, 10)
    assert moved(few, fewer, limits=LOW, **PLANS).trend is WORSENING


def test_a_numerator_above_its_denominator_stops_nothing() -> None:
    assert wilson(12, 10) == wilson(10, 10)


# What cannot be compared


@pytest.mark.parametrize(
    ("now", "before", "note"),
    [
        (NO_VALUE, Reading(80.0), "no data for Q4 2013-14"),
        (NO_VALUE, NONE_BEFORE, "no data for Q4 2013-14"),
        (Reading(80.0), NONE_BEFORE, "last quarter: no data for Q3 2013-14"),
    ],
)
def test_what_cannot_be_compared_says_why(now: Reading, before: Reading, note: str) -> None:
    move = moved(now, before)
    assert (move.trend, move.note, move.phrase) == (NOT_COMPARABLE, note, "")


def test_without_a_range_nothing_is_nearer_to_it() -> None:
    move = moved(Reading(12.0), Reading(9.0), limits=Limits(GoodIs.IN_RANGE))
    assert (move.trend, move.note) == (NOT_COMPARABLE, "no GOOD limits")
    assert move.phrase == "up from 9.0%"


def test_no_limits_leave_high_and_low_comparable() -> None:
    big = Reading(80.0, 800, 1000), Reading(70.0, 700, 1000)
    assert moved(*big, limits=Limits(GoodIs.HIGH)).trend is IMPROVING
    assert moved(*big, limits=Limits(GoodIs.LOW)).trend is WORSENING


@pytest.mark.parametrize(
    ("now", "phrase"),
    [(153, "up from 150"), (149, "down from 150"), (150, "no change")],
)
def test_a_measure_that_is_not_judged_moves_and_is_neither_good_nor_bad(
    now: float, phrase: str
) -> None:
    move = moved(Reading(now), Reading(150), limits=NOT_JUDGED, **PLANS)
    assert (move.trend, move.note, move.phrase) == (NOT_COMPARABLE, "not judged", phrase)


# By control chart

NOISE = [10.0, 0, 10, 0, 10, 0, 10, 0, 10]
QUIET = [*NOISE, 0, 10, 0]
RISING = [10.0, 0, 10, 0, 10, 2, 3, 4, 5, 6, 7, 8]
FALLING = [10 - value for value in RISING]


@pytest.mark.parametrize(
    ("limits", "months", "trend", "note"),
    [
        (HIGH, RISING, IMPROVING, "7 points rising, Mar 2014"),
        (LOW, RISING, WORSENING, "7 points rising, Mar 2014"),
        (HIGH, FALLING, WORSENING, "7 points falling, Mar 2014"),
        (LOW, FALLING, IMPROVING, "7 points falling, Mar 2014"),
        (NOT_JUDGED, RISING, NOT_COMPARABLE, "not judged"),
        (HIGH, QUIET, STEADY, "no special cause"),
        (LOW, QUIET, STEADY, "no special cause"),
        (HIGH, [84.1] * 12, STEADY, "no special cause"),
        # the special cause lies before the quarter, or in its first month
        (HIGH, [*RISING, 0, 10, 0], STEADY, "no special cause"),
        (HIGH, [*RISING, 0, 10], IMPROVING, "7 points rising, Jan 2014"),
        # the latest of two decides: 11 and 12 are outside, the last again
        (HIGH, [5, 6] * 8 + [12, 5, 0], WORSENING, "below the lower limit, Mar 2014"),
        (LOW, [5, 6] * 8 + [12, 5, 0], IMPROVING, "below the lower limit, Mar 2014"),
        (HIGH, [5, 6] * 8 + [0, 5, 12], IMPROVING, "above the upper limit, Mar 2014"),
        (HIGH, [5, 6] * 8 + [12, 5, 6], IMPROVING, "above the upper limit, Jan 2014"),
    ],
)
def test_the_latest_special_cause_of_the_quarter_decides(
    limits: Limits, months: list[float], trend: Trend, note: str
) -> None:
    move = moved(Reading(5.0), Reading(5.0), months, limits=limits)
    assert (move.trend, move.note) == (trend, note)


@pytest.mark.parametrize(
    ("green", "months", "expected"),
    [
        # rising from 2 to 8
        (Range(9, 12), RISING, IMPROVING),
        (Range(8, 12), RISING, IMPROVING),
        (Range(0, 9), RISING, STEADY),
        (Range(0, 5), RISING, WORSENING),
        (Range(0, 2), RISING, WORSENING),
        # from 2 below the range to 2 above it, and to 1 above it
        (Range(4, 6), RISING, STEADY),
        (Range(4, 7), RISING, IMPROVING),
        # falling from 8 to 2
        (Range(0, 1), FALLING, IMPROVING),
        (Range(3, 5), FALLING, IMPROVING),
        (Range(8, 9), FALLING, WORSENING),
        # mean 5.6, a last point of 12 above the limit
        (Range(10, 15), [5, 6] * 8 + [12], IMPROVING),
        (Range(5, 7), [5, 6] * 8 + [12], WORSENING),
        (Range(5, 12), [5, 6] * 8 + [12], STEADY),
        (Range(8, 9), [5, 6] * 8 + [12], WORSENING),
        (Range(9, 11), [5, 6] * 8 + [12], IMPROVING),
    ],
)
def test_in_range_a_special_cause_is_seen_from_where_it_came(
    green: Range, months: list[float], expected: Trend
) -> None:
    limits = Limits(GoodIs.IN_RANGE, green=green)
    assert moved(Reading(5.0), Reading(5.0), months, limits=limits).trend is expected


def test_12_points_are_judged_by_chart_and_11_by_quarters() -> None:
    now, before = Reading(5.0, 50, 1000), Reading(6.0, 60, 1000)
    by_chart = moved(now, before, RISING)
    by_quarters = moved(now, before, RISING[1:])
    assert (by_chart.trend, by_quarters.trend) == (IMPROVING, WORSENING)
    assert by_chart.chart is not None and by_quarters.chart is None
    assert by_chart.charted and not by_quarters.charted
    assert by_chart.phrase == by_quarters.phrase == "down from 6.0%"


def test_a_month_without_a_value_is_no_point() -> None:
    gap = [*RISING[:3], None, *RISING[3:]]
    with_gap = moved(Reading(8.0), NONE_BEFORE, gap)
    assert (with_gap.trend, with_gap.note) == (IMPROVING, "7 points rising, Mar 2014")
    assert with_gap.chart is not None and len(with_gap.chart.values) == 12
    assert (
        moved(Reading(8.0), NONE_BEFORE, [*gap[1:]]).note == f"last quarter: {NONE_BEFORE.reason}"
    )


def test_only_the_last_months_to_the_quarters_end_count() -> None:
    long = [50.0] * 6 + RISING * 2
    chart = moved(Reading(8.0), NONE_BEFORE, long).chart
    assert chart is not None and list(chart.values) == RISING * 2
    shorter = moved(Reading(8.0), NONE_BEFORE, long, settings=Settings(trend_months=12)).chart
    assert shorter is not None and list(shorter.values) == RISING
    assert shorter.months[0] == dt.date(2013, 4, 1)
    assert moved(Reading(8.0), NONE_BEFORE, long, settings=Settings(trend_months=11)).chart is None


def test_months_after_the_quarter_are_not_looked_at() -> None:
    later = moved(Reading(8.0), NONE_BEFORE, [*RISING, 99], last=dt.date(2014, 4, 30)).chart
    assert later is not None and list(later.values) == RISING


def test_quarter_on_quarter_can_be_chosen_and_the_chart_is_still_drawn() -> None:
    settings = Settings(control_chart=False)
    move = moved(Reading(5.0), Reading(6.0), RISING, settings=settings, limits=LOW, **PLANS)
    assert move.trend is IMPROVING
    assert move.chart is not None and move.chart.causes[-1] is SpecialCause.RISING


@pytest.mark.parametrize(
    ("changes", "day", "expected"),
    [
        ({"calculation": "Count"}, 30, NOT_COMPARABLE),
        ({"calculation": "Rate per 10,000"}, 30, NOT_COMPARABLE),
        ({"calculation": "Count"}, 31, WORSENING),
        ({"calculation": "Count", "period": Period.END}, 30, WORSENING),
        ({"calculation": "Average"}, 30, WORSENING),
        ({}, 30, WORSENING),
    ],
)
def test_what_is_still_being_added_up_is_not_compared_with_a_whole_quarter(
    changes: dict[str, Any], day: int, expected: Trend
) -> None:
    so_far, whole = Reading(20.0, 20, 100), Reading(60.0, 60, 100)
    result = moved(so_far, whole, day=dt.date(2014, 3, day), **changes)
    assert (result.trend, bool(result.phrase)) == (expected, expected is WORSENING)


@pytest.mark.parametrize(
    ("months", "changes", "expected"),
    [
        (5, {"calculation": "Count"}, NOT_COMPARABLE),
        (6, {"calculation": "Count"}, WORSENING),
        (5, {"calculation": "Count", "period": Period.END}, WORSENING),
        (5, {"calculation": "Needing immediate improvement", "table": "Audits"}, WORSENING),
        (5, {}, WORSENING),
    ],
)
def test_a_sum_of_two_months_is_not_compared_with_one_of_three(
    months: int, changes: dict[str, Any], expected: Trend
) -> None:
    """On the day after its end, the quarter's last month has often not been pasted yet."""
    of_both = [20.0] * months + [None] * (6 - months)
    points = [point for point in series(of_both) if point[1].value is not None]
    now, before = Reading(40.0, 40, 100), Reading(60.0, 60, 100)
    result = movement(measure(**changes), Q4, now, before, points, Settings(), Q4.end)
    assert (result.trend, bool(result.phrase)) == (expected, expected is WORSENING)
    if expected is NOT_COMPARABLE:
        assert result.note == (
            "last quarter: not compared, as it has rows for 3 months, and this one for 2"
        )


def test_a_month_that_is_not_over_is_no_point() -> None:
    months = [84.0, 86.0] * 11 + [84.0, 20.0]
    now, before = Reading(80.0), Reading(85.0)
    assert moved(now, before, months, day=dt.date(2014, 3, 30)).trend is STEADY
    assert moved(now, before, months, day=dt.date(2014, 3, 31)).trend is WORSENING


def test_a_first_quarter_with_months_enough_is_judged_by_its_chart() -> None:
    move = moved(Reading(8.0), NONE_BEFORE, RISING)
    assert (move.trend, move.phrase) == (IMPROVING, "")


def test_a_chart_without_a_point_in_the_quarter_leaves_it_to_the_quarters() -> None:
    move = moved(Reading(5.0), Reading(6.0), RISING, last=dt.date(2013, 12, 31), **PLANS)
    assert move.trend is WORSENING


def test_no_value_this_quarter_cannot_be_compared_whatever_the_chart_shows() -> None:
    move = moved(NO_VALUE, Reading(5.0), RISING)
    assert (move.trend, move.note, move.charted) == (NOT_COMPARABLE, NO_VALUE.reason, False)


# A KQI's trend. I, S, W, x (not comparable), n (not judged); a star marks a key measure.

LETTERS = {"I": IMPROVING, "S": STEADY, "W": WORSENING, "x": NOT_COMPARABLE, "n": NOT_COMPARABLE}


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("I", IMPROVING),
        ("W", WORSENING),
        ("S", STEADY),
        ("x", NOT_COMPARABLE),
        ("", NOT_COMPARABLE),
        ("I W", STEADY),
        ("I I W", IMPROVING),
        ("I W W", WORSENING),
        ("I S S S", IMPROVING),
        ("W S x", WORSENING),
        ("S x x x", STEADY),
        # key measures alone count, if there are any
        ("I* W W W", IMPROVING),
        ("W* I I I", WORSENING),
        ("S* I I I", STEADY),
        ("I* W* I", STEADY),
        ("I* x* W", IMPROVING),
        ("x* I I", NOT_COMPARABLE),
        # a measure that is not judged never counts, key or not
        ("n", NOT_COMPARABLE),
        ("n W", WORSENING),
        ("n* W", WORSENING),
        ("n* I* W", IMPROVING),
    ],
)
def test_a_kqi_improves_if_more_of_its_measures_improve_than_worsen(
    letters: str, expected: Trend
) -> None:
    moves = [
        (
            measure(key=mark.endswith("*"), limits=NOT_JUDGED if mark[0] == "n" else HIGH),
            Movement(LETTERS[mark[0]], "", "", None),
        )
        for mark in letters.split()
    ]
    assert kqi_trend(moves) is expected


# On the sheet


def test_the_number_behind_an_arrow_reads_back() -> None:
    numbers = {trend: number(trend) for trend in Trend}
    assert numbers == {IMPROVING: 1, STEADY: 0, WORSENING: -1, NOT_COMPARABLE: None}
    assert all(parse_trend(str(n)) is trend for trend, n in numbers.items() if n is not None)


TO_7 = replace(IN_RANGE, green=Range(1, 7))


@pytest.mark.parametrize(
    ("limits", "months", "expected"),
    [
        (HIGH, [1, 2, 3, 4, 5, 6, 7, *[1, 9] * 3], [1] * 7 + [None] * 6),
        (LOW, [1, 2, 3, 4, 5, 6, 7, *[1, 9] * 3], [-1] * 7 + [None] * 6),
        (NOT_JUDGED, [1, 2, 3, 4, 5, 6, 7, *[1, 9] * 3], [0] * 7 + [None] * 6),
        # from 1 to 7, all of the run towards the range, though its points lie on both sides
        (replace(IN_RANGE, green=Range(5, 8)), [1, 2, 3, 4, 5, 6, 7, *[1, 9] * 3], [1] * 7),
        # what comes before and after a run does not belong to it
        (replace(IN_RANGE, green=Range(4, 9)), [5, 6, 7, 8, 9, 10, 11, *[1, 20] * 3], [-1] * 7),
        (replace(IN_RANGE, green=Range(5, 9)), [2, 3, 4, 5, 6, 7, 8, *[0, 20] * 3], [1] * 7),
        # ... and a month like the one before is where it ends
        (TO_7, [0, 1, 1, 2, 3, 4, 5, 6, 8, 0, 9, 0], [None] * 2 + [-1] * 7),
        (TO_7, [9, 0, 9, 0, 2, 3, 4, 5, 6, 7, 8, 8, 10], [None] * 3 + [0] * 8),
        (replace(IN_RANGE, green=Range(4, 6)), RISING, [None] * 5 + [0] * 7),
        (HIGH, [5, 6] * 8 + [12], [None] * 16 + [1]),
        (LOW, [5, 6] * 8 + [12], [None] * 16 + [-1]),
        (HIGH, [5.0] * 12, [None] * 12),
    ],
)
def test_each_point_of_a_chart_is_better_worse_or_neither(
    limits: Limits, months: list[float], expected: list[int | None]
) -> None:
    chart = control_chart([(m, r.value) for m, r in series(months) if r.value is not None])
    assert chart is not None
    assert list(directions(limits, chart))[: len(expected)] == expected
