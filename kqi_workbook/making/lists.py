"""What may stand in a cell: drop-downs, limits, input messages and kind words, by column.

Lists come from the workbook's own tables through defined names, so that a team added to Settings
is in every drop-down at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from kqi_workbook import layout
from kqi_workbook.layout import Column, Kind, Refers, Setting, Table
from kqi_workbook.scorecard.checks.dates import EARLIEST

Rule = dict[str, object]

LAST_DAY = dt.date(2099, 12, 31)
TABS = tuple(table.sheet for table in layout.DATA_TABLES)


_FIRST_TEAM = f'MATCH("{Setting.TEAM.value}",Settings[Setting],0)'
_TEAMS = f'COUNTIF(Settings[Setting],"{Setting.TEAM.value}")'

NAMES: Mapping[str, str] = {
    "KQI_numbers": "KQIs[KQI]",
    "Measure_names": "Measures[Measure]",
    "Measure_decimals": "Measures[Decimals]",
    "Calculation_names": "Calculations[Calculation]",
    "Evidence_filters": "Evidence[Filter value]",
    "Team_names": (
        f"INDEX(Settings[Value],{_FIRST_TEAM}):INDEX(Settings[Value],{_FIRST_TEAM}+{_TEAMS}-1)"
    ),
    "Council_name": (
        f'INDEX(Settings[Value],MATCH("{Setting.COUNCIL.value}",Settings[Setting],0))'
    ),
}
"""Defined names that the drop-downs and titles use."""

_REFERRED = {
    Refers.TEAM: ("Team_names", "Please pick a team that is in Settings, or add it there first."),
    Refers.MEASURE: (
        "Measure_names",
        "Please pick a measure that is in the Measures tab, or add it there first.",
    ),
    Refers.KQI: ("KQI_numbers", "Please pick the number of a KQI that is in the KQIs tab."),
}

_HINTS = {
    Kind.DATE: "A date, such as 31/03/2014.",
    Kind.YES_NO: "Yes or No.",
    Kind.NUMBER: "A number.",
    Kind.WHOLE: "A whole number.",
}


def rule(table: Table, column: Column) -> Rule:
    """The data validation of a table's column, in XlsxWriter's words; empty if its rows differ."""
    if (table, column.name) == (layout.SETTINGS, "Value"):
        return {}
    return {
        **_allowed(table, column),
        **_titled(column.name, column.help or _HINTS.get(column.kind, "Text.")),
    }


def setting_rule(name: str) -> Rule:
    """The data validation of a setting's value."""
    return {**_SETTINGS.get(name, {"validate": "any"}), **_titled(name, "What your council sets.")}


def _allowed(table: Table, column: Column) -> Rule:
    special = _SPECIAL.get((table.sheet, column.name))
    if special is not None:
        return special
    if column.choices:
        return _list(column.choices)
    if column.refers is not None:
        name, kind_words = _REFERRED[column.refers]
        return {"validate": "list", "source": f"={name}", "error_message": kind_words}
    if column.name == table.picks and table in layout.SOURCE_TABLES:
        return _known_to_evidence(column)
    return _BY_KIND.get(column.kind, {"validate": "any"})


def _titled(name: str, message: str) -> Rule:
    title = name[:32]  # Excel's limit
    return {"input_title": title, "input_message": message, "error_title": title}


def _list(choices: tuple[str, ...]) -> Rule:
    words = f"{', '.join(choices[:-1])} or {choices[-1]}"
    return {
        "validate": "list",
        "source": list(choices),
        "error_message": f"Please pick one from the list: {words}.",
    }


def _between(kind: str, low: object, high: object) -> Rule:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _bounded(setting: Setting) -> Rule:
    low, high = layout.BOUNDS[setting]
    kind, whole = ("decimal", "") if setting is Setting.CHILD_POPULATION else ("integer", "whole ")
    message = f"Please type a {whole}number from {low} to {high:,}."
    return {**_between(kind, low, high), "error_message": message}


def _known_to_evidence(column: Column) -> Rule:
    return {
        "validate": "custom",
        "value": "=COUNTIF(Evidence_filters,{cell})>0",
        "error_type": "warning",
        "error_message": (
            f"No source in the Evidence tab has this as its Filter value, so the row would not "
            f"be counted as evidence. Keep this {column.name.lower()}?"
        ),
    }


def _suggestion(source: object) -> Rule:
    """A drop-down that offers, and does not insist."""
    return {"validate": "list", "source": source, "show_error": False}


_BY_KIND: Mapping[Kind, Rule] = {
    Kind.DATE: {
        **_between("date", EARLIEST, LAST_DAY),
        "error_message": "Please type a date as day/month/year, such as 31/03/2014.",
    },
    Kind.MONTH: {
        **_between("date", EARLIEST, LAST_DAY),
        "error_message": "Please type any day of the month as a date, such as 01/03/2014.",
    },
    Kind.NUMBER: {
        **_between("decimal", 0, 1_000_000_000),
        "error_message": "Please type a number, 0 or more, without words or signs.",
    },
    Kind.WHOLE: {
        **_between("integer", 0, 99),
        "error_message": "Please type a whole number, 0 or more.",
    },
    Kind.YES_NO: _list(("Yes", "No")),
    Kind.QUARTER: {
        "validate": "custom",
        "value": (
            '=AND(LEN({cell})=10,LEFT({cell},1)="Q",MID({cell},2,1)>="1",MID({cell},2,1)<="4",'
            'MID({cell},3,1)=" ",MID({cell},8,1)="-",'
            "MOD(VALUE(MID({cell},4,4))+1,100)=VALUE(RIGHT({cell},2)))"
        ),
        "error_message": "Please write the quarter like Q4 2013-14.",
    },
}

_SPECIAL: Mapping[tuple[str, str], Rule] = {
    ("Measures", "KQI"): _suggestion("=KQI_numbers"),
    ("Measures", "Source"): {
        "validate": "list",
        "source": list(TABS),
        "error_type": "warning",
        "error_message": (
            "This is not a data tab. That is right if it is a source of this KQI in the Evidence "
            "tab, written the same way. Keep it?"
        ),
    },
    ("Measures", "Calculation"): {
        "validate": "list",
        "source": "=Calculation_names",
        "error_message": "Please pick a calculation; the Calculations tab explains each.",
    },
    ("Measures", "Decimals"): _bounded(Setting.DECIMALS),
    ("Evidence", "Tab"): _list(TABS),
}

_SETTINGS: Mapping[str, Rule] = {
    Setting.TREND_METHOD.value: _list(layout.TREND_METHODS),
    **{setting.value: _bounded(setting) for setting in layout.BOUNDS},
}
