from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from kqi_workbook.books.cells import CellError, Content, Formula, Value
from kqi_workbook.books.live.cells import contents, entry, plain
from kqi_workbook.errors import CannotPatch


@pytest.mark.parametrize(
    "text",
    [
        "=A1",
        "+1",
        "-",
        "@SUM",
        "1-2",
        "3/4",
        "10%",
        "84.1%",
        "007",
        "1e5",
        "12:30",
        "£5",
        "€5",
        "(5)",
        ".5",
        " 5",
        "#N/A",
        "TRUE",
        "false",
        "Mar 2014",
        "March-14",
        "1 March",
        "mars 2014",
        "April 5, 2014 9:30 pm",
        "A 84.1%",
        "'quoted'",
    ],
)
def test_text_that_excel_would_convert_gets_an_apostrophe(text: str) -> None:
    assert entry(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "A\nAmber", "• CP visits 84%", "[x]", "Purple book C5", "May", "Éva's plan", "Total"],
)
def test_other_text_goes_as_it_is(text: str) -> None:
    assert entry(text) == text


@pytest.mark.parametrize(
    ("content", "handed_over"),
    [
        (None, None),
        (True, True),
        (153, 153.0),
        (2**40, float(2**40)),
        (0.841, 0.841),
        (dt.date(2014, 3, 31), dt.datetime(2014, 3, 31)),
        (dt.datetime(2014, 3, 31, 9, 30), dt.datetime(2014, 3, 31, 9, 30)),
        (dt.time(12), 0.5),
        (CellError("#N/A"), "#N/A"),
        (Formula("SUM(A1,B1)", 3), "=SUM(A1,B1)"),
    ],
)
def test_other_values_are_handed_over_as_excel_takes_them(
    content: Content, handed_over: object
) -> None:
    assert entry(content) == handed_over
    assert type(entry(content)) is type(handed_over)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x" * 32_768, "32,768 characters; a cell holds 32,767"),
        ("\U0001f600" * 16_384, "32,768 characters"),  # Excel counts it as two each
        (float("nan"), "nan is not a number"),
        (float("-inf"), "-inf is not a number"),
    ],
)
def test_what_no_cell_can_hold_is_refused(content: Content, message: str) -> None:
    with pytest.raises(CannotPatch, match=message):
        entry(content)


def test_the_longest_text_is_handed_over() -> None:
    assert entry("x" * 32_767) == "x" * 32_767


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("R", "R"),
        ("#N/A", "#N/A"),
        (153.0, 153),
        (0.5, 0.5),
        (1e16, 1e16),
        (True, True),
        (Decimal("12.5"), 12.5),
        (-2146826246, CellError("#N/A")),
        (-2146826245, CellError("#GETTING_DATA")),
        (-2146826238, CellError("#CALC!")),
        (dt.datetime(2014, 3, 31, tzinfo=dt.timezone.utc), dt.date(2014, 3, 31)),
        (dt.datetime(2014, 3, 31, 14, 29, 59, 999_999), dt.datetime(2014, 3, 31, 14, 30)),
        (dt.datetime(1899, 12, 30, 9), dt.time(9)),
    ],
)
def test_what_excel_hands_over_becomes_plain_values(value: Any, expected: Value) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


def test_cells_as_they_stand_keep_their_formulas() -> None:
    values = [[3.0, "=A1", "text", "", -2146826281]]
    formulas = [["=SUM(A1,B1)", "=A1", "text", '=""', "=1/0"]]
    assert contents(values, formulas) == [
        [Formula("SUM(A1,B1)", 3), "=A1", "text", Formula('""', ""), Formula("1/0", "")]
    ]
