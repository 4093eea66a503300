"""Checks on the days and months of data rows: of no quarter on file, unlikely, or out of order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.layout import Column, Kind
from kqi_workbook.scorecard.checks.faults import Faults, OnFile
from kqi_workbook.scorecard.quarters import Quarter, day_words, month_label
from kqi_workbook.scorecard.tables import DataTable

EARLIEST = dt.date(1990, 1, 1)
"""No child in care today was born before it."""

MONTHS_AHEAD = 12
"""Months after the last on file, within which an assessment may fall due or a late entry belong."""


@dataclass(frozen=True)
class InOrder:
    """Two date columns of which the second is never the earlier, but for so many days."""

    table: layout.Table
    first: str
    then: str
    days: int = 0


IN_ORDER = (
    InOrder(layout.COURT, "Issued", "Final order"),
    *(
        InOrder(layout.PERMANENCE, "Entered care", then)
        for then in ("Placement order", "Matched", "Placed", "Adoption order")
    ),
    InOrder(layout.PERMANENCE, "Placement order", "Matched"),
    *(
        InOrder(layout.PERMANENCE, first, "Adoption order")
        for first in ("Placement order", "Matched", "Placed")
    ),
    InOrder(layout.CHALLENGES, "Raised", "Resolved"),
    InOrder(layout.SUPERVISION, "Due", "Held", days=365),
)
"""In early permanence (Children and Families Act 2014, s2) a child is placed before the placement
order and the match, so those are not held against Placed. A supervision may be held early."""


def outside_the_quarters(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A month far from all that are on file."""
    column = dated(table)
    if column is None:
        return []
    dates = table.rows[column]
    end = pd.Timestamp(on_file.last) + pd.offsets.MonthEnd(0)
    months = f"{month_label(on_file.first)} to {month_label(on_file.last)}"
    return [
        Faults(
            (dates < pd.Timestamp(on_file.first)) | (dates > end),
            column,
            lambda row, record: (
                f"found {_month(record[column])}, and the quarters on file are {months}"
            ),
            "Correct the year or the month.",
        )
    ]


def unlikely_date(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A day of another century or of a year to come, or a day or month that has not come yet in
    which something is said to have happened."""
    if table.layout not in layout.DATA_TABLES:
        return []
    names_the_month = dated(table)
    columns = [c for c in table.layout.columns if c.kind in (Kind.DATE, Kind.MONTH)]
    far = [column for column in columns if column.name != names_the_month]
    happened = [column for column in columns if not column.planned]
    return [
        *(_of_another_time(table, column.name, on_file.last) for column in far),
        *(_still_to_come(table, column, on_file.today) for column in happened),
    ]


def _of_another_time(table: DataTable, column: str, last_month: dt.date) -> Faults:
    last = pd.Timestamp(last_month) + pd.offsets.MonthEnd(MONTHS_AHEAD + 1)
    return Faults(
        (table.rows[column] < pd.Timestamp(EARLIEST)) | (table.rows[column] > last),
        column,
        lambda row, record: (
            f"found {_day(record[column])}, expected a day from {EARLIEST.year} to "
            f"{month_label(last)}"
        ),
        "Correct the year.",
    )


def _still_to_come(table: DataTable, column: Column, today: dt.date | None) -> Faults:
    one, told = ("month", _month) if column.kind is Kind.MONTH else ("day", _day)
    until = "take the row out" if column.required else "leave the cell blank"
    return Faults(
        table.rows[column.name] > pd.Timestamp(today or dt.date.max),
        column.name,
        lambda row, record: f"found {told(record[column.name])}, which is still to come",
        f"Correct the {one}, or {until} until then.",
    )


def out_of_order(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A day before the one that it has to follow: as a span of time it would be below nought."""
    rows = table.rows
    return [
        Faults(
            rows[pair.then] < rows[pair.first] - pd.Timedelta(days=pair.days),
            pair.then,
            lambda row, record, pair=pair: (  # type: ignore[misc]
                f"found {_day(record[pair.then])}, and {pair.first} is {_day(record[pair.first])}"
            ),
            f"Correct {pair.then} or {pair.first}; they may have changed places.",
        )
        for pair in IN_ORDER
        if pair.table is table.layout
    ]


def quarter_off_file(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A quarter before all that are on file, or more than one ahead: one's words may come early."""
    first = Quarter.of(on_file.first)
    last = max(Quarter.of(on_file.last), on_file.newest.next)

    def is_off(label: str) -> bool:
        return not first <= Quarter.parse(label) <= last

    return [
        Faults(
            table.rows[column.name].isin([*filter(is_off, table.rows[column.name].unique())]),
            column.name,
            lambda row, record, name=column.name: (  # type: ignore[misc]
                f"found {record[name]}, expected a quarter from {first} to {last}"
            ),
            "Correct the quarter.",
        )
        for column in table.layout.columns
        if column.kind is Kind.QUARTER
    ]


def dated(table: DataTable) -> str | None:
    """The column that says when a row happened. A child may have entered care long ago."""
    if table.layout not in layout.DATA_TABLES or table.layout is layout.PERMANENCE:
        return None
    column = table.layout.column(table.layout.dated)
    return column.name if column.kind in (Kind.DATE, Kind.MONTH) else None


def _day(value: object) -> str:
    return day_words(value) if isinstance(value, dt.date) else str(value)


def _month(value: object) -> str:
    return month_label(value) if isinstance(value, dt.date) else str(value)
