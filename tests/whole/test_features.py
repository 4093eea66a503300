"""Workbooks that staff have made their own: a refresh loses none of it, and says nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

import kqi_workbook
from kqi_workbook import layout
from kqi_workbook.books.ooxml.addresses import Area, parse_cell
from kqi_workbook.books.ooxml.markup import Element, child, fingerprint, local_name
from kqi_workbook.books.ooxml.names import named_areas
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.making.button import MACROS, add_button
from tests.conftest import Validator
from tests.making.made import EXAMPLE
from tests.support.libreoffice import LibreOffice
from tests.support.validator import new_faults
from tests.whole.features import FEATURES, Feature, all_of_them
from tests.whole.workbook import MAIN, Workbook, members, packed_members

OUR_NAMES = {name.value for name in layout.Name}
MAY_CHANGE = {"xl/workbook.xml", "xl/styles.xml"}
WITH_THE_CHAIN = {"xl/_rels/workbook.xml.rels", "[Content_Types].xml"}


def with_feature(feature: Feature) -> bytes:
    book = Workbook(EXAMPLE.read_bytes())
    feature(book)
    return book.content()


def refreshed(content: bytes, folder: Path, name: str = "KQIs.xlsx") -> bytes:
    path = folder / name
    path.write_bytes(content)
    kqi_workbook.refresh(path)
    return path.read_bytes()


@pytest.mark.parametrize("feature", [*FEATURES, all_of_them], ids=lambda f: f.__name__)
def test_nothing_is_lost(feature: Feature, tmp_path: Path) -> None:
    before = with_feature(feature)
    after = refreshed(before, tmp_path)
    assert_nothing_is_lost(before, after)
    if feature is all_of_them:
        assert refreshed(after, tmp_path) == after


def test_a_workbook_with_macros_keeps_them_the_button_and_the_ribbon(tmp_path: Path) -> None:
    before = add_button(EXAMPLE.read_bytes(), MACROS)
    after = refreshed(before, tmp_path, "KQIs.xlsm")
    assert_nothing_is_lost(before, after)
    assert refreshed(after, tmp_path, "KQIs.xlsm") == after


def test_all_of_it_together_is_as_valid_as_before_and_opens(
    tmp_path: Path, validator: Validator, libreoffice: LibreOffice
) -> None:
    book = Workbook(add_button(EXAMPLE.read_bytes(), MACROS))
    for feature in FEATURES:
        if feature.__name__ != "threaded_comments":  # the button has the sheet's legacy drawing
            feature(book)
    before, after = tmp_path / "before.xlsm", tmp_path / "KQIs.xlsm"
    before.write_bytes(book.content())
    refreshed(before.read_bytes(), tmp_path, after.name)
    assert new_faults(validator(before), validator(after)) == []
    cells = libreoffice.read(after, "Scorecard", "Our view")
    assert cells["Scorecard"]["F5"].value == "A\nAmber"
    scorecard = cells["Scorecard"]
    for header, shown in (("Director's note", "About KQI 1"), ("Of how many", "1 of 7")):
        (place,) = (address for address, cell in scorecard.items() if cell.value == header)
        assert scorecard[place.replace("4", "5")].value == shown
    assert cells["Our view"]["B2"].value == 7


# ---- holding two files against each other


def assert_nothing_is_lost(before: bytes, after: bytes) -> None:
    """Every part is there, unchanged but for those with a reason; those hold all that they held."""
    old, new = members(before), members(after)
    chain = {"xl/calcChain.xml"} & (set(old) - set(new))
    assert [name for name in old if name not in chain] == list(new)
    package = Package.of_bytes(before)
    sheets, tables = written_parts(package)
    explained = {*MAY_CHANGE, *sheets, *tables, *(WITH_THE_CHAIN if chain else ())}
    old_packed, new_packed = packed_members(before), packed_members(after)
    for name in new:
        if old[name] == new[name]:
            assert new_packed[name] == old_packed[name], name
        elif name.startswith("xl/charts/"):
            assert_only_references_grew(old[name], new[name])
        else:
            assert name in explained
            if name in sheets:
                assert_sheet_keeps_what_is_not_ours(package, name, old[name], new[name])
            elif name in tables:
                assert_table_only_grew(old[name], new[name])
            elif name in MAY_CHANGE:
                assert_only_added_to(old[name], new[name])


def written_parts(package: Package) -> tuple[set[str], set[str]]:
    """The sheets and the tables that a refresh may write to."""
    tables = [package.tables[table.name] for table in layout.WRITTEN_TABLES]
    sheets = {table.sheet for table in tables}
    sheets |= {sheet for name, (sheet, _) in named_areas(package).items() if name in OUR_NAMES}
    return {package.sheet_part(sheet) for sheet in sheets}, {table.part for table in tables}


def assert_only_references_grew(old: bytes, new: bytes) -> None:
    def fixed(part: bytes) -> tuple[object, ...]:
        root = etree.fromstring(part)
        for formula in root.iter("{*}f"):
            formula.text = re.sub(r"\$\d+\Z", "", formula.text or "")
        return fingerprint(root)

    assert fixed(new) == fixed(old)


def assert_table_only_grew(old: bytes, new: bytes) -> None:
    def fixed(part: bytes) -> tuple[object, ...]:
        root = etree.fromstring(part)
        etree.strip_attributes(root, "ref")
        return fingerprint(root)

    assert fixed(new) == fixed(old)


def assert_only_added_to(old: bytes, new: bytes) -> None:
    """Styles and workbook: what was there stands where it stood; more may follow."""
    for group in etree.fromstring(old):
        there = child(etree.fromstring(new), local_name(group))
        assert there is not None, group.tag
        if local_name(group) != "calcPr":
            kept = [fingerprint(element) for element in there][: len(group)]
            assert kept == [fingerprint(element) for element in group]


def assert_sheet_keeps_what_is_not_ours(
    package: Package, part: str, old: bytes, new: bytes
) -> None:
    before, after = etree.fromstring(old), etree.fromstring(new)
    assert before.nsmap == after.nsmap and before.items() == after.items()
    assert [e.tag for e in before] == [e.tag for e in after]
    for was, now in zip(before, after, strict=True):
        if local_name(was) not in ("sheetData", "dimension"):
            assert fingerprint(now) == fingerprint(was), local_name(was)
    cells = {cell.get("r"): cell for cell in after.iter(f"{{{MAIN}}}c")}
    ours = list(areas_of_ours(package, part))
    for cell in before.iter(f"{{{MAIN}}}c"):
        address = cell.get("r", "")
        now = cells[address]
        if not any(area.holds(*parse_cell(address)) for area in ours):
            assert fingerprint(now) == fingerprint(cell), address
        elif cell.get("s") is not None:
            assert now.get("s") == cell.get("s"), address
    for was, now in zip(rows_of(before), rows_of(after), strict=False):
        assert was.get("r") == now.get("r")
        for mark in set(was.keys()) - {"spans", "ht"}:
            assert now.get(mark) == was.get(mark)
        if was.get("customHeight"):
            assert now.get("ht") == was.get("ht")


def rows_of(sheet: Element) -> list[Element]:
    return list(sheet.iter(f"{{{MAIN}}}row"))


def areas_of_ours(package: Package, part: str) -> Iterator[Area]:
    """The cells that a refresh may write: its columns of its tables, and its named areas."""
    for info in package.tables_on(part):
        if info.name not in layout.TABLES:
            continue  # formulas behind a chart
        own = {column.name.casefold() for column in layout.TABLES[info.name].columns}
        for place, name in enumerate(info.columns, start=info.area.left):
            if name.casefold() in own:
                yield Area(info.body.top, place, 2000, place)
    for name, (sheet, area) in named_areas(package).items():
        if name in OUR_NAMES and package.sheet_part(sheet) == part:
            right = 14 if sheet == "By team" else area.right
            yield Area(area.top, area.left, min(area.bottom, 90), right)
