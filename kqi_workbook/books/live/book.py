"""The workbook that is open in Excel, read and written through xlwings while staff look on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from kqi_workbook.books.book import SetRows, Update, Written
from kqi_workbook.books.by_name import ByName
from kqi_workbook.books.cells import TableCells
from kqi_workbook.books.draft import MOST_COLUMNS, MOST_ROWS, Draft
from kqi_workbook.books.live.cells import contents, entries, plain
from kqi_workbook.books.live.excel import (
    SheetsProtected,
    calling_book,
    formulas,
    is_read_only,
    open_book,
    patiently,
    protected,
    room,
    unseen,
    values,
)
from kqi_workbook.books.live.rules import lying, mend
from kqi_workbook.books.live.writing import Undo, carry_out, cells_of
from kqi_workbook.books.ooxml.addresses import LAST_ROW, Area, column_letters
from kqi_workbook.books.ooxml.heights import is_cut_off
from kqi_workbook.books.plan import Plan, plan
from kqi_workbook.errors import CannotPatch, LayoutError
from kqi_workbook.scorecard.nearest import nearest

if TYPE_CHECKING:
    import xlwings

AT_ONCE = 1_000  # rows to look through for what was typed below a table
_CELLS = re.compile(r"=('(?:[^']|'')+'|[^'!]+)!\$?[A-Z]+\$?\d+(:\$?[A-Z]+\$?\d+)?\Z")


class LiveBook:
    """An open workbook. It satisfies `Book`, so that a refresh is the same as on a closed file.

    Saving is left to the user. As with every change from outside, Excel's Undo list is emptied.
    """

    def __init__(self, book: xlwings.Book) -> None:
        self._book = book

    @classmethod
    def attach(cls, file: str | None = None) -> LiveBook:
        """The open workbook of that name, or the active one.

        Args:
            file: The file's name, such as ``KQI scorecard.xlsm``. With its folder it is that file,
                and no other of the same name.

        Raises:
            ExcelNotReady: xlwings or Excel is missing, or no such workbook is open.
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        return cls(open_book(file))

    @classmethod
    def caller(cls) -> LiveBook:
        """The workbook whose button or macro started this Python.

        Raises:
            ExcelNotReady: Python was not started by a workbook.
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        return cls(calling_book())

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return patiently(lambda: self._book.name)

    @cached_property
    def _tables(self) -> Mapping[str, xlwings.main.Table]:
        return patiently(
            lambda: ByName(
                {table.name: table for sheet in self._book.sheets for table in sheet.tables}
            )
        )

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """Every Excel table in it: table name to sheet name."""
        return ByName({name: table.parent.name for name, table in self._tables.items()})

    @property
    def sheets(self) -> Sequence[str]:
        """The sheets' names in order."""
        return patiently(lambda: [sheet.name for sheet in self._book.sheets])

    @cached_property
    def names(self) -> Mapping[str, xlwings.Name]:
        """The defined names of the whole workbook that point to cells."""
        return patiently(
            lambda: ByName(
                {
                    name.name: name
                    for name in self._book.names
                    if "!" not in name.name and _CELLS.match(name.refers_to or "")
                }
            )
        )

    def read(self, tables: Sequence[str]) -> dict[str, TableCells]:
        """The cells of these tables: one call to Excel for each table's block.

        Blank rows at a table's end are left off. Cells that are filled directly below a table
        are named; those far away from it, which only a file's reader comes upon, are not.

        Raises:
            LayoutError: a table is not there, or shows no header row.
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        with unseen(self._book.app, "Refresh KQIs: reading") as say:
            found = {}
            for number, name in enumerate(tables, 1):
                say(f"Refresh KQIs: reading {name} ({number} of {len(tables)})")
                found[name] = patiently(partial(self._read, name))
            return found

    def write(self, updates: Sequence[Update]) -> Written:
        """Carry out all updates, or leave the workbook as it was.

        The old cells are read first and the new ones read back after writing, so that what Excel
        makes of them is known and everything can be put back.

        Raises:
            LayoutError: a table, column or name is not there.
            SheetsProtected: sheets to be written are protected.
            CannotPatch: the workbook is open read-only, or an update cannot be carried out;
                everything is as it was.
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        self._refuse_read_only()
        with unseen(self._book.app, "Refresh KQIs: writing") as say:
            planned = patiently(lambda: self._plan(updates))
            self._refuse_protected(planned)
            with Undo(self._book) as undo:
                for number, draft in enumerate(planned.drafts.values(), 1):
                    say(f"Refresh KQIs: writing {draft.sheet} ({number} of {len(planned.drafts)})")
                    carry_out(self._book, draft, self._tables.get(draft.table), undo)
                lay = {
                    sheet: patiently(partial(mend, self._book.sheets[sheet], wanted))
                    for sheet, wanted in planned.rules.items()
                }
        cells = sum(len(list(draft.changes())) for draft in planned.drafts.values())
        mended = {sheet: found for sheet, found in lay.items() if found is not None}
        broken = [one for sheet, was in mended.items() for one in planned.broken(sheet, was.astray)]
        return Written(cells, tuple(mended), tuple(broken), planned.resized, planned.emptied)

    def foresee(self, updates: Sequence[Update]) -> Written:
        """What writing these updates would do, but for what Excel would refuse; nothing is written.

        Raises:
            LayoutError: a table, column or name is not there.
            CannotPatch: an update cannot be carried out.
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        with unseen(self._book.app, "Refresh KQIs: checking"):
            planned = patiently(lambda: self._plan(updates))
            found = {
                sheet: patiently(partial(lying, self._book.sheets[sheet], wanted))
                for sheet, wanted in planned.rules.items()
            }
        broken = [one for sheet, now in found.items() for one in planned.broken(sheet, now.astray)]
        return planned.foreseen(broken)

    def cut_off(self, rows: SetRows) -> Sequence[Sequence[str]]:
        """For each of a table's rows, once written: the columns with more lines of text than the
        highest row that a sheet can have.

        Raises:
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        with unseen(self._book.app, "Refresh KQIs: measuring"):
            cuts_off = patiently(partial(self._room, rows))
        return [
            [
                name
                for name, content in zip(rows.columns, row, strict=True)
                if isinstance(content, str) and cuts_off[name](content)
            ]
            for row in rows.rows
        ]

    def says(self, name: str) -> str:
        """What the first cell of a named area says, '' where that is no text or has gone.

        Raises:
            ExcelBusy: a cell is being edited, or a dialog is open.
        """
        return patiently(partial(self._area_draft, name)).says if name in self.names else ""

    # ---- reading

    def _read(self, name: str) -> TableCells:
        cells = self._body_with_header(name)
        table, area = self._tables[name], _area(cells)
        look_below = not table.show_totals and area.bottom < LAST_ROW
        block = values(cells.resize(area.height + 1) if look_below else cells)
        header, *rows = [[plain(value) for value in row] for row in block]
        below = ""
        if look_below and any(value is not None for value in rows.pop()):
            below = self._strays_below(name, area)
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        headers = ["" if text is None else str(text) for text in header]
        return TableCells(
            sheet=table.parent.name,
            table=name,
            header_row=area.top,
            letters={text: column_letters(area.left + i) for i, text in enumerate(headers)},
            columns={text: [row[i] for row in rows] for i, text in enumerate(headers)},
            below=below,
            last_row=area.bottom,
        )

    def _strays_below(self, name: str, area: Area) -> str:
        """The filled rows directly below a table, unless they are another table's."""
        sheet = self.tables[name]
        under = replace(area, top=area.bottom + 1, bottom=area.bottom + 1)
        others = [
            table.range
            for other, table in self._tables.items()
            if other.casefold() != name.casefold() and self.tables[other] == sheet
        ]
        if any(_area(other).meets(under) for other in others):
            return ""
        while under.bottom < LAST_ROW:
            chunk = replace(
                under, top=under.bottom + 1, bottom=min(under.bottom + AT_ONCE, LAST_ROW)
            )
            filled = [
                any(v not in (None, "") for v in row) for row in values(self._cells(sheet, chunk))
            ]
            unbroken = [*filled, False].index(False)
            under = replace(under, bottom=under.bottom + unbroken)
            if unbroken < len(filled):
                break
        return str(under)

    def _body_with_header(self, name: str) -> xlwings.Range:
        table = self._table(name)
        if not table.show_headers:
            raise LayoutError(
                f"{table.parent.name}: the table {name} has no header row. Click into it and tick "
                "Table Design, Header Row."
            )
        cells = table.range
        return cells.resize(cells.shape[0] - 1) if table.show_totals else cells

    def _table(self, name: str) -> xlwings.main.Table:
        if name not in self._tables:
            raise LayoutError(f"{self.name} has no table {_named(name, self._tables)}")
        return self._tables[name]

    def _named_area(self, name: str) -> xlwings.Range:
        if name not in self.names:
            raise LayoutError(f"{self.name} has no cells named {_named(name, self.names)}")
        return self.names[name].refers_to_range

    def _room(self, rows: SetRows) -> Mapping[str, Callable[[str], bool]]:
        """Whether a text would be cut off in each of a table's columns, as its first row looks."""
        draft = self._draft(rows.table)
        cells = self._cells(draft.sheet, draft.area)
        columns = zip(rows.columns, draft.positions(rows.columns), strict=True)
        return {name: partial(is_cut_off, *room(cells(1, 1 + i))) for name, i in columns}

    # ---- planning

    def _plan(self, updates: Sequence[Update]) -> Plan:
        planned = plan(updates, self._draft)
        for draft in planned.drafts.values():
            self._check_room(draft, planned.drafts.values())
            for block in draft.blocks():
                entries(block.new)
        return planned

    def _draft(self, name: str) -> Draft:
        return self._table_draft(name) if name in self._tables else self._area_draft(name)

    def _table_draft(self, name: str) -> Draft:
        cells = self._body_with_header(name)
        area = _area(cells)
        header, *rows = contents(values(cells), formulas(cells))
        return Draft(
            sheet=cells.sheet.name,
            area=Area(area.top + 1, area.left, area.bottom, area.right),
            old=rows,
            headers=tuple(str(text or "") for text in header),
            table=name,
        )

    def _area_draft(self, name: str) -> Draft:
        cells = self._named_area(name)
        area = _area(cells).first(MOST_ROWS, MOST_COLUMNS)
        cells = self._cells(cells.sheet.name, area)
        return Draft(cells.sheet.name, area, contents(values(cells), formulas(cells)))

    def _check_room(self, draft: Draft, drafts: Collection[Draft]) -> None:
        if len(draft.new) == len(draft.old):
            return
        if self._tables[draft.table].show_totals:
            raise CannotPatch(
                f"{draft.sheet}: the table {draft.table} has a total row, which stands in the way "
                "of its new rows. Click into it, untick Table Design, Total Row, and refresh again."
            )
        needed = draft.grows
        if needed is None:
            return
        under = replace(needed, bottom=LAST_ROW)
        for other in drafts:
            if other.sheet == draft.sheet and under.meets(other.area):
                raise CannotPatch(
                    f"{draft.sheet}: the table {draft.table} needs {needed} for new rows, and "
                    f"{other.table or 'a named area'} that is refreshed too stands below it. Move "
                    "it to the right or above, and refresh again."
                )
        below = formulas(self._cells(draft.sheet, needed))
        draft.make_room = any(text not in ("", None) for row in below for text in row)

    def _refuse_read_only(self) -> None:
        if patiently(lambda: is_read_only(self._book)):
            raise CannotPatch(
                f"{self.name} is open read-only, so that a refresh could not be saved in it. "
                "Somebody else may have it open: close it, and open it again when they have "
                "finished. Or save it under another name first (File, Save As)."
            )

    def _refuse_protected(self, planned: Plan) -> None:
        names = dict.fromkeys([*(draft.sheet for draft in planned.drafts.values()), *planned.rules])
        locked = patiently(lambda: protected([self._book.sheets[name] for name in names]))
        if locked:
            raise SheetsProtected(
                f"Protected, and to be written: {', '.join(locked)}. Choose Review, Unprotect "
                "Sheet on each and refresh again."
            )

    def _cells(self, sheet: str, area: Area) -> xlwings.Range:
        return cells_of(self._book, sheet, area)


def _area(cells: xlwings.Range) -> Area:
    height, width = cells.shape
    top, left = cells.row, cells.column
    return Area(top, left, top + height - 1, left + width - 1)


def _named(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"'{name}'." + (f" Is it '{near}'? Give it its name back." if near else "")
