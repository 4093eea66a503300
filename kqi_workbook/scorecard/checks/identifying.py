"""What in a text looks like a child's identity: a date of birth, a number that leads to a child."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial

from kqi_workbook import layout
from kqi_workbook.scorecard.quarters import A_MONTH, MONTH_NAMES
from kqi_workbook.scorecard.tables import Tables

OLDEST = 25
"""Years: services for children reach to 25 for care leavers, so an earlier date is no birthday."""

SHORTEST_REF = 4
"""Characters of a reference of our own tabs that is looked for; digits alone need one more, so
that a figure such as 1,234 is not taken for one."""

_REFS = {
    layout.COURT.name: "Case ref",
    layout.AUDITS.name: "Case ref",
    layout.PERMANENCE.name: "Child ref",
    layout.FILE_CHECKS.name: "File ref",
}

_NHS = re.compile(r"(?<![\w£$.,/+-])(\d{3})([ -]?)(\d{3})\2(\d{4})(?![\w/%]|[.,-]\d)")
# A check letter, eleven digits, and a digit or a letter; the alphabet is without I, O and S.
_UPN = re.compile(r"(?<!\w)[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z](?!\w)")
_CASE_NUMBER = re.compile(
    r"\b(?:case|child|client|file|record|fwi|ics|person|lac|swift|mosaic|liquidlogic)"
    r"(?:'s|’s)?[\s:#]*(?:"
    r"(?:id|no|number|num|ref|reference)[\s.:#]*[a-z]{0,4}[-/]?\d{3,}"
    r"|[a-z]{0,4}[-/]?\d{5,})",
    re.IGNORECASE,
)
_REF = re.compile(r"\w[\w/-]*\d[\w/-]*")

_DATE = (
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)|(?P<day>\d{1,2})(?:(?P<gap>[/.-])(?P<month>\d{1,2})(?P=gap)|"
    rf"(?:st|nd|rd|th)?[\s/-]+(?:of\s+)?(?P<name>{A_MONTH})[\s.,/-]+)(?P<year>\d{{4}}|\d{{2}}))(?!\d)"
)
_BORN = re.compile(
    rf"\b(?:d\.?o\.?b\.?|date\s+of\s+birth|birth\s*date|born)\b[\s.:,(-]*(?:on\s+|is\s+|the\s+)?"
    rf"(?:\w+\s+){{0,2}}{_DATE}",
    re.IGNORECASE,
)
_LATIN = [chr(code) for code in range(ord("A"), 0x250)]  # with every accent
_UP, _LOW = "".join(filter(str.isupper, _LATIN)), "".join(filter(str.islower, _LATIN))
# Of the service, where a surname in capitals could stand.
_ABBREVIATIONS = (
    "ALM|ATM|CAFCASS|CAMHS|CIN|EHCP|GOOD|IRO|KQI|LAC|LADO|MASH|NEET|PEP|PLO|QAPB|RAG|SEND?|SGO|YOT"
)
_FIRST = rf"[{_UP}][{_LOW}’'-]+"
_CAPITALS = rf"(?!(?:{_ABBREVIATIONS})\b)[{_UP}][{_UP}’'-]+[{_UP}]"
_NAME = (
    rf"{_FIRST}(?:\s+[{_UP}]\.?)?\s+(?:[{_UP}][{_UP}{_LOW}’'-]*[{_LOW}]|{_CAPITALS})"
    rf"|{_CAPITALS},\s*{_FIRST}"
)
_NAME_AND_DATE = re.compile(rf"(?P<person>{_NAME})[\s,(:–—-]{{1,4}}(?i:{_DATE})")
# Names of things of the service that are written like a person's name.
_NO_PERSON = frozenset(
    """
    act action adoption area assessment audit board borough care case cases chair child children
    childrens committee conference core council court data day director education exploitation
    family february final first full group groups guidance head health hearing home inspection
    january july june last legal letter locality manager march meeting minutes month new next
    october november december september august april ofsted order panel performance permanence
    permanency plan plans placement poll policy practice presented protection quarter report
    review safety service services sexual signed social staff statutory straw strategy
    supervision survey team updated version visit visits west north south east work worker young
    since until from before after by on due
    """.split()
)


def identities(text: str, on: dt.date, on_file: Callable[[], Set[str]]) -> list[str]:
    """The kinds of a child's identity that a text seems to hold, as a message names them.

    ``on`` is the day that a child's age is told by; ``on_file`` is asked for the references of our
    own tabs once there is a word that could be one.
    """
    looks: Mapping[str, Callable[[str], bool]] = {
        "a date of birth": partial(_date_of_birth, on=on),
        "an NHS number": nhs_number,
        "a UPN": lambda text: _UPN.search(text) is not None,
    }
    kinds = [kind for kind, like in looks.items() if like(text)]
    candidates = set(_candidates(text))
    if _CASE_NUMBER.search(text) or (candidates and candidates & on_file()):
        kinds.append("a case number")
    return kinds


def references(tables: Tables) -> frozenset[str]:
    """The references of children and cases in our own tabs, in lower case."""
    return frozenset(
        str(ref).casefold()
        for name, column in _REFS.items()
        if name in tables
        for ref in tables[name].rows[column].unique()
    )


def nhs_number(text: str) -> bool:
    """Whether a text holds ten digits, alone or as 3-3-4, with the check digit of an NHS number.

    The check digit: weights 10 to 2, modulus 11 (NHS Data Dictionary, NHS NUMBER).
    """
    for found in _NHS.finditer(text):
        digits = [int(digit) for digit in found[1] + found[3] + found[4]]
        rest = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
        if (11 - rest % 11) % 11 == digits[-1] and len(set(digits)) > 1:
            return True
    return False


def _date_of_birth(text: str, on: dt.date) -> bool:
    """A date said to be of birth, or one beside a name that a child's birthday could be.

    Beside a name, dates of the year before count as those of meetings and signatures.
    """
    if any(_day(found) for found in _BORN.finditer(text)):
        return True
    for found in _NAME_AND_DATE.finditer(text):
        day = _day(found)
        names = re.findall(r"[^\W\d_]+", found["person"].casefold().replace("'s", ""))
        if day is None or _NO_PERSON.intersection(names):
            continue
        if 1 <= (on - day).days / 365.25 <= OLDEST:
            return True
    return False


def _day(found: re.Match[str]) -> dt.date | None:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return _on(year, month, day)
    name = (found["name"] or "")[:3].title()
    months = [i for i, month in enumerate(MONTH_NAMES, 1) if name and month.startswith(name)]
    year = int(found["year"])
    year += 0 if year > 99 else 2000 if year < 50 else 1900
    return _on(year, months[0] if months else int(found["month"]), int(found["day"]))


def _on(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _candidates(text: str) -> Iterator[str]:
    """Words with a digit in them that could be a reference: no figure, date or quarter."""
    for word in _REF.findall(text):
        long_enough = SHORTEST_REF + 1 if word.isdigit() else SHORTEST_REF
        if len(word) >= long_enough and not re.fullmatch(r"\d+[/-][\d/-]+", word):
            yield word.casefold()
