"""What one cell says under a column's kind: a value, nothing, or something that does not fit.

Staff paste from many systems, so a value that was typed as text counts where it can mean one thing
only. Days are read the way British staff write them: 03/04/2014 is 3 April, and 03/31/2014 is
nothing. What would have to be guessed ("about 5", "84%", 1 for Yes) does not fit.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias, TypeGuard

from kqi_workbook.books.cells import EXACT, CellError, Value
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.layout import Kind
from kqi_workbook.scorecard.model import Trend, parse_rag, parse_trend
from kqi_workbook.scorecard.quarters import MONTH_NAMES, Quarter


class Outcome(Enum):
    """What a cell gives when it gives no value."""

    BLANK = "blank"
    MISFIT = "misfit"


BLANK: Final = Outcome.BLANK
MISFIT: Final = Outcome.MISFIT
Converted: TypeAlias = str | float | bool | dt.date | Outcome

_EARLIEST_YEAR = 1900  # Excel's own; years before it are slips such as 0214
_LAST_OF_2000S = 29  # 29 is 2029 and 30 is 1930, as Excel reads years of two digits
_NOT_SEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_ODD_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u3000]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?|[+-]?\.[0-9]+")

_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+00:00)?)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_DAY, _MONTH, _NAME = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<name>[a-z]{3,9})\.?"
_YEAR, _FULL_YEAR = r"'?(?P<year>\d{4}|\d{2})", r"(?P<year>\d{4})"
_DAY_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_FULL_YEAR}(?P<gap>[-/.]){_MONTH}(?P=gap){_DAY}{_TIME}",
        rf"{_DAY}(?P<gap>[-/.]){_MONTH}(?P=gap){_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_DAY}(?:st|nd|rd|th)?(?:\s+of)?[\s/-]*{_NAME}[\s,/-]*{_YEAR}{_TIME}",
        rf"{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_FULL_YEAR}{_TIME}",
    )
)
_MONTH_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_NAME}[\s,/-]*{_YEAR}",
        rf"{_MONTH}[-/.]{_FULL_YEAR}",
        rf"{_FULL_YEAR}[-/.]{_MONTH}",
    )
)
_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


def clean(text: str) -> str:
    """Text without what nobody sees: spaces around it, no-break spaces, zero-width marks."""
    if not text.isascii():
        text = _ODD_SPACE.sub(" ", _NOT_SEEN.sub("", text))
    return text.strip()


def shown(value: Value) -> str:
    """A value about as its cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}" if value.time() == dt.time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else f"{value:.15g}"
    return str(value)


def convert(kind: Kind, value: Value) -> Converted:
    """What a cell says in a column of this kind.

    Text is a ``str``, a quarter its label, a number a ``float``, a day a ``date``, a month the
    ``date`` of its first day, Yes and No a ``bool``. A RAG status and a trend are their words,
    one after the other where both were typed.

    >>> convert(Kind.MONTH, "Mar-14")
    datetime.date(2014, 3, 1)
    >>> convert(Kind.DATE, "31/02/2014")
    <Outcome.MISFIT: 'misfit'>
    """
    if isinstance(value, str):
        value = clean(value)
        if value and kind is Kind.TEXT:
            return value
    if value is None or value == "":
        return BLANK
    if isinstance(value, CellError):
        return MISFIT
    return _CONVERT[kind](value)


def convert_all(kind: Kind, values: Sequence[Value]) -> list[Converted]:
    """What each of many cells says in a column of this kind; see :func:`convert`."""
    texts = ["" if value is None else value for value in values]
    if kind is Kind.TEXT and _are_clean(texts):  # a tab's 100,000 reference numbers are
        return [text or BLANK for text in texts]
    return [convert(kind, value) for value in values]


def _are_clean(texts: list[Any]) -> TypeGuard[list[str]]:
    try:
        return "".join(texts).isascii() and [*map(str.strip, texts)] == texts
    except TypeError:  # something else than a text
        return False


def _text(value: Value) -> Converted:
    return shown(value)


def _number(value: Value) -> Converted:
    if isinstance(value, bool):
        return MISFIT
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value.replace(",", ""))
    if isinstance(value, (int, float)) and abs(value) < EXACT:
        return float(value)
    return MISFIT


def _whole(value: Value) -> Converted:
    number = _number(value)
    return number if isinstance(number, float) and number.is_integer() else MISFIT


def _date(value: Value) -> Converted:
    day: Converted = MISFIT
    if isinstance(value, dt.datetime):
        day = value.date()
    elif isinstance(value, dt.date):
        day = value
    elif isinstance(value, str):
        day = _first_fit(_DAY_FORMS, value)
    return day if isinstance(day, dt.date) and day.year >= _EARLIEST_YEAR else MISFIT


def _month(value: Value) -> Converted:
    day = _date(value)
    if day is MISFIT and isinstance(value, str):
        day = _first_fit(_MONTH_FORMS, value)
    if isinstance(day, dt.date) and day.year >= _EARLIEST_YEAR:
        return day.replace(day=1)
    return MISFIT


def _first_fit(forms: tuple[re.Pattern[str], ...], text: str) -> dt.date | Outcome:
    for form in forms:
        if found := form.fullmatch(text):
            return _calendar_day(found.groupdict())
    return MISFIT


def _calendar_day(parts: Mapping[str, str | None]) -> dt.date | Outcome:
    digits = parts["year"] or ""
    year = int(digits)
    if len(digits) == 2:
        year += 2000 if year <= _LAST_OF_2000S else 1900
    name = (parts.get("name") or "").lower()
    months = [i for i, month in enumerate(MONTH_NAMES, 1) if month.lower().startswith(name)]
    month = months[0] if name and months else int(parts.get("month") or 0)
    try:
        return dt.date(year, month, int(parts.get("day") or 1))
    except ValueError:
        return MISFIT


def _quarter(value: Value) -> Converted:
    try:
        return Quarter.parse(value).label if isinstance(value, str) else MISFIT
    except KQIWorkbookError:
        return MISFIT


def _yes_no(value: Value) -> Converted:
    if isinstance(value, bool):
        return value
    return _YES_NO.get(value.casefold(), MISFIT) if isinstance(value, str) else MISFIT


def _rag(value: Value) -> Converted:
    read = parse_rag(value) if isinstance(value, str) else None
    if read is None:
        return MISFIT
    rag, trend = read
    return f"{rag.value} {trend.value}" if trend else rag.value


def _trend(value: Value) -> Converted:
    trend = parse_trend(shown(value))
    return trend.value if trend not in (None, Trend.NOT_COMPARABLE) else MISFIT


_CONVERT: dict[Kind, Callable[[Value], Converted]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.QUARTER: _quarter,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.YES_NO: _yes_no,
    Kind.RAG: _rag,
    Kind.TREND: _trend,
}
