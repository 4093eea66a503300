"""Runs under the Python that has `uno`: does to open workbooks what Excel would, a JSON line each.

Not imported by the tests. `libreoffice_engine.py` starts it and speaks with it. Each request is one
call to the spreadsheet. Where Excel and LibreOffice differ, this side acts like Excel: a text that
is put into a cell is read as if it had been typed, and an apostrophe in front keeps it text.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import uno
from com.sun.star.lang import Locale
from com.sun.star.sheet.ConditionFormatOperator import BEGINS_WITH
from com.sun.star.sheet.FormulaResult import ERROR
from com.sun.star.table import CellRangeAddress
from com.sun.star.util import NotNumericException

from tests.support.uno_documents import DESKTOP, properties, services

Edges: TypeAlias = Sequence[int]  # top, left, bottom, right, from 1
Rows: TypeAlias = list[list[Any]]

DAY_ZERO = dt.datetime(1899, 12, 30)
DATE, TIME, LOGICAL, TEXT = 2, 4, 1024, 256  # com.sun.star.util.NumberFormat
CONDITION, ICON_SET = 0, 3  # com.sun.star.sheet.ConditionEntryType
EXPRESSION = 24  # com.sun.star.sheet.ConditionFormatOperator
ARROWS = 0  # com.sun.star.sheet.IconSetType.ICONSET_3ARROWS
NUMBER_THRESHOLD = 2  # com.sun.star.sheet.IconSetFormatEntry.ICONSET_VALUE
ERRORS = {
    501: "#NAME?",
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
CONSTANTS = {"TRUE()": "TRUE", "FALSE()": "FALSE", "NA()": "#N/A"}  # formulas here, not in Excel
ENGLISH = Locale("en", "GB", "")
DOWN = uno.Enum("com.sun.star.sheet.CellInsertMode", "DOWN")
UP = uno.Enum("com.sun.star.sheet.CellDeleteMode", "UP")
CALC_A1, EXCEL_A1 = 0, 3  # com.sun.star.sheet.AddressConvention.XL_OOX


class Workbook:
    def __init__(self, desktop: Any, manager: Any, path: str) -> None:
        self.doc = desktop.loadComponentFromURL(
            Path(path).as_uri(), "_blank", 0, properties(Hidden=True, MacroExecutionMode=0)
        )
        self.formats = self.doc.NumberFormats
        self.formatter = manager.createInstance("com.sun.star.util.NumberFormatter")
        self.formatter.attachNumberFormatsSupplier(self.doc)
        self.parser = self.doc.createInstance("com.sun.star.sheet.FormulaParser")
        self.parser.CompileEnglish = True
        self.parser.FormulaConvention = EXCEL_A1
        self.merged: list[list[Any]] = []
        self.gone: set[tuple[Any, ...]] = set()  # rules that were deleted: see delete_rule
        self.arrows: list[dict[str, Any]] = []  # icon sets that were added: see add_arrows
        self.doc.calculateAll()
        self.general = self.formats.getStandardFormat(16, ENGLISH)

    def close(self) -> None:
        self.doc.close(True)

    # ---- the workbook

    def sheets(self) -> list[str]:
        return list(self.doc.Sheets.ElementNames)

    def tables(self) -> dict[str, list[Any]]:
        ranges, sheets = self.doc.DatabaseRanges, self.sheets()
        return {
            name: [sheets[area.Sheet], *_edges(area)]
            for name in ranges.ElementNames
            if not name.startswith("__Anonymous")
            for area in [ranges.getByName(name).DataArea]
        }

    def names(self) -> dict[str, list[Any] | None]:
        """Names of the whole workbook: each with its sheet and edges, or None for another thing."""
        ranges, sheets, found = self.doc.NamedRanges, self.sheets(), {}
        for name in ranges.ElementNames:
            cells = ranges.getByName(name).ReferredCells
            area = cells and cells.RangeAddress
            found[name] = area and [sheets[area.Sheet], *_edges(area)]
        return found

    def resize(self, table: str, edges: Edges) -> None:
        area = self.doc.DatabaseRanges.getByName(table).DataArea
        top, left, bottom, right = edges
        if (top - 1, left - 1) != (area.StartRow, area.StartColumn) or bottom <= top:
            raise ValueError("a table keeps its header and needs a row below it")
        self.doc.DatabaseRanges.getByName(table).DataArea = CellRangeAddress(
            area.Sheet, left - 1, top - 1, right - 1, bottom - 1
        )

    def automatic(self, value: Any = None) -> bool:
        if value is not None:
            self.doc.enableAutomaticCalculation(value)
        if value:
            self.doc.calculate()  # Excel does so at once
        return bool(self.doc.isAutomaticCalculationEnabled())

    def selection(self, sheet: str | None = None, edges: Edges | None = None) -> list[Any]:
        controller = self.doc.CurrentController
        if sheet is not None and edges is not None:
            controller.setActiveSheet(self.doc.Sheets.getByName(sheet))
            controller.select(self._range(sheet, edges))
        found = controller.getSelection().RangeAddress
        return [controller.ActiveSheet.Name, *_edges(found)]

    def protected(self, sheet: str, value: Any = None) -> bool:
        cells = self.doc.Sheets.getByName(sheet)
        if value is True:
            cells.protect("")
        if value is False:
            cells.unprotect("")
        return bool(cells.isProtected())

    def merge(self, sheet: str, edges: Edges) -> None:
        self._range(sheet, edges).merge(True)
        self.merged.append([sheet, *edges])

    # ---- cells

    def values(self, sheet: str, edges: Edges) -> Rows:
        cells = self._range(sheet, edges)
        rows = [[None if value == "" else value for value in row] for row in cells.DataArray]
        for group in cells.getCellFormatRanges():
            kind = self.formats.getByKey(group.NumberFormat).Type
            if kind & (DATE | TIME) or kind & LOGICAL:
                for r, c in _inside(group.RangeAddress, edges):
                    rows[r][c] = _shown(rows[r][c], kind)
        for group in cells.queryFormulaCells(ERROR).RangeAddresses:
            for r, c in _inside(group, edges):
                code = cells.getCellByPosition(c, r).Error
                rows[r][c] = {"error": ERRORS.get(code, "#VALUE!")}
        return rows

    def look(self, sheet: str, edges: Edges) -> dict[str, Any]:
        """How wide a cell is and how large its letters are, in points, and whether lines wrap."""
        cells = self._range(sheet, edges)
        width = cells.Columns.getByIndex(0).Width / 2540 * 72
        return {"width": width, "size": cells.CharHeight, "wraps": cells.IsTextWrapped}

    def formulas(self, sheet: str, edges: Edges) -> Rows:
        cells = self._range(sheet, edges)
        rows = [list(row) for row in cells.FormulaArray]
        for r, row in enumerate(cells.DataArray):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    rows[r][c] = value
        for group in cells.queryContentCells(16).RangeAddresses:  # formulas
            for r, c in _inside(group, edges):
                cell = cells.getCellByPosition(c, r)
                text = self.parser.printFormula(cell.getTokens(), cell.CellAddress)
                rows[r][c] = CONSTANTS.get(text, f"={text}")
        return rows

    def insert(self, sheet: str, edges: Edges) -> None:
        area = self._range(sheet, edges).RangeAddress
        self.doc.Sheets.getByName(sheet).insertCells(area, DOWN)

    def delete(self, sheet: str, edges: Edges) -> None:
        area = self._range(sheet, edges).RangeAddress
        self.doc.Sheets.getByName(sheet).removeRange(area, UP)

    def write(self, sheet: str, edges: Edges, rows: Rows) -> None:
        if self.protected(sheet):
            raise ValueError("the cell is on a protected sheet")
        cells = self._range(sheet, edges)
        at_once = all(name != sheet for name, *_ in self.merged)
        if at_once:
            cells.setDataArray(
                [["" if (p := _plain(v)) is None else p for v in row] for row in rows]
            )
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                done = at_once and _plain(value) is not None
                if not done and not self._is_covered(sheet, edges[0] + r, edges[1] + c):
                    self._enter(cells.getCellByPosition(c, r), value)

    def _is_covered(self, sheet: str, row: int, column: int) -> bool:
        return any(
            name == sheet and top <= row <= bottom and left <= column <= right
            for name, top, left, bottom, right in self.merged
            if (row, column) != (top, left)
        )

    def _enter(self, cell: Any, value: Any) -> None:
        if value is None or value == "":
            cell.setString("")
        elif isinstance(value, dict):
            moment = dt.datetime.fromisoformat(value["date"])
            cell.Value = (moment - DAY_ZERO) / dt.timedelta(days=1)
            self._format_if_general(cell, "DD/MM/YYYY")
        elif isinstance(value, bool):
            cell.Value = value
            cell.NumberFormat = self.formats.getStandardFormat(LOGICAL, ENGLISH)
        elif isinstance(value, str):
            self._type(cell, value)
        else:
            cell.Value = value

    def _type(self, cell: Any, text: str) -> None:
        if text.startswith("'"):
            cell.setString(text[1:])
        elif text.startswith(("=", "+", "-", "@")):
            cell.setFormula("=" + self._calc_formula(cell.CellAddress, text))
        elif text in ERRORS.values():
            cell.setFormula("=NA()")
        elif text.casefold() in ("true", "false"):
            self._enter(cell, text.casefold() == "true")
        else:
            try:
                key = self.formatter.detectNumberFormat(self.general, text)
                cell.Value = self.formatter.convertStringToNumber(key, text)
            except NotNumericException:
                cell.setString(text)

    def _format_if_general(self, cell: Any, code: str) -> None:
        if cell.NumberFormat == self.general or not self.formats.getByKey(
            cell.NumberFormat
        ).Type & (DATE | TIME):
            key = self.formats.queryKey(code, ENGLISH, False)
            cell.NumberFormat = key if key >= 0 else self.formats.addNew(code, ENGLISH)

    def _range(self, sheet: str, edges: Edges) -> Any:
        top, left, bottom, right = edges
        return self.doc.Sheets.getByName(sheet).getCellRangeByPosition(
            left - 1, top - 1, right - 1, bottom - 1
        )

    # ---- conditional formats

    def rules(self, sheet: str) -> list[dict[str, Any]]:
        """Every rule of a sheet, the first to be applied first."""
        found = [rule for rule in self.arrows if rule["sheet"] == sheet]
        for format_ in self.doc.Sheets.getByName(sheet).ConditionalFormats.getConditionalFormats():
            areas = [list(_edges(area)) for area in format_.Range.RangeAddresses]
            for place in range(format_.Count):
                if (sheet, format_.ID, place) in self.gone:
                    continue
                entry = format_.getByIndex(place)
                found.append({"id": [format_.ID, place], "areas": areas, **self._rule(entry)})
        return found

    def _rule(self, entry: Any) -> dict[str, Any]:
        if entry.Type == ICON_SET:
            thresholds = entry.IconSetEntries[1:]
            return {
                "type": "icon_set",
                "arrows": entry.Icons == ARROWS,
                "reverse": entry.Reverse,
                "show_value": entry.ShowValue,
                "numbers": all(t.Type == NUMBER_THRESHOLD for t in thresholds),
                "thresholds": [t.Formula for t in thresholds],
            }
        if entry.Type != CONDITION:
            return {"type": "unknown"}
        style = self.doc.StyleFamilies.getByName("CellStyles").getByName(entry.StyleName)
        kind = {EXPRESSION: "custom", BEGINS_WITH: "begins_with"}.get(entry.Operator, "unknown")
        return {"type": kind, "formula": entry.Formula1, "fill": style.CellBackColor}

    def delete_rule(self, sheet: str, id_: Any) -> None:
        if id_ in [rule["id"] for rule in self.arrows]:
            self.arrows = [rule for rule in self.arrows if rule["id"] != id_]
            return
        self.gone.add((sheet, *id_))  # LibreOffice 7.4 refuses to remove one rule of an area
        formats = self.doc.Sheets.getByName(sheet).ConditionalFormats
        for format_ in formats.getConditionalFormats():
            if all((sheet, format_.ID, place) in self.gone for place in range(format_.Count)):
                number = format_.ID  # another may get it again
                formats.removeByID(number)
                self.gone -= {place for place in self.gone if place[:2] == (sheet, number)}

    def add_custom(self, sheet: str, edges: Edges, formula: str, fill: int, font: int) -> None:
        styles = self.doc.StyleFamilies.getByName("CellStyles")
        name = f"KQI {fill:06X}"
        if name not in styles.ElementNames:
            style = self.doc.createInstance("com.sun.star.style.CellStyle")
            styles.insertByName(name, style)
            style.CellBackColor, style.CharColor = fill, font
        entry = self._add_entry(sheet, edges)
        entry.Operator = EXPRESSION
        entry.Formula1 = self._calc_formula(
            self._range(sheet, edges).getCellByPosition(0, 0).CellAddress, formula
        )
        entry.StyleName = name

    def _calc_formula(self, at: Any, formula: str) -> str:
        tokens = self.parser.parseFormula(formula.lstrip("=@"), at)
        self.parser.FormulaConvention = CALC_A1
        text = str(self.parser.printFormula(tokens, at))
        self.parser.FormulaConvention = EXCEL_A1
        return text

    def add_arrows(self, sheet: str, edges: Edges, thresholds: list[float]) -> None:
        """Remember them: LibreOffice 7.4 makes icon sets without thresholds, and ends over them."""
        rule = {"type": "icon_set", "arrows": True, "reverse": False, "show_value": True}
        rule |= {"numbers": True, "thresholds": [str(value) for value in thresholds]}
        self.arrows.append(
            {**rule, "id": ["added", len(self.arrows)], "areas": [edges], "sheet": sheet}
        )

    def _add_entry(self, sheet: str, edges: Edges) -> Any:
        formats = self.doc.Sheets.getByName(sheet).ConditionalFormats
        area = self._range(sheet, edges).RangeAddress
        for format_ in formats.getConditionalFormats():
            if [_edges(a) for a in format_.Range.RangeAddresses] == [_edges(area)]:
                break
        else:
            ranges = self.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
            ranges.addRangeAddress(area, False)
            id_ = formats.createByRange(ranges)
            format_ = next(f for f in formats.getConditionalFormats() if f.ID == id_)
        format_.createEntry(CONDITION, 0)  # it comes last, whatever place is asked for
        return format_.getByIndex(format_.Count - 1)


def _edges(area: Any) -> tuple[int, int, int, int]:
    return (area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)


def _inside(area: Any, edges: Edges) -> list[tuple[int, int]]:
    """Row and column, counted from the edges' top left, of the area's cells."""
    top, left, bottom, right = _edges(area)
    return [
        (r - edges[0], c - edges[1])
        for r in range(max(top, edges[0]), min(bottom, edges[2]) + 1)
        for c in range(max(left, edges[1]), min(right, edges[3]) + 1)
    ]


def _plain(value: Any) -> float | str | None:
    """What goes into a cell as it is, None for what is read as if typed, or is no number here."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[1:] if value.startswith("'") else None
    return None if isinstance(value, (bool, dict)) else float(value)


def _shown(value: Any, kind: int) -> Any:
    if not isinstance(value, float):
        return value
    if kind & LOGICAL:
        return bool(value)
    return {"date": (DAY_ZERO + dt.timedelta(days=value)).isoformat()}


def main(url: str) -> None:
    manager = services(url)
    context = manager.createInstance(DESKTOP)
    books = {}
    for line in sys.stdin:
        request = json.loads(line)
        do, book = request.pop("do"), request.pop("book")
        try:
            if do == "open":
                books[book] = Workbook(context, manager, request["path"])
                result = None
            else:
                result = getattr(books[book], do)(**request)
            answer = {"result": result}
        except Exception as error:
            answer = {"error": f"{do}: {type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main(sys.argv[1])
