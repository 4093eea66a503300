"""A table's cells put under the contract of ``layout``: typed columns, and what does not fit.

Nothing turns into a blank without a word: a cell that does not fit is a finding that names it, and
its row is left out when the column is required. Each distinct value of a column is looked at once,
so that the same few lines read one row and 100,000.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from kqi_workbook.books.cells import CellError, Coded, TableCells, Value
from kqi_workbook.books.conversions import (
    BLANK,
    MISFIT,
    Converted,
    Outcome,
    clean,
    convert_all,
    shown,
)
from kqi_workbook.errors import LayoutError
from kqi_workbook.layout import DATA_TABLES, DEFINITION_TABLES, Column, Kind, Table
from kqi_workbook.scorecard.gathering import listed
from kqi_workbook.scorecard.model import Finding, Severity
from kqi_workbook.scorecard.nearest import did_you_mean, nearest, plain
from kqi_workbook.scorecard.tables import DataTable


def typed(cells: TableCells, table: Table) -> tuple[DataTable, list[Finding]]:
    """Type a table's cells by the contract, in the forms that :mod:`scorecard.tables` names.

    Headers match exactly, else ignoring case and surplus spaces; columns that the contract does
    not name are left alone. Rows blank in all of the contract's columns are passed over in
    silence. Findings stand in the order of the rows.

    Raises LayoutError when a column is missing or renamed, with the nearest header there is.
    """
    cells = headed(cells, table)
    _refuse_without_columns(cells, table)
    read = {column: _read(cells.columns[column.name], column) for column in table.columns}
    letters = {column.name: cells.letters[column.name] for column in table.columns}
    count = len(cells.columns[table.columns[0].name])
    filled = np.zeros(count, np.bool_)
    kept = np.ones(count, np.bool_)
    for column, one in read.items():
        filled |= ~one.blank
        if column.required:
            kept &= ~one.blank & ~one.misfit
    rows = pd.DataFrame({c.name: one.values for c, one in read.items()}, copy=False)
    rows.index += cells.header_row + 1
    kept &= filled
    data = DataTable(table, cells.sheet, rows if kept.all() else rows[kept], letters)
    headers = _headers(cells, read)
    again = (np.flatnonzero(headers) + cells.header_row + 1).tolist()
    problems: list[tuple[int, Finding]] = []
    problems += zip(again, listed(again, partial(_headers_again, data)), strict=False)
    for column, one in read.items():
        values = cells.columns[column.name]
        missing = one.blank & filled if column.required else np.zeros(count, np.bool_)
        rows_at_fault: dict[str, list[int]] = {}
        for index in np.flatnonzero((one.misfit | missing) & ~headers).tolist():
            row = cells.header_row + 1 + index
            rows_at_fault.setdefault(_code(values[index]), []).append(row)
        for found in rows_at_fault.values():
            tell = partial(_finding, data, cells.header_row + 1, column, values)
            problems += zip(found, listed(found, tell), strict=False)
    problems.sort(key=lambda problem: problem[0])
    return data, [finding for _, finding in problems]


def headed(cells: TableCells, table: Table) -> TableCells:
    """The cells under the contract's own headers, however their case and spaces are written.

    Columns that the contract does not name keep their headers.
    """
    other = [column.name for column in table.columns if column.name not in cells.columns]
    if not other:
        return cells
    by_plain = {_plain(header): header for header in reversed(list(cells.columns))}
    names = {by_plain[_plain(name)]: name for name in other if _plain(name) in by_plain}
    return replace(
        cells,
        letters={names.get(header, header): letter for header, letter in cells.letters.items()},
        columns={names.get(header, header): column for header, column in cells.columns.items()},
    )


def _headers(cells: TableCells, read: Mapping[Column, _Read]) -> _Rows:
    """The rows that say the header in every column that is required, of which one does not fit: in
    one alone it may be an answer, as Met is to whether a criterion was."""
    required = {column: one for column, one in read.items() if column.required}
    headers: _Rows = np.any([one.misfit for one in required.values()], axis=0)
    for index in np.flatnonzero(headers).tolist():
        headers[index] = all(_is_header(cells.columns[c.name][index], c) for c in required)
    return headers


def _is_header(value: Value, column: Column) -> bool:
    return _plain(_text(value)) == _plain(column.name)


def _refuse_without_columns(cells: TableCells, table: Table) -> None:
    ours = [column.name for column in table.columns]
    strangers = [header for header in cells.columns if header not in ours]
    missing = [f"'{n}'{did_you_mean(n, strangers)}" for n in ours if n not in cells.columns]
    if len(missing) == 1:
        raise LayoutError(
            f"The {cells.sheet} tab has no column {missing[0]}. "
            "Give the column that name back, or add it to the table."
        )
    if missing:
        raise LayoutError(
            f"The {cells.sheet} tab has no columns {', '.join(missing)}. "
            "Give them those names back, or add them to the table."
        )


def _plain(text: str) -> str:
    return plain(clean(text))


@dataclass(frozen=True)
class _Read:
    """A column's typed values, and which of its cells hold nothing or what does not fit."""

    values: _Array
    blank: _Rows
    misfit: _Rows


def _read(values: Sequence[Value], column: Column) -> _Read:
    cells = values if isinstance(values, Coded) else Coded.of(values)
    converted: list[Converted | None] = [*convert_all(column.kind, cells.distinct)]
    if column.choices and column.kind is Kind.TEXT:
        readings = (*column.former, *zip(column.choices, column.choices, strict=True))
        choices = {_plain(word): choice for word, choice in readings}
        converted = [
            choices.get(_plain(value), MISFIT) if isinstance(value, str) else value
            for value in converted
        ]
    blank, misfit = np.zeros((2, len(converted)), np.bool_)
    for index in [i for i, kind in enumerate(map(type, converted)) if kind is Outcome]:
        (blank if converted[index] is BLANK else misfit)[index] = True
        converted[index] = None
    return _Read(
        _ARRAYS[column.kind](converted).take(cells.places),
        blank.take(cells.places),
        misfit.take(cells.places),
    )


_Rows: TypeAlias = npt.NDArray[np.bool_]
_Known: TypeAlias = list[Any]  # str, float, bool or date; None for what gave no value
_Array: TypeAlias = "pd.api.extensions.ExtensionArray | npt.NDArray[Any]"
_DAY_0 = dt.date(1970, 1, 1).toordinal()
_NO_DAY = int(np.datetime64("NaT").astype("int64"))


def _texts(values: _Known) -> _Array:
    return pd.array([value or "" for value in values], dtype="str")


def _numbers(values: _Known) -> _Array:
    return np.array(values, "float64")


def _days(values: _Known) -> _Array:
    since_1970 = [day.toordinal() - _DAY_0 if day else _NO_DAY for day in values]
    return np.array(since_1970, "int64").view("datetime64[D]").astype("datetime64[us]")


def _answers(values: _Known) -> _Array:
    return pd.array(values, dtype="boolean")


_ARRAYS = {
    Kind.TEXT: _texts,
    Kind.QUARTER: _texts,
    Kind.NUMBER: _numbers,
    Kind.WHOLE: _numbers,
    Kind.DATE: _days,
    Kind.MONTH: _days,
    Kind.YES_NO: _answers,
    Kind.RAG: _texts,
    Kind.TREND: _texts,
}

_LONGEST_SHOWN = 60  # characters of a text that does not fit: enough to find it by
_TODO = {
    Kind.DATE: "Type a day such as 31/03/2014.",
    Kind.MONTH: "Type a month such as Mar 2014.",
    Kind.QUARTER: "Write it like Q4 2013-14.",
    Kind.NUMBER: "Type the number alone: 84, not 84% or 'about 84'.",
    Kind.WHOLE: "Type a whole number alone.",
    Kind.YES_NO: "Pick Yes or No.",
    Kind.RAG: "Type Red, Amber or Green.",
    Kind.TREND: "Type Improving, Steady or Worsening.",
}


def _code(value: Value) -> str:
    if isinstance(value, CellError):
        return "cell-error"
    return "unreadable-cell" if _text(value) else "blank-cell"


def _text(value: Value) -> str:
    return clean(value) if isinstance(value, str) else shown(value)


def _headers_again(data: DataTable, row: int) -> Finding:
    return Finding(
        code="headers-again",
        severity=Severity.ERROR if data.layout in DEFINITION_TABLES else Severity.WARNING,
        what=f"{data.sheet}, row {row}: the headers again, as copying brings them along. The row "
        "was left out.",
        todo="Delete the row.",
        place=data.place(row, data.layout.columns[0].name),
    )


def _finding(
    data: DataTable, first_row: int, column: Column, values: Sequence[Value], row: int
) -> Finding:
    value = values[row - first_row]
    text = _text(value)
    expected = f"one of {', '.join(column.choices)}" if column.choices else column.kind.value
    fill_in = f"Fill it in. {column.help}".strip()  # a text can only be missing
    todo = f"Pick {expected}." if column.choices else _TODO.get(column.kind, fill_in)
    if isinstance(value, CellError):
        found = value.code
        todo = "Mend the formula, or type the value in its place."
    elif not text:
        found = "nothing"
    else:
        found = f"'{shorten(text, _LONGEST_SHOWN, placeholder=' ...')}'"
        if near := nearest(text, column.choices):
            todo = f"Did you mean {near}? {todo}"
        elif column.kind in (Kind.DATE, Kind.MONTH) and isinstance(value, (int, float)):
            todo = "Give the cell a date format, and see whether it shows the day that is meant."
        elif column.kind is Kind.NUMBER and text.endswith("%") and data.layout in DATA_TABLES:
            todo = "Type how many there were, and not what percentage."
    effect = "The row was left out." if column.required else "The cell counts as blank."
    where = f"{data.sheet}, row {row}, {column.name}"
    severity = Severity.ERROR if data.layout in DEFINITION_TABLES else Severity.WARNING
    return Finding(
        code=_code(value),
        severity=severity,
        what=f"{where}: found {found}, expected {expected}. {effect}",
        todo=todo,
        place=data.place(row, column.name),
    )
