"""What the council has decided, read from the KQIs, Measures, Evidence and Settings tabs.

A row that makes no sense is left out with an error finding that names its cell: the scorecard
could otherwise be short of a measure without anybody noticing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
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
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable, Tables, as_number
from kqi_workbook.scorecard.words import PERCENT

Record = dict[str, object]
Report = Callable[[Finding], None]

_TABS = {table.sheet.casefold(): table for table in layout.DATA_TABLES}
_USUAL_UNIT = {Arithmetic.PERCENTAGE: PERCENT, Arithmetic.RATE: "per 10,000"}


def define(tables: Tables) -> tuple[Definitions, list[Finding]]:
    """Read the four definition tables into records, with a finding for every row left out."""
    findings: list[Finding] = []
    report = findings.append
    settings = _settings(tables[layout.SETTINGS.name], report)
    kqis = _kqis(tables[layout.KQIS.name], report)
    numbers = [kqi.number for kqi in kqis]
    evidence = _evidence(tables[layout.EVIDENCE.name], numbers, report)
    measures = _measures(tables[layout.MEASURES.name], numbers, evidence, settings, report)
    return Definitions(kqis, measures, evidence, settings), findings


def _settings(table: DataTable, report: Report) -> Settings:
    settings = Settings()
    teams: list[str] = []
    values: dict[Setting, str] = {}
    known = {setting.value.casefold(): setting for setting in Setting}
    for row, record in table.records():
        name, value = str(record["Setting"]), str(record["Value"]).strip()
        setting = known.get(name.casefold())
        if setting is None:
            near = did_you_mean(name, [s.value for s in Setting])
            report(
                Finding(
                    "unknown-setting",
                    Severity.NOTE,
                    f"'{name}' is not a setting.",
                    f"Correct the name{near}, or delete the row.",
                    table.place(row, "Setting"),
                )
            )
        elif setting is Setting.TEAM:
            if value:
                teams.append(value)
        elif value and setting in _READ_SETTING:
            if values.setdefault(setting, value) != value:
                report(
                    _error(
                        "setting",
                        table.place(row, "Value"),
                        f"{setting.value} is '{values[setting]}' further up and '{value}' here, "
                        "which counts",
                        "Delete one of the two rows.",
                    )
                )
            try:
                settings = _READ_SETTING[setting](settings, value)
            except (ValueError, KQIWorkbookError) as problem:
                report(
                    _error(
                        "setting",
                        table.place(row, "Value"),
                        f"{setting.value} is '{value}': {problem}",
                        "Correct it. Until then the default counts.",
                    )
                )
    return replace(settings, teams=tuple(dict.fromkeys(teams)))


def _number(text: str, low: float, high: float) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise ValueError("expected a number") from None
    if not low <= number <= high:
        raise ValueError(f"expected a number from {low:g} to {high:g}")
    return number


def _whole(text: str, low: int, high: int) -> int:
    number = _number(text, low, high)
    if not number.is_integer():
        raise ValueError("expected a whole number")
    return int(number)


def _control_chart(text: str) -> bool:
    methods = [method.casefold() for method in layout.TREND_METHODS]
    if text.casefold() not in methods:
        raise ValueError(f"expected {' or '.join(layout.TREND_METHODS)}")
    return methods.index(text.casefold()) == 0


_READ_SETTING: dict[Setting, Callable[[Settings, str], Settings]] = {
    Setting.COUNCIL: lambda s, text: replace(s, council=text),
    Setting.QUARTER: lambda s, text: replace(s, quarter=Quarter.parse(text)),
    Setting.CHILD_POPULATION: lambda s, text: replace(s, child_population=_number(text, 1, 1e8)),
    Setting.TREND_METHOD: lambda s, text: replace(s, control_chart=_control_chart(text)),
    Setting.TREND_MONTHS: lambda s, text: replace(s, trend_months=_whole(text, 12, 120)),
    Setting.DECIMALS: lambda s, text: replace(s, decimals=_whole(text, 0, 6)),
    Setting.BACKUPS: lambda s, text: replace(s, backups=_whole(text, 1, 1000)),
}


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
            sources[kqi, source.casefold()] = Evidence(
                kqi, source, monthly, data.name, picks, place
            )
    return tuple(sources.values())


def _measures(
    table: DataTable,
    kqis: list[str],
    evidence: tuple[Evidence, ...],
    settings: Settings,
    report: Report,
) -> tuple[Measure, ...]:
    measures: dict[str, Measure] = {}
    for row, record in table.records():
        name = str(record["Measure"])
        if name.casefold() in measures:
            report(_twice(table.place(row, "Measure"), f"The measure '{name}'"))
            continue
        measure = _measure(table, row, record, kqis, evidence, settings, report)
        if measure is not None:
            measures[name.casefold()] = measure
    return tuple(measures.values())


def _measure(
    table: DataTable,
    row: int,
    record: Record,
    kqis: list[str],
    evidence: tuple[Evidence, ...],
    settings: Settings,
    report: Report,
) -> Measure | None:
    name, source = str(record["Measure"]), str(record["Source"])
    informs = tuple(part for part in re.split(r"[\s,;&]+|\band\b", str(record["KQI"])) if part)
    strangers = [kqi for kqi in informs if kqi not in kqis]
    if strangers or not informs:
        found = strangers[0] if strangers else ""
        report(_unknown(table.place(row, "KQI"), "KQI", found, kqis, "the KQIs tab"))
        return None

    named = str(record["Calculation"])
    by_plain = {calculation.casefold(): calculation for calculation in CALCULATIONS}
    calculation = by_plain.get(named.casefold())
    if calculation is None:
        place = table.place(row, "Calculation")
        report(_unknown(place, "calculation", named, CALCULATIONS, "the Calculations tab"))
        return None

    found_source = _source(source, informs, evidence)
    if found_source is None:
        names = [t.sheet for t in layout.DATA_TABLES]
        names += [e.source for e in evidence if e.kqi in informs]
        where = f"the data tabs or the Evidence of KQI {' and '.join(informs)}"
        report(_unknown(table.place(row, "Source"), "source", source, names, where))
        return None
    data, picks, qualitative = found_source
    needed = CALCULATIONS[calculation].table
    if data != needed.name:
        report(
            _error(
                "calculation",
                table.place(row, "Calculation"),
                f"'{calculation}' works on the {needed.sheet} tab, but the source of '{name}' is "
                f"the {layout.TABLES[data].sheet} tab. The measure was left out.",
                "Pick a calculation and a source that go together: see the Calculations tab.",
            )
        )
        return None
    if needed is layout.PURPLE_BOOK and not picks:
        picks = name

    limits = Limits(
        good_is=_word(GoodIs, record["Good is"]),
        green=Range(as_number(record["Green from"]), as_number(record["Green to"])),
        amber=Range(as_number(record["Amber from"]), as_number(record["Amber to"])),
        source=str(record["Benchmark source"]),
    )
    for colour, limit in (("Green", limits.green), ("Amber", limits.amber)):
        if limit.low is not None and limit.high is not None and limit.low > limit.high:
            report(
                _error(
                    "limits",
                    table.place(row, f"{colour} from"),
                    f"'{name}' has {colour} from {limit.low:g} to {limit.high:g}, which no value "
                    "can meet.",
                    f"Swap {colour} from and {colour} to, or leave one of them blank.",
                )
            )
    decimals = as_number(record["Decimals"])
    return Measure(
        name=name,
        kqis=informs,
        source=source,
        table=data,
        picks=picks,
        calculation=calculation,
        unit=str(record["Unit"]) or _USUAL_UNIT.get(CALCULATIONS[calculation].arithmetic, ""),
        period=_word(Period, record["Period"]),
        limits=limits,
        step=as_number(record["Trend step"]) or 0.0,
        key=record["Key"] is True,
        decimals=settings.decimals if decimals is None else min(max(int(decimals), 0), 6),
        qualitative=qualitative,
        definition=str(record["Definition"]),
        place=table.place(row, "Measure"),
    )


def _source(
    source: str, informs: tuple[str, ...], evidence: tuple[Evidence, ...]
) -> tuple[str, str, bool] | None:
    """The data table, the value that filters it, and whether it is one of the Evidence sources."""
    for item in evidence:
        if item.kqi in informs and item.source.casefold() == source.casefold():
            return item.table, item.picks, True
    tab = _TABS.get(source.casefold())
    return (tab.name, "", False) if tab else None


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


def _twice(place: Place, what: str) -> Finding:
    return _error(
        "duplicate",
        place,
        f"{place}: {what} is there already, further up. The row was left out.",
        "Delete or rename one of them.",
    )


def _error(code: str, place: Place, what: str, todo: str) -> Finding:
    return Finding(code, Severity.ERROR, what, todo, place)
