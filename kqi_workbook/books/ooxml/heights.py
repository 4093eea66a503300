"""How high a row must be for its wrapped text.

Excel fits a row that states no height when it opens the file. LibreOffice does not: it shows one
line and cuts the rest off. A height that is stated but not marked as set by hand is shown by
both, and both still fit the row again when somebody edits it.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

# Widths of Arial's characters in thousandths of the font size, as Helvetica's published metrics
# give them; any other sans font comes near.
_NARROW, _USUAL, _WIDE = 278, 556, 722
_WIDTHS = {
    **dict.fromkeys("ijl'’‘", 222),
    **dict.fromkeys(" !,./:;I[\\]ft|", _NARROW),
    **dict.fromkeys("-()r`{}", 333),
    **dict.fromkeys("•", 350),
    **dict.fromkeys("ckJsvxyz", 500),
    **dict.fromkeys("FTZ+<=>~", 600),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", _WIDE),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("W%@", 944),
}
_WIDEST = max(_WIDTHS.values())
INDENT = 1.5  # characters of a column's width that one indent takes: three spaces
_LINE = 1.25  # of the font size: Excel's line of Arial, a little more than LibreOffice's
_BOLD = 1.08  # how much wider bold text is
_PADDING = 1  # characters of a column's width that stay empty at its sides
HIGHEST = 409.5  # points: Excel's limit


def row_height(lines: int, size: float) -> float:
    """The height in points of so many lines of text, whose font's size is in points."""
    return min(lines * size * _LINE, HIGHEST)


def line_count(text: str, width: float, *, bold: bool = False) -> int:
    """How many lines a text takes in a column so many of its font's digits wide."""
    room = max(width - _PADDING, 1) * _USUAL / (_BOLD if bold else 1)
    short = room / _WIDEST  # characters that fit into a line, whichever they are
    paragraphs = text.split("\n")
    return sum(1 if len(p) <= short else _wrapped(p, room) for p in paragraphs)


def is_cut_off(points: float, size: float, text: str) -> bool:
    """Whether the highest row is too low for a text in a column so many points wide."""
    digit = size * _USUAL / 1000
    return row_height(line_count(text, points / digit), size) >= HIGHEST


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    return sum(_WIDTHS.get(character, _USUAL) for character in word)


def _wrapped(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    space = _WIDTHS[" "]
    for word in paragraph.split(" "):
        wide = _width(word)
        if used and used + space + wide > room:
            lines, used = lines + 1, wide
        else:
            used += (space if used else 0) + wide
        if used > room:  # a word longer than the line is broken
            more = ceil(used / room) - 1
            lines, used = lines + more, used - more * room
    return lines
