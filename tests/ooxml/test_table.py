from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from kqi_workbook.books.book import AddRows, SetRows
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import CannotPatch
from tests.ooxml.workbooks import (
    SHEET,
    again,
    by_openpyxl,
    edited,
    make,
    part_of,
    saved,
    with_parts,
    written,
)
from tests.support.validator import Fault

TABLE = "xl/tables/table1.xml"
DRAWINGS = "xl/drawings/drawing1.xml"


def commentary(book: Any, sheet: Any) -> None:
    """A table at B3:E6 with everything that goes with its rows."""
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd mmm"})
    red = book.add_format({"bg_color": "#FFC7CE"})
    columns = [
        {"header": "KQI"},
        {"header": "N"},
        {"header": "Twice", "formula": "=[@N]*2"},
        {"header": "Mine"},
    ]
    sheet.add_table("B3:E6", {"name": "Points", "columns": columns})
    for row, (kqi, number) in enumerate([("a", 1), ("b", 2), ("c", 3)], 3):
        sheet.write(row, 1, kqi, bold)
        sheet.write(row, 2, number, day)
    sheet.set_row(5, 33)
    sheet.data_validation("B4:B6", {"validate": "list", "source": ["a", "b", "c"]})
    sheet.data_validation("C4:C500", {"validate": "integer", "criteria": ">", "value": 0})
    sheet.conditional_format("B4:E6", {"type": "formula", "criteria": "=$C4>1", "format": red})
    sheet.add_sparkline("E6", {"range": "Data!B6:D6"})
    other = book.add_worksheet("Other")
    other.write_formula("A1", "=SUM(Data!C4:C6)+SUM(Data!$C$4:$C$6)+SUM(Points[N])")
    other.data_validation("A2", {"validate": "list", "source": "=Data!$B$4:$B$6"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$C$4:$C$6", "categories": "=Data!$B$4:$B$6"})
    other.insert_chart("D2", chart)
    book.define_name("Body", "=Data!$B$4:$E$6")
    book.define_name("All", "=Data!$B$3:$E$6")
    sheet.print_area("A1:F6")


ONE_ROW = SetRows("Points", ("KQI", "N"), (("z", 9),))


def rows_of(package: Package, columns: str = "BCDE") -> list[list[Any]]:
    body = package.tables["Points"].body
    sheet = package.sheet("Data")
    return [
        [sheet.value(f"{column}{row}") for column in columns]
        for row in range(body.top, body.bottom + 1)
    ]


def test_rows_are_set_by_column_name_and_the_table_fits_them() -> None:
    package = Package.of_bytes(make(commentary))
    rows = tuple((i, f"k{i}") for i in range(1, 6))
    after = written(package, SetRows("points", ("n", "KQI"), rows))
    assert str(after.tables["Points"].area) == "B3:E8"
    assert rows_of(after, "BE") == [[f"k{i}", None] for i in range(1, 6)]
    assert after.sheet("Data").formula("D8") == after.sheet("Data").formula("D4")
    assert by_openpyxl(after.data).tables["Points"].ref == "B3:E8"
    assert '<autoFilter ref="B3:E8"/>' in part_of(after.data, TABLE)


def test_what_covers_the_last_row_follows_it() -> None:
    package = Package.of_bytes(make(commentary))
    package.table("Points").resize(5)
    sheet = part_of(saved(package))
    assert 'sqref="B4:B8"' in sheet  # the drop-down
    assert 'sqref="C4:C500"' in sheet  # laid for more rows already
    assert '<conditionalFormatting sqref="B4:E8">' in sheet
    assert re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", sheet) == [
        ("Data!B6:D6", "E6"),
        ("Data!B7:D7", "E7"),
        ("Data!B8:D8", "E8"),
    ]


def test_what_refers_to_the_body_follows_it() -> None:
    package = Package.of_bytes(make(commentary))
    package.table("Points").resize(5)
    data = saved(package)
    other = part_of(data, "xl/worksheets/sheet2.xml")
    assert "<f>SUM(Data!C4:C8)+SUM(Data!$C$4:$C$8)+SUM(Points[N])</f>" in other
    assert "<formula1>Data!$B$4:$B$8</formula1>" in other
    chart = part_of(data, "xl/charts/chart1.xml")
    assert "Data!$C$4:$C$8" in chart
    assert "Data!$B$4:$B$8" in chart
    book = part_of(data, "xl/workbook.xml")
    assert ">Data!$B$4:$E$8<" in book
    assert ">Data!$B$3:$E$8<" in book
    assert ">Data!$A$1:$F$8<" in book  # the print area


@pytest.mark.parametrize("name", ["Q & A's", "Été"])
def test_formulas_follow_whatever_the_name_of_the_sheet_becomes_in_xml(name: str) -> None:
    quoted = "'" + name.replace("'", "''") + "'"

    def fill(book: Any, sheet: Any) -> None:
        book.add_worksheet(name).add_table("B3:C6", {"name": "Points"})
        sheet.write_formula("A1", f"=SUM({quoted}!C4:C6)")

    package = Package.of_bytes(make(fill))
    package.table("Points").resize(5)
    assert package.sheet("Data").formula("A1") == f"SUM({quoted}!C4:C8)"


def test_what_lies_beside_a_table_and_ends_with_it_stays_where_it_is() -> None:
    def fill(book: Any, sheet: Any) -> None:
        commentary(book, sheet)
        sheet.add_table("G3:H6", {"name": "Beside"})
        red = {"type": "no_blanks", "format": book.add_format({"bg_color": "#FFC7CE"})}
        sheet.conditional_format("G4:H6", red)
        book.define_name("Latest", "=Data!$C$6")

    package = Package.of_bytes(make(fill))
    package.table("Points").resize(5)
    after = again(package)
    assert {name: str(table.area) for name, table in after.tables.items()} == {
        "Points": "B3:E8",
        "Beside": "G3:H6",
    }
    assert 'sqref="G4:H6"' in part_of(after.data)
    assert ">Data!$C$6<" in part_of(after.data, "xl/workbook.xml")


def test_of_two_print_areas_the_one_that_ended_with_the_table_follows_it() -> None:
    area = "Data!$A$1:$F$6"
    data = edited(make(commentary), "xl/workbook.xml", (area, f"Data!$H$1:$H$9,{area}"))
    package = Package.of_bytes(data)
    package.table("Points").resize(5)
    assert ">Data!$H$1:$H$9,Data!$A$1:$F$8<" in part_of(saved(package), "xl/workbook.xml")


@pytest.mark.parametrize("sheet", ["Data", "'Data (new)'"])
def test_a_name_of_the_one_row_there_is_follows_and_what_is_worked_out_from_it_stays(
    sheet: str,
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.add_table("B3:C4", {"name": "Points"})
        book.define_name("Numbers", "=Data!$C$4")
        book.define_name("First", "=Data!$C$4*2")
        book.define_name("Product", "=Data!$C$4*Data!$B$9")
        sheet.print_area("A1:F4")

    renamed = ('name="Data"', f'name="{sheet.strip(chr(39))}"'), ("Data!", f"{sheet}!")
    package = Package.of_bytes(edited(make(fill), "xl/workbook.xml", *renamed))
    package.table("Points").resize(5)
    book = part_of(saved(package), "xl/workbook.xml")
    assert re.findall(f">{re.escape(sheet)}!([^<]+)<", book) == [
        "$C$4*2",
        "$C$4:$C$8",
        "$A$1:$F$8",
        f"$C$4*{sheet}!$B$9",
    ]


@pytest.mark.parametrize(("link", "last"), [("", 8), ('r:id="rId1"', 6)])
def test_the_source_of_a_pivot_table_follows_unless_it_is_in_another_workbook(
    link: str, last: int
) -> None:
    part = "xl/pivotCache/pivotCacheDefinition1.xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml"
    source = f'<worksheetSource ref="B3:E6" sheet="Data" {link}/>'
    cache = (
        '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<cacheSource type="worksheet">{source}</cacheSource></pivotCacheDefinition>'
    )
    override = f'<Override PartName="/{part}" ContentType="{kind}"/></Types>'
    data = edited(make(commentary), "[Content_Types].xml", ("</Types>", override))
    package = Package.of_bytes(with_parts(data, {part: cache}))
    package.table("Points").resize(5)
    assert f'ref="B3:E{last}"' in part_of(saved(package), part)


def test_a_large_sheet_that_nobody_opened_is_not_unpacked_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kqi_workbook.books.ooxml.references._LARGE", 10)
    package = Package.of_bytes(make(commentary))
    package.table("Points").resize(5)
    assert "xl/worksheets/sheet2.xml" not in package.changes()


def test_new_rows_take_formats_heights_and_formulas_of_the_last() -> None:
    package = Package.of_bytes(make(commentary))
    after = written(package, AddRows("Points", ("KQI", "N"), (("d", 4), ("e", 5))))
    cells = by_openpyxl(after.data)
    for row in (7, 8):
        assert cells[f"B{row}"].font.b
        assert cells[f"C{row}"].number_format == "dd mmm"
        assert cells.row_dimensions[row].height == 33
        assert cells[f"D{row}"].value == cells["D6"].value
        assert "N]" in cells[f"D{row}"].value


def test_a_relative_formula_of_a_calculated_column_is_moved_down() -> None:
    data = make(commentary)
    formula = re.search(r"<f>(.*?)</f>", part_of(data))
    assert formula is not None
    data = edited(data, SHEET, (formula[0], "<f>C4*$A$1</f>"))
    sheet = part_of(data)
    for row in (5, 6):
        sheet = sheet.replace(f'<c r="D{row}"><f>C4', f'<c r="D{row}"><f>C{row}')
    data = edited(data, SHEET, (part_of(data), sheet))
    package = Package.of_bytes(data)
    package.table("Points").resize(5)
    assert [package.sheet("Data").formula(f"D{row}") for row in (6, 7, 8)] == [
        "C6*$A$1",
        "C7*$A$1",
        "C8*$A$1",
    ]


def test_a_table_shrinks_and_lets_go_of_its_rows() -> None:
    package = Package.of_bytes(make(commentary))
    after = written(package, ONE_ROW)
    assert str(after.tables["Points"].area) == "B3:E4"
    sheet = after.sheet("Data")
    assert [sheet.value(f"{c}{r}") for c in "BCDE" for r in (5, 6)] == [None] * 8
    assert sheet.formula("D5") is None
    text = part_of(after.data)
    assert re.findall(r"<xm:sqref>(.*?)</xm:sqref>", text) == ["E4"]
    assert '<conditionalFormatting sqref="B4:E4">' in text
    assert ">Data!$B$4:$E$4<" in part_of(after.data, "xl/workbook.xml")


def test_a_table_that_grows_back_is_as_it_was() -> None:
    package = Package.of_bytes(make(commentary))
    package = written(package, ONE_ROW)
    package = written(package, SetRows("Points", ("KQI", "N"), (("a", 1), ("b", 2), ("c", 3))))
    before = Package.of_bytes(make(commentary))
    assert [row[0] for row in rows_of(package)] == [row[0] for row in rows_of(before)]
    for part in ("xl/workbook.xml", TABLE, "xl/charts/chart1.xml", "xl/worksheets/sheet2.xml"):
        assert part_of(saved(package), part).split() == part_of(before.data, part).split()


def test_an_emptied_table_keeps_one_blank_row() -> None:
    package = Package.of_bytes(make(commentary))
    after = written(package, SetRows("Points", ("KQI", "N"), ()))
    assert after.tables["Points"].body.height == 1
    assert rows_of(after, "BC") == [[None, None]]
    after = written(after, AddRows("Points", ("KQI",), (("first",),)))
    assert after.tables["Points"].body.height == 1
    assert rows_of(after, "B") == [["first"]]


def test_the_same_rows_again_change_nothing() -> None:
    rows = (("x", dt.date(2014, 3, 31)), ("y", None), (None, 2.5))
    once = written(Package.of_bytes(make(commentary)), SetRows("Points", ("KQI", "N"), rows))
    assert written(once, SetRows("Points", ("KQI", "N"), rows)).data == once.data


@pytest.mark.parametrize(
    ("cell", "typed", "kept"),
    [
        ("B6", "typed", 3),
        ("E5", "=1+1", 2),  # a formula of that cell alone
        ("D5", "typed over the column's formula", 2),
        ("A5", "beside the table", 1),
        ("F6", "beside the table", 1),
    ],
)
def test_a_table_shrinks_to_the_last_row_that_holds_something(
    cell: str, typed: str, kept: int
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        twice = [{"header": "KQI"}, {"header": "N"}, {"header": "Twice", "formula": "=[@N]*2"}]
        sheet.add_table("B3:E6", {"name": "Points", "columns": [*twice, {"header": "Mine"}]})
        sheet.write(cell, typed)

    package = Package.of_bytes(make(fill))
    if kept > 1:
        with pytest.raises(CannotPatch, match=f"Data, row {kept + 3}: .* cannot shrink"):
            package.table("Points").resize(kept - 1)
    package.table("Points").resize(kept)
    assert str(again(package).tables["Points"].body) == f"B4:E{kept + 3}"
    left = again(package).sheet("Data")
    assert typed.lstrip("=") in (left.value(cell), left.formula(cell))


def test_what_staff_typed_into_other_columns_is_never_dropped() -> None:
    def with_a_note(book: Any, sheet: Any) -> None:
        commentary(book, sheet)
        sheet.write("E5", "my own note")

    data = make(with_a_note)
    package = Package.of_bytes(data)
    after = written(package, ONE_ROW)
    assert str(after.tables["Points"].body) == "B4:E5"
    assert rows_of(after, "BE") == [["z", None], [None, "my own note"]]
    with pytest.raises(CannotPatch, match=r"Data, row 5: table Points cannot shrink to 1 rows"):
        after.table("Points").resize(1)


def test_rows_are_appended_after_the_last_that_holds_anything() -> None:
    package = Package.of_bytes(make(commentary))
    package.table("Points").resize(6)
    after = written(package, AddRows("Points", ("KQI",), (("d",), ("e",))))
    assert rows_of(after, "B") == [["a"], ["b"], ["c"], ["d"], ["e"], [None]]


# ---- totals and what lies below


def with_totals(book: Any, sheet: Any) -> None:
    columns = [{"header": "KQI", "total_string": "Total"}, {"header": "N", "total_function": "sum"}]
    data = [["a", 1], ["b", 2]]
    options = {"name": "Points", "total_row": True, "columns": columns, "data": data}
    sheet.add_table("B3:C6", options)
    sheet.write_formula("E1", "=$C$6+SUM(C4:C6)+SUM(C4:C5)")
    sheet.conditional_format("B4:C6", {"type": "no_blanks"})


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_a_totals_row_stays_last(count: int) -> None:
    package = Package.of_bytes(make(with_totals))
    rows = tuple((f"k{i}", i) for i in range(count))
    data = written(package, SetRows("Points", ("KQI", "N"), rows)).data
    last = 4 + count
    assert f'ref="B3:C{last}"' in part_of(data, TABLE)
    assert f'<autoFilter ref="B3:C{last - 1}"/>' in part_of(data, TABLE)
    assert f'<conditionalFormatting sqref="B4:C{last}">' in part_of(data)
    after = Package.of_bytes(data).sheet("Data")
    assert after.value(f"B{last}") == "Total"
    assert after.formula(f"C{last}") == "SUBTOTAL(109,[N])"
    assert after.formula("E1") == (f"$C${last}+SUM(C4:C{last})+SUM(C4:C{last - 1})")
    assert [after.value(f"B{row}") for row in range(4, last)] == [f"k{i}" for i in range(count)]
    if count < 2:
        assert after.value("B6") is None


def with_notes(book: Any, sheet: Any) -> None:
    columns = [{"header": "KQI"}, {"header": "N"}]
    sheet.add_table("B3:C5", {"name": "Points", "columns": columns})
    sheet.write("B8", "A note of staff", book.add_format({"italic": True}))
    sheet.write_formula("C9", "=SUM(C4:C5)+B8+E9")
    sheet.write("E9", "beside it")
    sheet.merge_range("B10:C10", "merged")
    sheet.write_url("B11", "internal:Data!A1", string="a link")
    book.add_worksheet("Other").write_formula("A1", "=Data!$C$9+Data!E9+SUM(Data!B:B)")


def test_a_table_grows_over_blank_rows_without_moving_anything() -> None:
    package = Package.of_bytes(make(with_notes))
    package.table("Points").resize(3)
    assert package.sheet("Data").value("B8") == "A note of staff"


def test_what_lies_below_makes_room_with_all_that_refers_to_it() -> None:
    package = Package.of_bytes(make(with_notes))
    package.table("Points").resize(6)
    data = saved(package)
    cells = by_openpyxl(data)
    assert cells["B12"].value == "A note of staff"
    assert cells["B12"].font.i
    assert cells["C13"].value == "=SUM(C4:C9)+B12+E9"
    assert cells["E9"].value == "beside it"
    assert [str(area) for area in cells.merged_cells.ranges] == ["B14:C14"]
    assert cells["B15"].hyperlink.location == "Data!A1"
    assert cells["B8"].value is None
    assert by_openpyxl(data, "Other")["A1"].value == "=Data!$C$13+Data!E9+SUM(Data!B:B)"


def test_an_array_formula_of_one_cell_and_a_dismissed_warning_make_room_too() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.add_table("B3:C5", {"name": "Points", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write_dynamic_array_formula("B7", "=SUM(--(C4:C5>1))", None, 1)
        sheet.write_array_formula("C7", "{=SUM(B7*2)}", None, 2)
        sheet.write_string("B8", "007")
        sheet.ignore_errors({"number_stored_as_text": "B8 E8 B4:B5"})

    package = Package.of_bytes(make(fill))
    package.table("Points").resize(4)
    sheet = part_of(saved(package))
    assert '<c r="B9" cm="1"><f t="array" ref="B9">SUM(--(C4:C7&gt;1))</f><v>1</v></c>' in sheet
    assert '<c r="C9"><f t="array" ref="C9">SUM(B9*2)</f><v>2</v></c>' in sheet
    assert '<ignoredError sqref="B10 E8 B4:B7"' in sheet


IN_THE_WAY: dict[str, tuple[Any, str]] = {
    "a blank table without a header": (
        lambda b, s: s.add_table("C8:D9", {"name": "Below", "header_row": False}),
        "table Below is at C8:D9",
    ),
    "another table": (
        lambda b, s: s.add_table("C8:D9", {"name": "Below"}),
        "table Below is at C8:D9",
    ),
    "a table that would have to move": (
        lambda b, s: [s.write("B7", "x"), s.add_table("C20:D22", {"name": "Below"})],
        "table Below is at C20:D22",
    ),
    "an array formula": (
        lambda b, s: s.write_array_formula("B7:B8", "{=C4:C5}"),
        "B7:B8 is an array formula",
    ),
    "a merge across its edge": (
        lambda b, s: s.merge_range("C7:D7", "wide"),
        "merged cells lie over C7:D7",
    ),
    "a note": (lambda b, s: [s.write("B7", "x"), s.write_comment("B7", "note")], "has a comment"),
    "a drop-down": (
        lambda b, s: [
            s.write("B7", "x"),
            s.data_validation("B7", {"validate": "list", "source": ["x"]}),
        ],
        "a drop-down or other validation lies over B7",
    ),
    "a sparkline of something else": (
        lambda b, s: [s.write("B7", "x"), s.add_sparkline("C7", {"range": "Data!A1:A9"})],
        "a sparkline lies over C7",
    ),
    "a formula over a part of it": (
        lambda b, s: [s.write("B7", "x"), s.write_formula("F1", "=COUNTA(B7:E7)")],
        "refers to B7:E7",
    ),
}


@pytest.mark.parametrize(("fill", "message"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_room_is_refused_where_something_would_be_lost(fill: Any, message: str) -> None:
    def all_of_it(book: Any, sheet: Any) -> None:
        sheet.add_table("B3:C5", {"name": "Points", "columns": [{"header": "a"}, {"header": "b"}]})
        fill(book, sheet)

    package = Package.of_bytes(make(all_of_it))
    with pytest.raises(CannotPatch, match=message) as refusal:
        package.table("Points").resize(6)
    assert str(refusal.value).startswith("Data")
    assert not package.changed


def test_sparklines_laid_ahead_of_their_rows_wait_where_they_are() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.add_table("B3:C5", {"name": "Points", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write("B7", "moves")
        for row in range(4, 9):
            sheet.add_sparkline(f"C{row}", {"range": f"Data!F{row}:J{row}"})

    package = Package.of_bytes(make(fill))
    package.table("Points").resize(5)
    assert package.sheet("Data").value("B10") == "moves"
    lines = re.findall("<xm:f>(.*?)</xm:f><xm:sqref>(.*?)<", part_of(saved(package)))
    assert sorted(lines) == [(f"Data!F{row}:J{row}", f"C{row}") for row in range(4, 9)]


@pytest.mark.parametrize(
    ("cells", "count", "expected"),
    [
        (["E4", "E5", "E6"], 5, ["E4", "E5", "E6", "E7", "E8"]),
        (["E4", "E5", "E6"], 2, ["E4", "E5"]),
        (["E5", "E6"], 1, ["E4"]),
        # in an upper row alone, or beside the table
        (["E4"], 5, ["E4"]),
        (["A6", "F6", "E6"], 5, ["A6", "E6", "E7", "E8", "F6"]),
        (["A6", "F6", "E4"], 1, ["A6", "E4", "F6"]),
    ],
)
def test_a_row_has_one_sparkline_of_its_own_figures(
    cells: list[str], count: int, expected: list[str]
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.add_table("B3:E6", {"name": "Points"})
        sheet.add_sparkline(cells[0], {"location": cells, "range": [source(at) for at in cells]})

    def source(cell: str) -> str:
        return f"Data!H{cell[1:]}:J{cell[1:]}"

    package = Package.of_bytes(make(fill))
    package.table("Points").resize(count)
    lines = re.findall("<xm:f>(.*?)</xm:f><xm:sqref>(.*?)<", part_of(saved(package)))
    assert sorted(lines, key=lambda line: line[1]) == [(source(at), at) for at in expected]


def test_a_totals_row_that_cannot_move_is_refused_before_anything_moves() -> None:
    def fill(book: Any, sheet: Any) -> None:
        with_totals(book, sheet)
        sheet.write("B8", "a note")
        sheet.write_formula("F1", "=SUM(A6:Z6)")

    for count in (3, 9):
        package = Package.of_bytes(make(fill))
        with pytest.raises(CannotPatch, match="refers to A6:Z6"):
            package.table("Points").resize(count)
        assert not package.changed


def test_a_totals_row_that_cannot_move_up_is_refused_too() -> None:
    def fill(book: Any, sheet: Any) -> None:
        columns = [{"header": "KQI", "total_string": "Total"}, {"header": "N"}]
        sheet.add_table("B3:C6", {"name": "Points", "total_row": True, "columns": columns})
        sheet.write_formula("F1", "=SUM(A6:Z6)")

    package = Package.of_bytes(make(fill))
    with pytest.raises(CannotPatch, match="refers to A6:Z6"):
        package.table("Points").resize(1)
    assert not package.changed


def test_cells_are_guarded_where_they_have_moved_to() -> None:
    package = Package.of_bytes(make(with_notes))
    sheet = package.sheet("Data")
    with pytest.raises(CannotPatch, match="merged"):
        sheet.set("C10", "x")
    package.table("Points").resize(6)
    sheet.set("C10", "x")
    with pytest.raises(CannotPatch, match="merged cells B14:C14"):
        sheet.set("C14", "x")


def test_a_column_of_dynamic_formulas_goes_on_with_such() -> None:
    def fill(book: Any, sheet: Any) -> None:
        same = "=SUM(FILTER([a],[a]=[@a]))"
        columns = [{"header": "a"}, {"header": "Same", "formula": same}]
        sheet.add_table("B3:C4", {"name": "Points", "columns": columns})
        sheet.write_dynamic_array_formula("C4", same, None, 1)

    array = ("<calculatedColumnFormula", '<calculatedColumnFormula array="1"')
    data = edited(make(fill), TABLE, array)
    package = Package.of_bytes(data)
    package.table("Points").resize(2)
    assert '<c r="C5" cm="1"><f t="array" ref="C5">' in part_of(saved(package))


def test_a_relative_formula_that_no_cell_shows_is_not_guessed() -> None:
    data = make(commentary)
    for row in (4, 5, 6):
        cell = re.search(rf'<c r="D{row}">.*?</c>', part_of(data))
        assert cell is not None
        data = edited(data, SHEET, (cell[0], f'<c r="D{row}"/>'))
    stated = re.search(r"<calculatedColumnFormula>.*?<", part_of(data, TABLE))
    assert stated is not None
    for formula, filled in (("C4*2", None), ("$C$1*2", "$C$1*2")):
        changed = (stated[0], f"<calculatedColumnFormula>{formula}<")
        package = Package.of_bytes(edited(data, TABLE, changed))
        package.table("Points").resize(4)
        assert package.sheet("Data").formula("D7") == filled


def test_a_height_that_excel_chose_is_not_passed_on() -> None:
    data = edited(make(commentary), SHEET, (' customHeight="1"', ""))
    assert ' ht="33"' in part_of(data)
    package = Package.of_bytes(data)
    package.table("Points").resize(4)
    assert part_of(saved(package)).count(' ht="33"') == 1


def test_a_table_that_waits_for_its_first_row_waits_no_more() -> None:
    data = edited(make(commentary), TABLE, ("<table ", '<table insertRow="1" '))
    package = Package.of_bytes(data)
    after = written(package, AddRows("Points", ("KQI",), (("d",),)))
    assert "insertRow" not in part_of(after.data, TABLE)


EXTENDED = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14="http://schemas.microsoft.'
    'com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1" xmlns:xm="http://schemas.'
    'microsoft.com/office/excel/2006/main"><x14:dataValidation type="list"><x14:formula1><xm:f>'
    "Other!$A$1:$A$9</xm:f></x14:formula1><xm:sqref>D4:D6 A1</xm:sqref></x14:dataValidation>"
    "</x14:dataValidations></ext>"
)


def test_extended_validations_and_other_areas_follow_too() -> None:
    data = edited(
        make(commentary),
        SHEET,
        ("<extLst>", EXTENDED),
        (
            "<pageMargins",
            '<ignoredErrors><ignoredError sqref="A4:C6 B4:Z6"/></ignoredErrors><pageMargins',
        ),
    )
    package = Package.of_bytes(data)
    package.table("Points").resize(5)
    sheet = part_of(saved(package))
    assert "<xm:sqref>D4:D8 A1</xm:sqref>" in sheet
    assert '<ignoredError sqref="A4:C6 B7:C8 B4:Z6 B7:E8"/>' in sheet  # wider than the table
    shrunk = part_of(written(Package.of_bytes(data), ONE_ROW).data)
    assert '<ignoredError sqref="A4:C6 B4:Z6"/>' in shrunk


def test_what_followed_once_follows_again() -> None:
    package = Package.of_bytes(make(commentary))
    for count in (5, 9, 4):
        package.table("Points").resize(count)
    data = saved(package)
    assert "Data!$C$4:$C$7" in part_of(data, "xl/charts/chart1.xml")
    assert "SUM(Data!$C$4:$C$7)" in part_of(data, "xl/worksheets/sheet2.xml")
    assert 'sqref="B4:B7"' in part_of(data)


def test_a_table_does_not_grow_past_the_end_of_the_sheet() -> None:
    package = Package.of_bytes(make(commentary))
    with pytest.raises(CannotPatch, match="past the sheet's end"):
        package.table("Points").resize(1_048_574)


def test_a_shared_formula_below_moves_as_what_it_says() -> None:
    data = make(with_notes)
    row = re.search(r'<row r="9".*?</row>', part_of(data))
    assert row is not None
    shared = (
        '<row r="9"><c r="B9"><f t="shared" ref="B9:C9" si="0">B1+1</f><v>1</v></c>'
        '<c r="C9"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    package = Package.of_bytes(edited(data, SHEET, (row[0], shared)))
    package.table("Points").resize(6)
    sheet = again(package).sheet("Data")
    assert [sheet.formula("B13"), sheet.formula("C13")] == ["B1+1", "C1+1"]


def test_what_shared_formulas_of_another_sheet_say_of_it_follows_it() -> None:
    """A shared formula is stated once, for its first cell; this one's names no cell that moves."""
    other = "xl/worksheets/sheet2.xml"
    data = make(with_notes)
    row = re.search(r"<sheetData>.*?</sheetData>", part_of(data, other))
    assert row is not None
    shared = (
        '<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:A8" si="0">Data!B1</f></c></row>'
        '<row r="8"><c r="A8"><f t="shared" si="0"/></c></row></sheetData>'
    )
    package = Package.of_bytes(edited(data, other, (row[0], shared)))
    package.table("Points").resize(6)
    sheet = again(package).sheet("Other")
    assert [sheet.formula("A1"), sheet.formula("A8")] == ["Data!B1", "Data!B12"]


def test_sorting_and_filters_of_the_table_follow() -> None:
    sort = '<sortState ref="B4:E6"><sortCondition ref="C4:C6"/></sortState><tableColumns'
    data = edited(make(commentary), TABLE, ("<tableColumns", sort))
    package = Package.of_bytes(data)
    package.table("Points").resize(5)
    table = part_of(saved(package), TABLE)
    assert '<sortState ref="B4:E8"><sortCondition ref="C4:C8"/>' in table


def test_a_grown_table_is_valid(validator: Any, tmp_path: Any) -> None:
    faults: list[Fault] = []
    for fill in (commentary, with_totals, with_notes):
        package = Package.of_bytes(make(fill))
        package.table("Points").resize(9)
        path = tmp_path / f"{fill.__name__}.xlsx"
        path.write_bytes(saved(package))
        faults += validator(path)
        package = again(package)
        package.table("Points").resize(4)
        path.write_bytes(saved(package))
        faults += validator(path)
    assert faults == []
