"""Trend: whether a measure, and then a KQI, gets better or worse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from kqi_workbook import layout
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.control_chart import ControlChart, SpecialCause, control_chart
from kqi_workbook.scorecard.model import (
    Arithmetic,
    GoodIs,
    Limits,
    Measure,
    Period,
    Reading,
    Settings,
    Trend,
)
from kqi_workbook.scorecard.quarters import Quarter, is_over, month_label, months_to
from kqi_workbook.scorecard.words import PERCENT, counted, exact, figure

SMALL_DENOMINATOR = 30
Z_95 = 1.959964  # the normal quantile of a two-sided 95% interval

_NUMBERS = {Trend.IMPROVING: 1, Trend.STEADY: 0, Trend.WORSENING: -1}


@dataclass(frozen=True)
class Movement:
    """A measure's trend in a quarter.

    ``phrase`` sets this quarter beside the last ("up from 81.0%"; '' if either is missing),
    ``note`` says what decided the trend ("7 points above the mean, Mar 2014"; "small numbers"),
    and ``chart`` is there whenever the series is long enough, whatever decided. ``charted`` is
    whether it was the chart that was asked.
    """

    trend: Trend
    phrase: str
    note: str
    chart: ControlChart | None
    charted: bool = False


def movement(
    measure: Measure,
    quarter: Quarter,
    now: Reading,
    before: Reading,
    points: Sequence[tuple[dt.date, Reading]],
    settings: Settings,
    day: dt.date,
) -> Movement:
    """Judge a measure's trend: by control chart if its series is long enough, else on last quarter.

    ``now`` and ``before`` are the readings of this quarter and the last. ``points`` are the
    readings of months, each named by its first day; those of the last ``settings.trend_months`` to
    the quarter's end count that have a value and are over on that ``day``. A chart without a point
    in the quarter cannot judge it; the quarters are then compared, but for a number that is still
    being added up, or of more months of one than of the other.
    """
    if _adds_up(measure) and before.value is not None:
        here, there = (sum(m in q for m, _ in points) for q in (quarter, quarter.previous))
        if not is_over(quarter.months[-1], day):
            before = Reading(None, reason="not compared while this one is running")
        elif measure.table == layout.PURPLE_BOOK.name and 0 < here != there:
            what = f"rows for {counted(there, 'month')}, and this one for {here}"
            before = Reading(None, reason=f"not compared, as it has {what}")
    chart = control_chart(_window(quarter, points, settings.trend_months, day))
    shown = chart is not None and any(month in quarter for month in chart.months)
    charted = settings.control_chart and now.value is not None and shown
    trend, note = _judge(measure, quarter, now, before, chart if charted else None)
    return Movement(trend, _phrase(measure, now, before), note, chart, charted)


def kqi_trend(moved: Iterable[tuple[Measure, Movement]]) -> Trend:
    """A KQI's trend: do more of its key measures (all, if none is key) improve than worsen?

    Measures that are Not judged never count, key or not.
    """
    judged = [(m, move) for m, move in moved if m.limits.good_is is not GoodIs.NOT_JUDGED]
    voting = [(m, move) for m, move in judged if m.key] or judged
    votes = [_NUMBERS[move.trend] for _, move in voting if move.trend in _NUMBERS]
    if not votes:
        return Trend.NOT_COMPARABLE
    balance = sum(votes)
    return Trend.IMPROVING if balance > 0 else Trend.WORSENING if balance < 0 else Trend.STEADY


def better(limits: Limits, before: float, after: float) -> int:
    """Is the second value better (1), worse (-1) or neither (0)?

    The one place where up and down become good and bad. In range, what counts is how far outside
    the Green limits a value lies, so that two values within them are equally good.
    """
    if limits.good_is is GoodIs.NOT_JUDGED:
        return 0
    old, new = exact(before), exact(after)
    if limits.good_is is GoodIs.IN_RANGE:
        old, new = -_outside(limits, old), -_outside(limits, new)
    if limits.good_is is GoodIs.LOW:
        old, new = new, old
    return (new > old) - (new < old)


def directions(limits: Limits, chart: ControlChart) -> tuple[int | None, ...]:
    """For each point: is its special cause better (1), worse (-1) or neither (0)? None for chance.

    A point is seen from where it came: the mean, or for a run up or down its first point, so that
    In range knows which way it went.
    """
    return tuple(
        None if cause is None else better(limits, *_from_and_to(chart, cause, i))
        for i, cause in enumerate(chart.causes)
    )


def wilson(numerator: float, denominator: float) -> tuple[float, float]:
    """The 95% Wilson score interval of a share, as proportions of 1.

    Wilson (1927); method 3 of Newcombe (1998), Statistics in Medicine 17, 857-872.

    >>> [round(100 * end, 1) for end in wilson(5, 153)]
    [1.4, 7.4]
    """
    share = min(max(numerator / denominator, 0.0), 1.0)
    square = Z_95**2 / denominator
    middle = share + square / 2
    half = sqrt(square * (share * (1 - share) + square / 4))
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def number(trend: Trend) -> int | None:
    """The number behind the arrow on the sheet: 1, 0 or -1; None for Not comparable."""
    return _NUMBERS.get(trend)


def _adds_up(measure: Measure) -> bool:
    """Whether its figure grows from month to month of a quarter."""
    counted = CALCULATIONS[measure.calculation].arithmetic in (Arithmetic.COUNT, Arithmetic.RATE)
    return counted and measure.period is Period.TOTAL


def _window(
    quarter: Quarter, points: Sequence[tuple[dt.date, Reading]], count: int, day: dt.date
) -> list[tuple[dt.date, float]]:
    months = [month for month in months_to(quarter.end, count) if is_over(month, day)]
    return [(month, r.value) for month, r in points if month in months and r.value is not None]


def _judge(
    measure: Measure,
    quarter: Quarter,
    now: Reading,
    before: Reading,
    chart: ControlChart | None,
) -> tuple[Trend, str]:
    limits = measure.limits
    if limits.good_is is GoodIs.NOT_JUDGED:
        return Trend.NOT_COMPARABLE, "not judged"
    if limits.good_is is GoodIs.IN_RANGE and not limits.green.usable:
        return Trend.NOT_COMPARABLE, "no GOOD limits"
    if now.value is None:
        return Trend.NOT_COMPARABLE, now.reason
    if chart:
        return _by_chart(limits, quarter, chart)
    if before.value is None:
        return Trend.NOT_COMPARABLE, f"last quarter: {before.reason}"
    return _by_quarters(measure, now, before)


def _by_chart(limits: Limits, quarter: Quarter, chart: ControlChart) -> tuple[Trend, str]:
    """By the latest special cause of the quarter."""
    found = zip(chart.months, chart.causes, directions(limits, chart), strict=True)
    for month, cause, direction in reversed(list(found)):
        if cause and direction is not None and month in quarter:
            return _trend(direction), f"{cause.value}, {month_label(month)}"
    return Trend.STEADY, "no special cause"


def _from_and_to(chart: ControlChart, cause: SpecialCause, at: int) -> tuple[float, float]:
    """The mean and the point; for a run up or down, the run's first point and its last."""
    if cause not in (SpecialCause.RISING, SpecialCause.FALLING):
        return chart.mean, chart.values[at]
    first = last = at
    while first > 0 and (chart.values[first] - chart.values[first - 1]) * cause.side > 0:
        first -= 1
    end = len(chart.values) - 1
    while last < end and (chart.values[last + 1] - chart.values[last]) * cause.side > 0:
        last += 1
    return chart.values[first], chart.values[last]


def _by_quarters(measure: Measure, now: Reading, before: Reading) -> tuple[Trend, str]:
    assert now.value is not None and before.value is not None
    if abs(exact(now.value) - exact(before.value)) < exact(measure.step):
        return Trend.STEADY, "change smaller than the trend step"
    direction = better(measure.limits, before.value, now.value)
    is_share = CALCULATIONS[measure.calculation].is_percentage
    if direction and is_share and _may_be_chance(now, before):
        return Trend.STEADY, "small numbers"
    return _trend(direction), ""


def _may_be_chance(now: Reading, before: Reading) -> bool:
    """Whether a denominator is small and the two Wilson intervals overlap, or touch."""
    if not (now.denominator and before.denominator):
        return False
    if min(now.denominator, before.denominator) >= SMALL_DENOMINATOR:
        return False
    low_now, high_now = wilson(now.numerator or 0, now.denominator)
    low_before, high_before = wilson(before.numerator or 0, before.denominator)
    return low_now <= high_before and low_before <= high_now


def _phrase(measure: Measure, now: Reading, before: Reading) -> str:
    if now.value is None or before.value is None:
        return ""
    change = now.value - before.value
    if not change:
        return "no change"
    unit = measure.unit if measure.unit == PERCENT else ""  # the figure beside it says it
    then = figure(before.value, unit, measure.decimals)
    return f"{'up' if change > 0 else 'down'} from {then}"


def _trend(direction: int) -> Trend:
    return next(trend for trend, sign in _NUMBERS.items() if sign == direction)


def _outside(limits: Limits, value: Decimal) -> Decimal:
    """How far outside the Green limits a value lies; 0 within them."""
    green = limits.green.usable
    low, high = green.low, green.high
    below = Decimal(0) if low is None else exact(low) - value
    above = Decimal(0) if high is None else value - exact(high)
    return max(below, above, Decimal(0))
