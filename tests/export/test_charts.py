from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from kqi_workbook.export.charts import CONTROL_CHART, GAP, Chart, control_chart, sparkline
from kqi_workbook.scorecard.marks import Mark
from kqi_workbook.scorecard.model import GoodIs, Limits, Range
from tests.export.boards import UP_AT_THE_END, result
from tests.scorecard.some import HIGH, IN_RANGE, NOT_JUDGED


def drawn(values: Sequence[float | None], **changes: Any) -> Chart:
    chart = control_chart(result(values, **changes))
    assert chart is not None
    return chart


def heights(chart: Chart, kind: str) -> list[float]:
    return [level.y for level in chart.levels if level.kind == kind]


def test_everything_lies_within_the_frame() -> None:
    chart = drawn(UP_AT_THE_END, limits=HIGH)
    frame = chart.frame
    for point in chart.points:
        assert frame.left <= point.x <= frame.width - frame.right
        assert frame.top <= point.y <= frame.height - frame.bottom
    for level in chart.levels:
        assert frame.top <= level.y <= frame.height - frame.bottom
        assert 0 < level.at <= frame.height
    xs = [point.x for point in chart.points]
    assert (xs[0], xs[-1]) == (frame.left, frame.width - frame.right)
    assert xs == sorted(xs)


def test_higher_values_are_drawn_higher() -> None:
    chart = drawn([80.0, 81.0] * 12)
    low, high = chart.points[0], chart.points[1]
    (mean,) = heights(chart, "mean")
    assert high.y < mean < low.y
    assert mean == pytest.approx((high.y + low.y) / 2, abs=0.1)


def test_the_lines_are_the_mean_the_limits_and_good() -> None:
    labels = [level.label for level in drawn([80.0, 81.0] * 12, limits=HIGH).levels]
    assert labels == ["GOOD 90%", "83.2%", "mean 80.5%", "77.8%"]  # 80.5 +/- 2.66
    between = drawn([12.0, 13.0] * 12, limits=IN_RANGE).levels
    assert [level.label for level in between if level.kind == "good"] == ["GOOD 15%", "GOOD 10%"]
    assert heights(drawn([80.0, 81.0] * 12, limits=NOT_JUDGED), "good") == []


def test_limits_are_not_drawn_beyond_what_can_be() -> None:
    near_100 = drawn([99.0, 95.0] * 12, limits=NOT_JUDGED).levels
    assert near_100[0].label == "100.0%"  # as calculated: 97 + 2.66 x 4
    near_0 = drawn([0.0, 4.0] * 12, limits=NOT_JUDGED, unit="plans", decimals=0).levels
    assert [level.label for level in near_0] == ["13", "mean 2", "0"]


@pytest.mark.parametrize("good", [83.2, 83.1, 80.5, 77.9])
def test_no_label_covers_another(good: float) -> None:
    limits = Limits(GoodIs.HIGH, green=Range(low=good))
    at = [level.at for level in drawn([80.0, 81.0] * 12, limits=limits).levels]
    assert all(b - a >= GAP - 0.11 for a, b in pairwise(at))
    assert at[-1] <= CONTROL_CHART.height


def test_a_flat_series_is_drawn_in_the_middle() -> None:
    chart = drawn([80.0] * 12, limits=NOT_JUDGED)
    (y,) = {point.y for point in chart.points}
    assert CONTROL_CHART.top < y < CONTROL_CHART.height - CONTROL_CHART.bottom
    assert "Common cause: no significant change." in chart.words


def test_a_missing_month_breaks_the_line_and_keeps_its_place() -> None:
    chart = drawn([*[80.0, 81.0] * 6, None, *[80.0, 81.0] * 5, 80.0])
    assert [len(line.split()) for line in chart.lines] == [12, 11]
    steps = [b.x - a.x for a, b in pairwise(chart.points)]
    assert steps[11] == pytest.approx(2 * steps[0], abs=0.3)


def test_too_few_months_make_no_control_chart_but_a_sparkline() -> None:
    few = result([80.0, 81.0, 82.0])
    assert control_chart(few) is None
    line = sparkline(few)
    assert line is not None and line.levels == ()
    assert sparkline(result([80.0])) is None
    assert sparkline(result([None, None])) is None


def test_a_sparkline_shows_special_causes_lone_months_and_the_last() -> None:
    line = sparkline(result(UP_AT_THE_END, limits=HIGH))
    assert line is not None and [point.mark for point in line.points] == [Mark.IMPROVEMENT]
    quarterly = sparkline(result([80.0, None, None, 81.0, None, None, 82.0]))
    assert quarterly is not None and len(quarterly.points) == 3


def test_the_words_say_what_the_picture_shows() -> None:
    assert drawn(UP_AT_THE_END, limits=HIGH).words == (
        "CP visits on time, Apr 2012 to Mar 2014: from 80.0% to 89.0%, lowest 80.0%, "
        "highest 89.0%. Mean 80.9%, control limits 77.5% to 84.2%. "
        "Special cause: improvement at 1 point, the last in Mar 2014 (above the upper limit). "
        "GOOD is 90% or more."
    )
    few = sparkline(result([1.0, 2.0], unit="plans", decimals=0, limits=NOT_JUDGED))
    assert few is not None and few.words == (
        "CP visits on time, Feb 2014 to Mar 2014: from 1 plan to 2 plans, lowest 1 plan, "
        "highest 2 plans."
    )
