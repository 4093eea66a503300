from __future__ import annotations

import pytest

from kqi_workbook.books.ooxml.addresses import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    column_letters,
    column_number,
    parse_areas,
    parse_cell,
    write_areas,
)
from kqi_workbook.errors import CannotPatch


@pytest.mark.parametrize(
    ("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("zz", 702), ("XFD", LAST_COLUMN)]
)
def test_columns_are_counted_as_excel_letters_them(letters: str, number: int) -> None:
    assert column_number(letters) == number
    assert column_letters(number) == letters.upper()


@pytest.mark.parametrize("address", ["A1", "$A$1", "XFD1048576", "b7"])
def test_a_cell_is_read_with_or_without_dollars(address: str) -> None:
    assert parse_cell(address) == parse_cell(address.replace("$", "").upper())


@pytest.mark.parametrize("address", ["", "A", "7", "A0", "XFE1", "A1048577", "A1:B2", "Ä1", "A1 "])
def test_what_is_no_cell_is_refused(address: str) -> None:
    with pytest.raises(CannotPatch, match="not the address"):
        parse_cell(address)


@pytest.mark.parametrize(
    ("text", "area", "written"),
    [
        ("B7", Area(7, 2, 7, 2), "B7"),
        ("$A$2:$E$50", Area(2, 1, 50, 5), "A2:E50"),
        ("E50:A2", Area(2, 1, 50, 5), "A2:E50"),
        ("A:C", Area(1, 1, LAST_ROW, 3), "A:C"),
        ("2:5", Area(2, 1, 5, LAST_COLUMN), "A2:XFD5"),
    ],
)
def test_an_area_is_read_and_written(text: str, area: Area, written: str) -> None:
    assert Area.parse(text) == area
    assert str(area) == written
    assert Area.parse(written) == area


def test_lists_of_areas_keep_their_order() -> None:
    assert write_areas(parse_areas("C2 A2:A9")) == "C2 A2:A9"
    assert parse_areas(None) == []


@pytest.mark.parametrize(
    ("other", "meets", "covers"),
    [
        ("C3", True, True),
        ("B2:D4", True, True),
        ("D4:E5", True, False),
        ("A1:B2", True, False),
        ("A3:C3", True, False),
        ("A1:Z9", True, False),
        ("E2:E4", False, False),
        ("B5", False, False),
    ],
)
def test_areas_meet_and_cover(other: str, meets: bool, covers: bool) -> None:
    area = Area.parse("B2:D4")
    assert area.meets(Area.parse(other)) is meets
    assert area.covers(Area.parse(other)) is covers


@pytest.mark.parametrize(
    ("area", "first"),
    [("B2:D4", "B2:D4"), ("B2:D1048576", "B2:D101"), ("B2:XFD4", "B2:K4"), ("B2", "B2")],
)
def test_an_area_is_cut_to_its_first_rows_and_columns(area: str, first: str) -> None:
    assert Area.parse(area).first(100, 10) == Area.parse(first)
