"""The Refresh log tab: a row a refresh that changed something."""

from __future__ import annotations

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows, Book
from kqi_workbook.books.cells import Value
from kqi_workbook.books.share import Here
from kqi_workbook.refreshing import Refreshed


def write_log(book: Book, done: Refreshed, at: Here, door: str, seconds: float) -> None:
    """Write when, who, from which machine and door, which quarter, what changed, how long it took,
    in those of the columns that are there."""
    row: dict[str, Value] = {
        "When": at.now().replace(microsecond=0),
        "Who": at.who,
        "Machine": at.machine,
        "From": door,
        "Quarter": done.scorecard.quarter.label,
        "What changed": "; ".join(done.changes) or "titles or other sheets only",
        "Seconds": round(seconds, 1),
    }
    if columns := done.log_columns:
        book.write([AddRows.by_name(layout.REFRESH_LOG.name, columns, [row])])
