"""Blocks of rows that were pasted twice."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import clean, codes
from tests.scorecard.checks.near.rows import core_groups


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([*range(3, 11)] * 2, ["rows 13 to 20"]),
        ([*range(3, 10), 20, *range(3, 10), 21], ["rows 13 to 19"]),
        ([3, 4, 5, 6, 7] * 3, ["rows 10 to 14", "rows 15 to 19"]),
        ([3, 4, 5, 3, 4] * 2, ["rows 10 to 14"]),
    ],
)
def test_a_block_pasted_twice_is_told_with_all_its_rows(days: list[int], told: list[str]) -> None:
    book = clean()
    core_groups(days)(book)
    found = refresh(book).findings
    assert [finding.what for finding in found] == [
        f"Core groups: {rows} say the same as those from row 5 on, one by one. All of them were "
        "counted."
        for rows in told
    ]


def test_a_block_with_a_row_that_was_left_out_is_told_by_the_rows_of_the_sheet() -> None:
    book = clean()
    core_groups([*range(3, 11)] * 2)(book)
    for row in (2, 10):
        book.lines["CoreGroups"][row]["Team"] = "Nrth"
    (found,) = (finding for finding in refresh(book).findings if finding.code == "pasted-twice")
    assert found.what.startswith("Core groups: rows 13 to 20 say the same as those from row 5 on")


def test_a_block_with_blank_cells_pasted_twice_is_told_too() -> None:
    book = clean()
    raised: dict[str, Value] = {"Team": "North", "Theme": "Drift", "Resolved": None}
    block = [raised | {"Raised": dt.date(2014, 3, day)} for day in range(3, 8)]
    book.lines["Challenges"] += [*block, *block]
    assert codes(refresh(book)) == ["pasted-twice"]
