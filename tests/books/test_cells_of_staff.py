"""What staff write beside and below a table of ours, as its rows come, go and change places."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from kqi_workbook.books.book import AddRows, SetArea, SetRows, Update
from kqi_workbook.books.cells import Formula
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import CannotPatch
from tests.ooxml.workbooks import SHEET, by_openpyxl, edited, make, part_of

KEYS = ("a",)
NEW_FIRST = SetRows("Points", ("a", "b"), (("new", 0), ("k4", 4), ("k5", 5), ("k6", 6)), KEYS)
FEWER = SetRows("Points", ("a", "b"), (("k4", 4), ("k5", 5)), KEYS)
ADDED = AddRows("Points", ("a", "b"), (("new", 7), ("newer", 8)))


def points(fill: Callable[[Any, Any], object], formula: str = "") -> bytes:
    """A table at B3:D6 on Data, whose column Mine is staff's own."""

    def build(book: Any, sheet: Any) -> None:
        mine = {"header": "Mine", **({"formula": formula} if formula else {})}
        sheet.add_table(
            "B3:D6", {"name": "Points", "columns": [{"header": "a"}, {"header": "b"}, mine]}
        )
        for row in (4, 5, 6):
            sheet.write(f"B{row}", f"k{row}")
            sheet.write(f"C{row}", row)
        fill(book, sheet)

    return make(build)


def after(data: bytes, *updates: Update) -> bytes:
    """The file after these updates, which holds what was meant when it is read back."""
    book = FileBook(data, "x.xlsx")
    book.write(updates)
    saved = book.content()
    book.must_hold(io.BytesIO(saved))
    return saved


def mine(data: bytes, last: int = 8) -> list[object]:
    sheet = by_openpyxl(data)
    return [sheet[f"D{row}"].value for row in range(4, last + 1)]


@pytest.mark.parametrize("update", [ADDED, NEW_FIRST, FEWER])
def test_a_share_of_all_rows_stays_one(update: Update) -> None:
    def shares(book: Any, sheet: Any) -> None:
        for row in (4, 5, 6):
            sheet.write_formula(f"D{row}", f"=C{row}/SUM($C$4:$C$6)")

    data = after(points(shares), update)
    last = by_openpyxl(data).tables["Points"].ref[-1]
    formulas = [f"=C{row}/SUM($C$4:$C${last})" for row in range(4, min(int(last), 6) + 1)]
    assert mine(data)[: len(formulas)] == formulas


def test_a_formula_that_goes_with_its_row_names_what_moved_meanwhile() -> None:
    def factor_below(book: Any, sheet: Any) -> None:
        sheet.write_formula("D4", "=C4*$C$8+SUM($C$4:$C$6)")
        sheet.write("D5", "typed")
        sheet.write("C8", 100)

    data = after(points(factor_below), NEW_FIRST)
    assert mine(data) == [None, "=C5*$C$9+SUM($C$4:$C$7)", "typed", None, None]
    assert by_openpyxl(data)["C9"].value == 100


def test_a_cell_goes_with_its_row_as_it_is_with_format_result_link_and_note() -> None:
    def various(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_formula("D4", "=C4+40000", day, 40004)
        yellow = book.add_format({"bg_color": "#FFFF00"})
        sheet.write_url("D5", "https://example.org/k5", yellow, "evidence for k5")
        sheet.write("D6", "plain")
        sheet.write_comment("D5", "seen on Monday")

    data = after(points(various), NEW_FIRST)
    sheet = by_openpyxl(data)
    assert mine(data) == [None, "=C5+40000", "evidence for k5", "plain", None]
    assert sheet["D5"].number_format == "dd/mm/yyyy"
    assert sheet["D6"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet["D6"].hyperlink.target == "https://example.org/k5"
    assert sheet["D5"].hyperlink is None
    assert "seen on Monday" in sheet["D6"].comment.text
    assert sheet["D5"].comment is None
    assert "<f>C5+40000</f><v>40004</v>" in part_of(data)


REVERSED = SetRows("Points", ("a", "b"), (("k6", 6), ("k5", 5), ("k4", 4)), KEYS)


@pytest.mark.parametrize(
    ("marked", "update", "expected"),
    [
        ("D4", REVERSED, ["D6"]),
        ("D5", NEW_FIRST, ["D6"]),
        ("D4 D5 D6", NEW_FIRST, ["D4", "D5", "D6", "D7"]),  # so the column looks
        ("D5", FEWER, ["D5"]),
    ],
)
def test_a_mark_goes_with_its_row_and_stays_nowhere_else(
    marked: str, update: Update, expected: list[str]
) -> None:
    def mark(book: Any, sheet: Any) -> None:
        yellow = book.add_format({"bg_color": "#FFFF00"})
        for number, cell in enumerate(marked.split()):
            if number == 0:
                sheet.write(cell, "late", yellow)
            else:
                sheet.write_blank(cell, None, yellow)

    once = after(points(mark), update)
    for data in (once, after(once, update)):
        cells = [cell for row in by_openpyxl(data)["D4:D8"] for cell in row]
        found = [cell.coordinate for cell in cells if cell.fill.fgColor.rgb == "FFFFFF00"]
        assert found == expected


def test_an_array_formula_that_goes_with_its_row_stays_one() -> None:
    def arrays(book: Any, sheet: Any) -> None:
        sheet.write("D4", "typed")
        sheet.write_array_formula("D5:D5", "{=SUM(IF($C$4:$C$6>4,1,0))}", None, 2)
        sheet.write_dynamic_array_formula("D6", "=SUM(FILTER(C4:C6,C4:C6>5))", None, 6)

    rows = part_of(after(points(arrays), NEW_FIRST))
    assert '<c r="D6"><f t="array" ref="D6">SUM(IF($C$4:$C$7&gt;4,1,0))</f>' in rows
    assert re.search(r'<c r="D7" cm="1"><f t="array" ref="D7">SUM\(_xlfn', rows)


def test_a_row_that_comes_in_gets_the_formula_of_a_calculated_column() -> None:
    data = after(points(lambda book, sheet: sheet.write("D5", "other"), "=[@b]*2"), NEW_FIRST)
    assert mine(data, 7) == [
        "=[[#This Row],b]*2",
        "=[[#This Row],b]*2",
        "other",
        "=[[#This Row],b]*2",
    ]


def test_a_formula_in_a_row_that_is_carried_over_stays_one() -> None:
    def typed(book: Any, sheet: Any) -> None:
        sheet.write_formula("C4", "=50+5", None, 55)
        sheet.write_formula("C5", "=2*C4", None, 110)

    rows = (("new", 1), ("k4", 55), ("k5", 110), ("k6", 6))
    data = after(points(typed), SetRows("Points", ("a", "b"), rows, KEYS, carried=3))
    sheet = Package.of_bytes(data).sheet("Data")
    found = [sheet.content_at(row, 3) for row in range(4, 8)]
    assert found == [1, Formula("50+5", 55), Formula("2*C5", 110), 6]
    flat = after(points(typed), SetRows("Points", ("a", "b"), rows, KEYS))
    assert Package.of_bytes(flat).sheet("Data").content_at(5, 3) == 55


def test_rows_that_were_hidden_are_seen_when_they_come_back() -> None:
    def hide(book: Any, sheet: Any) -> None:
        for row in (5, 6):
            sheet.set_row(row - 1, None, None, {"hidden": True})

    shorter = after(points(hide), SetRows("Points", ("a", "b"), (("k4", 4),), KEYS))
    longer = after(shorter, NEW_FIRST)
    hidden = re.findall(r'<row r="(\d)"[^>]*hidden="1"', part_of(longer))
    assert hidden == []


def test_rows_that_are_rewritten_are_seen_whatever_a_filter_hid() -> None:
    def hide(book: Any, sheet: Any) -> None:
        for row in (4, 5, 6):
            sheet.set_row(row - 1, None, None, {"hidden": True})

    rows = SetRows("Points", ("a", "b"), (("k4", 4), ("other", 5), ("k6", 6)), KEYS)
    by_hand = points(hide)
    only = '<filterColumn colId="0"><filters><filter val="k9"/></filters></filterColumn>'
    filtered = edited(
        by_hand,
        "xl/tables/table1.xml",
        ('<autoFilter ref="B3:D6"/>', f'<autoFilter ref="B3:D6">{only}</autoFilter>'),
    )
    for data, expected in ((filtered, ["4", "6"]), (by_hand, ["4", "5", "6"])):
        hidden = re.findall(r'<row r="(\d)"[^>]*hidden="1"', part_of(after(data, rows)))
        assert hidden == expected


def test_a_row_that_a_filter_hid_is_as_high_as_its_new_text_when_it_is_seen() -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.write("B5", "k5", book.add_format({"text_wrap": True}))
        sheet.set_row(4, None, None, {"hidden": True})

    only = '<filterColumn colId="0"><filters><filter val="k4"/></filters></filterColumn>'
    filtered = edited(
        points(hide),
        "xl/tables/table1.xml",
        ('<autoFilter ref="B3:D6"/>', f'<autoFilter ref="B3:D6">{only}</autoFilter>'),
    )
    rows = (("k4", 4), ("One line.\nAnother.\nA third.", 5), ("k6", 6))
    again = by_openpyxl(after(filtered, SetRows("Points", ("a", "b"), rows, KEYS)))
    row = again.row_dimensions[5]
    assert not row.hidden and row.height > 40


@pytest.mark.parametrize("filtered", [True, False])
def test_rows_of_a_grid_that_are_rewritten_are_seen_whatever_a_filter_hid(filtered: bool) -> None:
    def grid(book: Any, sheet: Any) -> None:
        book.define_name("Grid", "=Data!$A$1:$B$9")
        for row, cells in enumerate((("KQI", "All"), (1, "A 85%"), (2, "G 95%"), (3, "G 96%"))):
            sheet.write_row(row, 0, cells)
        if filtered:
            sheet.autofilter("A1:B4")
            sheet.filter_column("B", 'x == "A*"')
        for row in (2, 3):
            sheet.set_row(row, None, None, {"hidden": True})

    worse = SetArea("Grid", (("KQI", "All"), (1, "A 85%"), (2, "R 40%"), (3, "G 96%")))
    hidden = re.findall(r'<row r="(\d)"[^>]*hidden="1"', part_of(after(make(grid), worse)))
    assert hidden == (["4"] if filtered else ["3", "4"])


def test_a_table_does_not_grow_over_merged_cells_though_blank() -> None:
    data = points(lambda book, sheet: sheet.merge_range("D8:E8", ""))
    with pytest.raises(CannotPatch, match=r"needs B7:D8 .* the cells D8:E8 are merged"):
        FileBook(data, "x.xlsx").write([ADDED])


def test_a_stray_cell_at_the_sheets_end_is_named_where_it_cannot_move_down() -> None:
    def stray(book: Any, sheet: Any) -> None:
        sheet.write("B8", "note")
        sheet.write("C1048576", "stray")

    with pytest.raises(CannotPatch, match=r"Data, C1048576 is filled.* Delete it or move it up\."):
        FileBook(points(stray), "x.xlsx").write([ADDED])


def test_a_list_with_a_filter_below_is_not_moved_from_under_it() -> None:
    def filtered(book: Any, sheet: Any) -> None:
        sheet.write("B8", "list")
        sheet.autofilter("B8:C11")

    with pytest.raises(CannotPatch, match="a filter lies over B8:C11"):
        FileBook(points(filtered), "x.xlsx").write([ADDED])


def test_links_of_text_boxes_and_stored_column_formulas_follow_too() -> None:
    def elsewhere(book: Any, sheet: Any) -> None:
        sheet.write("B8", "note")
        other = book.add_worksheet("Other")
        other.insert_textbox("F1", "x", {"textlink": "=Data!$B$8"})
        counted = {"header": "y", "formula": "=COUNTIF(Data!$B$4:$B$6,[@x])"}
        other.add_table("A1:B3", {"name": "Theirs", "columns": [{"header": "x"}, counted]})

    data = after(points(elsewhere), ADDED)
    assert by_openpyxl(data)["B10"].value == "note"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b'textlink="Data!$B$10"' in parts.read("xl/drawings/drawing1.xml")
        assert b"COUNTIF(Data!$B$4:$B$8," in parts.read("xl/tables/table2.xml")


def test_the_range_of_a_chart_from_which_rows_are_filtered_follows_too() -> None:
    def chart(book: Any, sheet: Any) -> None:
        drawn = book.add_chart({"type": "line"})
        drawn.add_series({"values": "=Data!$C$4:$C$6"})
        sheet.insert_chart("G1", drawn)

    full = (
        '<c:extLst><c:ext uri="{02D57815-91ED-43cb-92C2-25804820EDAC}" '
        'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart"><c15:fullRef>'
        "<c15:sqref>Data!$C$4:$C$6</c15:sqref></c15:fullRef></c:ext></c:extLst></c:numRef>"
    )
    part = "xl/charts/chart1.xml"
    data = after(edited(points(chart), part, ("</c:numRef>", full)), ADDED)
    assert re.findall(r">(Data!\$C[^<]*)<", part_of(data, part)) == ["Data!$C$4:$C$8"] * 2


def test_a_format_of_the_last_row_alone_stays_with_its_row_when_the_table_shrinks() -> None:
    def marked(book: Any, sheet: Any) -> None:
        red = {"type": "formula", "criteria": '=$B6="Error"', "format": book.add_format()}
        sheet.conditional_format("B6:D6", red)

    rows = part_of(after(points(marked), FEWER), SHEET)
    assert re.search(r'sqref="B6:D6"><cfRule[^>]*><formula>\$B6="Error"', rows)


def test_a_table_that_loses_blank_rows_alone_has_changed() -> None:
    data = points(lambda book, sheet: sheet.write("B6", ""))
    book = FileBook(data, "x.xlsx")
    book.write([SetRows("Points", ("a", "b"), (("k4", 4), ("k5", 5), (None, None)), KEYS)])
    written = FileBook(book.content(), "x.xlsx").write([FEWER])
    assert (written.cells, written.changed) == (0, True)
