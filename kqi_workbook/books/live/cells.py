"""What goes into Excel's cells and what comes out of them, so that each cell holds what was meant.

Excel reads a value that is put into a cell as if it had been typed: "1-2" becomes a date and
"=A1" a formula. These functions stand between that and the words that every book shares.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kqi_workbook.books.cells import (
    ERRORS,
    EXACT,
    LONGEST_TEXT,
    CellError,
    Content,
    Formula,
    Grid,
    Value,
    length,
)
from kqi_workbook.books.sameness import DAY_ZERO, serial
from kqi_workbook.errors import CannotPatch

LONGEST_IN_A_BLOCK = 8_000  # Excel refuses a block with a text of more than 8,203 characters
FIRST_ERROR = -2_146_828_288  # COM hands out error 2042 as this number plus 2042

# A word and then figures ("Mar 2014", "March 1, 2014 9:30 am") may be a date; "TRUE" is no text.
_LIKE_A_DATE = re.compile(r"[^\W\d_]+[\W_]*\d[\d\W_]*([ap]m?)?\Z", re.IGNORECASE)
_TRUTH = {"true", "false"}
_STARTERS = set("=+-@#(.,% \t\r\n\xa0'\"^\\")  # the last four are, or were, prefixes of Lotus 1-2-3


def entry(content: Content) -> object:
    """What to hand to Excel so that the cell then holds this content.

    Text that Excel could take for a formula, a number, a date, a truth value or an error gets
    an apostrophe in front, as a person would type it; the cell does not show it.

    Raises:
        CannotPatch: a text too long for a cell, or a number that is not finite.
    """
    if isinstance(content, Formula):
        return f"={content.text}"
    if isinstance(content, CellError):
        return content.code
    if isinstance(content, str):
        if length(content) > LONGEST_TEXT:
            raise CannotPatch(
                f"The text '{content[:40]}...' has {length(content):,} characters; a cell holds "
                f"{LONGEST_TEXT:,}. Shorten it where it is typed."
            )
        return f"'{content}" if _may_be_converted(content) else content
    if isinstance(content, bool) or content is None:
        return content
    if isinstance(content, (int, float)):
        if not math.isfinite(content):
            raise CannotPatch(f"{content} is not a number that a cell can hold.")
        return float(content)  # COM has no integers of more than 32 bits in a block
    if isinstance(content, dt.time):
        return serial(content)
    if isinstance(content, dt.datetime):
        return content
    return dt.datetime.combine(content, dt.time())


def entries(grid: Grid) -> list[list[Any]]:
    """The entries for a rectangle of cells; see `entry`."""
    return [[entry(content) for content in row] for row in grid]


def plain(value: Any) -> Value:
    """A value as xlwings hands it over, in the words of `cells`."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and value - FIRST_ERROR in ERRORS:
        return CellError(ERRORS[value - FIRST_ERROR])
    if isinstance(value, str):
        return value or None
    if isinstance(value, dt.datetime):
        moment = _to_the_millisecond(value)
        if moment.date() == DAY_ZERO.date():
            return moment.time()
        return moment if moment.time() != dt.time() else moment.date()
    if isinstance(value, (int, float, Decimal)):  # COM has Decimals for cells in a currency format
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < EXACT else number
    return str(value)


def contents(values: Sequence[Sequence[Any]], formulas: Sequence[Sequence[Any]]) -> Grid:
    """Cells as they stand, formulas as formulas: written back, they restore the cells."""
    return [
        [_content(value, formula) for value, formula in zip(value_row, formula_row, strict=True)]
        for value_row, formula_row in zip(values, formulas, strict=True)
    ]


def _to_the_millisecond(moment: dt.datetime) -> dt.datetime:
    """Excel counts a moment as a fraction of a day, which gives 14:29:59.999999 for 14:30."""
    moment = moment.replace(tzinfo=None) + dt.timedelta(microseconds=500)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _may_be_converted(text: str) -> bool:
    if not text:
        return False
    return (
        text[0] in _STARTERS
        or text[0].isdigit()
        or unicodedata.category(text[0]) == "Sc"  # a currency sign
        or text.strip().casefold() in _TRUTH
        or _LIKE_A_DATE.match(text) is not None
    )


def _content(value: Any, formula: Any) -> Content:
    if isinstance(formula, str) and formula.startswith("=") and formula != value:
        shown = plain(value)
        return Formula(formula[1:], shown if isinstance(shown, (str, int, float)) else "")
    return plain(value)
