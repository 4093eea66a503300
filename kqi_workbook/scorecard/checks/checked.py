"""What every check looks at, and how it words what it finds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from kqi_workbook import layout
from kqi_workbook.scorecard.board import Row, Scorecard
from kqi_workbook.scorecard.checks.identifying import identities, references
from kqi_workbook.scorecard.checks.wording import says_nothing
from kqi_workbook.scorecard.model import (
    Action,
    Finding,
    Judgement,
    Measure,
    Place,
    Point,
    Severity,
)
from kqi_workbook.scorecard.quarters import Quarter, is_over
from kqi_workbook.scorecard.tables import Tables

_Spoken = TypeVar("_Spoken", Point, Action)

_LONGEST_QUOTE = 60  # characters of a text: enough to know it by


@dataclass(frozen=True)
class Said:
    """A text that goes on the scorecard: whose it is, what to call it, and where it stands."""

    kqi: str
    kind: str
    text: str
    place: Place


@dataclass(frozen=True)
class Checked:
    """The scorecard, the tables behind it, the quarter's judgements, complete or not, and the day
    on which it is checked (None: the quarter's last)."""

    scorecard: Scorecard
    tables: Tables
    judgements: tuple[Judgement, ...]
    today: dt.date | None = None

    @property
    def quarter(self) -> Quarter:
        """The quarter that the scorecard tells of."""
        return self.scorecard.quarter

    @property
    def day(self) -> dt.date:
        """The day that due dates are held against: today, within the scorecard's own time.

        That ends with the quarter after it, when the next scorecard takes over. A scorecard
        refreshed later than that speaks as of its quarter's last day, and finds the same for good.
        """
        today = self.today or self.quarter.end
        return today if today <= self.quarter.next.end else self.quarter.end

    def expects(self, month: dt.date) -> bool:
        """Whether the rows of a month, the quarter's or one before, are to be there: it is over."""
        return is_over(month, self.scorecard.as_of)

    @cached_property
    def texts(self) -> tuple[Said, ...]:
        """Every text of staff's that goes on the scorecard, each cell once."""
        first: dict[Place, Said] = {}
        for said in _texts(self):
            if said.text:
                first.setdefault(said.place, said)
        return tuple(first.values())

    def identities(self, text: str) -> list[str]:
        """The kinds of a child's identity that a text seems to hold."""
        return identities(text, self.quarter.end, lambda: self._references)

    def quote(self, said: Said | Point | Action) -> str:
        """A text as a sentence begins with it: only its cell, if it may tell who a child is."""
        return f"The text in {said.place}" if self.identities(said.text) else quote(said.text)

    @cached_property
    def _references(self) -> frozenset[str]:
        return references(self.tables)

    def beside(self, place: Place, table: layout.Table, column: str) -> Place:
        """The cell of another column in the row of a place."""
        row = re.search(r"\d+$", place.cell)
        data = self.tables.get(table.name)
        return data.place(int(row[0]), column) if row and data else place


Check = Callable[[Checked], Iterable[Finding]]
"""A check's findings carry no code yet: its name in ``CHECKS`` is the code."""


def _texts(checked: Checked) -> Iterator[Said]:
    for row in checked.scorecard.rows:
        number = row.kqi.number
        yield Said(
            number,
            "title",
            row.kqi.title,
            checked.beside(row.kqi.place, layout.KQIS, "Title"),
        )
        for point in row.commentary:
            yield Said(number, "commentary point", point.text, point.place)
        for action in row.actions:
            yield Said(number, "action", action.text, action.place)
            who = checked.beside(action.place, layout.ACTIONS, "Who")
            yield Said(number, "name", action.who, who)
        if row.judgement is not None:
            place = checked.beside(row.judgement.place, layout.JUDGEMENTS, "Reason")
            yield Said(number, "reason of the judgement", row.judgement.reason, place)
            by = checked.beside(row.judgement.place, layout.JUDGEMENTS, "By")
            yield Said(number, "name", row.judgement.by, by)
        for result in row.evidence:
            if result.evidence.table == layout.REPORTS.name and result.rows:
                yield from _headlines(checked, number, result.evidence.picks)
            elif result.rows:
                yield Said(number, "evidence", result.line, result.evidence.place)


def _headlines(checked: Checked, kqi: str, report: str) -> Iterator[Said]:
    table = checked.tables[layout.REPORTS.name].of_quarter(checked.quarter.label)
    for row, record in table.records():
        if not report or str(record["Report"]).casefold() == report.casefold():
            place = table.place(row, "Headline")
            yield Said(kqi, "headline of the report", str(record["Headline"]), place)


def about(row: Row, severity: Severity, what: str, todo: str, place: Place) -> Finding:
    """A finding on one KQI."""
    return Finding("", severity, what, todo, place, row.kqi.number)


def about_measure(measure: Measure, what: str, todo: str, place: Place | None = None) -> Finding:
    """A warning on a measure and all the KQIs that it informs, at its own row by default."""
    kqis = ", ".join(measure.kqis)
    return Finding("", Severity.WARNING, what, todo, place or measure.place, kqis)


def saying(spoken: Iterable[_Spoken]) -> list[_Spoken]:
    """The commentary points or actions that say something: no placeholders."""
    return [one for one in spoken if not says_nothing(one.text)]


def without(
    kind: str,
    row: Row,
    quarter: Quarter,
    placeholders: Sequence[Point | Action],
    todo: str,
    table: layout.Table,
) -> Finding:
    """A KQI has nothing of a kind in a quarter, or placeholders alone, of which one is named."""
    what, place = f"KQI {row.kqi.number} has no {kind} for {quarter}", Place(table.sheet)
    if placeholders:
        what, place = f"{what}: found {quote(placeholders[0].text)}", placeholders[0].place
    return about(row, Severity.ERROR, f"{what}.", todo, place)


def quote(text: str) -> str:
    """The beginning of a text, in quotation marks."""
    plain = " ".join(text.split())
    if len(plain) > _LONGEST_QUOTE:
        cut = plain[: _LONGEST_QUOTE - len(" ...")]
        plain = f"{cut.rpartition(' ')[0] or cut} ..."
    return f"'{plain}'"
