"""References inside formulas: moved as Excel moves them when a cell is copied or rows are added.

openpyxl's Translator does this for copied cells, and a test holds the two equal. Our own rules are
moved at every refresh, though, and loading openpyxl takes half as long as the rest of it; nor can
it read every formula that Excel shows (``=A1#``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from kqi_workbook.books.ooxml.addresses import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    column_letters,
    column_number,
)
from kqi_workbook.errors import CannotPatch

# Text, structured references and names are stepped over, so that A1 in them is left alone.
_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*"
    | (?P<sheet>(?:'(?:[^']|'')+'|(?:\[[^\]]*\])?[\w.]+(?::[\w.]+)?)!)?
      (?P<reference>
        \$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})?
        | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}
        | \$?[1-9]\d{0,6}:\$?[1-9]\d{0,6}
      )(?![\w.(!\[])
    | \[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\]
    | [\w.\\?]+
    """,
    re.VERBOSE,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?\Z")


@dataclass(frozen=True)
class Reference:
    """A reference as a formula writes it; ``sheet`` is empty if the formula names none."""

    sheet: str
    text: str

    @property
    def area(self) -> Area:
        return Area.parse(self.text)

    def is_on(self, sheet: str, own_sheet: str) -> bool:
        """Whether it refers to cells of that sheet; whole rows and columns do not count."""
        there = (self.sheet or own_sheet).casefold() == sheet.casefold()
        return there and re.search(r"[A-Za-z]\$?\d", self.text) is not None


def rewrite(formula: str, change: Callable[[Reference], str]) -> str:
    """The formula with each cell reference, without its sheet, replaced by what ``change`` says."""

    def replaced(found: re.Match[str]) -> str:
        if found["reference"] is None:
            return found[0]
        prefix = found["sheet"] or ""
        sheet = prefix[:-1]
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        return prefix + change(Reference(sheet, found["reference"]))

    return _TOKEN.sub(replaced, formula)


def shift(formula: str, rows: int, columns: int = 0) -> str:
    """The formula as it reads when it is copied so many rows down and columns to the right."""
    if not rows and not columns:
        return formula

    def corner(text: str) -> str:
        found = _CORNER.match(text)
        if found is None:
            return text
        column_fixed, letters, row_fixed, row = found.groups()
        if letters is None:  # a whole row: its one $ was taken for the column's
            row_fixed = row_fixed or column_fixed
            column_fixed = ""
        if letters and not column_fixed:
            letters = column_letters(_within(column_number(letters) + columns, LAST_COLUMN))
        if row and not row_fixed:
            row = str(_within(int(row) + rows, LAST_ROW))
        return f"{column_fixed}{letters or ''}{row_fixed}{row or ''}"

    def moved(reference: Reference) -> str:
        return ":".join(corner(text) for text in reference.text.split(":"))

    return rewrite(formula, moved)


def _within(number: int, last: int) -> int:
    if not 1 <= number <= last:
        raise CannotPatch("A formula would refer to a cell beyond the edge of its sheet.")
    return number


def has_relative_reference(formula: str) -> bool:
    """Whether a formula reads differently in another cell."""
    try:
        return shift(formula, 1, 1) != formula
    except CannotPatch:
        return True


def stretch(
    formula: str, sheet: str, own_sheet: str, old: Area, bottom: int, *, loosely: bool = False
) -> str:
    """The formula with references to all of an area's rows ending at another bottom row.

    A reference that covers some of the area's columns from its first row (or from the row above,
    its header) to its last row follows the area as it grows or shrinks; others stay. With
    ``loosely``, as for a print area, it may begin anywhere above, be wider, or be a single cell.

    ``sheet`` is where the area is; ``own_sheet`` is where the formula is.
    """

    def stretched(reference: Reference) -> str:
        if not reference.is_on(sheet, own_sheet):
            return reference.text
        area = reference.area
        first, colon, last = reference.text.partition(":")
        if loosely:
            fits = area.top <= old.top and area.meets(old)
        else:
            fits = area.top in (old.top, old.top - 1) and bool(colon)
            fits = fits and old.left <= area.left and area.right <= old.right
        if area.bottom != old.bottom or not fits:
            return reference.text
        return f"{first}:{_with_row(last or first, bottom)}"

    return rewrite(formula, stretched)


def relocate(formula: str, sheet: str, own_sheet: str, block: Area, rows: int) -> str:
    """The formula after a block of cells has moved by so many rows.

    As in Excel, a reference moves with the cells at its ends: one that begins above the block
    and ends in it grows. ``own_sheet`` is empty for names and charts: what they refer to in other
    columns too stays as it is, unless it only grows.

    Raises :class:`CannotPatch` for a formula that refers to cells beside those that move.
    """
    there = replace(block, top=block.top + rows, bottom=block.bottom + rows)

    def corner(text: str) -> str:
        row = Area.parse(text).top
        return _with_row(text, row + rows) if block.top <= row <= block.bottom else text

    def moved(reference: Reference) -> str:
        if not reference.is_on(sheet, own_sheet):
            return reference.text
        area = reference.area
        if not area.meets(block) or (area.covers(block) and area.covers(there)):
            return reference.text
        if not (block.left <= area.left and area.right <= block.right):
            if own_sheet:
                raise CannotPatch(
                    f"{sheet}: the cells {block} have to move to make room, but a formula on "
                    f"{own_sheet} refers to {reference.text}, of which only a part would move."
                )
            if rows < 0 or area.top >= block.top:
                return reference.text
        return ":".join(corner(text) for text in reference.text.split(":"))

    return rewrite(formula, moved)


def _with_row(corner: str, row: int) -> str:
    return re.sub(r"\d+\Z", str(row), corner)
