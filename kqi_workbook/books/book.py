"""What a refresh asks of a workbook: a closed file, one open in Excel, or a dict in a test.

What is to be written is a plain list of updates, the same list for every kind of book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from kqi_workbook.books.cells import Content, TableCells


@dataclass(frozen=True)
class SetCell:
    """Put one value into the cell that a defined name points to."""

    name: str
    value: Content


@dataclass(frozen=True)
class SetArea:
    """Fill the area that a defined name points to, from its top left.

    All rows have the same length. What an earlier filling left beyond them is blanked: it reached
    as far as its first row and column are filled, over a gap that staff have made within it.
    Staff's cells past its end stay. A row with one of the ``names`` that rows go by is an earlier
    filling's, and nothing is lost with it.
    """

    name: str
    rows: tuple[tuple[Content, ...], ...]
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SetRows:
    """Make these the rows of a table, in these of its columns.

    The table grows or shrinks to fit. Columns that are not named here belong to staff: each keeps
    its value beside the row with the same ``key``. The first ``carried`` rows are there already
    and come along as they stand: a formula in them stays one.
    """

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]
    key: tuple[str, ...] = ()
    carried: int = 0


@dataclass(frozen=True)
class SetField:
    """Put one value into a table's cell; ``row`` counts its data rows from 0."""

    table: str
    column: str
    row: int
    value: Content


@dataclass(frozen=True)
class CopyField:
    """Copy the cell of one of a table's rows to another, counted from 0, as Excel copies: with its
    format and its link, and a formula as it reads there. A blank cell changes nothing."""

    table: str
    column: str
    row: int
    of: int


@dataclass(frozen=True)
class AddRows:
    """Add rows to a table, in these of its columns: below the last row with something in them."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Content, ...], ...]

    @classmethod
    def by_name(
        cls, table: str, columns: Sequence[str], rows: Iterable[Mapping[str, Content]]
    ) -> AddRows:
        """Rows whose values have their columns' names; a column that one does not name is blank."""
        return cls(table, tuple(columns), tuple(tuple(map(row.get, columns)) for row in rows))


@dataclass(frozen=True)
class Fill:
    """A conditional fill (RRGGBB, black text on it) for cells whose text begins with a word."""

    begins_with: str
    colour: str


@dataclass(frozen=True)
class Arrows:
    """The icon set of three arrows: up for 1, level for 0, down for -1."""


@dataclass(frozen=True)
class SetRules:
    """Lay conditional formats over a table's column, or over a named area when ``column`` is ''.

    Earlier copies of the same rules on that sheet are taken out first, wherever pasting left them.
    """

    over: str
    column: str
    rules: tuple[Fill | Arrows, ...]


Rule: TypeAlias = Fill | Arrows
Update: TypeAlias = SetCell | SetArea | SetRows | SetField | CopyField | AddRows | SetRules


@dataclass(frozen=True)
class Broken:
    """Our rules on a sheet as copying, pasting or a person left them.

    ``areas`` are cells that do not carry their rules whole; or, if all do, those that ``copies``
    lie over.
    """

    sheet: str
    areas: tuple[str, ...]
    copies: bool


@dataclass(frozen=True)
class Written:
    """What writing did, or would do.

    ``cells`` is how many changed. ``mended`` are the sheets whose rules were set anew, and
    ``broken`` those of the rules that somebody had broken; the others were laid for the first
    time, or over new rows. ``resized`` says whether a table became longer or shorter, if only by
    blank rows. ``emptied`` names the cells whose content went as an area was filled: beyond what it
    is filled with now, in a column among it that it has no more, or where it has grown to.
    """

    cells: int
    mended: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    resized: bool = False
    emptied: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the book is any different now."""
        return bool(self.cells or self.mended or self.resized)


class Book(Protocol):
    """A workbook to read tables from and write updates to."""

    @property
    def name(self) -> str:
        """The file's name, for messages."""

    @property
    def tables(self) -> Mapping[str, str]:
        """Every Excel table in it: table name to sheet name. Case does not matter, as in Excel."""

    @property
    def sheets(self) -> Sequence[str]:
        """The sheets' names in order."""

    @property
    def names(self) -> Iterable[str]:
        """The defined names that point to cells."""

    def read(self, tables: Sequence[str]) -> dict[str, TableCells]:
        """The cells of these tables, each of which must be there."""

    def says(self, name: str) -> str:
        """What the first cell of a named area says, '' where that is no text or has gone."""

    def write(self, updates: Sequence[Update]) -> Written:
        """Carry out all updates, or raise before the first one."""

    def foresee(self, updates: Sequence[Update]) -> Written:
        """What writing these updates would do; nothing is written.

        Raises where tables, columns or names are missing, or areas too small. What else stands in
        a cell's way, such as merged cells, only writing finds out. Of the sheets whose rules would
        be set anew, only those that are broken are known.
        """

    def cut_off(self, rows: SetRows) -> Sequence[Sequence[str]]:
        """For each of a table's rows, once written: the columns with more lines of text than the
        highest row that a sheet can have."""
