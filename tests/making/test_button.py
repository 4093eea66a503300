"""The macro workbook: what is added to the template, and that nothing else changes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.utils import get_column_letter

from kqi_workbook import layout
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.files import refresh
from kqi_workbook.making.button import (
    BUTTON_PART,
    MACRO_TEMPLATE,
    MACROS,
    RIBBON_PART,
    TEMPLATE,
    VBA_PART,
    add_button,
)
from tests.conftest import Validator
from tests.macros.desk import small_workbook
from tests.making.test_vba_project import streams


def members(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def plain() -> bytes:
    """The template, or until it is made a small workbook."""
    return TEMPLATE.read_bytes() if TEMPLATE.exists() else small_workbook()


@pytest.fixture(scope="module")
def macro(plain: bytes) -> dict[str, bytes]:
    return members(add_button(plain, MACROS))


def test_two_builds_are_equal(plain: bytes) -> None:
    assert add_button(plain, MACROS) == add_button(plain, MACROS)


def test_no_fault(plain: bytes, validator: Validator, tmp_path: Path) -> None:
    path = tmp_path / "KQI.xlsm"
    path.write_bytes(add_button(plain, MACROS))
    assert validator(path) == []


def test_the_macros_are_those_of_the_folder_to_the_letter(macro: dict[str, bytes]) -> None:
    found = streams(macro["xl/vbaProject.bin"])
    ours = {name: text for name, text in found.items() if name.endswith(".bas")}
    assert ours == {
        path.name: path.read_bytes().decode("cp1252").replace("\r\n", "\n").replace("\n", "\r\n")
        for path in MACROS.glob("*.bas")
    }


def test_the_workbook_and_each_sheet_have_a_module_of_their_code_name(
    macro: dict[str, bytes],
) -> None:
    parts = [part for name, part in macro.items() if re.match(r"xl/work(book|sheets/).*xml$", name)]
    code_names = re.findall(rb'codeName="(\w+)"', b"".join(parts))
    modules = [name for name in streams(macro["xl/vbaProject.bin"]) if name.endswith(".cls")]
    assert len(code_names) == len(parts)
    assert sorted(name.decode() + ".cls" for name in code_names) == sorted(modules)


def test_it_says_that_it_is_a_macro_workbook(macro: dict[str, bytes]) -> None:
    types = etree.fromstring(macro["[Content_Types].xml"])
    overrides = {part.get("PartName"): part.get("ContentType") for part in types}
    assert overrides["/xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert overrides["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"


def test_only_parts_that_must_change_do(plain: bytes, macro: dict[str, bytes]) -> None:
    before = members(plain)
    changed = {name for name in before if before[name] != macro[name]}
    added = set(macro) - set(before)
    assert added == {
        "xl/vbaProject.bin",
        "customUI/customUI.xml",
        "xl/drawings/vmlDrawing1.vml",
    }
    assert all(
        re.match(
            r"\[Content_Types\].xml|_rels/.rels|xl/workbook.xml|xl/_rels/workbook.xml.rels"
            r"|xl/worksheets/sheet\d+.xml|xl/worksheets/_rels/sheet\d+.xml.rels",
            name,
        )
        for name in changed
    ), changed


def test_three_refreshes_leave_button_ribbon_and_macros(
    macro: dict[str, bytes], plain: bytes, validator: Validator, tmp_path: Path
) -> None:
    path = tmp_path / "KQI.xlsm"
    path.write_bytes(add_button(plain, MACROS))
    for quarter in ("Q3 2013-14", "Q4 2013-14", "Q4 2013-14"):
        refresh(path, quarter)
    after = members(path.read_bytes())
    assert after["xl/worksheets/sheet2.xml"] != macro["xl/worksheets/sheet2.xml"]
    assert b"legacyDrawing" in after["xl/worksheets/sheet2.xml"]
    for part in (VBA_PART, RIBBON_PART, BUTTON_PART, "[Content_Types].xml", "_rels/.rels"):
        assert after[part] == macro[part], part
    assert validator(path) == []


PUBLIC_SUB = re.compile(r"^Public Sub (\w+)\((.*)\)$", re.MULTILINE)


def public_subs() -> dict[str, str]:
    """Each public Sub of macros/ and its parameters."""
    source = "\n".join(path.read_text(encoding="cp1252") for path in MACROS.glob("*.bas"))
    return dict(PUBLIC_SUB.findall(source))


def test_the_sheets_button_runs_a_public_sub_without_parameters(macro: dict[str, bytes]) -> None:
    vml = etree.fromstring(macro["xl/drawings/vmlDrawing1.vml"])
    bound = [element.text for element in vml.iter("{*}FmlaMacro")]
    assert bound == ["[0]!RefreshKQIs"]
    assert public_subs()["RefreshKQIs"] == ""


def test_the_ribbons_button_runs_a_public_sub_that_takes_the_control(
    macro: dict[str, bytes],
) -> None:
    ribbon = etree.fromstring(macro["customUI/customUI.xml"])
    assert etree.QName(ribbon).namespace == "http://schemas.microsoft.com/office/2006/01/customui"
    actions = [element.get("onAction") for element in ribbon.iter() if element.get("onAction")]
    assert actions == ["OnRefreshKQIs"]
    assert public_subs()["OnRefreshKQIs"] == "ByVal control As Object"
    links = etree.fromstring(macro["_rels/.rels"])
    targets = {link.get("Type"): link.get("Target") for link in links}
    kind = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
    assert targets[kind] == "customUI/customUI.xml"


def test_the_button_is_not_printed(macro: dict[str, bytes]) -> None:
    vml = etree.fromstring(macro["xl/drawings/vmlDrawing1.vml"])
    assert [element.text for element in vml.iter("{*}PrintObject")] == ["False"]


def scorecard(**extra: str) -> bytes:
    """A workbook of a Scorecard alone, with text in cells of its own."""
    content = io.BytesIO()
    headers = [{"header": column.name} for column in layout.SCORECARD.columns]
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Scorecard")
        sheet.add_table("A4:AH6", {"name": "Scorecard", "columns": headers})
        for cell, text in extra.items():
            (sheet.write_comment if text == "a note" else sheet.write_string)(cell, text)
    return content.getvalue()


@pytest.mark.filterwarnings("ignore")  # openpyxl, of what it would not keep
def test_it_lies_in_the_row_above_the_table_clear_of_the_words_before_it(plain: bytes) -> None:
    """Words run on into empty cells; a letter of the sheet's font is about one unit of width."""
    sheet = openpyxl.load_workbook(io.BytesIO(plain))["Scorecard"]
    vml = etree.fromstring(members(add_button(plain, MACROS))["xl/drawings/vmlDrawing1.vml"])
    (anchor,) = [element.text or "" for element in vml.iter("{*}Anchor")]
    left, _, top, _, right, edge, bottom, _ = map(int, anchor.split(","))
    assert (left, top) == (right, bottom), "in one cell"
    header = next(row for row in range(1, 9) if sheet.cell(row, 1).value == "KQI")
    assert top + 1 == header - 1
    widths = [sheet.column_dimensions[get_column_letter(n + 1)].width for n in range(left + 1)]
    assert edge < widths[left] * 7
    words = [(cell.column - 1, str(cell.value)) for cell in sheet[top + 1] if cell.value]
    for at, text in words:
        if at <= left:
            assert sum(widths[:at]) + len(text) < sum(widths[:left]), text


def test_a_button_over_text_is_refused() -> None:
    with pytest.raises(KQIWorkbookError, match="Scorecard!D3 holds text"):
        add_button(scorecard(D3="words"), MACROS)


def test_a_sheet_with_comments_is_refused() -> None:
    with pytest.raises(KQIWorkbookError, match="comments or controls"):
        add_button(scorecard(B9="a note"), MACROS)


def test_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(KQIWorkbookError, match="has macros already"):
        add_button(add_button(small_workbook(), MACROS), MACROS)


def test_the_macro_template_is_made_from_what_lies_here() -> None:
    """By content: compressed bytes may differ between versions of zlib."""
    if not MACRO_TEMPLATE.exists():
        pytest.skip("no macro template: python -m kqi_workbook.making.button makes it")
    made = add_button(TEMPLATE.read_bytes(), MACROS)
    assert members(made) == members(MACRO_TEMPLATE.read_bytes())
