"""What must be there when a saved workbook is read back, changed behind our back by openpyxl."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows, SetArea, SetCell, SetRows
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.refreshing import refresh
from tests.support.small_council import QUARTER, council
from tests.support.small_file import save_as_xlsx

LOGGED = AddRows(layout.REFRESH_LOG.name, ("Who",), (("Staff A",),))


@pytest.fixture
def book(tmp_path: Path) -> FileBook:
    some = council()
    some.lines[layout.ACTIONS.name].clear()  # a finding, and so a link
    path = save_as_xlsx(some, tmp_path / "KQIs.xlsx")
    book = FileBook(path.read_bytes(), path.name)
    refresh(book, QUARTER)
    book.write([LOGGED])
    return book


def saved_elsewhere(book: FileBook, change: Callable[[openpyxl.Workbook], None]) -> io.BytesIO:
    """The workbook as another program writes it, after a change."""
    workbook = openpyxl.load_workbook(io.BytesIO(book.content()))
    change(workbook)
    file = io.BytesIO()
    workbook.save(file)
    return io.BytesIO(file.getvalue())


def holding(sheet: Worksheet, text: str) -> str:
    """The address of the first cell that holds a text."""
    return next(cell.coordinate for row in sheet for cell in row if text in str(cell.value or ""))


def test_what_was_written_holds_whichever_program_wrote_it(book: FileBook) -> None:
    book.must_hold(io.BytesIO(book.content()))
    book.must_hold(saved_elsewhere(book, lambda workbook: None))


@pytest.mark.parametrize("number", [1, 84.1, -2.5, 0.3, 10**15])
def test_a_number_holds_where_staff_have_given_its_cell_the_form_of_a_day(
    book: FileBook, number: float
) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        workbook["Scorecard"]["A1"].number_format = "dd/mm/yyyy"

    again = FileBook(saved_elsewhere(book, change).getvalue(), book.name)
    again.write([SetCell(layout.Name.SCORECARD_TITLE.value, number)])
    again.must_hold(io.BytesIO(again.content()))


def test_a_cell_that_nobody_writes_may_change(book: FileBook) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        workbook["Scorecard"]["BZ90"] = "a note of staff's"

    book.must_hold(saved_elsewhere(book, change))


@pytest.mark.parametrize(
    ("sheet", "text", "instead"),
    [
        ("Scorecard", "Quarter 4", "Quarter 3, October to December 2013"),  # an area of one cell
        ("Scorecard", "Amber", None),  # a table
        ("By team", "North", "South"),  # a grid
        ("Checks", "HYPERLINK", '=HYPERLINK("#A1","A1")'),
        ("Refresh log", "Staff A", "Staff B"),  # a row that was added
    ],
)
def test_a_cell_that_is_not_as_it_was_meant_is_seen(
    book: FileBook, sheet: str, text: str, instead: str | None
) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        workbook[sheet][holding(workbook[sheet], text)] = instead

    with pytest.raises(KQIWorkbookError, match="did not hold what was written"):
        book.must_hold(saved_elsewhere(book, change))


def test_a_table_of_another_size_is_seen(book: FileBook) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        table = workbook["Refresh log"].tables[layout.REFRESH_LOG.name]
        rows = Area.parse(table.ref)
        table.ref = str(replace(rows, bottom=rows.bottom + 1))

    with pytest.raises(KQIWorkbookError, match="did not hold what was written"):
        book.must_hold(saved_elsewhere(book, change))


def test_an_area_over_whole_columns_takes_no_more_than_what_can_be_filled(book: FileBook) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        workbook.defined_names["By_team_grid"].attr_text = "'By team'!$A$4:$BL$1048576"

    again = FileBook(saved_elsewhere(book, change).getvalue(), book.name)
    tracemalloc.start()
    try:
        again.write([SetArea(layout.Name.BY_TEAM_GRID.value, (("Team", "North"),))])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20
    again.must_hold(io.BytesIO(again.content()))


def test_a_cell_of_ours_below_a_table_is_filled_where_room_for_new_rows_puts_it(
    book: FileBook,
) -> None:
    """And not where it was, which is a row of the table now."""

    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook["Checks"]
        below = Area.parse(sheet.tables[layout.CHECKS.name].ref).bottom + 1
        workbook.defined_names["Checks_status"].attr_text = f"Checks!$A${below}"
        sheet.cell(below, 1).value = "as it was"

    again = FileBook(saved_elsewhere(book, change).getvalue(), book.name)
    columns = ("Severity", "What is wrong")
    rows = tuple(("Note", f"finding {number}") for number in range(9))
    status, checks = SetCell("Checks_status", "as it is"), SetRows("Checks", columns, rows)
    for _ in range(2):
        again.write([status, checks])
        again.must_hold(io.BytesIO(again.content()))
    assert again.says("Checks_status") == "as it is"


def test_a_quarter_with_fewer_figures_empties_nothing_of_staffs(book: FileBook) -> None:
    """Of a quarter that has not begun, Team funnel has no measure to compare teams by."""
    told = refresh(book, QUARTER.next, dry_run=True).changes
    assert told and not [change for change in told if change.endswith("emptied")]


def test_what_somebody_wrote_right_beside_a_grid_is_emptied_and_named(book: FileBook) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        header = workbook["By team"][4]
        last = max(cell.column for cell in header if cell.value is not None)
        workbook["By team"].cell(4, last + 1).value = "Our comment"
        workbook["By team"].cell(6, last + 1).value = "Ask North."

    again = FileBook(saved_elsewhere(book, change).getvalue(), book.name)
    assert refresh(again, QUARTER, dry_run=True).changes == ("By team G4:G6 emptied",)
    assert refresh(again, QUARTER).changes == ("By team G4:G6 emptied",)
    assert refresh(again, QUARTER).changes == ()
