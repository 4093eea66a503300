from __future__ import annotations

import pytest

from kqi_workbook.pages.by_team import FIGURE_FILLS, cell
from kqi_workbook.pages.marks import number_or_text
from kqi_workbook.scorecard.model import RAG, Reading
from tests.scorecard.some import measure


@pytest.mark.parametrize(
    ("kqi", "written"),
    [("1", 1), ("10", 10), ("0", 0), ("01", "01"), ("3a", "3a"), ("3, 4", "3, 4"), ("²", "²")],
)
def test_a_kqis_number_is_written_as_what_it_is_read_back_as(kqi: str, written: int | str) -> None:
    assert number_or_text(kqi) == written


@pytest.mark.parametrize(
    ("text", "coloured"),
    [
        (cell(Reading(84.1), RAG.AMBER, measure()), 1),
        (cell(Reading(84.1), RAG.NOT_RATED, measure()), 0),
        ("A&A", 0),
        ("Reviews", 0),
        ("GOOD", 0),
    ],
)
def test_by_team_a_rated_figure_has_its_colour_and_a_name_has_none(
    text: str, coloured: int
) -> None:
    assert sum(text.startswith(fill.begins_with) for fill in FIGURE_FILLS) == coloured
