"""The By team sheet: measures down, teams across, the whole authority first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kqi_workbook.books.book import SetArea, SetCell, SetRules, Update
from kqi_workbook.layout import Name
from kqi_workbook.pages.marks import RAG_FILLS, number_or_text, titled
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.model import RAG, Measure, Reading
from kqi_workbook.scorecard.words import NOT_APPLICABLE, figure, good

FIGURE_FILLS = tuple(replace(fill, begins_with=f"{fill.begins_with} ") for fill in RAG_FILLS)
"""The space tells a rated figure, ``A 84.1%``, from a name such as A&A or Assessments."""


def updates(board: Scorecard) -> Iterator[Update]:
    """The grid of this quarter's readings with their RAG letters and colours."""
    header = ("KQI", "Measure", "GOOD", "All teams", *board.teams)
    rows = tuple(
        (
            number_or_text(", ".join(result.measure.kqis)),
            result.measure.name,
            good(result.measure.limits, result.measure.unit) or NOT_APPLICABLE,
            cell(result.now, result.rag, result.measure),
            *(
                cell(result.teams[team].reading, result.teams[team].rag, result.measure)
                for team in board.teams
            ),
        )
        for result in board.measures
    )
    yield SetCell(Name.BY_TEAM_TITLE.value, titled(board.council, f"By team, {board.period}"))
    yield SetArea(Name.BY_TEAM_GRID.value, (header, *rows), board.names)
    yield SetRules(Name.BY_TEAM_GRID.value, "", FIGURE_FILLS)


def cell(reading: Reading, rag: RAG, measure: Measure) -> str:
    """``A 84.1%``, a bare figure where nothing is rated, or the mark that stands for a reason."""
    if reading.value is None:
        return reading.reason.split(" ")[0]
    text = figure(reading.value, measure.unit, measure.decimals)
    return text if rag is RAG.NOT_RATED else f"{rag.letter} {text}"
