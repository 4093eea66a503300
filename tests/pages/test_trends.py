"""What the Trends sheet says of each measure."""

from __future__ import annotations

import pytest

from kqi_workbook.pages.trends import COLUMNS
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.quarters import months_to
from tests.support.memory_book import Line
from tests.support.small_council import PLANS, QUARTER, VISITS, council, measure, months


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


def test_a_charts_limits_are_drawn_as_far_as_a_percentage_goes() -> None:
    """Mean 99, mean moving range 2: 93.68 to 104.32. What the chart says goes before the change."""
    book = council(
        Measures=[measure(VISITS, "2, 1")], PurpleBook=months(VISITS, [98, 100] * 12, 100)
    )
    refresh(book)
    row = book.areas["Trends_grid"][1]
    says = (0, "no special cause", 99.0, 93.68, 100)
    assert row[: len(COLUMNS)] == ("2, 1", VISITS, "%", None, *says)
    assert row[-1] == 100.0
    title = "Exampleshire: Trends to the end of Quarter 4, January to March 2014"
    assert book.cells["Trends_title"] == title


def test_a_trend_is_judged_on_more_months_than_are_drawn_if_settings_say_so() -> None:
    row: Line = {"Team": "North", "Measure": VISITS, "Numerator": 70, "Denominator": 100}
    book = council(
        Settings=[*council().lines["Settings"], {"Setting": "Trend months", "Value": 36}],
        PurpleBook=[{**row, "Month": month} for month in months_to(QUARTER.end, 36)],
    )
    chart = refresh(book).scorecard.rows[1].measures[0].movement.chart
    assert chart is not None and len(chart.months) == 36
