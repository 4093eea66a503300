"""How a number is worked out: one function a calculation, in the one mapping ``CALCULATIONS``.

Each takes the rows of its data table and gives the same thing: a numerator and a denominator for
a month and a team, one line a row counted. Adding them up and dividing is the same for all and
lives in ``measures``. The Measures tab picks a calculation by its name; nothing from the workbook
is ever evaluated as code.

Tables without a Team column give ``""`` as the team: they speak for the whole authority only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.lines import (
    Lines,
    Seen,
    answered,
    days_between,
    fallen_due,
    lines_of,
    noughts,
    share,
    teams_of,
    yes,
)
from kqi_workbook.scorecard.model import Arithmetic, Range

WEEKS_26 = 26 * 7
"""Days within which care proceedings are to be concluded (Children and Families Act 2014, s14)."""

RESOLVE_IN = 20
"""Working days in which a challenge is to be resolved (IRO Handbook 2010, 6.2)."""

SECOND_REVIEW = 4
"""Months after entering care when the second review falls due: the first within 20 working days,
the second within three months of it (Care Planning Regulations 2010, reg. 33)."""

IN_ROUNDS = (layout.PURPLE_BOOK, layout.AUDITS, layout.SURVEYS, layout.FILE_CHECKS)
"""Tabs that are filled in rounds: a month without a row has not been filled yet. The others are
kept record by record: a month without a row is one in which there was nothing to count."""

SMALLEST = 10
"""No percentage is shown out of fewer answers, audits or groups than this."""


@dataclass(frozen=True)
class Calculation:
    """A named way to work out a measure from the rows of one data table.

    A percentage of fewer than ``smallest`` is not given. ``question`` is the column whose Yes it
    counts, of rows that may leave it blank.
    """

    table: layout.Table
    arithmetic: Arithmetic
    description: str
    monthly: Callable[[pd.DataFrame, Seen], Lines]
    smallest: int = 0
    question: str = ""

    @property
    def is_percentage(self) -> bool:
        """Whether its value is a share of 100, whatever a measure calls its unit."""
        return self.arithmetic is Arithmetic.PERCENTAGE

    @property
    def in_rounds(self) -> bool:
        """Whether a quarter ends with the last month that has data, and not with its last month."""
        return self.table in IN_ROUNDS

    @property
    def possible(self) -> Range:
        """The values that can occur: limits drawn beyond them would mislead."""
        return Range(0, 100 if self.is_percentage else None)


def as_entered(rows: pd.DataFrame, seen: Seen) -> Lines:
    """The Purple book's own numerators and denominators."""
    return lines_of(rows, rows["Month"], rows["Numerator"], rows["Denominator"])


def as_divided(rows: pd.DataFrame, seen: Seen) -> Lines:
    """The Purple book's rows that have both parts: half a fraction would falsify the total."""
    entered = as_entered(rows, seen)
    return entered.where(~np.isnan(entered.denominators))


def concluded_within_26_weeks(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Cases by the month of their final order: within 26 weeks of issue, out of all concluded."""
    done = rows[["Team", "Issued", "Final order"]].dropna()
    return share(done, "Final order", days_between(done, "Issued", "Final order") <= WEEKS_26)


def weeks_to_final_order(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Weeks from issue to final order, by the month of the final order."""
    done = rows[["Team", "Issued", "Final order"]].dropna()
    return lines_of(done, done["Final order"], days_between(done, "Issued", "Final order") / 7, 1.0)


def days_from_placement_order_to_match(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Days from placement order to match, by the month of the match."""
    done = rows[["Team", "Placement order", "Matched"]].dropna()
    return lines_of(done, done["Matched"], days_between(done, "Placement order", "Matched"), 1.0)


def days_since_placement_order(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Days that children still waiting had waited since placement order, at each month's end.

    The wait ends when a child is matched, placed or adopted, whichever of them is known first:
    an adoption by the child's own foster carers often has no match.
    """
    wanted = np.array(seen.months, "datetime64[M]")
    ends = (wanted + 1).astype("datetime64[D]") - 1
    reached = ends <= np.datetime64(seen.day)
    wanted, ends = wanted[reached], ends[reached]
    ordered, matched, placed, adopted = (
        rows[name].to_numpy().astype("datetime64[D]")
        for name in ("Placement order", "Matched", "Placed", "Adoption order")
    )
    over = np.fmin(np.fmin(matched, placed), adopted)  # a day that is not there ends nothing
    first, end = np.searchsorted(ends, ordered), np.searchsorted(ends, over)
    waited = (end - first).clip(0)  # at so many months' ends; no day sorts last
    child = np.repeat(np.arange(len(rows)), waited)  # a line a month a child
    month = np.arange(len(child)) - np.repeat(np.cumsum(waited) - waited - first, waited)
    since = (ends.take(month) - ordered.take(child)).astype(float)
    return Lines(wanted.take(month), teams_of(rows).take(child), since, np.ones(len(child)))


def adoption_assessments_in_time(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Adoption assessments done by the day due, out of those due, by the month due."""
    due = fallen_due(
        rows[["Team", "Assessment due", "Assessment done"]], "Assessment due", seen.day
    )
    return share(due, "Assessment due", due["Assessment done"] <= due["Assessment due"])


def plan_clear_at_second_review(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Second reviews that record the plan for permanency clearly, by the month they fall due."""
    known = rows[["Team", "Entered care", "Plan recorded at second review"]].dropna()
    due = known["Entered care"].to_numpy().astype("datetime64[M]") + SECOND_REVIEW
    return lines_of(known, due, yes(known["Plan recorded at second review"]), 1.0)


def adoption_orders(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Adoption orders made in the month, 0 in one without."""
    made = lines_of(rows, rows["Adoption order"], 1.0, np.nan)
    made = made.where(rows["Adoption order"].notna().to_numpy())
    events = ["Entered care", "Placement order", "Matched", "Placed", "Adoption order"]
    return made.beside(noughts(made, rows[events], seen.day))


def robust_challenges(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Robust challenges raised in the month, of those that say whether they were; 0 of none."""
    raised = lines_of(rows, rows["Raised"], yes(rows["Robust"]), np.nan)
    said = raised.where(rows["Robust"].notna().to_numpy())
    return said.beside(noughts(raised, rows[["Raised", "Resolved"]], seen.day))


def resolved_in_20_working_days(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Challenges resolved in time, by the month in which their 20 working days end.

    Weekends are left out, bank holidays are not.
    """
    raised = rows["Raised"].to_numpy().astype("datetime64[D]")
    due = np.busday_offset(raised, RESOLVE_IN, roll="backward").astype("datetime64[s]")
    over = fallen_due(rows.assign(Due=due), "Due", seen.day)
    return share(over, "Due", over["Resolved"] <= over["Due"])


def graded_good_or_better(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Audited cases graded Good or Outstanding."""
    return share(rows, "Date", rows["Grade"].isin(layout.GOOD_GRADES))


def needing_immediate_improvement(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Audited cases that needed immediate improvement."""
    return answered(rows, "Date", "Immediate improvement", np.nan)


def answers_positive(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Positive answers out of all answers to a survey's questions."""
    return lines_of(rows, rows["Month"], rows["Positive"], rows["Responses"])


def plans_smart(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Core Groups that found the plan SMART."""
    return answered(rows, "Date", "Plan SMART")


def parents_know(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Core Groups whose parents know what they need to do."""
    return answered(rows, "Date", "Parents know what to do")


def criteria_met(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Criteria met out of all criteria checked on the sampled files."""
    return answered(rows, "Month", "Met")


def held_by_due_date(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Supervisions held by the day they fell due, by the month due."""
    due = fallen_due(rows, "Due", seen.day)
    return share(due, "Due", due["Held"] <= due["Due"])


def held(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Supervisions held at all, out of those that fell due in the month."""
    due = fallen_due(rows, "Due", seen.day)
    return share(due, "Due", due["Held"].notna())


def reflective(rows: pd.DataFrame, seen: Seen) -> Lines:
    """Supervisions held whose record shows reflective discussion, out of those that say."""
    due = fallen_due(rows, "Due", seen.day)
    return answered(due[due["Held"].notna()], "Due", "Reflective")


_PERCENTAGE, _COUNT, _AVERAGE, _RATE = (
    Arithmetic.PERCENTAGE,
    Arithmetic.COUNT,
    Arithmetic.AVERAGE,
    Arithmetic.RATE,
)

CALCULATIONS: Mapping[str, Calculation] = {
    "Percentage": Calculation(
        layout.PURPLE_BOOK,
        _PERCENTAGE,
        "Numerators added up, out of denominators added up, times 100.",
        as_divided,
    ),
    "Count": Calculation(layout.PURPLE_BOOK, _COUNT, "Numerators added up.", as_entered),
    "Average": Calculation(
        layout.PURPLE_BOOK,
        _AVERAGE,
        "Numerators added up (days, weeks), divided by denominators added up (how many).",
        as_divided,
    ),
    "Rate per 10,000": Calculation(
        layout.PURPLE_BOOK,
        _RATE,
        "Numerators added up, for every 10,000 children: the denominators, or where they are "
        "blank the child population in Settings.",
        as_entered,
    ),
    "Concluded within 26 weeks": Calculation(
        layout.COURT,
        _PERCENTAGE,
        "Cases with a final order within 26 weeks of issue, out of all with a final order in "
        "the month.",
        concluded_within_26_weeks,
    ),
    "Weeks to final order": Calculation(
        layout.COURT,
        _AVERAGE,
        "Average weeks from issue to final order, of cases with a final order in the month.",
        weeks_to_final_order,
    ),
    "Days from placement order to match": Calculation(
        layout.PERMANENCE,
        _AVERAGE,
        "Average days from placement order to match, of children matched in the month.",
        days_from_placement_order_to_match,
    ),
    "Days since placement order": Calculation(
        layout.PERMANENCE,
        _AVERAGE,
        "Average days since placement order, of children neither matched, placed nor adopted at "
        "the month's end.",
        days_since_placement_order,
    ),
    "Adoption assessments in time": Calculation(
        layout.PERMANENCE,
        _PERCENTAGE,
        "Adoption assessments done by the day due, out of those due in the month.",
        adoption_assessments_in_time,
    ),
    "Plan clear at second review": Calculation(
        layout.PERMANENCE,
        _PERCENTAGE,
        "Children whose second review records the plan for permanency clearly, out of those "
        "whose answer is filled in, in the fourth month after they entered care.",
        plan_clear_at_second_review,
        question="Plan recorded at second review",
    ),
    "Adoption orders": Calculation(
        layout.PERMANENCE,
        _COUNT,
        "Adoption orders made in the month, 0 in a month without one.",
        adoption_orders,
    ),
    "Robust challenges": Calculation(
        layout.CHALLENGES,
        _COUNT,
        "Robust challenges raised in the month, 0 in a month without one.",
        robust_challenges,
        question="Robust",
    ),
    "Resolved in 20 working days": Calculation(
        layout.CHALLENGES,
        _PERCENTAGE,
        "Challenges resolved in 20 working days (weekends left out, bank holidays not), out of "
        "those whose 20 days end in the month.",
        resolved_in_20_working_days,
    ),
    "Graded good or better": Calculation(
        layout.AUDITS,
        _PERCENTAGE,
        f"Audited cases graded Good or Outstanding; not given below {SMALLEST} cases.",
        graded_good_or_better,
        SMALLEST,
    ),
    "Needing immediate improvement": Calculation(
        layout.AUDITS,
        _COUNT,
        "Audited cases that needed immediate improvement.",
        needing_immediate_improvement,
        question="Immediate improvement",
    ),
    "Answers positive": Calculation(
        layout.SURVEYS,
        _PERCENTAGE,
        f"Positive answers out of all answers; not given below {SMALLEST} answers.",
        answers_positive,
        SMALLEST,
    ),
    "Plans SMART": Calculation(
        layout.CORE_GROUPS,
        _PERCENTAGE,
        f"Core Groups that found the plan SMART; not given below {SMALLEST} groups.",
        plans_smart,
        SMALLEST,
    ),
    "Parents know what to do": Calculation(
        layout.CORE_GROUPS,
        _PERCENTAGE,
        f"Core Groups whose parents know what to do; not given below {SMALLEST} groups.",
        parents_know,
        SMALLEST,
        question="Parents know what to do",
    ),
    "Criteria met": Calculation(
        layout.FILE_CHECKS,
        _PERCENTAGE,
        "Criteria met, out of all criteria checked on the sampled files.",
        criteria_met,
    ),
    "Held by the due date": Calculation(
        layout.SUPERVISION,
        _PERCENTAGE,
        "Supervisions held by the day due, out of those due in the month.",
        held_by_due_date,
    ),
    "Held": Calculation(
        layout.SUPERVISION,
        _PERCENTAGE,
        "Supervisions held, in time or late, out of those due in the month.",
        held,
    ),
    "Reflective": Calculation(
        layout.SUPERVISION,
        _PERCENTAGE,
        "Supervisions whose record shows reflective discussion, out of those held whose answer is "
        "filled in.",
        reflective,
        question="Reflective",
    ),
}
