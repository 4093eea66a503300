"""What the Trends sheet says of each measure."""

from __future__ import annotations

import pytest

from kqi_workbook.pages.trends import COLUMNS
from kqi_workbook.refreshing import refresh
from tests.support.memory_book import Line
from tests.support.small_council import PLANS, VISITS, council, months


@pytest.mark.parametrize(
    ("visits", "says"),
    [
        ([70] * 21 + [95] * 3, "up from 70.0%"),
        ([70] * 24, "no change"),
    ],
)
def test_a_trend_against_last_quarter_says_what_it_rests_on(visits: list[float], says: str) -> None:
    by_quarters: Line = {"Setting": "Trend method", "Value": "Quarter on quarter"}
    book = council(
        Settings=[*council().lines["Settings"], by_quarters],
        PurpleBook=[*months(PLANS, [70] * 24, None), *months(VISITS, visits, 100)],
    )
    refresh(book)
    lines = {row[1]: row for row in book.areas["Trends_grid"]}
    assert lines[VISITS][COLUMNS.index("What the figures say")] == says
