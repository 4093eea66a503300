"""What a cell can hold, and a table as it was read: words that every kind of book shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias


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


@dataclass(frozen=True)
class TableCells:
    """An Excel table's data rows as they stand in the workbook, not yet under any contract.

    ``columns`` maps each header to its values from top to bottom, None where a cell is blank;
    all columns have the same length. ``letters`` maps each header to its column letter.
    ``header_row`` is the sheet's row number of the header, counted from 1. ``below`` and ``far``
    name filled cells that are not in the table and were not read: directly below it, or far away
    from every table of the sheet.
    """

    sheet: str
    table: str
    header_row: int
    letters: Mapping[str, str]
    columns: Mapping[str, Sequence[Value]]
    below: str = ""
    far: str = ""

    def address(self, header: str, index: int) -> str:
        """The address of a data cell, such as ``C214``; ``index`` counts data rows from 0."""
        return f"{self.letters[header]}{self.header_row + 1 + index}"
