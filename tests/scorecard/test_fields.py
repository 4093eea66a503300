from __future__ import annotations

import pytest

from kqi_workbook.scorecard.fields import as_field, fields, fill, filled
from kqi_workbook.scorecard.model import Reading
from tests.scorecard.some import measure, share

FIGURES = {"Number of CP plans": "153 plans", "CP visits on time": "84.1%"}


@pytest.mark.parametrize(
    ("typed", "filled"),
    [
        ("Now {Number of CP plans}.", "Now 153 plans."),
        ("{number of cp PLANS}, {  CP  visits on time }", "153 plans, 84.1%"),
        ("{CP visits on time}{CP visits on time}", "84.1%84.1%"),
        ("{{CP visits on time}}", "{84.1%}"),
        ("No field", "No field"),
        ("{Visits}", "{Visits}"),
        ("{}", "{}"),
        ("{Number of CP plans", "{Number of CP plans"),
        ("{Number of\nCP plans}", "{Number of\nCP plans}"),
        ("{__import__('os').getcwd()}", "{__import__('os').getcwd()}"),
        ("{0.real} {CP visits on time.__class__}", "{0.real} {CP visits on time.__class__}"),
        ("%s $name \\1", "%s $name \\1"),
    ],
)
def test_a_field_is_a_measures_name_and_nothing_else(typed: str, filled: str) -> None:
    assert fill(typed, FIGURES) == filled


def test_a_figure_is_put_in_as_it_is_whatever_it_holds() -> None:
    assert fill("{a}", {"a": r"\g<0> {b} \1", "b": "never"}) == r"\g<0> {b} \1"


@pytest.mark.parametrize(
    ("text", "names"),
    [("{a} and { b c }", ("a", "b c")), ("a } b {", ()), ("{a\nb}", ()), ("", ())],
)
def test_the_fields_of_a_text_are_named_as_typed(text: str, names: tuple[str, ...]) -> None:
    assert fields(text) == names


def test_a_field_shows_the_figure_with_its_unit_or_why_there_is_none() -> None:
    assert as_field(measure(), share(84, 100)) == "84.0%"
    assert as_field(measure(unit="plans", decimals=0), Reading(153, 153)) == "153 plans"
    assert as_field(measure(), Reading(None, reason="[x] no data for Q4 2013-14")) == (
        "[x] no data for Q4 2013-14"
    )


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ("There are 153 CP plans open.", True),
        ("There are 1,204.5 open.", True),
        ("There are 42.1 per 10,000 open.", True),
        ("there are [x] no data for Q4 2013-14 open.", True),
        ("There are {Plans} open.", True),
        ("There are few open.", False),
        ("There are 153 plans, 12 more than in March, open.", False),
        ("There are 153 plans open. More soon.", False),
    ],
)
def test_a_filled_line_is_known_whatever_its_figure_was(line: str, fits: bool) -> None:
    assert bool(filled("There are {Plans} open.").fullmatch(line)) is fits
