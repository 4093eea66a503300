"""Where a value may not be written on a sheet, because something else would break."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from kqi_workbook.books.cells import Content
from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.ooxml.markup import child, children
from kqi_workbook.errors import CannotPatch

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.sheet import Sheet

_SPREAD_FORMULA = re.compile(rb'<(?:[\w.-]+:)?f\s[^>]*\bt\s*=\s*"(array|dataTable)"[^>]*>')
_REF = re.compile(r'\sref\s*=\s*"([^"]*)"')


class Guards:
    """What must not be written to on one sheet. Looked up when the first cell is changed."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @cached_property
    def merged(self) -> list[Area]:
        """Merged cells: all but the first hold nothing."""
        merges = children(child(self._sheet.frame, "mergeCells"), "mergeCell")
        return [Area.parse(merge.get("ref", "")) for merge in merges]

    @cached_property
    def _spread_formulas(self) -> list[Area]:
        """Array formulas of more than one cell, spilled results and data tables."""
        rows = self._sheet.rows
        if not rows.contain(b"array", b"dataTable"):
            return []
        found = []
        for match in rows.matches(_SPREAD_FORMULA):
            if ref := _REF.search(match[0].decode("utf-8", "replace")):
                area = Area.parse(ref[1])
                if match[1] == b"dataTable" or area != area.first(1, 1):
                    found.append(area)
        return found

    @cached_property
    def _pivots(self) -> list[Area]:
        package = self._sheet.package
        parts = package.related(self._sheet.part, "pivotTable")
        locations = (child(package.root(part), "location") for part in parts)
        return [Area.parse(at.get("ref", "")) for at in locations if at is not None]

    @cached_property
    def _headers(self) -> dict[tuple[int, int], tuple[str, str]]:
        """Header cells of tables: the column's name and the table's."""
        return {
            (table.area.top, table.area.left + index): (name, table.name)
            for table in self._sheet.package.tables_on(self._sheet.part)
            if table.header_rows
            for index, name in enumerate(table.columns)
        }

    @property
    def fixed(self) -> list[Area]:
        """Areas whose cells belong together and cannot be moved or set one by one."""
        return [*self._spread_formulas, *self._pivots]

    def forget(self) -> None:
        """Look everything up again, as cells have moved."""
        for name in ("merged", "_spread_formulas", "_pivots", "_headers"):
            self.__dict__.pop(name, None)

    def refuse_where_it_breaks(self, row: int, column: int, value: Content) -> None:
        """Raise :class:`CannotPatch`, saying what is there and what to do."""
        if why_not := self._why_not(row, column, value):
            raise CannotPatch(f"{self._sheet.name}, {cell_name(row, column)} is {why_not}")

    def _why_not(self, row: int, column: int, value: Content) -> str:
        for area in self.merged:
            if area.holds(row, column) and (row, column) != (area.top, area.left):
                return f"inside the merged cells {area}. Unmerge them."
        for area in self._spread_formulas:
            if area.holds(row, column):
                return (
                    f"part of an array formula or its results ({area}). "
                    "Move that formula elsewhere."
                )
        for area in self._pivots:
            if area.holds(row, column):
                return f"inside the pivot table at {area}. Move it away."
        header = self._headers.get((row, column))
        if header and value != header[0]:
            return (
                f"the header {header[0]!r} of table {header[1]}, "
                "which formulas know it by; it cannot be overwritten."
            )
        return ""
