"""Cells read as elements: slow, but whatever the markup. One row is in memory at a time."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Callable, Iterator

from lxml import etree

from kqi_workbook.books.cells import CellError, Value
from kqi_workbook.books.ooxml import markup
from kqi_workbook.books.ooxml.addresses import LAST_ROW, parse_cell
from kqi_workbook.books.ooxml.sheet_cells import NUMBER, OTHER, SHARED, TRUTH, Found
from kqi_workbook.books.ooxml.text import unescape_text
from kqi_workbook.books.ooxml.values import truth
from kqi_workbook.errors import CannotPatch, NotAWorkbook

NOT_CALCULATED = CellError("a formula without a result")
_MOST_STYLES = 1 << 16  # Excel allows 65,490; what lies beyond is none


def rich_text(element: markup.Element) -> str:
    """The text of a shared or inline string: all its runs, without phonetic guides."""
    texts = [
        text.text or ""
        for run in element
        for text in ([run] if markup.local_name(run) == "t" else markup.children(run, "t"))
        if markup.local_name(run) in ("t", "r")
    ]
    return unescape_text("".join(texts))


def parse_cells(fragment: bytes) -> markup.Element:
    """Parse a piece of a sheet that is well-formed by itself."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,  # one within a value would cut it in two
        remove_pis=True,
    )
    return etree.fromstring(fragment, parser)


def scan_tree(part: bytes, what: str, found: Found) -> None:
    """Find the cells of a part however it is written; it must be well-formed."""
    try:
        for row, element in _rows_of_tree(part, what):
            column = 0
            for cell in markup.children(element, "c"):
                address = cell.get("r")
                column = parse_cell(address)[1] if address else column + 1
                add_cell(cell, row, column, found)
    except (etree.XMLSyntaxError, ValueError, CannotPatch) as error:
        raise NotAWorkbook(f"{what} is damaged ({error}). Open it in Excel and save it.") from error


def _rows_of_tree(part: bytes, what: str) -> Iterator[tuple[int, markup.Element]]:
    """The rows of a part, one at a time: each is gone when the next one comes."""
    events = etree.iterparse(
        io.BytesIO(part),
        tag="{*}row",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    row = 0
    for _, element in events:
        if not row and element.getroottree().docinfo.doctype:
            raise NotAWorkbook(f"{what} has a DOCTYPE, which no workbook needs; it is not read.")
        row = int(element.get("r") or row + 1)
        if not 1 <= row <= LAST_ROW:
            raise ValueError(f"a row {row}")
        yield row, element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def add_cell(cell: markup.Element, row: int, column: int, found: Found) -> None:
    """Add one cell as its elements describe it (ECMA-376 part 1, 18.3.1.4)."""
    kind = cell.get("t", "n")
    style = min(int(cell.get("s") or 0), _MOST_STYLES)
    value = markup.child(cell, "v")
    text = (value.text or "") if value is not None else ""
    inline = markup.child(cell, "is")
    if kind == "inlineStr":
        found.add(row, column, style, OTHER, rich_text(inline) if inline is not None else None)
    elif kind == "str":
        found.add(row, column, style, OTHER, unescape_text(text))
    elif not text.strip():
        uncalculated = markup.child(cell, "f") is not None
        found.add(row, column, style, OTHER, NOT_CALCULATED if uncalculated else None)
    elif kind == "e":
        found.add(row, column, style, OTHER, CellError(text))
    else:
        kept, read = _READ.get(kind, (OTHER, str))
        found.add(row, column, style, kept, read(text))


def _date(text: str) -> Value:
    try:
        return dt.datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return text


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number) or "_" in text:
        raise ValueError(f"{text} is not a number")
    return number


_READ: dict[str, tuple[int, Callable[[str], Value]]] = {
    "n": (NUMBER, _number),
    "s": (SHARED, int),
    "b": (TRUTH, truth),
    "d": (OTHER, _date),
}
