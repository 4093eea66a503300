"""The built scorecard as updates to the workbook's sheets: one module a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kqi_workbook.books.book import Book, SetArea, SetCell, SetRows, SetRules, Update
from kqi_workbook.books.cells import TableCells
from kqi_workbook.pages import by_team, checks, history, scorecard, team_funnel, trends
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
        *team_funnel.updates(board),
        *trends.updates(board),
        *(history.updates(board, past) if past else ()),
    )


def present(
    updates: Sequence[Update], book: Book, cells: Mapping[str, TableCells]
) -> tuple[Update, ...]:
    """What of the updates the workbook still has a place for: what is gone stays gone."""
    names = {name.casefold() for name in book.names}
    headers = {name: table.columns for name, table in cells.items()}

    def here(update: Update) -> Update | None:
        if isinstance(update, SetCell | SetArea):
            return update if update.name.casefold() in names else None
        if isinstance(update, SetRules):
            if not update.column:
                return update if update.over.casefold() in names else None
            return update if update.column in headers.get(update.over, ()) else None
        if update.table not in headers:
            return None
        if not isinstance(update, SetRows):
            return update
        kept = [i for i, name in enumerate(update.columns) if name in headers[update.table]]
        columns = tuple(update.columns[i] for i in kept)
        rows = tuple(tuple(row[i] for i in kept) for row in update.rows)
        key = tuple(name for name in update.key if name in columns)
        return replace(update, columns=columns, rows=rows, key=key)

    return tuple(filter(None, map(here, updates)))
