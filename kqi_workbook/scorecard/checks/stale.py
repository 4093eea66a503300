"""Figures left standing from last quarter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from kqi_workbook.scorecard.board import MeasureResult, Row
from kqi_workbook.scorecard.checks.checked import Checked, about
from kqi_workbook.scorecard.checks.quoted import Quoted, quoted, says
from kqi_workbook.scorecard.checks.wording import stems
from kqi_workbook.scorecard.model import Finding, Reading, Severity
from kqi_workbook.scorecard.quarters import MONTH_NAMES, Quarter
from kqi_workbook.scorecard.words import figure

SMALL_NUMBER = 20
"""A bare number below this counts too many things (teams, audits, weeks) to be taken for a
measure's figure unless the point also names that measure. Out of fewer it may be a manner of
speaking ("one in ten"), out of more it is a count."""

NAMES_IT = 2
"""Telling words that a point and a measure's name share when the point is about that measure:
"5 with CPP for 2+ years" and "CP plans open 2 years or more" share CP and plan."""

_NEAR = 500  # characters: no sentence that people read is longer
_SENTENCE = re.compile(r"[.!?\n](?!\d)")
_CLAUSE = re.compile(r"[.;:()\n](?!\d)|,(?!\d)")
_COMPARED = re.compile(
    r"\b(?:from|than|against|versus|vs|compared\s+(?:with|to)|had\s+been"
    r"|(?:up|down)\s+(?:by\s+)?(?:[\d.,]+%?\s+)?on)\W+"
    r"(?:(?!to\b)[^\W\d]+\W+){0,3}$",
    re.IGNORECASE,
)
_LAST_TIME = re.compile(
    r"\b(?:last|previous|prior|preceding|earlier)\s+(?:quarter|time|year|period|report|month)"
    r"|\b(?:previously|formerly|a\s+(?:quarter|year)\s+ago)\b",
    re.IGNORECASE,
)
# A number that GOOD is measured by is no figure of the quarter's.
_YARDSTICK = re.compile(
    r"\b(?:target|benchmark|threshold|standard|goal|limit|national|england|statistical)\w*\b"
    r"|\bGOOD\b|\bGood is\b",
    re.IGNORECASE,
)


def figure_of_last_quarter(checked: Checked) -> Iterator[Finding]:
    """Commentary quoting a figure that was last quarter's and is not this quarter's."""
    for row in checked.scorecard.rows:
        for point in row.commentary:
            for quotation in quoted(point.text):
                stale = _stale(quotation, point.text, row, checked.quarter)
                if stale is None:
                    continue
                yield about(
                    row,
                    Severity.WARNING,
                    f"{checked.quote(point)} quotes {quotation.text}, which was "
                    f"'{stale.measure.name}' in {checked.quarter.previous} "
                    f"({_told(stale, stale.before)}); it is now {_told(stale, stale.now)}.",
                    "Quote this quarter's figure, or say that it is last quarter's. "
                    f"'{{{stale.measure.name}}}' fills in the figure at each refresh.",
                    point.place,
                )


def _stale(figure: Quoted, text: str, row: Row, quarter: Quarter) -> MeasureResult | None:
    """The measure whose figure of last quarter is quoted as this quarter's."""
    if _set_apart(figure, text, quarter) or _part_of_a_name(figure, row):
        return None
    if any(_is_current(figure, text, result, quarter) for result in row.measures):
        return None
    for result in row.measures:
        if result.now.value is not None and _was(figure, text, result):
            return None if _compared(figure, text, result) else result
    return None


def _compared(figure: Quoted, text: str, result: MeasureResult) -> bool:
    """Whether its sentence gives this quarter's figure too: "was 84.7%, now 85.3%"."""
    start, end = _around(_SENTENCE, figure, text)
    return any(
        start <= other.start < end
        and _form(other) == _form(figure)
        and _is_now(other, result, result.now)
        for other in quoted(text)
    )


def _form(figure: Quoted) -> tuple[bool, str, bool]:
    return figure.percent, figure.span, figure.out_of is not None


def _around(mark: re.Pattern[str], figure: Quoted, text: str) -> tuple[int, int]:
    """From the last mark before a figure to the first after it, of those that are near."""
    first, last = max(figure.start - _NEAR, 0), min(figure.end + _NEAR, len(text))
    starts = [found.end() for found in mark.finditer(text, first, figure.start)]
    end = mark.search(text, figure.end, last)
    return max(starts, default=first), end.start() if end else last


def _was(figure: Quoted, text: str, result: MeasureResult) -> bool:
    if not says(figure, result.measure, result.before):
        return False
    shared = len(stems(text) & stems(result.measure.name))
    if figure.out_of is not None:
        return shared > 0 or _counts(figure, result.before)
    telling = not figure.bare or figure.decimals > 0 or figure.number >= SMALL_NUMBER
    return telling or shared >= min(NAMES_IT, len(stems(result.measure.name)))


def _counts(figure: Quoted, reading: Reading) -> bool:
    """Whether it is a reading's own two numbers."""
    return (figure.number, figure.out_of) == (reading.numerator, reading.denominator)


def _is_current(figure: Quoted, text: str, result: MeasureResult, quarter: Quarter) -> bool:
    """Whether it is this quarter's figure: of all, or of a team or month that the point names."""
    readings = [result.now]
    readings += [team.reading for name, team in result.teams.items() if _names(text, name)]
    readings += [r for month, r in result.points if month in quarter and _names_month(text, month)]
    return any(_is_now(figure, result, reading) for reading in readings)


def _is_now(figure: Quoted, result: MeasureResult, reading: Reading) -> bool:
    """Whether a reading of this quarter says a figure. Last quarter's own two numbers are not said
    by a share that comes near theirs."""
    if (figure.out_of or 0) >= SMALL_NUMBER and _counts(figure, result.before):
        return _counts(figure, reading)
    return says(figure, result.measure, reading)


def _set_apart(figure: Quoted, text: str, quarter: Quarter) -> bool:
    """Whether the text itself says that the figure is another quarter's, or a yardstick."""
    start, end = _around(_CLAUSE, figure, text)
    clause = text[start:end]
    last = quarter.previous
    return bool(
        _COMPARED.search(text, max(figure.start - _NEAR, 0), figure.start)
        or _LAST_TIME.search(clause)
        or _YARDSTICK.search(clause)
        or re.search(rf"\bQ{last.number}\b|\bquarter {last.number}\b", clause, re.IGNORECASE)
        or any(_names_month(clause, month) for month in last.months)
    )


def _part_of_a_name(figure: Quoted, row: Row) -> bool:
    """Whether number and next word belong to a measure or source: "2 years", "10 case files"."""
    names = [part for r in row.measures for part in (r.measure.name, r.measure.definition)]
    names += [result.evidence.source for result in row.evidence] + [row.kqi.title]
    phrase = rf"\b{figure.number:g}\+?\s+(?:working\s+)?{re.escape(figure.next.removesuffix('s'))}"
    return bool(figure.next) and any(re.search(phrase, name, re.IGNORECASE) for name in names)


@lru_cache(maxsize=1_000)  # of a long text, it is asked for each of its figures
def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


@lru_cache(maxsize=1_000)
def _names_month(text: str, month: dt.date) -> bool:
    name = MONTH_NAMES[month.month - 1]
    return re.search(rf"\b(?:{name}|{name[:3]})\b", text) is not None


def _told(result: MeasureResult, reading: Reading) -> str:
    measure = result.measure
    assert reading.value is not None
    value = figure(reading.value, measure.unit, measure.decimals)
    if reading.denominator is None or reading.numerator is None:
        return value
    return f"{reading.numerator:,.10g} of {reading.denominator:,.10g}, {value}"
