"""Rows that were written to, given the height of their text: unless staff set one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from kqi_workbook.books.ooxml.heights import HIGHEST, INDENT, line_count, row_height
from kqi_workbook.books.ooxml.markup import child, children, decimal_number, is_true, whole_number
from kqi_workbook.books.ooxml.rows import Row
from kqi_workbook.books.ooxml.sheet import Sheet, style_of

_STANDARD_WIDTH = 8.43  # characters
_STATED_MORE = 0.7  # by so much a file states a column wider than the characters it has room for
_STANDARD_HEIGHT = 15.0  # points
_TEXT = ("inlineStr", "s", "str")  # types of cells


def fit_rows(sheet: Sheet, numbers: Iterable[int]) -> None:
    """Give these rows of a sheet the height that their text needs.

    A row whose height staff set, or that is hidden, keeps it. A row of one line states none.
    """
    widths = _widths(sheet)
    form = child(sheet.frame, "sheetFormatPr")
    usual = decimal_number(form, "defaultRowHeight", _STANDARD_HEIGHT) if form is not None else 0.0
    for number in sorted(numbers):
        row = sheet.rows.row(number)
        if is_true(row.attributes.get("customHeight")) or is_true(row.attributes.get("hidden")):
            continue
        height = max(_heights(sheet, row, widths), default=0.0)
        if height > max(usual, _STANDARD_HEIGHT):
            row.attributes["ht"] = f"{height:g}"
        else:
            row.attributes.pop("ht", None)


def cutter(sheet: Sheet) -> Callable[[int, int, str], bool]:
    """Whether a text in this row and column of a sheet would need more height than a row can have,
    and be cut off."""
    widths = _widths(sheet)

    def cuts_off(row: int, column: int, text: str) -> bool:
        return _height(sheet, widths, column, sheet.style_at(row, column), text) >= HIGHEST

    return cuts_off


def _heights(sheet: Sheet, row: Row, widths: dict[int, float]) -> Iterator[float]:
    for column, cell in row.cells.items():
        if cell.attributes.get("t") in _TEXT:
            text = str(sheet.value_of(cell) or "")
            yield _height(sheet, widths, column, style_of(cell), text)


def _height(sheet: Sheet, widths: Mapping[int, float], column: int, style: int, text: str) -> float:
    styles = sheet.package.styles
    look = styles.text(style)
    lines = 1
    if look.wraps:
        room = widths.get(column, _STANDARD_WIDTH) - look.indent * INDENT
        lines = line_count(text, room * styles.text(0).size / look.size, bold=look.bold)
    return row_height(lines, look.size)


def _widths(sheet: Sheet) -> dict[int, float]:
    """The width in characters of every column that states one, among those that can hold text."""
    widths: dict[int, float] = {}
    for span in children(child(sheet.frame, "cols"), "col"):
        wide = decimal_number(span, "width", _STANDARD_WIDTH) - _STATED_MORE
        first, last = whole_number(span, "min"), whole_number(span, "max")
        widths |= dict.fromkeys(range(first, min(last, first + 1000) + 1), wide)
    return widths
