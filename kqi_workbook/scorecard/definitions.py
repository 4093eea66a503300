"""What the council has decided, read from the KQIs, Measures and Evidence tabs, and Settings.

A row that makes no sense is left out with an error finding that names its cell: the scorecard
could otherwise be short of a measure without anybody noticing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from kqi_workbook import layout
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.layout import Setting
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.model import (
    KQI,
    Arithmetic,
    Definitions,
    Evidence,
    Finding,
    GoodIs,
    Limits,
    Measure,
    Period,
    Place,
    Range,
    Settings,
    Severity,
)
from kqi_workbook.scorecard.nearest import did_you_mean
from kqi_workbook.scorecard.settings import read_settings
from kqi_workbook.scorecard.tables import DataTable, Tables, as_number
from kqi_workbook.scorecard.words import PERCENT, exact

Report = Callable[[Finding], None]

_TABS = {table.sheet.casefold(): table for table in layout.DATA_TABLES}
_USUAL_UNIT = {Arithmetic.PERCENTAGE: PERCENT, Arithmetic.RATE: "per 10,000"}


def define(tables: Tables) -> tuple[Definitions, list[Finding]]:
    """Read the four definition tables into records, with a finding for every row left out."""
    settings, findings = read_settings(tables[layout.SETTINGS.name])
    report = findings.append
    kqis = _kqis(tables[layout.KQIS.name], report)
    numbers = [kqi.number for kqi in kqis]
    evidence = _evidence(tables[layout.EVIDENCE.name], numbers, report)
    measures = _measures(tables[layout.MEASURES.name], numbers, evidence, settings, report)
    return Definitions(kqis, measures, evidence, settings), findings


def _kqis(table: DataTable, report: Report) -> tuple[KQI, ...]:
    kqis: dict[str, KQI] = {}
    for row, record in table.records():
        number = str(record["KQI"])
        place = table.place(row, "KQI")
        if number in kqis:
            report(_twice(place, f"KQI {number}"))
            continue
        kqis[number] = KQI(number, str(record["Title"]), str(record["Owner"]), place)
    if not kqis:
        raise KQIWorkbookError(
            f"The {table.sheet} tab has no KQIs, so there is no scorecard to fill. "
            "Give each scorecard row a number and a title there."
        )
    return tuple(kqis.values())


def _evidence(table: DataTable, kqis: list[str], report: Report) -> tuple[Evidence, ...]:
    sources: dict[tuple[str, str], Evidence] = {}
    for row, record in table.records():
        kqi, source, tab = str(record["KQI"]), str(record["Source"]), str(record["Tab"])
        place = table.place(row, "Source")
        data = _TABS.get(tab.casefold())
        if kqi not in kqis:
            report(_unknown(table.place(row, "KQI"), "KQI", kqi, kqis, "the KQIs tab"))
        elif data is None:
            names = [t.sheet for t in layout.DATA_TABLES]
            report(_unknown(table.place(row, "Tab"), "tab", tab, names, "the data tabs"))
        elif (kqi, source.casefold()) in sources:
            report(_twice(place, f"'{source}' for KQI {kqi}"))
        else:
            monthly = record["Expected"] == layout.MONTHLY
            picks = str(record["Filter value"])
            if picks and not data.picks:
                report(_nothing_to_filter(table.place(row, "Filter value"), data, picks))
                picks = ""
            sources[kqi, source.casefold()] = Evidence(
                kqi, source, monthly, data.name, picks, place
            )
    return tuple(sources.values())


def _measures(
    table: DataTable,
    numbers: list[str],
    evidence: tuple[Evidence, ...],
    settings: Settings,
    report: Report,
) -> tuple[Measure, ...]:
    measures: dict[str, Measure] = {}
    for row, record in table.records():
        line = _Line(table, row, record)
        name = line.text("Measure")
        try:
            if name.casefold() in measures:
                raise _LeftOut(_twice(line.place("Measure"), f"The measure '{name}'"))
            measure = _measure(line, numbers, evidence, settings)
        except _LeftOut as left_out:
            report(left_out.finding)
        else:
            measures[name.casefold()] = measure
            for finding in _limits_nobody_meets(measure, line):
                report(finding)
    return tuple(measures.values())


class _LeftOut(Exception):
    """A row makes no sense; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


@dataclass(frozen=True)
class _Line:
    """A row of the Measures tab."""

    table: DataTable
    row: int
    record: dict[str, object]

    def text(self, column: str) -> str:
        return str(self.record[column])

    def number(self, column: str) -> float | None:
        """As Excel keeps it: the noise behind its 15 digits would move a limit."""
        number = as_number(self.record[column])
        return None if number is None else float(exact(number))

    def place(self, column: str) -> Place:
        return self.table.place(self.row, column)


def _measure(
    line: _Line, numbers: list[str], evidence: tuple[Evidence, ...], settings: Settings
) -> Measure:
    kqis = _kqis_informed(line, numbers)
    calculation = _calculation(line)
    data, picks, qualitative = _source(line, kqis, calculation, evidence)
    usual_unit = _USUAL_UNIT.get(CALCULATIONS[calculation].arithmetic, "")
    decimals = line.number("Decimals")
    fewest, most = layout.BOUNDS[Setting.DECIMALS]
    return Measure(
        name=line.text("Measure"),
        kqis=kqis,
        source=line.text("Source"),
        table=data.name,
        picks=picks,
        calculation=calculation,
        unit=line.text("Unit") or usual_unit,
        period=_word(Period, line.text("Period")),
        limits=Limits(
            good_is=_word(GoodIs, line.text("Good is")),
            green=Range(line.number("Green from"), line.number("Green to")),
            amber=Range(line.number("Amber from"), line.number("Amber to")),
            source=line.text("Benchmark source"),
        ),
        step=line.number("Trend step") or 0.0,
        key=line.record["Key"] is True,
        decimals=settings.decimals if decimals is None else min(max(int(decimals), fewest), most),
        qualitative=qualitative,
        definition=line.text("Definition"),
        place=line.place("Measure"),
    )


def _kqis_informed(line: _Line, numbers: list[str]) -> tuple[str, ...]:
    parts = re.split(r"[\s,;&]+|\band\b", line.text("KQI"))
    kqis = tuple(part for part in parts if part)
    strangers = [kqi for kqi in kqis if kqi not in numbers]
    if strangers or not kqis:
        found = strangers[0] if strangers else ""
        raise _LeftOut(_unknown(line.place("KQI"), "KQI", found, numbers, "the KQIs tab"))
    return kqis


def _calculation(line: _Line) -> str:
    named, place = line.text("Calculation"), line.place("Calculation")
    for calculation in CALCULATIONS:
        if calculation.casefold() == named.casefold():
            return calculation
    where = "the Calculations tab"
    raise _LeftOut(_unknown(place, "calculation", named, CALCULATIONS, where))


def _source(
    line: _Line, kqis: tuple[str, ...], calculation: str, evidence: tuple[Evidence, ...]
) -> tuple[layout.Table, str, bool]:
    """The data tab, the value that filters it, and whether it is one of the Evidence sources."""
    source = line.text("Source")
    own = [item for item in evidence if item.kqi in kqis]
    item = next((item for item in own if item.source.casefold() == source.casefold()), None)
    data = layout.TABLES[item.table] if item else _TABS.get(source.casefold())
    if data is None:
        names = [*(table.sheet for table in layout.DATA_TABLES), *(item.source for item in own)]
        where = f"the data tabs or the Evidence of KQI {' and '.join(kqis)}"
        raise _LeftOut(_unknown(line.place("Source"), "source", source, names, where))
    needed = CALCULATIONS[calculation].table
    if data is not needed:
        raise _LeftOut(
            _error(
                "calculation",
                line.place("Calculation"),
                f"'{calculation}' works on the {needed.sheet} tab, but the source of "
                f"'{line.text('Measure')}' is the {data.sheet} tab. The measure was left out.",
                "Pick a calculation and a source that go together: see the Calculations tab.",
            )
        )
    picks = item.picks if item else ""
    if data is layout.PURPLE_BOOK and not picks:
        picks = line.text("Measure")
    return data, picks, item is not None


def _limits_nobody_meets(measure: Measure, line: _Line) -> Iterator[Finding]:
    if measure.limits.good_is is GoodIs.NOT_JUDGED:
        return
    for colour, limit in (("Green", measure.limits.green), ("Amber", measure.limits.amber)):
        if limit.low is not None and limit.high is not None and limit.low > limit.high:
            yield _error(
                "limits",
                line.place(f"{colour} from"),
                f"'{measure.name}' has {colour} from {limit.low:g} to {limit.high:g}, which no "
                "value can meet.",
                f"Swap {colour} from and {colour} to, or leave one of them blank.",
            )


Word = TypeVar("Word", bound=Enum)


def _word(words: type[Word], text: object) -> Word:
    return next(word for word in words if str(word.value).casefold() == str(text).casefold())


def _unknown(place: Place, kind: str, found: str, names: Iterable[str], where: str) -> Finding:
    return _error(
        f"unknown-{kind}",
        place,
        f"{place}: the {kind} '{found}' is not in {where}. The row was left out.",
        f"Correct it{did_you_mean(found, names)}.",
    )


def _nothing_to_filter(place: Place, data: layout.Table, picks: str) -> Finding:
    return Finding(
        "filter",
        Severity.WARNING,
        f"{place}: found the filter value '{picks}', but the {data.sheet} tab has nothing to "
        "filter by. All its rows count.",
        "Delete the filter value, or name a tab that has one.",
        place,
    )


def _twice(place: Place, what: str) -> Finding:
    return _error(
        "duplicate",
        place,
        f"{place}: {what} is there already, further up. The row was left out.",
        "Delete or rename one of them.",
    )


def _error(code: str, place: Place, what: str, todo: str) -> Finding:
    return Finding(code, Severity.ERROR, what, todo, place)
