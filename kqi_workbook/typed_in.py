"""Text that people typed straight into the Scorecard, found before it is written over.

A line of its commentary or action cells that no refresh wrote, as the History tab remembers, goes
into the Commentary or Actions tab as a point of the quarter that the Scorecard shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows
from kqi_workbook.books.cells import TableCells, Value
from kqi_workbook.layout import Kind
from kqi_workbook.pages.marks import number_or_text
from kqi_workbook.scorecard.model import Finding, Place, Severity
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable

MARK = "Typed into the Scorecard"

_BULLET = re.compile(r"^\s*[•·▪◦‣*\-–]\s+")


@dataclass(frozen=True)
class _Words:
    """A column of the Scorecard that is filled from a tab, and where its text goes."""

    shown: str
    remembered: str
    table: layout.Table
    text: str
    by: str


_WORDS = (
    _Words("Commentary points this quarter", "Commentary", layout.COMMENTARY, "Point", "Author"),
    _Words(
        "To get to GOOD, every social worker and ATM needs to focus on",
        "Actions",
        layout.ACTIONS,
        "Action",
        "Who",
    ),
)


@dataclass(frozen=True)
class TypedLine:
    """A line that a person typed into the Scorecard: of which KQI, for which quarter, where."""

    table: layout.Table
    quarter: str
    kqi: str
    text: str
    place: Place


def typed_lines(
    cells: Mapping[str, TableCells], tables: Mapping[str, DataTable], quarter: Quarter
) -> tuple[TypedLine, ...]:
    """Every line of the Scorecard's words that is neither in its tab nor was written by a refresh.

    ``quarter`` is the one they count for in a workbook that was never refreshed. Words whose tab is
    not among the ``tables`` that could be read stay where they are: see :func:`fillable`.
    """
    scorecard = cells[layout.SCORECARD.name]
    history = cells.get(layout.HISTORY.name)
    shown = _last(history) or quarter.label
    found: list[TypedLine] = []
    for words in _WORDS:
        if words.table.name not in tables:
            continue
        for row, kqi in enumerate(scorecard.columns["KQI"]):
            known = {*_remembered(history, words, kqi), *_in_tab(cells, words, kqi)}
            for text in _lines(scorecard.columns[words.shown][row]):
                if plain(text) not in known:
                    known.add(plain(text))
                    place = Place(scorecard.sheet, scorecard.address(words.shown, row))
                    found.append(TypedLine(words.table, shown, str(kqi), text, place))
    return tuple(found)


def fillable(
    cells: Mapping[str, TableCells], tables: Mapping[str, DataTable]
) -> dict[str, TableCells]:
    """The tables as a refresh may fill them: without the Scorecard's words whose tab could not be
    read, as what people typed there would be lost."""
    scorecard = cells[layout.SCORECARD.name]
    kept = [words.shown for words in _WORDS if words.table.name not in tables]
    columns = {name: column for name, column in scorecard.columns.items() if name not in kept}
    return {**cells, layout.SCORECARD.name: replace(scorecard, columns=columns)}


def moved(lines: tuple[TypedLine, ...]) -> tuple[AddRows, ...]:
    """The rows to add to the Commentary and Actions tabs."""
    updates = []
    for words in _WORDS:
        rows = tuple(
            (line.quarter, number_or_text(line.kqi), line.text, MARK)
            for line in lines
            if line.table is words.table
        )
        if rows:
            columns = ("Quarter", "KQI", words.text, words.by)
            updates.append(AddRows(words.table.name, columns, rows))
    return tuple(updates)


def counted_in(
    tables: Mapping[str, DataTable],
    cells: Mapping[str, TableCells],
    lines: tuple[TypedLine, ...],
) -> dict[str, DataTable]:
    """The typed tables with the lines as rows where they will stand, so that they count at once."""
    result = dict(tables)
    for words in _WORDS:
        new = [line for line in lines if line.table is words.table]
        table = result.get(words.table.name)
        if table is None or not new:
            continue
        first = _first_free_row(cells[words.table.name])
        blank = {
            column.name: "" if column.kind is Kind.TEXT else None for column in words.table.columns
        }
        rows = pd.DataFrame(
            [
                blank | {"Quarter": line.quarter, "KQI": line.kqi, words.text: line.text}
                for line in new
            ],
            index=range(first, first + len(new)),
        ).assign(**{words.by: MARK})
        rows = rows[list(table.rows.columns)].astype(table.rows.dtypes.to_dict())
        result[words.table.name] = replace(table, rows=pd.concat([table.rows, rows]))
    return result


def findings(tables: Mapping[str, DataTable], quarter: Quarter) -> Iterator[Finding]:
    """A note for each line that was moved, until a person puts a name in the place of the mark."""
    for words in _WORDS:
        table = tables.get(words.table.name)
        for row, record in table.of_quarter(quarter.label).records() if table else ():
            if record[words.by] == MARK:
                yield Finding(
                    code="typed-in",
                    severity=Severity.NOTE,
                    what=f"'{record[words.text]}' was typed into the Scorecard, and was moved to "
                    f"the {words.table.sheet} tab.",
                    todo=f"Change it there from now on, and put a name into {words.by}.",
                    place=table.place(row, words.text) if table else Place(words.table.sheet),
                    kqi=str(record["KQI"]),
                )


def _first_free_row(cells: TableCells) -> int:
    used = 0
    for column in cells.columns.values():
        filled = (i for i in range(len(column), used, -1) if column[i - 1] is not None)
        used = next(filled, used)
    return cells.header_row + 1 + used


def _last(history: TableCells | None) -> str:
    quarters = [value for value in history.columns["Quarter"] if value] if history else []
    return str(quarters[-1]) if quarters else ""


def _remembered(history: TableCells | None, words: _Words, kqi: Value) -> Iterator[str]:
    if history is not None and words.remembered in history.columns:
        rows = zip(history.columns["KQI"], history.columns[words.remembered], strict=True)
        for number, text in rows:
            if str(number) == str(kqi):
                yield from map(plain, _lines(text))


def _in_tab(cells: Mapping[str, TableCells], words: _Words, kqi: Value) -> Iterator[str]:
    tab = cells[words.table.name].columns
    for number, text in zip(tab["KQI"], tab[words.text], strict=True):
        if str(number) == str(kqi):
            yield from map(plain, _lines(text))


def _lines(text: Value) -> Iterator[str]:
    for line in str(text or "").split("\n"):
        bare = _BULLET.sub("", line).strip()
        if bare:
            yield bare
