"""Checks on the column by which sources and measures pick their rows: what nothing picks is not
counted."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked, about_measure
from kqi_workbook.scorecard.evidence import in_quarter
from kqi_workbook.scorecard.model import Evidence, Finding, Measure, Severity
from kqi_workbook.scorecard.nearest import slip_for
from kqi_workbook.scorecard.tables import DataTable
from kqi_workbook.scorecard.words import counted


def mistyped(checked: Checked) -> Iterator[Finding]:
    """Rows of the quarter that nothing picks, with a name that is nearly one that is picked.

    Staff may keep other audits and surveys: a name unlike every other is theirs. Names in the
    Purple book are held against the Measures tab where they are read.
    """
    for table in layout.SOURCE_TABLES:
        data = checked.tables.get(table.name)
        if data is not None:
            yield from _in(data, _picked(checked, table), checked)


def of_another_tab(checked: Checked) -> Iterator[Finding]:
    """Purple-book rows of the quarter under the name of a measure that is worked out elsewhere."""
    data = checked.tables.get(layout.PURPLE_BOOK.name)
    picked = _picked(checked, layout.PURPLE_BOOK)
    if data is None or "" in picked:
        return
    measures = {r.measure.name.casefold(): r.measure for r in checked.scorecard.measures}
    for value, rows in _names(data, checked):
        measure = measures.get(value)
        if value in picked or measure is None:
            continue
        worked_out_from = f"the {layout.TABLES[measure.table].sheet} tab"
        if measure.table == layout.PURPLE_BOOK.name:
            worked_out_from = f"the rows of '{measure.picks}'"
        yield about_measure(
            measure,
            f"{data.sheet}: '{measure.name}' stands in {counted(len(rows), 'row')} of "
            f"{checked.quarter}, and is worked out from {worked_out_from}. Nothing here was "
            "counted.",
            f"If {data.sheet} is right, make it the measure's source in the "
            f"{layout.MEASURES.sheet} tab, with a calculation that goes with it; else delete the "
            "rows.",
            data.place(int(rows.index[0]), data.layout.picks),
        )


def _picked(checked: Checked, table: layout.Table) -> dict[str, str]:
    """The values that sources and measures pick rows of a tab by; lower case to as written."""
    board = checked.scorecard
    picking: list[Evidence | Measure] = [result.measure for result in board.measures]
    picking += [result.evidence for row in board.rows for result in row.evidence]
    return {one.picks.casefold(): one.picks for one in picking if one.table == table.name}


def _names(data: DataTable, checked: Checked) -> Iterator[tuple[str, pd.Series[str]]]:
    """The names in the column that picks, in lower case, each with its rows of the quarter."""
    wanted = in_quarter(data.rows, data.layout, checked.quarter)
    names = data.rows.loc[wanted, data.layout.picks]
    for name, rows in names.groupby(names.str.casefold(), sort=False):
        yield str(name), rows


def _in(data: DataTable, picked: dict[str, str], checked: Checked) -> Iterator[Finding]:
    column = data.layout.picks
    for value, rows in _names(data, checked):
        meant = "" if value in picked else slip_for(value, filter(None, picked.values()))
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
