"""Judgements beside what the measures propose."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean, codes, line, name
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER


@pytest.mark.parametrize(
    ("rag", "trend", "found"),
    [
        ("Red", None, ["judged-otherwise"]),
        ("Green", "Improving", ["judged-otherwise"] * 2),
        ("Amber", "Worsening", ["judged-otherwise"]),
        ("Amber", None, []),
        ("Amber", "Steady", []),
    ],
)
def test_a_judgement_that_differs_from_the_proposal_is_noted(
    rag: str, trend: str | None, found: list[str]
) -> None:
    assert codes(refresh(judged(clean(), RAG=rag, Trend=trend))) == found


def test_where_the_measures_propose_nothing_a_judgement_contradicts_nothing() -> None:
    book = judged(clean(), RAG="Red", Trend="Worsening")
    last = [row for row in book.lines["PurpleBook"] if row["Measure"] != name("3")]
    book.lines["PurpleBook"] = last
    assert "judged-otherwise" not in codes(refresh(book))


@pytest.mark.parametrize("quarter", [QUARTER.previous, QUARTER.next])
def test_another_quarters_judgement_is_not_looked_at(quarter: object) -> None:
    assert codes(refresh(judged(clean(), RAG="Red", Quarter=str(quarter)))) == []


def judged(book: MemoryBook, **columns: Value) -> MemoryBook:
    row = line("3", Reason="Two audits.", By="A Director", Date=dt.date(2014, 4, 9))
    add(book, "Judgements", row | columns, "KQI")
    return book


def test_of_two_judgements_on_a_kqi_the_first_counts() -> None:
    book = judged(judged(clean(), RAG="Amber"), RAG="Red")
    done = refresh(book)
    assert codes(done) == ["repeated-row"]
    assert done.scorecard.rows[2].rag.value == "Amber"
