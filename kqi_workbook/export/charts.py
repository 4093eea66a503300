"""A measure's months as a picture: where its line, points and limits lie, and its words.

The template draws what is worked out here. Units are those of the SVG's view box.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kqi_workbook.scorecard.board import MeasureResult
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.control_chart import ControlChart
from kqi_workbook.scorecard.marks import SPECIAL, Mark, point_marks
from kqi_workbook.scorecard.model import Range
from kqi_workbook.scorecard.quarters import month_label, months_to
from kqi_workbook.scorecard.words import PERCENT, counted, figure, good


@dataclass(frozen=True)
class Frame:
    """A picture's size, and the margins around what is drawn."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


CONTROL_CHART = Frame(width=200, height=84, left=4, right=54, top=5, bottom=14)
SPARKLINE = Frame(width=140, height=30, left=4, right=4, top=4, bottom=4)

GAP = 9.5  # between the base lines of two labels
MIDDLE = 3.0  # from the middle of a label down to its base line


@dataclass(frozen=True)
class Point:
    """A month's value."""

    x: float
    y: float
    mark: Mark


@dataclass(frozen=True)
class Level:
    """A line across: the mean, a control limit or a GOOD limit; its label is at height ``at``."""

    kind: str
    y: float
    label: str
    at: float


@dataclass(frozen=True)
class Chart:
    """A picture ready to be drawn; ``lines`` are the stretches between missing months."""

    frame: Frame
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    first: str
    last: str
    words: str


def control_chart(result: MeasureResult) -> Chart | None:
    """A measure's XmR chart, with its mean, limits and GOOD limits; None if it has none."""
    return _draw(result, result.movement.chart, CONTROL_CHART) if result.movement.chart else None


def sparkline(result: MeasureResult) -> Chart | None:
    """A measure's months as a line with its special causes; None for fewer than two values."""
    return _draw(result, result.movement.chart, SPARKLINE) if len(_values(result)) > 1 else None


def _draw(result: MeasureResult, chart: ControlChart | None, frame: Frame) -> Chart:
    values = _values(result)
    months = _all_months(values)
    stretches = list(_stretches(values, months))
    heights = list(_levels(result, chart)) if frame is CONTROL_CHART else []
    lowest, highest = _span([*(v for _, v in values), *(height for _, height in heights)])

    def x(month: dt.date) -> float:
        wide = frame.width - frame.left - frame.right
        return round(frame.left + wide * months.index(month) / (len(months) - 1), 1)

    def y(value: float) -> float:
        high = frame.height - frame.top - frame.bottom
        return round(frame.top + high * (highest - value) / (highest - lowest), 1)

    def alone(month: dt.date) -> bool:
        """Whether no line leads to a month's point, or it is the last."""
        return month == months[-1] or any(s[0][0] == s[-1][0] == month for s in stretches)

    marks = point_marks(result) or [Mark.CHANCE] * len(values)
    return Chart(
        frame=frame,
        lines=tuple(
            " ".join(f"{x(month)},{y(value)}" for month, value in stretch) for stretch in stretches
        ),
        points=tuple(
            Point(x(month), y(value), mark)
            for (month, value), mark in zip(values, marks, strict=True)
            if frame is CONTROL_CHART or mark is not Mark.CHANCE or alone(month)
        ),
        levels=_labelled(result, [(kind, height, y(height)) for kind, height in heights]),
        first=month_label(months[0]),
        last=month_label(months[-1]),
        words=_words(result, chart, values),
    )


def _values(result: MeasureResult) -> list[tuple[dt.date, float]]:
    """The months that are drawn: those of the control chart, or all that have a value."""
    chart = result.movement.chart
    if chart:
        return list(zip(chart.months, chart.values, strict=True))
    return [(month, r.value) for month, r in result.points if r.value is not None]


def _all_months(values: Sequence[tuple[dt.date, float]]) -> tuple[dt.date, ...]:
    """Every month from the first to the last, so that a missing one leaves its gap."""
    first, last = values[0][0], values[-1][0]
    return months_to(last, 12 * (last.year - first.year) + last.month - first.month + 1)


def _stretches(
    values: Sequence[tuple[dt.date, float]], months: Sequence[dt.date]
) -> Iterator[list[tuple[dt.date, float]]]:
    """The values in stretches of months that follow each other."""
    placed = enumerate(values)
    for _, stretch in groupby(placed, key=lambda at: months.index(at[1][0]) - at[0]):
        yield [value for _, value in stretch]


def _levels(result: MeasureResult, chart: ControlChart | None) -> Iterator[tuple[str, float]]:
    measure = result.measure
    if chart:
        lower, upper = chart.drawn_limits(CALCULATIONS[measure.calculation].possible)
        yield from (("mean", chart.mean), ("limit", lower), ("limit", upper))
    green = measure.limits.green if good(measure.limits, measure.unit) else Range()
    yield from (("good", limit) for limit in (green.low, green.high) if limit is not None)


def _span(heights: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest, apart even where all are the same."""
    lowest, highest = min(heights), max(heights)
    return (lowest, highest) if lowest < highest else (lowest - 1, highest + 1)


def _labelled(
    result: MeasureResult, levels: Sequence[tuple[str, float, float]]
) -> tuple[Level, ...]:
    """The levels from the top down, their labels so far apart that none covers another."""
    levels = sorted(levels, key=lambda level: level[2])
    heights = [y + MIDDLE for *_, y in levels]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + GAP)
    lowest = CONTROL_CHART.height - MIDDLE
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], lowest)
        lowest = heights[i] - GAP
    return tuple(
        Level(kind, y, _label(result, kind, value), round(at, 1))
        for (kind, value, y), at in zip(levels, heights, strict=True)
    )


def _label(result: MeasureResult, kind: str, value: float) -> str:
    """``mean 81.2%``, ``74.6%``, or ``GOOD 90%``, which is written as the council wrote it."""
    percent = PERCENT if result.measure.unit == PERCENT else ""
    if kind == "good":
        return f"GOOD {value:,.12g}{percent}"
    text = figure(value, percent, result.measure.decimals)
    return f"mean {text}" if kind == "mean" else text


def _words(
    result: MeasureResult, chart: ControlChart | None, values: Sequence[tuple[dt.date, float]]
) -> str:
    """What the picture shows, for those who cannot see it."""
    (first, start), (last, end) = values[0], values[-1]
    lowest, highest = min(v for _, v in values), max(v for _, v in values)
    said = [
        f"{result.measure.name}, {month_label(first)} to {month_label(last)}: "
        f"from {_figure(result, start)} to {_figure(result, end)}, "
        f"lowest {_figure(result, lowest)}, highest {_figure(result, highest)}."
    ]
    if chart:
        lower, upper = (height for kind, height in _levels(result, chart) if kind == "limit")
        said.append(
            f"Mean {_figure(result, chart.mean)}, "
            f"control limits {_figure(result, lower)} to {_figure(result, upper)}."
        )
        said += _special_causes(result, chart)
    measure = result.measure
    if benchmark := good(measure.limits, measure.unit):
        said.append(f"GOOD is {benchmark}.")
    return " ".join(said)


def _special_causes(result: MeasureResult, chart: ControlChart) -> Iterator[str]:
    marks = point_marks(result)
    for mark in SPECIAL:
        at = [i for i, found in enumerate(marks) if found is mark]
        if at and (cause := chart.causes[at[-1]]):
            yield (
                f"{mark.words} at {counted(len(at), 'point')}, "
                f"the last in {month_label(chart.months[at[-1]])} ({cause.value})."
            )
    if set(marks) == {Mark.CHANCE}:
        yield f"{Mark.CHANCE.words}."


def _figure(result: MeasureResult, value: float) -> str:
    return figure(value, result.measure.unit, result.measure.decimals)
