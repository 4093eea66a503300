"""A check on the tabs kept record by record: a month or a team whose rows were not pasted.

A row is there because something happened, so a month without any may be right. It is told only
where the year before makes that unlikely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import Finding, Measure, Severity
from kqi_workbook.scorecard.quarters import month_label, months_to
from kqi_workbook.scorecard.words import counted

_Counts: TypeAlias = npt.NDArray[np.intp]  # of rows, by team and month

FEWEST = 5
"""Where there never were fewer, none at all is no chance: of 5 on average, 1 in 148 is 0 (Poisson).
From 3 on average it would be 1 in 20, which some tab or team meets every other quarter."""

YEAR = 12
"""Months before the quarter that are looked at: every season once."""

_TABS = (
    layout.COURT,
    layout.CHALLENGES,
    layout.AUDITS,
    layout.SURVEYS,
    layout.CORE_GROUPS,
    layout.FILE_CHECKS,
    layout.SUPERVISION,
)
"""Tabs whose rows belong to a month by a day of their own. A row of Permanence is a child, and one
of Reports a quarter's."""


def records_missing(checked: Checked) -> Iterator[Finding]:
    """Rows that measures rest on, of which a month or a team's quarter that is over has none.

    A month of a source that is expected monthly is told with that source.
    """
    for (table, picks), measures in _resting_on(checked).items():
        data = checked.tables[table]
        rows = data.picked(picks)
        counts = _counts(rows, data.layout, checked)
        lacking = [*_months(counts.sum(axis=0), table, picks, checked)]
        if "Team" in rows:
            lacking += _teams(counts, checked)
        if lacking:
            of = f" of '{measures[0].picks}'" if picks else ""
            more = f" and {counted(len(measures) - 1, 'more measure')}" if measures[1:] else ""
            yield Finding(
                "",
                Severity.WARNING,
                f"{data.sheet} has no rows{of} for {'; '.join(lacking)}, and never had fewer than "
                f"{FEWEST} in the year before. '{measures[0].name}'{more} "
                f"{'are' if more else 'is'} worked out from the other rows.",
                f"Add the rows to the {data.sheet} tab, or say in the commentary why there are "
                "none.",
                measures[0].place,
                ", ".join(dict.fromkeys(kqi for measure in measures for kqi in measure.kqis)),
            )


def _resting_on(checked: Checked) -> dict[tuple[str, str], list[Measure]]:
    """The measures with a value, by the tab and the value that picks their rows."""
    found: dict[tuple[str, str], list[Measure]] = {}
    for result in checked.scorecard.measures:
        measure = result.measure
        if result.now.value is not None and layout.TABLES[measure.table] in _TABS:
            found.setdefault((measure.table, measure.picks.casefold()), []).append(measure)
    return found


def _months(counts: _Counts, table: str, picks: str, checked: Checked) -> Iterator[str]:
    """``Mar 2014``: a month that is over, and that no source of these rows is told to lack."""
    told = {
        month
        for row in checked.scorecard.rows
        for source in row.evidence
        if (source.evidence.table, source.evidence.picks.casefold()) == (table, picks)
        for month in source.missing_months
    }
    if min(counts[:YEAR]) >= FEWEST:
        for month, count in zip(checked.quarter.months, counts[YEAR:], strict=True):
            if not count and month not in told and checked.expects(month):
                yield month_label(month)


def _teams(counts: _Counts, checked: Checked) -> Iterator[str]:
    """``North in Q4 2013-14``: a team in a quarter that is over."""
    quarters = counts.reshape(len(counts), YEAR // 3 + 1, 3).sum(axis=2)
    if checked.expects(checked.quarter.months[-1]):
        for team, (*before, now) in zip(checked.scorecard.teams, quarters, strict=True):
            if not now and min(before) >= FEWEST:
                yield f"{team} in {checked.quarter}"


def _counts(rows: pd.DataFrame, table: layout.Table, checked: Checked) -> _Counts:
    """How many rows each team has (all in one, where teams are not told apart) in each month of the
    year before and of the quarter."""
    first = months_to(checked.quarter.start, YEAR + 1)[0]
    month = rows[table.dated].to_numpy().astype("datetime64[M]") - np.datetime64(first, "M")
    at = month.astype(np.intp)  # a blank day is long before
    teams: tuple[str, ...] = ("",)
    team = np.zeros_like(at)
    if "Team" in rows:
        teams = checked.scorecard.teams
        team = pd.Categorical(rows["Team"], categories=teams).codes.astype(np.intp)
    inside = (at >= 0) & (at < YEAR + 3)
    shape = len(teams), YEAR + 3
    places = (team * shape[1] + at)[inside]
    return np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape)
