"""What a check on data rows is given, and what it gives back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.model import Arithmetic, Definitions
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable


@dataclass(frozen=True)
class OnFile:
    """What the rows are held against: the definitions, the months that have data, the newest of the
    quarters that the workbook is for and that is refreshed, and the day on which they are looked
    at (None: not known)."""

    definitions: Definitions
    first: dt.date
    last: dt.date
    newest: Quarter
    today: dt.date | None = None

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
