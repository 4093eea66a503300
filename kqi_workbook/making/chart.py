"""The Trend chart tab: the months of one measure, picked from a drop-down, drawn with its limits.

It has a tab of its own because a chart above the Trends grid would push the grid's header off the
frozen pane, and one beside it would stand behind 24 months of figures.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from kqi_workbook import layout
from kqi_workbook.making import theme
from kqi_workbook.making.pages import (
    GRID_ROWS,
    MARKS_FROM,
    MONTHS_FROM,
    show_decimals,
)
from kqi_workbook.making.sheet import FIRST_ROW, HEADER_ROW, Making, add_sheet, validate
from kqi_workbook.pages.trends import COLUMNS as TRENDS_HEADER
from kqi_workbook.pages.trends import MARK_LETTERS
from kqi_workbook.scorecard.marks import Mark

SHEET, TABLE = "Trend chart", "TrendChart"
MONTHS = layout.TREND_LINE_MONTHS
LAST = HEADER_ROW + MONTHS
CHOICE = "$A$3"
CHART_COLUMN = 11
CHART_HEIGHT = 660  # pixels, and BELOW rows more than the table has
BELOW = 9


def _grid(first: int, last: int, top: int = FIRST_ROW) -> str:
    bottom = HEADER_ROW + GRID_ROWS if top == FIRST_ROW else top
    return f"Trends!{xl_range_abs(top, first, bottom, last)}"


_ROW = f"MATCH({CHOICE},{_grid(1, 1)},0)"
_NTH = f"ROW()-ROW({TABLE}[[#Headers],[Month]])"
_MONTH_COLUMNS = (MONTHS_FROM, MONTHS_FROM + MONTHS - 1)
_MARK_COLUMNS = (MARKS_FROM, MARKS_FROM + MONTHS - 1)


def _figure(cell: str) -> str:
    """A number, or else the error for which a chart leaves a gap."""
    return f"=IF(ISNUMBER({cell}),{cell},NA())"


def _of_trends(name: str) -> str:
    column = TRENDS_HEADER.index(name)
    return _figure(f"INDEX({_grid(column, column)},{_ROW})")


def _of_measures(name: str) -> str:
    return _figure(f"INDEX(Measures[{name}],MATCH({CHOICE},Measure_names,0))")


def _if_marked(mark: Mark) -> str:
    """The month's value where it is a special cause of this kind."""
    marked = f'INDEX({_grid(*_MARK_COLUMNS)},{_ROW},{_NTH})="{MARK_LETTERS[mark]}"'
    return f"=IF({marked},INDEX({_grid(*_MONTH_COLUMNS)},{_ROW},{_NTH}),NA())"


MARK_COLUMNS: Mapping[str, Mark] = {
    "Improvement": Mark.IMPROVEMENT,
    "Concern": Mark.CONCERN,
    "Neither": Mark.NEUTRAL,
}
COLUMNS: Mapping[str, str] = {
    "Month": f'=INDEX({_grid(*_MONTH_COLUMNS, HEADER_ROW)},{_NTH})&""',
    "Value": _figure(f"INDEX({_grid(*_MONTH_COLUMNS)},{_ROW},{_NTH})"),
    "Mean": _of_trends("Mean"),
    "Lower limit": _of_trends("Lower limit"),
    "Upper limit": _of_trends("Upper limit"),
    "GOOD from": _of_measures("Green from"),
    "GOOD to": _of_measures("Green to"),
    **{name: _if_marked(mark) for name, mark in MARK_COLUMNS.items()},
}

_SOLID = {"width": 1.5}
_DASHED = {"width": 1.25, "dash_type": "dash"}


def _marker(mark: Mark, shape: str, size: int) -> Mapping[str, object]:
    """A point's marker; its shape tells the mark in grey print too."""
    colour = f"#{mark.colour}"
    return {
        "type": shape,
        "size": size,
        "fill": {"color": colour},
        "border": {"color": theme.BLACK, "width": 0.5},
    }


LINES: Mapping[str, Mapping[str, object]] = {
    "Value": {
        "line": {"color": theme.QUIET, "width": 1.5},
        "marker": _marker(Mark.CHANCE, "circle", 6),
    },
    "Mean": {"line": {"color": theme.QUIET, **_SOLID}},
    "Lower limit": {"line": {"color": theme.QUIET, **_DASHED}},
    "Upper limit": {"line": {"color": theme.QUIET, **_DASHED}},
    "GOOD from": {"line": {"color": theme.GREEN, "width": 2, "dash_type": "long_dash"}},
    "GOOD to": {"line": {"color": theme.GREEN, "width": 2, "dash_type": "round_dot"}},
    **{
        name: {"line": {"none": True}, "marker": _marker(mark, shape, 9)}
        for (name, mark), shape in zip(
            MARK_COLUMNS.items(), ("square", "diamond", "triangle"), strict=True
        )
    },
}


def measure_picker(
    making: Making, sheet: Worksheet, choice: str, width: int, measures: str
) -> None:
    """The cell that picks the measure of a sheet's chart, from the list of that name."""
    made = making.format("choice")
    for column in range(width):
        sheet.write_blank(2, column, None, made)
    sheet.write_string(CHOICE.replace("$", ""), choice, made)
    validate(
        sheet,
        (2, 0, 2, 0),
        {
            "validate": "list",
            "source": f"={measures}",
            "input_title": "Measure",
            "input_message": "Pick the measure to draw.",
            "error_title": "Measure",
            "error_message": "Please pick a measure from the list.",
        },
    )


def add_trend_chart(making: Making, choice: str) -> None:
    """The chart, the cell that picks its measure, and the months behind it."""
    sheet = add_sheet(making, SHEET)
    measure_picker(making, sheet, choice, len(COLUMNS), "Measure_names")
    looks = {name: "text" if name == "Month" else "number" for name in COLUMNS}
    sheet.add_table(
        HEADER_ROW,
        0,
        LAST,
        len(COLUMNS) - 1,
        {
            "name": TABLE,
            "style": theme.TABLE_STYLE,
            "banded_rows": False,
            "autofilter": False,
            "columns": [
                {
                    "header": name,
                    "header_format": making.aligned("written header", looks[name]),
                    "formula": formula,
                    "format": making.format(looks[name]),
                }
                for name, formula in COLUMNS.items()
            ],
        },
    )
    for row in range(FIRST_ROW, LAST + 1):
        for column, (name, formula) in enumerate(COLUMNS.items()):
            shown = "" if name == "Month" else "#N/A"
            sheet.write_formula(row, column, formula, making.format(looks[name]), shown)
    sheet.set_column(0, len(COLUMNS) - 1, 13)
    figures = (FIRST_ROW, 1, LAST, len(COLUMNS) - 1)
    sheet.conditional_format(*figures, {"type": "errors", "format": making.rule("no figure")})
    show_decimals(making, sheet, figures, CHOICE)
    # a cell, since LibreOffice does not follow a chart's title to the cell that it is linked to
    title = f'={CHOICE}&": "&INDEX(Measures[Unit],MATCH({CHOICE},Measure_names,0))'
    sheet.write_formula(2, CHART_COLUMN, title, making.format("chart title"), "")
    sheet.insert_chart(
        HEADER_ROW,
        CHART_COLUMN,
        _chart(making),
        {
            "description": "The chosen measure by month, with the mean and control limits of its "
            "control chart, its special causes and the GOOD limits. The table holds its "
            "figures."
        },
    )
    sheet.print_area(0, 0, LAST + BELOW, CHART_COLUMN + 14)


def _chart(making: Making) -> Chart:
    chart = making.book.add_chart({"type": "line"})
    columns = {name: index for index, name in enumerate(COLUMNS)}
    for name, look in LINES.items():
        at = columns[name]
        chart.add_series(
            {
                "name": MARK_COLUMNS[name].words
                if name in MARK_COLUMNS
                else [SHEET, HEADER_ROW, at],
                "categories": [SHEET, FIRST_ROW, 0, LAST, 0],
                "values": [SHEET, FIRST_ROW, at, LAST, at],
                **look,
            }
        )
    font = {"name": theme.BASE["font_name"], "size": 11}
    chart.set_title({"none": True})
    chart.set_x_axis({"num_font": {**font, "rotation": -45}, "label_position": "low"})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.show_blanks_as("span")
    chart.set_size({"width": 1080, "height": CHART_HEIGHT})
    return chart
