"""The Scorecard sheet: one row a KQI, in the order of the seed's columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kqi_workbook import layout
from kqi_workbook.books.book import SetCell, SetRows, SetRules, Update
from kqi_workbook.books.cells import Content
from kqi_workbook.layout import Name
from kqi_workbook.pages.marks import (
    ARROWS,
    RAG_FILLS,
    bullets,
    number_or_text,
    rag_cell,
    titled,
    trend_cell,
)
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard
from kqi_workbook.scorecard.checks import verdict
from kqi_workbook.scorecard.evidence import EvidenceResult
from kqi_workbook.scorecard.model import RAG, Finding
from kqi_workbook.scorecard.quarters import months_to
from kqi_workbook.scorecard.words import figure, good

TABLE = layout.SCORECARD
COLUMNS = tuple(column.name for column in TABLE.columns)
RAG_COLUMNS = ("RAG for GOOD benchmark", *layout.QUARTERS_AGO, "Last quarter")
TREND_COLUMN = "Trend"
NOT_ON_FILE = "[x]"


def updates(board: Scorecard, findings: Sequence[Finding]) -> Iterator[Update]:
    """The title, whether it is ready to share, the rows, their colours and their arrows."""
    title = f"Children's Services Key Quality Indicators, {board.quarter.words}"
    yield SetCell(Name.SCORECARD_TITLE.value, titled(board.council, title))
    yield SetCell(
        Name.SCORECARD_STATUS.value,
        f"{verdict(findings)} (see Checks). "
        "Written by Refresh KQIs; type in the Commentary and Actions tabs.",
    )
    yield SetRows(
        TABLE.name, COLUMNS, tuple(_cells(row, board) for row in board.rows), key=TABLE.key
    )
    for name in RAG_COLUMNS:
        yield SetRules(TABLE.name, name, RAG_FILLS)
    yield SetRules(TABLE.name, TREND_COLUMN, ARROWS)


def _cells(row: Row, board: Scorecard) -> tuple[Content, ...]:
    quantitative = [r for r in row.measures if not r.measure.qualitative]
    return (
        number_or_text(row.kqi.number),
        row.kqi.title,
        bullets(_measure_line(result, row) for result in quantitative),
        bullets(_evidence_line(result, row) for result in row.evidence),
        bullets(point.text for point in row.commentary),
        rag_cell(row.rag, "judged" if row.judged else ""),
        trend_cell(row.trend),
        bullets(action.text for action in row.actions),
        row.why,
        *(rag.letter if rag else NOT_ON_FILE for rag in row.past[:-1]),
        rag_cell(row.last_rag) if row.last_rag else NOT_ON_FILE,
        *_trend_line(row, board),
    )


def _measure_line(result: MeasureResult, row: Row) -> str:
    """``CP visits on time 84.1% A (GOOD 90% or more), up from 81.0%``."""
    first = result.measure.kqis[0]
    seen = f" (see KQI {first})" if first != row.kqi.number else ""
    return f"{result.measure.name}{seen} {_figures(result)}"


def _figures(result: MeasureResult) -> str:
    measure = result.measure
    if result.now.value is None:
        return result.now.reason
    text = figure(result.now.value, measure.unit, measure.decimals)
    if result.rag is not RAG.NOT_RATED:
        text += f" {result.rag.letter} (GOOD {good(measure.limits, measure.unit)})"
    return ", ".join(part for part in (text, result.movement.phrase) if part)


def _evidence_line(result: EvidenceResult, row: Row) -> str:
    """The source, what its rows say, and the measures that are worked out from it."""
    rated = [
        f"{r.measure.name} {_figures(r)}"
        for r in row.measures
        if r.measure.qualitative
        and r.measure.source.casefold() == result.evidence.source.casefold()
        and r.now.value is not None
    ]
    return ". ".join((f"{result.evidence.source}: {result.line}", *rated))


def _trend_line(row: Row, board: Scorecard) -> tuple[float | None, ...]:
    months = months_to(board.quarter.end, layout.TREND_LINE_MONTHS)
    points = dict(row.headline.points) if row.headline else {}
    return tuple(points[month].value if month in points else None for month in months)
