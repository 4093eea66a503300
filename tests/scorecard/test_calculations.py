from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from kqi_workbook import layout
from kqi_workbook.scorecard import calculations
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.lines import Seen
from kqi_workbook.scorecard.model import Arithmetic
from kqi_workbook.scorecard.quarters import Quarter
from tests.scorecard.frames import data_table

MONTHS = Quarter.parse("Q4 2013-14").months
JAN, FEB, MAR = MONTHS
SEEN = Seen(MONTHS, dt.date(2014, 3, 31))
NONE = float("nan")


def worked_out(
    name: str, lines: Sequence[Mapping[str, Any]], day: dt.date = SEEN.day
) -> list[tuple[dt.date, str, float, float | None]]:
    """Month, team, numerator and denominator of each line counted, added up by month and team."""
    calculation = CALCULATIONS[name]
    found = calculation.monthly(data_table(calculation.table, lines).rows, Seen(MONTHS, day))
    columns = {
        "Month": found.months,
        "Team": found.teams.tolist(),
        "Numerator": found.numerators,
        "Denominator": found.denominators,
    }
    by_month = pd.DataFrame(columns).groupby(["Month", "Team"], as_index=False)
    return [
        (month.date(), team, numerator, None if pd.isna(denominator) else denominator)
        for month, team, numerator, denominator in by_month.sum(min_count=1).itertuples(index=False)
    ]


def test_a_percentage_leaves_out_a_row_with_only_half_of_its_fraction() -> None:
    lines = [
        {"Month": JAN, "Team": "North", "Measure": "m", "Numerator": 9, "Denominator": 10},
        {"Month": JAN, "Team": "North", "Measure": "m", "Numerator": 50},
    ]
    assert worked_out("Percentage", lines) == [(JAN, "North", 9, 10)]


def test_a_count_takes_rows_without_a_denominator() -> None:
    lines = [{"Month": JAN, "Team": "North", "Measure": "m", "Numerator": 153}]
    assert worked_out("Count", lines) == [(JAN, "North", 153, None)]


@pytest.mark.parametrize(
    ("final_order", "numerator"),
    [("2014-01-29", 1), ("2014-01-30", 0)],
    ids=["on the last day of week 26", "a day later"],
)
def test_26_weeks_are_182_days(final_order: str, numerator: float) -> None:
    lines = [{"Case ref": "c1", "Team": "East", "Issued": "2013-07-31", "Final order": final_order}]
    assert worked_out("Concluded within 26 weeks", lines) == [(JAN, "East", numerator, 1)]


def test_a_case_without_a_final_order_is_not_concluded() -> None:
    lines = [{"Case ref": "c1", "Team": "East", "Issued": "2013-07-31"}]
    assert worked_out("Concluded within 26 weeks", lines) == []
    assert worked_out("Weeks to final order", lines) == []


def test_weeks_to_final_order() -> None:
    lines = [{"Team": "East", "Issued": "2014-01-01", "Final order": "2014-02-05"}]
    assert worked_out("Weeks to final order", lines) == [(FEB, "East", 5, 1)]


def test_days_from_placement_order_to_match_count_in_the_month_of_the_match() -> None:
    lines = [
        {"Team": "East", "Placement order": "2014-01-01", "Matched": "2014-02-10"},
        {"Team": "East", "Placement order": "2014-01-01"},
        {"Team": "East", "Matched": "2014-02-10"},
    ]
    assert worked_out("Days from placement order to match", lines) == [(FEB, "East", 40, 1)]


def test_a_child_waits_from_the_placement_order_until_the_month_it_is_matched_in() -> None:
    lines = [{"Team": "East", "Placement order": "2014-01-11", "Matched": "2014-03-31"}]
    assert worked_out("Days since placement order", lines) == [
        (JAN, "East", 20, 1),
        (FEB, "East", 48, 1),
    ]


@pytest.mark.parametrize(
    "days",
    [
        {"Placed": "2014-02-28"},
        {"Adoption order": "2014-02-28"},
        {"Matched": "2014-02-28", "Placed": "2014-03-20", "Adoption order": "2014-03-31"},
        {"Matched": "2014-03-31", "Placed": "2014-02-28"},
    ],
    ids=["placed", "adopted", "matched first", "placed first"],
)
def test_the_wait_ends_with_the_first_of_match_placement_and_adoption(days: dict[str, str]) -> None:
    lines = [{"Team": "East", "Placement order": "2014-01-11", **days}]
    assert worked_out("Days since placement order", lines) == [(JAN, "East", 20, 1)]


@pytest.mark.parametrize(("done", "numerator"), [("2014-02-14", 1), ("2014-02-15", 0), (None, 0)])
def test_an_adoption_assessment_is_in_time_on_the_day_due(
    done: str | None, numerator: float
) -> None:
    lines = [{"Team": "East", "Assessment due": "2014-02-14", "Assessment done": done}]
    assert worked_out("Adoption assessments in time", lines) == [(FEB, "East", numerator, 1)]


def test_the_second_review_falls_due_four_months_after_entering_care() -> None:
    lines: list[dict[str, object]] = [
        {"Team": "East", "Entered care": "2013-10-31", "Plan recorded at second review": True},
        {"Team": "East", "Entered care": "2013-10-01", "Plan recorded at second review": False},
        {"Team": "East", "Entered care": "2013-10-01"},
    ]
    assert worked_out("Plan clear at second review", lines) == [(FEB, "East", 1, 2)]


@pytest.mark.parametrize(
    ("resolved", "numerator"),
    [("2014-01-31", 1), ("2014-02-03", 0), (None, 0)],
    ids=["on the twentieth working day", "the next working day", "never"],
)
def test_twenty_working_days_leave_weekends_out(resolved: str | None, numerator: float) -> None:
    """Friday 3 January 2014 and 20 working days make Friday 31 January."""
    lines = [{"Raised": "2014-01-03", "Team": "East", "Robust": True, "Resolved": resolved}]
    assert worked_out("Resolved in 20 working days", lines) == [(JAN, "East", numerator, 1)]


def test_a_challenge_counts_in_the_month_in_which_its_twenty_days_end() -> None:
    lines = [{"Raised": "2014-01-06", "Team": "East", "Robust": False, "Resolved": "2014-01-07"}]
    assert worked_out("Resolved in 20 working days", lines) == [(FEB, "East", 1, 1)]
    assert worked_out("Robust challenges", lines) == [(JAN, "East", 0, None)]


@pytest.mark.parametrize(
    ("grade", "numerator"),
    [("Outstanding", 1), ("Good", 1), ("Requires improvement", 0), ("Inadequate", 0)],
)
def test_good_or_better(grade: str, numerator: float) -> None:
    lines = [{"Date": "2014-03-05", "Team": "West", "KQI": "1", "Grade": grade}]
    assert worked_out("Graded good or better", lines) == [(MAR, "West", numerator, 1)]


def test_audits_needing_immediate_improvement_are_counted() -> None:
    lines = [
        {"Date": "2014-03-05", "Team": "West", "Immediate improvement": answer}
        for answer in (True, False, None)
    ]
    assert worked_out("Needing immediate improvement", lines) == [(MAR, "West", 1, None)]


@pytest.mark.parametrize(
    ("name", "dated", "question"),
    [
        ("Robust challenges", "Raised", "Robust"),
        ("Needing immediate improvement", "Date", "Immediate improvement"),
    ],
)
def test_a_question_that_nobody_answered_is_not_answered_with_none(
    name: str, dated: str, question: str
) -> None:
    lines = [{dated: "2014-03-05", "Team": "West", question: None}] * 2
    assert worked_out(name, lines) == []
    assert worked_out(name, [*lines, {**lines[0], question: False}]) == [(MAR, "West", 0, None)]


def test_a_survey_speaks_for_the_whole_authority() -> None:
    lines = [{"Month": JAN, "Positive": 17, "Responses": 20}]
    assert worked_out("Answers positive", lines) == [(JAN, "", 17, 20)]


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        (
            "Plans SMART",
            [{"Date": "2014-01-09", "Team": "A&A", "Plan SMART": a} for a in (True, False, True)],
            (2, 3),
        ),
        (
            "Parents know what to do",
            [
                {"Date": "2014-01-09", "Team": "A&A", "Parents know what to do": a}
                for a in (True, None, False)
            ],
            (1, 2),
        ),
        (
            "Criteria met",
            [{"Month": JAN, "Team": "A&A", "Met": a} for a in (True, True, False)],
            (2, 3),
        ),
        (
            "Held by the due date",
            [
                {"Team": "A&A", "Due": "2014-01-10", "Held": held}
                for held in ("2014-01-10", "2014-01-11", None)
            ],
            (1, 3),
        ),
        (
            "Held",
            [{"Team": "A&A", "Due": "2014-01-10", "Held": h} for h in ("2014-02-01", None)],
            (1, 2),
        ),
        (
            "Reflective",
            [
                {"Team": "A&A", "Due": "2014-01-10", "Held": "2014-01-10", "Reflective": True},
                {"Team": "A&A", "Due": "2014-01-10", "Held": "2014-01-10", "Reflective": None},
                {"Team": "A&A", "Due": "2014-01-10", "Held": None, "Reflective": True},
            ],
            (1, 1),
        ),
    ],
)
def test_a_blank_answer_is_no_answer(
    name: str, lines: Sequence[Mapping[str, Any]], expected: tuple[float, float]
) -> None:
    assert worked_out(name, lines) == [(JAN, "A&A", *expected)]


def test_adoption_orders_are_counted_by_month() -> None:
    lines = [{"Team": "East", "Adoption order": day} for day in ("2014-01-02", "2014-01-30", None)]
    assert worked_out("Adoption orders", lines) == [(JAN, "East", 2, None)]


def test_a_count_is_nought_in_the_months_in_which_its_tab_was_kept_all_the_same() -> None:
    """From a child who entered care in January to one who was matched in March."""
    children = [
        {"Team": "East", "Entered care": "2014-01-02", "Adoption order": "2014-02-28"},
        {"Team": "West", "Matched": "2014-03-01"},
    ]
    assert worked_out("Adoption orders", children) == [
        (month, team, float((month, team) == (FEB, "East")), None)
        for month in MONTHS
        for team in ("East", "West")
    ]
    challenges = [
        {"Raised": "2014-01-06", "Team": "East", "Robust": None, "Resolved": "2014-02-03"}
    ]
    assert worked_out("Robust challenges", challenges) == [(FEB, "East", 0, None)]


def test_a_count_is_not_known_after_the_last_event_of_its_tab_or_after_today() -> None:
    lines = [{"Team": "East", "Adoption order": "2014-01-02", "Placed": "2014-03-09"}]
    assert worked_out("Adoption orders", lines, JAN) == [(JAN, "East", 1, None)]
    lines = [{"Team": "East", "Adoption order": "2014-01-02"}]
    assert worked_out("Adoption orders", lines, MAR) == [(JAN, "East", 1, None)]
    assert worked_out("Adoption orders", lines, dt.date(2013, 12, 31)) == [(JAN, "East", 1, None)]


def test_a_count_is_nought_up_to_today_if_its_tab_was_kept_longer() -> None:
    """What a quarter says of itself is what the next one says of it."""
    lines = [{"Team": "East", "Adoption order": "2014-01-02", "Placed": "2014-03-09"}]
    orders = [(JAN, "East", 1, None), (FEB, "East", 0, None)]
    assert worked_out("Adoption orders", lines, dt.date(2014, 2, 28)) == orders


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Adoption assessments in time", {"Assessment due": "2014-02-14"}),
        ("Resolved in 20 working days", {"Raised": "2014-01-17"}),
        ("Held by the due date", {"Due": "2014-02-14"}),
        ("Held", {"Due": "2014-02-14"}),
        ("Reflective", {"Due": "2014-02-14", "Held": "2014-02-03", "Reflective": False}),
    ],
)
def test_what_falls_due_after_today_has_not_been_missed(name: str, line: dict[str, Any]) -> None:
    lines = [{"Team": "East", **line}]
    assert worked_out(name, lines, dt.date(2014, 2, 13)) == []
    assert worked_out(name, lines, dt.date(2014, 2, 14)) == [(FEB, "East", 0, 1)]


def test_nobody_has_waited_beyond_today() -> None:
    lines = [{"Team": "East", "Placement order": "2014-01-11"}]
    waits = [(JAN, "East", 20, 1), (FEB, "East", 48, 1)]
    assert worked_out("Days since placement order", lines, dt.date(2014, 3, 30)) == waits
    assert worked_out("Days since placement order", lines, dt.date(2014, 2, 27)) == waits[:1]


@pytest.mark.parametrize("name", CALCULATIONS)
def test_every_calculation_takes_an_empty_tab(name: str) -> None:
    assert worked_out(name, []) == []


@pytest.mark.parametrize("name", CALCULATIONS)
def test_every_calculation_leaves_its_rows_as_they_were(name: str) -> None:
    table = CALCULATIONS[name].table
    rows = data_table(table, [{"Team": "East", "KQI": "1"}]).rows
    before = rows.copy(deep=True)
    CALCULATIONS[name].monthly(rows, SEEN)
    pd.testing.assert_frame_equal(rows, before)


def test_every_function_of_the_module_is_in_the_mapping() -> None:
    used = {calculation.monthly for calculation in CALCULATIONS.values()}
    written = {
        function
        for name, function in inspect.getmembers(calculations, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == calculations.__name__
    }
    assert used == written


def test_every_data_table_but_the_reports_has_a_calculation() -> None:
    worked = {calculation.table for calculation in CALCULATIONS.values()}
    assert set(layout.DATA_TABLES) - worked == {layout.REPORTS}


def test_only_percentages_have_a_smallest_group() -> None:
    assert {c.arithmetic for c in CALCULATIONS.values() if c.smallest} == {Arithmetic.PERCENTAGE}
