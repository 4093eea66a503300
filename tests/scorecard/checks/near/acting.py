"""Actions that somebody does by a day, judgements that are whole, and texts without residue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import line
from tests.scorecard.checks.near.case import (
    NearMiss,
    NearMisses,
    Plant,
    added,
    all_of,
    changed,
    each_month,
    emptied,
    last_quarters_point,
    point,
)
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER

LATE = dt.date(2014, 2, 1)
SCORECARD_ACTIONS = "To get to GOOD, every social worker and ATM needs to focus on"


def only_action(**columns: Any) -> Plant:
    """KQI 2's one action of the quarter, written in another way."""
    return changed("Actions", line("2"), **columns)


def typed_on_the_scorecard(book: MemoryBook) -> None:
    emptied("Actions", line("2"))(book)
    refresh(book)
    book.lines["Scorecard"][1][SCORECARD_ACTIONS] = "Hold visits early."


def another_action(**columns: Any) -> Plant:
    row = line("7", Action="Hold supervision early.", Who="ATMs", Due=dt.date(2014, 6, 30))
    return added("Actions", **(row | columns))


def unless_needed(**blank: Value) -> list[NearMiss]:
    """Where a KQI is Green or the action is no longer open, it may lack who or when."""
    last = QUARTER.previous.label
    green = judged("7", RAG="Green")
    return [
        NearMiss("done", another_action(Status="Done", **blank)),
        NearMiss("done, in capitals", another_action(Status=" DONE ", **blank)),
        NearMiss("another quarter's", another_action(Quarter=last, **blank)),
        NearMiss("just Green", all_of(each_month("7", 90), another_action(**blank))),
        NearMiss(
            "judged Green", all_of(green, another_action(**blank)), also=("judged-otherwise",)
        ),
    ]


def judged(kqi: str, **columns: Any) -> Plant:
    row = line(kqi, Reason="Two audits.", By="A Director", Date=dt.date(2014, 4, 9))
    return added("Judgements", **(row | columns))


NEAR: NearMisses = {
    "no-action": [
        NearMiss("the quarter as 2013-14 Q4", only_action(Quarter="2013-14 Q4")),
        NearMiss("the quarter as q4 2013/14", only_action(Quarter="q4 2013/14")),
        NearMiss("the KQI as text", only_action(KQI=" 2 ")),
        NearMiss("the KQI as 2.0", only_action(KQI=2.0)),
        NearMiss("an action of one word", only_action(Action="Visit.")),
        NearMiss("an action that is done", only_action(Status="Done")),
        NearMiss("nothing but going on", only_action(Action="No change.")),
        NearMiss("a carried action", only_action(**{"Quarters open": 3})),
        NearMiss(
            "typed on the Scorecard",
            typed_on_the_scorecard,
            also=("no-due-date", "typed-in"),
        ),
    ],
    "no-who": [
        *unless_needed(Who=None),
        NearMiss("one letter", another_action(Who="A")),
        NearMiss("everybody", another_action(Who=" All ")),
        NearMiss("a number", another_action(Who=7)),
        NearMiss("a name to be confirmed", another_action(Who="Head of service (tbc)")),
    ],
    "no-due-date": [
        *unless_needed(Due=None),
        NearMiss("a date as text", another_action(Due="30 June 2014")),
        NearMiss("a date with slashes", another_action(Due="30/06/2014")),
        NearMiss("a date as in a file", another_action(Due="2014-06-30")),
        NearMiss("years ahead", another_action(Due=dt.date(2024, 6, 30))),
    ],
    "overdue": [
        NearMiss("due on the very day", another_action(Due=QUARTER.end)),
        NearMiss("due the day after", another_action(Due=QUARTER.end + dt.timedelta(1))),
        NearMiss("late and done", another_action(Due=LATE, Status="Done")),
        NearMiss("late and done, in lower case", another_action(Due=LATE, Status="done")),
        NearMiss(
            "late and another quarter's", another_action(Due=LATE, Quarter=QUARTER.previous.label)
        ),
        NearMiss("without a date", another_action(Due=None), also=("no-due-date",)),
    ],
    "judgement-incomplete": [
        NearMiss("only a RAG", judged("3", RAG="Amber")),
        NearMiss("a trend too", judged("3", RAG="Amber", Trend="Steady")),
        NearMiss("a RAG in lower case", judged("3", RAG="amber")),
        NearMiss("a RAG's letter", judged("3", RAG="A")),
        NearMiss("letter and arrow", judged("3", RAG="A >")),
        NearMiss("a reason of one word", judged("3", RAG="Amber", Reason="Audits")),
        NearMiss("a date as text", judged("3", RAG="Amber", Date="9 April 2014")),
        NearMiss("the quarter as 2013-14 Q4", judged("3", RAG="Amber", Quarter="2013-14 Q4")),
        NearMiss("another quarter's", judged("3", RAG="Amber", Reason=None, Quarter="Q3 2013-14")),
    ],
    "judged-otherwise": [
        NearMiss("the RAG proposed", judged("3", RAG="Amber")),
        NearMiss("the RAG proposed, in capitals", judged("3", RAG="AMBER")),
        NearMiss("the trend proposed, in lower case", judged("3", RAG="Amber", Trend="steady")),
        NearMiss("both as proposed", judged("3", RAG="Amber", Trend="Steady")),
        NearMiss("both as proposed, with an arrow", judged("3", RAG="A", Trend="►")),
        NearMiss("the number behind the arrow", judged("3", RAG="Amber", Trend=0)),
        NearMiss(
            "just Green, and judged so", all_of(each_month("3", 90), judged("3", RAG="Green"))
        ),
        NearMiss("another quarter's", judged("3", RAG="Red", Quarter="Q3 2013-14")),
        NearMiss(
            "incomplete, so it does not count",
            judged("3", RAG="Red", By=None),
            also=("judgement-incomplete",),
        ),
    ],
    "residue": [
        NearMiss("fewer than", point("5", "Assessments: fewer than 5 (<5) are late.")),
        NearMiss("less and greater", point("5", "Assessments < reviews > visits.")),
        NearMiss("an ampersand", point("5", "Assessments & reviews; Q&A held.")),
        NearMiss("a minus", point("5", "-5% fewer assessments.")),
        NearMiss("a dash inside", point("5", "Assessments - most of them - are done.")),
        NearMiss("two lines", point("5", "Assessments are done.\nSo is the rest.")),
        NearMiss("another quarter's", last_quarters_point("5", "• Assessments<br>done")),
    ],
    "identity": [
        NearMiss("a wrong check digit", point("5", "Assessments: call 999 000 0019.")),
        NearMiss("a telephone number", point("5", "Assessments: call 020 7946 0018.")),
        NearMiss("a sum of money", point("5", "Assessments cost £9990000018.")),
        NearMiss("a year of birth", point("5", "Assessments of those born in 2011.")),
        NearMiss("no date of birth", point("5", "DOB is missing on 12 assessments.")),
        NearMiss(
            "a guidance and its day", point("5", "Assessments: Statutory Guidance 1 April 2011.")
        ),
        NearMiss("a day of signing", point("5", "Assessments: Signed Off 03/02/2011.")),
        NearMiss(
            "a theme and its day", point("5", "Assessments: Child Sexual Exploitation, 3 May 2011.")
        ),
        NearMiss("a count of cases", point("5", "Assessments: case 26 of 2014.")),
        NearMiss(
            "the date of an inspection",
            point("5", "Assessments: Ofsted Inspection (12 March 2011)."),
        ),
        NearMiss("another quarter's", last_quarters_point("5", "Assessment of 999 000 0018.")),
    ],
}
