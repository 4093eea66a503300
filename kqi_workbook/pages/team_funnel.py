"""The Team funnel sheet: the figures behind its chart, which compares the teams' percentages.

The chart and its limits are formulas of the workbook's own; a refresh gives them, for each
measure that is a percentage known by team, how many out of how many.
"""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook.books.book import SetArea, SetCell, Update
from kqi_workbook.layout import Name
from kqi_workbook.pages.marks import titled
from kqi_workbook.scorecard.board import MeasureResult, Scorecard
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.model import Reading


def updates(board: Scorecard) -> Iterator[Update]:
    """The title, and a row a measure: its name, then two cells for all teams and for each."""
    named = ("All teams", *board.teams)
    header = ("Measure", *(text for team in named for text in (team, f"{team}, out of")))
    rows = tuple(_cells(result, board.teams) for result in board.measures if _compared(result))
    title = f"Team funnel, {board.period}"
    yield SetCell(Name.TEAM_FUNNEL_TITLE.value, titled(board.council, title))
    yield SetArea(Name.TEAM_FUNNEL_GRID.value, (header, *rows), board.names)


def _compared(result: MeasureResult) -> bool:
    calculation = CALCULATIONS[result.measure.calculation]
    known = any(team.reading.value is not None for team in result.teams.values())
    return calculation.is_percentage and known


def _cells(result: MeasureResult, teams: tuple[str, ...]) -> tuple[str | float | None, ...]:
    readings = (result.now, *(result.teams[team].reading for team in teams))
    return (result.measure.name, *(part for reading in readings for part in _parts(reading)))


def _parts(reading: Reading) -> tuple[float | None, float | None]:
    """How many out of how many; neither where no percentage is given."""
    if reading.value is None:
        return None, None
    return reading.numerator, reading.denominator
