"""Names of teams, measures and KQIs that their own tab does not list.

One that stands in many rows is one mistake, or something that has gone, and is told once: it must
not crowd out the slip that was made today.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kqi_workbook.layout import Column, Kind, Refers, Table
from kqi_workbook.scorecard.gathering import MOST_LISTED, listed
from kqi_workbook.scorecard.model import Finding, Place, Severity
from kqi_workbook.scorecard.nearest import did_you_mean, plain, slip_for
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.totals import is_total

if TYPE_CHECKING:
    import numpy.typing as npt

    from kqi_workbook.scorecard.tables import DataTable

FEW = 3
"""Rows of one name that are told one by one."""


def unknown_names(
    table: DataTable,
    column: Column,
    rows: pd.DataFrame,
    names: Collection[str],
    former: Collection[str],
    quarter: Quarter | None,
) -> list[Finding]:
    """Findings for the rows left out, whose name in a column is not among ``names``.

    Rows before the quarter whose name is a ``former`` one, of which the History tab tells, are not
    to be corrected: a note says that they are there.
    """
    texts = rows[column.name]
    named = texts.map(plain)
    gone = named.isin([*map(plain, former)]).to_numpy() & _before(quarter, rows, table.layout)
    findings = [_gone(table, column, of) for _, of in texts[gone].groupby(named, sort=False)]
    left = texts[~gone]
    often = left[left.groupby(named).transform("size") > FEW].groupby(named, sort=False)
    many = [of for _, of in islice(often, MOST_LISTED)]
    findings += [_unlisted(table, column, of, names) for of in many]
    one_by_one = left.index.difference([row for of in many for row in of.index])

    def tell(row: int) -> Finding:
        return _unlisted(table, column, left.loc[[row]], names)

    return findings + listed(one_by_one.tolist(), tell)


def _before(quarter: Quarter | None, rows: pd.DataFrame, table: Table) -> npt.NDArray[np.bool_]:
    """Which rows tell of a day, month or quarter before a quarter."""
    if quarter is None:
        return np.zeros(len(rows), np.bool_)
    dated = table.column(table.dated or "Quarter")  # the latter in tabs of words
    values = rows[dated.name]
    if dated.kind is Kind.QUARTER:
        return np.array([Quarter.parse(label) < quarter for label in values], np.bool_)
    return values.to_numpy() < np.datetime64(quarter.start)


def _unlisted(
    table: DataTable, column: Column, texts: pd.Series[str], names: Collection[str]
) -> Finding:
    text, tab = texts.iloc[0], _tab(column)
    rows = "The row was" if len(texts) == 1 else "The rows were"
    todo = f"Correct it{did_you_mean(text, names, slip_for)}, or add it to {tab}."
    if column.refers is Refers.TEAM and is_total(text):
        todo = "Delete the row, or name its team: totals are worked out from the teams."
    elif column.refers is Refers.TEAM and len(texts) > 1:
        todo += " A team that has gone stays there while its rows are to count."
    what = f"{_found(table, column, texts)}, which is not in {tab}. {rows} left out."
    return _finding(column, what, todo, _area(table, column, texts))


def _gone(table: DataTable, column: Column, texts: pd.Series[str]) -> Finding:
    what = (
        f"{_found(table, column, texts)}, before this quarter. It is not in {_tab(column)} any "
        "more, so that was left out."
    )
    todo = "Nothing, if it was given up. If it has another name now, write that here too."
    return _finding(column, what, todo, _area(table, column, texts), Severity.NOTE)


def _found(table: DataTable, column: Column, texts: pd.Series[str]) -> str:
    """``Audits, rows 5 to 28, KQI: found '2' 24 times``."""
    where, times = f"row {texts.index[0]}", ""
    if len(texts) > 1:
        where, times = f"rows {texts.index[0]} to {texts.index[-1]}", f" {len(texts):,} times"
    return f"{table.sheet}, {where}, {column.name}: found '{texts.iloc[0]}'{times}"


def _tab(column: Column) -> str:
    assert column.refers is not None
    return column.refers.value


def _area(table: DataTable, column: Column, texts: pd.Series[str]) -> Place:
    first, last = (table.place(row, column.name) for row in (texts.index[0], texts.index[-1]))
    return first if first == last else Place(table.sheet, f"{first.cell}:{last.cell}")


def _finding(
    column: Column, what: str, todo: str, place: Place, severity: Severity = Severity.WARNING
) -> Finding:
    assert column.refers is not None
    return Finding(f"unknown-{column.refers.name.lower()}", severity, what, todo, place)
