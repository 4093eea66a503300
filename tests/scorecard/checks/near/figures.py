"""Measures and sources that have their data, benchmarks that fit, figures that stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kqi_workbook.books.cells import Value
from tests.scorecard.checks.clean import REPORT, SAMPLE, add, name
from tests.scorecard.checks.near.case import (
    NearMiss,
    NearMisses,
    Plant,
    added,
    all_of,
    another_measure,
    changed,
    each_month,
    emptied,
)
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, QUARTER, TEAMS

JANUARY = QUARTER.months[0]
UNLIMITED: dict[str, Value] = {"Green from": None, "Green to": None, "Amber from": None}
SPARE: dict[str, Value] = UNLIMITED | {"Key": "No", "Good is": "Not judged"}


def limited(**limits: Any) -> Plant:
    return another_measure(**(UNLIMITED | {"Key": "No"} | limits))


def without(**where: Any) -> Plant:
    """Rows of KQI 4's measure in the quarter that have these values are gone."""

    def plant(book: MemoryBook) -> None:
        wanted = {"Measure": name("4")} | where
        book.lines["PurpleBook"] = [
            row
            for row in book.lines["PurpleBook"]
            if any(row[column] != value for column, value in wanted.items())
            or row["Month"] not in QUARTER.months
        ]

    return plant


def stock(book: MemoryBook) -> None:
    """KQI 4's measure is that of the quarter's end."""
    changed("Measures", {"Measure": name("4")}, Period="End")(book)
    book.lines["History"].clear()  # as its figure of last quarter is another then


def entered(when: Sequence[dt.date], *teams: str) -> Plant:
    """A measure whose rows (those of some teams) are of these months alone."""

    def plant(book: MemoryBook) -> None:
        another_measure([85] * 24, **SPARE)(book)
        for row in book.lines["PurpleBook"]:
            if row["Measure"] == "Odd" and row["Team"] in (teams or TEAMS):
                if row["Month"] not in when:
                    row.clear()

    return plant


def spelt_otherwise(book: MemoryBook) -> None:
    for row in book.lines["PurpleBook"]:
        if row["Measure"] == name("4"):
            row["Measure"] = f" {name('4').upper()} "


def report(**columns: Any) -> Plant:
    return changed("Reports", {"Report": REPORT}, **columns)


def sampled(source: str, expected: str = "Monthly") -> Plant:
    """One file fewer in February, of a source of another name."""
    return all_of(
        changed("Evidence", {"Source": SAMPLE}, Source=source, Expected=expected),
        emptied("FileChecks", {"Month": QUARTER.months[1]}),
    )


def any_file(**columns: Any) -> Plant:
    row = {"Month": QUARTER.months[1], "Check": "Case files", "File ref": "F9", "Team": "North"}
    return added("FileChecks", **(row | {"Criterion": "Plan on file", "Met": "Yes"} | columns))


def report_of(what: str) -> Plant:
    return added("Reports", Quarter=QUARTER.label, Report=what)


def own_survey(book: MemoryBook) -> None:
    row = {"Month": MONTHS[-1], "Survey": "Poll", "Question": "Heard?", "Positive": 8}
    add(book, "Surveys", row | {"Responses": 9}, "Month")


def october(**columns: Any) -> Plant:
    month = QUARTER.previous.months[0]
    return changed("PurpleBook", {"Month": month, "Measure": name("7")}, **columns)


def corrected_both_ways(book: MemoryBook) -> None:
    """One case moves from South to North: October's sum stays what it was."""
    month = QUARTER.previous.months[0]
    for row in book.lines["PurpleBook"]:
        if (row["Month"], row["Measure"]) == (month, name("7")):
            row["Numerator"] = 85 if row["Team"] == "North" else 83


NEAR: NearMisses = {
    "no-data": [
        NearMiss("a value of nought", another_measure([0] * 24, **SPARE)),
        NearMiss("one team of two", without(Team="South"), also=("months-missing",)),
        NearMiss(
            "one month of three",
            all_of(*(without(Month=m) for m in QUARTER.months[:2])),
            also=("months-missing",),
        ),
        NearMiss("its name in capitals and spaces", spelt_otherwise),
        NearMiss(
            "a count without denominators",
            another_measure([5] * 24, None, Calculation="Count", **SPARE),
        ),
        NearMiss("no data before this quarter", another_measure([85] * 3)),
        NearMiss(
            "its tab is missing", lambda book: book.lines.pop("PurpleBook"), also=("missing-table",)
        ),
    ],
    "months-missing": [
        NearMiss("a stock without an earlier month", all_of(stock, without(Month=JANUARY))),
        NearMiss("a measure that is entered once a quarter", entered(MONTHS[2::3])),
        NearMiss("a measure that is entered in each quarter's first month", entered(MONTHS[::3])),
        NearMiss("a measure that began in February", entered(MONTHS[-2:])),
        NearMiss("a team that began in March", entered(MONTHS[-1:], "North")),
        NearMiss("a team that ended last summer", entered(MONTHS[:-7], "North")),
        NearMiss("a month long ago", entered((*MONTHS[:9], *MONTHS[10:]))),
        NearMiss("a value of nought", another_measure([0] * 24, **SPARE)),
        NearMiss("its name in capitals and spaces", spelt_otherwise),
    ],
    "no-evidence": [
        NearMiss("presented on the first day", report(Presented=QUARTER.start)),
        NearMiss("presented after the quarter", report(Presented=dt.date(2014, 4, 9))),
        NearMiss("presented, the day as text", report(Presented="20 March 2014")),
        NearMiss("its name in capitals", report(Report=REPORT.upper())),
        NearMiss("the quarter as 2013-14 Q4", report(Quarter="2013-14 Q4")),
        NearMiss(
            "months on other days",
            changed("FileChecks", {"Month": QUARTER.months[2]}, Month=QUARTER.end),
        ),
        NearMiss(
            "its tab is missing", lambda book: book.lines.pop("Reports"), also=("missing-table",)
        ),
    ],
    "small-sample": [
        NearMiss("one file more", any_file()),
        NearMiss(
            "another team's file", changed("FileChecks", {"Month": QUARTER.months[1]}, Team="South")
        ),
        NearMiss(
            "a file that failed", changed("FileChecks", {"Month": QUARTER.months[1]}, Met="No")
        ),
        NearMiss("a name without a number", sampled("Sample monthly check of case files")),
        NearMiss("a name without a sample", sampled("Check of 3 case files")),
        NearMiss("a number that counts the teams", sampled("Checks in 3 areas")),
        NearMiss("a year", sampled("Sample of case files 2014")),
        NearMiss("a share", sampled("Sample check of 10% of case files")),
        NearMiss("a sample in so many teams", sampled("Sample of case files in 3 teams")),
        NearMiss("a sample a quarter", sampled(SAMPLE, "Quarterly")),
    ],
    "mistyped": [
        NearMiss("its name in capitals", any_file(Check="CASE FILES")),
        NearMiss("staff's own check", any_file(Check="Foster homes")),
        NearMiss("a check of other files", any_file(Check="Staff files")),
        NearMiss("a name with one word more", any_file(Check="Closed case files")),
        NearMiss("a slip in another quarter", any_file(Check="Case flies", Month=MONTHS[-4])),
        NearMiss("a report that is not presented yet", report_of("Report of the bord")),
        NearMiss("staff's own survey", own_survey),
    ],
    "restated": [
        NearMiss("this quarter's figures", each_month("7", 87)),
        NearMiss("the same figure as text", october(Numerator="84")),
        NearMiss("the same figure with decimals", october(Numerator=84.0, Denominator=100.0)),
        NearMiss("the sum stays", corrected_both_ways),
        NearMiss("another day of the month", october(Month=dt.date(2013, 10, 31))),
        NearMiss("rows sorted", lambda book: book.lines["PurpleBook"].reverse()),
        NearMiss(
            "another limit", changed("Measures", {"Measure": name("7")}, **{"Green from": 95})
        ),
        NearMiss("no history", lambda book: book.lines["History"].clear()),
    ],
    "no-benchmark-source": [
        NearMiss("one letter", limited(**{"Green from": 90, "Benchmark source": "A"})),
        NearMiss("a year as a number", limited(**{"Green from": 90, "Benchmark source": 2014})),
        NearMiss("not judged", limited(**{"Good is": "Not judged", "Benchmark source": None})),
        NearMiss("no limits", limited(**{"Benchmark source": None}), also=("limits-do-not-fit",)),
        NearMiss(
            "not judged, with limits",
            limited(**{"Good is": "Not judged", "Green from": 90, "Benchmark source": None}),
        ),
        NearMiss("a source without limits", limited(), also=("limits-do-not-fit",)),
    ],
    "limits-do-not-fit": [
        NearMiss("high, with both limits", limited(**{"Green from": 80, "Green to": 100})),
        NearMiss(
            "low, with both limits", limited(**{"Good is": "Low", "Green from": 0, "Green to": 9})
        ),
        NearMiss("low, from nought", limited(**{"Good is": "Low", "Green to": 0, "Amber to": 10})),
        NearMiss("in range, open above", limited(**{"Good is": "In range", "Green from": 10})),
        NearMiss("in range, open below", limited(**{"Good is": "In range", "Green to": 10})),
        NearMiss("not judged and not Key", limited(**{"Good is": "Not judged"})),
        NearMiss("Green without Amber", limited(**{"Green from": 90})),
        NearMiss("Amber meets Green", limited(**{"Green from": 90, "Amber from": 90})),
        NearMiss(
            "in range, Amber above alone",
            limited(**{"Good is": "In range", "Green to": 15, "Amber to": 18}),
        ),
    ],
    "limits-out-of-scale": [
        NearMiss("all of them", limited(**{"Green from": 100, "Green to": 100})),
        NearMiss(
            "from nought",
            limited(**{"Green from": 0, "Green to": 100}),
            also=("limits-do-not-fit",),
        ),
        NearMiss("none at all", limited(**{"Good is": "Low", "Green to": 0})),
        NearMiss("low, of 0.5%", limited(**{"Good is": "Low", "Green to": 0.5})),
        NearMiss("low, to 1%", limited(**{"Good is": "Low", "Green to": 0.2, "Amber to": 1})),
        NearMiss("an average", limited(**{"Calculation": "Average", "Green from": 0.9})),
        NearMiss("a count", limited(**{"Calculation": "Count", "Green from": 900})),
        NearMiss("not judged", limited(**{"Good is": "Not judged", "Green from": 0.9})),
    ],
}
