from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.scorecard.quarters import Quarter, month_label, months_to

Q4 = Quarter(2013, 4)


@pytest.mark.parametrize(
    "text",
    [
        "Q4 2013-14",
        "q4 2013/14",
        " Q4  2013 - 14 ",
        "Q4, 2013–14",
        "Q4 of 2013-14",
        "Q42013-14",
        "Qtr 4 2013-14",
        "Quarter 4 2013-2014",
        "Quarter 4, 2013/2014",
        "2013-14 Q4",
        "2013/14, quarter 4",
    ],
)
def test_a_quarter_is_read_in_the_ways_that_people_write_it(text: str) -> None:
    assert Quarter.parse(text) == Q4


def test_a_financial_year_may_run_into_a_new_century() -> None:
    assert Quarter.parse("Q1 1999-00") == Quarter.parse("Q1 1999-2000") == Quarter(1999, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q4",
        "2013-14",
        "Q5 2013-14",
        "Q0 2013-14",
        "Q4 2013-15",
        "Q4 2013-13",
        "Q4 2013-2015",
        "Q4 2014",
        "Q4 13-14",
        "Q4 ofof 2013-14",
        "Q4 0013-14",
        "Q4 9999-00",
        "Q4 2013-14 draft",
    ],
)
def test_what_is_no_quarter_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(KQIWorkbookError) as refusal:
        Quarter.parse(text)
    assert str(refusal.value) == f"'{text}' is not a quarter. Write it like 'Q4 2013-14'."


@pytest.mark.parametrize("number", [0, 5, -1])
def test_there_are_four_quarters(number: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        Quarter(2013, number)


@pytest.mark.parametrize(
    ("quarter", "first", "last", "label", "words"),
    [
        ((2013, 1), "2013-04-01", "2013-06-30", "Q1 2013-14", "Quarter 1, April to June 2013"),
        ((2013, 2), "2013-07-01", "2013-09-30", "Q2 2013-14", "Quarter 2, July to September 2013"),
        (
            (2013, 3),
            "2013-10-01",
            "2013-12-31",
            "Q3 2013-14",
            "Quarter 3, October to December 2013",
        ),
        ((2013, 4), "2014-01-01", "2014-03-31", "Q4 2013-14", "Quarter 4, January to March 2014"),
        ((1999, 4), "2000-01-01", "2000-03-31", "Q4 1999-00", "Quarter 4, January to March 2000"),
    ],
)
def test_each_quarter_has_its_days_and_names(
    quarter: tuple[int, int], first: str, last: str, label: str, words: str
) -> None:
    it = Quarter(*quarter)
    assert (it.start.isoformat(), it.end.isoformat()) == (first, last)
    assert (it.label, str(it), it.words) == (label, label, words)
    assert Quarter.parse(label) == it


@pytest.mark.parametrize(
    ("day", "label"),
    [
        ("2013-03-31", "Q4 2012-13"),
        ("2013-04-01", "Q1 2013-14"),
        ("2013-06-30", "Q1 2013-14"),
        ("2013-07-01", "Q2 2013-14"),
        ("2013-10-01", "Q3 2013-14"),
        ("2013-12-31", "Q3 2013-14"),
        ("2014-01-01", "Q4 2013-14"),
        ("2014-03-31", "Q4 2013-14"),
        ("2014-04-01", "Q1 2014-15"),
    ],
)
def test_a_day_falls_in_one_quarter(day: str, label: str) -> None:
    assert Quarter.of(dt.date.fromisoformat(day)).label == label


def test_a_quarter_holds_its_first_and_last_moment_and_no_other() -> None:
    assert dt.date(2014, 1, 1) in Q4
    assert dt.date(2014, 3, 31) in Q4
    assert dt.datetime(2014, 3, 31, 23, 59) in Q4
    assert dt.date(2013, 12, 31) not in Q4
    assert dt.date(2014, 4, 1) not in Q4


def test_a_quarter_has_three_months() -> None:
    assert Q4.months == (dt.date(2014, 1, 1), dt.date(2014, 2, 1), dt.date(2014, 3, 1))


def test_quarters_follow_each_other_over_the_end_of_a_year() -> None:
    assert Q4.next == Quarter(2014, 1)
    assert Quarter(2014, 1).previous == Q4
    assert Q4.plus(-8) == Quarter(2011, 4)
    assert Q4.plus(5) == Quarter(2015, 1)
    assert Q4.plus(0) == Q4


def test_quarters_sort_by_time() -> None:
    quarters = [Quarter(2014, 1), Quarter(2013, 4), Quarter(2013, 2)]
    assert sorted(quarters) == [Quarter(2013, 2), Quarter(2013, 4), Quarter(2014, 1)]


def test_months_in_a_row_end_with_the_month_of_the_day() -> None:
    assert months_to(dt.date(2014, 1, 31), 3) == (
        dt.date(2013, 11, 1),
        dt.date(2013, 12, 1),
        dt.date(2014, 1, 1),
    )
    assert months_to(dt.date(2013, 12, 1), 1) == (dt.date(2013, 12, 1),)
    assert len(set(months_to(dt.date(2014, 3, 31), 24))) == 24
    assert months_to(dt.date(2014, 3, 31), 24)[0] == dt.date(2012, 4, 1)
    assert months_to(dt.date(2014, 3, 31), 0) == ()


def test_a_month_is_named_as_in_a_header() -> None:
    assert month_label(dt.date(2014, 3, 1)) == "Mar 2014"
