"""Defined names that point to cells: ``Scorecard_title`` is ``Scorecard!$A$1``."""

from __future__ import annotations

import re

from kqi_workbook.books.by_name import ByName
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.books.ooxml.markup import child, children
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import CannotPatch

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\s]+))!([$A-Za-z0-9:]+)\Z")


def named_areas(package: Package) -> ByName[tuple[str, Area]]:
    """Each name of the whole workbook that points to one area of a sheet: the sheet, the area.

    Names that stand for formulas, or for cells that are gone, are left out.
    """
    found = {}
    for name in children(child(package.workbook, "definedNames"), "definedName"):
        match = _REFERENCE.match((name.text or "").strip())
        if match is None or name.get("localSheetId") is not None:
            continue
        sheet = (match[1] or match[2]).replace("''", "'")
        try:
            found[name.get("name", "")] = sheet, Area.parse(match[3])
        except CannotPatch:
            continue
    return ByName(found)
