"""What the Scorecard has no room for, as no row of a sheet can be higher than 409 points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kqi_workbook import layout
from kqi_workbook.books.book import Book, SetRows
from kqi_workbook.books.cells import TableCells
from kqi_workbook.pages import present, scorecard
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.model import Finding, Place, Severity


def cut_off(book: Book, board: Scorecard, fillable: Mapping[str, TableCells]) -> Iterator[Finding]:
    """A warning for each KQI of whose words the sheet, its print and its PDF lack the end."""
    cells = fillable[layout.SCORECARD.name]
    for rows in present([scorecard.rows(board)], book, fillable):
        assert isinstance(rows, SetRows)
        for i, (row, columns) in enumerate(zip(board.rows, book.cut_off(rows), strict=True)):
            if columns:
                yield Finding(
                    code="cut-off",
                    severity=Severity.WARNING,
                    what=f"The row of KQI {row.kqi.number} cannot be high enough to show the end "
                    f"of {', '.join(map(repr, columns))}.",
                    todo="Make the column wider, or say it in fewer words, and refresh again.",
                    place=Place(cells.sheet, cells.address(columns[0], i)),
                    kqi=row.kqi.number,
                )
