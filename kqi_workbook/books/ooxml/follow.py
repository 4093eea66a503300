"""What goes with a table's body as it grows and shrinks."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kqi_workbook.books.ooxml.addresses import Area, cell_name, parse_areas, write_areas
from kqi_workbook.books.ooxml.formulas import shift, stretch
from kqi_workbook.books.ooxml.markup import (
    Element,
    child,
    children,
    descendants,
    local_name,
)
from kqi_workbook.books.ooxml.references import rewrite_references

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.package import TableInfo
    from kqi_workbook.books.ooxml.sheet import Sheet

_STAYS = ("selection", "sparkline")


def follow_references(sheet: Sheet, area: Area, change: int) -> None:
    """Have names, print areas, charts and formulas that refer to all rows of an area still do so.

    ``area`` is the table's rows as they were; ``change`` is how many more there will be.
    """
    bottom = area.bottom + change

    def stretched(formula: str, own_sheet: str) -> str:
        return stretch(formula, sheet.name, own_sheet, area, bottom)

    rewrite_references(sheet.package, stretched, sheet=sheet.name, rows=[area.bottom])
    _follow_names(sheet, area, bottom)


def follow_rows(sheet: Sheet, table: TableInfo, change: int) -> None:
    """Bring what covers the table's last row to its new last row.

    These are conditional formats, validations, protected and checked ranges, and sparklines.
    ``table`` is the table as it was.
    """
    _follow_areas(sheet.frame, table, change)
    _follow_sparklines(sheet.frame, table.body, table.body.bottom + change)


def _follow_areas(frame: Element, table: TableInfo, change: int) -> None:
    for element in frame.iter("{*}*"):
        name = local_name(element)
        if element.get("sqref") and name not in _STAYS:
            _set_areas(element.get("sqref", ""), table, change, _attribute_setter(element))
        elif name == "sqref" and local_name(_parent(element)) not in _STAYS:
            _set_areas(element.text or "", table, change, _text_setter(element))


def _set_areas(text: str, table: TableInfo, change: int, write: Callable[[str], None]) -> None:
    areas = [new for area in parse_areas(text) for new in _moved_bottom(area, table, change)]
    if areas != parse_areas(text):
        write(write_areas(areas))


def _moved_bottom(area: Area, table: TableInfo, change: int) -> list[Area]:
    body = table.body
    if area.bottom not in (body.bottom, table.area.bottom) or not area.meets(table.area):
        return [area]
    bottom = area.bottom + change
    if area.top > bottom:  # of rows that go: it is stated for the row where it is
        return [area]
    if body.left <= area.left and area.right <= body.right:
        return [replace(area, bottom=bottom)]
    if change < 0:
        return [area]
    left, right = max(area.left, body.left), min(area.right, body.right)
    return [area, Area(area.bottom + 1, left, bottom, right)]


def waiting_sparklines(frame: Element, body: Area) -> dict[Element, str]:
    """The sparklines below a table that are its last row's copied down, and their sources.

    They are laid ahead of the rows that they are for, and wait where they are.
    """
    placed = _sparklines(frame)
    waiting = {}
    for address, line in placed.items():
        area = Area.parse(address)
        last = placed.get(cell_name(body.bottom, area.left))
        if area.top > body.bottom and last is not None:
            if shift(_source(last), area.top - body.bottom) == _source(line):
                waiting[line] = _source(line)
    return waiting


def put_sources_back(waiting: Mapping[Element, str]) -> None:
    """Have sparklines that wait draw their own row again, after cells around them have moved."""
    for line, text in waiting.items():
        if (source := child(line, "f")) is not None:
            source.text = text


def _sparklines(frame: Element) -> dict[str, Element]:
    """Each sparkline by its cell."""
    placed = ((child(line, "sqref"), line) for line in descendants(frame, "sparkline"))
    return {(at.text or "").strip(): line for at, line in placed if at is not None}


def _source(line: Element) -> str:
    source = child(line, "f")
    return "" if source is None else source.text or ""


def _follow_sparklines(frame: Element, body: Area, bottom: int) -> None:
    """One sparkline a row: new rows get theirs, rows that went lose theirs."""
    there = _sparklines(frame)
    for address, line in there.items():
        area = Area.parse(address)
        if not (body.left <= area.left and area.right <= body.right):
            continue
        if bottom < area.bottom <= body.bottom and (group := line.getparent()) is not None:
            if len(group) > 1:
                group.remove(line)
            else:
                _place_sparkline(line, bottom, bottom - area.bottom)
        elif area.bottom == body.bottom and area.height == 1:
            _add_sparklines(line, area, bottom, set(there))


def _add_sparklines(line: Element, area: Area, bottom: int, taken: set[str]) -> None:
    after = line
    for row in range(area.bottom + 1, bottom + 1):
        address = cell_name(row, area.left)
        if address in taken:
            continue
        new = copy.deepcopy(line)
        _place_sparkline(new, row, row - area.bottom)
        after.addnext(new)
        after = new


def _place_sparkline(line: Element, row: int, rows: int) -> None:
    for element in line:
        if local_name(element) == "f":
            element.text = shift(element.text or "", rows)
        elif local_name(element) == "sqref":
            element.text = cell_name(row, Area.parse(element.text or "").left)


def _follow_names(sheet: Sheet, area: Area, bottom: int) -> None:
    """Print areas end where the table ended; a name may cover a body of one cell."""
    names = children(child(sheet.package.workbook, "definedNames"), "definedName")
    for name in names:
        text = name.text or ""
        is_print_area = name.get("name") == "_xlnm.Print_Area"
        if is_print_area or (area.height == 1 and bottom > area.bottom):
            loose = is_print_area or _is_one_reference(text)
            changed = stretch(text, sheet.name, "", area, bottom, loosely=loose)
            if changed != text:
                name.text = changed


def _is_one_reference(text: str) -> bool:
    return not set("(),+-*/&=<>^ ") & set(re.sub("'[^']*'", "", text))


def _parent(element: Element) -> Element:
    parent = element.getparent()
    return element if parent is None else parent


def _attribute_setter(element: Element) -> Callable[[str], None]:
    return lambda text: element.set("sqref", text)


def _text_setter(element: Element) -> Callable[[str], None]:
    def write(text: str) -> None:
        element.text = text

    return write
