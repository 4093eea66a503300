from __future__ import annotations

import re
from pathlib import Path

import pytest

import kqi_workbook.export
from kqi_workbook.export import a3
from kqi_workbook.export.a3 import print_layout
from kqi_workbook.refreshing import Refreshed
from tests.export.boards import many_teams, refreshed, wordy

STYLE = Path(kqi_workbook.export.__file__).with_name("page.css").read_text(encoding="utf-8")


def test_little_to_say_is_printed_large() -> None:
    assert print_layout(refreshed().scorecard).size == a3.LARGEST


def test_the_more_there_is_to_say_the_smaller_it_is_printed(example: Refreshed) -> None:
    sizes = [print_layout(wordy(example.scorecard, times)).size for times in (0, 1)]
    assert a3.LARGEST > sizes[0] > sizes[1] >= a3.SMALLEST


def test_what_cannot_fit_is_printed_in_letters_that_can_be_read(example: Refreshed) -> None:
    assert print_layout(wordy(example.scorecard, 6)).size == a3.OVER_MORE_PAGES


@pytest.mark.parametrize(("teams", "columns"), [(1, 2), (8, 2), (9, 1), (12, 1)])
def test_many_teams_take_the_whole_width(example: Refreshed, teams: int, columns: int) -> None:
    assert print_layout(many_teams(example.scorecard, teams)).team_columns == columns


def test_few_measures_stand_in_one_column() -> None:
    assert print_layout(refreshed().scorecard).team_columns == 1


def test_the_columns_fill_the_width_within_the_style_sheets_margins_and_gutters() -> None:
    (margin,) = re.findall(r"size: A3 landscape; margin: ([\d.]+)mm", STYLE)
    (gutter,) = re.findall(r"--print-columns\); column-gap: ([\d.]+)mm", STYLE)
    width = sum(a3.COLUMNS.values()) + float(gutter) * (len(a3.COLUMNS) - 1)
    assert width == 420 - 2 * float(margin)
    assert a3.PAGE_HEIGHT == 297 - 2 * float(margin)
