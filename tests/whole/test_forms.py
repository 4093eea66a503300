"""Workbooks in less usual forms: templates, 1904 dates, strict files, parts elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

import kqi_workbook
from kqi_workbook import KQIWorkbookError
from kqi_workbook.books.ooxml.addresses import parse_cell
from kqi_workbook.books.ooxml.markup import Element
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.making.button import MACROS, add_button
from tests.conftest import Validator
from tests.making.made import EXAMPLE
from tests.ooxml.workbooks import opened
from tests.support.libreoffice import LibreOffice
from tests.whole.test_rules_of_ours import rules
from tests.whole.workbook import MAIN, Workbook, element


def rows(path: Path, sheet: str = "Scorecard") -> list[list[object]]:
    return [
        list(row) for row in CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    ]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[list[object]]:
    """The Scorecard of the example as it comes."""
    path = tmp_path_factory.mktemp("expected") / EXAMPLE.name
    kqi_workbook.refresh(EXAMPLE, output=path)
    return rows(path)


# ---- templates


def template(macros: bool) -> bytes:
    """The example as Excel saves it as a template."""
    content = add_button(EXAMPLE.read_bytes(), MACROS) if macros else EXAMPLE.read_bytes()
    old, new = (
        ("sheet.macroEnabled.main+xml", "template.macroEnabled.main+xml")
        if macros
        else ("spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml")
    )
    book = Workbook(content)
    types = book.parts["[Content_Types].xml"]
    assert old.encode() in types
    book.parts["[Content_Types].xml"] = types.replace(old.encode(), new.encode())
    return book.content()


@pytest.mark.parametrize("macros", [False, True])
def test_a_template_is_refreshed_into_a_new_workbook(
    macros: bool,
    tmp_path: Path,
    expected: list[list[object]],
    validator: Validator,
) -> None:
    kind = "m" if macros else "x"
    source, target = tmp_path / f"KQIs.xlt{kind}", tmp_path / f"Q4.xls{kind}"
    source.write_bytes(template(macros))
    before = source.read_bytes()
    kqi_workbook.refresh(source, output=target)
    assert source.read_bytes() == before
    assert rows(target) == expected
    assert not opened(target).is_template
    assert opened(target).has_macros == macros
    assert validator(target) == []
    after = target.read_bytes()
    assert kqi_workbook.refresh(target).changes == ()
    assert target.read_bytes() == after


def test_a_template_itself_is_left_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "KQIs.xltx"
    source.write_bytes(template(macros=False))
    with pytest.raises(KQIWorkbookError, match=r"--output 'NAME\.xlsx'"):
        kqi_workbook.refresh(source)
    assert source.read_bytes() == template(macros=False)
    assert [path.name for path in tmp_path.iterdir()] == ["KQIs.xltx"]
    assert kqi_workbook.check(source).scorecard.rows


@pytest.mark.parametrize(
    ("name", "words"), [("Q4.xlsm", "has no macros"), ("Q4.xltx", r"\.xlsx"), ("Q4", r"\.xlsx")]
)
def test_a_new_workbook_needs_the_ending_that_fits_it(
    name: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(KQIWorkbookError, match=words):
        kqi_workbook.refresh(EXAMPLE, output=tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_new_workbook_never_overwrites(tmp_path: Path) -> None:
    target = tmp_path / "there.xlsx"
    target.write_bytes(b"mine")
    with pytest.raises(KQIWorkbookError, match="is there already"):
        kqi_workbook.refresh(EXAMPLE, output=target)
    assert target.read_bytes() == b"mine"


# ---- the same workbook, written another way


def counted_from_1904(content: bytes) -> bytes:
    """Days counted as old Excel for Mac did: 1,462 lower."""
    book, package = Workbook(content), Package.of_bytes(content)
    book.tree("xl/workbook.xml").find(f"{{{MAIN}}}workbookPr").set("date1904", "1")  # type: ignore[union-attr]
    for name in package.sheet_names:
        for cell in book.tree(book.sheet(name)).iter(f"{{{MAIN}}}c"):
            value = cell.find(f"{{{MAIN}}}v")
            if value is not None and cell.get("t", "n") == "n":
                if package.styles.is_date(int(cell.get("s", "0"))):
                    value.text = f"{float(value.text or 0) - 1462:g}"
    return book.content()


def strict(content: bytes) -> bytes:
    """As Excel's "Strict Open XML Workbook"."""
    book = Workbook(content)
    for part, old in book.parts.items():
        if part.endswith((".xml", ".rels")) and not part.startswith("docProps"):
            new = re.sub(
                rb"http://schemas\.openxmlformats\.org/(spreadsheetml|drawingml|officeDocument)/2006/",
                rb"http://purl.oclc.org/ooxml/\1/",
                old,
            )
            book.parts[part] = new.replace(b"<workbook ", b'<workbook conformance="strict" ')
    return book.content()


def with_parts_elsewhere(content: bytes) -> bytes:
    """As some other programs write: no folder xl, absolute links, sheets of other names."""

    def moved(name: str) -> str:
        name = re.sub(r"worksheets/sheet(\d+)", r"pages/Page-\1", name)
        return name.replace("xl/", "content/", 1) if name.startswith("xl/") else name

    book = Workbook(content)
    old = dict(book.parts)
    book.parts.clear()
    for part, inside in old.items():
        if part == "[Content_Types].xml":
            inside = re.sub(
                rb'PartName="/([^"]*)"',
                lambda found: b'PartName="/' + moved(found[1].decode()).encode() + b'"',
                inside,
            )
        elif part == "_rels/.rels":
            inside = inside.replace(b"xl/workbook.xml", b"/content/workbook.xml")
        elif part.endswith(".rels"):
            inside = re.sub(
                rb'Target="worksheets/([^"]*)"',
                lambda found: (
                    b'Target="/' + moved("xl/worksheets/" + found[1].decode()).encode() + b'"'
                ),
                inside,
            )
        new = re.sub(r"worksheets/_rels/sheet(\d+)", r"pages/_rels/Page-\1", part)
        book.parts[moved(new)] = inside
    return book.content()


def by_another_library(content: bytes) -> bytes:
    """As some libraries write: a prefix on every element, texts in their cells, no addresses."""
    book = Workbook(content)
    texts = Package.of_bytes(content).shared_strings
    for part in [part for part in book.parts if part.startswith("xl/worksheets/sheet")]:
        row = 0
        for found in list(book.tree(part).iter(f"{{{MAIN}}}row")):
            while (row := row + 1) < int(found.get("r", "")):
                found.addprevious(element("<row/>"))
            _write_plainly(found, texts)
    for part in list(book.parts):
        root = book.tree(part) if part.endswith(".xml") else None
        if root is not None and root.nsmap.get(None) == MAIN:
            text = etree.tostring(root).decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
            book.replace(part, etree.fromstring(re.sub(r"<(/?)(?=\w+[\s/>])", r"<\1x:", text)))
    return book.content()


def _write_plainly(row: Element, texts: list[str]) -> None:
    column = 0
    for cell in list(row):
        while (column := column + 1) < parse_cell(cell.get("r", ""))[1]:
            cell.addprevious(element("<c/>"))
        if cell.get("t") == "s":
            cell.set("t", "inlineStr")
            (number,) = cell
            cell.replace(number, written := element("<is><t xml:space='preserve'/></is>"))
            written[0].text = texts[int(number.text or "")]
        etree.strip_attributes(cell, "r")
    etree.strip_attributes(row, "r", "spans")


@pytest.mark.parametrize(
    "form", [counted_from_1904, strict, with_parts_elsewhere, by_another_library]
)
def test_another_form_gives_the_same_scorecard(
    form: Callable[[bytes], bytes], tmp_path: Path, expected: list[list[object]]
) -> None:
    path = tmp_path / "KQIs.xlsx"
    before = form(EXAMPLE.read_bytes())
    path.write_bytes(before)
    done = kqi_workbook.refresh(path)
    assert {finding.code for finding in done.findings} == {
        finding.code for finding in kqi_workbook.check(EXAMPLE).findings
    }
    package = opened(path)
    sheet = package.sheet("Scorecard")
    for number, values in enumerate(expected, start=1):
        for column, value in enumerate(values, start=1):
            assert (sheet.value_at(number, column) or "") == value or value == 0
    moment = package.sheet("Refresh log").value("A5")
    assert getattr(moment, "year", 0) >= 2024
    after = path.read_bytes()
    kqi_workbook.refresh(path)
    assert path.read_bytes() == after


def test_one_saved_by_libreoffice_is_refreshed_and_its_rules_are_known(
    tmp_path: Path, libreoffice: LibreOffice, expected: list[list[object]]
) -> None:
    kqi_workbook.refresh(EXAMPLE, output=tmp_path / "KQIs.xlsx")
    path = libreoffice.convert(tmp_path / "KQIs.xlsx", "xlsx", tmp_path / "saved")
    before = Workbook(path.read_bytes())
    done = kqi_workbook.refresh(path)
    assert not any("olour" in change for change in done.changes)
    assert rows(path) == expected
    assert rules(path.read_bytes()) == rules(before.content())
    after = path.read_bytes()
    kqi_workbook.refresh(path)
    assert path.read_bytes() == after
