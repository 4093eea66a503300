"""Formulas that cells share: one cell holds the text, those that follow it only its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kqi_workbook.books.ooxml.formulas import shift
from kqi_workbook.books.ooxml.rows import Cell, Row, Rows
from kqi_workbook.books.ooxml.text import from_markup, to_markup

FORMULA = re.compile(r"<(?:[\w.-]+:)?f(\s[^>]*)?(?:/>|>(.*?)</(?:[\w.-]+:)?f>)", re.DOTALL)
_ARRAY_REF = re.compile(r'(<(?:[\w.-]+:)?f\s[^>]*?\bref\s*=\s*")[^"]*(")')
_NUMBER = re.compile(r'\ssi\s*=\s*"(\d+)"')
_IS_SHARED = re.compile(r'\st\s*=\s*"shared"')


def formula_of(rows: Rows, cell: Cell) -> str | None:
    """A cell's formula without its ``=``, a shared one as it reads in this cell."""
    found = FORMULA.search(cell.inside)
    if found is None:
        return None
    if found[2]:
        return from_markup(found[2])
    number = _shared_number(found)
    if number is not None:
        for member, text in _group(rows, number):
            if member.address == cell.address:
                return text
    return None


def free_followers(rows: Rows, master: Cell) -> None:
    """Write out the formula of every cell that follows this one, which is about to lose it."""
    found = FORMULA.search(master.inside)
    number = _shared_number(found) if found else None
    if found is None or number is None or not found[2]:
        return
    for member, text in list(_group(rows, number)):
        if member.address != master.address:
            rows.row(member.row).put(with_formula(member, rows.prefix, text))


def with_formula(cell: Cell, prefix: str, text: str) -> Cell:
    """The cell with a formula of its own in place of the one that it has; its result stays."""
    found = FORMULA.search(cell.inside)
    if found is None or (not _is_shared(found) and from_markup(found[2] or "") == text):
        return cell
    kept = "" if _is_shared(found) else found[1] or ""
    formula = f"<{prefix}f{kept}>{to_markup(text)}</{prefix}f>"
    return cell._replace(inside=cell.inside[: found.start()] + formula + cell.inside[found.end() :])


def in_row(cell: Cell, row: int) -> Cell:
    """The cell in another row; an array formula is said to stand where it does."""
    moved = cell._replace(row=row)
    inside = _ARRAY_REF.sub(rf"\g<1>{moved.address}\2", moved.inside, count=1)
    return moved._replace(inside=inside)


def shared_numbers(rows: Iterable[Row]) -> set[str]:
    """The numbers of the shared formulas in some rows."""
    found = set()
    for row in rows:
        for cell in row.cells.values():
            formula = FORMULA.search(cell.inside)
            if formula and (number := _shared_number(formula)) is not None:
                found.add(number)
    return found


def unshare(rows: Rows, number: str) -> None:
    """Give every cell of a shared formula a formula of its own."""
    for member, text in list(_group(rows, number)):
        rows.row(member.row).put(with_formula(member, rows.prefix, text))


def _is_shared(formula: re.Match[str]) -> bool:
    return _IS_SHARED.search(formula[1] or "") is not None


def _group(rows: Rows, number: str) -> Iterator[tuple[Cell, str]]:
    """The cells that share a formula, each with the text as it reads there.

    Numbers may be given out twice: a follower belongs to the last text before it.
    """
    first, text = None, ""
    for row in rows.holding(re.compile(rf'\ssi\s*=\s*"{number}"'.encode())):
        for column in sorted(row.cells):
            cell = row.cells[column]
            found = FORMULA.search(cell.inside)
            if found is None or _shared_number(found) != number:
                continue
            if found[2]:
                first, text = cell, from_markup(found[2])
            if first is not None:
                yield cell, shift(text, cell.row - first.row, cell.column - first.column)


def _shared_number(formula: re.Match[str]) -> str | None:
    tag = formula[1] or ""
    number = _NUMBER.search(tag)
    return number[1] if number and _IS_SHARED.search(tag) else None
