from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import CellError, Content, Formula
from kqi_workbook.books.sameness import same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (1, 1.0),
        (0.1 + 0.2, 0.3),
        ("a\r\nb", "a\nb"),
        (dt.date(2014, 3, 31), dt.datetime(2014, 3, 31)),
        (dt.date(2014, 3, 31), 41729),
        (dt.datetime(2014, 3, 31, 12), 41729.5),
        (dt.time(12), 0.5),
        (0, 1e-10),
        (Formula("sum(a1, b1)", 3), Formula("SUM(A1,B1)", 4)),
        (CellError("#N/A"), CellError("#N/A")),
    ],
)
def test_contents_that_read_the_same_are_the_same(one: Content, other: Content) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, 0),
        ("1", 1),
        (True, 1),
        (False, None),
        ("#N/A", CellError("#N/A")),
        (CellError("#N/A"), CellError("#REF!")),
        (CellError("#N/A"), 1),
        (dt.datetime(2014, 3, 31, 12), dt.date(2014, 3, 31)),
        ("=A1", Formula("A1", 1)),
        (1, Formula("A1", 1)),
        (84.1, 84.2),
        (0.0001, 0.0002),
        ("A", "a"),
    ],
)
def test_contents_that_read_differently_are_not(one: Content, other: Content) -> None:
    assert not same(one, other)
    assert not same(other, one)


def test_a_currency_cells_four_decimals_are_forgiven_when_asked() -> None:
    assert same(12.34567, 12.3457, within=5e-5)
    assert not same(12.34567, 12.3457)
