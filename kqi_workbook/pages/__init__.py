"""The built scorecard as updates to the workbook's sheets: one module a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from kqi_workbook.books.book import Book, SetArea, SetCell, SetRules, Update
from kqi_workbook.books.cells import TableCells
from kqi_workbook.pages import by_team, checks, history, scorecard, trends
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.model import Finding


def render(
    board: Scorecard, findings: Sequence[Finding], past: TableCells | None
) -> tuple[Update, ...]:
    """Everything that a refresh writes, sheet by sheet; ``past`` is the History table as it is."""
    return (
        *scorecard.updates(board, findings),
        *checks.updates(board, findings),
        *by_team.updates(board),
        *trends.updates(board),
        *(history.updates(board, past) if past else ()),
    )


def present(updates: Sequence[Update], book: Book) -> tuple[Update, ...]:
    """Those updates whose table or named cell the workbook still has: what is gone stays gone."""
    names = set(book.names)

    def there(update: Update) -> bool:
        if isinstance(update, SetCell | SetArea):
            return update.name in names
        if isinstance(update, SetRules):
            return update.over in (book.tables if update.column else names)
        return update.table in book.tables

    return tuple(update for update in updates if there(update))
