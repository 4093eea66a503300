"""Checks on the figures of data rows: negative, above 100%, typed as a share, half a fraction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.layout import Kind
from kqi_workbook.scorecard.checks.faults import Faults, OnFile
from kqi_workbook.scorecard.model import Arithmetic
from kqi_workbook.scorecard.tables import DataTable

_PARTS: Mapping[layout.Table, tuple[str, str]] = {
    layout.PURPLE_BOOK: ("Numerator", "Denominator"),
    layout.SURVEYS: ("Positive", "Responses"),
}
"""The tabs that hold how many, and out of how many."""

_DIVIDED = {Arithmetic.PERCENTAGE, Arithmetic.AVERAGE}


def negative(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A number below nought: everything here is counted or measured."""
    if table.layout not in layout.DATA_TABLES:
        return []
    return [
        Faults(
            table.rows[column.name] < 0,
            column.name,
            lambda row, record, name=column.name: (  # type: ignore[misc]
                f"found {record[name]:,.10g}, expected 0 or more"
            ),
            "Correct the number.",
        )
        for column in table.layout.columns
        if column.kind in (Kind.NUMBER, Kind.WHOLE)
    ]


def numerator_above_denominator(table: DataTable, on_file: OnFile) -> list[Faults]:
    """More than all of them: a percentage above 100."""
    if table.layout not in _PARTS:
        return []
    part, whole = _PARTS[table.layout]
    return [
        Faults(
            _percentages(table, on_file) & (table.rows[part] > table.rows[whole]),
            part,
            lambda row, record: (
                f"found {record[part]:,.10g} out of {record[whole]:,.10g}, which is above 100%"
            ),
            f"Correct the {part} or the {whole}; they may have changed places.",
        )
    ]


def share_typed(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A share in the place of how many: Excel keeps what is typed as 85% as 0.85.

    What is not counted in whole numbers, such as posts filled, may well be less than one.
    """
    if table.layout not in _PARTS:
        return []
    part, whole = (table.rows[name] for name in _PARTS[table.layout])
    names = table.rows[table.layout.picks]
    counted = ~names.isin(names[(part > 1) & (part % 1 > 0)].unique())
    return [
        Faults(
            _percentages(table, on_file) & counted & (part > 0) & (part < 1) & (whole > 1),
            str(part.name),
            lambda row, record: (
                f"found {part[row]:,.10g} out of {whole[row]:,.10g}, which was probably typed as "
                f"{100 * part[row]:.10g}%: that is {part[row] * whole[row]:,.10g} out of "
                f"{whole[row]:,.10g}"
            ),
            "Give the cell the number format General, and type how many there were.",
        )
    ]


def nothing_to_divide_by(table: DataTable, on_file: OnFile) -> list[Faults]:
    """A percentage or an average whose denominator is blank, or an average's something of nought.

    (A percentage's is above its denominator; a rate may count a team that has no children.)
    """
    if table.layout is not layout.PURPLE_BOOK:
        return []
    divided = _measures_that(table, on_file, lambda ways: bool(ways) and ways <= _DIVIDED)
    averages = _measures_that(table, on_file, lambda ways: Arithmetic.AVERAGE in ways)
    of_nought = (table.rows["Denominator"] == 0) & (table.rows["Numerator"] > 0)
    return [
        Faults(
            at_fault,
            "Denominator",
            lambda row, record, found=found: (  # type: ignore[misc]
                f"found {found}, and '{record['Measure']}' is divided by it"
            ),
            "Fill in the Denominator: out of how many.",
        )
        for at_fault, found in (
            (divided & table.rows["Denominator"].isna(), "nothing"),
            (averages & of_nought, "0"),
        )
    ]


def _percentages(table: DataTable, on_file: OnFile) -> pd.Series[bool]:
    """The rows that make a percentage: every answer to a survey does."""
    if table.layout is layout.PURPLE_BOOK:
        return _measures_that(table, on_file, lambda ways: Arithmetic.PERCENTAGE in ways)
    return pd.Series(True, index=table.rows.index)


def _measures_that(
    table: DataTable, on_file: OnFile, wanted: Callable[[frozenset[Arithmetic]], bool]
) -> pd.Series[bool]:
    """The Purple book's rows of measures that are worked out in the wanted ways."""
    names = table.rows["Measure"]
    return names.isin([name for name in names.unique() if wanted(on_file.arithmetics(name))])
