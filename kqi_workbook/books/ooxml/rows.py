"""A sheet's rows, cut apart by offsets in the part's bytes: only rows that change are taken apart.

A tree of a sheet with 100,000 rows costs seconds and hundreds of megabytes. Finding where rows
begin costs one pass over the bytes, and rows that nobody touches are written back as they were.
This is exact because, once comments, CDATA and instructions to programs are gone, ``<`` in XML
always starts a tag.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kqi_workbook.books.ooxml.addresses import (
    LAST_COLUMN,
    LAST_ROW,
    cell_name,
    column_number,
    parse_cell,
)
from kqi_workbook.books.ooxml.markup import plain, tidied
from kqi_workbook.errors import NotAWorkbook

_ATTRIBUTE = re.compile(r'([\w.:-]+)\s*=\s*"([^"]*)"')
_ROW_NUMBER = re.compile(rb'\sr\s*=\s*"(\d+)"')
_FORMULA = re.compile(r"<(?:[\w.-]+:)?f[\s/>]")
_MOST_KNOWN = 2_000  # rows: reading what is there and writing it takes each apart once
_SHEET = re.compile(rb"<(?:([\w.-]+):)?worksheet[\s>]")


class Cell(NamedTuple):
    """A cell as it is written: attributes but its address, and what is between its tags, as XML.

    (A tuple, as a refresh takes tens of thousands of cells apart.)
    """

    row: int
    column: int
    attributes: Mapping[str, str]
    inside: str = ""

    @property
    def address(self) -> str:
        return cell_name(self.row, self.column)

    @property
    def has_formula(self) -> bool:
        inside = self.inside  # asked of every cell, most of which hold text or a number
        return ("<f" in inside or ":f" in inside) and _FORMULA.search(inside) is not None

    def xml(self, prefix: str) -> str:
        tag = f'<{prefix}c r="{self.address}"' + _write_attributes(self.attributes)
        return f"{tag}>{self.inside}</{prefix}c>" if self.inside else f"{tag}/>"


@dataclass(slots=True)
class Row:
    """A row taken apart: attributes, cells by column, and anything that follows its cells."""

    number: int
    attributes: dict[str, str]
    cells: dict[int, Cell]
    after: str = ""

    def put(self, cell: Cell) -> None:
        """Place a cell, and widen ``spans`` if the row has one."""
        is_new = cell.column not in self.cells
        self.cells[cell.column] = cell
        if not is_new:
            return
        spans = self.attributes.get("spans", "").replace(":", " ").split()
        edges = [int(edge) for edge in spans if edge.isdecimal()]
        if edges and not min(edges) <= cell.column <= max(edges):
            edges.append(cell.column)
            self.attributes["spans"] = f"{min(edges)}:{max(edges)}"

    def xml(self, prefix: str) -> bytes:
        attributes = {"r": "", **self.attributes} | {"r": str(self.number)}
        tag = f"<{prefix}row" + _write_attributes(attributes)
        inside = "".join(self.cells[n].xml(prefix) for n in sorted(self.cells)) + self.after
        return (f"{tag}>{inside}</{prefix}row>" if inside else f"{tag}/>").encode()


def _write_attributes(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in attributes.items())


@lru_cache(maxsize=1024)
def _attributes_but_address(text: str) -> Mapping[str, str]:
    return {name: value for name, value in _ATTRIBUTE.findall(text) if name != "r"}


def split_sheet(part: bytes, what: str) -> tuple[bytes, Rows, bytes]:
    """Cut a sheet's part into what stands before its rows, the rows, and what follows them."""
    part = plain(part, what)
    head, rows, tail, prefix = _cut(part, what)
    if b"<?" in rows or _has_single_quotes(rows):
        head, rows, tail, prefix = _cut(tidied(part, what), what)
    return head, Rows(rows, prefix, what), tail


def _cut(part: bytes, what: str) -> tuple[bytes, bytes, bytes, str]:
    sheet = _SHEET.search(part)
    prefix = (sheet[1] or b"").decode() if sheet else ""
    prefix = prefix and prefix + ":"
    name = prefix.encode() + b"sheetData"
    opening = re.search(rb"<%s(?:\s[^>]*|/)?>" % re.escape(name), part)
    if sheet is None or opening is None:
        raise NotAWorkbook(f"{what} is damaged: it holds no worksheet.")
    closing = b"</%s>" % name
    if opening[0].endswith(b"/>"):
        return part[: opening.end() - 2] + b">", b"", closing + part[opening.end() :], prefix
    end = part.find(closing, opening.end())
    if end < 0:
        raise NotAWorkbook(f"{what} is damaged: its rows do not end.")
    return part[: opening.end()], part[opening.end() : end], part[end:], prefix


def _has_single_quotes(rows: bytes) -> bool:
    """Whether an attribute is written as ``r='7'``; such text between tags does not count."""
    for mark in (b"='", b"= '"):
        at = rows.find(mark)
        while at >= 0:
            if rows.rfind(b"<", 0, at) > rows.rfind(b">", 0, at):
                return True
            at = rows.find(mark, at + 1)
    return False


class Rows:
    """The rows of a sheet, in order, found by their numbers."""

    def __init__(self, data: bytes, prefix: str, what: str) -> None:
        self.prefix = prefix
        self._what = what
        self._changed: dict[int, Row] = {}
        self._known: dict[int, Row] = {}  # taken apart, and not changed so far
        tag = re.escape(prefix)
        self._row_start = re.compile(rf'<{tag}row(?=[\s/>])(?: r="(\d+)")?'.encode())
        self._cell = re.compile(
            rf'\s*<{tag}c(?=[\s/>])(?: r="([A-Z]+)(\d+)")?([^>]*?)(?:/>|>(.*?)</{tag}c>)', re.DOTALL
        )
        self._cell_start = re.compile(rf"<{tag}c[\s/>]")
        self._row_tag = re.compile(rf"<{tag}row(?=[\s/>])([^>]*)>")
        self._data = data
        self._numbers, self._starts, implied = self._index()
        if any(a >= b for a, b in pairwise(self._numbers)):
            self._data = self._in_order(implied)
            self._numbers, self._starts, _ = self._index()

    def _index(self) -> tuple[array[int], array[int], set[int]]:
        numbers, starts = array("L"), array("Q")
        implied: set[int] = set()
        number = 0
        for match in self._row_start.finditer(self._data):
            found = match[1]
            if found is None:
                tag_end = self._data.find(b">", match.end())
                other = _ROW_NUMBER.search(self._data, match.start(), tag_end)
                found = other[1] if other else None
                if found is None:
                    implied.add(len(numbers))
            number = int(found) if found else number + 1
            if not 1 <= number <= LAST_ROW:
                raise NotAWorkbook(f"{self._what} is damaged: it has a row {number}.")
            numbers.append(number)
            starts.append(match.start())
        if self._data[: starts[0] if starts else None].strip():
            raise NotAWorkbook(f"{self._what} is damaged: it holds something beside its rows.")
        return numbers, starts, implied

    def _in_order(self, implied: set[int]) -> bytes:
        """Rows that some program wrote out of order, brought into order."""
        order = sorted(range(len(self._numbers)), key=self._numbers.__getitem__)
        pieces = []
        for index in order:
            piece = self._data[slice(*self._extent(index))]
            if index in implied:
                name = f"<{self.prefix}row"
                piece = f'{name} r="{self._numbers[index]}"'.encode() + piece[len(name) :]
            pieces.append(piece)
        numbers = [self._numbers[index] for index in order]
        for before, after in pairwise(numbers):
            if before == after:
                raise NotAWorkbook(f"{self._what} is damaged: it has row {after} twice.")
        return b"".join(pieces)

    def _extent(self, index: int) -> tuple[int, int]:
        following = index + 1
        end = self._starts[following] if following < len(self._starts) else len(self._data)
        return self._starts[index], end

    # ---- looking

    @property
    def last(self) -> int:
        """The number of the last row, 0 if there is none."""
        return max((*self._numbers[-1:], *self._changed), default=0)

    def find(self, number: int) -> Row | None:
        """The row if the sheet has it; to change it, ask for :meth:`row`."""
        if number in self._changed:
            return self._changed[number]
        if number in self._known:
            return self._known[number]
        index = bisect_left(self._numbers, number)
        if index < len(self._numbers) and self._numbers[index] == number:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            self._known[number] = self._take_apart(index)
            return self._known[number]
        return None

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell if the sheet has it."""
        found = self.find(row)
        return found.cells.get(column) if found else None

    def between(self, top: int, bottom: int, *, upwards: bool = False) -> Iterator[Row]:
        """The rows that exist from one number to another, both included."""
        kept = self._numbers[bisect_left(self._numbers, top) : bisect_right(self._numbers, bottom)]
        there = {*kept, *(number for number in self._changed if top <= number <= bottom)}
        for number in sorted(there, reverse=upwards):
            if (row := self.find(number)) is not None:
                yield row

    def holding(self, pattern: re.Pattern[bytes], mark: str = "") -> list[Row]:
        """The rows in whose XML the pattern, which is of formulas, is found.

        ``mark`` stands, in lower case, in all that are looked for: it is quicker to search for.
        """
        found = [
            row
            for row in self._changed.values()
            if any(c.has_formula and mark in c.inside.lower() for c in row.cells.values())
            and pattern.search(row.xml(self.prefix))
        ]
        at = len(self._data) if mark and mark.encode() not in self._data.lower() else 0
        while (match := pattern.search(self._data, at)) is not None:
            index = bisect_right(self._starts, match.start()) - 1
            if self._numbers[index] not in self._changed:
                found.append(self._take_apart(index))
            at = self._extent(index)[1]
        return sorted(found, key=lambda row: row.number)

    def contain(self, *words: bytes) -> bool:
        """Whether any of the words stands in the rows as they were read; quicker than a pattern."""
        return any(word in self._data for word in words)

    def matches(self, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
        """Where the pattern is found in the rows as they were read."""
        return pattern.finditer(self._data)

    # ---- changing

    def row(self, number: int) -> Row:
        """The row, to be changed; made if the sheet has none there."""
        if number not in self._changed:
            self._changed[number] = self.find(number) or Row(number, {}, {})
            self._known.pop(number, None)
        return self._changed[number]

    @property
    def changed(self) -> bool:
        """Whether any row differs from what was read."""
        for number, row in self._changed.items():
            index = bisect_left(self._numbers, number)
            there = index < len(self._numbers) and self._numbers[index] == number
            before = self._data[slice(*self._extent(index))] if there else b""
            if row.xml(self.prefix) != before.strip():
                return True
        return False

    def xml(self) -> list[bytes | memoryview]:
        """The rows as they are to be written, in pieces."""
        data, kept_from = memoryview(self._data), 0
        pieces: list[bytes | memoryview] = []
        for number in sorted(self._changed):
            index = bisect_left(self._numbers, number)
            start = end = len(data)
            if index < len(self._numbers):
                start, end = self._extent(index)
                if self._numbers[index] != number:
                    end = start
            pieces += (data[kept_from:start], self._changed[number].xml(self.prefix))
            kept_from = end
        return [*pieces, data[kept_from:]]

    def _take_apart(self, index: int) -> Row:
        number = self._numbers[index]
        damaged = NotAWorkbook(f"{self._what} is damaged at row {number}.")
        try:
            text = self._data[slice(*self._extent(index))].decode()
        except UnicodeDecodeError:
            raise damaged from None
        opening = self._row_tag.match(text)
        if opening is None:
            raise damaged
        row = Row(number, dict(_ATTRIBUTE.findall(opening[1])), {})
        if opening[1].endswith("/"):
            return row
        column, last = 0, opening.end()
        while (match := self._cell.match(text, last)) is not None:
            letters, row_number, attributes, inside = match.groups()
            if letters is None:
                stated = dict(_ATTRIBUTE.findall(attributes)).get("r")
                at, column = parse_cell(stated) if stated else (number, column + 1)
            else:
                at, column = int(row_number), column_number(letters)
            if at != number or column in row.cells or column > LAST_COLUMN:
                raise damaged
            last = match.end()
            known = _attributes_but_address(attributes)
            row.cells[column] = Cell(number, column, known, inside or "")
        row_end = text.find(f"</{self.prefix}row>", last)
        if row_end < 0 or self._cell_start.search(text, last, row_end):
            raise damaged
        row.after = text[last:row_end].strip()
        return row
