"""The next quarter's workbook from this one: the old file stays as it is.

The quarter moves on in Settings. Data, history, sheets and formats come along. Commentary stays in
its tab under its own quarter, judgements are not carried, and actions that are not done are set
under the new quarter with the number of quarters they have run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows, Book, CopyField, SetField
from kqi_workbook.books.cells import TableCells, Value, filled_to
from kqi_workbook.books.conversions import clean
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.share import here, look, save_new
from kqi_workbook.books.typed import headed
from kqi_workbook.contents import Contents, read_contents
from kqi_workbook.errors import LayoutError
from kqi_workbook.layout import DONE, Setting
from kqi_workbook.refreshing import Refreshed, quarter_of, refresh
from kqi_workbook.scorecard.definitions import define
from kqi_workbook.scorecard.model import Place
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import as_number


@dataclass(frozen=True)
class MovedOn:
    """The new workbook: where it is, its quarter, how many actions came along, and which cells
    beside or among its figures were emptied, as a refresh empties them."""

    path: Path
    quarter: Quarter
    actions: int
    refreshed: Refreshed
    emptied: tuple[str, ...] = ()


def next_quarter(
    path: str | os.PathLike[str],
    new: str | os.PathLike[str] | None = None,
) -> MovedOn:
    """Make the next quarter's workbook beside this one, or at ``new``; nothing is overwritten.

    Raises KQIWorkbookError when Settings names no quarter, when the actions cannot be read, when
    the new file is there already, or when Excel would not open it under that name.
    """
    seen = look(path)
    book = FileBook(seen.content, seen.path.name)
    if new is not None:
        book.refuse_ending_of(Path(new).name)
    book.make_workbook()
    quarter = quarter_of(book, *define(read_contents(book).tables))
    target = Path(new) if new is not None else _beside(Path(seen.path), quarter, book.suffix)
    today = here().now().date()
    before = refresh(book, quarter, today=today)  # text typed into the Scorecard goes into its tab
    actions = move_on(book, quarter)
    done = refresh(book, today=today)
    save_new(target, book.content(), book.must_hold)
    emptied = before.written.emptied if before.written else ()
    return MovedOn(target, quarter.next, actions, done, emptied)


def move_on(book: Book, quarter: Quarter) -> int:
    """Set a book to the quarter after ``quarter``; returns how many actions were carried over.

    Raises LayoutError when its actions cannot be read: they would be left behind without a word.
    """
    contents = read_contents(book)
    _refuse_without_actions(contents)
    carried = _carried(contents, quarter)
    settings = _moved_settings(contents.cells[layout.SETTINGS.name], quarter.next)
    book.write([*settings, *([_added(carried.values(), quarter.next)] if carried else [])])
    if carried:
        book.write([*_copied(book, [*carried])])
    return len(carried)


def _moved_settings(settings: TableCells, quarter: Quarter) -> Iterator[SetField]:
    """The quarter wherever it is set: of two such rows the lower one counts."""
    rows = zip(settings.columns["Setting"], settings.columns["Value"], strict=True)
    for row, (name, value) in enumerate(rows):
        if plain(clean(str(name))) == plain(Setting.QUARTER.value) and value:
            yield SetField(settings.table, "Value", row, quarter.label)


def _refuse_without_actions(contents: Contents) -> None:
    if layout.ACTIONS.name not in contents.tables:
        place = Place(layout.ACTIONS.sheet)
        why = next(f for f in contents.findings if f.code == "missing-table" and f.place == place)
        raise LayoutError(
            "No workbook was made, as the actions that are not done could not come along. "
            f"{why.what} {why.todo}"
        )


def _carried(contents: Contents, quarter: Quarter) -> Mapping[int, int]:
    """The actions that are not done: which rows of the table, counted from 0, and the quarters
    that each will have run."""
    name = layout.ACTIONS.name
    actions, cells = contents.tables[name], contents.cells[name]
    rows: dict[int, int] = {}
    for number, record in actions.of_quarter(quarter.label).records():
        if str(record["Status"]).casefold() != DONE.casefold():
            run = as_number(record["Quarters open"])
            rows[number - cells.header_row - 1] = (1 if run is None else int(run)) + 1
    return rows


def _added(runs: Iterable[int], quarter: Quarter) -> AddRows:
    columns = [column.name for column in layout.ACTIONS.columns]
    rows: list[dict[str, Value]] = [{"Quarter": quarter.label, "Quarters open": n} for n in runs]
    return AddRows.by_name(layout.ACTIONS.name, columns, rows)


def _copied(book: Book, carried: Sequence[int]) -> Iterator[CopyField]:
    """What else stands in the rows that are carried, staff's own columns and all."""
    table = layout.ACTIONS
    cells = headed(book.read([table.name])[table.name], table)
    end = filled_to([cells.columns["Quarter"]])
    for row, of in zip(range(end - len(carried), end), carried, strict=True):
        for header in cells.columns:
            if header not in ("Quarter", "Quarters open"):
                yield CopyField(table.name, header, row, of)


def _beside(path: Path, quarter: Quarter, suffix: str) -> Path:
    """``Q4 2013-14 scorecard.xlsx`` becomes ``Q1 2014-15 scorecard.xlsx``."""
    if quarter.label in path.stem:
        return path.with_name(path.stem.replace(quarter.label, quarter.next.label) + suffix)
    return path.with_name(f"{path.stem} {quarter.next.label}{suffix}")
