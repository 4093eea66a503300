"""A memory book as a real .xlsx, for tests that must not depend on the template."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import xlsxwriter

from kqi_workbook import layout
from tests.support.memory_book import HEADER_ROW, MemoryBook

_GRID = 60


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
        workbook.define_name("Trends_marks", f"=Trends!$BA$4:$BZ${_GRID}")
    assert set(book.names) == {name.value for name in layout.Name}
    return path


def _put(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write(row, column, value)
