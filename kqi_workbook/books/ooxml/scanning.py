"""Every cell of a sheet's part that holds something, found without building a tree.

A sheet of 100,000 rows is half a gigabyte as a tree, and a fast reader in another language hides
error cells, makes a rectangle of the whole extent in memory (one stray cell in the last corner
ends the process) and unpacks the sheet a second time beside the search for what it hides. The
markup that Excel and its kin write is so regular that numpy reads it piece by piece as it is
unpacked, in about the time that unpacking takes. A cell written in any other way goes to lxml by
itself, and a part written in any other way goes to lxml as a whole: slower, with the same result.
What is damaged in a place that holds no value, such as within a formula, may pass unnoticed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from lxml import etree

from kqi_workbook.books.cells import CellError
from kqi_workbook.books.ooxml import markup
from kqi_workbook.books.ooxml.addresses import LAST_COLUMN, LAST_ROW, parse_cell
from kqi_workbook.books.ooxml.byte_words import ROOM, ByteWords, Mask, Places, mask, word
from kqi_workbook.books.ooxml.sheet_cells import (
    NUMBER,
    OTHER,
    SHARED,
    TRUTH,
    Found,
    SheetCells,
)
from kqi_workbook.books.ooxml.text import from_markup, unescape_text
from kqi_workbook.books.ooxml.tree_scan import add_cell, parse_cells, scan_tree
from kqi_workbook.errors import CannotPatch

Bytes: TypeAlias = npt.NDArray[np.uint8]
Numbers: TypeAlias = npt.NDArray[Any]


def scan(unpack: Callable[[], Iterable[bytes]], what: str) -> SheetCells:
    """Find the cells of a sheet's part; ``what`` names the part in messages.

    ``unpack`` gives the part's bytes from the beginning, in pieces of any size.
    """
    try:
        found = Found()
        _scan_regular(unpack(), found)
    except _Irregular:
        found = Found()
        scan_tree(b"".join(unpack()), what, found)
    return found.cells()


class _Irregular(Exception):
    """The part is not written as Excel writes it: only lxml can tell what it says."""


# What may follow what

(
    _START, _ROW, _ROW_END, _C, _C_END, _F, _F_END, _V, _V_END, _IS, _IS_END, _T, _T_END, _ANY_OTHER
) = range(14)  # fmt: skip
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
    b"is": _IS,
    b"/i": _IS_END,
    b"t>": _T,
    b"t ": _T,
    b"/t": _T_END,
}
_TAG_BY_FIRST_BYTES = np.full(1 << 16, _ANY_OTHER, np.uint8)
for _first, _tag in _TAGS.items():
    _TAG_BY_FIRST_BYTES[int.from_bytes(_first, "little")] = _tag

_BREAKS = np.ones(16**2, np.bool_)  # by a tag times 16, and the one after it
for _tag, _next in (
    (_START, (_ROW,)),
    (_ROW, (_ROW, _ROW_END, _C)),  # self-closing or not
    (_ROW_END, (_ROW,)),
    (_C, (_C, _ROW_END, _C_END, _F, _V, _IS)),
    (_C_END, (_C, _ROW_END)),
    (_F, (_F_END, _V)),  # a formula without a value is looked at by itself
    (_F_END, (_V,)),
    (_V, (_V_END,)),
    (_V_END, (_C_END,)),
    (_IS, (_T,)),
    (_T, (_T_END,)),
    (_T_END, (_IS_END,)),
    (_IS_END, (_C_END,)),
):
    _BREAKS[_tag * 16 + np.array(_next)] = False


# From the part's bytes to whole rows

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=\"1\.0\"(?: encoding=\"utf-8\")?"
    rb"(?: standalone=\"(?:yes|no)\")? ?\?>\s*)?(?P<root><worksheet(?:\s[^<>]*)?>)[^!]*?"
    rb"<sheetData(?P<empty>/)?>",
    re.IGNORECASE,
)
_LONGEST_HEAD = 1 << 20
_ROW_NUMBER = b'<row r="'
_NAMESPACES = tuple(f'xmlns="{name}"'.encode() for name in (markup.MAIN, markup.STRICT))
_END = b"</sheetData>"


def _scan_regular(unpacked: Iterable[bytes], found: Found) -> None:
    pieces = iter(unpacked)
    start = b""
    while not (head := _HEAD.match(start)):
        more = next(pieces, b"")
        if not more or len(start) > _LONGEST_HEAD:
            raise _Irregular
        start += more
    if not any(name in head["root"] for name in _NAMESPACES):
        raise _Irregular
    if not head["empty"]:
        for rows in _whole_rows(start[head.end() :], pieces):
            _Piece(rows, head["root"]).collect(found)
    for _ in pieces:  # to the end, where the archive holds what was unpacked against its checksum
        pass


def _whole_rows(start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What stands between the sheet's rows tags, cut where rows begin."""
    waiting: list[bytes] = []
    piece = start
    while (end := piece.find(_END, cut := max(piece.rfind(b"<row "), 0))) < 0:
        if cut:
            yield b"".join((*waiting, memoryview(piece)[:cut], ROOM))
            waiting = []
        waiting.append(piece[cut:])
        piece = next(pieces, b"")
        if not piece:  # the end itself may have been cut in two
            piece, waiting = b"".join(waiting), []
            if _END not in piece:
                raise _Irregular
    yield b"".join((*waiting, memoryview(piece)[:end], ROOM))


class _Piece:
    """Some whole rows of a part."""

    def __init__(self, rows: bytes, root: bytes) -> None:
        self.root = root
        self.text = ByteWords(rows)
        data = np.frombuffer(rows, np.uint8)
        self.tags = np.flatnonzero(data == ord("<"))
        first, second = (data.take(self.tags + i).astype(np.uint16) for i in (1, 2))
        self.names = _TAG_BY_FIRST_BYTES.take(second << 8 | first)
        self.cells = np.flatnonzero(self.names == _C)

    def collect(self, found: Found) -> None:
        if not len(self.tags):
            return
        odd = self._odd_structure()
        is_row = self.names == _ROW
        row_numbers, row_digits = self._rows(self.tags.take(np.flatnonzero(is_row)))
        row_of = np.cumsum(is_row, dtype=np.int32).take(self.cells) - 1

        filled, contents = self._contents(np.flatnonzero(~odd))
        columns, styles, types, regular = self._start_tags(
            self.cells.take(filled), row_digits.take(row_of.take(filled))
        )
        first, last, inline = self._values(contents)
        kinds = _KIND_OF_TYPE.take(types)
        numbers, whole = self.text.numbers_to(last, last - first)
        regular &= (last > first) & (kinds >= 0) & (inline == (types == _INLINE))
        regular &= whole | (kinds == OTHER) | (types == ord("n"))
        regular &= (kinds != TRUTH) | (numbers <= 1)
        texts = np.flatnonzero(regular & ((kinds == OTHER) | ~whole))
        if len(texts):
            values = self.text.cut(first.take(texts), last.take(texts))
            numbers[texts] = [
                _parse_text(value, type_, found)
                for value, type_ in zip(values, types.take(texts).tolist(), strict=True)
            ]
            regular[texts] = ~np.isnan(numbers.take(texts))

        rows = row_numbers.take(row_of)
        odd[filled[~regular]] = True
        kept = np.flatnonzero(regular)
        cells = rows.take(filled), columns, styles, kinds, numbers
        found.add_many(*(cells if regular.all() else (array.take(kept) for array in cells)))
        self._collect_odd(np.flatnonzero(odd), rows, found)

    def _odd_structure(self) -> Mask:
        """Which cells hold tags in an order that is not a plain value's or formula's."""
        odd = np.zeros(len(self.cells), np.bool_)
        before = np.concatenate([np.array([_START], np.uint8), self.names[:-1]])
        breaks = np.flatnonzero(_BREAKS.take(before << 4 | self.names))
        if len(breaks):
            owners = np.searchsorted(self.cells, breaks, side="left") - 1
            between_rows = np.isin(before[breaks], (_START, _ROW, _ROW_END)) | (owners < 0)
            if (between_rows | (self.names[breaks] == _ROW)).any():
                raise _Irregular
            odd[owners] = True
        if self.names[-1] not in (_ROW, _ROW_END):
            raise _Irregular
        return odd

    def _rows(self, starts: Places) -> tuple[Numbers, Places]:
        """Each row's number, and how many digits it has."""
        first = starts + len(_ROW_NUMBER)
        numbers, length = self.text.numbers_from(first)
        regular = self.text.says(starts, _ROW_NUMBER) & self.text.says(first + length, b'"')
        if not (regular & (numbers >= 1) & (numbers <= LAST_ROW)).all():
            raise _Irregular
        return numbers.astype(np.int32), length

    def _contents(self, cells: Places) -> tuple[Places, Places]:
        """Those of the cells that hold something, and the tag that their value follows."""
        tags = self.cells.take(cells)
        following = self.names.take(tags + 1)
        steps = _STEPS_TO_VALUE.take(following)
        formulas = np.flatnonzero(following == _F)
        steps[formulas] += self.names.take(tags.take(formulas) + 2) == _F_END
        filled = np.flatnonzero(steps)
        return cells.take(filled), tags.take(filled) + steps.take(filled)

    def _start_tags(
        self, cells: Places, row_digits: Places
    ) -> tuple[Numbers, Numbers, Bytes, Mask]:
        """Column, style and type of cells, and which of them say it just as Excel does.

        A start tag is ``<c r="AB12" s="3" t="s">``, style and type may be missing.
        """
        starts = self.tags.take(cells)
        words = self.text.at(starts + len("<c "))
        regular = words & mask(3) == word(b'r="')
        one, two, three = ((words >> np.uint64(8 * i)).astype(np.uint8) for i in (3, 4, 5))
        one, two, three = (letter - np.uint8(ord("A") - 1) for letter in (one, two, three))
        has_two = two - np.uint8(1) < 26  # what lies below 1 wraps to 255
        has_three = has_two & (three - np.uint8(1) < 26)
        columns = one.astype(np.int16)
        columns = np.where(has_two, columns * 26 + two, columns)
        columns = np.where(has_three, columns * 26 + three, columns)
        regular &= (one - np.uint8(1) < 26) & (columns <= LAST_COLUMN)

        ends = starts + len('<c r="A') + has_two + has_three + row_digits
        which, tails, alike = self.text.distinct(ends, self.tags.take(cells + 1) - ends)
        read = [_TAIL.fullmatch(tail) for tail in tails]
        styles = np.array([int(found["style"] or 0) if found else 0 for found in read], np.int32)
        types = np.array([_TYPES[found["type"]] if found else 0 for found in read], np.uint8)
        return columns, styles.take(which), types.take(which), regular & alike

    def _values(self, contents: Places) -> tuple[Places, Places, Mask]:
        """From where to where the values stand, and which of them are inline texts."""
        first, last = self.tags.take(contents) + len("<v>"), self.tags.take(contents + 1)
        inline = self.names.take(contents) == _T
        texts = np.flatnonzero(inline)
        if len(texts):  # <t> or <t xml:space="preserve">
            spaced = texts[self.text.says(first.take(texts) - 1, b" ")]
            known = self.text.says(first.take(spaced), _SPACE)
            first[spaced] = np.where(known, first[spaced] + len(_SPACE), last[spaced])
        return first, last, inline

    def _collect_odd(self, odd: Places, rows: Numbers, found: Found) -> None:
        if not len(odd):
            return
        ends = np.flatnonzero((self.names == _C) | (self.names == _ROW_END))
        after = ends[np.searchsorted(ends, self.cells[odd], side="right")]
        cells = b"".join(self.text.cut(self.tags[self.cells[odd]], self.tags[after]))
        try:
            root = parse_cells(self.root + cells + b"</worksheet>")
            for cell, row in zip(root, rows[odd].tolist(), strict=True):
                add_cell(cell, row, parse_cell(cell.get("r", ""))[1], found)
        except (etree.XMLSyntaxError, ValueError, CannotPatch):
            raise _Irregular from None


_STEPS_TO_VALUE = np.zeros(16, np.uint8)  # from a cell's tag, by the tag that comes next
_STEPS_TO_VALUE[[_V, _IS, _F]] = 1, 2, 2

_TAIL = re.compile(rb'"(?: s="(?P<style>\d{1,6})")?(?: t="(?P<type>[nsbe]|str|inlineStr)")?>')
_SPACE = b'xml:space="preserve">'
_INLINE = ord("i")
_TYPES = {None: ord("n"), b"str": ord("t"), b"inlineStr": _INLINE}
_TYPES |= {letter.encode(): ord(letter) for letter in "nsbe"}
_KIND_OF_TYPE = np.full(256, -1, np.int8)
for _letter, _kind in zip("nsbeti", (NUMBER, SHARED, TRUTH, OTHER, OTHER, OTHER), strict=True):
    _KIND_OF_TYPE[ord(_letter)] = _kind


_UNUSUAL = re.compile(rb"\r|&(?!(?:amp|lt|gt|quot|apos);)")


def _parse_text(text: bytes, type_: int, found: Found) -> float:
    """The number of a decimal, or the index of a kept text; NaN if lxml has to look."""
    if (b"&" in text or b"\r" in text) and _UNUSUAL.search(text):
        return math.nan
    try:
        if type_ == ord("n"):
            number = float(text)
            return number if math.isfinite(number) and b"_" not in text else math.nan
        value = from_markup(text.decode())
    except ValueError:
        return math.nan
    return found.keep(CellError(value) if type_ == ord("e") else unescape_text(value))
