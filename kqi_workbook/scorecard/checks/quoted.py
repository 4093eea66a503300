"""Figures that people quote in commentary, in the forms in which they write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.model import Measure, Reading
from kqi_workbook.scorecard.quarters import A_MONTH
from kqi_workbook.scorecard.words import shown

SHARE_TOLERANCE = 0.5
"""Percentage points within which "one in ten" stands for 10%: people say so of 9.6% or 10.4%."""

_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER_OF_WORD = {word: number for number, word in enumerate(_COUNTED, 1)}

_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b(?:{'|'.join(_COUNTED)})\b)"
_QUOTED = re.compile(
    rf"""(?<![\w£$.,:/+-])(?<![–—]) (?P<number>{_NUMBER})
    (?:\s*(?P<percent>%|per\s?cent\b)
     |(?:\s+(?:in|of|out\s+of)\s+(?:the\s+|all\s+)?|\s?/\s?)(?P<out_of>{_NUMBER}))?
    (?![\w:/%]|[.,]\d|[-–]\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_SPAN = re.compile(
    r"\s?\+?\s*(?:working\s+|calendar\s+|full\s+|or\s+more\s+)*"
    r"(?P<unit>hour|day|week|month|year)(?:s|ly|s'|s’)?\b",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(rf"\s+(?:of\s+)?(?:{A_MONTH})\b", re.IGNORECASE)
# "KQI 3", "Quarter 4", "section 47", "aged 14": a name and not a figure.
_NAME_BEFORE = re.compile(
    rf"(?:\b(?:kqi|q|quarter|qtr|section|s|regulation|reg|rule|step|stage|level|tier|page|week|"
    rf"year|yr|phase|part|band|grade|area|team|locality|room|form|appendix|version|aged?|under|"
    rf"number|no|ref|case|file|row|{A_MONTH})\.?|[#£$])\s*$",
    re.IGNORECASE,
)
_LONGEST_NAME = 40  # characters, with the spaces after it
_WORD_AFTER = re.compile(r"\W*([^\W\d_]+)")


@dataclass(frozen=True)
class Quoted:
    """A figure in a text.

    ``decimals`` is how exactly it is written, ``out_of`` the second number of "5 of 153", ``span``
    the unit of a length of time ("26 weeks"), and ``next`` the word that follows it.
    """

    text: str
    number: float
    decimals: int
    percent: bool
    out_of: float | None
    span: str
    next: str
    start: int
    end: int

    @property
    def bare(self) -> bool:
        """A number alone, which may count anything."""
        return not (self.percent or self.span or self.out_of is not None)


def quoted(text: str) -> Iterator[Quoted]:
    """The figures in a text; dates, years and the numbers of names ("KQI 3") are none."""
    for found in _QUOTED.finditer(text):
        before = text[max(found.start() - _LONGEST_NAME, 0) : found.start()]
        number, decimals = _value(found["number"])
        out_of, end = found["out_of"], found.end()
        if out_of and _is_year(out_of):  # "153 in 2014"
            out_of, end = None, found.end("number")
        if _NAME_BEFORE.search(before) or _DATE_AFTER.match(text, end):
            continue
        if not found["percent"] and _is_year(found["number"]):
            continue
        span = _SPAN.match(text, end)
        following = _WORD_AFTER.match(text, end)
        yield Quoted(
            text=text[found.start() : end],
            number=number,
            decimals=decimals,
            percent=found["percent"] is not None,
            out_of=_value(out_of)[0] if out_of else None,
            span=span["unit"].lower() if span and not found["percent"] else "",
            next=following[1].lower() if following else "",
            start=found.start(),
            end=end,
        )


def says(figure: Quoted, measure: Measure, reading: Reading) -> bool:
    """Whether a quoted figure is a reading's numerator, denominator or value.

    A value is compared at the precision at which it was written: 84% says 84.1%.
    """
    value, numerator, denominator = reading.value, reading.numerator, reading.denominator
    is_share = CALCULATIONS[measure.calculation].is_percentage
    if value is None:
        return False
    if figure.out_of is not None:
        if (figure.number, figure.out_of) == (numerator, denominator):
            return True
        return (
            is_share
            and figure.out_of > 0
            and abs(100 * figure.number / figure.out_of - value) < SHARE_TOLERANCE
        )
    rounded = shown(value, min(figure.decimals, measure.decimals)) == figure.number
    if figure.percent:
        return is_share and rounded
    if figure.span:
        return measure.unit.lower().rstrip("s").endswith(figure.span) and rounded
    if figure.number in (numerator, denominator):
        return True
    return rounded and (not is_share or figure.decimals > 0)


def _value(text: str) -> tuple[float, int]:
    if text.casefold() in _NUMBER_OF_WORD:
        return float(_NUMBER_OF_WORD[text.casefold()]), 0
    return float(text.replace(",", "")), len(text.partition(".")[2])


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", text))
