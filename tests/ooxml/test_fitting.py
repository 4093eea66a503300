"""Rows fit the text that is written to them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from xlsxwriter.workbook import Workbook

from kqi_workbook.books.ooxml.fitting import fit_rows
from kqi_workbook.books.ooxml.heights import line_count, row_height
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import NotAWorkbook
from tests.ooxml.workbooks import make, saved, with_parts

ARIAL = {"font_name": "Arial", "font_size": 12}


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("short", 10, 1),
        ("two words", 6, 2),
        ("one\ntwo\nthree", 40, 3),
        ("one\n\nthree", 40, 3),
        ("a" * 100, 11, 10),
        ("letters " * 3 + "letters", 11, 4),
        ("a" * 15 + " bb", 11, 2),
        ("a sentence that goes on for quite a while, to the third line", 20, 3),
    ],
)
def test_text_wraps_at_words_and_breaks_at_line_feeds(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines


def test_bold_text_takes_more_room() -> None:
    text = "Lower limits"
    assert line_count(text, 10.5) == 1
    assert line_count(text, 10.5, bold=True) == 2


def test_no_row_is_higher_than_excel_allows() -> None:
    assert row_height(3, 12) == 45
    assert row_height(1000, 12) == 409.5


@pytest.fixture
def package() -> Package:
    """Row 1 wraps, row 2 does not, row 3 has a height set by hand, row 4 a large font."""
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True, "default_format_properties": ARIAL})
    sheet = book.add_worksheet("Sheet")
    wrapped = book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 20)
    for row in range(4):
        sheet.write_string(row, 0, "text", wrapped if row in (0, 2) else None)
    sheet.set_row(2, 99)
    sheet.write_string(3, 0, "title", book.add_format({"font_size": 20}))
    book.close()
    return Package.of_bytes(content.getvalue(), "rows.xlsx")


def heights(package: Package) -> dict[int, str | None]:
    content = io.BytesIO()
    package.write(content)
    with zipfile.ZipFile(content) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r'<row r="(\d+)"([^>]*)>', sheet)
    found = {int(number): re.search(r'ht="([\d.]+)"', rest) for number, rest in rows}
    return {number: match[1] if match else None for number, match in found.items()}


LONG = "A sentence that needs more than two lines of such a narrow column."


def test_a_wrapped_row_gets_the_height_of_its_lines(package: Package) -> None:
    sheet = package.sheet("Sheet")
    for row in (1, 2, 3, 4):
        sheet.set(f"A{row}", LONG)
    fit_rows(sheet, [1, 2, 3, 4])
    assert heights(package) == {1: "45", 2: None, 3: "99", 4: "25"}


@pytest.mark.parametrize(
    ("look", "lines"), [({}, 3), ({"bold": True}, 4), ({"indent": 4}, 5), ({"font_size": 22}, 7)]
)
def test_text_that_was_there_counts_as_it_looks(look: dict[str, Any], lines: int) -> None:
    """Typed by staff or shown by a formula of theirs; a row that a filter hid stays hidden."""

    def fill(book: Any, sheet: Any) -> None:
        wrapped = book.add_format({"text_wrap": True, **look})
        sheet.set_column(0, 0, 20)
        sheet.write_string("A1", LONG, wrapped)
        sheet.write_formula("A2", "=A1", wrapped, LONG)
        sheet.write_string("A3", LONG, wrapped)
        sheet.set_row(2, None, None, {"hidden": True})

    package = Package.of_bytes(make(fill))
    fit_rows(package.sheet("Data"), [1, 2, 3])
    height = f"{row_height(lines, look.get('font_size', 11)):g}"
    assert heights(package) == {1: height, 2: height, 3: None}


def test_a_row_of_one_line_again_states_no_height(package: Package) -> None:
    sheet = package.sheet("Sheet")
    sheet.set("A1", LONG)
    fit_rows(sheet, [1])
    sheet.set("A1", "short")
    fit_rows(sheet, [1])
    assert heights(package)[1] is None


@pytest.mark.parametrize(
    ("part", "attribute", "damage", "told"),
    [
        ("xl/worksheets/sheet1.xml", r'defaultRowHeight="[\d.]+"', 'defaultRowHeight=""', "Row"),
        ("xl/worksheets/sheet1.xml", r' width="[\d.]+"', ' width="wide"', "width='wide'"),
        ("xl/worksheets/sheet1.xml", r' width="[\d.]+"', ' width="nan"', "width='nan'"),
        ("xl/styles.xml", r'<sz val="[\d.]+"', '<sz val="?"', "sz has val"),
    ],
)
def test_a_damaged_size_is_named(
    package: Package, part: str, attribute: str, damage: str, told: str
) -> None:
    content = saved(package)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        spoilt = re.sub(attribute, damage, archive.read(part).decode())
    sheet = Package.of_bytes(with_parts(content, {part: spoilt})).sheet("Sheet")
    sheet.set("A1", LONG)
    with pytest.raises(NotAWorkbook, match=f"damaged: .*{re.escape(told)}"):
        fit_rows(sheet, [1])


def test_a_font_of_no_size_does_not_stop_a_row(package: Package) -> None:
    content = saved(package)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        none = re.sub(r'<sz val="[\d.]+"', '<sz val="0"', archive.read("xl/styles.xml").decode())
    sheet = Package.of_bytes(with_parts(content, {"xl/styles.xml": none})).sheet("Sheet")
    sheet.set("A1", LONG)
    fit_rows(sheet, [1])
