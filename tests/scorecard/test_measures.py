from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kqi_workbook import layout
from kqi_workbook.scorecard.lines import Seen
from kqi_workbook.scorecard.measures import Figures, figures, month_points, quarter_reading
from kqi_workbook.scorecard.model import Measure, Period, Reading
from kqi_workbook.scorecard.quarters import Quarter, months_to
from tests.scorecard.frames import data_table
from tests.scorecard.some import measure

Q4 = Quarter.parse("Q4 2013-14")
JAN, FEB, MAR = Q4.months
MONTHS = months_to(Q4.end, 24)
SEEN = Seen(MONTHS, Q4.end)
NAME = "CP visits on time"

Line = tuple[object, str, float, float | None]


def of(lines: Sequence[Line], **changes: Any) -> Figures:
    """The figures of a Purple book measure with these lines: month, team, both parts."""
    rows: list[Mapping[str, object]] = [
        {"Month": m, "Team": t, "Measure": NAME, "Numerator": n, "Denominator": d}
        for m, t, n, d in lines
    ]
    table = data_table(layout.PURPLE_BOOK, rows)
    return figures(measure(NAME, **changes), {layout.PURPLE_BOOK.name: table}, SEEN)


def audits(count: int, kqis: tuple[str, ...] = ("1",), picks: str = "Case audit") -> Figures:
    lines = [
        {"Date": JAN, "Audit": "Case audit", "Team": "East", "KQI": "1", "Grade": "Good"}
    ] * count
    wanted = measure(calculation="Graded good or better", table="Audits", picks=picks, kqis=kqis)
    return figures(wanted, {"Audits": data_table(layout.AUDITS, lines)}, SEEN)


def test_both_parts_are_added_up_before_they_are_divided() -> None:
    """One visit of one and 80 of 100: 81 of 101, and not the average of 100% and 80%."""
    lines: list[Line] = [(JAN, "East", 1, 1), (MAR, "West", 80, 100)]
    assert quarter_reading(of(lines), Q4) == Reading(80.2, 81, 101)


def test_sums_are_the_same_whatever_the_version_of_python() -> None:
    """Added up one by one, as before Python 3.12, ten tenths are 0.9999999999999999."""
    lines: list[Line] = [(JAN, f"Team {i}", 0.1, 0.1) for i in range(10)]
    assert quarter_reading(of(lines), Q4) == Reading(100.0, 1.0, 1.0)


def test_a_total_adds_the_quarters_months_and_no_other() -> None:
    lines: list[Line] = [(m, "East", 3, None) for m in (*Q4.previous.months, *Q4.months)]
    lines += [(Q4.next.start, "East", 100, None)]
    counts = of(lines, calculation="Count", decimals=0)
    assert quarter_reading(counts, Q4) == Reading(9, 9)


@pytest.mark.parametrize(
    ("months", "expected"),
    [((JAN, FEB, MAR), 30), ((JAN, FEB), 20), ((JAN,), 10)],
)
def test_an_end_takes_the_last_month_that_has_data(months: Sequence[Any], expected: float) -> None:
    plans = {JAN: 10, FEB: 20, MAR: 30}
    lines: list[Line] = [(month, "East", plans[month], None) for month in months]
    stock = of(lines, calculation="Count", period=Period.END, decimals=0)
    assert quarter_reading(stock, Q4).value == expected


def test_of_a_tab_kept_record_by_record_an_end_is_the_quarters_last_month() -> None:
    """Nobody waits in March: how long children waited in January is not the quarter's figure."""
    lines = [{"Team": "East", "Placement order": "2013-02-01", "Matched": "2014-02-03"}]
    wanted = measure(
        calculation="Days since placement order", table="Permanence", picks="", period=Period.END
    )
    waits = figures(wanted, {"Permanence": data_table(layout.PERMANENCE, lines)}, SEEN)
    assert quarter_reading(waits, Q4.previous).value == 333
    for team in (None, "East"):
        reading = quarter_reading(waits, Q4, team=team)
        assert (reading.value, reading.reason) == (None, "[x] no data for Mar 2014")


@pytest.mark.parametrize(
    ("day", "expected", "reason"),
    [
        (dt.date(2014, 1, 30), None, "[x] Jan 2014 is not over"),
        (dt.date(2014, 1, 31), 0, ""),
        (dt.date(2014, 2, 27), 0, ""),
        (dt.date(2014, 3, 30), None, "[x] no data for Feb 2014"),
    ],
)
def test_an_end_of_a_running_quarter_is_the_last_month_that_is_over(
    day: dt.date, expected: float | None, reason: str
) -> None:
    lines = [{"Team": "East", "Due": dt.date(2014, month, 9)} for month in (1, 3)]
    wanted = measure(calculation="Held", table="Supervision", picks="", period=Period.END)
    table = data_table(layout.SUPERVISION, lines)
    held = figures(wanted, {"Supervision": table}, Seen(MONTHS, day))
    reading = quarter_reading(held, Q4)
    assert (reading.value, reading.reason) == (expected, reason)


def test_a_total_of_a_running_quarter_is_as_far_as_it_has_come() -> None:
    lines = [{"Team": "East", "Raised": dt.date(2014, 1, 9), "Robust": True}]
    wanted = measure(calculation="Robust challenges", table="Challenges", picks="")
    table = data_table(layout.CHALLENGES, lines)
    robust = figures(wanted, {"Challenges": table}, Seen(MONTHS, dt.date(2014, 1, 10)))
    assert quarter_reading(robust, Q4) == Reading(1, 1)


def test_who_waits_at_a_months_end_is_not_known_before_it() -> None:
    lines = [{"Team": "East", "Placement order": "2013-02-01"}]
    wanted = measure(
        calculation="Days since placement order", table="Permanence", picks="", period=Period.END
    )
    table = data_table(layout.PERMANENCE, lines)
    waits = figures(wanted, {"Permanence": table}, Seen(MONTHS, dt.date(2014, 1, 30)))
    assert quarter_reading(waits, Q4).reason == "[x] Jan 2014 is not over"


def test_of_a_tab_filled_in_rounds_an_end_is_the_last_round() -> None:
    wanted = measure(calculation="Answers positive", table="Surveys", picks="", period=Period.END)
    lines = [{"Month": FEB, "Survey": "Poll", "Positive": 15, "Responses": 20}]
    poll = figures(wanted, {"Surveys": data_table(layout.SURVEYS, lines)}, SEEN)
    assert quarter_reading(poll, Q4).value == 75


def test_a_month_that_is_running_counts_of_a_tab_filled_in_rounds() -> None:
    """What was entered for January on the 30th is its figure, and its point."""
    row = {"Month": JAN, "Team": "East", "Measure": NAME, "Numerator": 7}
    table = data_table(layout.PURPLE_BOOK, [row])
    wanted = measure(NAME, calculation="Count", period=Period.END)
    plans = figures(wanted, {"PurpleBook": table}, Seen(MONTHS, dt.date(2014, 1, 30)))
    assert quarter_reading(plans, Q4).value == 7
    assert month_points(plans, MONTHS) == ((JAN, Reading(7, 7)),)


def test_a_teams_end_is_never_taken_from_another_month_than_the_authoritys() -> None:
    lines: list[Line] = [(FEB, "West", 7, None), (MAR, "East", 5, None)]
    stock = of(lines, calculation="Count", period=Period.END)
    assert quarter_reading(stock, Q4, team="West").reason == "[x] no data for Mar 2014"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "[x] no data for Q4 2013-14"),
        ([(Q4.previous.start, "East", 1, 2)], "[x] no data for Q4 2013-14"),
        ([(JAN, "East", 0, 0)], "[x] nothing to divide by"),
        ([(JAN, "East", 5, None)], "[x] no data for Q4 2013-14"),
    ],
    ids=["no rows", "only another quarter's", "nothing to divide by", "no denominator"],
)
def test_what_cannot_be_worked_out_has_no_value_and_says_why(
    lines: list[Line], reason: str
) -> None:
    reading = quarter_reading(of(lines), Q4)
    assert (reading.value, reading.reason) == (None, reason)


def test_a_true_zero_is_a_value() -> None:
    assert quarter_reading(of([(JAN, "East", 0, 20)]), Q4) == Reading(0.0, 0, 20)


def test_a_team_has_its_own_reading() -> None:
    lines: list[Line] = [(JAN, "East", 9, 10), (JAN, "West", 1, 10)]
    assert quarter_reading(of(lines), Q4, team="West") == Reading(10.0, 1, 10)
    assert quarter_reading(of(lines), Q4, team="North").reason == "[x] no data for Q4 2013-14"


def test_a_rate_without_denominators_takes_the_child_population_of_the_authority() -> None:
    rate = of([(MAR, "East", 153, None)], calculation="Rate per 10,000", period=Period.END)
    assert quarter_reading(rate, Q4, population=36_000).value == 42.5
    assert quarter_reading(rate, Q4).reason == "[x] no child population to divide by"
    assert quarter_reading(rate, Q4, population=36_000, team="East").value is None


def test_a_rate_of_no_children_has_nothing_to_divide_by() -> None:
    rate = of([(JAN, "East", 0, 0)], calculation="Rate per 10,000")
    assert quarter_reading(rate, Q4, population=36_000).reason == "[x] nothing to divide by"


def test_a_rate_with_denominators_of_its_own_is_divided_by_them() -> None:
    lines: list[Line] = [(JAN, "East", 10, 10_000), (FEB, "West", 20, 20_000)]
    rate = of(lines, calculation="Rate per 10,000")
    assert quarter_reading(rate, Q4, population=36_000) == Reading(10.0, 30, 30_000)
    assert quarter_reading(rate, Q4, team="West") == Reading(10.0, 20, 20_000)


def test_a_rate_of_which_some_rows_lack_a_denominator_has_no_value() -> None:
    lines: list[Line] = [(FEB, "East", 10, 10_000), (MAR, "East", 10, None)]
    rate = of(lines, calculation="Rate per 10,000")
    reading = quarter_reading(rate, Q4, population=20_000)
    assert (reading.value, reading.reason) == (None, "[x] some of its rows have no denominator")


@pytest.mark.parametrize(("count", "value"), [(9, None), (10, 100.0)])
def test_no_percentage_out_of_fewer_than_ten_audits(count: int, value: float | None) -> None:
    reading = quarter_reading(audits(count), Q4)
    assert reading.value == value
    assert reading.reason == ("" if value else "[c] fewer than 10, so no percentage")
    assert reading.denominator == count


@pytest.mark.parametrize(
    ("kqis", "picks", "found"),
    [(("1",), "CASE AUDIT", True), (("2",), "Case audit", False), (("1",), "Other", False)],
)
def test_audits_are_picked_by_their_name_and_their_kqi(
    kqis: tuple[str, ...], picks: str, found: bool
) -> None:
    assert (quarter_reading(audits(12, kqis, picks), Q4).value is not None) is found


def test_a_survey_is_not_known_by_team() -> None:
    lines = [{"Month": JAN, "Survey": "Poll", "Positive": 15, "Responses": 20}]
    wanted = measure(calculation="Answers positive", table="Surveys", picks="Poll")
    poll = figures(wanted, {"Surveys": data_table(layout.SURVEYS, lines)}, SEEN)
    assert quarter_reading(poll, Q4).value == 75.0
    assert quarter_reading(poll, Q4, team="East").reason == "[z] not known by team"


def test_no_percentage_out_of_fewer_than_ten_answers_and_both_numbers_are_kept() -> None:
    lines = [{"Month": JAN, "Survey": "Poll", "Positive": 3, "Responses": 9}]
    wanted = measure(calculation="Answers positive", table="Surveys", picks="Poll")
    poll = figures(wanted, {"Surveys": data_table(layout.SURVEYS, lines)}, SEEN)
    few = "[c] fewer than 10, so no percentage"
    assert quarter_reading(poll, Q4) == Reading(None, 3, 9, few)


def test_a_missing_table_is_a_reason() -> None:
    assert quarter_reading(figures(measure(), {}, SEEN), Q4).reason == (
        "[x] the Purple book tab could not be read"
    )


def test_points_are_the_months_that_have_rows_oldest_first() -> None:
    lines: list[Line] = [(MAR, "East", 1, 2), (JAN, "East", 1, 4)]
    points = month_points(of(lines), MONTHS)
    assert [(month, reading.value) for month, reading in points] == [(JAN, 25.0), (MAR, 50.0)]


@pytest.mark.parametrize(("day", "last"), [(30, FEB), (31, MAR)])
def test_a_month_of_records_is_a_point_once_it_is_over(day: int, last: dt.date) -> None:
    raised_on = [month.replace(day=3) for month in Q4.months]
    lines = [{"Team": "East", "Raised": day, "Robust": True} for day in raised_on]
    table = data_table(layout.CHALLENGES, lines)
    wanted = measure(calculation="Robust challenges", table="Challenges", picks="")
    robust = figures(wanted, {"Challenges": table}, Seen(MONTHS, dt.date(2014, 3, day)))
    assert quarter_reading(robust, Q4).value == 3
    assert month_points(robust, MONTHS)[-1][0] == last


def test_a_value_is_rounded_as_it_is_shown() -> None:
    assert quarter_reading(of([(JAN, "East", 2, 3)], decimals=0), Q4).value == 67.0
    posts = of([(JAN, "East", 1.25, None)], calculation="Count")
    assert quarter_reading(posts, Q4) == Reading(1.3, 1.25)


def test_every_reading_without_a_value_gives_a_reason() -> None:
    some: Measure = measure()
    assert quarter_reading(figures(some, {}, SEEN), Q4, team="East").reason
