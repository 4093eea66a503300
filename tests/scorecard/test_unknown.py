"""Names that their tab does not list: a slip, many rows of one name, and what has gone."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook import layout
from kqi_workbook.layout import Refers
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.gathering import MOST_LISTED
from kqi_workbook.scorecard.model import Finding, Place, Severity
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import resolve
from kqi_workbook.scorecard.unknown import FEW
from tests.scorecard.frames import FIRST_ROW, data_table
from tests.support.memory_book import Line, MemoryBook
from tests.support.small_council import QUARTER, VISITS, council, judgement

MARCH = dt.date(2014, 3, 1)


def told(*teams: str) -> list[Finding]:
    """What is said of rows of these teams, where Settings knows North alone."""
    lines = [{"Month": MARCH, "Team": team, "Measure": "m", "Numerator": 1} for team in teams]
    table, findings = resolve(data_table(layout.PURPLE_BOOK, lines), {Refers.TEAM: ["North"]})
    assert len(table.rows) == teams.count("North")
    return findings


def test_a_few_rows_are_told_one_by_one() -> None:
    findings = told(*["Nrth"] * FEW, "North")
    assert [found.place.cell for found in findings] == [f"B{FIRST_ROW + i}" for i in range(FEW)]
    assert findings[0].what == (
        f"Purple book, row {FIRST_ROW}, Team: found 'Nrth', which is not in the teams in Settings. "
        "The row was left out."
    )
    assert "did you mean 'North'?" in findings[0].todo


def test_many_rows_of_one_name_do_not_crowd_out_another() -> None:
    *many, slip = told(*["East"] * 50, "North", *["east"] * 50, "Nth")
    assert [(found.place, found.what) for found in many] == [
        (
            Place("Purple book", f"B{FIRST_ROW}:B{FIRST_ROW + 100}"),
            f"Purple book, rows {FIRST_ROW} to {FIRST_ROW + 100}, Team: found 'East' 100 times, "
            "which is not in the teams in Settings. The rows were left out.",
        )
    ]
    assert many[0].todo.endswith("A team that has gone stays there while its rows are to count.")
    assert slip.place == Place("Purple book", f"B{FIRST_ROW + 101}")


def test_many_rows_of_totals_are_to_be_deleted() -> None:
    (found,) = told(*["Total"] * 12)
    assert found.todo == "Delete the row, or name its team: totals are worked out from the teams."


def test_many_names_of_many_rows_are_no_longer_a_list() -> None:
    names = [f"S{number}" for number in range(MOST_LISTED + 30) for _ in range(FEW + 1)]
    assert len(told(*names)) == MOST_LISTED + MOST_LISTED + 1


def test_a_closed_team_is_not_taken_for_another_one() -> None:
    (found,) = told("South")
    assert found.todo == "Correct it, or add it to the teams in Settings."


def given_up() -> MemoryBook:
    """A quarter after one in which KQI 2 was on the scorecard."""
    book = council(Judgements=[judgement(KQI=2)])
    audit: Line = {"Audit": "Routine", "Team": "North", "KQI": 2, "Grade": "Good"}
    book.lines["Audits"] = [{**audit, "Date": MARCH} for _ in range(30)]
    refresh(book, QUARTER)
    book.lines["KQIs"] = [line for line in book.lines["KQIs"] if line["KQI"] != 2]
    book.lines["Measures"] = [line for line in book.lines["Measures"] if line["KQI"] != "2"]
    return book


def test_what_was_given_up_is_a_note_a_tab() -> None:
    findings = refresh(given_up(), QUARTER.next).findings
    notes = [found for found in findings if found.code.startswith("unknown")]
    assert {found.severity for found in notes} == {Severity.NOTE}
    assert [found.place.sheet for found in notes] == [
        *("Purple book", "Audits", "Commentary", "Actions", "Judgements")
    ]
    assert notes[0].what == (
        f"Purple book, rows 101 to 148, Measure: found '{VISITS}' 48 times, before this quarter. "
        "It is not in the Measures tab any more, so that was left out."
    )
    assert notes[-1].what.startswith("Judgements, row 5, KQI: found '2', before this quarter.")
    assert [note.place.cell for note in (notes[0], notes[-1])] == ["C101:C148", "B5"]


@pytest.mark.parametrize("quarter", [QUARTER, QUARTER.previous])
def test_what_is_said_of_this_quarter_is_not_given_up(quarter: Quarter) -> None:
    """A quarter refreshed again knows its KQIs by the tabs of today."""
    findings = refresh(given_up(), quarter).findings
    assert [found.severity for found in findings if found.code == "unknown-kqi"] == [
        *[Severity.WARNING] * 4
    ]
