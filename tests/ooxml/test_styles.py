from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree

from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.styles import Styles, shows_dates
from kqi_workbook.errors import CannotPatch

from .workbooks import MAIN


@pytest.mark.parametrize(
    ("code", "dates"),
    [
        ("dd mmm yyyy", True),
        ("[$-809]d mmmm yyyy;@", True),
        ("[h]:mm", True),
        ("h:mm AM/PM", True),
        ('0.0" days"', False),
        ('"Improving";"Worsening";"Steady"', False),
        ("[Red]0.0", False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ("0\\d", False),
        ("General", False),
        ("@", False),
        ("0.00E+00", False),
    ],
)
def test_a_date_format_is_told_from_a_number_format(code: str, dates: bool) -> None:
    assert shows_dates(code) is dates


def styles(inside: str) -> Styles:
    return Styles(etree.fromstring(f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'))


@pytest.mark.parametrize(("number", "dates"), [(0, False), (14, True), (22, True), (49, False)])
def test_formats_that_are_built_in_are_known(number: int, dates: bool) -> None:
    assert styles(f'<cellXfs><xf numFmtId="{number}"/></cellXfs>').is_date(0) is dates


def test_a_workbook_without_formats_cannot_show_a_day() -> None:
    with pytest.raises(CannotPatch, match="no cell format"):
        styles("").fitting(0, dt.date(2014, 3, 31))


def test_looks_are_put_where_the_schema_wants_them_and_counted() -> None:
    root = etree.fromstring(f'<styleSheet xmlns="{MAIN}"><cellXfs/><tableStyles/></styleSheet>')
    kept = Styles(root)
    assert kept.look_number(Look(fill="c6efce")) == 0
    assert kept.look_number(Look(fill="FFC7CE", font="9C0006", italic=True)) == 1
    assert kept.look_number(Look(fill="C6EFCE")) == 0
    assert [etree.QName(e).localname for e in root] == ["cellXfs", "dxfs", "tableStyles"]
    assert root[1].get("count") == "2"
    assert kept.look(1) == Look(fill="FFC7CE", font="9C0006", italic=True)
    assert kept.look(2) is None
