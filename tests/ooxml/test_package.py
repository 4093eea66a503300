from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from kqi_workbook.books.book import SetRows
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import CannotPatch, KQIWorkbookError, NotAWorkbook
from tests.ooxml.workbooks import (
    MAIN,
    SHEET,
    STRICT,
    again,
    by_openpyxl,
    edited,
    make,
    part_of,
    saved,
    with_parts,
    written,
)

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"


def two_tables(book: Any, sheet: Any) -> None:
    sheet.add_table("B3:C5", {"name": "Purple", "columns": [{"header": "Month"}, {"header": "N"}]})
    other = book.add_worksheet("Court & co")
    other.add_table("A1:A2", {"name": "Court", "columns": [{"header": "Case ref"}]})
    book.add_chartsheet("Picture")


def test_sheets_and_tables_are_found_by_name_without_case() -> None:
    package = Package.of_bytes(make(two_tables))
    assert package.sheet_names == ["Data", "Court & co"]
    assert list(package.tables) == ["Purple", "Court"]
    purple = package.tables["PURPLE"]
    assert (purple.sheet, str(purple.area), str(purple.body)) == ("Data", "B3:C5", "B4:C5")
    assert purple.columns == ("Month", "N")
    assert package.sheet("data").name == "Data"
    assert package.sheet("DATA") is package.sheet("data")


def test_what_is_not_there_is_named() -> None:
    package = Package.of_bytes(make(), "a.xlsx")
    with pytest.raises(CannotPatch, match=r"a\.xlsx has no sheet named 'Nowhere'"):
        package.sheet("Nowhere")
    with pytest.raises(CannotPatch, match=r"a\.xlsx has no table named 'Nowhere'"):
        package.table("Nowhere")


def test_nothing_changed_means_the_same_bytes() -> None:
    data = make(two_tables)
    package = Package.of_bytes(data)
    assert package.sheet("Data").value("B3") == "Month"
    assert not package.changed
    assert package.changes() == {}
    assert saved(package) == data


def test_only_parts_with_a_reason_change() -> None:
    data = make(two_tables)
    package = Package.of_bytes(data)
    package.sheet("Data").set("A1", 1)
    assert set(package.changes()) == {SHEET}
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(io.BytesIO(saved(package))) as after,
    ):
        assert before.namelist() == after.namelist()
        for old, new in zip(before.infolist(), after.infolist(), strict=True):
            assert (old.date_time, old.flag_bits) == (new.date_time, new.flag_bits)
            assert (old.CRC == new.CRC) is (old.filename != SHEET)


def test_formulas_are_worked_out_on_opening_only_if_something_changed() -> None:
    data = edited(make(), "xl/workbook.xml", (' fullCalcOnLoad="1"', ""))
    package = Package.of_bytes(data)
    assert not package.changed
    package.sheet("Data").set("A1", 1)
    assert b'<calcPr calcId="124519" fullCalcOnLoad="1"/>' in package.changes()["xl/workbook.xml"]


def test_shared_texts_are_taken_from_a_package_that_holds_the_same_bytes_alone() -> None:
    data = make(lambda book, sheet: sheet.write("A1", "North"))
    before, same = Package.of_bytes(data), Package.of_bytes(data)
    same.take_shared_strings(before)
    assert same.shared_strings is before.shared_strings

    texts = "xl/sharedStrings.xml"
    other = Package.of_bytes(edited(data, texts, ("North", "South")))
    other.take_shared_strings(before)
    assert other.sheet("Data").value("A1") == "South"

    none = Package.of_bytes(make())
    none.take_shared_strings(before)
    assert none.shared_strings == []


def test_calculation_settings_are_made_in_their_place() -> None:
    data = edited(
        make(),
        "xl/workbook.xml",
        ('<calcPr calcId="124519" fullCalcOnLoad="1"/>', "<oleSize ref='A1'/>"),
    )
    package = Package.of_bytes(data)
    package.sheet("Data").set("A1", 1)
    assert b'</sheets><calcPr fullCalcOnLoad="1"/><oleSize' in package.changes()["xl/workbook.xml"]


def strict(data: bytes) -> bytes:
    """The workbook with the namespaces of the strict kind."""
    pairs = (
        (MAIN, STRICT),
        (RELATIONSHIPS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    )
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            for old, new in pairs:
                text = text.replace(old, new)
            parts[name] = text
    return with_parts(data, parts)


def test_a_strict_workbook_is_patched_in_its_own_namespace() -> None:
    package = Package.of_bytes(strict(make(two_tables)))
    assert package.sheet_names == ["Data", "Court & co"]
    after = written(package, SetRows("Purple", ("N",), ((1,), (2,), (3,))))
    assert after.sheet("Data").value("C6") == 3
    root = etree.fromstring(after.read(SHEET))
    assert {etree.QName(e).namespace for e in root.iter()} == {STRICT}


def test_a_strict_date_is_read() -> None:
    row = '<row r="1"><c r="A1" t="d"><v>2014-03-31</v></c></row>'
    sheet = f'<worksheet xmlns="{STRICT}"><sheetData>{row}</sheetData></worksheet>'
    package = Package.of_bytes(with_parts(strict(make()), {SHEET: sheet}))
    assert package.sheet("Data").value("A1") == 41729


def test_parts_elsewhere_and_targets_of_every_form_are_found() -> None:
    data = make(two_tables)
    parts: dict[str, bytes | str | None] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name).decode()
            if name == CONTENT_TYPES:
                content = content.replace("/xl/", "/The%20Book/")
            elif name == "_rels/.rels":
                content = content.replace('"xl/workbook.xml"', '"/The%20Book/WORKBOOK.xml"')
            elif name == "xl/_rels/workbook.xml.rels":
                content = content.replace('"worksheets/sheet1', '"/the%20book/Worksheets/SHEET1')
                content = content.replace(
                    '"worksheets/sheet2', '"..\\The Book/./worksheets\\sheet2'
                )
            if name.startswith("xl/"):
                parts[name] = None
            parts[name.replace("xl/", "The Book/")] = content
    package = Package.of_bytes(with_parts(data, parts))
    assert package.sheet_part("Data") == "The Book/worksheets/sheet1.xml"
    assert package.sheet_part("Court & co") == "The Book/worksheets/sheet2.xml"
    assert list(package.tables) == ["Purple", "Court"]
    package.sheet("Data").set("A1", "x")
    assert by_openpyxl_free(saved(package)) == "x"


def by_openpyxl_free(data: bytes) -> object:
    """openpyxl wants xl/ in lower case; our own reader stands in for it."""
    return Package.of_bytes(data).sheet("Data").value("A1")


@pytest.mark.parametrize(
    ("kind", "saved_as"),
    [
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        ),
        (
            "application/vnd.ms-excel.template.macroEnabled.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    ],
)
def test_a_template_becomes_a_workbook_when_asked(kind: str, saved_as: str) -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    package = Package.of_bytes(edited(make(), CONTENT_TYPES, (sheet, kind)))
    assert package.is_template
    assert package.has_macros is ("macroEnabled" in kind)
    package.as_workbook()
    after = again(package)
    assert not after.is_template
    assert after.content_type(after.workbook_part) == saved_as
    after.as_workbook()
    assert not after.changed


def signed() -> bytes:
    parts = {
        "_xmlsignatures/origin.sigs": "",
        "_xmlsignatures/sig1.xml": "<Signature/>",
        "_xmlsignatures/_rels/origin.sigs.rels": "<Relationships/>",
    }
    data = edited(
        make(),
        "_rels/.rels",
        (
            "</Relationships>",
            '<Relationship Id="rId9" Target="_xmlsignatures/origin.sigs" Type="http://schemas.'
            'openxmlformats.org/package/2006/relationships/digital-signature/origin"/>'
            "</Relationships>",
        ),
    )
    override = (
        '<Override PartName="/_xmlsignatures/sig1.xml" '
        'ContentType="application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"/>'
    )
    return with_parts(edited(data, CONTENT_TYPES, ("</Types>", override + "</Types>")), parts)


def test_a_signed_workbook_is_read_and_no_change_of_it_is_written() -> None:
    package = Package.of_bytes(signed())
    assert saved(package) == signed()
    package.sheet("Data").set("A1", 1)
    with pytest.raises(CannotPatch, match="digitally signed"):
        saved(package)


def test_a_signature_is_dropped_only_when_asked() -> None:
    package = Package.of_bytes(signed())
    assert not package.changed
    package.drop_signature()
    assert package.changed
    data = saved(package)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "signature" in name.lower()]
        assert b"signature" not in archive.read("_rels/.rels")
        assert b"signature" not in archive.read(CONTENT_TYPES)
    assert not Package.of_bytes(data).changed


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (with_parts(make(), {CONTENT_TYPES: None}), "but not an Excel workbook"),
        (with_parts(make(), {"_rels/.rels": None}), "it has no workbook part"),
        (with_parts(make(), {"xl/workbook.xml": None}), "it has no workbook part"),
        (with_parts(make(), {"xl/workbook.xml": "<document/>"}), "not an Excel workbook"),
        (with_parts(make(), {"xl/workbook.xml": "<workbook"}), "xl/workbook.xml is damaged"),
        (with_parts(make(), {"xl/workbook.xml": b"\xff\xff"}), "xl/workbook.xml is damaged"),
        (with_parts(make(), {"xl/workbook.xml": b""}), "xl/workbook.xml is damaged"),
        (
            edited(make(), CONTENT_TYPES, ("openxmlformats-officedocument.spreadsheetml.sheet.main"
                                           "+xml", "ms-excel.sheet.binary.macroEnabled.main")),
            "binary workbook",
        ),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(NotAWorkbook, match=message):
        Package.of_bytes(data, "a.xlsx")


DOCTYPES = [
    '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", CONTENT_TYPES, "_rels/.rels", SHEET, "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_every_part(doctype: str, part: str, encoding: str) -> None:
    data = make(lambda book, sheet: sheet.write("A1", "text"))
    body = part_of(data, part).split("?>", 1)[1]
    text = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'
    with pytest.raises(NotAWorkbook, match="DOCTYPE"):
        Package.of_bytes(with_parts(data, {part: text.encode(encoding)})).sheet("Data").value("A1")


def test_the_calculation_chain_goes_when_a_formula_goes() -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/><c r="A2" i="1"/></calcChain>'
    data = make(lambda book, sheet: [sheet.write_formula(a, "=1+1") for a in ("A1", "A2")])
    data = edited(
        data,
        "xl/_rels/workbook.xml.rels",
        (
            "</Relationships>",
            f'<Relationship Id="rId99" Type="{RELATIONSHIPS}/calcChain" Target="calcChain.xml"/>'
            "</Relationships>",
        ),
    )
    data = edited(
        data,
        CONTENT_TYPES,
        (
            "</Types>",
            '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.calcChain+xml"/></Types>',
        ),
    )
    data = with_parts(data, {"xl/calcChain.xml": chain})

    untouched = Package.of_bytes(data)
    untouched.sheet("Data").set("B1", 1)
    assert "xl/calcChain.xml" in zipfile.ZipFile(io.BytesIO(saved(untouched))).namelist()

    package = Package.of_bytes(data)
    package.sheet("Data").set("A1", 1)
    with zipfile.ZipFile(io.BytesIO(saved(package))) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read("xl/_rels/workbook.xml.rels")
        assert b"calcChain" not in archive.read(CONTENT_TYPES)
    assert by_openpyxl(saved(package))["A1"].value == 1


@pytest.mark.parametrize(
    ("ref", "message"), [("", "no valid area"), ("A1:B1", "does not fit"), ("A1:C9", "does not")]
)
def test_a_table_whose_area_does_not_fit_is_refused(ref: str, message: str) -> None:
    data = edited(make(two_tables), "xl/tables/table1.xml", (' ref="B3:C5" ', f' ref="{ref}" '))
    with pytest.raises(KQIWorkbookError, match=message):
        _ = Package.of_bytes(data).tables
