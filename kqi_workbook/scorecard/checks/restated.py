"""Corrections to earlier quarters: what the data say now against what the last refresh saw."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import isclose

import numpy as np

from kqi_workbook import layout
from kqi_workbook.layout import Setting
from kqi_workbook.scorecard.board import MeasureResult
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.checks.checked import Checked, about_measure
from kqi_workbook.scorecard.measures import rows_of
from kqi_workbook.scorecard.model import Arithmetic, Finding, Measure, Place, Reading
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.words import figure

SAME = 1e-9
"""Relative difference below which two sums are one: the order of adding up moves the last bits."""


def restated(checked: Checked) -> Iterator[Finding]:
    """A figure of an earlier quarter that is no longer what its last refresh saw.

    Numerator and denominator are compared, so that showing fewer decimals restates nothing.
    """
    for result in checked.scorecard.measures:
        moved = {q: pair for q, pair in result.earlier.items() if not _same(*pair)}
        places = _places(checked, result, moved)
        for quarter, (then, now) in moved.items():
            yield about_measure(
                result.measure,
                f"'{result.measure.name}' for {quarter} was {_told(then, result.measure)} when "
                f"that quarter was last refreshed, and is {_told(now, result.measure)} now.",
                f"If rows came in late, refreshing {quarter} makes it the figure on record. If it "
                "was corrected, say so in the commentary too; if neither, put the earlier "
                f"{_rests_on(result.measure)} back.",
                places[quarter],
            )


def _rests_on(measure: Measure) -> str:
    if CALCULATIONS[measure.calculation].arithmetic is Arithmetic.RATE:
        return f"rows, or {Setting.CHILD_POPULATION.value} in Settings,"
    return "rows"


def _same(then: Reading, now: Reading) -> bool:
    pairs = ((then.numerator, now.numerator), (then.denominator, now.denominator))
    return all(
        was == now_ if was is None or now_ is None else isclose(was, now_, rel_tol=SAME)
        for was, now_ in pairs
    )


def _told(reading: Reading, measure: Measure) -> str:
    parts = (reading.numerator, reading.denominator)
    of = " of ".join(f"{part:,.10g}" for part in parts if part is not None)
    if reading.value is None:
        return f"without a value ({of})" if of else "without a value"
    value = figure(reading.value, measure.unit, measure.decimals)
    return f"{value} ({of})" if reading.denominator is not None else value


def _places(
    checked: Checked, result: MeasureResult, quarters: Collection[Quarter]
) -> dict[Quarter, Place]:
    """The first of the measure's rows in each quarter, or its own row where there is none."""
    measure = result.measure
    places = dict.fromkeys(quarters, measure.place)
    table = checked.tables.get(measure.table)
    if not quarters or table is None:
        return places
    rows = rows_of(measure, table)
    dates = rows[table.layout.dated].to_numpy()
    column = "Numerator" if table.layout is layout.PURPLE_BOOK else table.layout.columns[0].name
    for quarter in quarters:
        within = (dates >= np.datetime64(quarter.start)) & (dates <= np.datetime64(quarter.end))
        if within.any():
            places[quarter] = table.place(int(rows.index[int(within.argmax())]), column)
    return places
