"""Tables of ours that grow and shrink among what staff put around them."""

from __future__ import annotations

from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.books.ooxml.package import Package
from tests.conftest import Validator
from tests.making.made import EXAMPLE
from tests.ooxml.workbooks import opened
from tests.whole.features import all_of_them
from tests.whole.workbook import MAIN, Workbook


def with_kqis(book: Workbook, change: int) -> None:
    """One KQI more, or one fewer."""
    _, table = book.table("KQIs")
    area = Area.parse(table.get("ref", ""))
    table.set("ref", str(Area(area.top, area.left, area.bottom + change, area.right)))
    if change > 0:
        book.set(book.sheet("KQIs"), f"A{area.bottom + 1}", 8)
        book.set(book.sheet("KQIs"), f"B{area.bottom + 1}", "Short breaks")


def with_words_around_the_scorecard(book: Workbook) -> None:
    sheet = book.sheet("Scorecard")
    book.set(sheet, "B12", "Signed off by the board")
    book.set(sheet, "C14", 7, formula="COUNTA(F5:F11)")
    book.add_sheet(
        "Refs",
        '<row r="1"><c r="A1"><f>COUNTA(Scorecard!F5:F11)</f><v>7</v></c>'
        '<c r="B1" t="str"><f>Scorecard!B12</f><v>x</v></c></row>',
    )


def refreshed(book: Workbook, path: Path) -> Package:
    path.write_bytes(book.content())
    kqi_workbook.refresh(path)
    after = path.read_bytes()
    kqi_workbook.refresh(path)
    assert path.read_bytes() == after
    return opened(path)


@pytest.mark.parametrize(
    ("change", "last", "words"), [(1, 12, "B13"), (-1, 10, "B12")], ids=["more", "fewer"]
)
def test_formulas_follow_the_scorecards_rows_and_words_below_stay(
    change: int, last: int, words: str, tmp_path: Path
) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    with_kqis(book, change)
    with_words_around_the_scorecard(book)
    package = refreshed(book, tmp_path / "KQIs.xlsx")
    assert package.tables["Scorecard"].area.bottom == last
    sheet, others = package.sheet("Scorecard"), package.sheet("Refs")
    assert sheet.value(words) == "Signed off by the board"
    below = f"C{int(words[1:]) + 2}"
    assert sheet.formula(below) == f"COUNTA(F5:F{last})"
    assert others.formula("A1") == f"COUNTA(Scorecard!F5:F{last})"
    assert others.formula("B1") == f"Scorecard!{words}"


def test_a_new_kqi_has_the_looks_rules_and_formulas_of_the_others(
    tmp_path: Path, validator: Validator
) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    all_of_them(book)
    with_kqis(book, 1)
    path = tmp_path / "KQIs.xlsx"
    package = refreshed(book, path)
    assert validator(path) == []
    sheet = package.sheet("Scorecard")
    table = package.tables["Scorecard"]
    own = Area(12, table.area.right, 12, table.area.right)
    assert sheet.formula(str(own)) == 'Scorecard[[#This Row],[KQI]]&" of 7"'
    areas = [
        group.get("sqref", "") for group in sheet.frame.iter(f"{{{MAIN}}}conditionalFormatting")
    ]
    assert areas and all(area.endswith("12") for area in areas)
    styles = [sheet.rows.cell(row, 6) for row in (11, 12)]
    assert len({cell.attributes.get("s") for cell in styles if cell}) == 1


def test_a_kqi_that_is_gone_leaves_the_directors_note_at_the_end(tmp_path: Path) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    all_of_them(book)
    with_kqis(book, -1)
    package = refreshed(book, tmp_path / "KQIs.xlsx")
    table = package.tables["Scorecard"]
    note = table.area.left + table.columns.index("Director's note")
    sheet = package.sheet("Scorecard")
    assert sheet.value_at(11, note) == "About KQI 7"
    assert sheet.value("A11") is None


def test_what_is_typed_into_the_scorecard_moves_to_a_tab_that_grows_for_it(
    tmp_path: Path, validator: Validator
) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    all_of_them(book)
    commentary = book.sheet("Commentary")
    _, table = book.table("Commentary")
    bottom = Area.parse(table.get("ref", "")).bottom
    book.set(book.sheet("Scorecard"), "E5", "• Visits &amp; reviews were typed here")
    book.set(commentary, f"C{bottom + 3}", "Our own remark, below the table")
    path = tmp_path / "KQIs.xlsx"
    package = refreshed(book, path)
    assert validator(path) == []
    sheet = package.sheet("Commentary")
    assert package.tables["Commentary"].area.bottom == bottom + 1
    assert sheet.value(f"C{bottom + 1}") == "Visits & reviews were typed here"
    assert sheet.value(f"C{bottom + 3}") == "Our own remark, below the table"
