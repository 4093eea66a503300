"""Data rows at the edge of what can be right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kqi_workbook.books.cells import Value
from tests.scorecard.checks.clean import REPORT, name
from tests.scorecard.checks.near.case import (
    NearMiss,
    NearMisses,
    Plant,
    added,
    all_of,
    another_measure,
    changed,
)
from tests.support.small_council import PLANS, QUARTER

JANUARY = QUARTER.months[0]
SPARE: dict[str, Value] = {"Key": "No", "Good is": "Not judged", "Green from": None}
SPARE |= {"Amber from": None}


def visits(**columns: Any) -> Plant:
    """Visits of North in January, 84 of 100 before."""
    return changed("PurpleBook", {"Month": JANUARY, "Measure": name("2")}, **columns)


def plans(**columns: Any) -> Plant:
    """A count: the plans of North in January."""
    return changed("PurpleBook", {"Month": JANUARY, "Measure": PLANS}, **columns)


def core_groups(days: Sequence[int]) -> Plant:
    """A Core Group on each of these days of March, all of which said the same."""
    said: dict[str, Value] = {"Team": "North", "Plan SMART": "Yes", "Parents know what to do": "No"}
    return all_of(*(added("CoreGroups", Date=dt.date(2014, 3, day), **said) for day in days))


def late_row(month: Value) -> Plant:
    row = {"Month": month, "Team": "North", "Measure": PLANS, "Numerator": 70}
    return added("PurpleBook", **row)


def survey(**columns: Any) -> Plant:
    row: dict[str, Value] = {"Month": JANUARY, "Team": "North", "Survey": "Poll"}
    row |= {"Asked of": "Parents", "Question": "Heard?", "Positive": 8, "Responses": 8}
    return added("Surveys", **(row | columns))


def worked_out(calculation: str, numerator: float, denominator: float | None) -> Plant:
    return another_measure([numerator] * 24, denominator, Calculation=calculation, **SPARE)


def file_check(**columns: Any) -> Plant:
    row: dict[str, Value] = {"Month": JANUARY, "Check": "Case files", "File ref": "F1"}
    row |= {"Team": "North", "Criterion": "Plan on file", "Met": "Yes"}
    return added("FileChecks", **(row | columns))


def child(**days: dt.date) -> Plant:
    """A child who came into care in May 2012, and what became of it."""
    row: dict[str, Value] = {"Child ref": "C1", "Team": "North"}
    row |= {"Entered care": dt.date(2012, 5, 1)}
    return added("Permanence", **(row | {name.replace("_", " "): d for name, d in days.items()}))


def challenge(raised: dt.date, resolved: dt.date | None) -> Plant:
    return added("Challenges", Raised=raised, Team="North", Resolved=resolved)


def supervision(due: dt.date, held: dt.date | None) -> Plant:
    row: dict[str, Value] = {"Staff ref": "S1", "Team": "North", "Due": due, "Held": held}
    return added("Supervision", **row)


def case(issued: dt.date, final_order: dt.date | None) -> Plant:
    row: dict[str, Value] = {"Case ref": "A1", "Team": "North", "Issued": issued}
    return added("Court", **row, **{"Final order": final_order})


def words_of(quarter: str) -> Plant:
    """A commentary point, an action and a judgement of a quarter."""
    row: dict[str, Value] = {"Quarter": quarter, "KQI": 3}
    judged = row | {"RAG": "Amber", "Reason": "Two audits.", "By": "A Director", "Date": JANUARY}
    return all_of(
        added("Commentary", **row, Point="Two audits are awaited."),
        added("Actions", **row, Action="Await two audits.", Who="ATMs", Due=dt.date(2014, 6, 30)),
        added("Judgements", **judged),
    )


def report_of(quarter: str) -> Plant:
    return added("Reports", Quarter=quarter, Report=REPORT, Presented=QUARTER.end)


DAY = dt.date(2013, 9, 10)
YEARS_BACK = [f"Q4 {year}-{year % 100 + 1:02}" for year in range(2003, 2012)]

NEAR: NearMisses = {
    "month-off-file": [
        NearMiss("a day within the month", visits(Month=dt.date(2014, 1, 31))),
        NearMiss("a month as text", visits(Month="Jan 2014")),
        NearMiss(
            "the quarter's last day",
            changed("PurpleBook", {"Month": QUARTER.months[2]}, Month=QUARTER.end),
        ),
        NearMiss("next month", late_row(dt.date(2014, 4, 1))),
        NearMiss("three months ahead", late_row(dt.date(2014, 6, 30))),
        NearMiss("the month before the first", late_row(dt.date(2012, 3, 1))),
        NearMiss("a year before the first", late_row(dt.date(2011, 4, 1))),
        NearMiss(
            "a child who came into care long ago",
            added(
                "Permanence",
                **{"Child ref": "C1", "Team": "North", "Entered care": dt.date(1999, 1, 9)},
            ),
        ),
    ],
    "quarter-off-file": [
        NearMiss("the next quarter's", words_of("Q1 2014-15")),
        NearMiss("the first on file", words_of("Q1 2012-13")),
        NearMiss("a year before the first", words_of("Q1 2011-12")),
        NearMiss("words of every year before", all_of(*map(words_of, YEARS_BACK))),
        NearMiss("written otherwise", words_of("2013/14 qtr 3")),
        NearMiss("a report of the next quarter", report_of("Q1 2014-15")),
        NearMiss(
            "two ahead, where data tell of the next",
            all_of(late_row(QUARTER.next.start), late_row(QUARTER.plus(2).start)),
        ),
    ],
    "unlikely-date": [
        NearMiss("a child of 17", child(Entered_care=dt.date(1996, 5, 1))),
        NearMiss("an assessment due next year", child(Assessment_due=dt.date(2015, 3, 31))),
        NearMiss("a challenge resolved in autumn", challenge(JANUARY, dt.date(2014, 10, 1))),
        NearMiss("a long case", case(dt.date(2009, 1, 5), DAY)),
        NearMiss("a case that goes on", case(DAY, None)),
        NearMiss("a supervision that was not held", supervision(DAY, None)),
        NearMiss("a report not dated", added("Reports", Quarter="Q3 2013-14", Report=REPORT)),
    ],
    "dates-out-of-order": [
        NearMiss("all on one day", child(Placement_order=DAY, Matched=DAY, Placed=DAY)),
        NearMiss("a match without a placement order", child(Matched=DAY)),
        NearMiss("early permanence", child(Placed=dt.date(2013, 5, 1), Placement_order=DAY)),
        NearMiss("placed before the match", child(Placed=dt.date(2013, 5, 1), Matched=DAY)),
        NearMiss("an assessment done early", child(Assessment_done=JANUARY, Assessment_due=DAY)),
        NearMiss("a challenge resolved at once", challenge(DAY, DAY)),
        NearMiss("a final order on the day of issue", case(DAY, DAY)),
        NearMiss("a supervision held early", supervision(DAY, dt.date(2013, 7, 1))),
        NearMiss("a supervision held late", supervision(DAY, JANUARY)),
    ],
    "negative": [
        NearMiss("nought", visits(Numerator=0)),
        NearMiss("minus nought", plans(Numerator=-0.0)),
        NearMiss("nought as text", plans(Numerator="0")),
        NearMiss("nought of nought", visits(Numerator=0, Denominator=0)),
        NearMiss("less than one", plans(Numerator=0.5)),
        NearMiss("a survey without answers", survey(Positive=0, Responses=0)),
        NearMiss("a blank denominator of a count", plans(Denominator=None, Numerator=1)),
    ],
    "above-denominator": [
        NearMiss("a percentage of 100", visits(Numerator=100)),
        NearMiss("100 as text", visits(Numerator="100", Denominator="100")),
        NearMiss("just below", visits(Numerator=99.5)),
        NearMiss("a survey that all answered well", survey()),
        NearMiss("an average above one", worked_out("Average", 342, 10)),
        NearMiss("a count above its denominator", worked_out("Count", 9, 2)),
        NearMiss("nought of nought", visits(Numerator=0, Denominator=0)),
    ],
    "share-typed": [
        NearMiss("one", visits(Numerator=1)),
        NearMiss("nought", visits(Numerator=0)),
        NearMiss("one and a half", visits(Numerator=1.5)),
        NearMiss("half of one", visits(Numerator=0.5, Denominator=1)),
        NearMiss("an average below one", worked_out("Average", 0.5, 10)),
        NearMiss("a count below one", plans(Numerator=0.5)),
        NearMiss(
            "posts filled, in parts", another_measure([2.5, 0.5] * 12, 4, **SPARE, Unit="posts")
        ),
        NearMiss("one answer of many", survey(Positive=1, Responses=40)),
    ],
    "no-denominator": [
        NearMiss("a count", worked_out("Count", 9, None)),
        NearMiss("nought of nought", visits(Numerator=0, Denominator=0)),
        NearMiss("a denominator as text", visits(Denominator="100")),
        NearMiss("an average of one case", worked_out("Average", 30, 1)),
        NearMiss("an average of nothing at all", worked_out("Average", 0, 0), also=("no-data",)),
        NearMiss("a denominator below one", worked_out("Average", 30, 0.5)),
        NearMiss("a blank row of the tab", added("PurpleBook", Month=None)),
    ],
    "repeated-row": [
        NearMiss("the next month", late_row(QUARTER.next.months[0])),
        NearMiss("another file", file_check(**{"File ref": "F9"})),
        NearMiss("another criterion", file_check(Criterion="Chronology")),
        NearMiss(
            "another case and another month",
            file_check(**{"File ref": "f1", "Month": dt.date(2013, 12, 1)}),
        ),
        NearMiss(
            "the report of another quarter", added("Reports", Quarter="Q3 2013-14", Report=REPORT)
        ),
        NearMiss("another who was asked", all_of(survey(), survey(**{"Asked of": "Carers"}))),
        NearMiss("the same figures of another measure", another_measure([84, 86] * 12)),
    ],
    "pasted-twice": [
        NearMiss("four of them again", core_groups([3, 4, 5, 6, 3, 4, 5, 6])),
        NearMiss("the same group many times on one day", core_groups([3] * 12)),
        NearMiss("ten in a row, each its own", core_groups(range(3, 13))),
        NearMiss("two days in turn", core_groups([3, 4] * 6)),
        NearMiss("all of them again in another order", core_groups([3, 4, 5, 6, 7, 7, 6, 5, 4, 3])),
    ],
}
