"""Writing into the open workbook: block by block, read back, and undone if anything goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from kqi_workbook.books.cells import Formula, Grid, length
from kqi_workbook.books.draft import Block, Draft
from kqi_workbook.books.live.cells import LONGEST_IN_A_BLOCK, entries, plain
from kqi_workbook.books.live.excel import patiently, values
from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.sameness import same
from kqi_workbook.errors import CannotPatch, KQIWorkbookError

if TYPE_CHECKING:
    import xlwings

ROUNDED = 5e-5  # Excel hands over a cell in a currency format with four decimals
LONG_PATIENCE = 30  # seconds to wait for a busy Excel when everything must be put back


class Undo:
    """What would undo the changes made so far. Leaving it by an error undoes them, last one first.

    An error that is not ours becomes one that says what to do.
    """

    def __init__(self, book: xlwings.Book) -> None:
        self._book = book
        self._actions: list[Callable[[], None]] = []

    def by(self, action: Callable[[], None]) -> None:
        """Remember how to undo the change that is about to be made."""
        self._actions.append(action)

    def __enter__(self) -> Undo:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            return
        failed = []
        for action in reversed(self._actions):
            try:
                patiently(action, LONG_PATIENCE)
            except Exception as problem:  # the rest must be put back all the same
                failed.append(_told(problem))
        if failed:
            raise CannotPatch(
                f"The refresh stopped half way ({_told(error)}), and not everything could be put "
                f"back ({'; '.join(failed)}). Close {self._book.name} without saving, and open "
                "it again."
            ) from error
        if isinstance(error, Exception) and not isinstance(error, KQIWorkbookError):
            raise CannotPatch(
                f"Excel refused a change to {self._book.name}: {_told(error)}. Its cells are as "
                "they were. Save, close and open it, and refresh again."
            ) from error


def _told(error: BaseException) -> str:
    return str(error) or type(error).__name__


def carry_out(
    book: xlwings.Book, draft: Draft, table: xlwings.main.Table | None, undo: Undo
) -> None:
    """Give the table its size and write each block of changes in one call."""
    room = draft.grows if draft.make_room else None
    if room is not None:  # a range moves down with its cells, so each deed takes its own
        patiently(lambda: cells_of(book, draft.sheet, room).insert("down"))
        undo.by(lambda: cells_of(book, draft.sheet, room).delete("up"))
    if table is not None and draft.resized:
        undo.by(partial(_resize, book, draft.sheet, table, draft.area))
        patiently(partial(_resize, book, draft.sheet, table, draft.final))
    for block in draft.blocks():
        undo.by(partial(_put, book, draft.sheet, block.area, block.old))
        patiently(partial(_put, book, draft.sheet, block.area, block.new))
        patiently(partial(_verify, book, draft.sheet, block))


def cells_of(book: xlwings.Book, sheet: str, area: Area) -> xlwings.Range:
    """The cells of an area."""
    return book.sheets[sheet].range((area.top, area.left), (area.bottom, area.right))


def _resize(book: xlwings.Book, sheet: str, table: xlwings.main.Table, body: Area) -> None:
    with_header = Area(body.top - 1, body.left, body.bottom, body.right)
    table.resize(cells_of(book, sheet, with_header))


def _put(book: xlwings.Book, sheet: str, area: Area, new: Grid) -> None:
    rows = entries(new)
    long = {
        (r, c): text
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if isinstance(text, str) and length(text) > LONGEST_IN_A_BLOCK
    }
    for r, c in long:
        rows[r][c] = None
    cells_of(book, sheet, area).value = rows
    for (r, c), text in long.items():
        book.sheets[sheet].range((area.top + r, area.left + c)).value = text


def _verify(book: xlwings.Book, sheet: str, block: Block) -> None:
    """Read back what Excel made of a block, and write what it got wrong once more, cell by cell.

    Under a filter, Excel may pass over hidden rows when it is given a block.
    """
    for row, column in _wrong(book, sheet, block):
        wanted = block.new[row - block.area.top][column - block.area.left]
        _put(book, sheet, Area(row, column, row, column), [[wanted]])
        if _wrong(book, sheet, Block(Area(row, column, row, column), [], [[wanted]])):
            raise CannotPatch(
                f"{sheet} {cell_name(row, column)}: Excel does not keep {wanted!r} there. Is the "
                "cell merged with others, or its format Text? Put that right and refresh again. "
                "The workbook's cells are as they were."
            )


def _wrong(book: xlwings.Book, sheet: str, block: Block) -> list[tuple[int, int]]:
    return [
        (block.area.top + r, block.area.left + c)
        for r, row in enumerate(values(cells_of(book, sheet, block.area)))
        for c, value in enumerate(row)
        if not isinstance(block.new[r][c], Formula)
        and not same(plain(value), block.new[r][c], ROUNDED)
    ]
