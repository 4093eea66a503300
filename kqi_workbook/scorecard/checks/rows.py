"""Checks on data rows that were read and cannot be right. Such a row is left out, and named.

Each check marks the rows at fault in one table, whole columns at a time, so that 100,000 rows
stay fast. They run before the scorecard is built, in the order of ``ROW_CHECKS``; a row that one
of them has left out is not looked at again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from kqi_workbook import layout
from kqi_workbook.layout import Kind
from kqi_workbook.scorecard.checks.dates import (
    dated,
    out_of_order,
    outside_the_quarters,
    quarter_off_file,
    unlikely_date,
)
from kqi_workbook.scorecard.checks.faults import Faults, OnFile, RowCheck
from kqi_workbook.scorecard.checks.numbers import (
    negative,
    nothing_to_divide_by,
    numerator_above_denominator,
    share_typed,
)
from kqi_workbook.scorecard.gathering import listed
from kqi_workbook.scorecard.model import Definitions, Finding, Severity
from kqi_workbook.scorecard.quarters import Quarter, months_to
from kqi_workbook.scorecard.tables import DataTable, Tables

GAP_BACK, GAP_AHEAD = 12, 3
"""Months without a row in any data tab, beyond which an earlier or a later month stands alone.
Old data may have gaps and next quarter's may have begun; 1914 and 2041 are slips of a finger."""


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
        return f"found the {names} of row {first[tuple(keys.loc[row])]} again"

    return [Faults(again, key[-1], what, "Delete one of the two, or correct it.")]


ROW_CHECKS: Mapping[str, RowCheck] = {
    "month-off-file": outside_the_quarters,
    "quarter-off-file": quarter_off_file,
    "unlikely-date": unlikely_date,
    "dates-out-of-order": out_of_order,
    "negative": negative,
    "above-denominator": numerator_above_denominator,
    "share-typed": share_typed,
    "no-denominator": nothing_to_divide_by,
    "repeated-row": repeated,
}


def believable(
    tables: Tables, definitions: Definitions, quarter: Quarter, today: dt.date | None = None
) -> tuple[dict[str, DataTable], list[Finding]]:
    """The tables without the rows that cannot be right, and a finding for each row left out."""
    on_file = _on_file(tables, definitions, quarter, today)
    kept = dict(tables)
    findings: list[Finding] = []
    for name, table in tables.items():
        if table.layout in layout.DATA_TABLES + layout.WORD_TABLES:
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


def _on_file(
    tables: Tables, definitions: Definitions, quarter: Quarter, today: dt.date | None
) -> OnFile:
    """The trend's months, and from there back and ahead as far as the data go without a gap."""
    newest = max(quarter, definitions.settings.quarter or quarter)
    window = months_to(quarter.end, definitions.settings.trend_months)
    first, last = _number(window[0]), _number(newest.months[-1])
    months = _months_with_data(tables)
    told = months | _months_told_of(tables)
    for month in sorted((m for m in told if m < first), reverse=True):
        if first - month > GAP_BACK:
            break
        first = month
    for month in sorted(m for m in months if m > last):
        if month - last > GAP_AHEAD:
            break
        last = month
    return OnFile(definitions, _first_day(first), _first_day(last), newest, today)


def _months_with_data(tables: Tables) -> set[int]:
    """Months since January 1970 that a data tab has rows for."""
    found: set[int] = set()
    for table in tables.values():
        column = dated(table)
        if column is not None:
            dates = table.rows[column].dropna().to_numpy().astype("datetime64[M]")
            found.update(np.unique(dates.astype("int64")).tolist())
    return found


def _months_told_of(tables: Tables) -> set[int]:
    """Months since January 1970 of the quarters that commentary, judgements and the like name."""
    labels = {
        label
        for table in tables.values()
        for column in table.layout.columns
        if column.kind is Kind.QUARTER
        for label in table.rows[column.name].unique()
    }
    return {_number(month) for label in labels for month in Quarter.parse(label).months}


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
