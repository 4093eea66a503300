"""A sheet's cells: read, and set so that everything around them stays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kqi_workbook.books.cells import CellError, Content, Formula, Value
from kqi_workbook.books.ooxml.addresses import Area, cell_name, parse_cell
from kqi_workbook.books.ooxml.formulas import shift
from kqi_workbook.books.ooxml.guards import Guards
from kqi_workbook.books.ooxml.markup import (
    child,
    children,
    dump,
    is_true,
    parse,
    whole_number,
)
from kqi_workbook.books.ooxml.rows import Cell, split_sheet
from kqi_workbook.books.ooxml.shared import formula_of, free_followers, in_row, with_formula
from kqi_workbook.books.ooxml.text import from_markup, plain_text, unescape_text
from kqi_workbook.books.ooxml.values import (
    from_serial,
    is_number,
    number_of,
    plain_number,
    truth,
    write_value,
)
from kqi_workbook.errors import CannotPatch, NotAWorkbook

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.package import Package

_VALUE = re.compile(r"<(?:[\w.-]+:)?v(?:\s[^>]*[^/])?>(.*?)</(?:[\w.-]+:)?v>", re.DOTALL)


class Sheet:
    """One worksheet. Values are set cell by cell; :meth:`Package.write` writes what changed."""

    def __init__(self, package: Package, name: str, part: str) -> None:
        self.package = package
        self.name = name
        self.part = part
        self._what = f"{package.name}: {part}"
        self._head, self.rows, self._tail = split_sheet(package.read(part), self._what)
        self.frame = parse(self._head + self._tail, self._what)
        self._frame_before = dump(self.frame)
        self._extent = child(self.frame, "dimension")
        self.guards = Guards(self)

    # ---- reading

    def value(self, address: str) -> Value:
        """What a cell holds; for a formula, the result that was last worked out."""
        return self.value_at(*parse_cell(address))

    def value_at(self, row: int, column: int) -> Value:
        """The same by row and column, counted from 1."""
        cell = self.rows.cell(row, column)
        return self.value_of(cell) if cell else None

    def value_of(self, cell: Cell) -> Value:
        """The same for a cell at hand."""
        value = self._kept(cell)
        if isinstance(value, float):
            if self.package.styles.is_date(style_of(cell)):
                return from_serial(value, self.package.date1904)
            return plain_number(value)
        return value

    def formula(self, address: str) -> str | None:
        """A cell's formula without its ``=``; None if it has none."""
        cell = self.rows.cell(*parse_cell(address))
        return formula_of(self.rows, cell) if cell else None

    def content_at(self, row: int, column: int) -> Content:
        """What a cell holds, a formula as one."""
        cell = self.rows.cell(row, column)
        return self.content_of(cell) if cell else None

    def content_of(self, cell: Cell) -> Content:
        """A cell's formula with what it shows, or its value if it has none."""
        value = self.value_of(cell)
        formula = formula_of(self.rows, cell) if cell.has_formula else None
        if formula is None:
            return value
        return Formula(formula, value if isinstance(value, str | int | float) else "")

    def _kept(self, cell: Cell) -> str | float | bool | CellError | None:
        """What the cell says, numbers as numbers whatever their format shows."""
        kind = cell.attributes.get("t", "n")
        if kind == "inlineStr":
            return plain_text(cell.inside)
        found = _VALUE.search(cell.inside)
        if found is None:
            return None
        text = from_markup(found[1])
        try:
            if kind == "s":
                return self._shared_string(int(text))
            if kind == "str":
                return unescape_text(text)
            if kind == "b":
                return truth(text)
            if kind == "e":
                return CellError(text)
            if kind == "d":
                moment = dt.datetime.fromisoformat(text.strip().removesuffix("Z"))
                return number_of(moment, self.package.date1904, cell.address)
            return float(text) if text.strip() else None  # as XlsxWriter leaves formulas
        except ValueError:
            message = f"{self._what} is damaged: {cell.address} holds {text!r}."
            raise NotAWorkbook(message) from None

    def _shared_string(self, number: int) -> str:
        texts = self.package.shared_strings
        if not 0 <= number < len(texts):
            raise NotAWorkbook(f"{self._what} is damaged: there is no text number {number}.")
        return texts[number]

    # ---- writing

    def set(self, address: str, value: Content) -> None:
        """Set a cell's value and keep its format; None clears the value.

        Text is written as text, whatever it begins with. A day or time in a cell whose format
        would show a bare number gets the reader's own short form.

        Raises :class:`CannotPatch` where the value would break something: inside a merged range,
        an array formula or a pivot table, on a table's header, or a value that no cell can hold.
        """
        self.set_at(*parse_cell(address), value)

    def set_at(self, row: int, column: int, value: Content) -> None:
        """The same by row and column, counted from 1."""
        where = f"{self.name}, {cell_name(row, column)}"
        value = None if value == "" else value
        cell = self.rows.cell(row, column)
        if cell is None:
            if value is None:
                return
            cell = Cell(row, column, self._format_of_new(row, column))
            exists = False
        else:
            exists = True
        style = style_of(cell)
        if isinstance(value, (dt.date, dt.time)):
            style = self.package.styles.fitting(style, value)
        if exists and style == style_of(cell) and self._says(cell, value, where):
            return
        self.guards.refuse_where_it_breaks(row, column, value)
        kind, inside = write_value(value, self.rows.prefix, self.package.date1904, where)
        if cell.has_formula:
            free_followers(self.rows, cell)
            self.package.formula_removed |= not isinstance(value, Formula)
        attributes = {"s": str(style)} if style or "s" in cell.attributes else {}
        if kind:
            attributes["t"] = kind
        self.put(Cell(row, column, attributes, inside))

    def cell_for(self, row: int, before: int, column: int) -> Cell | None:
        """A cell as it is to stand in another row of its column, with its format; None for none.

        Its formula reads as if Excel had sorted the rows.
        """
        cell = self.rows.cell(before, column)
        if cell is None or not cell.inside:
            return None
        if (formula := formula_of(self.rows, cell)) is not None:
            cell = with_formula(cell, self.rows.prefix, shift(formula, row - before))
        return in_row(cell, row)

    def place(self, cell: Cell) -> None:
        """Put a cell as it is, format and all, in the place of the one that is there."""
        self.guards.refuse_where_it_breaks(cell.row, cell.column, self.value_of(cell))
        there = self.rows.cell(cell.row, cell.column)
        if there is not None and there.has_formula:
            free_followers(self.rows, there)
            self.package.formula_removed |= not cell.has_formula
        self.put(cell)

    def take_format(self, row: int, column: int, model: Cell | None) -> None:
        """Give a cell that has no format of its own that of another."""
        style = style_of(model) if model else 0
        cell = self.rows.cell(row, column) or Cell(row, column, {})
        if style and not style_of(cell):
            self.put(cell._replace(attributes={**cell.attributes, "s": str(style)}))

    def style_at(self, row: int, column: int) -> int:
        """The number of a cell's format; of one that is not there, what it would have."""
        cell = self.rows.cell(row, column)
        return style_of(cell or Cell(row, column, self._format_of_new(row, column)))

    def set_style(self, row: int, column: int, style: int) -> None:
        """Give a cell the format of that number."""
        if style != self.style_at(row, column):
            cell = self.rows.cell(row, column) or Cell(row, column, {})
            self.put(cell._replace(attributes={**cell.attributes, "s": str(style)}))

    def show_filtered(self, rows: Iterable[int]) -> None:
        """Show those of the rows that the sheet's own filter hides: it was not asked about what
        they hold now."""
        for own in children(self.frame, "autoFilter"):
            if children(own, "filterColumn"):
                area = Area.parse(own.get("ref", ""))
                for number in filter(range(area.top, area.bottom + 1).__contains__, rows):
                    self.show(number)

    def show(self, number: int) -> None:
        """Show a row that is hidden."""
        row = self.rows.find(number)
        if row is not None and is_true(row.attributes.get("hidden")):
            self.rows.row(number).attributes.pop("hidden")

    def put(self, cell: Cell) -> None:
        """Place a cell as it is, in its order, within the sheet's stated extent."""
        self.rows.row(cell.row).put(cell)
        stated = None if self._extent is None else self._extent.get("ref")
        if stated and self._extent is not None:
            area = Area.parse(stated)
            if not area.holds(cell.row, cell.column):
                top, left = min(area.top, cell.row), min(area.left, cell.column)
                bottom, right = max(area.bottom, cell.row), max(area.right, cell.column)
                self._extent.set("ref", str(Area(top, left, bottom, right)))

    def _says(self, cell: Cell, value: Content, where: str) -> bool:
        """Whether the cell holds the value already, typed, not worked out; or the formula."""
        if isinstance(value, Formula):
            if formula_of(self.rows, cell) != value.text:
                return False
            value = value.shown
        elif cell.has_formula:
            return False
        kept = self._kept(cell)
        if is_number(value):
            number = number_of(value, self.package.date1904, where)
            return isinstance(kept, float) and kept == number
        return type(kept) is type(value) and kept == value

    def _format_of_new(self, row: int, column: int) -> dict[str, str]:
        """A new cell looks as its row does, or else its column."""
        found = self.rows.find(row)
        if found and "s" in found.attributes and is_true(found.attributes.get("customFormat")):
            return {"s": found.attributes["s"]}
        for span in children(child(self.frame, "cols"), "col"):
            if whole_number(span, "min") <= column <= whole_number(span, "max"):
                return {"s": span.get("style", "0")} if span.get("style") else {}
        return {}

    # ---- saving

    def changed_content(self) -> bytes | None:
        """The part as it is to be written; None if it is as it was."""
        frame = dump(self.frame)
        if frame == self._frame_before:
            if not self.rows.changed:
                return None
            head, tail = self._head, self._tail
        else:
            name = f"{self.rows.prefix}sheetData".encode()
            empty = re.search(rb"<%s(\s[^>]*)?/>" % re.escape(name), frame)
            if empty is None:
                raise CannotPatch(f"{self._what}: its rows element was lost.")
            head = frame[: empty.start()] + b"<%s%s>" % (name, empty[1] or b"")
            tail = b"</%s>" % name + frame[empty.end() :]
        return b"".join((head, *self.rows.xml(), tail))


def style_of(cell: Cell) -> int:
    style = cell.attributes.get("s", "0")
    return int(style) if style.isdecimal() else 0
