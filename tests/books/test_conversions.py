"""One cell under a column's kind: accepted where it can mean one thing only."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import CellError, Value
from kqi_workbook.books.conversions import (
    BLANK,
    MISFIT,
    Converted,
    clean,
    convert,
    convert_all,
    shown,
)
from kqi_workbook.layout import Kind

DAY = dt.date(2014, 3, 31)
MARCH = dt.date(2014, 3, 1)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("nothing", [None, "", "  ", "\u00a0", "\n\t", "\u200b"])
def test_nothing_to_see_is_blank(kind: Kind, nothing: Value) -> None:
    assert convert(kind, nothing) is BLANK


@pytest.mark.parametrize("kind", Kind)
def test_an_error_never_fits(kind: Kind) -> None:
    assert convert(kind, CellError("#N/A")) is MISFIT


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("North", "North"),
        ("  North\u00a0team ", "North team"),
        ("first\nsecond", "first\nsecond"),
        ("\ufeffNorth", "North"),
        (3, "3"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (DAY, "31/03/2014"),
        (dt.datetime(2014, 3, 31), "31/03/2014"),
        (dt.datetime(2014, 3, 31, 9, 5), "31/03/2014 09:05"),
        (dt.time(9, 5), "09:05"),
    ],
)
def test_text_takes_whatever_the_cell_shows(value: Value, text: str) -> None:
    assert convert(Kind.TEXT, value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (84, 84),
        (-2.5, -2.5),
        (0, 0),
        ("84", 84),
        (" 12 ", 12),
        ("\u00a0 12", 12),
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("+5", 5),
        ("-0.5", -0.5),
        (".5", 0.5),
        ("007", 7),
    ],
)
def test_a_number_typed_as_text_is_the_number(value: Value, number: float) -> None:
    assert convert(Kind.NUMBER, value) == number


@pytest.mark.parametrize(
    "value",
    [
        "84%",
        "n/a",
        "about 5",
        "5 or 6",
        "1,23",
        "12,34,567",
        ",123",
        "1.234,5",
        "1e3",
        "£5",
        "5-",
        "--5",
        "- 5",
        "five",
        "nan",
        "inf",
        "1 234",
        "٣",
        "(5)",
        "5.",
        1e15,
        -1e30,
        "1,000,000,000,000,000",
        True,
        False,
        DAY,
        dt.time(12),
    ],
)
def test_a_number_is_never_guessed(value: Value) -> None:
    assert convert(Kind.NUMBER, value) is MISFIT


@pytest.mark.parametrize(
    ("value", "whole"),
    [(2, 2), (2.0, 2), ("2", 2), ("2.0", 2), (2.5, MISFIT), ("2.5", MISFIT), (True, MISFIT)],
)
def test_a_whole_number_has_no_fraction(value: Value, whole: Converted) -> None:
    assert convert(Kind.WHOLE, value) == whole


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        dt.datetime(2014, 3, 31, 23, 59),
        "31/03/2014",
        "31/3/14",
        "31-03-2014",
        "31.03.2014",
        " 31/03/2014 ",
        "31/03/2014 00:00:00",
        "2014-03-31",
        "2014/03/31",
        "2014-03-31T09:30:00",
        "2014-03-31 09:30:00.000",
        "2014-03-31T00:00:00Z",
        "31 March 2014",
        "31st March 2014",
        "31 Mar 14",
        "31-Mar-14",
        "31-MAR-2014",
        "31mar2014",
        "Mon 31 March 2014",
        "Monday, 31st of March 2014",
        "March 31, 2014",
        "31\u00a0March\u00a02014",
    ],
)
def test_a_day_is_read_as_british_staff_write_it(value: Value) -> None:
    assert convert(Kind.DATE, value) == DAY


def test_the_day_comes_before_the_month() -> None:
    assert convert(Kind.DATE, "03/04/2014") == dt.date(2014, 4, 3)


@pytest.mark.parametrize(("text", "year"), [("29", 2029), ("30", 1930), ("00", 2000), ("99", 1999)])
def test_years_of_two_digits_are_read_as_excel_reads_them(text: str, year: int) -> None:
    assert convert(Kind.DATE, f"1/2/{text}") == dt.date(year, 2, 1)


@pytest.mark.parametrize(
    "value",
    [
        "31/02/2014",
        "29/02/2014",
        "03/31/2014",
        "32/01/2014",
        "0/1/2014",
        "1/13/2014",
        "31/03/0214",
        "31/03/0014",
        "31/03/201",
        "31/03",
        "31 March",
        "March 2014",
        "31 Smarch 2014",
        "31/03-2014",
        "2014-31-03",
        "31/03/2014 to 5/04/2014",
        "yesterday",
        "TBC",
        "41729",
        41729,
        dt.date(1899, 12, 31),
        True,
        dt.time(12),
    ],
)
def test_a_day_that_is_none_or_that_must_be_guessed_does_not_fit(value: Value) -> None:
    assert convert(Kind.DATE, value) is MISFIT


@pytest.mark.parametrize(
    "value",
    [
        MARCH,
        DAY,
        dt.datetime(2014, 3, 14, 12),
        "Mar 2014",
        "March 2014",
        "Mar-14",
        "Mar 14",
        "Mar '14",
        "mar.14",
        "MARCH-2014",
        "03/2014",
        "3/2014",
        "2014-03",
        "01/03/2014",
        "31 March 2014",
    ],
)
def test_a_month_is_its_first_day(value: Value) -> None:
    assert convert(Kind.MONTH, value) == MARCH


def test_september_has_two_short_forms() -> None:
    assert convert(Kind.MONTH, "Sept 2013") == convert(Kind.MONTH, "Sep-13") == dt.date(2013, 9, 1)


@pytest.mark.parametrize(
    "value", ["March", "13/2014", "0/2014", "2014", "Q4 2013-14", "Ma 14", 3, "03/1899"]
)
def test_a_month_needs_its_year(value: Value) -> None:
    assert convert(Kind.MONTH, value) is MISFIT


@pytest.mark.parametrize("text", ["Q4 2013-14", "q4 2013/14", "Quarter 4 2013-2014", " 2013-14 Q4"])
def test_a_quarter_is_its_label(text: str) -> None:
    assert convert(Kind.QUARTER, text) == "Q4 2013-14"


@pytest.mark.parametrize("value", ["Q5 2013-14", "Q4 2013-15", "Q4", 4, DAY])
def test_what_is_no_quarter_does_not_fit(value: Value) -> None:
    assert convert(Kind.QUARTER, value) is MISFIT


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        *((word, True) for word in ("Yes", "YES", "y", " yes ", "TRUE", "true", True)),
        *((word, False) for word in ("No", "no", "N", "FALSE", False)),
        *((word, MISFIT) for word in ("N/A", "maybe", "yes?", "1", 1, 0, DAY)),
    ],
)
def test_yes_and_no_are_answered_in_words(value: Value, answer: Converted) -> None:
    assert convert(Kind.YES_NO, value) is answer


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((text, "Amber") for text in ("Amber", "AMBER", " a ", "A")),
        *((text, "Amber Steady") for text in ("A >", "A→", "amber, steady", "A\n▶\ufe0f")),
        ("G ^", "Green Improving"),
        ("R v", "Red Worsening"),
        *((other, MISFIT) for other in ("Pink", "A1", "A 1", "A ?", ">", "-", 1, True, DAY)),
    ],
)
def test_a_rag_status_is_its_word_and_that_of_an_arrow_beside_it(
    value: Value, words: Converted
) -> None:
    assert convert(Kind.RAG, value) == words


@pytest.mark.parametrize(
    ("value", "word"),
    [
        *((up, "Improving") for up in ("improving", "^", " ↑ ", "▲", "⬆\ufe0f", 1, 1.0, "1")),
        *((level, "Steady") for level in ("Steady", ">", "→", "►", 0)),
        *((down, "Worsening") for down in ("WORSENING", "v", "V", "↓", -1)),
        *((other, MISFIT) for other in ("better", "<", "^^", 2, True, DAY, "Not comparable")),
    ],
)
def test_a_trend_is_the_word_of_its_arrow(value: Value, word: Converted) -> None:
    assert convert(Kind.TREND, value) == word


@pytest.mark.parametrize(
    "odd", [" North", "Nord\u00a0", "A\u00a0team", "Zoë", "", None, 0, False, CellError("#N/A")]
)
@pytest.mark.parametrize("kind", Kind)
def test_many_cells_say_what_each_says_by_itself(kind: Kind, odd: Value) -> None:
    values = [None, "North", "12", odd, "South"]
    assert convert_all(kind, values) == [convert(kind, value) for value in values]


def test_what_nobody_sees_is_cleaned_away() -> None:
    assert clean("\u00a0CP\u00a0plans\u200b \n") == "CP plans"


def test_a_value_is_shown_as_its_cell_shows_it() -> None:
    assert [shown(v) for v in (None, False, CellError("#N/A"), 1e20, 0.841)] == [
        "",
        "FALSE",
        "#N/A",
        "1e+20",
        "0.841",
    ]
