"""Checks on data rows that were read and cannot be right. Such a row is left out, and named.

Each check marks the rows at fault in one table, whole columns at a time, so that 100,000 rows
stay fast. They run before the scorecard is built, in the order of ``ROW_CHECKS``; a row that one
of them has left out is not looked at again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.layout import Kind
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.gathering import listed
from kqi_workbook.scorecard.model import Arithmetic, Definitions, Finding, Severity
from kqi_workbook.scorecard.quarters import Quarter, day_words, month_label, months_to
from kqi_workbook.scorecard.tables import DataTable, Tables

GAP_BACK, GAP_AHEAD = 12, 3
"""Months without a row in any data tab, beyond which an earlier or a later month stands alone.
Old data may have gaps and next quarter's may have begun; 1914 and 2041 are slips of a finger."""

EARLIEST = dt.date(1990, 1, 1)
"""No child in care today was born before it."""

MONTHS_AHEAD = 12
"""Months after the last on file, within which an assessment may fall due or a late entry belong."""


@dataclass(frozen=True)
class InOrder:
    """Two date columns of which the second is never the earlier, but for so many months."""

    table: layout.Table
    first: str
    then: str
    months: int = 0


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
    InOrder(layout.SUPERVISION, "Due", "Held", months=12),
)
"""In early permanence (Children and Families Act 2014, s2) a child is placed before the placement
order and the match, so those are not held against Placed. A supervision may be held early."""


@dataclass(frozen=True)
class OnFile:
    """What the rows are held against: the definitions, and the months that have data."""

    definitions: Definitions
    first: dt.date
    last: dt.date

    def arithmetics(self, measure: str) -> frozenset[Arithmetic]:
        """How the figures of a Purple-book measure are worked out, by all that use them."""
        return frozenset(
            CALCULATIONS[m.calculation].arithmetic
            for m in self.definitions.measures
            if m.table == layout.PURPLE_BOOK.name and m.picks.casefold() == measure.casefold()
        )


@dataclass(frozen=True)
class Faults:
    """The rows at fault (one flag a row), the column to look at, what is wrong and what to do.

    ``what`` tells it of one row: its number and its values.
    """

    rows: pd.Series[bool]
    column: str
    what: Callable[[int, Mapping[str, object]], str]
    todo: str


RowCheck = Callable[[DataTable, OnFile], "list[Faults]"]


def outside_the_quarters(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A month far from all that are on file."""
    column = _dated(table)
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
    """A day of another century, or of a year to come, in a column that names no row's month."""
    if table.layout not in layout.DATA_TABLES:
        return []
    dated = _dated(table)
    last = pd.Timestamp(on_file.last) + pd.offsets.MonthEnd(MONTHS_AHEAD + 1)
    return [
        Faults(
            (table.rows[column.name] < pd.Timestamp(EARLIEST)) | (table.rows[column.name] > last),
            column.name,
            lambda row, record, name=column.name: (  # type: ignore[misc]
                f"found {_day(record[name])}, expected a day from {EARLIEST.year} to "
                f"{month_label(last)}"
            ),
            "Correct the year.",
        )
        for column in table.layout.columns
        if column.kind is Kind.DATE and column.name != dated
    ]


def out_of_order(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A day before the one that it has to follow: as a span of time it would be below nought."""
    rows = table.rows
    return [
        Faults(
            rows[pair.then] < rows[pair.first] - pd.DateOffset(months=pair.months),
            pair.then,
            lambda row, record, pair=pair: (  # type: ignore[misc]
                f"found {_day(record[pair.then])}, and {pair.first} is {_day(record[pair.first])}"
            ),
            f"Correct {pair.then} or {pair.first}; they may have changed places.",
        )
        for pair in IN_ORDER
        if pair.table is table.layout
    ]


def negative(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A number below nought: everything here is counted or measured."""
    return [
        Faults(
            table.rows[column.name] < 0,
            column.name,
            lambda row, record, name=column.name: (  # type: ignore[misc]
                f"found {record[name]:,.10g}, expected 0 or more"
            ),
            "Correct the number.",
        )
        for column in table.layout.columns
        if column.kind in (Kind.NUMBER, Kind.WHOLE)
    ]


def numerator_above_denominator(table: DataTable, on_file: OnFile) -> list[Faults]:
    """More than all of them: a percentage above 100."""
    if table.layout is layout.PURPLE_BOOK:
        part, whole = "Numerator", "Denominator"
        percentages = _measures_that(table, on_file, lambda ways: Arithmetic.PERCENTAGE in ways)
    elif table.layout is layout.SURVEYS:
        part, whole = "Positive", "Responses"
        percentages = pd.Series(True, index=table.rows.index)
    else:
        return []
    return [
        Faults(
            percentages & (table.rows[part] > table.rows[whole]),
            part,
            lambda row, record: (
                f"found {record[part]:,.10g} out of {record[whole]:,.10g}, which is above 100%"
            ),
            f"Correct the {part} or the {whole}; they may have changed places.",
        )
    ]


def nothing_to_divide_by(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A percentage or an average whose denominator is blank, or an average's something of nought.

    (A percentage's is above its denominator; a rate may count a team that has no children.)
    """
    if table.layout is not layout.PURPLE_BOOK:
        return []
    divided = _measures_that(table, on_file, lambda ways: bool(ways) and ways <= _DIVIDED)
    averages = _measures_that(table, on_file, lambda ways: Arithmetic.AVERAGE in ways)
    of_nought = (table.rows["Denominator"] == 0) & (table.rows["Numerator"] > 0)
    return [
        Faults(
            at_fault,
            "Denominator",
            lambda row, record, found=found: (  # type: ignore[misc]
                f"found {found}, and '{record['Measure']}' is divided by it"
            ),
            "Fill in out of how many.",
        )
        for at_fault, found in (
            (divided & table.rows["Denominator"].isna(), "nothing"),
            (averages & of_nought, "0"),
        )
    ]


def repeated(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A row with the key of one further up, which would be counted twice."""
    key = list(table.layout.key)
    if not key:
        return []
    folded = {
        column.name: table.rows[column.name].str.casefold()
        for column in map(table.layout.column, key)
        if column.kind is Kind.TEXT and column.refers is None
    }
    keys = table.rows[key].assign(**folded)
    again = keys.duplicated()
    first: dict[tuple[object, ...], int] = {}
    if again.any():
        shared = keys[keys.duplicated(keep=False)]
        for row, values in zip(shared.index, shared.itertuples(index=False), strict=True):
            first.setdefault(tuple(values), int(row))
    names = f"{', '.join(key[:-1])} and {key[-1]}" if len(key) > 1 else key[0]

    def what(row: int, record: Mapping[str, object]) -> str:
        return f"the {names} of row {first[tuple(keys.loc[row])]} again"

    return [Faults(again, key[-1], what, "Delete one of the two, or correct it.")]


ROW_CHECKS: Mapping[str, RowCheck] = {
    "month-off-file": outside_the_quarters,
    "unlikely-date": unlikely_date,
    "dates-out-of-order": out_of_order,
    "negative": negative,
    "above-denominator": numerator_above_denominator,
    "no-denominator": nothing_to_divide_by,
    "repeated-row": repeated,
}


def believable(
    tables: Tables, definitions: Definitions, quarter: Quarter
) -> tuple[dict[str, DataTable], list[Finding]]:
    """The tables without the rows that cannot be right, and a finding for each row left out."""
    on_file = _on_file(tables, definitions, quarter)
    kept = dict(tables)
    findings: list[Finding] = []
    for name, table in tables.items():
        if table.layout in layout.DATA_TABLES or table.layout is layout.JUDGEMENTS:
            kept[name], found = _checked(table, on_file)
            findings += found
    return kept, findings


def _checked(table: DataTable, on_file: OnFile) -> tuple[DataTable, list[Finding]]:
    findings: list[Finding] = []
    if table.rows.empty:
        return table, findings
    for code, check in ROW_CHECKS.items():
        for faults in check(table, on_file):
            if not faults.rows.any():
                continue
            marked = faults.rows.loc[table.rows.index]
            tell = partial(_finding, table, on_file, code, faults)
            findings += listed(table.rows.index[marked].tolist(), tell)
            table = replace(table, rows=table.rows[~marked])
    return table, findings


def _finding(table: DataTable, on_file: OnFile, code: str, faults: Faults, row: int) -> Finding:
    record = {str(column): value for column, value in table.rows.loc[row].items()}
    return Finding(
        code,
        Severity.WARNING,
        f"{table.sheet}, row {row}, {faults.column}: {faults.what(row, record)}. "
        "The row was left out.",
        faults.todo,
        table.place(row, faults.column),
        _kqi(record, on_file),
    )


def _on_file(tables: Tables, definitions: Definitions, quarter: Quarter) -> OnFile:
    """The trend's months, and from there back and ahead as far as the data go without a gap."""
    newest = max(quarter, definitions.settings.quarter or quarter)
    window = months_to(quarter.end, definitions.settings.trend_months)
    first, last = _number(window[0]), _number(newest.months[-1])
    months = _months_with_data(tables)
    for month in sorted((m for m in months if m < first), reverse=True):
        if first - month > GAP_BACK:
            break
        first = month
    for month in sorted(m for m in months if m > last):
        if month - last > GAP_AHEAD:
            break
        last = month
    return OnFile(definitions, _first_day(first), _first_day(last))


def _months_with_data(tables: Tables) -> set[int]:
    """Months since January 1970 that a data tab has rows for."""
    found: set[int] = set()
    for table in tables.values():
        column = _dated(table)
        if column is not None:
            dates = table.rows[column].dropna().to_numpy().astype("datetime64[M]")
            found.update(np.unique(dates.astype("int64")).tolist())
    return found


def _dated(table: DataTable) -> str | None:
    """The column that says when a row happened. A child may have entered care long ago."""
    if table.layout not in layout.DATA_TABLES or table.layout is layout.PERMANENCE:
        return None
    column = table.layout.column(table.layout.dated)
    return column.name if column.kind in (Kind.DATE, Kind.MONTH) else None


_DIVIDED = {Arithmetic.PERCENTAGE, Arithmetic.AVERAGE}


def _measures_that(
    table: DataTable, on_file: OnFile, wanted: Callable[[frozenset[Arithmetic]], bool]
) -> pd.Series[bool]:
    """The Purple book's rows of measures that are worked out in the wanted ways."""
    names = table.rows["Measure"]
    return names.isin([name for name in names.unique() if wanted(on_file.arithmetics(name))])


def _kqi(record: Mapping[str, object], on_file: OnFile) -> str:
    if "KQI" in record:
        return str(record["KQI"])
    name = str(record.get("Measure", "")).casefold()
    kqis = [m.kqis for m in on_file.definitions.measures if m.picks.casefold() == name and name]
    return ", ".join(dict.fromkeys(kqi for some in kqis for kqi in some))


def _number(month: dt.date) -> int:
    return (month.year - 1970) * 12 + month.month - 1


def _first_day(number: int) -> dt.date:
    return dt.date(1970 + number // 12, number % 12 + 1, 1)


def _day(value: object) -> str:
    return day_words(value) if isinstance(value, dt.date) else str(value)


def _month(value: object) -> str:
    return month_label(value) if isinstance(value, dt.date) else str(value)
