"""Reading Excel tables: every value as it stands in the workbook, and nothing lost on the way."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kqi_workbook.books.cells import CellError, TableCells, Value
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.reading import read_tables
from kqi_workbook.books.ooxml.shared_strings import shared_strings
from kqi_workbook.books.ooxml.tree_scan import NOT_CALCULATED
from kqi_workbook.errors import KQIWorkbookError, LayoutError, NotAWorkbook
from tests.ooxml.workbooks import make, opened

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHARED = (
    "<si><t>CP plans</t></si>"
    "<si><t>A&amp;A</t></si>"
    '<si><t xml:space="preserve">  two spaces </t></si>'
    "<si><r><t>Rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>"
    "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
    "<si><t>line_x000B_break _x005F_x000B_</t></si>"
    "<si><t></t></si>"
    "<si><t/></si>"
)
GENERAL, DATE, PERCENT, MONTH, TIME, MOMENT = range(6)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="mmm\\ yyyy"/></numFmts><cellXfs count="6">'
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 10, 164, 20, 22))
    + "</cellXfs></styleSheet>"
)


def workbook(
    sheet_data: str,
    *,
    ref: str = "A1:B3",
    headers: Sequence[str] = ("Team", "Numerator"),
    table: str = "",
    workbook_properties: str = "",
    make_part: Callable[[str], bytes] = str.encode,
) -> Package:
    """A workbook whose one sheet holds these rows and, over them, one table."""

    def links(*kinds: tuple[str, str]) -> str:
        return (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(
                f'<Relationship Id="rId{i}" Type="{LINKS}/{kind}" Target="{target}"/>'
                for i, (kind, target) in enumerate(kinds)
            )
            + "</Relationships>"
        )

    columns = "".join(f'<tableColumn id="{i}" name="{h}"/>' for i, h in enumerate(headers, 1))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>'
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{workbook_properties}'
        '<sheets><sheet name="Purple book" sheetId="1" r:id="rId0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(
            ("worksheet", "sheet1.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{SHARED}</sst>',
        "xl/styles.xml": STYLES,
        "xl/_rels/sheet1.xml.rels": links(("table", "table1.xml")),
        "xl/table1.xml": f'<table xmlns="{MAIN}" id="1" name="PurpleBook" displayName="PurpleBook" '
        f'ref="{ref}" {table}><tableColumns>{columns}</tableColumns></table>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        archive.writestr("xl/sheet1.xml", make_part(sheet))
    return Package.of_bytes(file.getvalue(), "scorecard.xlsx")


def read_table(package: Package, name: str) -> TableCells:
    return read_tables(package, [name])[name]


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}" spans="1:2">{"".join(cells)}</row>'


def number(address: str, value: object, style: int = GENERAL) -> str:
    styled = f' s="{style}"' if style else ""
    return f'<c r="{address}"{styled}><v>{value}</v></c>'


PLAIN_ROWS = (
    row(1, '<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>1</v></c>')
    + row(2, '<c r="A2" t="s"><v>0</v></c>', number("B2", 84))
    + row(3, '<c r="A3" t="s"><v>1</v></c>', number("B3", "84.5"))
)
PLAIN_VALUES = {"Team": ["CP plans", "A&A"], "Numerator": [84, 84.5]}


def with_comment(sheet: str) -> bytes:
    """The same sheet, written so that only an XML parser can read it."""
    return sheet.replace("<sheetData>", "<sheetData><!-- by hand -->").encode()


BOTH_WAYS = pytest.mark.parametrize("make_part", [str.encode, with_comment], ids=["fast", "tree"])


@BOTH_WAYS
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (number("A2", 153), 153),
        (number("A2", 0), 0),
        (number("A2", -2), -2),
        (number("A2", "0.84099999999999997"), 0.841),
        (number("A2", "1E-3"), 0.001),
        (number("A2", "123456789012345"), 123456789012345),
        (number("A2", "9007199254740993"), 9007199254740992.0),
        (number("A2", "1E+20"), 1e20),
        (number("A2", "0.841", PERCENT), 0.841),
        ('<c r="A2" t="n"><v>7</v></c>', 7),
        ('<c r="A2" s="2" t="n"><v>7</v></c>', 7),
        (number("A2", 41729, DATE), dt.date(2014, 3, 31)),
        (number("A2", 41699, MONTH), dt.date(2014, 3, 1)),
        (number("A2", 41729.75, MOMENT), dt.datetime(2014, 3, 31, 18)),
        (number("A2", 0.5, TIME), dt.time(12)),
        (number("A2", 59, DATE), dt.date(1900, 2, 28)),
        (number("A2", 60, DATE), 60),
        (number("A2", 61, DATE), dt.date(1900, 3, 1)),
        (number("A2", 41729), 41729),
        (number("A2", 99999999, DATE), 99999999),
        ('<c r="A2" t="d"><v>2014-03-31T00:00:00</v></c>', dt.datetime(2014, 3, 31)),
        ('<c r="A2" t="b"><v>1</v></c>', True),
        ('<c r="A2" t="b"><v>0</v></c>', False),
        ('<c r="A2" t="b"><f>1=2</f><v>0</v></c>', False),
        ('<c r="A2" t="s"><v>0</v></c>', "CP plans"),
        ('<c r="A2" s="2" t="s"><v>1</v></c>', "A&A"),
        ('<c r="A2" t="s"><v>2</v></c>', "  two spaces "),
        ('<c r="A2" t="s"><v>3</v></c>', "Rich text"),
        ('<c r="A2" t="s"><v>4</v></c>', "東京"),
        ('<c r="A2" t="s"><v>5</v></c>', "line\x0bbreak _x000B_"),
        ('<c r="A2" t="s"><v>6</v></c>', None),
        ('<c r="A2" t="s"><v>7</v></c>', None),
        ('<c r="A2" t="s"><v>8</v></c>', CellError("a text that the file does not hold")),
        ('<c r="A2" t="inlineStr"><is><t>84</t></is></c>', "84"),
        ('<c r="A2" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>', " "),
        ('<c r="A2" t="inlineStr"><is><r><t>A</t></r><r><t>&amp;A</t></r></is></c>', "A&A"),
        ('<c r="A2" t="inlineStr"><is><t>=HYPERLINK(1)</t></is></c>', "=HYPERLINK(1)"),
        ('<c r="A2" t="inlineStr"><is><t></t></is></c>', None),
        ('<c r="A2" t="inlineStr"/>', None),
        ('<c r="A2" t="str"><f>B2&amp;C2</f><v>Bears &amp; Co</v></c>', "Bears & Co"),
        ('<c r="A2" t="str"><f>B2</f><v>a_x000B_b</v></c>', "a\x0bb"),
        ('<c r="A2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="A2" s="1"><f t="shared" ref="A2:A9" si="0">TODAY()</f><v>41729</v></c>',
         dt.date(2014, 3, 31)),
        ('<c r="A2"><f t="shared" si="0"/><v>2</v></c>', 2),
        ('<c r="A2" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="A2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c r="A2" t="e" vm="1"><v>#VALUE!</v></c>', CellError("#VALUE!")),
        ('<c r="A2"><f>1+1</f></c>', NOT_CALCULATED),
        ('<c r="A2"><f>1+1</f><v></v></c>', NOT_CALCULATED),
        ('<c r="A2"><f>1+1</f><v/></c>', NOT_CALCULATED),
        ('<c r="A2"/>', None),
        ('<c r="A2" s="1"/>', None),
        ('<c r="A2" s="1"></c>', None),
        ('<c r="A2"><v></v></c>', None),
        ('<c r="A2"><v/></c>', None),
        ('<c t="s" r="A2"><v>0</v></c>', "CP plans"),
        ("<c r='A2' t='s'><v>0</v></c>", "CP plans"),
        ('<c r="A2" t="s" ><v>0</v></c>', "CP plans"),
        ('<c r="A2" cm="1"><v xml:space="preserve">7</v></c>', 7),
        ('<c r="A2"> <v>7</v> </c>', 7),
        ('<c r="A2"><v>8<!-- -->4</v></c>', 84),
        ('<c r="A2"><f>1<!-- --></f><v>84</v></c>', 84),
        ('<c r="A2"><v>7</v><extLst><ext uri="x"/></extLst></c>', 7),
    ],
)  # fmt: skip
def test_a_cell_reads_as_excel_shows_it(
    cell: str, value: Value, make_part: Callable[[str], bytes]
) -> None:
    rows = row(1, number("A1", 1)) + row(2, cell, number("B2", 5)) + row(3, number("B3", 6))
    cells = read_table(workbook(rows, make_part=make_part), "PurpleBook")
    assert cells.columns == {"Team": [value, None], "Numerator": [5, 6]}
    assert type(cells.columns["Team"][0]) is type(value)


@BOTH_WAYS
def test_a_workbook_of_1904_counts_its_days_from_there(make_part: Callable[[str], bytes]) -> None:
    package = workbook(
        row(2, number("A2", 40267, DATE), number("B2", 0, DATE)),
        workbook_properties='<workbookPr date1904="1"/>',
        make_part=make_part,
    )
    columns = read_table(package, "PurpleBook").columns
    assert columns == {"Team": [dt.date(2014, 3, 31)], "Numerator": [dt.date(1904, 1, 1)]}


def test_a_cell_knows_its_address() -> None:
    cells = read_table(workbook(PLAIN_ROWS), "PurpleBook")
    assert (cells.sheet, cells.table, cells.header_row) == ("Purple book", "PurpleBook", 1)
    assert cells.address("Numerator", 1) == "B3"


@pytest.mark.parametrize(
    "make_part",
    [
        with_comment,
        lambda sheet: sheet.encode("utf-8-sig"),
        lambda sheet: ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16"),
        lambda sheet: (
            sheet.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=").encode()
        ),
        lambda sheet: sheet.replace('"', "'").encode(),
        lambda sheet: sheet.replace("><", ">\n  <").encode(),
        lambda sheet: sheet.replace(' r="B2"', "").replace(' r="A3"', "").encode(),
        lambda sheet: sheet.replace('<row r="2"', "<row").replace('<row r="3"', "<row").encode(),
        lambda sheet: sheet.replace(' spans="1:2"', ' ht="15" customHeight="1"').encode(),
        lambda sheet: sheet.replace("<v>84</v>", "<v><![CDATA[84]]></v>").encode(),
        lambda sheet: sheet.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").encode(),
    ],
    ids="comment BOM UTF-16 prefix quotes indented implied-cells implied-rows attributes CDATA "
    "strict".split(),
)
def test_a_sheet_reads_the_same_however_it_is_written(make_part: Callable[[str], bytes]) -> None:
    package = workbook(PLAIN_ROWS, make_part=make_part)
    assert read_table(package, "PurpleBook").columns == PLAIN_VALUES


@pytest.mark.parametrize(
    "make_part",
    [
        lambda sheet: ('<!DOCTYPE worksheet [<!ENTITY a "b">]>' + sheet).encode(),
        lambda sheet: sheet.replace("</row>", "").encode(),
        lambda sheet: sheet[: len(sheet) // 2].encode(),
        lambda sheet: sheet.replace("<v>84</v>", "<v>eighty-four</v>").encode(),
        lambda sheet: sheet.replace("<v>84</v>", "<v>nan</v>").encode(),
        lambda sheet: sheet.replace('r="B2"', 'r="XFE2"').encode(),
        lambda sheet: sheet.replace('r="3"', 'r="1048577"').encode(),
        lambda sheet: sheet.replace('r="3"', 'r="0"').encode(),
        lambda sheet: sheet.replace('r="A2" t="s"', 'r="A2" t="s" s="x"').encode(),
        lambda sheet: b"",
    ],
    ids="DOCTYPE unclosed cut words nan column-XFE row-1048577 row-0 style empty".split(),
)
def test_a_damaged_sheet_is_refused(make_part: Callable[[str], bytes]) -> None:
    with pytest.raises(NotAWorkbook, match=r"scorecard.xlsx: sheet Purple book"):
        read_table(workbook(PLAIN_ROWS, make_part=make_part), "PurpleBook")


def test_blank_rows_at_the_end_are_left_off_but_those_between_stay() -> None:
    package = workbook(row(4, number("A4", 7)), ref="A1:B1000000")
    assert read_table(package, "PurpleBook").columns == {
        "Team": [None, None, 7],
        "Numerator": [None, None, None],
    }


def test_a_table_without_data_has_no_rows() -> None:
    package = workbook(row(1, '<c r="A1" t="s"><v>0</v></c>'))
    assert read_table(package, "PurpleBook").columns == {"Team": [], "Numerator": []}
    assert read_table(workbook(""), "PurpleBook").columns == {"Team": [], "Numerator": []}


def test_the_totals_row_is_not_data() -> None:
    package = workbook(PLAIN_ROWS, table='totalsRowCount="1"')
    assert read_table(package, "PurpleBook").columns["Numerator"] == [84]


def test_a_table_without_a_header_row_starts_with_its_first_row() -> None:
    package = workbook(PLAIN_ROWS, table='headerRowCount="0"')
    cells = read_table(package, "PurpleBook")
    assert cells.columns["Numerator"] == ["A&A", 84, 84.5]
    assert cells.address("Numerator", 0) == "B1"


@BOTH_WAYS
def test_a_stray_cell_in_the_last_corner_is_read_around_and_reported(
    make_part: Callable[[str], bytes],
) -> None:
    rows = PLAIN_ROWS + row(1_048_576, number("XFC1048576", 1), number("XFD1048576", 1))
    cells = read_table(workbook(rows, make_part=make_part), "PurpleBook")
    assert cells.columns == PLAIN_VALUES
    assert (cells.below, cells.far) == ("", "XFC1048576")


def test_rows_typed_below_a_table_are_reported() -> None:
    rows = PLAIN_ROWS + "".join(row(n, number(f"B{n}", n)) for n in (4, 5, 7))
    cells = read_table(workbook(rows), "PurpleBook")
    assert (cells.below, cells.far) == ("A4:B5", "")


def test_rows_that_look_like_data_are_reported_after_a_gap_too() -> None:
    def filled(number_: int) -> str:
        return row(number_, number(f"A{number_}", 1), number(f"B{number_}", 2))

    rows = PLAIN_ROWS + row(5, number("A5", 1)) + filled(7) + filled(8)
    assert read_table(workbook(rows), "PurpleBook").below == "A7:B8"


def test_rows_below_a_table_are_reported_beside_a_longer_one() -> None:
    def longer_beside(book: Any, sheet: Any) -> None:
        sheet.add_table("A1:B3", {"name": "Short"})
        sheet.add_table("D1:E9", {"name": "Long"})
        sheet.write_row("A4", ["typed", "below"])

    assert read_table(Package.of_bytes(make(longer_beside)), "Short").below == "A4:B4"


def test_a_table_is_found_whatever_its_case_and_keeps_the_name_that_was_asked_for() -> None:
    assert list(read_tables(workbook(PLAIN_ROWS), ["PURPLEBOOK"])) == ["PURPLEBOOK"]


@pytest.mark.parametrize(
    "beside",
    [
        row(5, number("A5", 1)),
        row(4, number("C4", 1)),
        row(4, '<c r="A4" s="1"/>'),
        row(1003, number("A1003", 1)),
        row(4, number("CX4", 1)),
    ],
    ids=["after a gap", "beside", "formatted only", "not quite far down", "not quite far right"],
)
def test_notes_that_staff_keep_near_a_table_are_their_own_business(beside: str) -> None:
    cells = read_table(workbook(PLAIN_ROWS + beside), "PurpleBook")
    assert (cells.below, cells.far) == ("", "")


@pytest.mark.parametrize("far", [row(1004, number("A1004", 1)), row(4, number("CY4", 1))])
def test_a_cell_is_far_beyond_1000_rows_or_100_columns(far: str) -> None:
    assert read_table(workbook(PLAIN_ROWS + far), "PurpleBook").far


def test_a_missing_table_is_named_with_those_that_are_there() -> None:
    with pytest.raises(LayoutError, match=r"no table named 'Court'. It has: PurpleBook\."):
        read_table(workbook(PLAIN_ROWS), "Court")


@pytest.mark.parametrize(
    "part",
    [
        f'<sst xmlns="{MAIN}">{SHARED}</sst>',
        f'<sst xmlns="{MAIN}"><!-- -->{SHARED}</sst>',
        f'<?xml version="1.0"?>\r\n<sst xmlns="{MAIN}" count="8">{SHARED}</sst>',
        f'<x:sst xmlns:x="{MAIN}">{SHARED}</x:sst>'.replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:x:", "<x:")
        .replace("</x:x:", "</x:"),
        f'<sst xmlns="{MAIN}">{SHARED.replace("<si>", "<si >")}</sst>',
    ],
    ids=["plain", "comment", "declaration", "prefix", "spaces"],
)
def test_shared_texts_read_the_same_however_they_are_written(part: str) -> None:
    assert shared_strings(part.encode(), "texts") == [
        "CP plans",
        "A&A",
        "  two spaces ",
        "Rich text",
        "東京",
        "line\x0bbreak _x000B_",
        "",
        "",
    ]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
    TEXT,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=8))
def test_what_xlsxwriter_writes_comes_back(rows: list[tuple[Value, ...]]) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, values in enumerate(rows, start=1):
            for column, value in enumerate(values):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(at, column, value)
                elif value is not None:
                    sheet.write(at, column, value)
        sheet.add_table(0, 0, len(rows), 2, {"name": "T", "columns": [{}, {}, {}]})
    columns = read_table(Package.of_bytes(file.getvalue()), "T").columns
    for column, header in enumerate(columns):
        expected: list[Value] = [values[column] for values in rows]
        expected = [None if value == "" else value for value in expected]
        height = len(columns[header])
        assert [_rounded(v) for v in columns[header]] == [_rounded(v) for v in expected[:height]]
        assert not any(value is not None for value in expected[height:])


def _rounded(value: Value) -> Value:
    return float(f"{value:.14g}") if type(value) in (int, float) else value


def test_100_000_rows_come_back_whole() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        data = [[f"CASE-{i:06}", i, i / 8] for i in range(100_000)]
        columns = [{"header": name} for name in ("Case ref", "Count", "Share")]
        options = {"name": "Court", "columns": columns, "data": data}
        book.add_worksheet().add_table(0, 0, len(data), 2, options)
    read = read_table(Package.of_bytes(file.getvalue()), "Court")
    assert [list(row) for row in zip(*read.columns.values(), strict=True)] == data


def test_every_table_of_a_real_workbook_reads_as_openpyxl_reads_it(corpus_file: Path) -> None:
    try:
        package = opened(corpus_file)
    except KQIWorkbookError as refused:
        pytest.skip(str(refused))
    read = read_tables(package, package.tables)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl would lose is no matter here
        book = openpyxl.load_workbook(corpus_file, data_only=True)
    for name, info in package.tables.items():
        area, cells = info.body, read[name]
        rows = book[info.sheet].iter_rows(
            area.top, area.bottom, area.left, area.right, values_only=True
        )
        for index, values in enumerate(rows):
            for header, theirs in zip(info.columns, values, strict=True):
                column = cells.columns[header]
                ours = column[index] if index < len(column) else None
                assert _alike(ours, theirs), f"{name} {cells.address(header, index)}"


def _alike(ours: Value, theirs: object) -> bool:
    if isinstance(ours, CellError):
        return theirs == ours.code or (ours == NOT_CALCULATED and theirs is None)
    if isinstance(ours, dt.date) and not isinstance(ours, dt.datetime):
        ours = dt.datetime.combine(ours, dt.time())
    return ours == theirs or (ours is None and theirs == "")
