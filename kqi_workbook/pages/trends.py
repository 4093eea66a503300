"""The Trends sheet: each measure's months, with the mean and control limits of its chart.

Beside the months, row by row, stand the marks of its special causes, which the chart colours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.books.book import SetArea, SetCell, Update
from kqi_workbook.books.cells import Content
from kqi_workbook.layout import Name
from kqi_workbook.pages.marks import number_or_text, titled, trend_cell
from kqi_workbook.scorecard.board import MeasureResult, Scorecard
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.marks import Mark, point_marks
from kqi_workbook.scorecard.quarters import month_label, months_to

COLUMNS = (
    "KQI",
    "Measure",
    "Unit",
    "Trend line",
    "Trend",
    "What the figures say",
    "Mean",
    "Lower limit",
    "Upper limit",
)
MARK_LETTERS = {Mark.IMPROVEMENT: "I", Mark.CONCERN: "C", Mark.NEUTRAL: "N"}


def updates(board: Scorecard) -> Iterator[Update]:
    """The grid of monthly values, oldest month first."""
    months = months_to(board.quarter.end, layout.TREND_LINE_MONTHS)
    header = (*COLUMNS, *(month_label(month) for month in months))
    rows = tuple(_cells(result, months) for result in board.measures)
    title = f"Trends {'to the end of' if board.is_over else 'up to'} {board.period}"
    yield SetCell(Name.TRENDS_TITLE.value, titled(board.council, title))
    yield SetArea(Name.TRENDS_GRID.value, (header, *rows), board.names)
    marks = tuple(_marks(result, months) for result in board.measures)
    heads = tuple(f"Mark {month_label(month)}" for month in months)
    yield SetArea(Name.TRENDS_MARKS.value, (heads, *marks))


def _cells(result: MeasureResult, months: tuple[dt.date, ...]) -> tuple[Content, ...]:
    measure, movement = result.measure, result.movement
    points = dict(result.points)
    chart = movement.chart
    limits: tuple[float | None, ...] = (None, None, None)
    if chart is not None:
        possible = CALCULATIONS[measure.calculation].possible
        limits = (chart.mean, *chart.drawn_limits(possible))
    return (
        number_or_text(", ".join(measure.kqis)),
        measure.name,
        measure.unit,
        None,
        trend_cell(movement.trend),
        movement.note or movement.phrase,
        *(None if limit is None else round(limit, measure.decimals + 1) for limit in limits),
        *(points[month].value if month in points else None for month in months),
    )


def _marks(result: MeasureResult, months: tuple[dt.date, ...]) -> tuple[str | None, ...]:
    chart = result.movement.chart
    marks = dict(zip(chart.months, point_marks(result), strict=True)) if chart else {}
    return tuple(MARK_LETTERS.get(marks.get(month, Mark.CHANCE)) for month in months)
