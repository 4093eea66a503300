"""The XmR control chart: is a monthly series stable, or does something special show in it?

As NHS England's Making Data Count does. Its R package, NHSRplotthedots, is the reference for
which points are marked and which rule wins. Differences from that package:

- Moving ranges are never screened for outliers. The package screens by default; the official
  Excel tool does not, and so our limits are the Excel tool's.
- The last point of a run of 7 goes with its own run, even when the next point starts another run
  without sharing it. The package then gives it the direction of the step to that next point.
- Sums are exact, of the values as shown, so that a value on a limit or on the mean is on it, and
  a flat series has no special cause. Binary rounding decides there in R.

A month without a value is not a point. Its neighbours count as neighbours: the moving range and
the runs step over the gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from kqi_workbook.scorecard.model import Range
from kqi_workbook.scorecard.words import exact

FEWEST_POINTS = 12
RUN = 7
LIMIT = Fraction("2.66")  # 3 / 1.128: three sigma, from the mean of moving ranges of two
NEAR_LIMIT = Fraction(2, 3)  # of the limit: two sigma


class SpecialCause(Enum):
    """Why a point is not chance alone, on the high side or on the low side."""

    ABOVE_LIMIT = "above the upper limit"
    BELOW_LIMIT = "below the lower limit"
    RISING = "7 points rising"
    FALLING = "7 points falling"
    NEAR_UPPER = "2 of 3 points near the upper limit"
    NEAR_LOWER = "2 of 3 points near the lower limit"
    ABOVE_MEAN = "7 points above the mean"
    BELOW_MEAN = "7 points below the mean"

    @property
    def side(self) -> int:
        """1 for high or rising, -1 for low or falling: which is not yet good or bad."""
        return 1 if self in _HIGH else -1


_HIGH = frozenset(
    {
        SpecialCause.ABOVE_LIMIT,
        SpecialCause.RISING,
        SpecialCause.NEAR_UPPER,
        SpecialCause.ABOVE_MEAN,
    }
)


@dataclass(frozen=True)
class ControlChart:
    """A series with its mean, its control limits, and what each point shows (None: chance)."""

    months: tuple[dt.date, ...]
    values: tuple[float, ...]
    mean: float
    lower: float
    upper: float
    causes: tuple[SpecialCause | None, ...]

    def drawn_limits(self, possible: Range) -> tuple[float, float]:
        """The lower and upper limit to draw, cut off at values that cannot occur.

        For a percentage ``possible`` is 0 to 100. Which points are special is decided by the
        limits as calculated; no possible value lies between those and the drawn ones.
        """
        lower = self.lower if possible.low is None else max(self.lower, possible.low)
        upper = self.upper if possible.high is None else min(self.upper, possible.high)
        return lower, upper


def control_chart(points: Sequence[tuple[dt.date, float]]) -> ControlChart | None:
    """Draw up the chart of a monthly series, in the order of its months.

    Returns None for fewer than 12 points: limits from so few would mislead.
    """
    if len(points) < FEWEST_POINTS:
        return None
    months, values = zip(*sorted(points), strict=True)
    whole, unit = _whole(values)
    mean = sum(whole) // len(whole)
    moving_ranges = [abs(b - a) for a, b in pairwise(whole)]
    limit = int(LIMIT * (sum(moving_ranges) // len(moving_ranges)))
    return ControlChart(
        months=months,
        values=values,
        mean=mean / unit,
        lower=(mean - limit) / unit,
        upper=(mean + limit) / unit,
        causes=_causes(whole, mean, limit),
    )


def _whole(values: Sequence[float]) -> tuple[list[int], int]:
    """The values as shown, in a unit so small that their mean and limits are whole numbers too."""
    ratios = [exact(value).as_integer_ratio() for value in values]
    count = len(values)
    unit = lcm(*(below for _, below in ratios))
    unit *= count * (count - 1) * LIMIT.denominator * NEAR_LIMIT.denominator
    return [above * (unit // below) for above, below in ratios], unit


def _causes(values: Sequence[int], mean: int, limit: int) -> tuple[SpecialCause | None, ...]:
    """The first rule that marks each point, in the order of page and package."""
    near_limit = int(limit * NEAR_LIMIT)
    sides = [_side(value, mean) for value in values]
    far = [abs(value - mean) for value in values]
    outside = [distance > limit for distance in far]
    near = [near_limit < distance <= limit for distance in far]
    rules = (
        (SpecialCause.ABOVE_LIMIT, SpecialCause.BELOW_LIMIT, _where(outside, sides)),
        (SpecialCause.RISING, SpecialCause.FALLING, _runs_up_or_down(values)),
        (SpecialCause.NEAR_UPPER, SpecialCause.NEAR_LOWER, _two_of_three(near, sides)),
        (SpecialCause.ABOVE_MEAN, SpecialCause.BELOW_MEAN, _runs_on_one_side(sides)),
    )
    causes: list[SpecialCause | None] = [None] * len(values)
    for high, low, marks in reversed(rules):
        for i, mark in enumerate(marks):
            if mark:
                causes[i] = high if mark > 0 else low
    return tuple(causes)


# Each rule gives a mark for each point: 1 on the high side, -1 on the low side, 0 for neither.


def _where(flags: Sequence[bool], sides: Sequence[int]) -> list[int]:
    return [side if flag else 0 for flag, side in zip(flags, sides, strict=True)]


def _runs_up_or_down(values: Sequence[int]) -> list[int]:
    """All points of 7 that rise or fall. A turning point goes with the run that it starts."""
    marks = [0] * len(values)
    steps = [_side(b, a) for a, b in pairwise(values)]
    for start, step in _same(steps, RUN - 1):
        marks[start : start + RUN] = [step] * RUN
    return marks


def _two_of_three(near: Sequence[bool], sides: Sequence[int]) -> list[int]:
    """Those near the limit, of three on one side of the mean of which two or more are."""
    marks = [0] * len(sides)
    for start, side in _same(sides, 3):
        three = range(start, start + 3)
        if sum(near[i] for i in three) >= 2:
            for i in three:
                marks[i] = side if near[i] else marks[i]
    return marks


def _runs_on_one_side(sides: Sequence[int]) -> list[int]:
    """All points of 7 strictly on one side of the mean. A point on the mean breaks the run."""
    marks = [0] * len(sides)
    for start, side in _same(sides, RUN):
        marks[start : start + RUN] = [side] * RUN
    return marks


def _same(signs: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    """Where so many equal signs in a row start, and their sign; zeros never count."""
    for start in range(len(signs) - length + 1):
        window = set(signs[start : start + length])
        if len(window) == 1 and 0 not in window:
            yield start, signs[start]


def _side(value: int, of: int) -> int:
    return (value > of) - (value < of)
