"""A check on the column by which sources and measures pick their rows: a slip drops rows."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.evidence import in_quarter
from kqi_workbook.scorecard.model import Evidence, Finding, Measure, Severity
from kqi_workbook.scorecard.nearest import slip_for
from kqi_workbook.scorecard.tables import DataTable
from kqi_workbook.scorecard.words import counted

_PICKING = (layout.AUDITS, layout.SURVEYS, layout.FILE_CHECKS, layout.REPORTS)
"""Tabs whose column that picks holds names of sources. Themes of challenges are free, and measures
of the Purple book are held against the Measures tab where they are read."""


def mistyped(checked: Checked) -> Iterator[Finding]:
    """Rows of the quarter that nothing picks, with a name that is nearly one that is picked.

    Staff may keep other audits and surveys: a name unlike every other is theirs.
    """
    for table in _PICKING:
        data = checked.tables.get(table.name)
        if data is not None:
            yield from _in(data, _picked(checked, table), checked)


def _picked(checked: Checked, table: layout.Table) -> dict[str, str]:
    """The values that sources and measures pick rows of a tab by; lower case to as written."""
    board = checked.scorecard
    picking: list[Evidence | Measure] = [result.measure for result in board.measures]
    picking += [result.evidence for row in board.rows for result in row.evidence]
    return {one.picks.casefold(): one.picks for one in picking if one.table == table.name}


def _in(data: DataTable, picked: dict[str, str], checked: Checked) -> Iterator[Finding]:
    column = data.layout.picks
    values = data.rows.loc[in_quarter(data.rows, data.layout, checked.quarter), column]
    for value, rows in values.groupby(values.str.casefold(), sort=False):
        meant = "" if value in picked else slip_for(str(value), filter(None, picked.values()))
        if meant:
            yield Finding(
                "",
                Severity.WARNING,
                f"{data.sheet}, {column}: '{rows.iloc[0]}' stands in "
                f"{counted(len(rows), 'row')} of {checked.quarter} and was probably meant as "
                f"'{meant}'. No source or measure picks that name.",
                f"Correct it, or its name in the {layout.EVIDENCE.sheet} tab.",
                data.place(int(rows.index[0]), column),
            )
