"""Workbook files, from opening to saving: the public functions that take a path."""

from __future__ import annotations

import datetime as dt
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from kqi_workbook.books.book import Book
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.share import OnWait, here, look, refreshing, save_new
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.refresh_log import write_log
from kqi_workbook.refreshing import Refreshed
from kqi_workbook.refreshing import refresh as refresh_book
from kqi_workbook.scorecard.quarters import Quarter

PathOrBook = str | os.PathLike[str] | Book


def refresh(
    path_or_book: PathOrBook,
    quarter: Quarter | str | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    dry_run: bool = False,
    wait: float = 0.0,
    on_wait: OnWait | None = None,
    door: str = "Python",
) -> Refreshed:
    """Fill a workbook's scorecard, apply its colours and arrows, and check it.

    ``path_or_book`` is a workbook file, or a book that is open already. ``quarter`` is by default
    the one in the Settings tab. With ``output`` the refreshed workbook becomes a new file there,
    and the one that was read stays as it is; a template (.xltx, .xltm) can only be refreshed so,
    and a digitally signed workbook, whose signature the new one has not, only be changed so.
    With ``dry_run`` nothing is saved, and what would stop a refresh before it saves still raises.
    Somebody who has the file open is waited for up to ``wait`` seconds. ``door`` is what the
    Refresh log says it came from.

    The file is replaced in one step, after a backup and a check; one that would not change is
    left untouched. Raises KQIWorkbookError, with the message to show, when it could not be done.
    """
    wanted = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    today = here().now().date()
    if not isinstance(path_or_book, str | os.PathLike):
        if output is not None:
            raise KQIWorkbookError(
                f"{path_or_book.name} is open: an output is made of a closed file."
            )
        return refresh_book(path_or_book, wanted, dry_run=dry_run, today=today)
    target = None if output is None else Path(output)
    if dry_run:
        return _rehearse(_read(path_or_book), target, wanted, today)
    if target is not None:
        return _refresh_into(_read(path_or_book), target, wanted, today, door)
    with refreshing(path_or_book, wait=wait, on_wait=on_wait) as turn, _no_garbage_collection():
        started = time.monotonic()
        book = FileBook(turn.content, turn.path.name)
        _settle(book, None)
        done = refresh_book(book, wanted, today=today)
        if book.changed:
            write_log(book, done, here(), door, time.monotonic() - started)
            turn.save(
                book.save,
                book.must_hold,
                keep_backups=done.settings.backups,
            )
    return replace(done, notes=turn.notes)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A refresh makes many objects and next to no garbage. In the midst of it Python would go
    through all of pandas for some, which takes longer than reading every table."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(path: str | os.PathLike[str]) -> FileBook:
    seen = look(path)
    return FileBook(seen.content, seen.path.name)


def _settle(book: FileBook, target: Path | None) -> None:
    """Make it the workbook that a target is to be; for none it must be the one that it is."""
    if target is not None:
        book.refuse_ending_of(target.name)
        book.make_workbook()
    elif book.is_template:
        raise KQIWorkbookError(
            f"'{book.name}' is a template, which a refresh leaves as it is. Say what to call "
            f"the workbook made from it: --output 'NAME{book.suffix}'."
        )


def _rehearse(
    book: FileBook, target: Path | None, quarter: Quarter | None, today: dt.date
) -> Refreshed:
    """Refresh in memory alone, and meet what a refresh of the file, or into the target, meets
    before it saves."""
    _settle(book, target)
    done = refresh_book(book, quarter, today=today)
    book.refuse_if_signed()
    return replace(done, written=None)


def _refresh_into(
    book: FileBook, target: Path, quarter: Quarter | None, today: dt.date, door: str
) -> Refreshed:
    started = time.monotonic()
    _settle(book, target)
    done = refresh_book(book, quarter, today=today)
    write_log(book, done, here(), door, time.monotonic() - started)
    save_new(target, book.content(), book.must_hold)
    return done


def check(path_or_book: PathOrBook, quarter: Quarter | str | None = None) -> Refreshed:
    """Say what stands in the way of sharing a scorecard, as a refresh would; write nothing.

    A workbook that could not be written to, as for merged cells, is checked all the same.
    """
    wanted = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    if isinstance(path_or_book, str | os.PathLike):
        path_or_book = _read(path_or_book)
    return refresh(path_or_book, wanted, dry_run=True)


def new_workbook(path: str | os.PathLike[str]) -> Path:
    """Make a new, empty KQI workbook from the template. An existing file is never overwritten."""
    return _copy("kqi_workbook.templates", f"KQI_template{_suffix(path)}", Path(path))


def example_workbook(folder: str | os.PathLike[str]) -> Path:
    """Put the example workbook into a folder, which is made if it is not there."""
    target = Path(folder)
    with told(f"make the folder {str(target)!r}", "Nothing was changed."):
        target.mkdir(parents=True, exist_ok=True)
    return _copy("kqi_workbook.examples", EXAMPLE, target / EXAMPLE)


EXAMPLE = "Q4 2013-14 scorecard.xlsx"


def _suffix(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise KQIWorkbookError(
            f"A KQI workbook ends in .xlsx, or in .xlsm if it is to have the Refresh KQIs button; "
            f"'{Path(path).name}' does not."
        )
    return suffix


def _copy(package: str, name: str, target: Path) -> Path:
    source = files(package).joinpath(name)
    if not source.is_file():
        raise KQIWorkbookError(f"This installation has no {name}. Install kqi_workbook again.")
    save_new(target, source.read_bytes())
    return target
