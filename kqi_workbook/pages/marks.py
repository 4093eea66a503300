"""How a RAG status and a trend stand in a cell, and the colours that go with them."""

from __future__ import annotations

from collections.abc import Iterable

from kqi_workbook.books.book import Arrows, Fill
from kqi_workbook.scorecard.model import RAG, Trend
from kqi_workbook.scorecard.trend import number

RAG_FILLS = (Fill("G", "C6EFCE"), Fill("A", "FFEB9C"), Fill("R", "FFC7CE"))
"""Black on light fills; the cell's text begins with the letter, so colour is never alone."""

ARROWS = (Arrows(),)

BULLET = "•"


def rag_cell(rag: RAG, remark: str = "") -> str:
    """The letter with the word below it, and a remark such as ``judged`` below that."""
    return "\n".join(part for part in (rag.letter, rag.value, remark) if part)


def trend_cell(trend: Trend) -> int | str:
    """1, 0 or -1, which the cell's format shows as an arrow and a word; else the words."""
    arrow = number(trend)
    return trend.value if arrow is None else arrow


def number_or_text(kqi: str) -> int | str:
    """A KQI's number as a number where that reads the same, so that Excel sorts it as one."""
    return int(kqi) if kqi.isdecimal() and str(int(kqi)) == kqi else kqi


def bullets(lines: Iterable[str]) -> str | None:
    """One line a bullet; None where there is nothing to say."""
    return "\n".join(f"{BULLET} {line}" for line in lines) or None


def titled(council: str, title: str) -> str:
    """A sheet's title, after the council's name where Settings has it."""
    return ": ".join(filter(None, (council, title)))
