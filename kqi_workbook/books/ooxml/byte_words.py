"""What a text says at many of its places, all asked at once, eight bytes at a time.

numpy takes a byte by its place in 1 ns if places are int64, in 3 to 5 by int32 or by a mask; what
it then does with numbers that lie side by side takes 0.3 each. So eight bytes are taken together,
as one number, and taken apart by arithmetic.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Places: TypeAlias = npt.NDArray[np.intp]
Words: TypeAlias = npt.NDArray[np.uint64]  # eight bytes each, the first of them the lowest
Floats: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]

ROOM = bytes(64)
"""What must follow the last place that is asked about, so that no look goes beyond the text."""

LONGEST_DISTINCT = 24
_EXACT_DIGITS = 15  # in a float
_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplier: words that differ stay apart


class ByteWords:
    """A text, with ``ROOM`` at its end."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._words: Words = np.frombuffer(text, "<u8", len(text) // 8)

    def at(self, places: Places) -> Words:
        """The eight bytes from each place on, put together from two words side by side."""
        first, bits = places >> 3, (places & 7).astype(np.uint64) << np.uint64(3)
        low: Words = self._words.take(first) >> bits
        high: Words = self._words.take(first + 1) << (np.uint64(64) - bits)
        return low | high

    def says(self, places: Places, text: bytes) -> Mask:
        """At which of the places this text stands."""
        said = np.ones(len(places), np.bool_)
        for i in range(0, len(text), 8):
            part = text[i : i + 8]
            said &= self.at(places + i) & mask(len(part)) == word(part)
        return said

    def cut(self, first: Places, last: Places) -> list[bytes]:
        """The pieces from one place up to another."""
        edges = zip(first.tolist(), last.tolist(), strict=True)
        return [self._text[start:stop] for start, stop in edges]

    def distinct(self, places: Places, length: Places) -> tuple[Places, list[bytes], Mask]:
        """Which of a few different pieces stands at each place, the pieces, and where that is so.

        Of longer ones only the first ``LONGEST_DISTINCT`` bytes are seen.
        """
        length = length.clip(0, LONGEST_DISTINCT)
        words = [
            self.at(places + i) & _MASKS.take((length - i).clip(0, 8))
            for i in range(0, int(length.max(initial=1)), 8)
        ]
        mixed = words[0]
        for more in words[1:]:
            mixed = mixed * _SCATTER ^ more
        which, different = pd.factorize(mixed)
        first = np.searchsorted(np.maximum.accumulate(which), np.arange(len(different)))
        alike = np.ones(len(places), np.bool_)
        for one in words:  # two that differ might have been mixed into the same
            alike &= one.take(first).take(which) == one
        return which, self.cut(places[first], places[first] + length[first]), alike

    def numbers_from(self, places: Places) -> tuple[Floats, Places]:
        """The whole number of up to 7 digits that begins at each place, and how many digits."""
        words = self.at(places)
        length = _leading_digits(words)
        numbers, _ = _digits(words << (8 * (8 - length)).astype(np.uint64), length)
        return numbers, length

    def numbers_to(self, places: Places, length: Places) -> tuple[Floats, Mask]:
        """The numbers of so many bytes that end at each place, and which are digits alone."""
        numbers, whole = _digits(self.at(places - 8), np.minimum(length, 8))
        long = np.flatnonzero(length > 8)
        if len(long):
            places, length = places.take(long), length.take(long)
            upper, also = _digits(self.at(places - 16), length.clip(0, 16) - 8)
            numbers[long] += upper * 1e8
            whole[long] &= also & (length <= _EXACT_DIGITS)
        return numbers, whole


def word(text: bytes) -> np.uint64:
    """Up to eight bytes as a word."""
    return np.uint64(int.from_bytes(text, "little"))


def mask(length: int) -> np.uint64:
    """What leaves the first bytes of a word, so many of them."""
    return np.uint64((1 << 8 * length) - 1)


_MASKS = np.array([mask(length) for length in range(9)])
_EACH_BYTE = {value: word(bytes([value]) * 8) for value in (0x06, 0x30, 0x76, 0x7F, 0x80, 0xF0)}
_FIRST_OTHER = np.array([0x80 << 8 * i for i in range(8)], np.uint64)


def _leading_digits(words: Words) -> Places:
    """With how many digits words begin, up to 7."""
    digits = words ^ _EACH_BYTE[0x30]
    # Adding to seven bits of a byte sets its eighth where they are above 9.
    above_nine = (digits & _EACH_BYTE[0x7F]) + _EACH_BYTE[0x76] | digits
    marks = above_nine & _EACH_BYTE[0x80]
    return np.searchsorted(_FIRST_OTHER, marks & (~marks + np.uint64(1)))


def _digits(words: Words, length: Places) -> tuple[Floats, Mask]:
    """The numbers that the last bytes of words spell, and which of them are digits alone.

    Neighbours are added up in pairs: eight digits, then four numbers, then two.
    """
    others = (8 * (8 - length)).astype(np.uint64)
    digits = (words ^ _EACH_BYTE[0x30]) >> others << others
    above_nine = (digits | digits + _EACH_BYTE[0x06]) & _EACH_BYTE[0xF0]
    pairs = digits * np.uint64(10 << 8 | 1) >> np.uint64(8) & word(b"\xff\x00" * 4)
    fours = pairs * np.uint64(100 << 16 | 1) >> np.uint64(16) & word(b"\xff\xff\x00\x00" * 2)
    whole = fours * np.uint64(10_000 << 32 | 1) >> np.uint64(32)
    return whole.astype(np.float64), above_nine == 0
