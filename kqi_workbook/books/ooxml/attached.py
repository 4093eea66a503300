"""What belongs to cells beside their content, formats, links and notes: it goes where they go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.ooxml.markup import Element, child, children, descendants
from kqi_workbook.errors import KQIWorkbookError

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.sheet import Sheet

Place: TypeAlias = tuple[int, int]
"""A cell's row and column."""

_EDGES = 8
"""Left, top, right and bottom of a box: each a column or row and how far into it."""


def move_attached(sheet: Sheet, moves: Mapping[Place, Place]) -> None:
    """Have the links and notes on some cells lie on others; no two cells go to the same one.

    What lies on a cell that another one takes, and does not go itself, takes a place left free.
    """
    moves = _with_those_displaced(moves)
    _move_references(children(child(sheet.frame, "hyperlinks"), "hyperlink"), moves)
    notes = comments_on(sheet)
    boxes = _boxes(sheet, notes, moves)
    if boxes is None:
        return
    _move_references([*notes, *threads_on(sheet)], moves)
    for box, place in boxes:
        _move_box(box, moves[place][0] - place[0])


def copy_links(sheet: Sheet, copies: Mapping[Place, Place]) -> None:
    """Have the links on some cells lie on others too."""
    names = {cell_name(*of): cell_name(*place) for of, place in copies.items()}
    for link in children(child(sheet.frame, "hyperlinks"), "hyperlink"):
        if ref := names.get(link.get("ref", "")):
            twin = deepcopy(link)
            twin.set("ref", ref)
            etree.strip_attributes(twin, "{*}uid")
            link.addnext(twin)


def formats_after(sheet: Sheet, moves: Mapping[Place, Place], body: Area) -> dict[Place, int]:
    """The formats of the cells of a table's body, as it was, once these have moved.

    A cell that nothing comes to gets that of the one that went; in the place of a row that has
    come in, the one that most of its column has.
    """
    return {
        after: sheet.style_at(*before)
        if body.holds(*before)
        else _usual_format(sheet, replace(body, left=before[1], right=before[1]))
        for before, after in _with_those_displaced(moves).items()
    }


def _usual_format(sheet: Sheet, column: Area) -> int:
    rows = range(column.top, column.bottom + 1)
    styles = Counter(sheet.style_at(row, column.left) for row in rows)
    style, times = styles.most_common(1)[0]
    no_row = 0  # a cell there looks as its column does
    return style if 2 * times > len(rows) else sheet.style_at(no_row, column.left)


def _with_those_displaced(moves: Mapping[Place, Place]) -> dict[Place, Place]:
    taken = set(moves.values())
    displaced, free = (
        sorted(places, key=lambda place: (place[1], place[0]))
        for places in (taken - moves.keys(), moves.keys() - taken)
    )
    every = {**moves, **dict(zip(displaced, free, strict=True))}
    return {before: after for before, after in every.items() if before != after}


def _move_references(elements: list[Element], moves: Mapping[Place, Place]) -> None:
    names = {cell_name(*before): cell_name(*after) for before, after in moves.items()}
    for element in elements:
        if (ref := element.get("ref", "")) in names:
            element.set("ref", names[ref])


def comments_on(sheet: Sheet) -> list[Element]:
    """The notes on a sheet's cells; of a thread, the note that older programs show."""
    return _notes(sheet, "comments", "comment")


def threads_on(sheet: Sheet) -> list[Element]:
    """The threaded comments on a sheet's cells."""
    return _notes(sheet, "threadedComment", "threadedComment")


def _notes(sheet: Sheet, kind: str, name: str) -> list[Element]:
    package = sheet.package
    parts = package.related(sheet.part, kind)
    return [note for part in parts for note in descendants(package.root(part), name)]


def _boxes(
    sheet: Sheet, notes: list[Element], moves: Mapping[Place, Place]
) -> list[tuple[Element, Place]] | None:
    """The drawn boxes of the notes that go, with their cells; None if they do not agree."""
    names = {cell_name(*place) for place in moves}
    going = sorted(ref for note in notes if (ref := note.get("ref", "")) in names)
    drawings = sheet.package.related(sheet.part, "vmlDrawing") if going else []
    try:
        boxes = [
            (data, place)
            for drawing in drawings
            for data in descendants(sheet.package.root(drawing), "ClientData")
            if data.get("ObjectType") == "Note" and (place := _place_of(data)) in moves
        ]
    except (KQIWorkbookError, ValueError):
        return None  # such drawings are not always well-formed XML
    agree = not drawings or sorted(cell_name(*place) for _, place in boxes) == going
    return boxes if agree else None


def _place_of(box: Element) -> Place:
    row, column = (_number(child(box, name)) for name in ("Row", "Column"))
    return row + 1, column + 1


def _number(element: Element | None) -> int:
    return int(element.text or "") if element is not None else -1


def _move_box(box: Element, rows: int) -> None:
    """Move a note's box: its cell, counted from 0, and the rows that it is drawn over."""
    if (row := child(box, "Row")) is not None:
        row.text = str(_number(row) + rows)
    anchor = child(box, "Anchor")
    edges = "" if anchor is None else anchor.text or ""
    numbers = edges.split(",")
    if anchor is not None and len(numbers) == _EDGES:
        for top_or_bottom in (2, 6):
            numbers[top_or_bottom] = f" {max(int(numbers[top_or_bottom]) + rows, 0)}"
        anchor.text = ",".join(numbers)
