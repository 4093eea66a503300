"""A check on questions that were left open: a blank is neither Yes nor No, and is not counted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kqi_workbook.scorecard.calculations import CALCULATIONS, Calculation
from kqi_workbook.scorecard.checks.checked import Checked, about_measure
from kqi_workbook.scorecard.lines import Seen
from kqi_workbook.scorecard.measures import rows_of
from kqi_workbook.scorecard.model import Finding
from kqi_workbook.scorecard.words import counted


def unanswered(checked: Checked) -> Iterator[Finding]:
    """Rows of the quarter's months that are over, whose Yes or No a measure goes without."""
    for result in checked.scorecard.measures:
        measure = result.measure
        calculation = CALCULATIONS[measure.calculation]
        data = checked.tables.get(measure.table)
        if data is None or not calculation.question:
            continue
        rows = rows_of(measure, data)
        answers = rows[calculation.question]
        if not answers.isna().any():
            continue
        answered = rows.assign(**{calculation.question: answers.fillna(False)})
        open_ones = _count(calculation, answered, checked) - _count(calculation, rows, checked)
        if open_ones:
            yield about_measure(
                measure,
                f"{data.sheet}: {calculation.question} is blank in {counted(open_ones, 'row')} of "
                f"{checked.quarter}, which '{measure.name}' does not count.",
                "Fill in Yes or No, or say in the commentary why it is not known.",
            )


def _count(calculation: Calculation, rows: pd.DataFrame, checked: Checked) -> int:
    """How many lines a calculation counts."""
    months = [*filter(checked.expects, checked.quarter.months)]
    seen = Seen(months, checked.scorecard.as_of)
    wanted = np.array(months, "datetime64[M]")
    return int(np.isin(calculation.monthly(rows, seen).months, wanted).sum())
