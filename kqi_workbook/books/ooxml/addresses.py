"""Cell addresses and areas of a sheet: ``B7``, ``A2:E50``, ``A:C``. Counted from 1."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kqi_workbook.errors import CannotPatch

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})\Z")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\Z")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})\Z")


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """The number of a column: 1 for ``A``, 27 for ``AA``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=4096)
def column_letters(number: int) -> str:
    """The letters of a column: ``A`` for 1, ``AA`` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The address of a cell: ``B7`` for row 7, column 2."""
    return f"{column_letters(column)}{row}"


def parse_cell(address: str) -> tuple[int, int]:
    """The row and column of an address such as ``B7`` or ``$B$7``."""
    match = _CELL.match(address)
    if match:
        row, column = int(match[2]), column_number(match[1])
        if row <= LAST_ROW and column <= LAST_COLUMN:
            return row, column
    raise CannotPatch(
        f"{address!r} is not the address of a cell; an address such as B7 is expected."
    )


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, its four edges included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> Area:
        """Read ``B7``, ``A2:E50``, ``A:C`` or ``2:5``, with or without ``$``."""
        if match := _COLUMNS.match(text):
            edges = (1, column_number(match[1]), LAST_ROW, column_number(match[2]))
        elif match := _ROWS.match(text):
            edges = (int(match[1]), 1, int(match[2]), LAST_COLUMN)
        else:
            first, _, last = text.partition(":")
            edges = (*parse_cell(first), *parse_cell(last or first))
        top, left, bottom, right = edges
        return cls(min(top, bottom), min(left, right), max(top, bottom), max(left, right))

    def __str__(self) -> str:
        if (self.top, self.bottom) == (1, LAST_ROW):
            return f"{column_letters(self.left)}:{column_letters(self.right)}"
        first = cell_name(self.top, self.left)
        last = cell_name(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    def first(self, rows: int, columns: int) -> Area:
        """The area's top left, of so many rows and columns at most."""
        bottom, right = self.top + rows - 1, self.left + columns - 1
        return Area(self.top, self.left, min(self.bottom, bottom), min(self.right, right))

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell lies in the area."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def meets(self, other: Area) -> bool:
        """Whether the two areas have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def covers(self, other: Area) -> bool:
        """Whether all of the other area lies in this one."""
        return self.holds(other.top, other.left) and self.holds(other.bottom, other.right)


def parse_areas(text: str | None) -> list[Area]:
    """Read a list of areas as a sheet writes it: ``A2:A9 C2``."""
    return [Area.parse(word) for word in (text or "").split()]


def write_areas(areas: Iterable[Area]) -> str:
    """Write areas as a sheet does: ``A2:A9 C2``."""
    return " ".join(str(area) for area in areas)
