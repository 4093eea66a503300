"""Workbooks for the live tests, each with what staff do to theirs, and updates for them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from kqi_workbook import layout
from kqi_workbook.books.book import Arrows, Fill, SetRows
from kqi_workbook.books.cells import Formula, Value
from tests.support.memory_book import MemoryBook

GREEN, AMBER, RED = "C6EFCE", "FFEB9C", "FFC7CE"
DAY, MOMENT, CLOCK = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm"

# Columns: KQI, RAG and Trend are the tool's; Our note is staff's own, put in between; Twice is
# worked out by a formula.
SCORECARD_ROWS = [
    (1, "A\nAmber", "ring the team", 0),
    (2, "G\nGreen", "praise", 1),
    (3, "R\nRed", "=A6+$A$5", -1),
]

FILLS = (Fill("G", GREEN), Fill("A", AMBER), Fill("R", RED))
ARROWS = (Arrows(),)
ROWS = SetRows(
    "Scorecard",
    ("KQI", "RAG", "Trend"),
    ((1, "G\nGreen", 1), (2, "A\nAmber", 0), (3, "R\nRed", -1)),
    key=("KQI",),
)
CHECKS = SetRows(
    "Checks",
    ("What", "Where", "When"),
    (
        (
            "=1+1",
            Formula('HYPERLINK("#\'Court\'!B3","Court B3")', "Court B3"),
            dt.date(2014, 3, 31),
        ),
        ("10%", "1-2", dt.datetime(2014, 3, 31, 9, 30)),
        ("Mar 2014", "007", None),
        ("'quoted'", "true", 0.5),
        ("line 1\nline 2", "#N/A", True),
    ),
)


def make_workbook(path: Path) -> Path:
    """A scorecard with a title, columns and rules of staff's; findings with a note below; dates."""
    book = xlsxwriter.Workbook(path)
    formats = {code: book.add_format({"num_format": code}) for code in (DAY, MOMENT, CLOCK, "0%")}
    fills = {
        colour: book.add_format({"bg_color": f"#{colour}", "font_color": "#000000"})
        for colour in (GREEN, AMBER, RED)
    }

    sheet = book.add_worksheet("Score card")
    sheet.write("A1", "Title")
    columns = [{"header": name} for name in ("KQI", "RAG", "Our note", "Trend", "Twice")]
    sheet.add_table("A3:E6", {"name": "Scorecard", "columns": columns})
    for row, (kqi, rag, note, trend) in enumerate(SCORECARD_ROWS, 3):
        sheet.write(row, 0, kqi)
        sheet.write(row, 1, rag)
        sheet.write(row, 2, note)
        sheet.write(row, 3, trend)
        sheet.write_formula(row, 4, f"=A{row + 1}*2", None, kqi * 2)
    for word, colour in (("G", GREEN), ("A", AMBER), ("R", RED)):
        sheet.conditional_format(
            "B4:B6",
            {"type": "formula", "criteria": f'=LEFT(B4,1)="{word}"', "format": fills[colour]},
        )
    sheet.conditional_format("C4:C6", {"type": "text", "criteria": "containing", "value": "ring"})
    arrows = [{"criteria": ">=", "type": "number", "value": value} for value in (1, 0)]
    sheet.conditional_format(
        "D4:D6", {"type": "icon_set", "icon_style": "3_arrows", "icons": arrows}
    )

    sheet = book.add_worksheet("Checks")
    sheet.add_table(
        "A1:C2", {"name": "Checks", "columns": [{"header": h} for h in ("What", "Where", "When")]}
    )
    sheet.write("A5", "Ask Sam before changing this tab.")
    sheet.write_formula("B6", "=A5", None, "Ask Sam before changing this tab.")

    sheet = book.add_worksheet("Court")
    headers = ("Case ref", "Issued", "Heard", "At", "Share", "Plain", "Sure")
    sheet.add_table("B2:H6", {"name": "Court", "columns": [{"header": h} for h in headers]})
    sheet.write_string("B3", "C-1")
    sheet.write_datetime("C3", dt.datetime(2014, 1, 31), formats[DAY])
    sheet.write_datetime("D3", dt.datetime(2014, 1, 31, 14, 30), formats[MOMENT])
    sheet.write_number("E3", 0.375, formats[CLOCK])
    sheet.write_number("F3", 0.841, formats["0%"])
    sheet.write_number("G3", 153)
    sheet.write_boolean("H3", True)
    sheet.write_string("B4", "=x")
    sheet.write_formula("F4", "=1/0", None, "#DIV/0!")
    sheet.write_formula("G4", "=NA()", None, "#N/A")
    sheet.write_formula("H4", '=""', None, "")
    sheet.write_string("B5", "007")

    sheet = book.add_worksheet("Trends")
    for row in range(4):
        sheet.write_row(row, 1, [row, f"old {row}", row])

    book.define_name("Scorecard_title", "='Score card'!$A$1")
    book.define_name("Trends_grid", "=Trends!$B$1:$D$4")
    book.define_name("Rate", "=0.5")
    book.close()
    return path


def write_council(path: Path, council: MemoryBook) -> Path:
    """A council's whole workbook: every table of the contract on its own sheet, and every name."""
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": DAY})
    for table in layout.TABLES.values():
        sheet = book.add_worksheet(table.sheet)
        lines = council.lines.get(table.name, [])
        headers = [column.name for column in table.columns]
        sheet.add_table(
            5,
            0,
            5 + max(len(lines), 1),
            len(headers) - 1,
            {"name": table.name, "columns": [{"header": name} for name in headers]},
        )
        for row, line in enumerate(lines, 6):
            for column, name in enumerate(headers):
                _write(sheet, row, column, line.get(name), day)
    for place, name in enumerate(layout.Name):
        sheet_name = name.value.rsplit("_", 1)[0].replace("_", " ")
        sheet = book.get_worksheet_by_name(sheet_name) or book.add_worksheet(sheet_name)
        if name.value.endswith("grid"):
            area = f"$A${place + 10}:$AH${place + 16}"
        elif name.value.endswith("marks"):
            area = f"$AK${place + 9}:$BL${place + 15}"
        else:
            area = f"$A${1 + place % 2}"
        book.define_name(name.value, f"='{sheet_name}'!{area}")
    book.close()
    return path


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value, day: object
) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)
