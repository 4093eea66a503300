"""The example's cases, children, challenges, supervisions and reports, all invented.

References only, no names. Shares come out exactly, by quarter; what is left to chance is when and
where.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from kqi_workbook.making.defaults import Row
from kqi_workbook.making.dice import Dice
from kqi_workbook.making.figures import AREAS, MONTHS, QUARTER, QUARTERS
from kqi_workbook.scorecard.quarters import months_to

DAY = dt.timedelta(days=1)
LAST_DAY = QUARTER.end

Rows = Iterator[Row]


@cache
def sentences(about: str) -> tuple[str, ...]:
    """The sentences of ``invented/sentences.csv`` about something."""
    source = files("kqi_workbook.making") / "invented" / "sentences.csv"
    rows = csv.reader(source.read_text(encoding="utf-8").splitlines())
    return tuple(sentence for what, sentence in rows if what == about)


def workday(dice: Dice, month: dt.date) -> dt.date:
    """A weekday of a month."""
    day = month.replace(day=dice.whole(3, 28))
    return day - DAY * max(day.weekday() - 4, 0)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The day so many weekdays later."""
    while count:
        day += DAY
        count -= day.weekday() < 5
    return day


# Of the 16 cases concluded in each quarter, those within 26 weeks.
CONCLUDED, WITHIN_26_WEEKS = (5, 5, 6), (5, 6, 6, 7, 8, 9, 10, 11)


def court(dice: Dice) -> Rows:
    """Care cases concluded over two years, and those still before the court."""
    case = 0
    for quarter, within in zip(QUARTERS, WITHIN_26_WEEKS, strict=True):
        quick = iter(dice.quota(within, sum(CONCLUDED)))
        for month, count in zip(quarter.months, CONCLUDED, strict=True):
            for _ in range(count):
                case += 1
                order = workday(dice, month)
                weeks = dice.whole(19, 25) if next(quick) else dice.whole(27, 44)
                issued = order - DAY * (7 * weeks + dice.whole(0, 6))
                yield f"CASE-{case:04}", dice.pick(AREAS), issued, order
    for month in months_to(LAST_DAY, 6):
        for _ in range(2):
            case += 1
            yield f"CASE-{case:04}", dice.pick(AREAS), workday(dice, month), None


# Children whose second review falls due in each month, and those whose plan it records clearly.
REVIEWED = (
    10,
    10,
    9,
    11,
    10,
    10,
    9,
    10,
    11,
    10,
    10,
    9,
    10,
    11,
    10,
    10,
    11,
    9,
    10,
    10,
    10,
    9,
    11,
    10,
)
CLEAR = (6, 5, 5, 7, 6, 5, 5, 6, 7, 5, 6, 5, 6, 6, 6, 6, 9, 7, 8, 9, 8, 8, 9, 8)
REVIEW_AFTER = 4  # months after entering care
ASSESSED_LATE = 28  # in a hundred adoption assessments
TRACKED_BEFORE = 3  # children a month with a plan of adoption who entered care earlier


def permanence(dice: Dice) -> Rows:
    """Children with a permanence plan, the earlier ones first."""
    entered = months_to(LAST_DAY, 51)
    reviewed = {
        months_to(month, REVIEW_AFTER + 1)[0]: (count, clear)
        for month, count, clear in zip(MONTHS, REVIEWED, CLEAR, strict=True)
    }
    child = 0
    for month in entered:
        later = month > max(reviewed)
        count, clear = reviewed.get(month, (10 if later else TRACKED_BEFORE, 0))
        answers = dice.quota(clear, count)
        for at in range(count):
            child += 1
            tracked = month < min(reviewed) or at % 4 == 0
            yield (
                f"CHILD-{child:04}",
                dice.pick(AREAS),
                (start := workday(dice, month)),
                *_adoption(dice, start, tracked),
                answers[at] if month in reviewed else None,
                _voice(dice, "child"),
                _voice(dice, "parent"),
            )


def _adoption(dice: Dice, entered: dt.date, tracked: bool) -> tuple[dt.date | None, ...]:
    """From the placement order to the assessment done, as the columns stand, if known yet."""
    if not tracked:
        return (None,) * 6
    ordered = entered + DAY * dice.whole(250, 320)
    matched = ordered + DAY * dice.whole(115, 215)
    placed = matched + DAY * dice.whole(21, 42)
    adopted = placed + DAY * dice.whole(150, 230)
    due = entered + DAY * dice.whole(130, 160)
    late = dice.whole(1, 100) <= ASSESSED_LATE
    done = due + DAY * dice.whole(5, 35) if late else due - DAY * dice.whole(0, 9)
    known = [day if day <= LAST_DAY else None for day in (ordered, matched, placed, adopted)]
    return (*known, due, done if done <= LAST_DAY else None)


def _voice(dice: Dice, whose: str) -> str | None:
    return dice.pick(sentences(f"{whose}'s voice")) if dice.whole(1, 10) <= 7 else None


RAISED, ROBUST = (5, 5, 4), (6, 6, 5, 5, 5, 4, 4, 3)
RESOLVED_IN_TIME = (10, 10, 11, 10, 11, 11, 11, 12)  # of 14


def challenges(dice: Dice) -> Rows:
    """Challenges by IROs."""
    for quarter, robust, in_time in zip(QUARTERS, ROBUST, RESOLVED_IN_TIME, strict=True):
        hard = iter(dice.quota(robust, sum(RAISED)))
        quick = iter(dice.quota(in_time, sum(RAISED)))
        for month, count in zip(quarter.months, RAISED, strict=True):
            for _ in range(count):
                raised = workday(dice, month)
                days = dice.whole(6, 19) if next(quick) else dice.whole(22, 35)
                resolved: dt.date | None = working_days_after(raised, days)
                if resolved is not None and resolved > LAST_DAY:
                    resolved = None
                theme = dice.pick(sentences("challenge"))
                yield raised, dice.pick(AREAS), theme, next(hard), resolved


STAFF: Mapping[str, int] = {"North": 9, "South": 8, "East": 9, "West": 10, "Central": 7, "A&A": 12}
# In a hundred that fall due in a month: held in time, held at all; reflective, of those held.
IN_TIME, HELD, REFLECTIVE = 84.4, 95.6, 82.6
_MOVES = (0.9, -1.4, 0.6, -0.8, 1.5, -0.5, 0.3, -1.2, 1.1, -0.4, 0.7, -1.0)


def supervision(dice: Dice) -> Rows:
    """Every supervision that fell due, four weeks after the last, staff member by staff member."""
    due = sorted(_due(dice), key=lambda one: (one[0], one[2]))
    by_month: dict[tuple[int, int], list[tuple[dt.date, str, str]]] = {}
    for one in due:
        by_month.setdefault((one[0].year, one[0].month), []).append(one)
    for at, month in enumerate(by_month.values()):
        count, move = len(month), _MOVES[at % len(_MOVES)]
        in_time = round(count * (IN_TIME + move) / 100)
        held = max(round(count * HELD / 100), in_time)
        fates = dice.shuffled([2] * in_time + [1] * (held - in_time) + [0] * (count - held))
        later = _MOVES[(at + 5) % len(_MOVES)]
        reflective = iter(dice.quota(round(held * (REFLECTIVE + later) / 100), held))
        for (day, team, ref), fate in zip(month, fates, strict=True):
            if not fate:
                yield ref, team, day, None, None
            else:
                on = day - DAY * dice.whole(0, 4) if fate == 2 else day + DAY * dice.whole(1, 12)
                yield ref, team, day, on, next(reflective)


def _due(dice: Dice) -> Iterator[tuple[dt.date, str, str]]:
    number = 0
    for team, count in STAFF.items():
        for _ in range(count):
            number += 1
            day = MONTHS[0] + DAY * dice.whole(0, 27)
            while day <= LAST_DAY:
                yield day, team, f"SW-{number:03}"
                day += DAY * 28


def reports(dice: Dice) -> Rows:
    """S&QA and ALM reports every quarter; QAPB had one in each but the last."""
    for at, quarter in enumerate(QUARTERS):
        presented = quarter.end - DAY * 12
        for report in ("S&QA report", "ALM report", "QAPB report"):
            if report == "QAPB report" and quarter == QUARTER:
                continue
            headlines = sentences(report)
            yield quarter.label, report, presented, headlines[at % len(headlines)]
