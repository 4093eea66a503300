"""A sheet as every sheet is: title in A1, what is here in A2, a remark in A3, then one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kqi_workbook.books.cells import Value
from kqi_workbook.books.ooxml.heights import INDENT, line_count, row_height
from kqi_workbook.layout import Column, Kind, Table
from kqi_workbook.making import theme
from kqi_workbook.making.lists import Rule, rule
from kqi_workbook.making.tabs import BY_NAME, REMARKS, Owner

HEADER_ROW = 3  # counted from 0, as XlsxWriter counts: row 4 on the sheet
FIRST_ROW = HEADER_ROW + 1
LAST_ROW = 1_048_575
A4, A3 = 9, 8
TITLE_HEIGHT = 24  # points
FILTER_BUTTON = 3  # characters that it takes up
MARGINS = {"left": 0.3, "right": 0.3, "top": 0.3, "bottom": 0.5}  # inches
FOOTER = "&L&10&F, &A&C&10&D&R&10Page &P of &N"

HEADERS: Mapping[Owner, str] = {
    Owner.REFRESH: "written header",
    Owner.STAFF: "staff header",
    Owner.COUNCIL: "decided header",
    Owner.NOBODY: "decided header",
}

STYLE_OF_KIND: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.QUARTER: "text",
    Kind.DATE: "date",
    Kind.MONTH: "month",
    Kind.NUMBER: "number",
    Kind.WHOLE: "number",
    Kind.YES_NO: "centred",
    Kind.RAG: "text",
    Kind.TREND: "text",
}


@dataclass
class Making:
    """The workbook being made, its council, and its formats, each made once."""

    book: Workbook
    council: str
    _formats: dict[tuple[str, bool], Format] = field(default_factory=dict)

    def format(self, style: str, *, filled: bool = True) -> Format:
        """The format of a style; cells that are not filled yet have no line below them."""
        if (style, filled) not in self._formats:
            properties = theme.STYLES[style].items()
            made = {k: v for k, v in properties if filled or not k.startswith("bottom")}
            self._formats[style, filled] = self.book.add_format(made)
        return self._formats[style, filled]

    def aligned(self, style: str, like: str) -> Format:
        """The format of a header that stands as the cells below it do."""
        aligned = {k: v for k, v in theme.STYLES[like].items() if k in ("align", "indent")}
        return self.book.add_format({**theme.STYLES[style], **aligned})

    def turned(self, style: str) -> Format:
        """The format of a header that reads upwards, over a column narrower than its name."""
        look = {**theme.STYLES[style], "rotation": 90, "align": "center", "text_wrap": False}
        return self.book.add_format(look)

    def rule(self, name: str) -> Format:
        """The format that a conditional format lays over a cell."""
        return self.book.add_format(theme.RULES[name])

    def fill(self, colour: str) -> Format:
        """Black text on a fill."""
        return self.book.add_format({"bg_color": colour, "font_color": theme.BLACK})


def add_sheet(
    making: Making, name: str, *, paper: int = A4, remark: str | None = None
) -> Worksheet:
    """Add a sheet with its title, what is here, a remark, its colour, and how it prints.

    ``remark`` is by default what there is to say of its owner's tabs.
    """
    tab = BY_NAME[name]
    sheet = making.book.add_worksheet(name)
    sheet.set_tab_color(theme.TAB_COLOURS[tab.owner])
    title = f'=Council_name&": {name}"'
    sheet.write_formula("A1", title, making.format("title"), f"{making.council}: {name}")
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string("A2", tab.holds, making.format("about"))
    said = REMARKS[tab.owner] if remark is None else remark
    sheet.write_string("A3", said, making.format("remark"))
    print_as(sheet, paper)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.repeat_rows(HEADER_ROW)
    return sheet


def print_as(sheet: Worksheet, paper: int) -> None:
    """Landscape, as wide as the page, with the file, the day and the page at the foot."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.set_margins(**MARGINS)
    sheet.set_footer(FOOTER)
    sheet.fit_to_pages(1, 0)


def add_table(
    making: Making,
    sheet: Worksheet,
    table: Table,
    rows: Sequence[Sequence[Value]],
    *,
    styles: Mapping[str, str] = {},
    widths: Mapping[str, float] = {},
    turned: Collection[str] = (),
    filters: bool = True,
) -> None:
    """Write an Excel table: header, rows (a blank one when there are none), formats, drop-downs.

    ``styles`` and ``widths`` are those of columns that differ from the rest of the house, and the
    headers of ``turned`` ones read upwards.
    """
    owner = BY_NAME[table.sheet].owner
    rows = rows or [(None,) * len(table.columns)]
    looks = [styles.get(column.name) or style_of(column) for column in table.columns]
    last = len(table.columns) - 1
    columns = [
        {
            "header": column.name,
            "header_format": making.turned(HEADERS[owner])
            if column.name in turned
            else making.aligned(HEADERS[owner], look),
            "format": making.format(look),
        }
        for column, look in zip(table.columns, looks, strict=True)
    ]
    options = {
        "name": table.name,
        "columns": columns,
        "style": theme.TABLE_STYLE,
        "banded_rows": False,
        "autofilter": filters,
    }
    sheet.add_table(HEADER_ROW, 0, HEADER_ROW + len(rows), last, options)
    wide = [widths.get(column.name, theme.width(column.name)) for column in table.columns]
    for at, (column, look) in enumerate(zip(table.columns, looks, strict=True)):
        sheet.set_column(at, at, wide[at], making.format(look, filled=False))
        for down, row in enumerate(rows, FIRST_ROW):
            write(sheet, down, at, row[at], making.format(look))
        allowed = rule(table, column) if owner in (Owner.STAFF, Owner.COUNCIL) else {}
        if allowed:
            validate(sheet, (FIRST_ROW, at, LAST_ROW, at), allowed)
    button = FILTER_BUTTON if filters else 0
    heads = [
        (column.name, HEADERS[owner], width - button)
        for column, width in zip(table.columns, wide, strict=True)
        if column.name not in turned
    ]
    fit(sheet, HEADER_ROW, heads)
    for down, row in enumerate(rows, FIRST_ROW):
        fit(sheet, down, zip(row, looks, wide, strict=True))
    sheet.print_area(0, 0, LAST_ROW, last)


def fit(sheet: Worksheet, row: int, cells: Iterable[tuple[Value, str, float]]) -> None:
    """Give a row the height of its texts, each with its style and the width of its column."""
    lines = 1
    for text, style, width in cells:
        look = theme.STYLES[style]
        if isinstance(text, str) and look.get("text_wrap"):
            room = width - (INDENT if look.get("indent") else 0)
            lines = max(lines, line_count(text, room, bold=bool(look.get("bold"))))
    if lines > 1:
        sheet.set_row(row, row_height(lines, theme.SIZE))


def style_of(column: Column) -> str:
    """The style of a column's cells: text left, numbers right, what is picked centred."""
    return "centred" if column.name == "KQI" else STYLE_OF_KIND[column.kind]


def write(sheet: Worksheet, row: int, column: int, value: Value, made: Format) -> None:
    """Write one value; text stays text, whatever it begins with."""
    if value is None:
        sheet.write_blank(row, column, None, made)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "Yes" if value else "No", made)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, made)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, made)
    else:
        sheet.write_string(row, column, str(value), made)


def validate(sheet: Worksheet, area: tuple[int, int, int, int], allowed: Rule) -> None:
    """Lay a data validation over an area; ``{cell}`` in its formula is the area's first cell."""
    if "value" in allowed:
        cell = xl_rowcol_to_cell(*area[:2])
        allowed = {**allowed, "value": str(allowed["value"]).format(cell=cell)}
    sheet.data_validation(*area, allowed)
