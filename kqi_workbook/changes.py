"""What a refresh changes, told in sentences: the scorecard that was there beside the new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kqi_workbook import layout
from kqi_workbook.books.book import Broken, SetRows, Update, Written
from kqi_workbook.books.cells import CellError, Content, TableCells, Value
from kqi_workbook.books.conversions import shown
from kqi_workbook.books.sameness import same
from kqi_workbook.pages.marks import number_or_text, rag_cell, trend_cell
from kqi_workbook.scorecard.board import Row, Scorecard
from kqi_workbook.scorecard.model import RAG, Finding, Place, Severity, Trend
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.words import counted

MOST_AREAS = 3
"""Areas that a note names one by one."""

_REASON = "reason"
_SHOWN: Mapping[str, str] = {
    "Key Quality Indicator": "title",
    **dict.fromkeys(("Quantitative measures", *layout.TREND_LINE), "figures"),
    "Qualitative measures": "evidence",
    "Commentary points this quarter": "commentary",
    "To get to GOOD, every social worker and ATM needs to focus on": "actions",
    **dict.fromkeys((*layout.QUARTERS_AGO, "Last quarter"), "earlier RAG"),
    "Why this RAG": _REASON,
}
"""What a note calls the Scorecard's columns, but for RAG and trend, which it quotes."""

_TREND_WORDS: Mapping[object, str] = {trend_cell(trend): trend.value for trend in Trend}


def changes(
    before: Mapping[str, TableCells],
    was: Quarter | None,
    board: Scorecard,
    findings: Sequence[Finding],
    updates: Sequence[Update],
) -> tuple[str, ...]:
    """``KQI 2 RAG A -> G, figures``, ``3 findings new, 1 mended``; nothing where all is as it was.

    Where the Scorecard showed another quarter, all figures and words are others: that is said once,
    and of each KQI only its RAG and its trend.
    """
    moved_on = was not in (None, board.quarter)
    rows = () if moved_on else _lines_written(updates)
    return (
        *([f"{was} -> {board.quarter.label}"] if moved_on else []),
        *_rows(before[layout.SCORECARD.name], board, {line["KQI"]: line for line in rows}),
        *_findings(before, findings),
    )


def mended(written: Written) -> Iterator[str]:
    """``colours and arrows of the Scorecard tab set anew``."""
    for sheet in written.mended:
        yield f"colours and arrows of the {sheet} tab set anew"


def emptied(written: Written) -> Iterator[str]:
    """``By team K4:K12 emptied``: a team that is gone, or what somebody wrote right beside, into a
    column among the teams or where the figures have grown to."""
    for place in written.emptied:
        yield f"{place} emptied"


def broken_colours(broken: Sequence[Broken]) -> Iterator[Finding]:
    """A note a sheet whose conditional formats were broken up.

    It is told and not written onto Checks: the refresh that finds it mends it, and one that had
    written it there would leave the next one something to take out.
    """
    for one in broken:
        where = ", ".join(one.areas[:MOST_AREAS])
        more = len(one.areas) - MOST_AREAS
        where += f" and {counted(more, 'more place')}" if more > 0 else ""
        if one.copies:
            what = f"copies of the colours and arrows lie over {where}"
        else:
            fates = "split, copied, moved, changed or deleted"
            what = f"the colours and arrows over {where} were {fates}"
        yield Finding(
            "colours-mended",
            Severity.NOTE,
            f"{one.sheet}: {what}, as happens when cells are copied and pasted.",
            "Nothing: a refresh sets them anew. Cells pasted as values leave them whole.",
            Place(one.sheet, one.areas[0].split(":")[0]),
        )


def _rows(
    table: TableCells, board: Scorecard, written: Mapping[object, Mapping[str, Content]]
) -> Iterator[str]:
    named = (line for line in _lines(table) if not isinstance(line["KQI"], CellError | None))
    there = {shown(line["KQI"]).strip(): line for line in named}
    for row in board.rows:
        number = row.kqi.number
        old = there.pop(number, None)
        if old is None:
            yield f"KQI {number} new"
        elif told := [*_judged(row, old), *_words(old, written.get(number_or_text(number), {}))]:
            yield f"KQI {number} {', '.join(told)}"
    yield from (f"KQI {number} gone" for number in there)


def _judged(row: Row, old: Mapping[str, Value]) -> Iterator[str]:
    was, now = _rag(old["RAG for GOOD benchmark"]), _rag(rag_cell(row.rag))
    if was != now:
        yield f"RAG {was} -> {now}"
    trend = old["Trend"]
    if trend != trend_cell(row.trend):
        word = _TREND_WORDS.get(trend) or shown(trend)
        yield f"trend {word or 'blank'} -> {row.trend.value}"


def _words(old: Mapping[str, Value], new: Mapping[str, Content]) -> Sequence[str]:
    """What else of a KQI is shown anew. Its reason follows its figures, and is told alone only."""
    changed = (name for name in _SHOWN if name in new and not same(old[name], new[name]))
    told = [*dict.fromkeys(_SHOWN[name] for name in changed)]
    return [word for word in told if word != _REASON] or told


def _findings(before: Mapping[str, TableCells], findings: Sequence[Finding]) -> Iterator[str]:
    table = before.get(layout.CHECKS.name)
    if table is None:
        return  # which of them are new, nobody can tell
    was = {str(line["What is wrong"]) for line in _lines(table) if line["What is wrong"]}
    now = {finding.what for finding in findings}
    new, mended = len(now - was), len(was - now)
    if new or mended:
        yield f"{counted(new, 'finding')} new, {mended} mended"


def _lines_written(updates: Sequence[Update]) -> Iterator[dict[str, Content]]:
    for update in updates:
        if isinstance(update, SetRows) and update.table == layout.SCORECARD.name:
            yield from (dict(zip(update.columns, row, strict=True)) for row in update.rows)


def _lines(table: TableCells) -> Iterator[dict[str, Value]]:
    for values in zip(*table.columns.values(), strict=True):
        yield dict(zip(table.columns, values, strict=True))


def _rag(text: Value) -> str:
    """The letter of a cell, or its words where the letter is a dash."""
    letter, *words = shown(text).split("\n")
    return words[0] if words and letter == RAG.NOT_RATED.letter else letter or "blank"
