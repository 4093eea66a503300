"""The workbook open in Excel, refreshed from the command line, the button or the add-in."""

from __future__ import annotations

import logging
import os
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from kqi_workbook.books.live.book import LiveBook
from kqi_workbook.books.share import here
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.refresh_log import write_log
from kqi_workbook.refreshing import Refreshed, refresh
from kqi_workbook.scorecard.quarters import Quarter

MESSAGE, LOG = "message.txt", "refresh.log"


def refresh_live(
    name: str | None = None, quarter: Quarter | str | None = None, *, dry_run: bool = False
) -> Refreshed:
    """Refresh a workbook that is open in Excel, by default the one in front; saving is left to you.

    ``name`` is the file's name. With its folder it is that file, and no other of the same name.
    Raises KQIWorkbookError, with what to do, when Excel or the workbook is not to be had. The
    workbook is then as it was, unless the message says that only the Refresh log is.
    """
    return _refresh(LiveBook.attach(name), quarter, "kqi refresh --live", dry_run=dry_run)


def refresh_caller() -> Refreshed:
    """Refresh the workbook that called, for xlwings' add-in:
    ``RunPython "import kqi_workbook; kqi_workbook.refresh_caller()"``.
    """
    return _refresh(LiveBook.caller(), None, "xlwings add-in")


def refresh_from_button() -> int:
    """The button's refresh: returns the exit code, and leaves word in the user's own folder.

    There is no window to print to, so what happened goes to ``refresh.log``, and what the person
    should read to ``message.txt``, which the button shows (see macros/README.md).
    """
    folder = own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    log = _log(folder / LOG)
    try:
        done = _refresh(LiveBook.caller(), None, "Refresh KQIs button")
    except KQIWorkbookError as error:
        log.error("%s", error)
        message = str(error)
    except Exception as error:
        log.exception("a refresh failed")
        message = f"The refresh failed: {error or type(error).__name__}. Please report this."
    else:
        log.info(
            "refreshed for %s: %s", done.scorecard.quarter, "; ".join(done.changes) or "as it was"
        )
        return 0
    (folder / MESSAGE).write_text(message, encoding="utf-16")
    return KQIWorkbookError.exit_code


def own_folder() -> Path:
    """A folder that only this user can write to, where the button starts Python."""
    local = os.environ.get("LOCALAPPDATA")
    return Path(local) / "kqi_workbook" if local else Path.home() / ".kqi_workbook"


def _refresh(
    book: LiveBook, quarter: Quarter | str | None, door: str, *, dry_run: bool = False
) -> Refreshed:
    at = here()
    started = time.monotonic()
    wanted = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    done = refresh(book, wanted, dry_run=dry_run, today=at.now().date())
    if done.written and done.written.changed:
        try:
            write_log(book, done, at, door, time.monotonic() - started)
        except KQIWorkbookError as error:
            raise KQIWorkbookError(
                f"The scorecard was refreshed, but the Refresh log could not be told of it. {error}"
            ) from error
    return done


def _log(path: Path) -> logging.Logger:
    log = logging.getLogger("kqi_workbook.button")
    log.setLevel(logging.INFO)
    handler = RotatingFileHandler(path, maxBytes=200_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.handlers[:] = [handler]
    return log
