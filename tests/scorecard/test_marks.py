from __future__ import annotations

import re
from pathlib import Path

import pytest

import kqi_workbook.export
from kqi_workbook.scorecard.marks import Mark, point_marks, quarter_mark
from kqi_workbook.scorecard.model import Limits
from tests.export.boards import UP_AT_THE_END, result
from tests.scorecard.some import HIGH, LOW, NOT_JUDGED, Q4

STYLE = Path(kqi_workbook.export.__file__).with_name("page.css").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("limits", "values", "expected"),
    [
        (HIGH, UP_AT_THE_END, Mark.IMPROVEMENT),
        (LOW, UP_AT_THE_END, Mark.CONCERN),
        (NOT_JUDGED, UP_AT_THE_END, Mark.NEUTRAL),
        (HIGH, [80.0, 81.0] * 12, Mark.CHANCE),
        (HIGH, [80.0, 81.0] * 5, None),
    ],
)
def test_a_quarter_is_marked_by_its_latest_special_cause(
    limits: Limits, values: list[float], expected: Mark | None
) -> None:
    assert quarter_mark(result(values, limits=limits), Q4) is expected


def test_a_special_cause_of_an_earlier_quarter_does_not_mark_this_one() -> None:
    early = result([89.0, *[80.0, 81.0] * 11, 80.0], limits=HIGH)
    assert point_marks(early)[0] is Mark.IMPROVEMENT
    assert quarter_mark(early, Q4) is Mark.CHANCE
    assert quarter_mark(early, Q4.next) is None


def test_only_the_marked_point_is_marked() -> None:
    marks = point_marks(result(UP_AT_THE_END, limits=HIGH))
    assert list(marks) == [Mark.CHANCE] * 23 + [Mark.IMPROVEMENT]


@pytest.mark.parametrize(
    ("mark", "colour"),
    [
        # NHSRplotthedots, ptd_spc_colours()
        (Mark.IMPROVEMENT, "#00b0f0"),
        (Mark.CONCERN, "#e46c0a"),
        (Mark.NEUTRAL, "#490092"),
        (Mark.CHANCE, "#a6a6a6"),
    ],
)
def test_marks_have_the_colours_of_making_data_count(mark: Mark, colour: str) -> None:
    assert f"#{mark.colour}".lower() == colour
    assert re.search(rf"^\.{mark.value} {{ fill: {colour};", STYLE, re.MULTILINE)


def test_no_mark_has_the_colour_of_a_rag_status() -> None:
    fills = set(re.findall(r"fill: (#\w+)", STYLE))
    assert fills.isdisjoint({"#c6efce", "#ffeb9c", "#ffc7ce"})
