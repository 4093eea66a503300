"""A check on rows that were pasted twice, in the tabs whose rows have nothing to tell them by."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import Finding, Severity
from kqi_workbook.scorecard.tables import DataTable

RUN = 5
"""So many rows one below the other that stand further up in the same order, of ``KINDS`` different
ones at least, are no chance: two Core Groups of a team may say the same on one day."""

KINDS = 3


def pasted_twice(checked: Checked) -> Iterator[Finding]:
    """A block of rows that stands further up already. It is counted twice."""
    for table in layout.DATA_TABLES:
        data = checked.tables.get(table.name)
        if data is not None and not table.key:
            yield from _in(data)


def _in(data: DataTable) -> Iterator[Finding]:
    if data.rows.duplicated().sum() < RUN:
        return
    rows = data.rows.groupby(list(data.rows), dropna=False, observed=True).ngroup().tolist()
    numbers = data.rows.index.tolist()
    first: dict[tuple[int, ...], int] = {}
    at = 0
    while at + RUN <= len(rows):
        run = tuple(rows[at : at + RUN])
        before = first.setdefault(run, at)
        if before + RUN > at or len(set(run)) < KINDS:
            at += 1
            continue
        length = RUN
        while at + length < len(rows) and before + length < at:
            if rows[before + length] != rows[at + length]:
                break
            length += 1
        yield Finding(
            "",
            Severity.WARNING,
            f"{data.sheet}: rows {numbers[at]} to {numbers[at + length - 1]} say the same as those "
            f"from row {numbers[before]} on, one by one. All of them were counted.",
            "Delete them, if they were pasted twice.",
            data.place(numbers[at], data.layout.columns[0].name),
        )
        at += length
