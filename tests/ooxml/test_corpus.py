"""Real workbooks, patched in each way: nothing is lost, and nothing changes without a reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from kqi_workbook.books.ooxml.addresses import LAST_ROW, cell_name, parse_cell
from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.rows import Cell
from kqi_workbook.books.ooxml.rules import FormulaRule, IconRule, Rule, lay_rules
from kqi_workbook.books.ooxml.shared import FORMULA
from kqi_workbook.books.ooxml.sheet import Sheet
from kqi_workbook.errors import CannotPatch
from tests.ooxml.workbooks import opened
from tests.support.libreoffice import LibreOffice
from tests.support.validator import Fault, new_faults

from .workbooks import saved

RAG: list[Rule] = [
    FormulaRule('LEFT(XA5,1)="R"', Look(fill="FFC7CE", font="9C0006")),
    FormulaRule('LEFT(XA5,1)="A"', Look(fill="FFEB9C", font="9C5700")),
    FormulaRule('LEFT(XA5,1)="G"', Look(fill="C6EFCE", font="006100")),
]
ARROWS: list[Rule] = [IconRule("3Arrows", (("percent", 0), ("num", 0), ("num", 1)))]

Patch = Callable[[Package], bool]
"""Does its deed and says whether the workbook has a place for it."""


def sheets(package: Package) -> list[Sheet]:
    return [package.sheet(name) for name in package.sheet_names]


def first_that_can_be_set(
    package: Package, fits: Callable[[Sheet, Cell], bool], value: object
) -> bool:
    for sheet in sheets(package):
        for row in sheet.rows.between(1, LAST_ROW):
            for cell in list(row.cells.values()):
                if fits(sheet, cell):
                    try:
                        sheet.set(cell.address, value)  # type: ignore[arg-type]
                    except CannotPatch:
                        continue
                    return True
    return False


def a_value(package: Package) -> bool:
    return first_that_can_be_set(package, lambda s, c: bool(c.inside) and not c.has_formula, 84.1)


def a_formula(package: Package) -> bool:
    return first_that_can_be_set(package, lambda s, c: c.has_formula, "was a formula")


def a_shared_formulas_first_cell(package: Package) -> bool:
    def fits(sheet: Sheet, cell: Cell) -> bool:
        formula = FORMULA.search(cell.inside)
        return bool(formula and formula[2] and 't="shared"' in (formula[1] or ""))

    return first_that_can_be_set(package, fits, "=not a formula")


def a_new_cell(package: Package) -> bool:
    for sheet in sheets(package):
        sheet.set(cell_name(sheet.rows.last + 3, 40), "new & <here>")
    return True


def rag_and_arrow_rules(package: Package) -> bool:
    for sheet in sheets(package):
        lay_rules(sheet, {"XA5:XA11": RAG, "XB5:XB11": ARROWS})
    return True


def all_of_them(package: Package) -> bool:
    for patch in PATCHES[:-1]:
        patch(package)
    return True


PATCHES: list[Patch] = [
    a_value,
    a_formula,
    a_shared_formulas_first_cell,
    a_new_cell,
    rag_and_arrow_rules,
    all_of_them,
]

EXPLAINED = re.compile(
    r"xl/worksheets/sheet\d+\.xml|xl/workbook\.xml|xl/styles\.xml"
    r"|xl/_rels/workbook\.xml\.rels|\[Content_Types\]\.xml"
)


def elements(part: bytes) -> Counter[str]:
    return Counter(str(e.tag) for e in etree.fromstring(part).iter())


MAY_GO = {"f", "is", "t", "v", "r", "rPr", "ext", "extLst"}  # of cells whose value was replaced


@pytest.mark.parametrize("patch", PATCHES, ids=lambda p: p.__name__)
def test_nothing_is_lost(corpus_file: Path, patch: Patch) -> None:
    package = opened(corpus_file)
    if not patch(package):
        pytest.skip("the workbook has no such cell")
    data = saved(package)
    with (
        zipfile.ZipFile(corpus_file) as before,
        zipfile.ZipFile(io.BytesIO(data)) as after,
    ):
        assert after.testzip() is None
        lost = set(before.namelist()) - set(after.namelist())
        assert lost <= {"xl/calcChain.xml"}
        assert [n for n in before.namelist() if n not in lost] == after.namelist()
        for name in after.namelist():
            old, new = before.getinfo(name), after.getinfo(name)
            assert old.date_time == new.date_time
            if old.CRC == new.CRC:
                assert raw(before, old) == raw(after, new)
                continue
            assert EXPLAINED.fullmatch(name)
            gone = elements(before.read(name)) - elements(after.read(name))
            gone_names = {etree.QName(tag).localname for tag in gone}
            if name.startswith("xl/worksheets/"):
                assert gone_names <= MAY_GO, name
                assert sum(gone.values()) <= 10
            elif name.endswith((".rels", "[Content_Types].xml")):
                assert sum(gone.values()) == len(lost)
            else:
                assert not gone, name

    again = Package.of_bytes(data, corpus_file.name)
    if patch in (a_new_cell, rag_and_arrow_rules):
        for sheet in sheets(again):
            if patch is a_new_cell:
                held = sheet.rows.last
                assert sheet.value(cell_name(held, 40)) == "new & <here>"
                sheet.set(cell_name(held, 40), "new & <here>")
            else:
                assert not lay_rules(sheet, {"XA5:XA11": RAG, "XB5:XB11": ARROWS})
    assert saved(again) == data


def raw(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    assert archive.fp is not None
    archive.fp.seek(member.header_offset + 26)
    name, extra = (int.from_bytes(archive.fp.read(2), "little") for _ in range(2))
    archive.fp.seek(member.header_offset + 30 + name + extra)
    return archive.fp.read(member.compress_size)


def test_the_same_patch_gives_the_same_bytes(corpus_file: Path) -> None:
    first, second = opened(corpus_file), opened(corpus_file)
    assert all_of_them(first)
    assert all_of_them(second)
    assert saved(first) == saved(second)


def test_another_reader_finds_what_was_written(corpus_file: Path) -> None:
    package = opened(corpus_file)
    name = package.sheet_names[0]
    sheet = package.sheet(name)
    address = cell_name(sheet.rows.last + 3, 2)
    sheet.set(address, "=a new cell")
    row, column = parse_cell(address)
    cells = CalamineWorkbook.from_filelike(io.BytesIO(saved(package))).get_sheet_by_name(name)
    assert cells.to_python(skip_empty_area=False)[row - 1][column - 1] == "=a new cell"


def test_formulas_that_followed_a_shared_one_say_the_same(corpus_file: Path) -> None:
    package, before = opened(corpus_file), opened(corpus_file)
    if not a_shared_formulas_first_cell(package):
        pytest.skip("the workbook has no such cell")
    for sheet in sheets(package):
        if sheet.rows.changed:
            old = before.sheet(sheet.name)
            for row in sheet.rows.between(1, LAST_ROW):
                for cell in row.cells.values():
                    if cell.has_formula:
                        assert sheet.formula(cell.address) == old.formula(cell.address)


def test_no_new_fault(
    corpus_file: Path, validator: Callable[[Path], list[Fault]], tmp_path: Path
) -> None:
    package = opened(corpus_file)
    assert all_of_them(package)
    grow_all_tables(package)
    path = tmp_path / corpus_file.name
    path.write_bytes(saved(package))
    assert new_faults(validator(corpus_file), validator(path)) == []


def test_libreoffice_opens_it(corpus_file: Path, libreoffice: LibreOffice, tmp_path: Path) -> None:
    package = opened(corpus_file)
    name = package.sheet_names[0]
    sheet = package.sheet(name)
    address = cell_name(sheet.rows.last + 3, 2)
    all_of_them(package)
    sheet.set(address, "=a new cell")
    path = tmp_path / corpus_file.name
    path.write_bytes(saved(package))
    assert libreoffice.read(path, name)[name][address].value == "=a new cell"


def grow_all_tables(package: Package) -> dict[str, int]:
    """Each table by two rows where there is room, and how many rows it has then."""
    grown = {}
    for name, info in package.tables.items():
        try:
            package.table(name).resize(info.body.height + 2)
            grown[name] = info.body.height + 2
        except CannotPatch as refusal:
            assert info.sheet in str(refusal)
    return grown


def test_tables_grow_and_shrink_back(corpus_file: Path) -> None:
    package = opened(corpus_file)
    sizes = {name: info.body.height for name, info in package.tables.items()}
    grown = grow_all_tables(package)
    if not grown:
        pytest.skip("the workbook has no table with room to grow")
    again = Package.of_bytes(saved(package))
    assert {name: again.tables[name].body.height for name in grown} == grown
    for name in grown:
        again.table(name).resize(sizes[name])
    assert {n: t.body.height for n, t in Package.of_bytes(saved(again)).tables.items()} == sizes
