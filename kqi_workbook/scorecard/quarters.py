"""Quarters of the financial year: Q1 is April to June, Q4 January to March.

Q4 of 2013-14 is January to March 2014.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from kqi_workbook.errors import KQIWorkbookError

MONTH_NAMES = (
    "January February March April May June July August September October November December"
).split()
A_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTH_NAMES)
"""A pattern of a month's name, in full or in three letters."""

_QUARTER = r"(?:q|quarter|qtr)\s*(?P<number>[1-4])"
_YEAR = r"(?P<start>(?:19|20)\d{2})\s*[-/–]\s*(?P<end>\d{4}|\d{2})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (rf"{_QUARTER}(?:\s*,|\s+of\b)?\s*{_YEAR}", rf"{_YEAR}\s*,?\s*{_QUARTER}")
)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the financial year that starts in April of ``start_year``.

    >>> Quarter.parse("Q4 2013-14").words
    'Quarter 4, January to March 2014'
    """

    start_year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"a quarter's number is 1 to 4, not {self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``Q4 2013-14``, ``Q4 2013/14``, ``Quarter 4 2013-2014`` or ``2013-14 Q4``.

        Raises KQIWorkbookError when the text is no quarter or its years do not follow each other.
        """
        for form in _FORMS:
            found = form.fullmatch(text.strip())
            if found:
                start, end = int(found["start"]), found["end"]
                if int(end) == (start + 1) % 10 ** len(end):
                    return cls(start, int(found["number"]))
        raise KQIWorkbookError(f"'{text}' is not a quarter. Write it like 'Q4 2013-14'.")

    @classmethod
    def of(cls, day: dt.date) -> Quarter:
        """The quarter that a day falls in."""
        months_since_april = (day.month - 4) % 12
        return cls(day.year - (day.month < 4), months_since_april // 3 + 1)

    @property
    def label(self) -> str:
        """Short form, as in drop-downs and tables: ``Q4 2013-14``."""
        return f"Q{self.number} {self.start_year}-{(self.start_year + 1) % 100:02d}"

    @property
    def words(self) -> str:
        """Long form, as in titles: ``Quarter 4, January to March 2014``."""
        first, _, last = (MONTH_NAMES[month.month - 1] for month in self.months)
        return f"Quarter {self.number}, {first} to {last} {self.end.year}"

    @property
    def months(self) -> tuple[dt.date, dt.date, dt.date]:
        """The first day of each of its three months, in order."""
        year = self.start_year + (self.number == 4)
        month = 1 if self.number == 4 else 3 * self.number + 1
        return dt.date(year, month, 1), dt.date(year, month + 1, 1), dt.date(year, month + 2, 1)

    @property
    def start(self) -> dt.date:
        """Its first day."""
        return self.months[0]

    @property
    def end(self) -> dt.date:
        """Its last day."""
        return self.next.start - dt.timedelta(days=1)

    @property
    def next(self) -> Quarter:
        """The quarter that follows."""
        return self.plus(1)

    @property
    def previous(self) -> Quarter:
        """The quarter before."""
        return self.plus(-1)

    def plus(self, quarters: int) -> Quarter:
        """The quarter so many quarters later, or earlier if negative."""
        year, number = divmod(self.start_year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, number + 1)

    def __contains__(self, day: dt.date) -> bool:
        return Quarter.of(day) == self

    def __str__(self) -> str:
        return self.label


def months_to(last: dt.date, count: int) -> tuple[dt.date, ...]:
    """The first days of ``count`` months in a row, of which the month of ``last`` is the last."""
    index = last.year * 12 + last.month - 1
    return tuple(dt.date(i // 12, i % 12 + 1, 1) for i in range(index - count + 1, index + 1))


def is_over(month: dt.date, day: dt.date) -> bool:
    """Whether a month's last day has come by a day."""
    next_month = (month + dt.timedelta(days=31)).replace(day=1)
    return next_month - dt.timedelta(days=1) <= day


def day_words(day: dt.date) -> str:
    """A day as people write it in a sentence: ``31 March 2014``."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def month_label(month: dt.date) -> str:
    """A month as people write it in a header: ``Mar 2014``."""
    return f"{MONTH_NAMES[month.month - 1][:3]} {month.year}"
