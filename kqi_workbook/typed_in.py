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
from itertools import repeat

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows
from kqi_workbook.books.cells import CellError, TableCells, Value
from kqi_workbook.books.conversions import convert, shown
from kqi_workbook.layout import DONE, Kind
from kqi_workbook.pages.marks import number_or_text
from kqi_workbook.scorecard.checks.checked import Checked, Said
from kqi_workbook.scorecard.fields import filled
from kqi_workbook.scorecard.model import Finding, Place, Severity
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable, as_number

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
    cells: Mapping[str, TableCells],
    tables: Mapping[str, DataTable],
    of: Quarter | None,
    quarter: Quarter,
) -> tuple[tuple[TypedLine, ...], tuple[TypedLine, ...]]:
    """Every line of the Scorecard's words that is neither in its tab nor was written by a refresh,
    and every line that is not in its tab and that History cannot tell of.

    They count for the quarter that the Scorecard is ``of``, in a workbook that was never refreshed
    for ``quarter``. Words whose tab is not among the ``tables`` that could be read stay where they
    are: see :func:`fillable`.
    """
    history = cells.get(layout.HISTORY.name)
    typed: list[TypedLine] = []
    unsure: list[TypedLine] = []
    for words in _WORDS:
        if words.table.name not in tables:
            continue
        tab = cells[words.table.name]
        strangers = partial(_strangers, cells, words, (of or quarter).label)
        if history is not None and words.remembered in history.columns:
            own = {*_said(tab, words.text, of), *_said(history, words.remembered, of)}
            typed += strangers(partial(_is_among, own))
        else:
            unsure += strangers(partial(_with_fields, {*_said(tab, words.text)}))
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
        rows = [_row(line, words) for line in lines if line.table is words.table]
        if rows:
            columns = [column.name for column in words.table.columns]
            updates.append(AddRows.by_name(words.table.name, columns, rows))
    return tuple(updates)


def _row(line: TypedLine, words: _Words) -> Mapping[str, Value]:
    kqi = number_or_text(line.kqi) or None
    return {"Quarter": line.quarter, "KQI": kqi, words.text: line.text, words.by: MARK}


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
        if table := checked.tables.get(words.table.name):
            yield from _marked(checked, table, words)


def errors(cells: Mapping[str, TableCells]) -> Iterator[Finding]:
    """A note for each Excel error where words should be.

    It is told and not written onto Checks: the refresh that finds it writes over it.
    """
    scorecard = cells[layout.SCORECARD.name]
    for words in _WORDS:
        for row, value in enumerate(scorecard.columns[words.shown]):
            if isinstance(value, CellError):
                place = Place(scorecard.sheet, scorecard.address(words.shown, row))
                yield Finding(
                    code="error-typed",
                    severity=Severity.NOTE,
                    what=f"{place} held {value.code}, which says nothing that could be moved to "
                    f"the {words.table.sheet} tab.",
                    todo=f"Type what it was to say into the {words.table.sheet} tab.",
                    place=place,
                    kqi=_kqi(scorecard.columns["KQI"][row]),
                )


def late(lines: tuple[TypedLine, ...], quarter: Quarter) -> Iterator[str]:
    """``Scorecard E6: typed in, moved to Commentary under Q3 2013-14``: what another quarter's
    scorecard held, and this one does not show."""
    late = (line for line in lines if line.quarter != quarter.label)
    yield from dict.fromkeys(
        f"{line.place}: typed in, moved to {line.table.sheet} under {line.quarter}" for line in late
    )


def _marked(checked: Checked, table: DataTable, words: _Words) -> Iterator[Finding]:
    """The rows with the mark, of the quarter and of the one before: what was typed before the
    first refresh of a quarter went there. Actions that have come along are named once."""
    here: set[tuple[str, str]] = set()
    quarter = checked.quarter
    for of in (quarter, quarter.previous):
        for row, record in table.of_quarter(of.label).records():
            kqi, text = str(record["KQI"]), str(record[words.text])
            known = (kqi, plain(text)) in here
            here.add((kqi, plain(text)))
            if record[words.by] != MARK or (of != quarter and (known or _is_settled(record))):
                continue
            place = table.place(row, words.text)
            quoted = checked.quote(Said(kqi, "line", text, place))
            when, todo = "", "Change it there from now on, and put a name into"
            if of != quarter:
                when = f" while it showed {of}"
                todo = f"If it is of {quarter}, change its Quarter there. Put a name into"
            yield Finding(
                code="typed-in",
                severity=Severity.NOTE,
                what=f"{quoted} was typed into the Scorecard{when}, and was moved to "
                f"the {words.table.sheet} tab.",
                todo=f"{todo} {words.by}.",
                place=place,
                kqi=kqi,
            )


def _is_settled(record: Mapping[str, object]) -> bool:
    """Whether an action is done, or came along into its quarter, where it was not typed then."""
    return record.get("Status") == DONE or as_number(record.get("Quarters open")) is not None


def quarter_shown(title: str, history: TableCells | None) -> Quarter | None:
    """The quarter that the Scorecard shows: the one of History that its title names; where it names
    none, the last one of History, as a refresh leaves it there."""
    known = map(_quarter, history.columns["Quarter"] if history else ())
    quarters = [quarter for quarter in known if quarter]
    named = [quarter for quarter in quarters if quarter.words in title]
    return next(reversed(named or quarters), None)


def _strangers(
    cells: Mapping[str, TableCells],
    words: _Words,
    quarter: str,
    is_own: Callable[[tuple[str, str]], bool],
) -> Iterator[TypedLine]:
    """Lines of the Scorecard's words that are neither in their tab nor a refresh's own."""
    scorecard = cells[layout.SCORECARD.name]
    for row, number in enumerate(scorecard.columns["KQI"]):
        kqi = _kqi(number)
        known: set[str] = set()
        for text in _lines(scorecard.columns[words.shown][row]):
            if plain(text) not in known and not is_own((kqi, plain(text))):
                known.add(plain(text))
                place = Place(scorecard.sheet, scorecard.address(words.shown, row))
                yield TypedLine(words.table, quarter, kqi, text, place)


def _is_among(own: set[tuple[str, str]], said: tuple[str, str]) -> bool:
    """Whether a line is one of its KQI; of any KQI, where its row names none."""
    kqi, text = said
    return said in own or (not kqi and any(text == line for _, line in own))


def _with_fields(own: set[tuple[str, str]], said: tuple[str, str]) -> bool:
    """Whether a line is one of its tab with the figures of some refresh in the place of fields."""
    kqi, text = said
    return any(filled(line).fullmatch(text) for of, line in own if kqi in (of, ""))


def _said(
    table: TableCells, column: str, quarter: Quarter | None = None
) -> Iterator[tuple[str, str]]:
    """The KQI and the plain words of each line of a column: of one quarter, or of every row."""
    quarters = table.columns["Quarter"] if quarter else repeat(None)
    for of, number, text in zip(
        quarters, table.columns["KQI"], table.columns[column], strict=False
    ):
        if text is not None and (not quarter or _quarter(of) == quarter):
            for line in _lines(text):
                yield _kqi(number), plain(line)


def _quarter(value: Value) -> Quarter | None:
    label = convert(Kind.QUARTER, value)
    return Quarter.parse(label) if isinstance(label, str) else None


def _kqi(number: Value) -> str:
    return "" if isinstance(number, CellError) else shown(number)


def _lines(text: Value) -> Iterator[str]:
    for line in () if isinstance(text, CellError) else shown(text).split("\n"):
        bare = _BULLET.sub("", line).strip()
        if bare:
            yield bare
