"""The example: a fictional council's workbook for Quarter 4, January to March 2014.

A refresh of it gives, by the rules and without a judgement: 153 CP plans, 5 of them open for
2 years or more; Amber for all seven KQIs; Steady for KQIs 1, 5, 6 and 7, Improving for 2, 3 and 4.
KQI 5 lacks its QAPB report, and KQIs 2 and 3 share two commentary points: Checks shows both.

Its History holds the seven quarters before, as refreshes of the same data left them.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.layout import Column, Kind, Setting, Table
from kqi_workbook.making import defaults
from kqi_workbook.making.defaults import Row
from kqi_workbook.making.dice import Dice
from kqi_workbook.making.figures import CHILDREN, MONTHS, QUARTER, TEAMS, purple_book
from kqi_workbook.making.opinions import audits, core_groups, file_checks, surveys
from kqi_workbook.making.records import (
    Rows,
    challenges,
    court,
    permanence,
    reports,
    supervision,
)
from kqi_workbook.making.template import Filling, make_workbook
from kqi_workbook.refreshing import refresh

COUNCIL = "Exampleshire"
SEED = 2014
FILE_NAME = "Q4 2013-14 scorecard.xlsx"

# The rows of each data tab, by table name.
DATA: Mapping[str, Callable[[Dice], Rows]] = {
    layout.PURPLE_BOOK.name: purple_book,
    layout.COURT.name: court,
    layout.PERMANENCE.name: permanence,
    layout.CHALLENGES.name: challenges,
    layout.AUDITS.name: audits,
    layout.SURVEYS.name: surveys,
    layout.CORE_GROUPS.name: core_groups,
    layout.FILE_CHECKS.name: file_checks,
    layout.SUPERVISION.name: supervision,
    layout.REPORTS.name: reports,
}


def example() -> Filling:
    """What the example workbook holds."""
    tables = defaults.definitions()
    settings: dict[Setting, Value] = {
        Setting.COUNCIL: COUNCIL,
        Setting.QUARTER: QUARTER.label,
        Setting.CHILD_POPULATION: sum(CHILDREN.values()),
    }
    tables[layout.SETTINGS.name] = defaults.with_settings(
        tables[layout.SETTINGS.name], settings, TEAMS
    )
    for seed, (name, rows) in enumerate(DATA.items(), SEED):
        tables[name] = tuple(rows(Dice(seed)))  # so that a change to one leaves the others
    for table in (layout.COMMENTARY, layout.ACTIONS):
        tables[table.name] = tuple(_words(table))
    filling = Filling(
        tables,
        title=f"{COUNCIL}: Children's Services Key Quality Indicators, {QUARTER.label} (fictional)",
        organisation=f"{COUNCIL} Council (fictional)",
    )
    return replace(filling, tables={**tables, layout.HISTORY.name: _history(filling)})


def _history(filling: Filling) -> tuple[Row, ...]:
    """What refreshes of the earlier quarters leave in History, oldest quarter first."""
    book = FileBook(make_workbook(filling), FILE_NAME)
    for ago in range(len(MONTHS) // 3 - 1, 0, -1):
        refresh(book, QUARTER.plus(-ago))
    (history,) = book.read([layout.HISTORY.name]).values()
    return tuple(zip(*(history.columns[c.name] for c in layout.HISTORY.columns), strict=True))


def _words(table: Table) -> Iterator[Row]:
    source = files("kqi_workbook.making") / "invented" / f"{table.name.lower()}.csv"
    for record in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        yield tuple(_value(column, record.get(column.name)) for column in table.columns)


def _value(column: Column, text: str | None) -> Value:
    if text is None:
        return None
    if column.kind is Kind.DATE:
        return dt.date.fromisoformat(text)
    return int(text) if column.name == "KQI" else text
