from __future__ import annotations

import pytest

from kqi_workbook.scorecard.nearest import did_you_mean, nearest, slip_for


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Routine case audt", "Routine case audit"),
        ("Case audits", "Case audit"),
        ("Caseaudit", "Case audit"),
        ("Case-audit", "Case audit"),
        ("Poll  of parents", "Poll of parents"),
        ("Suprevision", "Supervision"),
        ("QABP report", "QAPB report"),
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
        ("CLA survey", "LAC survey"),
        ("CP survey", "LAC survey"),
        ("Closed case audit", "Case audit"),
        ("", "Case audit"),
        ("South", "North"),
        ("North East", "North West"),
        ("Adequate", "Inadequate"),
        ("Regular visits", "Irregular visits"),
    ],
)
def test_another_word_or_number_is_another_name(text: str, name: str) -> None:
    assert slip_for(text, [name]) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Adequate", "Inadequate"),
        ("not good", "Good"),
        ("Not improving", "Improving"),
        ("started", "Not started"),
        ("Non-attendance", "attendance"),
    ],
)
def test_an_opposite_is_never_what_was_meant(text: str, name: str) -> None:
    assert nearest(text, [name]) == ""
    assert nearest(text, [name, text[:-1]]) == text[:-1]


def test_a_text_that_is_like_a_name_and_no_slip_for_it_is_not_asked_about() -> None:
    assert did_you_mean("South", ["North"]) == " (did you mean 'North'?)"
    assert did_you_mean("South", ["North"], slip_for) == ""
    assert did_you_mean("Nroth", ["North"], slip_for) == " (did you mean 'North'?)"
