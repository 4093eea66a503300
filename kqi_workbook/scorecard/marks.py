"""What a point of a control chart shows, in the words and colours of Making Data Count.

The colours are those of its R package, NHSRplotthedots. They stand for variation and never for a
RAG status. The shapes are ours, one for each mark, so that none is told by its colour alone.
"""

from __future__ import annotations

from enum import Enum

from kqi_workbook.scorecard.board import MeasureResult
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.trend import directions


class Mark(Enum):
    """Its value is the name of its shape and style on the page."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL = "neutral"
    CHANCE = "chance"

    @property
    def words(self) -> str:
        """What it says, in words."""
        return _WORDS[self]

    @property
    def colour(self) -> str:
        """Its colour (RRGGBB)."""
        return _COLOURS[self]


_WORDS = {
    Mark.IMPROVEMENT: "Special cause: improvement",
    Mark.CONCERN: "Special cause: concern",
    Mark.NEUTRAL: "Special cause: neither improvement nor concern",
    Mark.CHANCE: "Common cause: no significant change",
}

_COLOURS = {
    Mark.IMPROVEMENT: "00B0F0",
    Mark.CONCERN: "E46C0A",
    Mark.NEUTRAL: "490092",
    Mark.CHANCE: "A6A6A6",
}

SPECIAL = (Mark.IMPROVEMENT, Mark.CONCERN, Mark.NEUTRAL)

_OF = {1: Mark.IMPROVEMENT, -1: Mark.CONCERN, 0: Mark.NEUTRAL, None: Mark.CHANCE}


def point_marks(result: MeasureResult) -> tuple[Mark, ...]:
    """The mark of each point of a measure's control chart; none where it has no chart."""
    chart = result.movement.chart
    return tuple(_OF[d] for d in directions(result.measure.limits, chart)) if chart else ()


def quarter_mark(result: MeasureResult, quarter: Quarter) -> Mark | None:
    """What a measure's chart shows in the quarter: its latest special cause, or common cause.

    None where there is no chart, or no point of the quarter on it.
    """
    chart = result.movement.chart
    marks = zip(chart.months, point_marks(result), strict=True) if chart else ()
    found = [mark for month, mark in marks if month in quarter]
    special = [mark for mark in found if mark is not Mark.CHANCE]
    return (special or found or [None])[-1]
