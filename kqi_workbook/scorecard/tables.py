"""A table of the workbook once its cells have been read under the contract of ``layout``.

What the columns hold, by kind: text as ``str`` with ``""`` for a blank; quarters as their label
(``Q4 2013-14``); numbers and whole numbers as ``float64`` with NaN; dates and months as
``datetime64`` with NaT, a month as its first day; Yes or No as nullable ``boolean``; a team, once
:func:`resolve` has found it in Settings, as a category. The index is the sheet's row number. Rows
that cannot be counted have been left out, each with a finding.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kqi_workbook.layout import Refers, Table
from kqi_workbook.scorecard.model import Finding, Place
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.unknown import unknown_names


@dataclass(frozen=True)
class DataTable:
    """A table's typed rows, and where its columns stand on the sheet."""

    layout: Table
    sheet: str
    rows: pd.DataFrame
    letters: Mapping[str, str]

    def place(self, row: int, column: str) -> Place:
        """The cell of a row, named by its sheet row number, in one of its columns."""
        return Place(self.sheet, f"{self.letters[column]}{row}")

    def records(self) -> Iterator[tuple[int, dict[str, object]]]:
        """Each row as its sheet row number and its values by column, for tables read row by row."""
        names = [str(name) for name in self.rows]
        columns = [self.rows[name].tolist() for name in names]
        for row, *values in zip(self.rows.index.tolist(), *columns, strict=True):
            yield row, dict(zip(names, values, strict=True))

    def picked(self, value: str) -> pd.DataFrame:
        """The rows with this value, whatever its case, in the column that picks; all for ``""``."""
        value = value.casefold()
        if not value:
            return self.rows
        if value not in self._picked:
            which, values = self._values_that_pick
            code = values.get(value, len(values))
            self._picked[value] = self.rows.iloc[np.flatnonzero(which == code)]
        return self._picked[value]

    @cached_property
    def _picked(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def _values_that_pick(self) -> tuple[npt.NDArray[np.intp], Mapping[str, int]]:
        """The code of each row's value in the column that picks, and each value's code."""
        which, values = pd.factorize(self.rows[self.layout.picks].str.casefold())
        return which, {value: code for code, value in enumerate(values.tolist())}

    def of_quarter(self, label: str) -> DataTable:
        """Only the rows of a quarter."""
        return replace(self, rows=self.rows[self.rows["Quarter"] == label])


Tables = Mapping[str, DataTable]


def as_number(value: object) -> float | None:
    """A number of a record; None for a blank."""
    return value if isinstance(value, float) and not math.isnan(value) else None


def as_day(value: object) -> dt.date | None:
    """A day of a record; None for a blank."""
    return value.date() if isinstance(value, pd.Timestamp) else None


def resolve(
    table: DataTable,
    known: Mapping[Refers, Iterable[str]],
    former: Mapping[Refers, Collection[str]] | None = None,
    quarter: Quarter | None = None,
) -> tuple[DataTable, list[Finding]]:
    """Write every team, measure and KQI as its own tab writes it, and leave out unknown ones.

    Case and surplus spaces are forgiven; anything else is a finding that suggests the name of which
    it may be a slip, and its row is left out. ``former`` names are those that rows of quarters
    before this one may well have.
    """
    rows = table.rows
    findings: list[Finding] = []
    for column in table.layout.columns:
        if column.refers is None or column.refers not in known:
            continue
        names = {plain(name): name for name in known[column.refers]}
        which, texts = pd.factorize(rows[column.name])
        named = [names.get(plain(text)) for text in texts]
        is_unknown = np.array([name is None for name in named], np.bool_).take(which)
        if is_unknown.any():
            gone = (former or {}).get(column.refers, ())
            unknown = rows[is_unknown]
            findings += unknown_names(table, column, unknown, names.values(), gone, quarter)
        if column.refers is Refers.TEAM:  # few names: adding up by team is quick in categories
            rows = rows.assign(**{column.name: pd.Categorical(named).take(which)})
        elif named != texts.tolist():
            rows = rows.assign(**{column.name: pd.Series(named, dtype="str").take(which).array})
        if is_unknown.any():
            rows = rows[~is_unknown]
    return replace(table, rows=rows), findings
