"""Scorecards to draw: of the small council, with changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pypdfium2

from kqi_workbook.export.page import page
from kqi_workbook.refreshing import Refreshed, refresh
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard
from kqi_workbook.scorecard.model import Action, Point, Settings
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.trend import movement
from tests.scorecard.some import Q4, measure, series
from tests.support.memory_book import Line
from tests.support.small_council import council

LONG = "Practice leads looked at each plan with its team and agreed what has to change. " * 2
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
    moved = movement(of, quarter, now, before, points, Settings(), quarter.end)
    (some,) = refreshed().scorecard.rows[1].measures
    return replace(some, measure=of, now=now, before=before, movement=moved, points=points)


def blank_pdf(pages: int) -> bytes:
    """So many A3 pages with nothing on them."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(1191, 842)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def wordy(board: Scorecard, times: int) -> Scorecard:
    """The scorecard with more points and actions in every row."""

    def more(row: Row) -> Row:
        points = (*row.commentary, *[Point(LONG)] * times)
        actions = (*row.actions, *[Action(LONG, "Every social worker")] * times)
        return replace(row, commentary=points, actions=actions)

    return replace(board, rows=tuple(more(row) for row in board.rows))


def linking(board: Scorecard) -> Scorecard:
    """The scorecard with an address of a shared folder among its words, as people paste it."""
    address = (
        "https://exampleshire.sharepoint.com/Shared%20Documents%20Quality%20Assurance%202014/Q4"
    )
    first = board.rows[0]
    points, actions = (*first.commentary, Point(address)), (*first.actions, Action(address, "ATMs"))
    return with_row(board, commentary=points, actions=actions)


def many_teams(board: Scorecard, count: int) -> Scorecard:
    """The scorecard with so many teams, all alike."""
    teams = tuple(f"Locality {i}" for i in range(1, count + 1))
    measures = tuple(
        replace(m, teams=dict.fromkeys(teams, next(iter(m.teams.values())))) for m in board.measures
    )
    return replace(board, teams=teams, measures=measures)
