"""Every cell of a sheet's part that holds something, found without building a tree.

A sheet of 100,000 rows is half a gigabyte as a tree, and a fast reader in another language hides
error cells, makes a rectangle of the whole extent in memory (one stray cell in the last corner
ends the process) and unpacks the sheet a second time beside the search for what it hides. The
markup that Excel and its kin write is so regular that numpy reads it in one pass over the bytes,
in about the time that unpacking took. A cell written in any other way goes to lxml by itself, and
a part written in any other way goes to lxml as a whole: slower, with the same result. What is
damaged in a place that holds no value, such as within a formula, may pass unnoticed.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from lxml import etree

from kqi_workbook.books.cells import CellError
from kqi_workbook.books.ooxml import markup
from kqi_workbook.books.ooxml.addresses import LAST_COLUMN, LAST_ROW, parse_cell
from kqi_workbook.books.ooxml.sheet_cells import (
    NUMBER,
    OTHER,
    SHARED,
    TRUTH,
    Found,
    Integers,
    SheetCells,
)
from kqi_workbook.books.ooxml.text import unescape_text
from kqi_workbook.books.ooxml.tree_scan import add_cell, parse_cells, scan_tree
from kqi_workbook.errors import CannotPatch

Bytes: TypeAlias = npt.NDArray[np.uint8]
Mask: TypeAlias = npt.NDArray[np.bool_]

_PIECE = 1 << 20  # 64 KB and 256 KB were slower, 4 MB no faster


def scan(part: bytes, what: str) -> SheetCells:
    """Find the cells of a sheet's part; ``what`` names the part in messages."""
    try:
        found = Found()
        _scan_regular(part, found)
    except _Irregular:
        found = Found()
        scan_tree(part, what, found)
    return found.cells()


class _Irregular(Exception):
    """The part is not written as Excel writes it: only lxml can tell what it says."""


_START, _ROW, _ROW_END, _C, _C_END, _F, _F_END, _V, _V_END, _ANY_OTHER = range(10)
_TAGS = {
    b"ro": _ROW,
    b"/r": _ROW_END,
    b"c ": _C,
    b"/c": _C_END,
    b"f>": _F,
    b"f ": _F,
    b"/f": _F_END,
    b"v>": _V,
    b"/v": _V_END,
}
_TAG_BY_FIRST_BYTES = np.full(1 << 16, _ANY_OTHER, np.uint8)
for _first, _tag in _TAGS.items():
    _TAG_BY_FIRST_BYTES[int.from_bytes(_first, "big")] = _tag

_TAG_COUNT = _ANY_OTHER + 1
_BREAKS = np.ones(_TAG_COUNT**2, np.bool_)  # by a tag times the count, and the one after it
for _tag, _next in (
    (_START, (_ROW,)),
    (_ROW, (_ROW, _ROW_END, _C)),  # self-closing or not
    (_ROW_END, (_ROW,)),
    (_C, (_C, _ROW_END, _C_END, _F, _V)),
    (_C_END, (_C, _ROW_END)),
    (_F, (_F_END, _V)),  # a formula without a value is looked at by itself
    (_F_END, (_V,)),
    (_V, (_V_END,)),
    (_V_END, (_C_END,)),
):
    _BREAKS[_tag * _TAG_COUNT + np.array(_next)] = False

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=\"1\.0\"(?: encoding=\"utf-8\")?"
    rb"(?: standalone=\"(?:yes|no)\")? ?\?>\s*)?(?P<root><worksheet(?:\s[^<>]*)?>)[^!]*?"
    rb"<sheetData(?P<empty>/)?>",
    re.IGNORECASE,
)
_NAMESPACES = tuple(f'xmlns="{name}"'.encode() for name in (markup.MAIN, markup.STRICT))


def _scan_regular(part: bytes, found: Found) -> None:
    head = _HEAD.match(part)
    if not head or not any(name in head["root"] for name in _NAMESPACES):
        raise _Irregular
    if head["empty"]:
        return
    at, end = head.end(), part.rfind(b"</sheetData>")
    if end < 0:
        raise _Irregular
    while at < end:
        stop = part.rfind(b"</row>", at, min(at + _PIECE, end))
        if stop < 0:
            stop = part.find(b"</row>", at, end)
        stop = end if stop < 0 else stop + len(b"</row>")
        _Piece(part, at, stop, head["root"]).collect(found)
        at = stop


class _Piece:
    """Some whole rows of a part."""

    def __init__(self, part: bytes, start: int, stop: int, root: bytes) -> None:
        self.part, self.start, self.root = part, start, root
        self.bytes = np.frombuffer(part, np.uint8, offset=start)
        # The 8 bytes from each place on, as one number. No look goes past the part's end: after
        # any row comes </sheetData>.
        self.words = np.ndarray((len(part) - start - 7,), "<u8", part, start, (1,))
        self.tags = np.flatnonzero(self.bytes[: stop - start] == ord("<")).astype(np.int32)
        first = self.bytes[self.tags + 1].astype(np.uint16) << 8
        self.names = _TAG_BY_FIRST_BYTES[first | self.bytes[self.tags + 2]]
        self.cells = np.flatnonzero(self.names == _C).astype(np.int32)

    def collect(self, found: Found) -> None:
        odd = self._odd_structure()
        row_numbers, digits_in_row = self._rows()
        row_of = np.cumsum(self.names == _ROW, dtype=np.int32)[self.cells] - 1

        values = np.flatnonzero(self.names == _V).astype(np.int32)
        cell_of = np.cumsum(self.names == _C, dtype=np.int32)[values] - 1
        values, cell_of = values[~odd[cell_of]], cell_of[~odd[cell_of]]
        columns, styles, types, regular = self._start_tags(
            self.cells[cell_of], digits_in_row[row_of[cell_of]]
        )
        first, last = self.tags[values] + 3, self.tags[values + 1]
        numbers, whole = _whole_numbers(self.bytes, first, last)
        kinds = _KIND_OF_TYPE[types]
        regular &= whole | (kinds == OTHER) | (types == ord("n"))
        regular &= (last > first) & (kinds >= 0)
        texts = np.flatnonzero(regular & ((kinds == OTHER) | ~whole))
        parsed = [
            _parse_text(text, type_, found)
            for text, type_ in zip(
                self._cut(first[texts], last[texts]), types[texts].tolist(), strict=True
            )
        ]
        numbers[texts] = parsed
        regular[texts] = ~np.isnan(numbers[texts])

        odd[cell_of[~regular]] = True
        rows = row_numbers[row_of]
        kept = cell_of[regular]
        found.add_many(
            rows[kept], columns[regular], styles[regular], kinds[regular], numbers[regular]
        )
        self._collect_odd(np.flatnonzero(odd), rows, found)

    def _odd_structure(self) -> Mask:
        """Which cells hold tags in an order that is not a plain value's or formula's."""
        before = np.concatenate([np.array([_START], np.uint8), self.names[:-1]])
        breaks = np.flatnonzero(_BREAKS[before * np.uint8(_TAG_COUNT) + self.names])
        owners = np.searchsorted(self.cells, breaks, side="left") - 1
        between_rows = np.isin(before[breaks], (_START, _ROW, _ROW_END)) | (owners < 0)
        between_rows |= self.names[breaks] == _ROW
        if between_rows.any() or not np.isin(self.names[-1:], (_ROW, _ROW_END)).all():
            raise _Irregular
        odd = np.zeros(len(self.cells), np.bool_)
        odd[owners] = True
        return odd

    def _rows(self) -> tuple[Integers, Integers]:
        """Each row's number, and how many digits it has."""
        starts = self.tags[self.names == _ROW]
        if not self._says(starts, b'<row r="').all():
            raise _Irregular
        first = starts + len(b'<row r="')
        length = self._length_to_quote(first, 8)
        numbers, whole = _whole_numbers(self.bytes, first, first + length)
        if not whole.all() or numbers.max(initial=1) > LAST_ROW or numbers.min(initial=1) < 1:
            raise _Irregular
        return numbers.astype(np.int32), length

    def _start_tags(
        self, cells: Integers, digits_in_row: Integers
    ) -> tuple[Integers, Integers, Bytes, Mask]:
        """Column, style and type of cells, and which of them say it just as Excel does.

        A start tag is ``<c r="AB12" s="3" t="s">``, style and type may be missing.
        """
        starts, close = self.tags[cells], self.tags[cells + 1] - 1
        regular = self._says(starts, b'<c r="') & (self.bytes[close] == ord(">"))
        letters = [self.bytes[starts + 6 + i].astype(np.int32) - 64 for i in range(3)]
        second = (letters[1] >= 1) & (letters[1] <= 26)
        third = second & (letters[2] >= 1) & (letters[2] <= 26)
        regular &= (letters[0] >= 1) & (letters[0] <= 26)
        columns = letters[0]
        columns = np.where(second, columns * 26 + letters[1], columns)
        columns = np.where(third, columns * 26 + letters[2], columns)
        regular &= columns <= LAST_COLUMN

        at = starts + 7 + second + third + digits_in_row
        regular &= self.bytes[at] == ord('"')
        at = at + 1
        styled = self._says(at, b' s="')
        length = np.where(styled, self._length_to_quote(at + 4, 6), 0).astype(np.int32)
        numbers, whole = _whole_numbers(self.bytes, at + 4, at + 4 + length)
        regular &= whole | ~styled
        at = at + np.where(styled, length + 5, 0)

        left = close - at
        one_letter = (left == 6) & self._says(at, b' t="') & (self.bytes[at + 5] == ord('"'))
        text = (left == 8) & self._says(at, b' t="str"')
        types = np.where(one_letter, self.bytes[at + 4], ord("n"))
        types = np.where(text, ord("t"), types).astype(np.uint8)
        regular &= (left == 0) | one_letter | text
        return columns, numbers.astype(np.int32), types, regular

    def _says(self, at: Integers, text: bytes) -> Mask:
        """Where the bytes say this text of up to 8 bytes."""
        mask = np.uint64((1 << 8 * len(text)) - 1)
        said: Mask = self.words[at] & mask == np.uint64(int.from_bytes(text, "little"))
        return said

    def _length_to_quote(self, at: Integers, longest: int) -> Integers:
        length = np.zeros(len(at), np.int32)
        going = np.ones(len(at), np.bool_)
        for i in range(longest):
            going &= self.bytes[at + i] != ord('"')
            length += going
        return length

    def _cut(self, first: Integers, last: Integers) -> list[bytes]:
        edges = zip((first + self.start).tolist(), (last + self.start).tolist(), strict=True)
        return [self.part[start:stop] for start, stop in edges]

    def _collect_odd(self, odd: npt.NDArray[np.intp], rows: Integers, found: Found) -> None:
        if not len(odd):
            return
        ends = np.flatnonzero((self.names == _C) | (self.names == _ROW_END))
        after = ends[np.searchsorted(ends, self.cells[odd], side="right")]
        cells = b"".join(self._cut(self.tags[self.cells[odd]], self.tags[after]))
        try:
            root = parse_cells(self.root + cells + b"</worksheet>")
            for cell, row in zip(root, rows[odd].tolist(), strict=True):
                add_cell(cell, row, parse_cell(cell.get("r", ""))[1], found)
        except (etree.XMLSyntaxError, ValueError, CannotPatch):
            raise _Irregular from None


_KIND_OF_TYPE = np.full(256, -1, np.int8)
for _letter, _kind in zip("nsbet", (NUMBER, SHARED, TRUTH, OTHER, OTHER), strict=True):
    _KIND_OF_TYPE[ord(_letter)] = _kind


def _whole_numbers(
    data: Bytes, first: Integers, last: Integers
) -> tuple[npt.NDArray[np.float64], Mask]:
    """The numbers written from ``first`` up to ``last``, and which of them are digits alone."""
    length = last - first
    whole = (length > 0) & (length <= 15)  # 15 digits are exact in a float
    numbers = np.zeros(len(first))
    for i in range(min(15, int(length.max(initial=0)))):
        digit = data[last - 1 - i] - np.uint8(ord("0"))  # what lies below "0" wraps to above 9
        inside = i < length
        whole &= ~inside | (digit <= 9)
        numbers += np.where(inside, digit, 0) * 10.0**i
    return numbers, whole


def _parse_text(text: bytes, type_: int, found: Found) -> float:
    """The number of a decimal, or the index of a kept text; NaN if lxml has to look."""
    if b"&" in text or b"\r" in text:
        return math.nan
    try:
        if type_ == ord("n"):
            number = float(text)
            return number if math.isfinite(number) and b"_" not in text else math.nan
        value = text.decode()
    except ValueError:
        return math.nan
    return found.keep(CellError(value) if type_ == ord("e") else unescape_text(value))
