"""Small workbooks for tests: made by XlsxWriter, then changed as other programs would have."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from kqi_workbook.books.book import Update
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.ooxml.package import Package

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def make(fill: Callable[[Any, Any], object] | None = None, **options: Any) -> bytes:
    """A workbook of one sheet, Data, filled by ``fill(workbook, sheet)``."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    sheet = book.add_worksheet("Data")
    if fill:
        fill(book, sheet)
    book.close()
    return target.getvalue()


def opened(path: Path) -> Package:
    """A workbook file."""
    return Package.of_bytes(path.read_bytes(), path.name)


def with_parts(data: bytes, parts: Mapping[str, bytes | str | None]) -> bytes:
    """The workbook with some members replaced, added, or (None) left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for member in old.infolist():
            content = parts.get(member.filename, old.read(member))
            if content is not None:
                new.writestr(member, content)
        for name in set(parts) - set(old.namelist()):
            if (content := parts[name]) is not None:
                new.writestr(zipfile.ZipInfo(name, (2014, 3, 31, 12, 0, 0)), content, 8)
    return target.getvalue()


def edited(data: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The workbook with text of one part replaced; each text must be there."""
    content = part_of(data, part)
    for old, new in changes:
        assert old in content, f"{old!r} is not in {content!r}"
        content = content.replace(old, new)
    return with_parts(data, {part: content})


def part_of(data: bytes, part: str = SHEET) -> str:
    """A part's text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part).decode()


def of_rows(rows: str, *, before: str = "", after: str = "", prefix: str = "") -> bytes:
    """A workbook whose one sheet has these rows, as XML, with something before or after them."""
    p = f"{prefix}:" if prefix else ""
    namespace = f"xmlns:{prefix}" if prefix else "xmlns"
    sheet = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<{p}worksheet {namespace}="{MAIN}">{before}'
        f"<{p}sheetData>{rows}</{p}sheetData>{after}</{p}worksheet>"
    )
    return with_parts(make(), {SHEET: sheet})


def saved(package: Package) -> bytes:
    """What the package writes."""
    target = io.BytesIO()
    package.write(target)
    return target.getvalue()


def again(package: Package) -> Package:
    """The package written and opened anew."""
    return Package.of_bytes(saved(package), package.name)


def written(package: Package, *updates: Update) -> Package:
    """The package as a book of it is once it has carried out these updates."""
    book = FileBook(saved(package), package.name)
    book.write(updates)
    return Package.of_bytes(book.content(), package.name)


def by_openpyxl(data: bytes, sheet: str = "Data") -> Any:
    """The sheet as another library reads it."""
    return openpyxl.load_workbook(io.BytesIO(data))[sheet]
