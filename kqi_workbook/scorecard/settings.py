"""What the Settings tab says: the council, the quarter, the teams, how things are worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kqi_workbook import layout
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.layout import BOUNDS, Setting
from kqi_workbook.scorecard.model import Finding, Place, Settings, Severity
from kqi_workbook.scorecard.nearest import did_you_mean, plain
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable
from kqi_workbook.scorecard.totals import is_total


def read_settings(table: DataTable) -> tuple[Settings, list[Finding]]:
    """Read the settings, with a finding for every row that does not say what it means."""
    settings = Settings()
    teams: dict[str, str] = {}
    totals: dict[str, Place] = {}
    values: dict[Setting, str] = {}
    findings: list[Finding] = []
    known = {setting.value.casefold(): setting for setting in Setting}
    for row, record in table.records():
        name, value = str(record["Setting"]), str(record["Value"]).strip()
        setting = known.get(name.casefold())
        if setting is None:
            near = did_you_mean(name, [s.value for s in Setting])
            findings.append(
                Finding(
                    "unknown-setting",
                    Severity.NOTE,
                    f"'{name}' is not a setting.",
                    f"Correct the name{near}, or delete the row.",
                    table.place(row, "Setting"),
                )
            )
        elif setting is Setting.TEAM:
            team = teams.setdefault(plain(value), value) if value else ""
            if is_total(team):
                totals.setdefault(team, table.place(row, "Value"))
            if team != value:
                findings.append(
                    Finding(
                        "setting",
                        Severity.NOTE,
                        f"The team '{value}' is there already, further up, as '{team}', which "
                        "counts.",
                        "Delete one of the two rows.",
                        table.place(row, "Value"),
                    )
                )
        elif value and setting in _READ:
            what = todo = ""
            if values.setdefault(setting, value) != value:
                what = f"'{values[setting]}' further up and '{value}' here, which counts"
                todo = "Delete one of the two rows."
            try:
                settings = _READ[setting](settings, value)
            except (ValueError, KQIWorkbookError) as problem:
                what, todo = f"'{value}': {problem}", "Correct it. Until then it does not count."
            if what:
                place, what = table.place(row, "Value"), f"{setting.value} is {what.rstrip('.')}."
                findings.append(Finding("setting", Severity.ERROR, what, todo, place))
    if len(totals) == len(teams):  # a council that is not told apart by team
        totals = {}
    findings += [_total(team, place) for team, place in totals.items()]
    return replace(settings, teams=tuple(t for t in teams.values() if t not in totals)), findings


def _total(team: str, place: Place) -> Finding:
    return Finding(
        "setting",
        Severity.ERROR,
        f"'{team}' is no team: beside those of the teams its figures would count twice. It was "
        "left out.",
        "Delete the row: totals are worked out from the teams. Figures that are not kept by team "
        "need a team of their own, such as 'Not by team'.",
        place,
    )


def _number(text: str, low: int, high: int) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise ValueError("expected a number") from None
    if not low <= number <= high:
        raise ValueError(f"expected a number from {low:,} to {high:,}")
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


_READ: Mapping[Setting, Callable[[Settings, str], Settings]] = {
    Setting.COUNCIL: lambda s, text: replace(s, council=text),
    Setting.QUARTER: lambda s, text: replace(s, quarter=Quarter.parse(text)),
    Setting.CHILD_POPULATION: lambda s, text: replace(
        s, child_population=_number(text, *BOUNDS[Setting.CHILD_POPULATION])
    ),
    Setting.TREND_METHOD: lambda s, text: replace(s, control_chart=_control_chart(text)),
    Setting.TREND_MONTHS: lambda s, text: replace(
        s, trend_months=_whole(text, *BOUNDS[Setting.TREND_MONTHS])
    ),
    Setting.DECIMALS: lambda s, text: replace(s, decimals=_whole(text, *BOUNDS[Setting.DECIMALS])),
    Setting.BACKUPS: lambda s, text: replace(s, backups=_whole(text, *BOUNDS[Setting.BACKUPS])),
}
