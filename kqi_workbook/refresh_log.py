"""The Refresh log tab: a row a refresh that changed something."""

from __future__ import annotations

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows
from kqi_workbook.books.share import Here
from kqi_workbook.refreshing import Refreshed


def log_row(done: Refreshed, at: Here, door: str, seconds: float) -> AddRows:
    """When, who, from which machine and door, which quarter, what changed, how long it took."""
    columns = tuple(column.name for column in layout.REFRESH_LOG.columns)
    when = at.now().replace(microsecond=0)
    what = "; ".join(done.changes) or "titles or other sheets only"
    row = (when, at.who, at.machine, door, done.scorecard.quarter.label, what, round(seconds, 1))
    return AddRows(layout.REFRESH_LOG.name, columns, (row,))
