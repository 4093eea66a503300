"""The Team funnel tab: the teams' percentages against how many they are out of, with the limits
within which chance keeps a team that is no different from the authority as a whole.

All of it is formulas over the figures that a refresh leaves beside the page, so that another
measure is drawn without Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kqi_workbook.layout import Name
from kqi_workbook.making import theme
from kqi_workbook.making.chart import measure_picker
from kqi_workbook.making.pages import GRID_ROWS, GRID_TEAMS, add_grid, name_area
from kqi_workbook.making.sheet import A3, FIRST_ROW, HEADER_ROW, Making, add_sheet

SHEET, TABLE, MEASURES = "Team funnel", "TeamFunnel", "Funnel_measures"
CHOICE = "$A$3"

# Each limit with the share of teams that chance leaves below it.
LIMITS: Mapping[str, float] = {
    "Lower 99.8%": 0.001,
    "Lower 95%": 0.025,
    "Upper 95%": 0.975,
    "Upper 99.8%": 0.999,
}
LOWEST, LOW, HIGH, HIGHEST = LIMITS
COLUMNS = ("Team", "Out of", "Percentage", *LIMITS, "Where it lies")
CURVES = ("Out of", *LIMITS, "All teams")
CURVE_POINTS = 40

ALL_TEAMS = FIRST_ROW  # the authority's row, then a row a team
FIRST_TEAM, LAST_TEAM = FIRST_ROW + 1, FIRST_ROW + GRID_TEAMS
CHART_COLUMN = len(COLUMNS) + 1
CURVES_FROM = CHART_COLUMN + 16
FIGURES_FROM = CURVES_FROM + len(CURVES) + 1

EXPLAINED = (
    "Chance alone puts 1 team in 20 outside the 95% limits, and 1 in 500 outside the 99.8% limits: "
    "ask first about those outside."
)

_NAMES = xl_range_abs(FIRST_ROW, FIGURES_FROM, HEADER_ROW + GRID_ROWS, FIGURES_FROM)
_GRID = (HEADER_ROW, FIGURES_FROM, HEADER_ROW + GRID_ROWS, FIGURES_FROM + 2 + 2 * GRID_TEAMS)
_AUTHORITY = xl_rowcol_to_cell(ALL_TEAMS, COLUMNS.index("Percentage"), True, True)


def limit(out_of: str, below: float) -> str:
    """A limit in per cent for a team of a size, given by its cell: as an Excel expression.

    The exact binomial limit around the authority's share, read between whole numbers:
    Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, appendix A.1.1. It stays within
    0 to 100 and holds for small teams too.
    """
    share = f"({_AUTHORITY}/100)"
    least = f"CRITBINOM({out_of},{share},{below})"
    over = f"(BINOMDIST({least},{out_of},{share},TRUE)-{below})"
    part = f"{over}/BINOMDIST({least},{out_of},{share},FALSE)"
    certain = f"OR({share}=0,{share}=1)"
    return f"IF({certain},{_AUTHORITY},100*MAX(0,({least}-{part})/{out_of}))"


def add_team_funnel(making: Making, choice: str) -> None:
    """The chart, the cell that picks its measure, and what is drawn."""
    sheet = add_sheet(making, SHEET, paper=A3)
    name_area(making, sheet, Name.TEAM_FUNNEL_TITLE, "$A$1")
    name_area(making, sheet, Name.TEAM_FUNNEL_GRID, xl_range_abs(*_GRID))
    filled = f"INDEX('{SHEET}'!{_NAMES},MAX(1,COUNTA('{SHEET}'!{_NAMES})))"
    first = xl_rowcol_to_cell(FIRST_ROW, FIGURES_FROM, True, True)
    making.book.define_name(MEASURES, f"='{SHEET}'!{first}:{filled}")
    measure_picker(making, sheet, choice, len(COLUMNS), MEASURES)
    sheet.write_formula(2, CHART_COLUMN, f'={CHOICE}&": %"', making.format("chart title"), "")
    sheet.write_string(HEADER_ROW, CHART_COLUMN, EXPLAINED, making.format("about"))
    widths = [52, *[18] * (_GRID[3] - _GRID[1])]
    add_grid(making, sheet, (), _GRID, widths, {0: "grid text"}, (0, 0))
    _teams(making, sheet)
    _curves(making, sheet)
    sheet.insert_chart(
        FIRST_ROW,
        CHART_COLUMN,
        _chart(making),
        {
            "description": "The chosen measure's percentage in each team, against how many it is "
            "out of, between the 95% and 99.8% limits around the whole authority's percentage. "
            "The table holds its figures and says which teams lie outside."
        },
    )
    sheet.print_area(0, 0, LAST_TEAM, CHART_COLUMN + 14)
    sheet.fit_to_pages(1, 1)


def _teams(making: Making, sheet: Worksheet) -> None:
    looks = dict(zip(COLUMNS, ("text", "number", *["one decimal"] * 5, "text"), strict=True))
    columns = [
        {"header": name, "header_format": making.aligned("written header", look)}
        for name, look in looks.items()
    ]
    options = {
        "name": TABLE,
        "style": theme.TABLE_STYLE,
        "banded_rows": False,
        "autofilter": False,
        "columns": columns,
    }
    sheet.add_table(HEADER_ROW, 0, LAST_TEAM, len(COLUMNS) - 1, options)
    sheet.set_column(0, len(COLUMNS) - 2, 13)
    sheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 26)
    for row in range(ALL_TEAMS, LAST_TEAM + 1):
        formulas = (*_team(row), *_standing(row))
        for column, (formula, look) in enumerate(zip(formulas, looks.values(), strict=True)):
            shown = "#N/A" if COLUMNS[column] == "Percentage" else ""
            made = making.format(look, filled=row == ALL_TEAMS)
            sheet.write_formula(row, column, f"={formula}", made, shown)
    area = (ALL_TEAMS, 0, LAST_TEAM, len(COLUMNS) - 1)
    sheet.conditional_format(*area, {"type": "errors", "format": making.rule("no figure")})


def _cell(row: int, name: str) -> str:
    return str(xl_rowcol_to_cell(row, COLUMNS.index(name), False, True))


def _team(row: int) -> Sequence[str]:
    """A team's name, how many it is out of, and its percentage."""
    number = FIGURES_FROM + 1 + 2 * (row - ALL_TEAMS)
    header = xl_rowcol_to_cell(HEADER_ROW, number, True, True)
    found = f"MATCH({CHOICE},{_NAMES},0)"
    part, whole = (
        f"INDEX({xl_range_abs(FIRST_ROW, at, HEADER_ROW + GRID_ROWS, at)},{found})"
        for at in (number, number + 1)
    )
    out_of = _cell(row, "Out of")
    return (
        f'{header}&""',
        f'IF(ISNUMBER({whole}),{whole},"")',
        f"IF(ISNUMBER({out_of}),100*{part}/{out_of},NA())",
    )


def _standing(row: int) -> Sequence[str]:
    """A team's limits, and where its percentage lies; nothing for the authority itself."""
    if row == ALL_TEAMS:
        return [*['""'] * len(LIMITS), '""']
    out_of, value = _cell(row, "Out of"), _cell(row, "Percentage")
    limits = [f'IF(ISNUMBER({out_of}),{limit(out_of, below)},"")' for below in LIMITS.values()]
    lowest, low, high, highest = (_cell(row, name) for name in LIMITS)
    lies = (
        f'IF({value}>{highest},"above the 99.8% limits",IF({value}>{high},"above the 95% limits",'
        f'IF({value}<{lowest},"below the 99.8% limits",IF({value}<{low},"below the 95% limits",'
        '"within the limits"))))'
    )
    missing = f'IF({_cell(row, "Team")}="","","[x] no percentage")'
    return (*limits, f"IF(ISNUMBER({value}),{lies},{missing})")


def _curves(making: Making, sheet: Worksheet) -> None:
    """The limits for teams of every size, from below the smallest to above the largest."""
    heading = "Behind the chart: its limits, and how many out of how many by measure and team"
    sheet.write_string(HEADER_ROW - 1, CURVES_FROM, heading, making.format("remark"))
    for at, name in enumerate(CURVES, CURVES_FROM):
        header = making.aligned("written header", "behind decimal")
        sheet.write_string(HEADER_ROW, at, name, header)
    column = COLUMNS.index("Out of")
    sizes = xl_range_abs(FIRST_TEAM, column, LAST_TEAM, column)
    for point in range(CURVE_POINTS):
        row = FIRST_ROW + point
        size = xl_rowcol_to_cell(row, CURVES_FROM, False, True)
        limits = [limit(size, below) for below in LIMITS.values()]
        share = f"{point}/{CURVE_POINTS - 1}"
        grown = f"MAX(1,ROUND(0.6*MIN({sizes})*(1-{share})+1.1*MAX({sizes})*{share},0))"
        for at, formula in enumerate((grown, *limits, _AUTHORITY), CURVES_FROM):
            look = "behind" if at == CURVES_FROM else "behind decimal"
            sheet.write_formula(row, at, f"={formula}", making.format(look), "")
    area = (FIRST_ROW, CURVES_FROM, FIRST_ROW + CURVE_POINTS - 1, CURVES_FROM + len(CURVES) - 1)
    sheet.conditional_format(*area, {"type": "errors", "format": making.rule("no figure")})


def _chart(making: Making) -> Chart:
    chart = making.book.add_chart({"type": "scatter", "subtype": "straight"})
    font = {"name": theme.BASE["font_name"], "size": 11}
    solid = {"color": theme.QUIET, "width": 1.25}
    dashed = {**solid, "dash_type": "dash"}
    lines = {
        LOWEST: ("99.8% limits", solid),
        HIGHEST: ("", solid),
        LOW: ("95% limits", dashed),
        HIGH: ("", dashed),
        "All teams": ("All teams", {"color": theme.NAVY, "width": 1.75}),
    }
    last = FIRST_ROW + CURVE_POINTS - 1
    for name, (legend, line) in lines.items():
        at = CURVES_FROM + CURVES.index(name)
        chart.add_series(
            {
                "name": legend or name,
                "categories": [SHEET, FIRST_ROW, CURVES_FROM, last, CURVES_FROM],
                "values": [SHEET, FIRST_ROW, at, last, at],
                "line": line,
                "marker": {"type": "none"},
            }
        )
    # a series a team: its name is the label, which labels from cells are not everywhere
    size, value = COLUMNS.index("Out of"), COLUMNS.index("Percentage")
    for row in range(FIRST_TEAM, LAST_TEAM + 1):
        chart.add_series(
            {
                "name": [SHEET, row, 0],
                "categories": [SHEET, row, size, row, size],
                "values": [SHEET, row, value, row, value],
                "line": {"none": True},
                "marker": {
                    "type": "circle",
                    "size": 8,
                    "fill": {"color": theme.NAVY},
                    "border": {"color": theme.WHITE},
                },
                "data_labels": {"series_name": True, "position": "above", "font": font},
            }
        )
    unnamed = [at for at, (legend, _) in enumerate(lines.values()) if not legend]
    teams = range(len(lines), len(lines) + GRID_TEAMS)
    chart.set_title({"none": True})
    axis = {"num_font": font, "name_font": {**font, "bold": False}}
    chart.set_x_axis({**axis, "name": "Out of how many", "label_position": "low"})
    lined = {"visible": False}
    per_cent = {"name": "Per cent", "num_format": "0", "max": 100}
    chart.set_y_axis({**axis, **per_cent, "major_gridlines": lined})
    chart.set_legend({"position": "bottom", "font": font, "delete_series": [*unnamed, *teams]})
    chart.set_size({"width": 1080, "height": 660})
    return chart
