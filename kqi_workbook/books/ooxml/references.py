"""Formulas anywhere in a workbook that refer to cells which move, or to rows that are added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from kqi_workbook.books.ooxml.formulas import has_relative_reference
from kqi_workbook.books.ooxml.markup import Element, child, children
from kqi_workbook.books.ooxml.rows import Cell, Rows
from kqi_workbook.books.ooxml.shared import (
    formula_of,
    shared_numbers,
    unshare,
    with_formula,
)

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.package import Package
    from kqi_workbook.books.ooxml.sheet import Sheet

Change: TypeAlias = Callable[[str, str], str]
"""A formula and the sheet that it stands on, to the formula as it is to be."""

_LARGE = 8 << 20  # a data tab of some 20,000 rows or more
_SHARED = re.compile(rb't="shared"')
_FORMULA_ELEMENTS = ("{*}formula", "{*}formula1", "{*}formula2", "{*}f")
_TABLE_FORMULAS = ("{*}calculatedColumnFormula", "{*}totalsRowFormula")
_LINKS = {
    "drawing+xml": ("textlink",),
    "controlproperties+xml": ("fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx"),
}
_FULL_RANGE = "{*}sqref"  # of a chart from which a filter takes rows
_CHARTS = ("drawingml.chart+xml", "chartex+xml")


@dataclass(frozen=True)
class _Stated:
    """A formula, the sheet that it stands on (none for a name or chart), and how to replace it."""

    text: str
    sheet: str
    put: Callable[[str], None]


def rewrite_references(
    package: Package,
    change: Change,
    *,
    sheet: str,
    rows: Iterable[int],
    thorough: bool = False,
) -> None:
    """Apply a change to every formula that may name one of a sheet's rows: all of them, or none.

    Looked at are cells, conditional formats, validations, sparklines, defined names, charts and
    the sources of pivot tables. A large sheet that nobody has opened is passed over unless
    ``thorough`` is asked for: unpacking it costs more than a whole refresh.
    """
    for stated, text in plan_references(package, change, sheet=sheet, rows=rows, thorough=thorough):
        stated.put(text)


def plan_references(
    package: Package,
    change: Change,
    *,
    sheet: str,
    rows: Iterable[int],
    thorough: bool = False,
) -> list[tuple[_Stated, str]]:
    """The formulas that :func:`rewrite_references` would replace, and by what."""
    any_row = "|".join(str(row) for row in sorted(rows))
    names_a_row = re.compile(rf"[A-Za-z]\$?(?:{any_row})(?!\d)")
    numbers = any_row.encode()
    in_any = re.compile(rb"[A-Z]\$?(?:%s)(?!\d)" % numbers)
    in_formula = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>[^<]*?[A-Za-z]\$?(?:%s)(?!\d)" % numbers)
    mark = _mark_of(sheet)
    found = [*_in_names(package), *_in_pivots(package), *_in_charts(package, in_any)]
    found += [*_in_tables(package), *_in_links(package)]
    for name in package.sheet_names:
        if not package.is_open(part := package.sheet_part(name)):
            if package.size(part) > _LARGE and not thorough:
                continue
            content = package.read(part)
            if name != sheet and mark.encode() not in content.lower():
                continue
            shares = thorough and b't="shared"' in content
            formulas = b"f>" in content  # a closing tag, and far quicker to look for than a pattern
            if not (
                shares or (formulas and in_formula.search(content)) or _in_frame(content, in_any)
            ):
                continue
        opened = package.sheet(name)
        found += _in_cells(opened, in_formula, thorough, "" if name == sheet else mark)
        found += [_of_element(element, name) for element in _formulas_in(opened.frame)]
    changed = [
        (stated, change(stated.text, stated.sheet))
        for stated in found
        if names_a_row.search(stated.text)
        and (stated.sheet == sheet or mark in stated.text.lower())
    ]
    return [(stated, text) for stated, text in changed if text != stated.text]


def _mark_of(sheet: str) -> str:
    """What stands, in lower case, in every formula of another sheet that names this one.

    Nothing for a name that formulas or XML may write in more than one way.
    """
    plain = sheet.isascii() and not set(sheet) & set("&<>'\"")
    return sheet.lower() if plain else ""


def _in_frame(content: bytes, pattern: re.Pattern[bytes]) -> bool:
    """Whether formats, validations or sparklines, which stand after the rows, may have a match."""
    after = content.rfind(b"sheetData>")
    return pattern.search(content, max(after, 0)) is not None


def _in_cells(sheet: Sheet, pattern: re.Pattern[bytes], thorough: bool, mark: str) -> list[_Stated]:
    rows = sheet.rows
    holding = rows.holding(_SHARED) if thorough else rows.holding(pattern, mark)
    numbers = shared_numbers(holding)
    for number in numbers:
        unshare(rows, number)
    if numbers or thorough:
        holding = rows.holding(pattern)
    return [
        _Stated(formula, sheet.name, _cell_setter(rows, cell))
        for row in holding
        for cell in row.cells.values()
        if mark in cell.inside.lower() and (formula := formula_of(rows, cell)) is not None
    ]


def _cell_setter(rows: Rows, cell: Cell) -> Callable[[str], None]:
    return lambda text: rows.row(cell.row).put(with_formula(cell, rows.prefix, text))


def _in_charts(package: Package, pattern: re.Pattern[bytes]) -> list[_Stated]:
    return [
        _of_element(element, "")
        for part in package.parts_of_type(*_CHARTS)
        if package.is_open(part) or pattern.search(package.read(part))
        for element in package.root(part).iter(*_FORMULA_ELEMENTS, _FULL_RANGE)
    ]


def _in_names(package: Package) -> list[_Stated]:
    names = children(child(package.workbook, "definedNames"), "definedName")
    return [_of_element(name, "") for name in names]


def _in_tables(package: Package) -> list[_Stated]:
    """Formulas of calculated columns and totals, but those that are stated for one of many rows."""
    return [
        _of_element(element, table.sheet)
        for table in package.tables.values()
        if package.is_open(table.part) or b"Formula" in package.read(table.part)
        for element in package.root(table.part).iter(*_TABLE_FORMULAS)
        if not has_relative_reference(element.text or "")
    ]


def _in_pivots(package: Package) -> list[_Stated]:
    """The sources of pivot tables, but those in another workbook, which have a link to it."""
    return [
        _Stated(source.get("ref", ""), source.get("sheet", ""), partial(source.set, "ref"))
        for part in package.parts_of_type("pivotCacheDefinition+xml")
        for source in package.root(part).iter("{*}worksheetSource")
        if source.get("ref") and source.get("sheet") and not source.xpath("@*[local-name()='id']")
    ]


def _in_links(package: Package) -> list[_Stated]:
    """The cells that text boxes show and form controls write to."""
    return [
        _Stated(text, "", partial(element.set, name))
        for kind, names in _LINKS.items()
        for part in package.parts_of_type(kind)
        if any(f"{name}=".encode() in package.read(part) for name in names)
        for element in package.root(part).iter("{*}*")
        for name in names
        if (text := element.get(name))
    ]


def _formulas_in(root: Element) -> Iterator[Element]:
    return root.iter(*_FORMULA_ELEMENTS)


def _of_element(element: Element, sheet: str) -> _Stated:
    def put(text: str) -> None:
        element.text = text

    return _Stated(element.text or "", sheet, put)
