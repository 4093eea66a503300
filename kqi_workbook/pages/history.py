"""The History sheet: each quarter's RAG, trend, figures and words as last refreshed.

The last rows are those of the quarter that the Scorecard shows. Rows of other quarters are
carried over as they stand, and so are those of an earlier quarter refreshed again that tell of a
KQI or a measure which has been given up since.
"""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.books.book import SetRows, Update
from kqi_workbook.books.cells import Content, TableCells, Value
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.pages.marks import bullets, number_or_text
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter

TABLE = layout.HISTORY
COLUMNS = tuple(column.name for column in TABLE.columns)


def updates(board: Scorecard, past: TableCells) -> Iterator[Update]:
    """This quarter's rows in the place of those that it had before; the other quarters' first."""
    others = (*_others(board, past),)
    rows = (*others, *_this_quarter(board))
    yield SetRows(TABLE.name, COLUMNS, rows, key=TABLE.key, carried=len(others))


def _others(board: Scorecard, past: TableCells) -> Iterator[tuple[Content, ...]]:
    blank = [None] * len(past.columns[COLUMNS[0]])
    rows = [*zip(*(past.columns.get(name, blank) for name in COLUMNS), strict=True)]
    again = any(_is_after(board.quarter, row[0]) for row in rows)
    numbers = [row.kqi.number for row in board.rows]
    kqis = {*numbers, *map(number_or_text, numbers)}
    names = {*map(plain, board.names)}
    for row in rows:
        quarter, kqi, measure = row[:3]
        given_up = plain(str(measure)) not in names if measure else kqi not in kqis
        if quarter != board.quarter.label or (again and given_up):
            if any(value is not None for value in row):
                yield row


def _is_after(quarter: Quarter, label: Value) -> bool:
    try:
        return quarter < Quarter.parse(str(label))
    except KQIWorkbookError:
        return False


def _this_quarter(board: Scorecard) -> Iterator[tuple[Content, ...]]:
    quarter = board.quarter.label
    for row in board.rows:
        number = number_or_text(row.kqi.number)
        yield (
            quarter,
            number,
            None,
            row.rag.value,
            row.trend.value,
            *(None, None, None),
            bullets(point.text for point in row.commentary),
            bullets(action.text for action in row.actions),
        )
    for result in board.measures:
        now = result.now
        yield (
            quarter,
            number_or_text(", ".join(result.measure.kqis)),
            result.measure.name,
            result.rag.value,
            result.movement.trend.value,
            now.numerator,
            now.denominator,
            now.value,
            *(None, None),
        )
