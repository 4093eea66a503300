"""The example's file after a refresh: valid, lossless, repeatable, and the same in LibreOffice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import kqi_workbook
from kqi_workbook.books.ooxml.addresses import cell_name
from kqi_workbook.pages.marks import RAG_FILLS
from tests.conftest import Validator
from tests.making.made import EXAMPLE
from tests.ooxml.workbooks import opened
from tests.support.libreoffice import Cell, LibreOffice
from tests.whole.test_features import assert_nothing_is_lost, written_parts
from tests.whole.workbook import Workbook, members, packed_members

FILL_OF = {fill.begins_with: f"#{fill.colour}" for fill in RAG_FILLS}
WORD_OF = {1: "Improving", 0: "Steady", -1: "Worsening"}

LOOKED_AT = ("Read me", "Scorecard", "Checks", "By team", "Trends", "Trend chart", "Settings")
LEFT_OUT = ("Trend chart", "#N/A")
"""Where a chart has no point: its formulas say so, as Excel wants it, in white on white."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(EXAMPLE, tmp_path_factory.mktemp("example")))
    kqi_workbook.refresh(path)
    return path


@pytest.fixture(scope="module")
def scorecard(path: Path) -> dict[str, object]:
    """The Scorecard's values as calamine reads them."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Scorecard")
    return {
        cell_name(row, column): value
        for row, values in enumerate(rows.to_python(skip_empty_area=False), start=1)
        for column, value in enumerate(values, start=1)
        if value != ""
    }


@pytest.fixture(scope="module")
def seen(path: Path, libreoffice: LibreOffice) -> dict[str, dict[str, Cell]]:
    """The sheets that people look at, as LibreOffice shows them, recalculated."""
    return libreoffice.read(path, *LOOKED_AT)


def test_the_validator_finds_no_fault(path: Path, validator: Validator) -> None:
    assert validator(path) == []


def test_only_parts_with_a_reason_changed(path: Path) -> None:
    assert_nothing_is_lost(EXAMPLE.read_bytes(), path.read_bytes())
    before, after = packed_members(EXAMPLE.read_bytes()), packed_members(path.read_bytes())
    package = opened(path)
    sheets, _ = written_parts(package)
    grown = {package.tables[name].part for name in ("Checks", "History")}
    assert {name for name in after if after[name] != before[name]} == sheets | grown


def test_a_second_refresh_gives_the_same_bytes(path: Path) -> None:
    before = path.read_bytes()
    done = kqi_workbook.refresh(path)
    assert path.read_bytes() == before
    assert done.written is not None and not done.written.changed


def test_libreoffice_shows_the_same_values(
    scorecard: dict[str, object], seen: dict[str, dict[str, Cell]]
) -> None:
    shown = seen["Scorecard"]
    assert len(scorecard) > 200
    for address, value in scorecard.items():
        if isinstance(value, str):
            assert shown[address].value == value, address
        else:
            assert shown[address].value == pytest.approx(value), address


def test_libreoffice_shows_each_rag_in_its_colour(seen: dict[str, dict[str, Cell]]) -> None:
    for row in range(5, 12):
        cell = seen["Scorecard"][f"F{row}"]
        assert (cell.text[0], cell.fill, cell.font_colour) == ("A", FILL_OF["A"], "#000000")
    for cell in seen["By team"].values():
        if cell.text[:2] in ("G ", "A ", "R "):
            assert cell.fill == FILL_OF[cell.text[0]]


def test_libreoffice_shows_each_arrow_with_its_word(seen: dict[str, dict[str, Cell]]) -> None:
    arrows = {row: seen["Scorecard"][f"G{row}"] for row in range(5, 12)}
    assert {row - 4: arrow.value for row, arrow in arrows.items()} == {
        **dict.fromkeys((1, 5, 6, 7), 0),
        **dict.fromkeys((2, 3, 4), 1),
    }
    assert all(arrow.text == WORD_OF[int(arrow.value or 0)] for arrow in arrows.values())


def test_no_formula_shows_an_error(seen: dict[str, dict[str, Cell]]) -> None:
    wrong = [
        f"{sheet} {address}: {cell.text}"
        for sheet, cells in seen.items()
        for address, cell in cells.items()
        if cell.text.startswith(("#", "Err:")) and (sheet, cell.text) != LEFT_OUT
    ]
    assert wrong == []


@pytest.mark.parametrize("sheet", ["Commentary", "Actions"])
def test_a_data_row_that_begins_with_an_equals_sign_stays_text(
    sheet: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    danger = '=HYPERLINK("https://example.org","Click")'
    book = Workbook(EXAMPLE.read_bytes())
    quarters = CalamineWorkbook.from_path(EXAMPLE).get_sheet_by_name(sheet).to_python()
    row = 1 + next(row for row, values in enumerate(quarters) if "Q4 2013-14" in values)
    book.set(book.sheet(sheet), f"C{row}", danger)
    path = tmp_path / "KQIs.xlsx"
    path.write_bytes(book.content())
    kqi_workbook.refresh(path)
    cells = libreoffice.read(path, "Scorecard")["Scorecard"]
    holding = [cell for cell in cells.values() if danger in str(cell.value)]
    assert len(holding) == 1 and holding[0].formula is None
    assert not re.search(rb"<f[ >]", members(path.read_bytes())["xl/worksheets/sheet2.xml"])
