"""Every cell of a sheet's part that holds something, found without building a tree.

A sheet of 100,000 rows is half a gigabyte as a tree, and a fast reader in another language hides
error cells, makes a rectangle of the whole extent in memory (one stray cell in the last corner
ends the process) and unpacks the sheet a second time beside the search for what it hides. The
markup that Excel and its kin write is so regular that numpy reads it piece by piece as it is
unpacked, in about the time that unpacking takes. A cell written in any other way goes to lxml by
itself, and a part written in any other way goes to lxml as a whole: slower, with the same result.
What is damaged in a place that holds no value, such as within a formula, may pass unnoticed.

(numpy takes from bytes by int64 at 1 ns each, by int32 or by a mask at 3 to 5, and 8 bytes at once
at 5; what it then does with numbers that lie side by side takes 0.3. So what a place says is taken
once, 8 bytes of it, and taken apart as a number.)
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
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
    SheetCells,
)
from kqi_workbook.books.ooxml.text import unescape_text
from kqi_workbook.books.ooxml.tree_scan import add_cell, parse_cells, scan_tree
from kqi_workbook.errors import CannotPatch

Bytes: TypeAlias = npt.NDArray[np.uint8]
Words: TypeAlias = npt.NDArray[np.uint64]  # 8 bytes each, the first of them the lowest
Mask: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.intp]
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
_NAMESPACES = tuple(f'xmlns="{name}"'.encode() for name in (markup.MAIN, markup.STRICT))
_END = b"</sheetData>"
_ROOM = bytes(64)  # past a piece's end, so that no look goes beyond


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
            yield b"".join((*waiting, piece[:cut], _ROOM))
            waiting = []
        waiting.append(piece[cut:])
        piece = next(pieces, b"")
        if not piece:  # the end itself may have been cut in two
            piece, waiting = b"".join(waiting), []
            if _END not in piece:
                raise _Irregular
    yield b"".join((*waiting, piece[:end], _ROOM))


class _Piece:
    """Some whole rows of a part."""

    def __init__(self, rows: bytes, root: bytes) -> None:
        self.rows, self.root = rows, root
        self.words: Words = np.frombuffer(rows, "<u8", len(rows) // 8)
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

        filled, values = self._contents(np.flatnonzero(~odd))
        columns, styles, types, regular = self._start_tags(
            self.cells.take(filled), row_digits.take(row_of.take(filled))
        )
        first, last, inline = self._values(values)
        kinds = _KIND_OF_TYPE.take(types)
        numbers, whole = self._whole_numbers(last, last - first)
        regular &= (last > first) & (kinds >= 0) & (inline == (types == _INLINE))
        regular &= whole | (kinds == OTHER) | (types == ord("n"))
        regular &= (kinds != TRUTH) | (numbers <= 1)
        texts = np.flatnonzero(regular & ((kinds == OTHER) | ~whole))
        if len(texts):
            edges = first.take(texts), last.take(texts)
            numbers[texts] = [
                _parse_text(text, type_, found)
                for text, type_ in zip(self._cut(*edges), types.take(texts).tolist(), strict=True)
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
        if not self._says(starts, b'<row r="').all():
            raise _Irregular
        words = self._words(starts + len(b'<row r="'))
        length = _digits_first(words)
        numbers, whole = _digits(words << (8 * (8 - length)).astype(np.uint64), length)
        if not (whole & (length > 0) & (numbers >= 1) & (numbers <= LAST_ROW)).all():
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
        words = self._words(starts + len("<c "))
        regular = words & _mask(3) == _word(b'r="')
        one, two, three = ((words >> np.uint64(8 * i)).astype(np.uint8) for i in (3, 4, 5))
        one, two, three = (letter - np.uint8(ord("A") - 1) for letter in (one, two, three))
        has_two = two - np.uint8(1) < 26  # what lies below 1 wraps to 255
        has_three = has_two & (three - np.uint8(1) < 26)
        columns = one.astype(np.int16)
        columns = np.where(has_two, columns * 26 + two, columns)
        columns = np.where(has_three, columns * 26 + three, columns)
        regular &= (one - np.uint8(1) < 26) & (columns <= LAST_COLUMN)

        ends = starts + len('<c r="A') + has_two + has_three + row_digits
        which, tails, alike = self._distinct(ends, self.tags.take(cells + 1) - ends)
        read = [_TAIL.fullmatch(tail) for tail in tails]
        styles = np.array([int(found["style"] or 0) if found else 0 for found in read], np.int32)
        types = np.array([_TYPES[found["type"]] if found else 0 for found in read], np.uint8)
        return columns, styles.take(which), types.take(which), regular & alike

    def _values(self, values: Places) -> tuple[Places, Places, Mask]:
        """From where to where the values stand, and which of them are inline texts."""
        first, last = self.tags.take(values) + len("<v>"), self.tags.take(values + 1)
        inline = self.names.take(values) == _T
        texts = np.flatnonzero(inline)
        if len(texts):  # <t> or <t xml:space="preserve">
            spaced = texts[self._says(first.take(texts) - 1, b" ")]
            known = self._says(first.take(spaced), _SPACE)
            first[spaced] = np.where(known, first[spaced] + len(_SPACE), last[spaced])
        return first, last, inline

    def _whole_numbers(self, last: Places, length: Places) -> tuple[Numbers, Mask]:
        """The numbers that end at these places, and which of them are digits alone."""
        numbers, whole = _digits(self._words(last - 8), np.minimum(length, 8))
        long = np.flatnonzero(length > 8)
        if len(long):
            upper, also = _digits(
                self._words(last.take(long) - 16), length.take(long).clip(0, 16) - 8
            )
            numbers[long] += upper * 1e8
            whole[long] &= also & (length.take(long) <= _EXACT_DIGITS)
        return numbers, whole

    def _distinct(self, at: Places, length: Places) -> tuple[Places, list[bytes], Mask]:
        """Which of the few different texts stands at each place, the texts, and where that is
        certain. None is longer than three words."""
        length = length.clip(0, 24)
        words = [
            self._words(at + i) & _MASKS.take((length - i).clip(0, 8))
            for i in range(0, int(length.max(initial=1)), 8)
        ]
        mixed = words[0]
        for word in words[1:]:
            mixed = mixed * _SCATTER ^ word
        which, different = pd.factorize(mixed)
        first = np.searchsorted(np.maximum.accumulate(which), np.arange(len(different)))
        alike = np.ones(len(at), np.bool_)
        for word in words:
            alike &= word.take(first).take(which) == word
        return which, self._cut(at[first], at[first] + length[first]), alike

    def _says(self, at: Places, text: bytes) -> Mask:
        """Where this text stands."""
        said = np.ones(len(at), np.bool_)
        for i in range(0, len(text), 8):
            part = text[i : i + 8]
            said &= self._words(at + i) & _mask(len(part)) == _word(part)
        return said

    def _words(self, at: Places) -> Words:
        """The 8 bytes from each place on, put together from two words that lie side by side."""
        word, bits = at >> 3, (at & 7).astype(np.uint64) << np.uint64(3)
        low: Words = self.words.take(word) >> bits
        high: Words = self.words.take(word + 1) << (np.uint64(64) - bits)
        return low | high

    def _cut(self, first: Places, last: Places) -> list[bytes]:
        edges = zip(first.tolist(), last.tolist(), strict=True)
        return [self.rows[start:stop] for start, stop in edges]

    def _collect_odd(self, odd: Places, rows: Numbers, found: Found) -> None:
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


# Bytes as numbers

_EXACT_DIGITS = 15  # in a float
_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplier: words that differ stay apart


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


def _mask(length: int) -> np.uint64:
    return np.uint64((1 << 8 * length) - 1)


_MASKS = np.array([_mask(length) for length in range(9)])


_FIRST_OTHER = np.array([0x80 << 8 * i for i in range(8)], np.uint64)


def _digits_first(words: Words) -> Places:
    """With how many digits words begin, up to 7."""
    digits = words ^ _word(b"00000000")
    # Adding to seven bits of a byte sets its eighth where they are above 9.
    above_nine = (digits & _word(b"\x7f" * 8)) + _word(b"\x76" * 8) | digits
    marks = above_nine & _word(b"\x80" * 8)
    return np.searchsorted(_FIRST_OTHER, marks & (~marks + np.uint64(1)))


def _digits(words: Words, length: Places) -> tuple[npt.NDArray[np.float64], Mask]:
    """The numbers that the last bytes of words spell, and which of them are digits alone.

    Neighbours are added up in pairs: eight digits, then four numbers, then two.
    """
    others = (8 * (8 - length)).astype(np.uint64)
    digits = (words ^ _word(b"00000000")) >> others << others
    above_nine = (digits | digits + _word(b"\x06" * 8)) & _word(b"\xf0" * 8)
    pairs = digits * np.uint64(10 << 8 | 1) >> np.uint64(8) & _word(b"\xff\x00" * 4)
    fours = pairs * np.uint64(100 << 16 | 1) >> np.uint64(16) & _word(b"\xff\xff\x00\x00" * 2)
    whole = fours * np.uint64(10_000 << 32 | 1) >> np.uint64(32)
    return whole.astype(np.float64), above_nine == 0


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
