"""Typed tables by hand, as they are after reading: see `scorecard.tables` for what columns hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kqi_workbook.layout import Kind, Table
from kqi_workbook.scorecard.tables import DataTable

FIRST_ROW = 5


def data_table(table: Table, lines: Sequence[Mapping[str, object]]) -> DataTable:
    """A table with these lines; columns that a line does not name are blank."""
    index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(lines))
    columns = {}
    for column in table.columns:
        values = [line.get(column.name) for line in lines]
        if column.kind in (Kind.DATE, Kind.MONTH):
            columns[column.name] = pd.Series(pd.to_datetime(pd.Series(values)).values, index=index)
        elif column.kind in (Kind.NUMBER, Kind.WHOLE):
            columns[column.name] = pd.Series(values, index=index, dtype="float64")
        elif column.kind is Kind.YES_NO:
            columns[column.name] = pd.Series(values, index=index, dtype="boolean")
        else:
            texts = [str(value or "") for value in values]
            columns[column.name] = pd.Series(texts, index=index, dtype="object")
    letters = {column.name: chr(ord("A") + i) for i, column in enumerate(table.columns)}
    return DataTable(table, table.sheet, pd.DataFrame(columns, index=index), letters)
