"""Text that people typed straight into the Scorecard, found before it is written over.

A line of its commentary or action cells that no refresh wrote, as the History tab remembers, goes
into the Commentary or Actions tab as a point of the quarter that the Scorecard shows. Where History
does not remember, nobody can tell whose words they are: nothing is moved, and nothing written over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows
from kqi_workbook.books.cells import TableCells, Value
from kqi_workbook.pages.history import quarter_shown
from kqi_workbook.pages.marks import number_or_text
from kqi_workbook.scorecard.checks.checked import Checked, Said
from kqi_workbook.scorecard.fields import filled
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
) -> tuple[tuple[TypedLine, ...], tuple[TypedLine, ...]]:
    """Every line of the Scorecard's words that is neither in its tab nor was written by a refresh,
    and every line that is not in its tab and that History cannot tell of.

    ``quarter`` is the one they count for in a workbook that was never refreshed. Words whose tab is
    not among the ``tables`` that could be read stay where they are: see :func:`fillable`.
    """
    history = cells.get(layout.HISTORY.name)
    shown = quarter_shown(history) or quarter.label
    typed: list[TypedLine] = []
    unsure: list[TypedLine] = []
    for words in _WORDS:
        if words.table.name not in tables:
            continue
        if history is not None and words.remembered in history.columns:
            typed += _strangers(cells, words, shown, partial(_remembered, history, words))
        else:
            unsure += _strangers(cells, words, shown, partial(_with_fields, cells, words))
    return tuple(typed), tuple(unsure)


def fillable(
    cells: Mapping[str, TableCells],
    tables: Mapping[str, DataTable],
    unsure: tuple[TypedLine, ...],
) -> dict[str, TableCells]:
    """The tables as a refresh may fill them: without the Scorecard's words whose tab could not be
    read, or among which are ``unsure`` lines, as what people typed there would be lost."""
    scorecard = cells[layout.SCORECARD.name]
    kept = [
        words.shown
        for words in _WORDS
        if words.table.name not in tables or any(line.table is words.table for line in unsure)
    ]
    columns = {name: column for name, column in scorecard.columns.items() if name not in kept}
    return {**cells, layout.SCORECARD.name: replace(scorecard, columns=columns)}


def moved(lines: tuple[TypedLine, ...]) -> tuple[AddRows, ...]:
    """The rows to add to the Commentary and Actions tabs."""
    updates = []
    for words in _WORDS:
        rows = tuple(
            (line.quarter, number_or_text(line.kqi) or None, line.text, MARK)
            for line in lines
            if line.table is words.table
        )
        if rows:
            columns = ("Quarter", "KQI", words.text, words.by)
            updates.append(AddRows(words.table.name, columns, rows))
    return tuple(updates)


def findings(checked: Checked, unsure: tuple[TypedLine, ...]) -> Iterator[Finding]:
    """A note for each line that was moved, until a person puts a name in the place of the mark,
    and an error for each one that keeps its column from being filled."""
    for line in unsure:
        text = checked.quote(Said(line.kqi, "line", line.text, line.place))
        yield Finding(
            code="in-no-tab",
            severity=Severity.ERROR,
            what=f"{text} is in the Scorecard and not in the {line.table.sheet} tab. Without its "
            "column in the History tab nobody can tell whether somebody typed it, so this column "
            "of the Scorecard was left as it was.",
            todo=f"Copy it into the {line.table.sheet} tab if it is to stay, delete it from the "
            "Scorecard, and refresh again.",
            place=line.place,
            kqi=line.kqi,
        )
    for words in _WORDS:
        table = checked.tables.get(words.table.name)
        if table is None:
            continue
        for row, record in table.of_quarter(checked.quarter.label).records():
            if record[words.by] == MARK:
                kqi, place = str(record["KQI"]), table.place(row, words.text)
                text = checked.quote(Said(kqi, "line", str(record[words.text]), place))
                yield Finding(
                    code="typed-in",
                    severity=Severity.NOTE,
                    what=f"{text} was typed into the Scorecard, and was moved to "
                    f"the {words.table.sheet} tab.",
                    todo=f"Change it there from now on, and put a name into {words.by}.",
                    place=place,
                    kqi=kqi,
                )


def _strangers(
    cells: Mapping[str, TableCells],
    words: _Words,
    quarter: str,
    is_own: Callable[[str, str], bool],
) -> Iterator[TypedLine]:
    """Lines of the Scorecard's words that are neither in their tab nor a refresh's own."""
    scorecard = cells[layout.SCORECARD.name]
    for row, number in enumerate(scorecard.columns["KQI"]):
        kqi = _kqi(number)
        known = set(map(plain, _in_tab(cells, words, kqi)))
        for text in _lines(scorecard.columns[words.shown][row]):
            if plain(text) not in known and not is_own(kqi, plain(text)):
                known.add(plain(text))
                place = Place(scorecard.sheet, scorecard.address(words.shown, row))
                yield TypedLine(words.table, quarter, kqi, text, place)


def _remembered(history: TableCells, words: _Words, kqi: str, text: str) -> bool:
    """Whether a refresh wrote a line, as History has it."""
    rows = zip(history.columns["KQI"], history.columns[words.remembered], strict=True)
    return any(
        text in map(plain, _lines(written)) for number, written in rows if _kqi(number) == kqi
    )


def _with_fields(cells: Mapping[str, TableCells], words: _Words, kqi: str, text: str) -> bool:
    """Whether a line is one of its tab with the figures of some refresh in the place of fields."""
    return any(filled(plain(line)).fullmatch(text) for line in _in_tab(cells, words, kqi))


def _in_tab(cells: Mapping[str, TableCells], words: _Words, kqi: str) -> Iterator[str]:
    tab = cells[words.table.name].columns
    for number, text in zip(tab["KQI"], tab[words.text], strict=True):
        if _kqi(number) == kqi:
            yield from _lines(text)


def _kqi(number: Value) -> str:
    return "" if number is None else str(number)


def _lines(text: Value) -> Iterator[str]:
    for line in str(text or "").split("\n"):
        bare = _BULLET.sub("", line).strip()
        if bare:
            yield bare
