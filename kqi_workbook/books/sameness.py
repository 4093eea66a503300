"""When two contents of a cell are the same to a reader, whichever kind of book they come from."""

from __future__ import annotations

import datetime as dt
import math
import re

from kqi_workbook.books.cells import CellError, Content, Formula

DAY_ZERO = dt.datetime(1899, 12, 30)


def same(one: Content, other: Content, within: float = 1e-9) -> bool:
    """Whether two contents are the same to a reader; numbers may differ by `within`."""
    if one is other or (type(one) is type(other) and one == other):
        return True
    if isinstance(one, Formula) or isinstance(other, Formula):
        return _formula(one) is not None and _formula(one) == _formula(other)
    if isinstance(one, CellError) or isinstance(other, CellError):
        return one == other
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return _text(one) == _text(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return math.isclose(serial(one), serial(other), rel_tol=1e-12, abs_tol=within)


def serial(value: dt.date | dt.datetime | dt.time | float) -> float:
    """A number; a day, moment or time as the number that Excel counts it by."""
    if isinstance(value, dt.time):
        value = dt.datetime.combine(DAY_ZERO, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    if isinstance(value, dt.datetime):
        return (value - DAY_ZERO) / dt.timedelta(days=1)
    return float(value)


def _formula(content: Content) -> str | None:
    # Excel writes names in capitals, adds spaces, and puts @ where it takes one value of many
    return re.sub(r"[\s@]", "", content.text).casefold() if isinstance(content, Formula) else None


def _text(content: Content) -> object:
    if isinstance(content, str):
        return content.replace("\r\n", "\n").replace("\r", "\n")
    return "" if content is None else content
