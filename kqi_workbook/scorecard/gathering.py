"""Many findings of one kind in one column: the first are listed one by one, the rest as one.

A column pasted wrongly into 100,000 rows is one mistake, and is put right as one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from kqi_workbook.scorecard.model import Finding, Place

MOST_LISTED = 20
"""Findings of one kind in one column that are listed one by one: more of them say no more."""

_CELL = re.compile(r"([A-Z]+)(\d+)")


def listed(rows: Sequence[int], tell: Callable[[int], Finding]) -> list[Finding]:
    """A finding for each row that is at fault in one way in one column, in the order of the rows.

    Beyond ``MOST_LISTED`` they are one finding together, and ``tell``, which words a row's
    finding, is not asked.
    """
    findings = [tell(row) for row in rows[:MOST_LISTED]]
    rest = rows[MOST_LISTED:]
    return [*findings, _rest(findings[0], rest)] if rest else findings


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of many kinds, listed likewise: a kind is a code, severity, sheet and column.

    Findings on a sheet as a whole, or on an area, are left alone.
    """
    kept: list[Finding] = []
    rows: dict[tuple[object, ...], list[int]] = defaultdict(list)
    first: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        cell = _CELL.fullmatch(finding.place.cell)
        if cell is None:
            kept.append(finding)
            continue
        kind = finding.code, finding.severity, finding.place.sheet, cell[1]
        rows[kind].append(int(cell[2]))
        first.setdefault(kind, finding)
        if len(rows[kind]) <= MOST_LISTED:
            kept.append(finding)
    rest = {kind: found[MOST_LISTED:] for kind, found in rows.items()}
    return [*kept, *(_rest(first[kind], found) for kind, found in rest.items() if found)]


def _rest(one: Finding, rows: Sequence[int]) -> Finding:
    sheet, column = one.place.sheet, one.place.cell.rstrip("0123456789")
    first, last = min(rows), max(rows)
    where = f"in rows {first} to {last}" if first < last else f"in row {first}"
    return Finding(
        one.code,
        one.severity,
        f"{sheet}, column {column}: {len(rows):,} more like the {MOST_LISTED} that are listed, "
        f"{where}.",
        "Put the listed ones right, and these in the same way.",
        Place(sheet, f"{column}{first}:{column}{last}"),
    )
