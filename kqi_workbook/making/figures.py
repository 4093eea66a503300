"""The example's monthly figures: what the whole authority reached, shared out over its teams.

The shapes are chosen, not thrown: two years in quarters, around which the months move as chance
would. So a Steady measure stays within its control limits, and an Improving one leaves them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kqi_workbook.making.defaults import Row
from kqi_workbook.making.dice import Dice
from kqi_workbook.scorecard.quarters import Quarter, months_to

QUARTER = Quarter(2013, 4)
QUARTERS = tuple(QUARTER.plus(back) for back in range(-7, 1))
MONTHS = months_to(QUARTER.end, 24)

AREAS = ("North", "South", "East", "West", "Central")
TEAMS = (*AREAS, "A&A")

# How large the teams are, and how often each falls short beside the others.
SIZES: Mapping[str, float] = {
    "North": 1.1,
    "South": 0.9,
    "East": 1.0,
    "West": 1.2,
    "Central": 0.8,
    "A&A": 1.0,
}
SHORT: Mapping[str, float] = {
    "North": 0.7,
    "South": 1.1,
    "East": 0.9,
    "West": 1.4,
    "Central": 0.8,
    "A&A": 1.1,
}

CHILDREN: Mapping[str, int] = {
    "North": 8100,
    "South": 6500,
    "East": 7200,
    "West": 8500,
    "Central": 5700,
}

CP_PLANS = (
    *(184, 186, 185, 183, 184, 182, 181, 183, 180, 178, 179, 177),
    *(176, 174, 175, 173, 171, 172, 170, 168, 165, 162, 157, 153),
)
LOOKED_AFTER = (
    *(219, 218, 218, 217, 218, 217, 216, 217, 216, 215, 214, 215),
    *(214, 213, 213, 212, 211, 211, 210, 210, 209, 208, 207, 206),
)
OPEN_CASES = (
    *(941, 938, 944, 940, 936, 939, 933, 937, 930, 934, 928, 931),
    *(926, 929, 924, 921, 925, 918, 920, 915, 917, 912, 914, 909),
)

# Months of a quarter around its level; each row adds up to nothing.
_AROUND = (
    (0.6, -1.0, 0.4),
    (-0.7, 1.0, -0.3),
    (0.5, 0.4, -0.9),
    (-1.0, 0.3, 0.7),
    (0.8, -0.2, -0.6),
    (-0.4, 0.9, -0.5),
    (1.0, -0.8, -0.2),
    (-0.6, -0.3, 0.9),
)


@dataclass(frozen=True)
class Series:
    """A share by month: the level of each of the eight quarters in %, and out of how many a month.

    ``spread`` is how far months move around the level, in percentage points; ``turn`` picks which
    way. A ``stock`` ends its quarter on the level; a flow has it over the quarter's three months.
    """

    levels: tuple[float, ...]
    out_of: Sequence[int]
    spread: float
    turn: int
    stock: bool = False

    def numerators(self) -> list[int]:
        """How many in each month."""
        return [n for quarter in range(len(self.levels)) for n in self._of_quarter(quarter)]

    def _of_quarter(self, quarter: int) -> list[int]:
        level, around = self.levels[quarter], _AROUND[(quarter + self.turn) % len(_AROUND)]
        out_of = self.out_of[3 * quarter : 3 * quarter + 3]
        first, second = (
            round(n * (level + self.spread * move) / 100)
            for n, move in zip(out_of[:2], around[:2], strict=True)
        )
        if self.stock:
            return [first, second, round(out_of[2] * level / 100)]
        return [first, second, round(sum(out_of) * level / 100) - first - second]


CP_VISITS_DUE = tuple(2 * plans + 7 for plans in CP_PLANS)
LAC_VISITS_DUE = tuple(round(0.72 * children) for children in LOOKED_AFTER)
ASSESSMENTS_DONE = tuple(
    148 + move
    for move in (4, -6, 3, 9, -4, 1, 7, 2, -9, 5, -3, 6, -5, 8, 0, -7, 4, 3, -2, 6, -8, 9, 1, 5)
)

SHARES: Mapping[str, Series] = {
    "CP plans open 10 months or more": Series(
        (30.5, 31, 30, 31, 30.2, 29.6, 29.2, 28.8), CP_PLANS, 1.6, 2, stock=True
    ),
    "CP visits on time": Series((75.8, 76.4, 76, 76.7, 76.2, 76.9, 81, 84.1), CP_VISITS_DUE, 1, 0),
    "LAC visits on time": Series((78.5, 78, 79, 78.6, 78.3, 79.4, 83, 86.2), LAC_VISITS_DUE, 1, 3),
    "LAC care plans up to date": Series(
        (81.8, 82.3, 81.6, 82.4, 82, 83, 87.6, 90.8), LOOKED_AFTER, 1, 5, stock=True
    ),
    "Assessments within 45 working days": Series(
        (82.4, 82.9, 82.1, 82.7, 82.3, 82.8, 82.2, 82.6), ASSESSMENTS_DONE, 2.2, 1
    ),
    "Assessments up to date": Series(
        (85.9, 86.3, 85.7, 86.4, 86, 85.8, 86.2, 86), OPEN_CASES, 1, 4, stock=True
    ),
    "Child's view recorded": Series(
        (83.2, 82.8, 83.5, 83, 83.3, 82.9, 83.6, 83.4), OPEN_CASES, 1.1, 6, stock=True
    ),
}
WITH_A_AND_A = (
    "Assessments within 45 working days",
    "Assessments up to date",
    "Child's view recorded",
)

OPEN_2_YEARS = (5, 6, 5, 4, 5, 6, 6, 5, 4, 5, 6, 5, 4, 4, 5, 6, 5, 5, 4, 5, 5, 6, 4, 5)
BEGUN = (
    15,
    13,
    14,
    16,
    14,
    13,
    15,
    14,
    12,
    15,
    14,
    13,
    16,
    14,
    13,
    14,
    15,
    13,
    12,
    14,
    15,
    13,
    14,
    14,
)
BEGUN_AGAIN = (2, 2, 1, 3, 2, 1, 2, 3, 1, 2, 2, 2, 3, 1, 2, 2, 2, 1, 2, 2, 2, 1, 3, 2)
LEFT_CARE = (8, 6, 7, 9, 7, 8, 6, 7, 8, 7, 9, 6, 8, 7, 7, 8, 6, 9, 7, 8, 7, 8, 7, 8)
ADOPTED = (1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 2, 1, 1, 2, 1, 1, 1, 2, 1, 2, 2, 1)


def purple_book(dice: Dice) -> Iterator[Row]:
    """The rows of the Purple book."""
    sizes = [SIZES[team] for team in AREAS]
    for at, month in enumerate(MONTHS):
        plans = dice.share_out(CP_PLANS[at], sizes)
        for team, count in zip(AREAS, plans, strict=True):
            yield month, team, "Number of CP plans", count, None
            yield month, team, "CP plans per 10,000 children", count, CHILDREN[team]
        yield from _counts(dice, month, "CP plans open 2 years or more", OPEN_2_YEARS[at], plans)
        begun = dice.share_out(BEGUN[at], sizes)
        again = "Re-registrations (second or subsequent CP plans)"
        yield from _counts(dice, month, again, BEGUN_AGAIN[at], begun)
        left = dice.share_out(LEFT_CARE[at], sizes)
        yield from _counts(dice, month, "Children leaving care who are adopted", ADOPTED[at], left)
    for measure, series in SHARES.items():
        teams = TEAMS if measure in WITH_A_AND_A else AREAS
        for month, numerator, out_of in zip(
            MONTHS, series.numerators(), series.out_of, strict=True
        ):
            yield from _shared(dice, month, measure, numerator, out_of, teams)


def _counts(
    dice: Dice, month: dt.date, measure: str, total: int, out_of: Sequence[int]
) -> Iterator[Row]:
    """A few of many, shared out over the areas; those that had none are left out."""
    parts = dice.share_out(total, [float(n) for n in out_of], out_of)
    for team, part, whole in zip(AREAS, parts, out_of, strict=True):
        if whole:
            yield month, team, measure, part, whole


def _shared(
    dice: Dice, month: dt.date, measure: str, numerator: int, out_of: int, teams: Sequence[str]
) -> Iterator[Row]:
    """A share by team: of what is unwelcome, more goes to the weaker teams."""
    wholes = dice.share_out(out_of, [SIZES[team] for team in teams])
    weights = [whole * SHORT[team] for whole, team in zip(wholes, teams, strict=True)]
    few = 2 * numerator < out_of
    parts = dice.share_out(numerator if few else out_of - numerator, weights, wholes)
    for team, whole, part in zip(teams, wholes, parts, strict=True):
        yield month, team, measure, part if few else whole - part, whole
