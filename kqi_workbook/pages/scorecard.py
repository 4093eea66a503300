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
from kqi_workbook.scorecard.evidence import EvidenceResult, Part
from kqi_workbook.scorecard.model import RAG, Finding, GoodIs
from kqi_workbook.scorecard.quarters import months_to
from kqi_workbook.scorecard.words import NOT_AVAILABLE, figure, good

TABLE = layout.SCORECARD
COLUMNS = tuple(column.name for column in TABLE.columns)
RAG_COLUMNS = ("RAG for GOOD benchmark", *layout.QUARTERS_AGO, "Last quarter")
TREND_COLUMN = "Trend"


def updates(board: Scorecard, findings: Sequence[Finding]) -> Iterator[Update]:
    """The title, whether it is ready to share, the rows, their colours and their arrows."""
    title = f"Children's Services Key Quality Indicators, {board.period}"
    yield SetCell(Name.SCORECARD_TITLE.value, titled(board.council, title))
    status = (
        f"{verdict(findings)} (see Checks).",
        board.running_note,
        "Written by Refresh KQIs; type in the Commentary and Actions tabs.",
    )
    yield SetCell(Name.SCORECARD_STATUS.value, " ".join(filter(None, status)))
    yield rows(board)
    for name in RAG_COLUMNS:
        yield SetRules(TABLE.name, name, RAG_FILLS)
    yield SetRules(TABLE.name, TREND_COLUMN, ARROWS)


def rows(board: Scorecard) -> SetRows:
    """The table: a row a KQI."""
    cells = tuple(_cells(row, board) for row in board.rows)
    return SetRows(TABLE.name, COLUMNS, cells, key=TABLE.key)


def _cells(row: Row, board: Scorecard) -> tuple[Content, ...]:
    return (
        number_or_text(row.kqi.number),
        row.kqi.title,
        bullets(_quantitative_lines(row)),
        bullets(_qualitative_lines(row)),
        bullets(point.text for point in row.commentary),
        rag_cell(row.rag, "judged" if row.judged else ""),
        trend_cell(row.trend),
        bullets(action.text for action in row.actions),
        row.why,
        *(rag.letter if rag else NOT_AVAILABLE for rag in row.past[:-1]),
        rag_cell(row.last_rag) if row.last_rag else NOT_AVAILABLE,
        *_trend_line(row, board),
    )


def _quantitative_lines(row: Row) -> Iterator[str]:
    return _measure_lines([r for r in row.measures if not r.measure.qualitative], row)


def _qualitative_lines(row: Row) -> Iterator[str]:
    """A line a source, then the measures whose source is in the Evidence of another KQI alone."""
    for source in row.evidence:
        yield _evidence_line(source, row)
    qualitative = [r for r in row.measures if r.measure.qualitative]
    told = {r.measure.name for r in qualitative for e in row.evidence if e.informs(r.measure)}
    yield from _measure_lines([r for r in qualitative if r.measure.name not in told], row)


def _measure_lines(results: Sequence[MeasureResult], row: Row) -> Iterator[str]:
    """``CP visits on time 84.1% A (GOOD 90% or more), up from 81.0%``, a line a measure.

    Those that stand in full under another KQI take one line together: ``See KQI 3: ...``.
    """
    elsewhere: dict[str, list[str]] = {}
    own: list[str] = []
    for result in results:
        name, first = result.measure.name, result.measure.kqis[0]
        if first == row.kqi.number:
            own.append(f"{name} {_figures(result, name)}")
        else:
            elsewhere.setdefault(first, []).append(f"{name} {_standing(result, name)}")
    yield from (f"See KQI {first}: {'; '.join(said)}" for first, said in elsewhere.items())
    yield from own


def _figures(result: MeasureResult, name: str = "") -> str:
    """``84.1% A (GOOD 90% or more), up from 81.0%``, or the reason why it is without one of them.

    What is *Not judged* has a figure alone.
    """
    text, limits = _standing(result, name), result.measure.limits
    if result.now.value is not None and limits.good_is is not GoodIs.NOT_JUDGED:
        rated = result.rag is not RAG.NOT_RATED
        text += f" (GOOD {good(limits, result.measure.unit)})" if rated else " (no GOOD limits)"
    return ", ".join(filter(None, (text, result.movement.phrase)))


def _standing(result: MeasureResult, name: str) -> str:
    """``84.1% A``; without the unit where the name says it: ``Number of CP plans 153``."""
    measure = result.measure
    if result.now.value is None:
        return result.now.reason
    said = f" {measure.unit} ".casefold() in f" {name} ".casefold()
    text = figure(result.now.value, "" if said else measure.unit, measure.decimals)
    return text if result.rag is RAG.NOT_RATED else f"{text} {result.rag.letter}"


def _evidence_line(result: EvidenceResult, row: Row) -> str:
    """The source and what its rows say, with the figures of the measures worked out from it.

    A measure that counts what a part of the line tells needs no name of its own behind it.
    """
    figures: dict[Part, str] = {}
    named: list[str] = []
    for of in row.measures:
        if not result.informs(of.measure) or (of.now.value is None and result.says_why_not):
            continue
        part = result.part_of(of.measure)
        if part is None or part in figures:
            named.append(f"{of.measure.name} {_figures(of, of.measure.name)}")
        else:
            figures[part] = _figures(of)
    return ". ".join((f"{result.evidence.source}: {result.line_with(figures)}", *named))


def _trend_line(row: Row, board: Scorecard) -> tuple[float | None, ...]:
    months = months_to(board.quarter.end, layout.TREND_LINE_MONTHS)
    points = dict(row.headline.points) if row.headline else {}
    return tuple(points[month].value if month in points else None for month in months)
