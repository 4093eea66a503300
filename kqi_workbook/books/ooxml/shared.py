"""Formulas that cells share: one cell holds the text, those that follow it only its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kqi_workbook.books.ooxml.formulas import shift
from kqi_workbook.books.ooxml.rows import Cell, Rows
from kqi_workbook.books.ooxml.text import from_markup, to_markup

FORMULA = re.compile(r"<(?:[\w.-]+:)?f(\s[^>]*)?(?:/>|>(.*?)</(?:[\w.-]+:)?f>)", re.DOTALL)
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
        own = FORMULA.search(member.inside)
        if member.address == master.address or own is None:
            continue
        formula = f"<{rows.prefix}f>{to_markup(text)}</{rows.prefix}f>"
        inside = member.inside[: own.start()] + formula + member.inside[own.end() :]
        rows.row(member.row).put(replace(member, inside=inside))


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
