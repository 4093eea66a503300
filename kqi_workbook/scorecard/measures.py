"""From a data table to a measure's readings: pick its rows, add up both parts, then divide.

Both numerator and denominator are added up over teams and months before they are divided: never
an average of averages. What cannot be worked out has no value and says why; it is never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kqi_workbook.scorecard.calculations import CALCULATIONS, Calculation
from kqi_workbook.scorecard.model import Arithmetic, Measure, Period, Reading
from kqi_workbook.scorecard.quarters import Quarter, month_label
from kqi_workbook.scorecard.tables import Tables
from kqi_workbook.scorecard.words import shown

# Marks for a figure that is not there, from the government's guidance on symbols in tables.
NOT_AVAILABLE, NOT_APPLICABLE, CONFIDENTIAL = "[x]", "[z]", "[c]"


@dataclass(frozen=True)
class Figures:
    """A measure's numerators and denominators by month and team.

    ``by_team`` has the columns Month, Team, Numerator, Denominator, one row a month and team;
    ``missing`` says why there are none at all, or is ''.
    """

    measure: Measure
    by_team: pd.DataFrame
    missing: str = ""

    @property
    def calculation(self) -> Calculation:
        """How the measure is worked out."""
        return CALCULATIONS[self.measure.calculation]


def figures(measure: Measure, tables: Tables, months: Sequence[dt.date]) -> Figures:
    """Work out a measure's figures for these months, oldest first, from its data table."""
    calculation = CALCULATIONS[measure.calculation]
    table = tables.get(measure.table)
    if table is None:
        empty = pd.DataFrame(columns=["Month", "Team", "Numerator", "Denominator"])
        sheet = calculation.table.sheet
        return Figures(measure, empty, f"{NOT_AVAILABLE} the {sheet} tab is missing")
    lines = calculation.monthly(rows_of(measure, table.rows, table.layout.picks), months)
    wanted = lines[lines["Month"].isin(pd.to_datetime(list(months)))]
    summed = wanted.groupby(["Month", "Team"], as_index=False, sort=True).sum(min_count=1)
    return Figures(measure, summed)


def rows_of(measure: Measure, rows: pd.DataFrame, picks: str) -> pd.DataFrame:
    """The rows of its data table that count for a measure."""
    if measure.picks:
        rows = rows[rows[picks].str.casefold() == measure.picks.casefold()]
    if "KQI" in rows:
        rows = rows[rows["KQI"].isin(measure.kqis)]
    return rows


def quarter_reading(
    of: Figures, quarter: Quarter, population: float | None = None, team: str | None = None
) -> Reading:
    """A measure's value for a quarter, for one team or (None) the whole authority.

    ``population`` is the number of children that a rate is worked out for where the rows have
    no denominator of their own.
    """
    if of.missing:
        return Reading(None, reason=of.missing)
    rows = _within(of.by_team, quarter.months)
    if rows.empty:
        return Reading(None, reason=f"{NOT_AVAILABLE} no data for {quarter.label}")
    if of.measure.period is Period.END:
        rows = rows[rows["Month"] == rows["Month"].max()]
    if team is not None:
        if set(of.by_team["Team"]) == {""}:
            return Reading(None, reason=f"{NOT_APPLICABLE} not known by team")
        month = month_label(rows["Month"].max())
        rows = rows[rows["Team"] == team]
        if rows.empty:
            when = month if of.measure.period is Period.END else quarter.label
            return Reading(None, reason=f"{NOT_AVAILABLE} no data for {when}")
        population = None
    return _reading(of, rows, population)


def month_points(
    of: Figures, months: Sequence[dt.date], population: float | None = None
) -> tuple[tuple[dt.date, Reading], ...]:
    """The whole authority's reading for each of these months that has rows, oldest first."""
    present = dict(iter(of.by_team.groupby("Month")))
    stamps = ((month, pd.Timestamp(month)) for month in months)
    return tuple(
        (month, _reading(of, present[stamp], population))
        for month, stamp in stamps
        if stamp in present
    )


def _within(by_team: pd.DataFrame, months: Sequence[dt.date]) -> pd.DataFrame:
    return by_team[by_team["Month"].isin(pd.to_datetime(list(months)))]


def _reading(of: Figures, rows: pd.DataFrame, population: float | None) -> Reading:
    numerator = float(rows["Numerator"].sum())
    denominator = _total(rows["Denominator"])
    arithmetic = of.calculation.arithmetic
    if arithmetic is Arithmetic.RATE and denominator is None:
        denominator = population
    if arithmetic is Arithmetic.COUNT:
        return Reading(shown(numerator, of.measure.decimals), numerator)
    if not denominator:
        what = (
            "no child population to divide by"
            if arithmetic is Arithmetic.RATE
            else "nothing to divide by"
        )
        return Reading(None, numerator, denominator, f"{NOT_AVAILABLE} {what}")
    if denominator < of.calculation.smallest:
        few = f"{CONFIDENTIAL} fewer than {of.calculation.smallest}, so no percentage"
        return Reading(None, numerator, denominator, few)
    value = numerator / denominator * _TIMES[arithmetic]
    return Reading(shown(value, of.measure.decimals), numerator, denominator)


_TIMES = {Arithmetic.PERCENTAGE: 100, Arithmetic.AVERAGE: 1, Arithmetic.RATE: 10_000}


def _total(column: pd.Series[float]) -> float | None:
    """The sum, or None when any part is missing: half of it would be wrong."""
    return None if column.isna().any() else float(column.sum())
