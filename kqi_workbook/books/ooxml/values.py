"""Between a value and the way a cell writes it: text, numbers, days, errors."""

from __future__ import annotations

import datetime as dt
import math
from numbers import Real

from kqi_workbook.books.cells import ERRORS, EXACT, CellError, Content, Formula, Value
from kqi_workbook.books.ooxml.text import escape_text, to_markup
from kqi_workbook.errors import CannotPatch

_DAY = dt.timedelta(days=1)
_DAY_0 = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # by date1904
LONGEST_FORMULA = 8_192
_TRUTHS = {"1": True, "true": True, "0": False, "false": False}
_NUMBERS = (int, float, dt.date, dt.time, Real)  # the plain ones first: Real is slow to ask


def serial(value: dt.date | dt.time, date1904: bool, where: str) -> float:
    """A day, a moment or a time as the number that Excel counts it by.

    Excel's 1900 calendar has a 29 February 1900 that never was, so days before 1 March 1900
    are counted one lower.
    """
    if isinstance(value, dt.time):
        since = dt.datetime.combine(dt.date.min, value.replace(tzinfo=None)) - dt.datetime.min
        return _to_the_millisecond(since)
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    if moment.tzinfo is not None:
        raise CannotPatch(f"{where}: {value} has a time zone, which a cell cannot hold.")
    number = _to_the_millisecond(moment - _DAY_0[date1904])
    if not date1904 and moment < dt.datetime(1900, 3, 1):
        number -= 1
    if number < 0 or (not date1904 and number < 1):
        raise CannotPatch(f"{where}: {value} is before the first day that the workbook counts.")
    return number


def _to_the_millisecond(since: dt.timedelta) -> float:
    whole, rest = divmod(since, _DAY)
    milliseconds = round(rest / dt.timedelta(milliseconds=1))
    return whole + milliseconds / 86_400_000


def from_serial(number: float, date1904: bool) -> dt.date | dt.datetime | dt.time | float:
    """The day, moment or time that a number shows under a date format; the number if it is none."""
    if number < 0:
        return number
    if not date1904 and 1 <= number < 60:
        number += 1
    elif not date1904 and 60 <= number < 61:
        return number
    try:
        if number > 60 and number % 1 == 0:  # nearly all are, and it is five times as fast
            return dt.date.fromordinal(_DAY_0[date1904].toordinal() + int(number))
        moment = _DAY_0[date1904] + dt.timedelta(milliseconds=round(number * 86_400_000))
    except (OverflowError, ValueError):
        return number
    if not date1904 and 0 <= number < 1:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment


def plain_number(number: float) -> float:
    """A number as Python has it: 153 rather than 153.0."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def truth(text: str) -> bool:
    """TRUE or FALSE as a cell keeps it; ValueError for anything else."""
    if text.strip() not in _TRUTHS:
        raise ValueError(f"{text} is neither true nor false")
    return _TRUTHS[text.strip()]


def is_number(value: Content) -> bool:
    """Whether a cell keeps the value as a number: days and times too, True and False not."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def number_of(value: Value, date1904: bool, where: str) -> float:
    """The number that a cell keeps for a number, day or time."""
    if isinstance(value, (dt.date, dt.time)):
        return serial(value, date1904, where)
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise CannotPatch(f"{where}: {value} is not a number that a cell can hold.")
    return number


def write_number(number: float) -> str:
    """A number as a cell writes it: 84.1, 153, 1e+20."""
    return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)


def _checked_formula(text: str, where: str) -> str:
    if len(text) > LONGEST_FORMULA or not text or escape_text(text, where) != text:
        raise CannotPatch(f"{where}: {text[:60]!r} is not a formula that a cell can hold.")
    return text


def write_value(value: Content, prefix: str, date1904: bool, where: str) -> tuple[str, str]:
    """A value as a cell's type and what is between its tags.

    Text is always written as text: one that begins with ``=`` never becomes a formula.
    """
    if value is None:
        return "", ""
    if isinstance(value, Formula):
        formula = f"<{prefix}f>{to_markup(_checked_formula(value.text, where))}</{prefix}f>"
        if isinstance(value.shown, str):
            shown = to_markup(escape_text(value.shown, where))
            return "str", f"{formula}<{prefix}v>{shown}</{prefix}v>"
        kind, shown = write_value(value.shown, prefix, date1904, where)
        return kind, formula + shown
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, CellError):
        if value.code not in ERRORS.values():
            raise CannotPatch(f"{where}: {value.code!r} is not an error value of Excel.")
        return "e", f"<{prefix}v>{value.code}</{prefix}v>"
    if isinstance(value, str):
        text = to_markup(escape_text(str.__str__(value), where))
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        return "inlineStr", f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>"
    if is_number(value):
        number = write_number(number_of(value, date1904, where))
        return "", f"<{prefix}v>{number}</{prefix}v>"
    raise CannotPatch(f"{where}: a cell cannot hold {value!r} ({type(value).__name__}).")
