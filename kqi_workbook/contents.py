"""What a workbook holds, held against the contract: typed tables, and what is missing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows, Book
from kqi_workbook.books.cells import TableCells, Value, filled_to, value_of
from kqi_workbook.books.typed import headed, typed
from kqi_workbook.errors import LayoutError
from kqi_workbook.scorecard.model import Finding, Place, Severity
from kqi_workbook.scorecard.nearest import did_you_mean
from kqi_workbook.scorecard.tables import DataTable

_ROW = re.compile(r"\d+")

NEEDED = (layout.SCORECARD, *layout.DEFINITION_TABLES)
"""Without these there is nothing to fill, or nothing to fill it by."""

_GIVE_IT_BACK = (
    "Give it back its name (for a table: click into it, then Table Design, Table Name), or copy "
    "the tab from a new workbook."
)


@dataclass(frozen=True)
class Contents:
    """The workbook's tables: as they stand, and typed where the contract types them.

    Headers are the contract's, whatever case and spaces they stand in on the sheet.
    ``findings`` name every row that could not be read and every table that is missing.
    """

    cells: Mapping[str, TableCells]
    tables: Mapping[str, DataTable]
    findings: tuple[Finding, ...]


def read_contents(
    book: Book, added: Sequence[AddRows] = (), before: Contents | None = None
) -> Contents:
    """Read every table of the contract that the workbook has, as it is once rows are ``added``.

    The cells are those of ``before`` where they have been read already.

    Raises LayoutError when one that the scorecard cannot do without is missing or has a column
    missing or renamed, and when the workbook is of another kind altogether.
    """
    here = book.tables
    if not any(table.name in here for table in NEEDED):
        raise LayoutError(
            f"{book.name} is not a KQI workbook: it has none of the tables "
            f"{', '.join(table.name for table in NEEDED)}. Name the one to refresh, or make one "
            "with kqi new."
        )
    missing = [table for table in layout.TABLES.values() if table.name not in here]
    for table in missing:
        if table in NEEDED:
            raise LayoutError(f"{book.name}: {_no_table(table, book)}. {_GIVE_IT_BACK}")
    findings = [
        _not_counted(table, _no_table(table, book))
        for table in missing
        if table in layout.READ_TABLES
    ]
    findings += _places_gone(book, missing)
    names = [table.name for table in layout.TABLES.values() if table not in missing]
    read = before.cells if before else book.read(names)
    cells = {name: headed(found, layout.TABLES[name]) for name, found in read.items()}
    cells |= {update.table: _with_rows(cells[update.table], update) for update in added}
    tables: dict[str, DataTable] = {}
    for name, found in cells.items():
        table = layout.TABLES[name]
        if table in layout.WRITTEN_TABLES:
            findings += _columns_gone(table, found)
        if table in layout.READ_TABLES or table is layout.HISTORY:
            try:
                tables[name], problems = typed(found, table)
            except LayoutError as error:
                if table in NEEDED:
                    raise
                problems = [_not_counted(table, str(error).rstrip("."))]
            findings += problems
        if table in layout.READ_TABLES:
            findings += _not_in_the_table(found)
    return Contents(cells, tables, tuple(findings))


def _with_rows(cells: TableCells, update: AddRows) -> TableCells:
    """The cells with rows where writing them puts them."""
    used = filled_to(cells.columns[name] for name in update.columns)
    blank: list[Value] = [None] * len(update.rows)
    below = {
        header: [*map(value_of, values)]
        for header, values in zip(update.columns, zip(*update.rows, strict=True), strict=True)
    }
    columns = {
        header: [*column[:used], *below.get(header, blank)]
        for header, column in cells.columns.items()
    }
    last_row = cells.header_row + used + len(update.rows)
    return replace(cells, columns=columns, below=_below(cells, last_row))


def _below(cells: TableCells, last_row: int) -> str:
    """What is filled below the table once that ends there: what is in its way moves down."""
    rows = [*map(int, _ROW.findall(cells.below))]
    more = last_row - cells.last_row
    if more > 0 and rows and rows[0] <= last_row + 1:
        return _ROW.sub(lambda row: str(int(row[0]) + more), cells.below)
    return cells.below


def _no_table(table: layout.Table, book: Book) -> str:
    near = did_you_mean(table.name, [n for n in book.tables if n not in layout.TABLES])
    return f"the table {table.name} of the {table.sheet} tab is missing{near}"


def _not_counted(table: layout.Table, what: str) -> Finding:
    return Finding(
        code="missing-table",
        severity=Severity.ERROR,
        what=f"{what[0].upper()}{what[1:]}. Nothing of it was counted.",
        todo=_GIVE_IT_BACK,
        place=Place(table.sheet),
    )


def _places_gone(book: Book, missing: Sequence[layout.Table]) -> Iterator[Finding]:
    """What staff took out of the workbook stays out: a note for each sheet."""
    here = {name.casefold() for name in (*book.names, *layout.TABLES)}
    here -= {table.name.casefold() for table in missing}
    shown = book.tables
    tables = {table.sheet: table.name for table in layout.WRITTEN_TABLES}
    for own, places in layout.PLACES.items():
        gone = [place for place in places if place.casefold() not in here]
        if not gone:
            continue
        sheet = shown.get(tables.get(own, ""), own)
        what = f"lacks what was named {' and '.join(gone)}, so that was not filled"
        if len(gone) == len(places) and sheet not in book.sheets:
            what = "is gone, so it was not filled"
        link = sheet if sheet in book.sheets else shown[layout.SCORECARD.name]
        yield Finding(
            code="sheet-gone",
            severity=Severity.NOTE,
            what=f"The {sheet} tab {what}.",
            todo="Nothing, if it was taken out on purpose. If you want it back, start again from "
            "a backup or a new workbook.",
            place=Place(link),
        )


def _not_in_the_table(found: TableCells) -> Iterator[Finding]:
    if found.below:
        yield Finding(
            code="below-table",
            severity=Severity.WARNING,
            what=f"{found.sheet}: {found.below} is filled below the table, which does not reach "
            "over it. It was not counted.",
            todo="Drag the table's bottom right corner down over it, or move it away.",
            place=Place(found.sheet, found.below.split(":")[0]),
        )
    if found.far:
        yield Finding(
            code="far-cell",
            severity=Severity.NOTE,
            what=f"{found.sheet}: {found.far} is filled, far away from every table. "
            "It was not counted.",
            todo="Delete it, unless somebody put it there on purpose.",
            place=Place(found.sheet, found.far.split(":")[0]),
        )


def _columns_gone(table: layout.Table, found: TableCells) -> Sequence[Finding]:
    """What staff took off a sheet that the refresh writes stays off, unless it is the point."""
    gone = [column for column in table.columns if column.name not in found.columns]
    own = {column.name for column in table.columns}
    strangers = [name for name in found.columns if name not in own]
    for column in gone:
        near = did_you_mean(column.name, strangers)
        if column.required or near:
            raise LayoutError(
                f"The {found.sheet} tab has no column '{column.name}'{near}. "
                "Give the column that name back, or add it to the table."
            )
    if not gone:
        return []
    names = ", ".join(f"'{column.name}'" for column in gone)
    return [
        Finding(
            code="column-gone",
            severity=Severity.NOTE,
            what=f"The {found.sheet} tab has no {names}, so that was not filled.",
            todo="Add the column to the table again if you want it back.",
            place=Place(found.sheet),
        )
    ]
