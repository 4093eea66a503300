"""A memory book as a real .xlsx, for tests that must not depend on the template."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter.utility import xl_rowcol_to_cell

from kqi_workbook import layout
from kqi_workbook.books.book import Fill
from kqi_workbook.pages.by_team import FIGURE_FILLS
from kqi_workbook.pages.marks import RAG_FILLS
from kqi_workbook.pages.scorecard import RAG_COLUMNS, TREND_COLUMN
from tests.support.memory_book import HEADER_ROW, MemoryBook

_GRID = 60
_ARROWS = {
    "type": "icon_set",
    "icon_style": "3_arrows",
    "icons": [
        {"criteria": ">=", "type": "number", "value": 1},
        {"criteria": ">=", "type": "number", "value": 0},
    ],
}


def rename_header(sheet: Worksheet, header: str, name: str) -> None:
    """Type another header over one of the sheet's table, as staff may."""
    (table,) = sheet.tables.values()
    (cell,) = (cell for cell in sheet[table.ref][0] if cell.value == header)
    (column,) = (column for column in table.tableColumns if column.name == header)
    cell.value = column.name = name


def rename_table(path: Path, name: str, new: str) -> None:
    """Give a workbook's table another name, as staff may."""
    book = openpyxl.load_workbook(path)
    (table,) = (sheet.tables[name] for sheet in book if name in sheet.tables)
    table.name = table.displayName = new
    book.save(path)


def save_as_xlsx(book: MemoryBook, path: Path) -> Path:
    """Write each table to its sheet, its header on the same row as in memory."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        sheets = {}
        for name, lines in book.lines.items():
            sheet = sheets[book.tables[name]] = workbook.add_worksheet(book.tables[name])
            headers = book.headers[name]
            for row, line in enumerate(lines, start=HEADER_ROW):
                for column, header in enumerate(headers):
                    _put(sheet, row, column, line.get(header))
            bottom = HEADER_ROW + max(len(lines), 1) - 1
            if name == layout.SCORECARD.name:
                for header in RAG_COLUMNS:
                    column = headers.index(header)
                    _colour(workbook, sheet, (HEADER_ROW, column, bottom, column), RAG_FILLS)
                column = headers.index(TREND_COLUMN)
                sheet.conditional_format(HEADER_ROW, column, bottom, column, _ARROWS)
            sheet.add_table(
                HEADER_ROW - 1,
                0,
                bottom,
                len(headers) - 1,
                {"name": name, "columns": [{"header": header} for header in headers]},
            )
        for title in ("Scorecard", "Checks"):
            workbook.define_name(f"{title}_title", f"={title}!$A$1")
            workbook.define_name(f"{title}_status", f"={title}!$A$2")
        for title in ("By team", "Team funnel", "Trends"):
            workbook.add_worksheet(title)
            name = title.replace(" ", "_")
            workbook.define_name(f"{name}_title", f"='{title}'!$A$1")
            workbook.define_name(f"{name}_grid", f"='{title}'!$A$4:$AZ${_GRID}")
        by_team = workbook.get_worksheet_by_name("By team")
        _colour(workbook, by_team, (3, 0, _GRID - 1, 51), FIGURE_FILLS)
        workbook.define_name("Trends_marks", f"=Trends!$BA$4:$BZ${_GRID}")
    assert set(book.names) == {name.value for name in layout.Name}
    return path


def _colour(
    workbook: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    area: tuple[int, int, int, int],
    fills: tuple[Fill, ...],
) -> None:
    """The colours that the template has, and a refresh finds again."""
    first = xl_rowcol_to_cell(*area[:2])
    for fill in fills:
        look = workbook.add_format({"bg_color": f"#{fill.colour}", "font_color": "#000000"})
        criteria = f'=LEFT({first},{len(fill.begins_with)})="{fill.begins_with}"'
        rule = {"type": "formula", "criteria": criteria, "format": look}
        sheet.conditional_format(*area, rule)


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)
