"""Runs under the Python that has `uno`: keeps one LibreOffice and answers requests, a JSON line each.

Not imported by the tests. `libreoffice.py` starts it and speaks with it. When its standard input
closes, because the tests have ended or were killed, LibreOffice goes with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

START_LIMIT = 60  # seconds
FILTERS = {
    "pdf": ("calc_pdf_Export", None),
    "xlsx": ("Calc MS Excel 2007 XML", None),
    "ods": ("calc8", None),
    # comma, double quote, UTF-8, from line 1, texts quoted only where needed, as displayed
    "csv": ("Text - txt - csv (StarCalc)", "44,34,76,1,,0,false,true,false"),
    "html": ("HTML (StarCalc)", None),
}
MOST_CELLS = 2_000_000  # the used area of a sheet; more is formatting run wild, not data
ANCHOR = 0x010203  # a fill that pins the corners of the exported area


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def start(soffice, profile, pipe):
    """A desktop, once LibreOffice answers."""
    office = subprocess.Popen(
        [
            soffice,
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nofirststartwizard",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            f"--accept=pipe,name={pipe};urp",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    give_up = time.monotonic() + START_LIMIT
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        except Exception:
            if office.poll() not in (None, 0) or time.monotonic() > give_up:
                raise
            time.sleep(0.1)


class Tables(HTMLParser):
    """The tables of LibreOffice's HTML: per table, {(row, column): (text, fill, font colour)}."""

    def __init__(self):
        super().__init__()
        self.tables = []
        self.cell = None
        self.in_comment = False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "table":
            self.tables.append({})
            self.row, self.column, self.covered = -1, 0, set()
        elif tag == "tr":
            self.row, self.column = self.row + 1, 0
        elif tag == "td":
            while (self.row, self.column) in self.covered:
                self.column += 1
            wide, high = int(given.get("colspan", 1)), int(given.get("rowspan", 1))
            self.covered |= {
                (self.row + down, self.column + right)
                for down in range(high)
                for right in range(wide)
            }
            self.cell = {"text": [], "fill": given.get("bgcolor"), "colour": None}
        elif tag == "comment":
            self.in_comment = True
        elif self.cell is not None and tag == "font" and self.cell["colour"] is None:
            self.cell["colour"] = given.get("color")
        elif self.cell is not None and tag == "br":
            self.cell["text"].append("\n")

    def handle_data(self, data):
        if self.cell is not None and not self.in_comment:
            self.cell["text"].append(data)

    def handle_endtag(self, tag):
        if tag == "td":
            text = "".join(self.cell["text"])
            self.tables[-1][self.row, self.column] = (
                "" if text == "\n" else text,  # a lone <br> is how an empty cell is written
                self.cell["fill"],
                self.cell["colour"],
            )
            self.cell = None
        elif tag == "comment":
            self.in_comment = False


def open_document(desktop, path):
    document = desktop.loadComponentFromURL(
        Path(path).as_uri(), "_blank", 0, properties(Hidden=True)
    )
    if document is None or not hasattr(document, "Sheets"):
        raise ValueError(f"LibreOffice cannot open {Path(path).name} as a workbook")
    document.calculateAll()
    return document


def show_only(document, names):
    """Leave visible the sheets named, which are then all that is exported."""
    unknown = set(names) - set(document.Sheets.ElementNames)
    if unknown:
        raise KeyError(f"no sheet {sorted(unknown)}, there are {document.Sheets.ElementNames}")
    for name in names:
        document.Sheets.getByName(name).IsVisible = True
    for name in document.Sheets.ElementNames:
        if name not in names:
            document.Sheets.getByName(name).IsVisible = False


def convert(desktop, path, to, out, sheet):
    name, options = FILTERS[to]
    document = open_document(desktop, path)
    try:
        if sheet is not None:
            show_only(document, [sheet])
        arguments = {"FilterName": name, "Overwrite": True}
        if options:
            arguments["FilterOptions"] = options
        document.storeToURL(Path(out).as_uri(), properties(**arguments))
    finally:
        document.close(True)


def used_area(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    if (end.EndColumn + 1) * (end.EndRow + 1) > MOST_CELLS:
        raise ValueError(f"{sheet.Name} uses {end.EndRow + 1} rows x {end.EndColumn + 1} columns")
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def read_looks(document, sheet, area, scratch):
    """Displayed text, fill and font colour by cell, conditional formats applied.

    No property of UNO gives the outcome of a conditional format; the HTML filter works it out.
    """
    show_only(document, [sheet.Name])
    area.Columns.IsVisible = True
    area.Rows.IsVisible = True
    end = area.RangeAddress
    corners = {(0, 0), (end.EndRow, end.EndColumn)}
    anchored = set()
    for row, column in corners:
        cell = sheet.getCellByPosition(column, row)
        if cell.CellBackColor == -1:
            cell.CellBackColor = ANCHOR
            anchored.add((row, column))
    out = Path(scratch) / "looks.html"
    document.storeToURL(out.as_uri(), properties(FilterName=FILTERS["html"][0], Overwrite=True))
    for row, column in anchored:
        sheet.getCellByPosition(column, row).CellBackColor = -1
    parser = Tables()
    parser.feed(out.read_text(encoding="utf-8"))
    (looks,) = parser.tables
    return {
        place: (text, None if fill == f"#{ANCHOR:06X}" else fill, colour)
        for place, (text, fill, colour) in looks.items()
    }


def read_number_formats(document, sheet, area):
    end = area.RangeAddress
    formats = {}
    groups = sheet.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        ranges = groups.getByIndex(index)
        text = document.NumberFormats.getByKey(ranges.NumberFormat).FormatString
        for address in ranges.RangeAddresses:
            for row in range(address.StartRow, min(address.EndRow, end.EndRow) + 1):
                for column in range(address.StartColumn, min(address.EndColumn, end.EndColumn) + 1):
                    formats[row, column] = text
    return formats


def column_letters(column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_sheet(document, sheet, scratch):
    area = used_area(sheet)
    values, formulas = area.getDataArray(), area.getFormulaArray()
    formats = read_number_formats(document, sheet, area)
    looks = read_looks(document, sheet, area, scratch)
    cells = {}
    for (row, column), (text, fill, colour) in looks.items():
        if row >= len(values) or column >= len(values[0]):
            continue  # pictures and shapes may reach beyond the cells in use
        # a text that begins with = comes as '=
        formula = formulas[row][column] if formulas[row][column].startswith("=") else None
        value = values[row][column]
        if not isinstance(value, (float, str)) or (value == "" and formula is None):
            value = None
        if text or fill or formula or value is not None:
            cells[f"{column_letters(column)}{row + 1}"] = {
                "value": value,
                "text": text,
                "formula": formula,
                "number_format": formats[row, column],
                "fill": fill,
                "font_colour": colour,
            }
    return cells


def read(desktop, path, sheets, scratch):
    document = open_document(desktop, path)
    try:
        return {
            name: read_sheet(document, document.Sheets.getByName(name), scratch)
            for name in sheets or document.Sheets.ElementNames
        }
    finally:
        document.close(True)


def main(soffice, profile, pipe):
    desktop = start(soffice, profile, pipe)
    deeds = {"convert": convert, "read": read, "ready": lambda _: None}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": deeds[request.pop("do")](desktop, **request)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
