from __future__ import annotations

import pytest

from kqi_workbook.scorecard.checks.quoted import quoted, says
from kqi_workbook.scorecard.model import Reading
from tests.scorecard.some import measure


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("153 & 5 with CPP for 2+years", ["153", "5", "2"]),
        ("3.3%, 3.3 per cent", ["3.3%", "3.3 per cent"]),
        ("one in ten; 5 of the 153; 5/153", ["one in ten", "5 of the 153", "5/153"]),
        ("1,234 and 1234.5", ["1,234", "1234.5"]),
        ("Twenty, nineteen (18).", ["Twenty", "nineteen", "18"]),
        ("153 in 2014", ["153"]),
        ("on 31 March 2014, Q4 2013-14, 31/03/2014, 2014", []),
        ("KQI 3, Quarter 4, section 47, S47, aged 14, A2, week 26", []),
        ("10-15%, 2nd, 10months, 3:10, £5, 4-weekly, 1.2.3", []),
        ("someone, none, tent, 1234x", []),
        ("KQI 1: 153 by the end of March", ["153"]),
    ],
)
def test_figures_are_told_from_dates_and_names(text: str, figures: list[str]) -> None:
    assert [figure.text for figure in quoted(text)] == figures


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", True),
        ("five", True),
        ("153", True),
        ("3.3%", True),
        ("3%", True),
        ("3.27%", False),  # written more exactly than it is shown
        ("3.30%", True),
        ("4%", False),
        ("3", False),  # a bare 3 is no 3.3%
        ("3.3", True),
        ("5 of 153", True),
        ("5 of 152", True),  # 3.3% as well
        ("1 in 30", True),
        ("1 in 20", False),
        ("6 of 153", False),
        ("3.3 weeks", False),
    ],
)
def test_what_says_5_of_153(text: str, said: bool) -> None:
    (figure,) = quoted(text)
    assert says(figure, measure(), Reading(3.3, 5, 153)) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("34.2 weeks", True),
        ("34 weeks", True),
        ("34 working weeks", True),
        ("34", True),
        ("34 days", False),
        ("34%", False),
        ("10 weeks", False),
        ("10", True),
    ],
)
def test_what_says_34_weeks_of_10_cases(text: str, said: bool) -> None:
    (figure,) = quoted(text)
    assert (
        says(figure, measure(calculation="Average", unit="weeks"), Reading(34.2, 342, 10)) is said
    )


def test_a_length_of_time_is_in_the_measures_last_word_whatever_its_case() -> None:
    (figure,) = quoted("152 days")
    waits = measure(calculation="Average", unit="Working Days")
    assert says(figure, waits, Reading(152.0, 1520, 10))


def test_nothing_says_a_value_that_is_not_there() -> None:
    (figure,) = quoted("5")
    assert not says(figure, measure(), Reading(None, 5, 8, "[c] fewer than 10"))
