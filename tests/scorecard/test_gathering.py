"""Many findings of one kind in one column: the first one by one, the rest as one."""

from __future__ import annotations

import pytest

from kqi_workbook.scorecard.gathering import MOST_LISTED, gathered, listed
from kqi_workbook.scorecard.model import Finding, Place, Severity

MARCH = "2014-03-01"


def finding(
    cell: str, code: str = "no-who", severity: Severity = Severity.WARNING, what: str = ""
) -> Finding:
    return Finding(code, severity, what or f"{cell}.", "Do.", Place("Actions", cell), kqi="3")


def column(letter: str, count: int, first: int = 5) -> list[Finding]:
    return [finding(f"{letter}{row}") for row in range(first, first + count)]


def test_as_many_as_are_listed_are_left_as_they_are() -> None:
    assert gathered(column("D", MOST_LISTED)) == column("D", MOST_LISTED)


@pytest.mark.parametrize(
    ("more", "where", "cells"),
    [(1, "in row 25", "D25:D25"), (2, "in rows 25 to 26", "D25:D26")],
)
def test_those_beyond_are_one_finding_that_says_how_many_and_where(
    more: int, where: str, cells: str
) -> None:
    *first, rest = gathered(column("D", MOST_LISTED + more))
    assert first == column("D", MOST_LISTED)
    assert rest == Finding(
        "no-who",
        Severity.WARNING,
        f"Actions, column D: {more} more like the 20 that are listed, {where}.",
        "Put the listed ones right, and these in the same way.",
        Place("Actions", cells),
    )


def test_only_findings_of_one_kind_belong_together() -> None:
    many = [
        *column("D", MOST_LISTED),
        finding("E5"),
        finding("D99", code="overdue"),
        finding("D99", severity=Severity.ERROR),
    ]
    assert gathered(many) == many


def test_two_findings_of_one_cell_are_two() -> None:
    many = [finding("D5", what=f"Quotes {number}.") for number in range(MOST_LISTED + 3)]
    assert gathered(many)[-1].what == (
        "Actions, column D: 3 more like the 20 that are listed, in row 5."
    )


@pytest.mark.parametrize("cell", ["", "D5:D99"])
def test_findings_on_a_sheet_or_an_area_are_left_alone(cell: str) -> None:
    many = [finding(cell)] * (MOST_LISTED + 5)
    assert gathered(many) == many


def test_what_was_gathered_once_stays_so() -> None:
    once = gathered(column("D", 100))
    assert gathered(once) == once


def test_rows_that_are_not_listed_are_not_put_into_words() -> None:
    asked: list[int] = []

    def tell(row: int) -> Finding:
        asked.append(row)
        return finding(f"D{row}")

    rest = listed(range(5, 100_005), tell)[-1]
    assert asked == list(range(5, 5 + MOST_LISTED))
    assert "99,980 more" in rest.what
    assert rest.place == Place("Actions", "D25:D100004")


def test_no_rows_give_no_findings() -> None:
    assert listed([], lambda row: finding("D5")) == []
