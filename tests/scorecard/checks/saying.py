"""A council of one KQI, for what may and may not be said under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.contents import read_contents
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.build import build_scorecard, commentary_of
from kqi_workbook.scorecard.checks import CHECKS, Checked
from kqi_workbook.scorecard.definitions import define
from kqi_workbook.scorecard.fields import as_field
from kqi_workbook.scorecard.model import Finding
from kqi_workbook.scorecard.tables import Tables
from tests.scorecard.frames import data_table
from tests.support.memory_book import Line, MemoryBook
from tests.support.small_council import QUARTER, council, measure, months

PLANS = "Number of CP plans"
LONG = "CP plans open 2 years or more"
AGAIN = "Re-registrations (second or subsequent CP plans)"
WEEKS = "Weeks to conclude care cases"
REFERRALS = "Referrals"
URGENT = "CP cases needing immediate improvement (external audit)"

# measure: numerator and denominator last quarter and this quarter, of one team
FIGURES: dict[str, tuple[float, float | None, float, float | None]] = {
    PLANS: (153, None, 160, None),
    LONG: (5, 153, 8, 160),  # 3.3%, now 5.0%
    AGAIN: (2, 20, 6, 40),  # 10.0%, now 15.0%
    WEEKS: (649.8, 19, 372, 12),  # 34.2, now 31.0
    REFERRALS: (1234, None, 1100, None),
    URGENT: (1, None, 0, None),
}


def book(*points: str, last: Sequence[str] = (), **tables: Sequence[Line]) -> MemoryBook:
    """One KQI with the measures above, these points this quarter and those of the last."""
    count: Line = {"Calculation": "Count", "Unit": "", "Decimals": 0, "Key": "No"}
    count = {**count, "Good is": "Not judged", "Green from": None, "Amber from": None}
    weeks: Line = {"Calculation": "Average", "Unit": "weeks", "Good is": "Low", "Green to": 26}
    weeks = {**weeks, "Green from": None, "Amber from": None, "Key": "No"}
    kinds: dict[str, Line] = {
        PLANS: {**count, "Unit": "plans"},
        LONG: {},
        AGAIN: {"Key": "No", "Definition": "A child with 2 plans in the quarter counts once."},
        WEEKS: weeks,
        REFERRALS: count,
        URGENT: {**count, "Unit": "cases"},
    }
    lines: list[Line] = []
    for name, (was, out_of_then, now, out_of) in FIGURES.items():
        lines += [_line(name, QUARTER.previous.months[-1], was, out_of_then)]
        lines += [_line(name, QUARTER.months[-1], now, out_of)]
    changed: dict[str, Sequence[Line]] = {
        "KQIs": [{"KQI": 1, "Title": "Child Protection Plans"}],
        "Measures": [
            measure(name, "1", **{**kind, "Period": "End"}) for name, kind in kinds.items()
        ],
        "PurpleBook": lines,
        "Commentary": _commentary(points, last),
        "Actions": [{"Quarter": QUARTER.label, "KQI": 1, "Action": "Review.", "Who": "ATMs"}],
    }
    return council(**(changed | tables))


def found(code: str, *points: str, last: Sequence[str] = ()) -> list[Finding]:
    """What one check finds when these points are made; the figures are worked out once for all."""
    board, tables = _worked_out()
    said = data_table(layout.COMMENTARY, _commentary(points, last))
    tables = {**tables, layout.COMMENTARY.name: said}
    (row,) = board.rows
    shown = {r.measure.name: as_field(r.measure, r.now) for r in board.measures}
    row = replace(row, commentary=tuple(commentary_of(tables, QUARTER, shown).get("1", ())))
    return list(CHECKS[code](Checked(replace(board, rows=(row,)), tables, ())))


@cache
def _worked_out() -> tuple[Scorecard, Tables]:
    contents = read_contents(book())
    definitions, _ = define(contents.tables)
    return build_scorecard(definitions, contents.tables, QUARTER), contents.tables


def _commentary(points: Sequence[str], last: Sequence[str]) -> list[Line]:
    quarters = {QUARTER.label: points, QUARTER.previous.label: last}
    return [
        {"Quarter": quarter, "KQI": "1", "Point": text}
        for quarter, texts in quarters.items()
        for text in texts
    ]


def _line(name: str, month: Value, numerator: float, denominator: float | None) -> Line:
    return months(name, [numerator], denominator)[0] | {"Month": month}
