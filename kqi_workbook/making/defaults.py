"""What a new workbook starts with, from the CSV files in ``starting/``, one a tab.

The KQIs and the names of measures and sources are the scorecard's own. Limits are the council's
to change in the Measures tab; each says where it comes from, or that it is a local default.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.layout import Setting, Table
from kqi_workbook.scorecard.calculations import CALCULATIONS

Row = tuple[Value, ...]
Rows = Sequence[Row]


def definitions() -> dict[str, Rows]:
    """The rows of the KQIs, Measures, Evidence and Settings tabs, by table name."""
    return {table.name: tuple(_rows(table)) for table in layout.DEFINITION_TABLES}


def calculations() -> Rows:
    """The rows of the Calculations tab: every calculation that a measure can pick."""
    return tuple(
        (name, calculation.table.sheet, calculation.description)
        for name, calculation in CALCULATIONS.items()
    )


def with_settings(rows: Rows, values: Mapping[Setting, Value], teams: Iterable[str]) -> Rows:
    """Settings rows with these values and these teams in place of theirs."""
    (team_row, *_) = (row for row in rows if row[0] == Setting.TEAM.value)
    team_rows = [(team_row[0], team, team_row[2]) for team in teams]
    others = [row for row in rows if row[0] != Setting.TEAM.value]
    at = rows.index(team_row)
    by_name = {setting.value: value for setting, value in values.items()}
    return tuple(
        (row[0], by_name.get(str(row[0]), row[1]), row[2])
        for row in (*others[:at], *team_rows, *others[at:])
    )


def _rows(table: Table) -> Iterable[Row]:
    source = files("kqi_workbook.making") / "starting" / f"{table.name.lower()}.csv"
    header, *rows = csv.reader(source.read_text(encoding="utf-8").splitlines())
    if header != [column.name for column in table.columns]:
        raise ValueError(f"{source}: the columns are not those of the {table.sheet} tab")
    for row in rows:
        yield tuple(_value(text) for text in row)


def _value(text: str) -> Value:
    """A number where the text is one, as Excel would have it, None for a blank, else the text."""
    try:
        number = float(text)
    except ValueError:
        return text or None
    return int(number) if number.is_integer() else number
