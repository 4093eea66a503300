"""A measure to vary, and short ways to write readings and months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kqi_workbook.scorecard.model import GoodIs, Limits, Measure, Period, Range, Reading
from kqi_workbook.scorecard.quarters import Quarter, months_to

Q4 = Quarter(2013, 4)

HIGH = Limits(GoodIs.HIGH, green=Range(low=90), amber=Range(low=80))
LOW = Limits(GoodIs.LOW, green=Range(high=2.5), amber=Range(high=5))
IN_RANGE = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(8, 18))
NOT_JUDGED = Limits(GoodIs.NOT_JUDGED)

_VISITS = Measure(
    name="CP visits on time",
    kqis=("1",),
    source="Purple book",
    table="PurpleBook",
    picks="CP visits on time",
    calculation="Percentage",
    unit="%",
    period=Period.TOTAL,
    limits=HIGH,
    step=0,
    key=False,
    decimals=1,
)


def measure(name: str = "CP visits on time", **changes: Any) -> Measure:
    """A percentage of which 90 or more is Green and 80 or more Amber, with changes."""
    return replace(_VISITS, name=name, **changes)


def share(numerator: float, denominator: float) -> Reading:
    """A percentage's reading, to one decimal."""
    return Reading(round(100 * numerator / denominator, 1), numerator, denominator)


def series(
    values: Sequence[float | None], last: dt.date = Q4.end
) -> tuple[tuple[dt.date, Reading], ...]:
    """A reading for each month in a row, of which the last is the month of ``last``."""
    readings = [Reading(value, reason="" if value is not None else "no data") for value in values]
    return tuple(zip(months_to(last, len(values)), readings, strict=True))
