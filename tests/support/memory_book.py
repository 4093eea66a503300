"""A workbook in memory: a whole refresh runs in milliseconds, without a file or Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kqi_workbook import layout
from kqi_workbook.books.book import (
    AddRows,
    CopyField,
    SetArea,
    SetCell,
    SetField,
    SetRows,
    Update,
    Written,
)
from kqi_workbook.books.cells import Content, TableCells, Value, value_of

Line = Mapping[str, Value]

HEADER_ROW = 4


class MemoryBook:
    """Every table of the contract, filled with the lines given by table name."""

    name = "memory.xlsx"

    def __init__(self, lines: Mapping[str, Sequence[Line]], *, without: Sequence[str] = ()) -> None:
        self.lines: dict[str, list[dict[str, Value]]] = {
            name: [dict(line) for line in lines.get(name, ())]
            for name in layout.TABLES
            if name not in without
        }
        self.headers = {
            name: [column.name for column in layout.TABLES[name].columns] for name in self.lines
        }
        self.cells: dict[str, Content] = {}
        self.areas: dict[str, tuple[tuple[Content, ...], ...]] = {}
        self.names = [name.value for name in layout.Name]

    @property
    def tables(self) -> dict[str, str]:
        return {
            name: layout.TABLES[name].sheet if name in layout.TABLES else name
            for name in self.lines
        }

    @property
    def sheets(self) -> list[str]:
        return list(self.tables.values())

    def read(self, tables: Sequence[str]) -> dict[str, TableCells]:
        return {name: self._table(name) for name in tables}

    def says(self, name: str) -> str:
        return str(self.cells.get(name) or "")

    def _table(self, name: str) -> TableCells:
        headers = self.headers[name]
        return TableCells(
            sheet=self.tables[name],
            table=name,
            header_row=HEADER_ROW,
            letters={header: chr(ord("A") + i % 26) for i, header in enumerate(headers)},
            columns={h: [line.get(h) for line in self.lines[name]] for h in headers},
        )

    def write(self, updates: Sequence[Update]) -> Written:
        for update in updates:
            if isinstance(update, SetCell):
                self.cells[update.name] = update.value
            elif isinstance(update, SetArea):
                self.areas[update.name] = update.rows
            elif isinstance(update, SetRows):
                self.lines[update.table] = _lines(update)
            elif isinstance(update, SetField):
                self.lines[update.table][update.row][update.column] = value_of(update.value)
            elif isinstance(update, CopyField):
                lines = self.lines[update.table]
                lines[update.row][update.column] = lines[update.of].get(update.column)
            elif isinstance(update, AddRows):
                self.lines[update.table] += _lines(update)
        return Written(len(updates))

    def foresee(self, updates: Sequence[Update]) -> Written:
        return Written(len(updates))  # there are no conditional formats in memory

    def cut_off(self, rows: SetRows) -> Sequence[Sequence[str]]:
        return [()] * len(rows.rows)  # nor rows of any height


def _lines(update: SetRows | AddRows) -> list[dict[str, Value]]:
    return [
        {column: value_of(value) for column, value in zip(update.columns, row, strict=True)}
        for row in update.rows
    ]
