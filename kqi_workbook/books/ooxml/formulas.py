"""References inside formulas: moved as Excel moves them when a cell is copied or rows are added."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

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


def stretch(formula: str, sheet: str, own_sheet: str, old: Area, bottom: int) -> str:
    """The formula with references to all of an area's rows ending at another bottom row.

    A reference that covers some of the area's columns from its first row (or from the row above,
    its header) to its last row follows the area as it grows or shrinks; others stay.

    ``sheet`` is where the area is; ``own_sheet`` is where the formula is.
    """

    def stretched(reference: Reference) -> str:
        first, colon, last = reference.text.partition(":")
        if (reference.sheet or own_sheet).casefold() != sheet.casefold():
            return reference.text
        if not re.search(r"[A-Za-z]\$?\d", reference.text):
            return reference.text
        area = reference.area
        fits = area.bottom == old.bottom and area.top in (old.top, old.top - 1)
        if not fits or area.left < old.left or area.right > old.right:
            return reference.text
        if not colon:
            return f"{first}:{_with_row(first, bottom)}" if bottom > old.bottom else first
        return f"{first}:{_with_row(last, bottom)}"

    return rewrite(formula, stretched)


def _with_row(corner: str, row: int) -> str:
    return re.sub(r"\d+\Z", str(row), corner)
