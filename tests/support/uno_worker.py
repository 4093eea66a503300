"""Keeps one LibreOffice and answers requests, a JSON line each. Runs under the Python with `uno`.

Not imported by the tests. `libreoffice.py` starts it and speaks with it. When its standard input
closes, because the tests have ended or were killed, LibreOffice goes with it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeAlias

import uno  # noqa: F401 (from then on com.sun.star can be imported)
from com.sun.star.connection import NoConnectException
from com.sun.star.sheet.CellFlags import FORMULA

from tests.support.uno_documents import properties, reach

Uno: TypeAlias = Any  # what comes over the bridge
Place: TypeAlias = tuple[int, int]  # row and column, from 0
Look: TypeAlias = tuple[str, "str | None", "str | None"]  # text, fill, font colour

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


def start(soffice: str, profile: str, pipe: str) -> tuple[subprocess.Popen[bytes], Uno]:
    """The process and its desktop, once LibreOffice answers."""
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
    give_up = time.monotonic() + START_LIMIT
    while True:
        try:
            return office, reach(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if office.poll() not in (None, 0) or time.monotonic() > give_up:
                raise
            time.sleep(0.1)


class Tables(HTMLParser):
    """The tables of LibreOffice's HTML: per table, {(row, column): (text, fill, font colour)}."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[dict[Place, Look]] = []
        self.cell: dict[str, Any] | None = None
        self.covered: set[Place] = set()
        self.in_comment = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "table":
            self.tables.append({})
            self.row, self.column, self.covered = -1, 0, set()
        elif tag == "tr":
            self.row, self.column = self.row + 1, 0
        elif tag == "td":
            while (self.row, self.column) in self.covered:
                self.column += 1
            wide, high = int(given.get("colspan") or 1), int(given.get("rowspan") or 1)
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

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.in_comment:
            # a line break of the cell is a <br>; one in the source is only its layout
            self.cell["text"].append(re.sub(r"\n\t*", "", data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self.cell is not None:
            text = "".join(self.cell["text"])
            self.tables[-1][self.row, self.column] = (
                "" if text == "\n" else text,  # a lone <br> is how an empty cell is written
                self.cell["fill"],
                self.cell["colour"],
            )
            self.cell = None
        elif tag == "comment":
            self.in_comment = False


def open_document(desktop: Uno, path: str) -> Uno:
    document = desktop.loadComponentFromURL(
        Path(path).as_uri(), "_blank", 0, properties(Hidden=True)
    )
    if document is None or not hasattr(document, "Sheets"):
        raise ValueError(f"LibreOffice cannot open {Path(path).name} as a workbook")
    document.calculateAll()
    return document


def check_names(document: Uno, names: Sequence[str]) -> Sequence[str]:
    there = document.Sheets.ElementNames
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ValueError(f"no sheet {unknown}, there are {list(there)}")
    return names


def show_only(document: Uno, sheet: Uno) -> None:
    """Hide every other sheet: a hidden one is not exported."""
    sheet.IsVisible = True
    for name in document.Sheets.ElementNames:
        if name != sheet.Name:
            document.Sheets.getByName(name).IsVisible = False


def convert(desktop: Uno, path: str, to: str, out: str, sheet: str | None) -> None:
    name, options = FILTERS[to]
    document = open_document(desktop, path)
    try:
        if sheet is not None:
            check_names(document, [sheet])
            show_only(document, document.Sheets.getByName(sheet))
        arguments = {"FilterName": name, "Overwrite": True}
        if options:
            arguments["FilterOptions"] = options
        document.storeToURL(Path(out).as_uri(), properties(**arguments))
    finally:
        document.close(True)


def used_area(sheet: Uno) -> Uno:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    if (end.EndColumn + 1) * (end.EndRow + 1) > MOST_CELLS:
        raise ValueError(f"{sheet.Name} uses {end.EndRow + 1} rows x {end.EndColumn + 1} columns")
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def read_looks(document: Uno, sheet: Uno, scratch: str) -> dict[Place, Look]:
    """Displayed text, fill and font colour by cell, conditional formats applied.

    No property of UNO gives the outcome of a conditional format; the HTML filter works it out.
    """
    show_only(document, sheet)
    area = used_area(sheet)
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


def places(addresses: Iterable[Uno]) -> Iterator[Place]:
    for address in addresses:
        for row in range(address.StartRow, address.EndRow + 1):
            for column in range(address.StartColumn, address.EndColumn + 1):
                yield row, column


def read_number_formats(document: Uno, area: Uno) -> dict[Place, str]:
    formats: dict[Place, str] = {}
    groups = area.getUniqueCellFormatRanges()
    for index in range(groups.Count):
        ranges = groups.getByIndex(index)
        text = document.NumberFormats.getByKey(ranges.NumberFormat).FormatString
        formats.update((place, text) for place in places(ranges.RangeAddresses))
    return formats


def column_letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_content(document: Uno, sheet: Uno) -> dict[Place, dict[str, Any]]:
    """Value, formula and number format of every cell in the used area."""
    area = used_area(sheet)
    values, formulas = area.getDataArray(), area.getFormulaArray()
    # asked for, since a text that begins with = looks the same among the formulas
    computed = set(places(area.queryContentCells(FORMULA).RangeAddresses))
    formats = read_number_formats(document, area)
    content = {}
    for place in places([area.RangeAddress]):
        row, column = place
        value, formula = values[row][column], formulas[row][column] if place in computed else None
        if not isinstance(value, (float, str)) or (value == "" and formula is None):
            value = None
        content[place] = {
            "value": value,
            "formula": formula,
            "number_format": formats[place],
        }
    return content


def read(desktop: Uno, path: str, sheets: Sequence[str], scratch: str) -> dict[str, Any]:
    document = open_document(desktop, path)
    try:
        names = check_names(document, sheets or document.Sheets.ElementNames)
        # all content before any look: showing what is hidden may change a SUBTOTAL
        contents = {name: read_content(document, document.Sheets.getByName(name)) for name in names}
        return {
            name: read_cells(document, document.Sheets.getByName(name), contents[name], scratch)
            for name in names
        }
    finally:
        document.close(True)


def read_cells(
    document: Uno, sheet: Uno, content: dict[Place, dict[str, Any]], scratch: str
) -> dict[str, Any]:
    looks = read_looks(document, sheet, scratch)
    cells = {}
    for (row, column), held in content.items():
        text, fill, colour = looks.get((row, column), ("", None, None))
        if text or fill or held["formula"] or held["value"] is not None:
            address = f"{column_letters(column)}{row + 1}"
            cells[address] = {**held, "text": text, "fill": fill, "font_colour": colour}
    return cells


def answer(desktop: Uno, request: dict[str, Any]) -> dict[str, Any]:
    deeds: dict[str, Callable[..., Any]] = {
        "convert": convert,
        "read": read,
        "ready": lambda _: None,
    }
    try:
        return {"result": deeds[request.pop("do")](desktop, **request)}
    except Exception as error:  # whatever it is, the test that asked is told
        return {"error": f"{type(error).__name__}: {error}"}


def main(soffice: str, profile: str, pipe: str) -> None:
    office, desktop = start(soffice, profile, pipe)
    for line in sys.stdin:
        print(json.dumps(answer(desktop, json.loads(line))), flush=True)
    with suppress(Exception):
        desktop.terminate()
    office.wait(timeout=10)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception:
        traceback.print_exc()  # before the group goes, this process with it
    finally:
        os.killpg(0, signal.SIGKILL)  # the group is ours: LibreOffice, and this very process
