"""The KQI workbook from nothing: every sheet, table, drop-down and rule, in the order of its tabs.

XlsxWriter makes it: what it writes is valid, and two builds are equal to the byte.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook

from kqi_workbook import layout
from kqi_workbook.layout import Column, Setting, Table
from kqi_workbook.making import defaults, theme
from kqi_workbook.making.chart import add_trend_chart
from kqi_workbook.making.defaults import Rows
from kqi_workbook.making.funnel import add_team_funnel
from kqi_workbook.making.lists import NAMES, setting_rule
from kqi_workbook.making.pages import add_by_team, add_checks, add_scorecard, add_trends
from kqi_workbook.making.read_me import add_read_me
from kqi_workbook.making.sheet import A3, A4, FIRST_ROW, Making, add_sheet, add_table, validate
from kqi_workbook.making.tabs import TABS
from kqi_workbook.scorecard.model import GoodIs

MADE = dt.datetime(2014, 4, 1)  # fixed, so that two builds are equal
LANGUAGE = "en-GB"
_ROW_SET_BY_HAND = re.compile(rb'(<row [^>]*?) customHeight="1"')
WIDE = 200  # characters in a row from which a tab prints on A3

CALCULATIONS = Table(
    "Calculations",
    "Calculations",
    (Column("Calculation"), Column("Used on"), Column("What it does")),
    key=("Calculation",),
)
TABLES: Mapping[str, Table] = {
    table.sheet: table
    for table in (
        *layout.READ_TABLES,
        layout.HISTORY,
        layout.REFRESH_LOG,
        CALCULATIONS,
    )
}
MOMENTS = {("RefreshLog", "When"): "moment"}


@dataclass(frozen=True)
class Filling:
    """What a new workbook holds: the rows of its tables by name, and how the file names itself."""

    tables: Mapping[str, Rows]
    title: str = "Children's Services Key Quality Indicators: scorecard workbook"
    organisation: str = "Your council"

    def settings(self, wanted: Setting) -> list[str]:
        """The values of a setting; a team has a row of its own each."""
        rows = self.tables[layout.SETTINGS.name]
        return [str(value) for name, value, _ in rows if name == wanted.value]


def template() -> Filling:
    """What ``KQI_template.xlsx`` holds: the council's decisions to start from, and no data."""
    return Filling(defaults.definitions())


def make_workbook(filling: Filling) -> bytes:
    """Make a KQI workbook; the same filling gives the same bytes."""
    content = io.BytesIO()
    book = Workbook(
        content,
        {
            "in_memory": True,
            "default_format_properties": dict(theme.BASE),
            "default_column_width": 80,  # pixels of a standard column in 12-point Arial
            "strings_to_urls": False,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {
            "title": filling.title,
            "subject": "Quarterly scorecard",
            "author": filling.organisation,
            "company": filling.organisation,
            "created": MADE,
        }
    )
    (council,) = filling.settings(Setting.COUNCIL)
    making = Making(book, council)
    add_read_me(making)
    for tab in TABS:
        _add_tab(making, tab.name, filling)
    for name, formula in NAMES.items():
        book.define_name(name, f"={formula}")
    book.close()
    return _finish(content.getvalue())


def _add_tab(making: Making, name: str, filling: Filling) -> None:
    measures = len(filling.tables[layout.MEASURES.name])
    if name == layout.SCORECARD.sheet:
        add_scorecard(making, filling.tables[layout.KQIS.name])
    elif name == layout.CHECKS.sheet:
        add_checks(making)
    elif name == "By team":
        add_by_team(making, filling.settings(Setting.TEAM), measures)
    elif name == "Trends":
        add_trends(making, measures)
    elif name == "Team funnel":
        add_team_funnel(making, _first_key(filling.tables[layout.MEASURES.name], GoodIs.HIGH))
    elif name == "Trend chart":
        add_trend_chart(making, _first_key(filling.tables[layout.MEASURES.name]))
    else:
        _add_table_tab(making, TABLES[name], filling)


def _add_table_tab(making: Making, table: Table, filling: Filling) -> None:
    if table is CALCULATIONS:
        rows = defaults.calculations()
    else:
        rows = filling.tables.get(table.name, ())
    wide = sum(theme.width(column.name) for column in table.columns) > WIDE
    sheet = add_sheet(making, table.sheet, paper=A3 if wide else A4)
    styles = {name: style for (where, name), style in MOMENTS.items() if where == table.name}
    add_table(making, sheet, table, rows, styles=styles)
    if table is layout.SETTINGS:
        for row, (name, *_) in enumerate(rows, FIRST_ROW):
            validate(sheet, (row, 1, row, 1), setting_rule(str(name)))


def _first_key(measures: Rows, *good_is: GoodIs) -> str:
    """The first key measure, of those of which High or Low is good where that is asked for."""
    names = [column.name for column in layout.MEASURES.columns]
    name, key, good = (names.index(one) for one in ("Measure", "Key", "Good is"))
    wanted = [one.value for one in good_is or GoodIs]
    return next(str(row[name]) for row in measures if row[key] == "Yes" and row[good] in wanted)


def _finish(content: bytes) -> bytes:
    """Say what XlsxWriter cannot: the document's language, and that no height was set by hand."""
    finished = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for member in made.infolist():
            part = made.read(member)
            if member.filename == "docProps/core.xml":
                end = b"</cp:coreProperties>"
                part = part.replace(end, f"<dc:language>{LANGUAGE}</dc:language>".encode() + end)
            elif member.filename.startswith("xl/worksheets/"):
                part = _ROW_SET_BY_HAND.sub(rb"\1", part)
            out.writestr(member, part)
    return finished.getvalue()
