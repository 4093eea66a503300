"""Near misses in the tabs kept record by record, and in figures of what is kept there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from kqi_workbook.books.cells import Value
from tests.scorecard.checks.clean import add
from tests.scorecard.checks.near.case import NearMiss, NearMisses, Plant, added, all_of
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, QUARTER, TEAMS, measure, months

JAN, FEB, _ = QUARTER.months
FIRST_OF_THE_YEAR = MONTHS[-15]
MANY = 5
HELD = "Supervisions held"

Rows = Callable[[str, dt.date], int]
"""How many supervisions a team has in a month."""


def supervised(rows: Rows) -> Plant:
    """So many supervisions, each of them held on the day, and a measure of them."""

    def plant(book: MemoryBook) -> str:
        book.lines["Supervision"] += [
            {"Staff ref": f"{team} {staff}", "Team": team, "Due": month, "Held": month}
            for month in MONTHS
            for team in TEAMS
            for staff in range(rows(team, month))
        ]
        held = measure(HELD, "7", Source="Supervision", Calculation="Held")
        return add(book, "Measures", held, "Measure")

    return plant


def asked(*rows: dict[str, Value], calculation: str = "Reflective") -> Plant:
    """Supervisions due and held in January, but for what a row has otherwise, and a measure."""

    def plant(book: MemoryBook) -> None:
        held: dict[str, Value] = {"Team": "North", "Due": JAN, "Held": JAN}
        book.lines["Supervision"] += [
            held | {"Staff ref": f"S{i}"} | row for i, row in enumerate(rows)
        ]
        asks = measure("Supervision", "7", Source="Supervision", Calculation=calculation)
        add(book, "Measures", asks | {"Good is": "Not judged", "Key": "No"}, "Measure")

    return plant


def but_for(month: dt.date) -> Rows:
    return lambda team, at: MANY * (at != month)


def children(book: MemoryBook) -> None:
    """None of them is assessed in February."""
    assessed = {"Source": "Permanence", "Calculation": "Adoption assessments in time"}
    add(book, "Measures", measure("Assessed in time", "7", **assessed), "Measure")
    child = {"Team": "North", "Entered care": dt.date(2011, 5, 2)}
    for month in MONTHS:
        done = child | {"Assessment due": month, "Assessment done": month}
        for i in range(MANY * (month != FEB)):
            add(book, "Permanence", done | {"Child ref": f"{month} {i}"}, "Child ref")


def figures(of: str, until: dt.date = QUARTER.end) -> Plant:
    """Purple-book rows under a measure's name."""
    rows = [row for row in months(of, [85] * 24, 100) if str(row["Month"]) <= str(until)]
    return lambda book: book.lines["PurpleBook"].extend(rows)


def odd(source: str = "Purple book") -> Plant:
    return added("Measures", **measure("Odd", "2", Source=source))


def out_of_the_book(picks: str | None) -> Plant:
    """A source of KQI 2 in the Purple book."""
    row = {"KQI": 2, "Source": "FWi reports", "Expected": "Monthly", "Tab": "Purple book"}
    return added("Evidence", **row, **{"Filter value": picks})


EVERY = supervised(lambda team, month: MANY)

NEAR: NearMisses = {
    "records-missing": [
        NearMiss("rows in every month", EVERY),
        NearMiss(
            "a month with one row", supervised(lambda team, month: MANY if month != FEB else 1)
        ),
        NearMiss(
            "a month after a year with few rows in its first",
            supervised(lambda team, at: 2 if at == FIRST_OF_THE_YEAR else but_for(FEB)(team, at)),
        ),
        NearMiss(
            "a month in the first year",
            supervised(lambda team, at: but_for(FEB)(team, at) if at > FIRST_OF_THE_YEAR else 0),
        ),
        NearMiss("a month long ago", supervised(but_for(MONTHS[0]))),
        NearMiss(
            "a team with one row in the quarter",
            supervised(lambda team, month: MANY if team == "North" else month <= JAN),
        ),
        NearMiss(
            "a team that had three rows a quarter",
            supervised(lambda team, month: MANY if team == "North" else month < JAN),
        ),
        NearMiss(
            "nothing in the quarter, so no value",
            supervised(lambda team, month: MANY * (month < JAN)),
            also=("no-data",),
        ),
        NearMiss("children and no records", children),
    ],
    "unanswered": [
        NearMiss("every question answered", asked({"Reflective": "Yes"}, {"Reflective": "No"})),
        NearMiss("not held", asked({"Reflective": "Yes"}, {"Held": None})),
        NearMiss("due in another quarter", asked({"Reflective": "Yes"}, {"Due": MONTHS[-4]})),
        NearMiss("still to fall due", asked({"Reflective": "Yes"}, {"Due": QUARTER.next.start})),
        NearMiss("no measure that asks", asked({}, calculation="Held")),
    ],
    "other-source": [
        NearMiss("a measure of the Purple book", all_of(odd(), figures("Odd"))),
        NearMiss("its name in capitals", all_of(odd(), figures("ODD"))),
        NearMiss(
            "a source in the Purple book that picks its name",
            all_of(odd("FWi reports"), out_of_the_book("Odd"), figures("Odd")),
        ),
        NearMiss(
            "a source in the Purple book that picks all",
            all_of(odd("FWi reports"), out_of_the_book(None), figures("Odd")),
        ),
        NearMiss("figures of earlier quarters", all_of(EVERY, figures(HELD, QUARTER.previous.end))),
        NearMiss("no figures", EVERY),
        NearMiss(
            "a source in the Purple book beside the measure",
            all_of(EVERY, out_of_the_book(HELD), figures(HELD)),
        ),
    ],
}
