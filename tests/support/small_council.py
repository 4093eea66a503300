"""A small council's quarter: two KQIs, two teams, 24 months, everything filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from kqi_workbook.books.cells import Value
from kqi_workbook.scorecard.quarters import Quarter, months_to
from tests.support.memory_book import Line, MemoryBook

QUARTER = Quarter.parse("Q4 2013-14")
MONTHS = months_to(QUARTER.end, 24)
TEAMS = ("North", "South")
PLANS, VISITS, REVIEWS = "Number of CP plans", "CP visits on time", "CP reviews on time"


def measure(name: str, kqi: str, **changes: Value) -> dict[str, Value]:
    """A percentage out of the Purple book of which 90 or more is GOOD, with changes."""
    return {
        "KQI": kqi,
        "Measure": name,
        "Source": "Purple book",
        "Calculation": "Percentage",
        "Unit": "%",
        "Period": "Total",
        "Good is": "High",
        "Green from": 90,
        "Amber from": 80,
        "Key": "Yes",
        "Benchmark source": "Local default",
        **changes,
    }


def months(
    name: str, numerators: Sequence[float], denominator: float | None
) -> list[dict[str, Value]]:
    """A Purple-book measure's lines, each numerator once a team, to the quarter's last month."""
    return [
        {
            "Month": month,
            "Team": team,
            "Measure": name,
            "Numerator": numerator,
            "Denominator": denominator,
        }
        for month, numerator in zip(MONTHS[-len(numerators) :], numerators, strict=True)
        for team in TEAMS
    ]


def judgement(**changes: Value) -> Line:
    """What a director judges of KQI 1, complete, with changes."""
    return {
        "Quarter": QUARTER.label,
        "KQI": 1,
        "RAG": "Red",
        "Reason": "Two audits.",
        "By": "A Director",
        "Date": dt.date(2014, 4, 9),
        **changes,
    }


def council(**changes: Sequence[Line]) -> MemoryBook:
    """The council's workbook, with the lines of some tables changed."""
    quarter = QUARTER.label
    alternating = [84, 86] * 12
    lines: dict[str, Sequence[Line]] = {
        "Settings": [
            {"Setting": "Council", "Value": "Exampleshire"},
            {"Setting": "Quarter", "Value": quarter},
            *({"Setting": "Team", "Value": team} for team in TEAMS),
        ],
        "KQIs": [{"KQI": 1, "Title": "Plans"}, {"KQI": 2, "Title": "Visits"}],
        "Measures": [
            measure(PLANS, "1", Calculation="Count", Unit="plans", Period="End", Decimals=0)
            | {"Good is": "Not judged", "Green from": None, "Amber from": None, "Key": "No"},
            measure(REVIEWS, "1"),
            measure(VISITS, "2"),
        ],
        "PurpleBook": [
            *months(PLANS, [70, 72] * 12, None),
            *months(REVIEWS, alternating, 100),
            *months(VISITS, alternating, 100),
        ],
        "Commentary": [
            _line(quarter, 1, Point="Reviews on time are steady.", Author="A Author"),
            _line(quarter, 2, Point="Visits on time are steady.", Author="A Author"),
        ],
        "Actions": [
            _line(quarter, 1, Action="Hold reviews early.", Who="ATMs", Due=dt.date(2014, 6, 30)),
            _line(quarter, 2, Action="Plan visits ahead.", Who="ATMs", Due=dt.date(2014, 6, 30)),
        ],
    }
    return MemoryBook(lines | changes)


def _line(quarter: str, kqi: int, **columns: Value) -> Mapping[str, Value]:
    return {"Quarter": quarter, "KQI": kqi, **columns}
