from __future__ import annotations

import pytest

from kqi_workbook.scorecard.nearest import slip_for


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Routine case audt", "Routine case audit"),
        ("Case audits", "Case audit"),
        ("Caseaudit", "Case audit"),
        ("Case-audit", "Case audit"),
        ("Poll  of parents", "Poll of parents"),
        ("Suprevision", "Supervision"),
        ("Case flies", "Case files"),
        ("Case sudit", "Case audit"),
        ("Survey 2014 of cares", "Survey 2014 of carers"),
    ],
)
def test_a_letter_or_a_space_is_a_slip(text: str, name: str) -> None:
    assert slip_for(text, ["Another", name]) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Internal audit", "External audit"),
        ("Poll of carers", "Poll of parents"),
        ("Female staff", "Male staff"),
        ("Care files", "Case files"),
        ("Survey Q3", "Survey Q4"),
        ("Survey 2013", "Survey 2014"),
        ("Poll A", "Poll B"),
        ("CP survey", "LAC survey"),
        ("Closed case audit", "Case audit"),
        ("", "Case audit"),
    ],
)
def test_another_word_or_number_is_another_name(text: str, name: str) -> None:
    assert slip_for(text, [name]) == ""
