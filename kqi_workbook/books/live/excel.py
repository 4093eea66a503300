"""Excel itself: finding the open workbook, waiting while Excel is busy, and working unseen."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

from kqi_workbook.books.cells import ERRORS
from kqi_workbook.books.live.cells import FIRST_ERROR
from kqi_workbook.errors import CannotPatch, InUse, KQIWorkbookError
from kqi_workbook.scorecard.nearest import nearest

if TYPE_CHECKING:
    import xlwings

T = TypeVar("T")
_LOG = logging.getLogger(__name__)

# What Excel answers while a cell is being edited or a dialog is open, as a signed 32-bit number.
CALL_REJECTED = -2_147_418_111
RETRY_LATER = -2_147_417_846
NOT_NOW = -2_146_777_998
BUSY = {CALL_REJECTED, RETRY_LATER, NOT_NOW}

USUAL_SIZE = 11.0  # points, of a cell whose letters have several sizes
PAUSE = 0.2  # seconds between two tries while Excel is busy
TRIES_OF_XLWINGS = 20  # at once, within one of ours; its own default is to try for ever


class ExcelNotReady(KQIWorkbookError):
    """Excel, xlwings or the open workbook is not there."""

    exit_code = 3  # by which Refresh KQIs.cmd knows that the file is the thing to refresh


class ExcelBusy(InUse):
    """Excel takes no calls: a cell is being edited, or a dialog is open."""


class SheetsProtected(CannotPatch):
    """Sheets that are to be written are protected."""


def open_book(file: str | None) -> xlwings.Book:
    """The open workbook of that name, from that folder if it has one; without a name, the active.

    Raises:
        ExcelNotReady: xlwings or Excel is missing, or no such workbook is open.
        ExcelBusy: Excel takes no calls.
    """
    xw = _xlwings()
    name = os.path.basename(file) if file else None
    namesakes, found = patiently(lambda: _find(xw, name))
    other = ""
    for book in namesakes:
        other = _other_place(book, file) if file else ""
        if not other:
            return book
    if other:
        raise ExcelNotReady(
            f"'{file}' is not open in Excel, but another workbook of that name: {other}. Close "
            "that one, open yours and try again."
        )
    if not found:
        raise ExcelNotReady(
            "No workbook is open in Excel. Open it and try again, or refresh the closed file: "
            "kqi refresh FILE."
        )
    near = nearest(name or "", found)
    raise ExcelNotReady(
        f"'{name}' is not open in Excel; open are: {', '.join(found)}."
        + (f" Did you mean '{near}'?" if near else "")
        + " Open it and try again."
    )


def calling_book() -> xlwings.Book:
    """The workbook whose button or macro started this Python, as xlwings reads it from sys.argv.

    Raises:
        ExcelNotReady: xlwings is missing, or Python was not started by a workbook.
        ExcelBusy: Excel takes no calls.
    """
    xw = _xlwings()
    try:
        book: xlwings.Book = patiently(xw.Book.caller)
        return book
    except KQIWorkbookError:
        raise
    except Exception as error:  # xlwings raises bare Exceptions here, and AttributeErrors on a Mac
        raise ExcelNotReady(
            "Python was not started by an open workbook. Press Refresh KQIs in the workbook, "
            f"or refresh the closed file: kqi refresh FILE. (xlwings says: {error})"
        ) from error


def patiently(action: Callable[[], T], patience: float = 5) -> T:
    """Do it, trying again for `patience` seconds while Excel is busy.

    Raises:
        ExcelBusy: Excel stays busy.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            with _xlwings_gives_up():
                return action()
        except Exception as error:
            if not _is_busy(error):
                raise
            if time.monotonic() >= give_up:
                raise ExcelBusy(
                    "Excel takes no changes at the moment: a cell is being edited, or a dialog "
                    "is open. Press Enter or Esc in Excel, close the dialog, and refresh again."
                ) from error
        time.sleep(PAUSE)


@contextmanager
def unseen(app: xlwings.App, message: str) -> Iterator[Callable[[str], None]]:
    """Work while the screen stands still, events sleep and nobody can type; then all is as before.

    Gives a function that changes the message in the status bar.
    """
    before: dict[str, Any] = {}
    wanted = {
        "screen_updating": False,
        "display_alerts": False,
        "enable_events": False,
        "calculation": "manual",
        "interactive": False,
        "status_bar": message,
    }
    try:
        for setting, value in wanted.items():
            _change(app, setting, value, before)
        yield lambda text: _change(app, "status_bar", text, {})
    finally:
        for setting, value in reversed(before.items()):
            _put_back(app, setting, value)


def protected(sheets: Sequence[xlwings.Sheet]) -> list[str]:
    """The names of those sheets that refuse changes. On a Mac it cannot be told beforehand."""
    return [sheet.name for sheet in sheets if _is_protected(sheet.api)]


def is_read_only(book: xlwings.Book) -> bool:
    """Whether the workbook cannot be saved where it is, as somebody else has it open."""
    api = book.api
    found = getattr(api, "ReadOnly", None)
    if found is None and hasattr(api, "read_only"):  # a Mac
        found = api.read_only.get()
    return found is True


def values(cells: xlwings.Range) -> list[list[Any]]:
    """What the cells hold, row by row, in one call; an error is its number, and never a text."""
    if sys.platform != "darwin":
        return as_grid(cells.raw_value, cells.shape)
    # A Mac shows no error among the values (and xlwings 0.37 fails to look for them in several
    # rows), but the texts tell.
    numbers = {code: FIRST_ERROR + number for number, code in ERRORS.items()}
    texts = as_grid(cells.api.string_value.get(), cells.shape)
    return [
        [numbers.get(text) if value is None else value for value, text in row]
        for row in map(zip, cells.options(ndim=2).value, texts)
    ]


def room(cell: xlwings.Range) -> tuple[float, float]:
    """How wide a cell's lines are, without end where they do not wrap, and its letters' size; both
    in points."""
    return cell.width if cell.wrap_text else inf, cell.font.size or USUAL_SIZE


def formulas(cells: xlwings.Range) -> list[list[Any]]:
    """The cells' formulas, or their constants as text, row by row, in one call."""
    return as_grid(cells.formula, cells.shape)


def as_grid(found: Any, shape: tuple[int, int]) -> list[list[Any]]:
    """What Excel hands over for cells of that shape as rows, even when it is a single cell."""
    if not isinstance(found, (list, tuple)):
        return [[found]]
    if shape[0] == 1 and not isinstance(found[0], (list, tuple)):
        return [list(found)]
    if not isinstance(found[0], (list, tuple)):
        return [[value] for value in found]
    return [list(row) for row in found]


def _is_protected(sheet: Any) -> bool:
    locked = getattr(sheet, "ProtectContents", False)
    return locked is True and getattr(sheet, "ProtectionMode", False) is not True


def _xlwings() -> Any:
    until_then = "Until then, close the workbook and refresh the file: kqi refresh FILE."
    if sys.version_info < (3, 11):  # for which pip finds an xlwings that is too old
        raise ExcelNotReady(
            f"A refresh inside Excel needs Python 3.11 or newer. Ask IT for it. {until_then}"
        )
    try:
        import xlwings
    except ImportError as error:
        raise ExcelNotReady(
            "The package xlwings is missing, and a refresh inside Excel needs it. "
            f"Ask IT to run: python -m pip install xlwings. {until_then}"
        ) from error
    return xlwings


def _find(xw: Any, name: str | None) -> tuple[list[xlwings.Book], list[str]]:
    """The open workbooks of a name, one an Excel that runs, and the names of all; the active one
    where no name is given."""
    apps = list(xw.apps) if xw.engines.active is not None else []
    if name is None:
        return [app.books.active for app in apps if len(app.books)], []
    books = [(book.name, book) for app in apps for book in app.books]
    namesakes = [book for called, book in books if called.casefold() == name.casefold()]
    return namesakes, list(dict.fromkeys(called for called, _ in books))


def _other_place(book: xlwings.Book, file: str) -> str:
    """Where the open workbook lies if it is not this file, '' if it is or if that cannot be told:
    what Excel has open from OneDrive or SharePoint has an address that no disk knows."""
    try:
        place = patiently(lambda: book.fullname)
        return "" if os.path.samefile(place, file) else place
    except ExcelBusy:
        raise
    except Exception:  # xlwings has many for an address that it cannot translate
        return ""


def _is_busy(error: Exception) -> bool:
    codes = {getattr(error, "hresult", None)}
    if len(error.args) > 2 and isinstance(error.args[2], tuple):
        codes.add(error.args[2][-1])
    return bool(codes & BUSY) or type(error).__name__ == "ExcelBusyError"


@contextmanager
def _xlwings_gives_up() -> Iterator[None]:
    """On Windows, xlwings tries a refused call again and again, for ever and without a pause."""
    windows: Any = sys.modules.get("xlwings._xlwindows")
    if windows is None:
        yield
        return
    before = windows.N_COM_ATTEMPTS
    windows.N_COM_ATTEMPTS = TRIES_OF_XLWINGS
    try:
        yield
    finally:
        windows.N_COM_ATTEMPTS = before


def _change(app: xlwings.App, setting: str, value: Any, before: dict[str, Any]) -> None:
    try:
        old = patiently(lambda: getattr(app, setting))
        before[setting] = old
        if old != value:
            patiently(lambda: setattr(app, setting, value))
    except ExcelBusy:
        raise
    except Exception:  # not every Excel has every setting: a Mac has no `interactive`
        before.pop(setting, None)


def _put_back(app: xlwings.App, setting: str, value: Any) -> None:
    try:
        patiently(lambda: setattr(app, setting, value), patience=30)
    except Exception as error:  # the others must be put back all the same
        _LOG.warning("Excel's %s could not be set back to %s: %s", setting, value, error)
