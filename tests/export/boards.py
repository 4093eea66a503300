"""Scorecards to draw: of the small council, with changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kqi_workbook.export.page import page
from kqi_workbook.refreshing import Refreshed, refresh
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard
from kqi_workbook.scorecard.model import Settings
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.trend import movement
from tests.scorecard.some import Q4, measure, series
from tests.support.memory_book import Line
from tests.support.small_council import council

UP_AT_THE_END = [80.0, 81.0] * 11 + [81.0, 89.0]


def refreshed(**changes: Sequence[Line]) -> Refreshed:
    """The small council's quarter, with the lines of some tables changed."""
    return refresh(council(**changes))


def html(done: Refreshed) -> str:
    return page(done.scorecard, done.findings, "KQIs.xlsx")


def with_row(board: Scorecard, **changes: Any) -> Scorecard:
    """The scorecard with its first row changed."""
    first: Row = replace(board.rows[0], **changes)
    return replace(board, rows=(first, *board.rows[1:]))


def result(values: Sequence[float | None], quarter: Quarter = Q4, **changes: Any) -> MeasureResult:
    """A measure whose months, to the quarter's last, have these values."""
    points = series(values, quarter.end)
    of = measure(**changes)
    now, before = points[-1][1], points[0][1]
    moved = movement(of, quarter, now, before, points, Settings())
    (some,) = refreshed().scorecard.rows[1].measures
    return replace(some, measure=of, now=now, before=before, movement=moved, points=points)
