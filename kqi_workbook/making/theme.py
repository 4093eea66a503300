"""How the workbook looks, as data: fonts, colours, styles and the widths of columns.

Black on light fills, a sans font at 12 points for what is read: the UK government's guidance on
statistics in spreadsheets. Styles are properties of an XlsxWriter format.
"""

from __future__ import annotations

from collections.abc import Mapping

from kqi_workbook.books.book import Fill
from kqi_workbook.making.tabs import Owner

Style = Mapping[str, object]

SIZE = 12  # points
BASE: Style = {"font_name": "Arial", "font_size": SIZE, "font_family": 2, "font_scheme": False}

BLACK, WHITE = "#000000", "#FFFFFF"
NAVY = "#1F3864"  # what a refresh writes
SKY = "#DDEBF7"  # what staff fill
SAND = "#EDEDED"  # what the council decides once, and what explains
LINE = "#BFBFBF"
QUIET = "#595959"  # still 7:1 on white
GREEN = "#2E7D32"

SEVERITY_FILLS = (Fill("Error", "FFC7CE"), Fill("Warning", "FFEB9C"), Fill("Note", "EDEDED"))

_TOP: Style = {"valign": "top"}
_CELL: Style = {**_TOP, "bottom": 1, "bottom_color": LINE}
_RIGHT: Style = {"align": "right"}
# A little off what stands right in the cell before: LibreOffice keeps indents from the right badly.
_LEFT: Style = {"align": "left", "indent": 1}
_ARROW: Style = {
    "text_wrap": True,  # Not comparable
    "valign": "bottom",  # where LibreOffice draws the arrow, whatever is asked for
    "align": "left",
    "indent": 2,  # the arrow stands left of the word
    "num_format": '"Improving";"Worsening";"Steady"',
}
_HEADER: Style = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "bottom": 1,
    "bottom_color": LINE,
}

STYLES: Mapping[str, Style] = {
    "title": {"bold": True, "font_size": 18},
    "about": {},
    "chart title": {"bold": True, "font_size": 14},
    "remark": {"italic": True, "font_color": QUIET},
    "heading": {**_TOP, "bold": True, "font_size": 14},
    "label": {**_TOP, "bold": True},
    "prose": {**_TOP, "text_wrap": True},
    "link": {**_CELL, **_LEFT, "font_color": "#0563C1", "underline": 1},
    "plain link": {**_CELL, "font_color": "#0563C1", "underline": 1},
    "written header": {**_HEADER, "bg_color": NAVY, "font_color": WHITE},
    "staff header": {**_HEADER, "bg_color": SKY},
    "decided header": {**_HEADER, "bg_color": SAND},
    "text": {**_CELL, **_LEFT, "text_wrap": True},
    "plain text": {**_CELL, "align": "left", "text_wrap": True},
    "number": {**_CELL, **_RIGHT},
    "date": {**_CELL, **_RIGHT, "num_format": "dd/mm/yyyy"},
    "month": {**_CELL, **_RIGHT, "num_format": "mmm yyyy"},
    "moment": {**_CELL, **_RIGHT, "num_format": "dd/mm/yyyy hh:mm"},
    "centred": {**_CELL, "text_wrap": True, "align": "center"},
    "narrow": {**_CELL, "align": "center"},
    "arrow": {**_CELL, **_ARROW},
    "behind": {**_CELL, **_RIGHT, "font_color": QUIET},
    "choice": {
        "bg_color": SKY,
        "top": 1,
        "top_color": LINE,
        "bottom": 1,
        "bottom_color": LINE,
        "bold": True,
    },
    "grid text": {**_TOP, **_LEFT, "text_wrap": True},
    "grid number": {**_TOP, **_RIGHT},
    "grid arrow": {**_TOP, **_ARROW},
    "one decimal": {**_CELL, **_RIGHT, "num_format": "0.0"},
    "behind decimal": {**_CELL, **_RIGHT, "font_color": QUIET, "num_format": "0.0"},
    "letter": {**_CELL, "align": "center", "font_color": QUIET},
    "grid letter": {**_TOP, "align": "center", "font_color": QUIET},
    "grid header": {"bold": True, "text_wrap": True, "valign": "vcenter"},
}

# What conditional formats lay over cells: only what they may change.
RULES: Mapping[str, Style] = {
    "filled header": {"bg_color": NAVY, "font_color": WHITE},
    "one decimal": {"num_format": "#,##0.0"},
    "two decimals": {"num_format": "#,##0.00"},
    "no figure": {"font_color": WHITE},
}

TABLE_STYLE = "Table Style Light 1"
# Columns, since LibreOffice leaves lines out of what it prints.
SPARKLINE: Mapping[str, object] = {
    "type": "column",
    "series_color": "#B4C7E7",
    "last_point": True,
    "last_color": NAVY,
    "show_hidden": True,
    "empty_cells": "gaps",
}

TAB_COLOURS: Mapping[Owner, str] = {
    Owner.REFRESH: NAVY,
    Owner.STAFF: "#5B9BD5",
    Owner.COUNCIL: "#A6A6A6",
    Owner.NOBODY: "#A6A6A6",
}

WIDTHS: Mapping[str, float] = {
    "KQI": 8,
    "Title": 70,
    "Owner": 34,
    "Team": 14,
    "Case ref": 14,
    "Child ref": 14,
    "Staff ref": 14,
    "File ref": 14,
    "Measure": 52,
    "Source": 52,
    "Calculation": 36,
    "Used on": 18,
    "Unit": 16,
    "Theme": 40,
    "Audit": 30,
    "Grade": 24,
    "Précis": 70,
    "Survey": 36,
    "Asked of": 28,
    "Question": 60,
    "Feedback": 60,
    "Check": 22,
    "Criterion": 56,
    "Report": 44,
    "Headline": 80,
    "Child's voice": 50,
    "Parent's voice": 50,
    "Commentary": 60,
    "Actions": 60,
    "Point": 90,
    "Author": 26,
    "Action": 90,
    "Who": 30,
    "Reason": 60,
    "By": 26,
    "Status": 16,
    "Benchmark source": 56,
    "Definition": 70,
    "Tab": 18,
    "Filter value": 44,
    "Setting": 20,
    "Value": 26,
    "What it does": 90,
    "Severity": 12,
    "Where": 24,
    "What is wrong": 80,
    "What to do": 60,
    "Code": 22,
    "Machine": 22,
    "From": 18,
    "What changed": 80,
    "Immediate improvement": 16,
}
"""Widths in characters, by the name of the column; any other column is as wide as STANDARD."""

STANDARD = 15.0


def width(column: str) -> float:
    """How wide a column is, in characters of the base font."""
    return WIDTHS.get(column, STANDARD)
