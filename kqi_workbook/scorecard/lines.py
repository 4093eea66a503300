"""The lines that a calculation counts, and the few ways in which they come out of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Dates = Any  # a numpy array of datetime64


@dataclass(frozen=True)
class Seen:
    """The months wanted, oldest first, and the day from which they are seen.

    What falls due after it has not been missed, and nobody has waited beyond it.
    """

    months: Sequence[dt.date]
    day: dt.date


@dataclass(frozen=True)
class Lines:
    """Numerators, and denominators (NaN where there is none), by month and team, one a row counted.

    (Arrays: to make a frame for each measure takes longer than to add it up.)
    """

    months: Dates
    teams: pd.Categorical[str]
    numerators: npt.NDArray[np.float64]
    denominators: npt.NDArray[np.float64]

    def beside(self, others: Lines) -> Lines:
        """These lines and others of the same teams."""
        return Lines(
            np.concatenate([self.months, others.months]),
            pd.Categorical.from_codes(
                np.concatenate([self.teams.codes, others.teams.codes]), self.teams.categories
            ),
            np.concatenate([self.numerators, others.numerators]),
            np.concatenate([self.denominators, others.denominators]),
        )

    def where(self, kept: npt.NDArray[np.bool_]) -> Lines:
        """Those of the lines."""
        return Lines(
            self.months[kept], self.teams[kept], self.numerators[kept], self.denominators[kept]
        )


def lines_of(
    rows: pd.DataFrame,
    dates: pd.Series[Any] | Dates,
    numerators: pd.Series[Any] | npt.NDArray[np.float64] | float,
    denominators: pd.Series[Any] | float,
) -> Lines:
    """A line a row, in the months of these dates."""
    count = len(rows)
    return Lines(
        np.asarray(dates).astype("datetime64[M]"),
        teams_of(rows),
        np.broadcast_to(np.asarray(numerators, float), count),
        np.broadcast_to(np.asarray(denominators, float), count),
    )


def teams_of(rows: pd.DataFrame) -> pd.Categorical[str]:
    """Each row's team, ``""`` where rows have none."""
    if "Team" in rows:
        return pd.Categorical(rows["Team"])
    return pd.Categorical.from_codes(np.zeros(len(rows), np.int8), pd.Index([""]))


def noughts(there: Lines, events: pd.DataFrame, day: dt.date) -> Lines:
    """Counts of 0 for the months and teams without a line there, of a tab kept record by record.

    The tab is known to have been kept from its first event to its last: before and after, no month
    counts as 0. Nor does one after ``day``; but an event after it shows that the tab was kept until
    then, so that a quarter refreshed again says the same.
    """
    days = events.to_numpy("datetime64[D]")
    kept = days[~np.isnat(days)].astype("datetime64[M]")
    if not len(kept) or kept.min() > np.datetime64(day):
        return there.where(np.zeros(len(there.months), np.bool_))
    last = min(kept.max(), np.datetime64(day, "M"))
    months, teams = np.arange(kept.min(), last + 1), there.teams.categories
    known = (there.months - months[0]).astype(int) * len(teams) + there.teams.codes
    missing = np.setdiff1d(np.arange(len(months) * len(teams)), known)
    return Lines(
        months.take(missing // len(teams)),
        pd.Categorical.from_codes(missing % len(teams), teams),
        np.zeros(len(missing)),
        np.full(len(missing), np.nan),
    )


def fallen_due(rows: pd.DataFrame, date: str, day: dt.date) -> pd.DataFrame:
    """The rows that have fallen due by that day, by the date in this column; none without one."""
    due = rows[date] <= pd.Timestamp(day)
    return rows if due.all() else rows[due]


def share(rows: pd.DataFrame, date: str, good: pd.Series[Any]) -> Lines:
    """The good rows, out of all."""
    return lines_of(rows, rows[date], good.astype(float), 1.0)


def answered(rows: pd.DataFrame, date: str, question: str, out_of: float = 1.0) -> Lines:
    """The rows with Yes, out of those with an answer; ``out_of`` is NaN where they are a count."""
    rows = rows[rows[question].notna()]
    return lines_of(rows, rows[date], yes(rows[question]), out_of)


def yes(answers: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """1 for Yes, and 0 for No or a blank."""
    return answers.to_numpy(float, na_value=0.0)


def days_between(rows: pd.DataFrame, first: str, last: str) -> pd.Series[Any]:
    """Days from one date column to another, NaN where either is blank."""
    return (rows[last] - rows[first]).dt.days.astype(float)
