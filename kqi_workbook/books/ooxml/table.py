"""An Excel table whose rows are added and taken away with all that belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.books.ooxml.follow import follow_references, follow_rows
from kqi_workbook.books.ooxml.formulas import has_relative_reference, shift
from kqi_workbook.books.ooxml.markup import child, children, descendants, is_true
from kqi_workbook.books.ooxml.room import check_totals, make_room, move_block
from kqi_workbook.books.ooxml.rows import Cell
from kqi_workbook.books.ooxml.shared import formula_of
from kqi_workbook.books.ooxml.text import to_markup
from kqi_workbook.errors import CannotPatch

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.package import Package, TableInfo
    from kqi_workbook.books.ooxml.sheet import Sheet


class _Calculated(NamedTuple):
    """A column's formula, as it is stated for one row; ``dynamic`` if Excel lets it spill."""

    text: str
    array: bool
    row: int
    dynamic: str | None = None


_ROW_LOOKS = ("ht", "customHeight", "s", "customFormat")


class Table:
    """One table."""

    def __init__(self, package: Package, part: str, sheet: str) -> None:
        self._package = package
        self._part = part
        self.sheet: Sheet = package.sheet(sheet)

    @property
    def info(self) -> TableInfo:
        """Where the table is now, and its columns."""
        tables = self._package.tables_on(self.sheet.part)
        return next(table for table in tables if table.part == self._part)

    def resize(self, count: int) -> None:
        """Give the table so many data rows, at least one.

        New rows take the formats, the calculated columns, the drop-downs and the conditional
        formats of the last row; what refers to the whole body follows it.

        Raises :class:`CannotPatch` if rows to be taken away hold something, or if something lies
        below that cannot be moved.
        """
        count = max(count, 1)
        before = self.info
        change = count - before.body.height
        if change == 0:
            return
        if change > 0:
            make_room(self.sheet, before, change)
        else:
            self._refuse_to_lose(count)
            check_totals(self.sheet, before, change)
        self._set_area(before, replace(before.area, bottom=before.area.bottom + change))
        if change > 0:
            self._move_totals(before, change)
            follow_references(self.sheet, before.body, change)
        else:
            follow_references(self.sheet, before.body, change)
            self._empty(replace(before.body, top=before.body.top + count))
            self._move_totals(before, change)
        follow_rows(self.sheet, before, change)
        if change > 0:
            self._continue_rows(before)

    def calculate(self, cells: Iterable[tuple[int, int]]) -> None:
        """Give blank cells, by row and column, the formula of their column if it is calculated."""
        self._put_formulas(self._formulas(self.info), cells)

    def wait_no_more(self) -> None:
        """Say that the first row holds data: Excel has an emptied table wait for its first."""
        etree.strip_attributes(self._package.root(self._part), "insertRow")

    def show(self, rows: Iterable[int]) -> None:
        """Show those of the rows that a filter hides: it was not asked about what they hold now."""
        if next(descendants(self._package.root(self._part), "filterColumn"), None) is not None:
            for row in rows:
                self.sheet.show(row)

    # ---- parts of the work

    def _rows_held(self) -> int:
        """How many rows there are down to the last that holds anything typed."""
        body = self.info.body
        calculated = set(self._calculated())
        for row in self.sheet.rows.between(body.top, body.bottom, upwards=True):
            for column, cell in row.cells.items():
                if not body.left <= column <= body.right or not cell.inside:
                    continue
                if not (cell.has_formula and column in calculated):
                    return row.number - body.top + 1
        return 0

    def _refuse_to_lose(self, count: int) -> None:
        held = self._rows_held()
        if held > count:
            info = self.info
            where = f"{info.sheet}, row {info.body.top + held - 1}"
            raise CannotPatch(
                f"{where}: table {info.name} cannot shrink to {count} rows, as this one holds "
                "something. Clear or delete it first."
            )

    def _calculated(self) -> dict[int, tuple[str, bool]]:
        """The formulas of calculated columns, and whether each is an array formula."""
        root, left = self._package.root(self._part), self.info.area.left
        found = {}
        for index, column in enumerate(children(child(root, "tableColumns"), "tableColumn")):
            formula = child(column, "calculatedColumnFormula")
            if formula is not None and formula.text:
                found[left + index] = formula.text, is_true(formula.get("array"))
        return found

    def _move_totals(self, before: TableInfo, change: int) -> None:
        """Move the totals row, with what refers to it or to all rows down to it."""
        if before.totals_rows:
            whole = replace(before.body, bottom=before.area.bottom)
            follow_references(self.sheet, whole, change)
            move_block(self.sheet, replace(whole, top=before.body.bottom + 1), change)

    def _empty(self, area: Area) -> None:
        """Clear what is left in rows that are no longer the table's: calculated formulas."""
        for row in self.sheet.rows.between(area.top, area.bottom):
            for column in [c for c in row.cells if area.left <= c <= area.right]:
                self.sheet.set_at(row.number, column, None)

    def _set_area(self, before: TableInfo, area: Area) -> None:
        root = self._package.root(self._part)
        root.set("ref", str(area))
        body_bottom = area.bottom - before.totals_rows
        for name in ("autoFilter", "sortState", "sortCondition"):
            for element in descendants(root, name):
                old = Area.parse(element.get("ref", ""))
                if old.bottom == before.body.bottom:
                    element.set("ref", str(replace(old, bottom=body_bottom)))
        self._package.forget_tables()

    def _continue_rows(self, before: TableInfo) -> None:
        """Give new rows what the last row had: formats, height, calculated columns."""
        rows, body, now = self.sheet.rows, before.body, self.info.body
        model = rows.find(body.bottom)
        looks = {} if model is None else model.attributes
        looks = {name: looks[name] for name in _ROW_LOOKS if name in looks}
        if not is_true(looks.get("customHeight")):
            looks.pop("ht", None)
        formulas = self._formulas(before)
        added = range(body.bottom + 1, now.bottom + 1)
        for number in added:
            self.sheet.show(number)  # if a filter hid it before the table lost it
            if looks:
                row = rows.row(number)
                row.attributes = {**looks, **row.attributes}
            for column in range(body.left, body.right + 1):
                cell = model.cells.get(column) if model else None
                self.sheet.take_format(number, column, cell)
        self._put_formulas(formulas, product(added, formulas))

    def _formulas(self, before: TableInfo) -> dict[int, _Calculated]:
        """The formula of each calculated column."""
        found = {
            column: self._formula_below(column, before, *formula)
            for column, formula in self._calculated().items()
        }
        return {column: formula for column, formula in found.items() if formula is not None}

    def _put_formulas(
        self, formulas: Mapping[int, _Calculated], cells: Iterable[tuple[int, int]]
    ) -> None:
        for row, column in cells:
            if column in formulas:
                self._put_formula(row, column, formulas[column])

    def _formula_below(
        self, column: int, before: TableInfo, formula: str, array: bool
    ) -> _Calculated | None:
        """A calculated column's formula and the row it is stated for: as the last cell has it."""
        body = before.body
        for row in self.sheet.rows.between(body.top, body.bottom, upwards=True):
            cell = row.cells.get(column)
            text = formula_of(self.sheet.rows, cell) if cell else None
            if cell is not None and text is not None:
                return _Calculated(text, array, row.number, cell.attributes.get("cm"))
        if has_relative_reference(formula):
            return None  # the file does not say for which row it is stated
        return _Calculated(formula, array, body.top)

    def _put_formula(self, row: int, column: int, formula: _Calculated) -> None:
        cell = self.sheet.rows.cell(row, column) or Cell(row, column, {})
        if cell.inside:
            return
        prefix = self.sheet.rows.prefix
        kind = f' t="array" ref="{cell.address}"' if formula.array else ""
        text = to_markup(shift(formula.text, row - formula.row))
        inside = f"<{prefix}f{kind}>{text}</{prefix}f>"
        dynamic = {"cm": formula.dynamic} if formula.dynamic else {}
        self.sheet.put(Cell(row, column, {**cell.attributes, **dynamic}, inside))
