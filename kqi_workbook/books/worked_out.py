"""Formulas that a column's cells are worked out by, told from those that somebody typed.

A file says which columns of a table are calculated; an open workbook does not, and a column
that was once filled by one formula is still said to be when every cell has had another since.
So both kinds of book are asked what their cells hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kqi_workbook.books.cells import Content, Formula
from kqi_workbook.books.ooxml.formulas import has_relative_reference, shift
from kqi_workbook.errors import CannotPatch

_OF_ITS_ROW = ("[#This Row]", "[@")


def worked_out(column: Sequence[Content]) -> list[bool]:
    """Which cells hold the formula that most formulas of a table's column are, copied down.

    A table of one row shows no copies: there a formula counts that refers to its row.
    """
    last = len(column) - 1
    read = [_in_row(last - number, content) for number, content in enumerate(column)]
    counted = Counter(text for text in read if text is not None)
    if not counted:
        return [False] * len(column)
    usual, times = counted.most_common(1)[0]
    copied = times > 1 and 2 * times > counted.total()
    counts = copied or (last == 0 and _refers_to_its_row(usual))
    return [counts and text == usual for text in read]


def _in_row(rows: int, content: Content) -> str | None:
    """A formula as it reads when it is copied so many rows down."""
    if not isinstance(content, Formula):
        return None
    try:
        return shift(content.text, rows)
    except CannotPatch:
        return content.text


def _refers_to_its_row(formula: str) -> bool:
    return has_relative_reference(formula) or any(mark in formula for mark in _OF_ITS_ROW)
