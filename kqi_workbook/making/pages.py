"""The sheets that a refresh writes, ready to be written: their places, rules and sparklines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kqi_workbook import layout
from kqi_workbook.books.book import Fill
from kqi_workbook.books.cells import Value
from kqi_workbook.books.fills import fill_formulas_from
from kqi_workbook.layout import Column, Name, Table
from kqi_workbook.making import theme
from kqi_workbook.making.sheet import (
    A3,
    FIRST_ROW,
    HEADER_ROW,
    LAST_ROW,
    Making,
    add_sheet,
    add_table,
    write,
)
from kqi_workbook.pages.by_team import FIGURE_FILLS
from kqi_workbook.pages.marks import RAG_FILLS
from kqi_workbook.pages.scorecard import RAG_COLUMNS
from kqi_workbook.pages.trends import COLUMNS as TRENDS_HEADER

TREND_LINE = "Trend line"
GRID_ROWS = 120  # measures
SPARE = 5  # rows with a sparkline or lines, beyond those in use
SPARE_KQIS = 1  # the same on the Scorecard, whose page they take room of
GRID_TEAMS = 60
GRID_COLUMNS = 4 + GRID_TEAMS
PRINTED_TEAMS = 8  # more are printed when the workbook is made with more

NOT_YET = "Not refreshed yet."
SCORECARD_MARKS = "[x] not available, [c] too few to show, - not rated."

SCORECARD_WIDTHS: Mapping[str, float] = {
    "KQI": 4.5,
    "Key Quality Indicator": 15,
    "Quantitative measures": 43,
    "Qualitative measures": 48,
    "Commentary points this quarter": 28.5,
    "RAG for GOOD benchmark": 11,
    "Trend": 12.5,
    TREND_LINE: 8,
    "To get to GOOD, every social worker and ATM needs to focus on": 24.5,
    "Why this RAG": 22,
    **dict.fromkeys(layout.QUARTERS_AGO, 2.4),
    "Last quarter": 8,
    **dict.fromkeys(layout.TREND_LINE, 10),
}

BY_TEAM_WIDTHS = (8, 52, 18, *[16] * (GRID_COLUMNS - 3))
TRENDS_WIDTHS = (6, 44, 12.5, 14, 17, 33, 7, 7, 7, *[6.0] * layout.TREND_LINE_MONTHS)
TRENDS_STYLES = {**dict.fromkeys((0, 1, 2, 3, 5), "grid text"), 4: "grid arrow"}
MONTHS_FROM = len(TRENDS_HEADER)
MARKS_FROM = MONTHS_FROM + layout.TREND_LINE_MONTHS


def add_scorecard(making: Making, kqis: Sequence[tuple[Value, ...]]) -> None:
    """The Scorecard: one A3 page up to Last quarter, the months of the trend lines beside it."""
    title = "Children's Services Key Quality Indicators"
    sheet = add_sheet(making, layout.SCORECARD.sheet, paper=A3, remark=SCORECARD_MARKS)
    _name_head(making, sheet, title, Name.SCORECARD_TITLE, Name.SCORECARD_STATUS)
    table = _with_trend_line(layout.SCORECARD)
    at = {column.name: index for index, column in enumerate(table.columns)}
    months = [at[name] for name in layout.TREND_LINE]
    rows = [(*kqi[:2], *[None] * (len(table.columns) - 2)) for kqi in kqis]
    centred = ("KQI", "RAG for GOOD benchmark", "Last quarter")
    add_table(
        making,
        sheet,
        table,
        rows,
        styles={
            **dict.fromkeys(centred, "centred"),
            **dict.fromkeys(layout.QUARTERS_AGO, "narrow"),
            **dict.fromkeys(layout.TREND_LINE, "behind"),
            "Trend": "arrow",
        },
        widths=SCORECARD_WIDTHS,
        turned=layout.QUARTERS_AGO,
        filters=False,
    )
    strip = "RAG so many quarters ago"
    sheet.write_string(HEADER_ROW - 1, at[layout.QUARTERS_AGO[0]], strip, making.format("remark"))
    behind = "Behind the trend lines: the months up to the quarter's end, oldest first"
    sheet.write_string(HEADER_ROW - 1, months[0], behind, making.format("remark"))
    sheet.print_area(0, 0, LAST_ROW, months[0] - 1)
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(FIRST_ROW, 2)
    lines = range(FIRST_ROW, FIRST_ROW + len(rows) + SPARE_KQIS)
    _sparklines(sheet, lines, at[TREND_LINE], months[0], months[-1])
    for name in RAG_COLUMNS:
        for fill in RAG_FILLS:
            _begins_with(
                making, sheet, (FIRST_ROW, at[name], HEADER_ROW + len(rows), at[name]), fill
            )
    _arrows(sheet, (FIRST_ROW, at["Trend"], HEADER_ROW + len(rows), at["Trend"]))


def add_checks(making: Making) -> None:
    """The Checks: whether the scorecard is ready to share, and one row a finding."""
    remark = "Written by Refresh KQIs. Click a cell of Where: it leads to what is to be put right."
    sheet = add_sheet(making, layout.CHECKS.sheet, paper=A3, remark=remark)
    _name_head(making, sheet, "Checks", Name.CHECKS_TITLE, Name.CHECKS_STATUS)
    add_table(making, sheet, layout.CHECKS, (), styles={"Where": "link"})
    for fill in theme.SEVERITY_FILLS:
        _begins_with(making, sheet, (FIRST_ROW, 0, LAST_ROW, 0), fill)


def add_by_team(making: Making, teams: Sequence[Value], measures: int) -> None:
    """By team: measures down, teams across, the authority's total first."""
    remark = (
        "Written by Refresh KQIs. R, A or G before a figure is its RAG status. "
        "[x] not available, [z] not applicable, [c] too few to show."
    )
    sheet = add_sheet(making, "By team", paper=A3, remark=remark)
    header = ("KQI", "Measure", "GOOD", "All teams", *teams)
    area = (HEADER_ROW, 0, HEADER_ROW + GRID_ROWS, GRID_COLUMNS - 1)
    styles = dict.fromkeys(range(3), "grid text")
    add_grid(making, sheet, header, area, BY_TEAM_WIDTHS, styles, (measures, len(header)))
    name_area(making, sheet, Name.BY_TEAM_TITLE, "$A$1")
    name_area(making, sheet, Name.BY_TEAM_GRID, xl_range_abs(*area))
    sheet.print_area(0, 0, LAST_ROW, 3 + max(len(teams), PRINTED_TEAMS))
    sheet.freeze_panes(FIRST_ROW, 2)
    for fill in FIGURE_FILLS:
        _begins_with(making, sheet, area, fill)


def add_trends(making: Making, measures: int) -> None:
    """Trends: each measure's months with a sparkline, the mean and the control limits."""
    remark = "Written by Refresh KQIs. The Trend chart tab draws the measure that you pick."
    sheet = add_sheet(making, "Trends", paper=A3, remark=remark)
    last = MARKS_FROM - 1
    area = (HEADER_ROW, 0, HEADER_ROW + GRID_ROWS, last)
    filled = (measures, last + 1)
    add_grid(making, sheet, TRENDS_HEADER, area, TRENDS_WIDTHS, TRENDS_STYLES, filled)
    name_area(making, sheet, Name.TRENDS_TITLE, "$A$1")
    name_area(making, sheet, Name.TRENDS_GRID, xl_range_abs(*area))
    _trend_marks(making, sheet, measures)
    sheet.print_area(0, 0, LAST_ROW, last)
    sheet.freeze_panes(FIRST_ROW, 2)
    lines = range(FIRST_ROW, FIRST_ROW + measures + SPARE)
    _sparklines(sheet, lines, TRENDS_HEADER.index(TREND_LINE), MONTHS_FROM, last)
    trend = TRENDS_HEADER.index("Trend")
    _arrows(sheet, (FIRST_ROW, trend, area[2], trend))
    figures = (FIRST_ROW, TRENDS_HEADER.index("Mean"), area[2], last)
    show_decimals(making, sheet, figures, f"$B{FIRST_ROW + 1}")


def _trend_marks(making: Making, sheet: Worksheet, measures: int) -> None:
    """The special causes that the Trend chart colours, beside the months and off the page."""
    width = layout.TREND_LINE_MONTHS
    area = (HEADER_ROW, MARKS_FROM, HEADER_ROW + GRID_ROWS, MARKS_FROM + width - 1)
    name_area(making, sheet, Name.TRENDS_MARKS, xl_range_abs(*area))
    add_grid(
        making,
        sheet,
        (),
        area,
        [7] * width,
        dict.fromkeys(range(width), "grid letter"),
        (measures, width),
    )
    behind = "Behind the Trend chart: special causes (I improvement, C concern, N neither)"
    sheet.write_string(HEADER_ROW - 1, MARKS_FROM, behind, making.format("remark"))


def _with_trend_line(table: Table) -> Table:
    """The table with the sparklines' column, which no refresh writes to, after Trend."""
    names = [column.name for column in table.columns]
    at = names.index("Trend") + 1
    columns = (*table.columns[:at], Column(TREND_LINE), *table.columns[at:])
    return Table(table.sheet, table.name, columns, table.key)


def name_area(making: Making, sheet: Worksheet, name: Name, address: str) -> None:
    making.book.define_name(name.value, f"='{sheet.get_name()}'!{address}")


def _name_head(
    making: Making, sheet: Worksheet, title: str, title_name: Name, status_name: Name
) -> None:
    sheet.write_string("A1", f"{making.council}: {title}", making.format("title"))
    sheet.write_string("A2", NOT_YET, making.format("about"))
    name_area(making, sheet, title_name, "$A$1")
    name_area(making, sheet, status_name, "$A$2")


def add_grid(
    making: Making,
    sheet: Worksheet,
    header: Iterable[Value],
    area: tuple[int, int, int, int],
    widths: Sequence[float],
    styles: Mapping[int, str],
    filled: tuple[int, int],
) -> None:
    """An area whose size a refresh decides; so many rows and columns of it are expected to fill.

    Widths and styles go by the area's own columns.

    The header is coloured where it is filled, by a rule. Lines are not: of the rules on a cell
    LibreOffice shows the first alone, and the fills would be lost.
    """
    top, left, _, right = area
    names = [str(name) for name in header]
    for at, width in enumerate(widths):
        column, look = left + at, styles.get(at, "grid number")
        sheet.set_column(column, column, width, making.format(look))
        name = names[at] if at < len(names) else None
        write(sheet, HEADER_ROW, column, name, making.aligned("grid header", look))
        for row in range(FIRST_ROW, FIRST_ROW + filled[0] if at < filled[1] else 0):
            sheet.write_blank(row, column, None, making.format(look.removeprefix("grid ")))
    criteria = f'={xl_col_to_name(left)}${top + 1}<>""'
    made = making.rule("filled header")
    sheet.conditional_format(
        top, left, top, right, {"type": "formula", "criteria": criteria, "format": made}
    )
    sheet.print_area(0, 0, LAST_ROW, right)


def _begins_with(
    making: Making, sheet: Worksheet, area: tuple[int, int, int, int], fill: Fill
) -> None:
    """The same rule as a refresh lays, which finds it again by its formula and its look."""
    first = xl_rowcol_to_cell(*area[:2])
    criteria = fill_formulas_from(first, fill.begins_with)[0]
    made = making.fill(f"#{fill.colour}")
    sheet.conditional_format(*area, {"type": "formula", "criteria": criteria, "format": made})


def _arrows(sheet: Worksheet, area: tuple[int, int, int, int]) -> None:
    sheet.conditional_format(
        *area,
        {
            "type": "icon_set",
            "icon_style": "3_arrows",
            "icons": [
                {"criteria": ">=", "type": "number", "value": 1},
                {"criteria": ">=", "type": "number", "value": 0},
            ],
        },
    )


def _sparklines(sheet: Worksheet, rows: range, column: int, first: int, last: int) -> None:
    """A sparkline a row over that row's own cells, all of one group."""
    name = sheet.get_name().replace("'", "''")
    left, right = xl_col_to_name(first), xl_col_to_name(last)
    at = xl_col_to_name(column)
    sheet.add_sparkline(
        rows[0],
        column,
        {
            "location": [f"{at}{row + 1}" for row in rows],
            "range": [f"'{name}'!{left}{row + 1}:{right}{row + 1}" for row in rows],
            **theme.SPARKLINE,
        },
    )


def show_decimals(
    making: Making, sheet: Worksheet, area: tuple[int, int, int, int], measure: str
) -> None:
    """Show figures with the decimals of the measure that a cell names, so that they line up."""
    shown = f"INDEX(Measure_decimals,MATCH({measure},Measure_names,0))"
    for decimals, name in enumerate(("one decimal", "two decimals"), 1):
        criteria = f"={shown}={decimals}"
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": criteria, "format": making.rule(name)}
        )
