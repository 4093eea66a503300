"""Formulas anywhere in a workbook that refer to cells which move, or to rows that are added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from kqi_workbook.books.ooxml.markup import Element, child, children, local_name
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
_FORMULA_ELEMENTS = {"formula", "formula1", "formula2", "f"}
_CHARTS = ("drawingml.chart+xml", "chartex+xml")


def rewrite_references(
    package: Package, change: Change, *, rows: Iterable[int], thorough: bool = False
) -> None:
    """Apply a change to every formula that may name one of the rows.

    Looked at are cells, conditional formats, validations, sparklines, defined names, charts and
    the sources of pivot tables. A large sheet that nobody has opened is passed over unless
    ``thorough`` is asked for: unpacking it costs more than a whole refresh.
    """
    numbers = "|".join(str(row) for row in sorted(rows)).encode()
    in_any = re.compile(rb"[A-Z]\$?(?:%s)(?!\d)" % numbers)
    in_formula = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>[^<]*?[A-Za-z]\$?(?:%s)(?!\d)" % numbers)
    for name in package.sheet_names:
        if not package.is_open(part := package.sheet_part(name)):
            if package.size(part) > _LARGE and not thorough:
                continue
            content = package.read(part)
            shares = thorough and b't="shared"' in content
            if not (shares or in_formula.search(content) or _in_frame(content, in_any)):
                continue
        sheet = package.sheet(name)
        _change_cells(sheet, change, in_formula, thorough)
        for element in _formulas_in(sheet.frame):
            _change_text(element, change, name)
    for part in package.parts_of_type(*_CHARTS):
        if in_any.search(package.read(part)):
            for element in _formulas_in(package.root(part)):
                _change_text(element, change, "")
    _change_names(package, change)
    _change_pivots(package, change)


def _in_frame(content: bytes, pattern: re.Pattern[bytes]) -> bool:
    """Whether formats, validations or sparklines, which stand after the rows, may have a match."""
    after = content.rfind(b"sheetData>")
    return pattern.search(content, max(after, 0)) is not None


def _change_cells(sheet: Sheet, change: Change, pattern: re.Pattern[bytes], thorough: bool) -> None:
    rows = sheet.rows
    shared = re.compile(rb't="shared"') if thorough else pattern
    for number in shared_numbers(rows, shared):
        unshare(rows, number)
    for row in rows.holding(pattern):
        for cell in list(row.cells.values()):
            formula = formula_of(rows, cell)
            if formula is not None:
                changed = with_formula(cell, rows.prefix, change(formula, sheet.name))
                if changed is not cell:
                    rows.row(row.number).put(changed)


def _formulas_in(root: Element) -> Iterator[Element]:
    return (e for e in root.iter("{*}*") if local_name(e) in _FORMULA_ELEMENTS)


def _change_text(element: Element, change: Change, own_sheet: str) -> None:
    if element.text:
        changed = change(element.text, own_sheet)
        if changed != element.text:
            element.text = changed


def _change_names(package: Package, change: Change) -> None:
    for name in children(child(package.workbook, "definedNames"), "definedName"):
        _change_text(name, change, "")


def _change_pivots(package: Package, change: Change) -> None:
    for part in package.parts_of_type("pivotCacheDefinition+xml"):
        for source in package.root(part).iter("{*}worksheetSource"):
            if source.get("ref") and source.get("sheet"):
                source.set("ref", change(source.get("ref", ""), source.get("sheet", "")))
