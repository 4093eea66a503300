from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from kqi_workbook.books.cells import CellError, Content, Formula, Value
from kqi_workbook.books.ooxml.addresses import parse_cell
from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.rules import FormulaRule, lay_rules
from kqi_workbook.errors import CannotPatch, NotAWorkbook
from tests.ooxml.workbooks import (
    SHEET,
    again,
    by_openpyxl,
    edited,
    make,
    of_rows,
    opened,
    part_of,
    saved,
    with_parts,
)


def patched(data: bytes, address: str, value: Content, **options: Any) -> str:
    """The sheet's XML after one cell was set and the file was opened anew."""
    package = Package.of_bytes(data)
    package.sheet("Data").set(address, value, **options)
    return part_of(saved(package))


# ---- values


@pytest.mark.parametrize(
    "value",
    [
        *("text", " spaced ", "=HYPERLINK(1)", "a\nb\x0b_x000B_", 153, 84.1, -1e300, True, False),
        *(dt.date(2014, 3, 31), dt.datetime(2014, 3, 31, 13, 45, 30), dt.time(9, 30)),
        CellError("#N/A"),
    ],
)
def test_a_value_comes_back_as_it_went(value: Value) -> None:
    package = Package.of_bytes(make())
    package.sheet("Data").set("C3", value)
    after = again(package).sheet("Data").value("C3")
    assert after == value
    assert type(after) is type(value)


def test_a_formula_not_worked_out_yet_has_no_value() -> None:
    """XlsxWriter states its result as an empty number."""
    data = make(lambda book, sheet: sheet.write_formula("C3", '=""', None, ""))
    assert "<v></v>" in part_of(data)
    assert Package.of_bytes(data).sheet("Data").value("C3") is None


def set_block(package: Package, address: str, rows: list[list[Content]]) -> None:
    top, left = parse_cell(address)
    for row, values in enumerate(rows, top):
        for column, value in enumerate(values, left):
            package.sheet("Data").set_at(row, column, value)


def test_another_library_reads_the_same() -> None:
    package = Package.of_bytes(make())
    rows: list[list[Content]] = [
        ["=1+1", 84.1, True],
        [dt.datetime(2014, 3, 31, 12), None, "é & <b>"],
    ]
    set_block(package, "B2", rows)
    cells = by_openpyxl(saved(package))
    assert [[c.value for c in row] for row in cells["B2:D3"]] == rows
    assert cells["B2"].data_type == "s"


def test_setting_the_same_again_changes_nothing() -> None:
    package = Package.of_bytes(make())
    block: list[list[Content]] = [
        ["a", 1, 2.5, True, None],
        [dt.date(2014, 3, 31), dt.time(9), CellError("#N/A")],
    ]
    set_block(package, "A1", block)
    after = again(package)
    set_block(after, "A1", block)
    assert not after.changed
    assert saved(after) == after.data


def test_what_excel_made_a_shared_text_is_the_same_text() -> None:
    data = make(lambda book, sheet: sheet.write("A1", "shared"))
    package = Package.of_bytes(data)
    assert "inlineStr" not in part_of(data)
    package.sheet("Data").set("A1", "shared")
    assert not package.changed
    package.sheet("Data").set("A1", "Shared")
    assert package.changed


def test_rich_text_that_says_the_same_keeps_its_fonts() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_rich_string("A1", "two ", book.add_format({"bold": True}), "bold", " words")

    package = Package.of_bytes(make(fill))
    package.sheet("Data").set("A1", "two bold words")
    assert not package.changed


@pytest.mark.parametrize(("kept", "asked"), [("1", "1"), ("TRUE", 1), (1, True), ("x", None)])
def test_the_same_look_of_another_type_is_a_change(kept: Value, asked: Value) -> None:
    def fill(book: Any, sheet: Any) -> None:
        (sheet.write_string if isinstance(kept, str) else sheet.write)("A1", kept)

    package = Package.of_bytes(make(fill))
    package.sheet("Data").set("A1", asked)
    assert package.changed is (kept != asked or type(kept) is not type(asked))


def test_none_clears_the_value_and_keeps_the_format() -> None:
    data = make(lambda book, sheet: sheet.write("A1", 5, book.add_format({"bold": True})))
    assert '<c r="A1" s="1"/>' in patched(data, "A1", None)


def test_clearing_what_is_not_there_changes_nothing() -> None:
    package = Package.of_bytes(make())
    package.sheet("Data").set("A1", None)
    package.sheet("Data").set("Z9", "")
    assert not package.changed


def test_a_formula_of_the_product_is_written_with_its_result() -> None:
    package = Package.of_bytes(make())
    package.sheet("Data").set("A1", Formula('"a"&B1', "a"))
    package.sheet("Data").set("A2", Formula("SUM(B1:B9)", 4.5))
    after = again(package)
    assert after.sheet("Data").formula("A1") == '"a"&B1'
    assert after.sheet("Data").value("A1") == "a"
    assert by_openpyxl(saved(package))["A2"].value == "=SUM(B1:B9)"
    after.sheet("Data").set("A2", Formula("SUM(B1:B9)", 4.5))
    assert not after.changed


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), "x" * 32_768, object()])
def test_a_value_that_no_cell_can_hold_is_refused_with_its_cell(value: Any) -> None:
    package = Package.of_bytes(make())
    with pytest.raises(CannotPatch, match=r"^Data, B7: "):
        package.sheet("Data").set("B7", value)
    assert not package.changed


# ---- formats


def test_a_cells_own_format_stays_when_its_value_changes() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write("A1", 5, book.add_format({"num_format": "0.00%", "bg_color": "#FFFF00"}))

    data = make(fill)
    for value in (6, "text", None, dt.date(2014, 3, 31)):
        package = Package.of_bytes(data)
        package.sheet("Data").set("A1", value)
        cell = by_openpyxl(saved(package))["A1"]
        assert cell.fill.bgColor.rgb == "FFFFFF00" or cell.fill.fgColor.rgb == "FFFFFF00"
        dated = isinstance(value, dt.date)
        assert cell.number_format == ("mm-dd-yy" if dated else "0.00%")


def test_a_date_format_of_staff_stays_over_another_day() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write("A1", 5, book.add_format({"num_format": "[$-809]d mmmm yyyy;@"}))

    package = Package.of_bytes(make(fill))
    package.sheet("Data").set("A1", dt.date(2014, 3, 31))
    assert by_openpyxl(saved(package))["A1"].number_format == "[$-809]d mmmm yyyy;@"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (dt.date(2014, 3, 31), "mm-dd-yy"),  # number 14: the reader's own short date
        (dt.datetime(2014, 3, 31, 9), "m/d/yy h:mm"),
        (dt.time(9), "h:mm"),
        (84.1, "General"),
        ("text", "General"),
    ],
)
def test_a_cell_without_a_fitting_format_gets_one(value: Value, shown: str) -> None:
    package = Package.of_bytes(make())
    package.sheet("Data").set("A1", value)
    assert by_openpyxl(saved(package))["A1"].number_format == shown


def test_formats_are_added_once() -> None:
    package = Package.of_bytes(make())
    for row in range(1, 20):
        package.sheet("Data").set(f"A{row}", dt.date(2014, 3, row))
    styles = part_of(saved(package), "xl/styles.xml")
    assert '<cellXfs count="2">' in styles
    after = again(package)
    after.sheet("Data").set("B1", dt.date(2014, 3, 1))
    assert set(after.changes()) == {SHEET}


def test_a_workbook_that_counts_from_1904_shows_the_same_day() -> None:
    data = edited(make(), "xl/workbook.xml", ("<workbookPr ", '<workbookPr date1904="1" '))
    package = Package.of_bytes(data)
    assert package.date1904
    package.sheet("Data").set("A1", dt.date(2014, 3, 31))
    assert "<v>40267</v>" in part_of(saved(package))
    assert again(package).sheet("Data").value("A1") == dt.date(2014, 3, 31)
    assert by_openpyxl(saved(package))["A1"].value == dt.datetime(2014, 3, 31)


def test_a_new_cell_looks_as_its_row_or_its_column() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.set_column("B:D", 20, book.add_format({"bold": True}))
        sheet.set_row(4, 30, book.add_format({"italic": True}))

    package = Package.of_bytes(make(fill))
    for address in ("A1", "C1", "C5"):
        package.sheet("Data").set(address, "x")
    cells = by_openpyxl(saved(package))
    looks = {a: (cells[a].font.b, cells[a].font.i) for a in ("A1", "C1", "C5")}
    assert looks == {"A1": (False, False), "C1": (True, False), "C5": (False, True)}


# ---- places


def test_rows_and_cells_are_kept_in_order() -> None:
    package = Package.of_bytes(of_rows('<row r="2"><c r="B2"/></row><row r="5"><c r="C5"/></row>'))
    for address in ("D5", "A5", "A9", "B3", "A1", "AA2", "A2"):
        package.sheet("Data").set(address, 1)
    sheet = part_of(saved(package))
    assert re.findall(r'<row r="(\d+)"', sheet) == ["1", "2", "3", "5", "9"]
    assert re.findall(r'<c r="(\w+)"', sheet) == (
        ["A1", "A2", "B2", "AA2", "B3", "A5", "C5", "D5", "A9"]
    )


def test_the_extent_and_the_rows_spans_are_widened() -> None:
    data = of_rows('<row r="2" spans="2:3"><c r="B2"/></row>', before='<dimension ref="B2:C3"/>')
    sheet = patched(data, "E2", 1)
    assert '<dimension ref="B2:E3"/>' in sheet
    assert 'spans="2:5"' in sheet
    assert '<dimension ref="B2:C3"/>' in patched(data, "C3", 1)


def test_rows_and_cells_without_addresses_are_counted() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    data = of_rows(rows + '<row r="7"><c r="C7"><v>4</v></c><c><v>5</v></c></row><row><c/></row>')
    sheet = Package.of_bytes(data).sheet("Data")
    assert [sheet.value(a) for a in ("A1", "B1", "A2", "C7", "D7")] == [1, 2, 3, 4, 5]
    after = by_openpyxl(patched_bytes(data, {"B2": 9, "D7": 8, "A8": 7, "B1": 6}))
    assert [[c.value for c in row] for row in after["A1:B2"]] == [[1, 6], [3, 9]]
    assert [after[a].value for a in ("C7", "D7", "A8")] == [4, 8, 7]


def patched_bytes(data: bytes, values: dict[str, Value]) -> bytes:
    package = Package.of_bytes(data)
    for address, value in values.items():
        package.sheet("Data").set(address, value)
    return saved(package)


def test_rows_out_of_order_are_brought_into_order() -> None:
    rows = '<row r="5"><c r="A5"><v>5</v></c></row><row><c><v>6</v></c></row><row r="2"/>'
    sheet = patched(of_rows(rows), "A3", 3)
    assert re.findall(r'<row r="(\d+)"', sheet) == ["2", "3", "5", "6"]
    assert Package.of_bytes(of_rows(rows)).sheet("Data").value("A6") == 6


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="2"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="99999999999999999999"/>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="A2"/></row>',
        '<row r="1"><c r="A1"><v>1</row>',
        '<row r="1"><c r="A1"><v>x</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>9</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1"/>',
        '<odd/><row r="1"/>',
        '<odd><c r="A1"/></odd>',
        '<row r="1"><odd/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><odd/><c r="B1"/></row>',
    ],
)
def test_damaged_rows_are_refused(rows: str) -> None:
    with pytest.raises(NotAWorkbook, match="damaged"):
        Package.of_bytes(of_rows(rows)).sheet("Data").set("A1", 1)


@pytest.mark.parametrize("prefix", ["", "x"])
def test_elements_may_have_a_prefix(prefix: str) -> None:
    p = f"{prefix}:" if prefix else ""
    rows = f'<{p}row r="1"><{p}c r="A1"><{p}f>1+1</{p}f><{p}v>2</{p}v></{p}c></{p}row>'
    sheet = patched(of_rows(rows, prefix=prefix), "B1", "x")
    assert f'<{p}c r="B1" t="inlineStr"><{p}is><{p}t>x</{p}t></{p}is></{p}c></{p}row>' in sheet
    package = Package.of_bytes(of_rows(rows, prefix=prefix))
    assert package.sheet("Data").value("A1") == 2
    package.sheet("Data").set("A1", None)
    assert package.formula_removed


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        "<row r = '1'><c r = 'A1'><v>1</v></c></row>",
        "<row r='1'/><row r='3'><c r='C3'><v>1</v></c></row>",
        '<!-- <row r="1"/> --><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        '<?some program?><row r="1"><c r="A1"><v>1</v></c></row><?x <row r="1"/> ?>',
        '<row r="1"><?some program?><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>&#49;</v></c></row>',
        '\n  <row\n r="1" >\n    <c r="A1" >\n<v >1</v >\n</c>\n  </row>\n',
    ],
)
def test_any_way_to_write_xml_is_read(rows: str) -> None:
    data = of_rows(rows)
    address = "C3" if "C3" in rows else "A1"
    assert Package.of_bytes(data).sheet("Data").value(address) == 1
    after = by_openpyxl(patched_bytes(data, {"B1": 2}))
    assert (after[address].value, after["B1"].value) == (1, 2)


def test_another_encoding_is_read() -> None:
    text = part_of(of_rows('<row r="1"><c r="A1" t="str"><v>é</v></c></row>'))
    for encoding in ("utf-16", "iso-8859-1", "utf-8-sig"):
        named = text.replace("UTF-8", encoding.removesuffix("-sig"))
        data = with_parts(make(), {SHEET: named.encode(encoding)})
        assert Package.of_bytes(data).sheet("Data").value("A1") == "é"
        assert by_openpyxl(patched_bytes(data, {"B1": "è"}))["A1"].value == "é"


def test_rows_that_nobody_touches_keep_their_bytes() -> None:
    odd = '<row  r="3"   foo="1"><c   r="A3"><f>A1=\'x\'!B1</f><v>7</v></c></row>'
    sheet = patched(of_rows(f'<row r="1"/>{odd}<row r="5"/>'), "A1", 1)
    assert odd in sheet


# ---- what else a cell says


@pytest.mark.parametrize("attribute", ['cm="1"', 'vm="1"', 'ph="1"'])
def test_what_belonged_to_the_old_value_goes_with_it(attribute: str) -> None:
    data = of_rows(f'<row r="1"><c r="A1" s="0" t="e" {attribute}><v>#VALUE!</v></c></row>')
    assert '<c r="A1" s="0"><v>5</v></c>' in patched(data, "A1", 5)


def test_what_follows_a_rows_cells_stays() -> None:
    data = of_rows('<row r="1"><c r="A1"/><extLst><ext uri="x"/></extLst></row>')
    assert '</is></c><extLst><ext uri="x"/></extLst></row>' in patched(data, "A1", "x")


def shared_formulas() -> bytes:
    return of_rows(
        '<row r="1"><c r="A1"><v>1</v></c>'
        '<c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1&amp;"A1"</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"></f><v>3</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" ref="B4:B5" si="0">A4</f><v>0</v></c></row>'
        '<row r="5"><c r="B5"><f t="shared" si="0"/><v>0</v></c></row>'
    )


def test_followers_of_a_shared_formula_keep_it_when_the_first_goes() -> None:
    package = Package.of_bytes(shared_formulas())
    sheet = package.sheet("Data")
    assert [sheet.formula(f"B{n}") for n in (1, 2, 3, 5)] == [
        'A1*$A$1&"A1"',
        'A2*$A$1&"A1"',
        'A3*$A$1&"A1"',
        "A5",
    ]
    sheet.set("B1", 10)
    after = by_openpyxl(saved(package))
    assert [after[f"B{n}"].value for n in (1, 2, 3)] == [10, '=A2*$A$1&"A1"', '=A3*$A$1&"A1"']
    assert again(package).sheet("Data").formula("B5") == "A5"
    assert package.formula_removed


def test_a_follower_may_go_alone() -> None:
    package = Package.of_bytes(shared_formulas())
    package.sheet("Data").set("B2", 10)
    assert '<f t="shared" ref="B1:B3" si="0">' in part_of(saved(package))
    assert again(package).sheet("Data").formula("B3") == 'A3*$A$1&"A1"'


# ---- where a value may not go


def in_the_way(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:B2", "merged")
    sheet.write_array_formula("D1:D3", "{=A1:A3*2}")
    sheet.write_array_formula("E1:E1", "{=SUM(A1:A3*2)}")
    sheet.write_dynamic_array_formula("F1:F3", "=SEQUENCE(3)")
    sheet.add_table("H1:I3", {"columns": [{"header": "Month"}, {"header": "N"}]})


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("B1", "inside the merged cells A1:B2"),
        ("A2", "inside the merged cells A1:B2"),
        ("D1", "part of an array formula"),
        ("D3", "part of an array formula"),
        ("F2", "part of an array formula"),
        ("H1", "is the header 'Month' of table Table1"),
    ],
)
def test_a_value_is_refused_where_it_breaks_something(address: str, message: str) -> None:
    package = Package.of_bytes(make(in_the_way))
    with pytest.raises(CannotPatch, match=f"^Data, {address} .*{message}"):
        package.sheet("Data").set(address, "x")
    assert not package.changed


@pytest.mark.parametrize("address", ["A1", "C1", "E1", "D4", "H2", "I3"])
def test_a_value_is_set_beside_and_at_the_head_of_such_things(address: str) -> None:
    package = Package.of_bytes(make(in_the_way))
    package.sheet("Data").set(address, "x")
    assert again(package).sheet("Data").value(address) == "x"


def test_a_pivot_table_is_not_written_into(corpus: list[Any]) -> None:
    path = next(p for p in corpus if "PivotTables" in p.name)
    package = opened(path)
    for name in package.sheet_names:
        for part in package.related(package.sheet_part(name), "pivotTable"):
            location = package.root(part).find("{*}location")
            assert location is not None
            first = str(location.get("ref")).split(":")[0]
            with pytest.raises(CannotPatch, match="pivot table"):
                package.sheet(name).set(first, "x")
            return
    pytest.fail("the file has no pivot table")


# ---- what else is on the sheet


def test_what_stands_around_the_rows_stays() -> None:
    after = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        '2006"><mc:Choice Requires="x14"><controls/></mc:Choice></mc:AlternateContent>'
        '<tableParts count="0"/>'
    )
    package = Package.of_bytes(of_rows("", after=after))
    assert lay_rules(package.sheet("Data"), {"A1": [FormulaRule("A1=1", Look(fill="FFC7CE"))]})
    sheet = part_of(saved(package))
    order = re.findall(r"<(conditionalFormatting|mc:AlternateContent|tableParts)[ >]", sheet)
    assert order == ["conditionalFormatting", "mc:AlternateContent", "tableParts"]
