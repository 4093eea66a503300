"""Commentary that is there, new, on the subject and at one with the figures."""

from __future__ import annotations

import datetime as dt

from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import REPORT, line, name
from tests.scorecard.checks.near.case import (
    NearMiss,
    NearMisses,
    Plant,
    all_of,
    another_measure,
    changed,
    each_month,
    emptied,
    last_quarters_point,
    point,
)
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, PLANS, QUARTER

LONG = "Conferences are held on the day that the parents can come to, as they had asked for."


def only_point(**columns: str | int | float) -> Plant:
    """KQI 1's one point of the quarter, written in another way."""
    return changed("Commentary", line("1"), **columns)


def typed_on_the_scorecard(book: MemoryBook) -> None:
    emptied("Commentary", line("1"))(book)
    refresh(book)
    book.lines["Scorecard"][0]["Commentary points this quarter"] = "Strategy meetings are steady."


def twice(text: str) -> Plant:
    return all_of(point("3", text), point("4", text))


def repeated(text: str, new: str | None = None) -> Plant:
    """Said under KQI 4 last quarter, and so or in other words this quarter."""
    return all_of(last_quarters_point("4", text), point("4", new or text))


def falling(*texts: str) -> Plant:
    """KQI 6 falls far below its lower control limit, and this is all that is said of it."""

    def fall(book: MemoryBook) -> None:
        for row in book.lines["PurpleBook"]:
            if (row["Month"], row["Measure"]) == (MONTHS[-1], name("6")):
                row["Numerator"] = 70

    return all_of(fall, *(point("6", text) for text in texts))


def assessments(
    month: dt.date, numerator: float | None, denominator: float = 100, team: str = ""
) -> Plant:
    """KQI 5's rows of a month, those of one team or of all; without a numerator they are gone."""

    def plant(book: MemoryBook) -> None:
        for row in book.lines["PurpleBook"]:
            if (row.get("Month"), row.get("Measure")) == (month, name("5")):
                if team in ("", row["Team"]):
                    row |= {"Numerator": numerator, "Denominator": denominator}
                    if numerator is None:
                        row.clear()

    return plant


def instead(kqi: str, text: str) -> Plant:
    return changed("Commentary", line(kqi), Point=text)


NEAR: NearMisses = {
    "no-commentary": [
        NearMiss("the quarter as 2013-14 Q4", only_point(Quarter="2013-14 Q4")),
        NearMiss("the quarter as q4 2013/14", only_point(Quarter="q4 2013/14")),
        NearMiss("the quarter among spaces", only_point(Quarter="  Q4  2013-14 ")),
        NearMiss("the KQI as text", only_point(KQI="1")),
        NearMiss("the KQI as 1.0", only_point(KQI=1.0)),
        NearMiss("the KQI among spaces", only_point(KQI=" 1 ")),
        NearMiss("a point of one word", only_point(Point="Meetings.")),
        NearMiss("nothing new", only_point(Point="Meetings: no change.")),
        NearMiss("a pointer", only_point(Point="See KQI 2."), also=("off-the-subject",)),
        NearMiss("a placeholder beside a point", point("1", "tbc")),
        NearMiss("only a field", only_point(Point=f"{{{PLANS}}}")),
        NearMiss("typed on the Scorecard", typed_on_the_scorecard, also=("typed-in",)),
    ],
    "same-as-last-quarter": [
        NearMiss(
            "said two quarters ago", all_of(last_quarters_point("4", LONG, 2), point("4", LONG))
        ),
        NearMiss("said of another KQI", all_of(last_quarters_point("3", LONG), point("4", LONG))),
        NearMiss("turned by a word", repeated(LONG, LONG.replace("are held", "are not held"))),
        NearMiss("half of it", repeated(LONG, "Conferences are held on the day.")),
        NearMiss("another figure", repeated("Conferences: 3 late.", "Conferences: 4 late.")),
        NearMiss("a field with another figure", repeated(f"Conferences: {{{name('4')}}}.")),
        NearMiss(
            "another word in a short sentence",
            repeated("Conferences end late.", "Conferences end early."),
        ),
    ],
    "said-twice": [
        NearMiss("a pointer", twice("See KQI 1.")),
        NearMiss("as above", twice("As above")),
        NearMiss(
            "said in another quarter", all_of(last_quarters_point("3", LONG), point("4", LONG))
        ),
        NearMiss(
            "another figure",
            all_of(point("3", "There were 3 late."), point("4", "There were 4 late.")),
        ),
        NearMiss(
            "another subject",
            all_of(point("3", "Reviews end late."), point("4", "Visits end late.")),
        ),
        NearMiss(
            "the other way", all_of(point("3", LONG), point("4", LONG.replace("are", "are not")))
        ),
        NearMiss("an action in the same words", point("3", "Plan Reviews ahead.")),
    ],
    "stale-figure": [
        NearMiss("this quarter's", point("5", "Assessments on time stand at 85.3%.")),
        NearMiss("the two compared", point("5", "Assessments on time are up from 84.7% to 85.3%.")),
        NearMiss(
            "said to be last quarter's", point("5", "Assessments stood at 84.7% last quarter.")
        ),
        NearMiss("last quarter by its number", point("5", "In Q3 assessments stood at 84.7%.")),
        NearMiss("the denominator of both", point("5", "There were 600 assessments.")),
        NearMiss("the one and now the other", point("5", "Assessments were 84.7%, now 85.3%.")),
        NearMiss("an arrow between them", point("5", "Assessments: 84.7% -> 85.3%.")),
        NearMiss("the old one in brackets", point("5", "Assessments: 85.3% (was 84.7%).")),
        NearMiss("so many up on it", point("5", "Assessments on time are up 4 on 508.")),
        NearMiss("a target", point("5", "The target for assessments is 84.7%.")),
        NearMiss("a number of something else", point("5", "Assessments cost £508 each.")),
        NearMiss("a field", point("5", f"Assessments stand at {{{name('5')}}}.")),
        NearMiss(
            "a team's of this quarter",
            all_of(
                assessments(QUARTER.months[0], 84, team="North"),
                point("5", "North stands at 84.7%."),
            ),
        ),
        NearMiss(
            "a month's of this quarter",
            all_of(
                assessments(QUARTER.months[1], 847, 1000),
                point("5", "Assessments on time were 84.7% in February."),
            ),
        ),
        NearMiss(
            "another measure's of this quarter",
            all_of(
                another_measure([*[85] * 21, 84, 86, 84]), point("2", "508 of them were on time.")
            ),
        ),
        NearMiss(
            "of a measure without a figure now",
            all_of(
                *(assessments(month, None) for month in QUARTER.months),
                point("5", "Assessments on time stand at 84.7%."),
            ),
            also=("no-data",),
        ),
    ],
    "against-the-arrow": [
        NearMiss("not improved", falling("Health checks have not improved.")),
        NearMiss("a need to improve", falling("Health checks need to improve.")),
        NearMiss("nothing improved", falling("Nothing has improved in health checks.")),
        NearMiss("little of it", falling("There is little improvement in health checks.")),
        NearMiss("still to come", falling("Better health checks are expected.")),
        NearMiss("needed, further on", falling("Improvement in health checks is needed.")),
        NearMiss("a board's name", falling("The Improvement Board looked at health checks.")),
        NearMiss("a plan to improve", falling("The improvement plan for health checks is out.")),
        NearMiss(
            "better here and worse there",
            falling("Health checks improved in North and got worse in South."),
        ),
        NearMiss("worse, as the arrow says", falling("Health checks have got worse.")),
        NearMiss(
            "better and worse in two points",
            falling("Health checks are better.", "Files are worse."),
        ),
        NearMiss("better under a steady arrow", point("6", "Health checks have improved.")),
        NearMiss(
            "better under a rising arrow",
            all_of(each_month("6", 99), point("6", "Health checks have improved.")),
        ),
    ],
    "off-the-subject": [
        NearMiss("another form of the word", instead("7", "Staff were supervised.")),
        NearMiss("in capitals", instead("7", "SUPERVISION HELD.")),
        NearMiss("only the figure", instead("7", "Now at 85.3%.")),
        NearMiss("only a field", instead("7", f"{{{name('7')}}}")),
        NearMiss("a source instead of a measure", instead("1", f"The {REPORT.lower()} is out.")),
        NearMiss("one point of two", point("7", "Caseloads are high.")),
    ],
    "unknown-field": [
        NearMiss("another case", point("5", "Assessments: {assessments ON TIME}.")),
        NearMiss("spaces inside", point("5", "Assessments: {  Assessments  on time }.")),
        NearMiss("a measure of another KQI", point("5", f"Assessments, and {{{PLANS}}}.")),
        NearMiss("one brace", point("5", "Assessments {on time.")),
        NearMiss("nothing in the braces", point("5", "Assessments {} on time.")),
        NearMiss("other brackets", point("5", "Assessments [Number of plan] (Number of plan).")),
        NearMiss(
            "last quarter's field", last_quarters_point("5", "Assessments: {Number of plan}.")
        ),
        NearMiss(
            "in an action", changed("Actions", line("5"), Action=f"Close some of {{{PLANS}}}.")
        ),
    ],
}
