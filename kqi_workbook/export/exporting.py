"""From a workbook to files for the board: the page as HTML, the Scorecard sheet as PDF and PNG."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kqi_workbook import layout
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.share import look
from kqi_workbook.books.share.place import temporary_name
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.export.office import sheet_as_pdf
from kqi_workbook.export.page import page
from kqi_workbook.export.pictures import pdf_as_pngs
from kqi_workbook.files import refresh
from kqi_workbook.scorecard.nearest import nearest
from kqi_workbook.scorecard.quarters import Quarter

Kind = Literal["html", "pdf", "png"]
HTML: tuple[Kind, ...] = ("html",)


@dataclass(frozen=True)
class Exported:
    """The files that were made, and whether the sheet in them shows what a refresh would show."""

    files: tuple[Path, ...]
    up_to_date: bool = True


def export_workbook(
    path: str | os.PathLike[str],
    kinds: Collection[Kind] = HTML,
    folder: str | os.PathLike[str] | None = None,
    quarter: Quarter | str | None = None,
    sheet: str | None = None,
) -> Exported:
    """Make the board's page of a workbook, named after it, in a folder (by default its own).

    ``html`` is worked out from the data tabs, for ``quarter`` or else the one in Settings. ``pdf``
    and ``png`` print a sheet as it stands, by default the Scorecard; more pages than one make more
    pictures. Files of the same name are replaced. The workbook itself is only read.

    Raises KQIWorkbookError, with the message to show, when something cannot be made.
    """
    seen = look(path)
    workbook = Path(seen.path)
    book = FileBook(seen.content, workbook.name)
    printed = "pdf" in kinds or "png" in kinds
    if sheet and not printed:
        raise KQIWorkbookError(
            f"The page is of the whole scorecard. To print the sheet '{sheet}', add --pdf or --png."
        )
    refreshed = refresh(book, quarter, dry_run=not printed)  # in memory alone: never saved
    contents: dict[str, bytes] = {}
    if "html" in kinds:
        html = page(refreshed.scorecard, refreshed.findings, workbook.name)
        contents[f"{workbook.stem}.html"] = html.encode(errors="replace")  # half an emoji
    if printed:
        title = _sheet(book, sheet) if sheet else book.tables[layout.SCORECARD.name]
        name = f"{workbook.stem}, {title}" if sheet else workbook.stem
        pdf = sheet_as_pdf(seen.content, workbook.name, title)
        if "pdf" in kinds:
            contents[f"{name}.pdf"] = pdf
        if "png" in kinds:
            pictures = pdf_as_pngs(pdf)
            contents |= zip(_numbered(name, len(pictures)), pictures, strict=True)
    target = workbook.parent if folder is None else Path(folder)
    files = tuple(_save(target / name, content) for name, content in contents.items())
    return Exported(files, up_to_date=not (printed and book.changed))


def _sheet(book: FileBook, wanted: str) -> str:
    """The sheet of that name as it is written in the workbook."""
    names = {name.casefold(): name for name in book.sheets}
    if wanted.casefold() in names:
        return names[wanted.casefold()]
    near = nearest(wanted, book.sheets)
    meant = f"Did you mean '{near}'?" if near else f"It has: {', '.join(book.sheets)}."
    raise KQIWorkbookError(f"{book.name} has no sheet '{wanted}'. {meant}")


def _numbered(name: str, count: int) -> Iterator[str]:
    """``name.png``; of several pages ``name-1.png``, ``name-2.png``."""
    yield from (f"{name}{f'-{i + 1}' if count > 1 else ''}.png" for i in range(count))


def _save(target: Path, content: bytes) -> Path:
    """Put the whole file there, or leave what is there as it was."""
    half = target.with_name(temporary_name(target.name, secrets.token_hex(4)))
    with told(f"write '{target}'", "Close it if it is open, or choose another folder with -o."):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            half.write_bytes(content)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
    return target
