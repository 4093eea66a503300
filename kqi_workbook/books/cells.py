"""What a cell can hold, and a table as it was read: words that every kind of book shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, overload

import numpy as np
import numpy.typing as npt

LONGEST_TEXT = 32_767  # in a cell, as `length` counts: Excel's own limit
EXACT = 10**15  # Excel keeps 15 digits of a number

ERRORS: Mapping[int, str] = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
"""Excel's errors by its numbers for them."""


def length(text: str) -> int:
    """How long a text is to Excel, in UTF-16 units: an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class CellError:
    """An Excel error in a cell, such as ``#N/A``; fast readers would show it as a blank."""

    code: str


Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | CellError | None


@dataclass(frozen=True)
class Formula:
    """A formula to write, without its ``=``, and the value that it shows until Excel recalculates.

    Only the product composes formulas; text that comes from a cell is always written as text.
    """

    text: str
    shown: str | int | float


Content: TypeAlias = Value | Formula
Grid: TypeAlias = list[list[Content]]


@dataclass(frozen=True, eq=False)
class Coded(Sequence[Value]):
    """A column's cells: its distinct values, and for each row the place of its own among them.

    A data tab's 100,000 rows hold few values, and need not become as many objects. There may be
    values that no row has.
    """

    distinct: Sequence[Value]
    places: npt.NDArray[np.intp]

    @classmethod
    def of(cls, values: Sequence[Value]) -> Coded:
        """A column's cells, coded."""
        keys: Sequence[Hashable] = values
        if bool in set(map(type, values)):
            keys = [(type(value), value) for value in values]  # else TRUE and 1 are one to Python
        known = dict(zip(keys, values, strict=True))
        place = dict(zip(known, range(len(known)), strict=True))
        places = np.fromiter(map(place.__getitem__, keys), np.intp, len(keys))
        return cls(list(known.values()), places)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Value]:
        return map(self.distinct.__getitem__, self.places.tolist())

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> Coded: ...
    def __getitem__(self, index: int | slice) -> Value | Coded:
        if isinstance(index, slice):
            return Coded(self.distinct, self.places[index])
        return self.distinct[int(self.places[index])]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


def value_of(content: Content) -> Value:
    """What a cell holds, or what its formula shows."""
    return content.shown if isinstance(content, Formula) else content


def filled_to(columns: Iterable[Sequence[Value]]) -> int:
    """How many rows there are down to the last that shows something in one of these columns: rows
    are added below it."""
    used = 0
    for column in columns:
        filled = (i for i in range(len(column), used, -1) if column[i - 1] not in (None, ""))
        used = next(filled, used)
    return used


@dataclass(frozen=True)
class TableCells:
    """An Excel table's data rows as they stand in the workbook, not yet under any contract.

    ``columns`` maps each header to its values from top to bottom, None where a cell is blank;
    all columns have the same length. ``letters`` maps each header to its column letter.
    ``header_row`` is the sheet's row number of the header, counted from 1. ``below`` and ``far``
    name filled cells that are not in the table and were not read: rows below it, or a cell far away
    from every table of the sheet. ``last_row`` is where the table ends, be it with a blank row.
    """

    sheet: str
    table: str
    header_row: int
    letters: Mapping[str, str]
    columns: Mapping[str, Sequence[Value]]
    below: str = ""
    far: str = ""
    last_row: int = 0

    def address(self, header: str, index: int) -> str:
        """The address of a data cell, such as ``C214``; ``index`` counts data rows from 0."""
        return f"{self.letters[header]}{self.header_row + 1 + index}"
