"""A judgement as people type it: words, letters, arrows, or both in one cell as in ``A ^``."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.model import RAG, Trend
from tests.support.small_council import QUARTER, council


@pytest.mark.parametrize(
    ("rag", "trend", "judged"),
    [
        ("Red", "Worsening", (RAG.RED, Trend.WORSENING)),
        ("Red", "v", (RAG.RED, Trend.WORSENING)),
        ("R", "↓", (RAG.RED, Trend.WORSENING)),
        ("G", 1, (RAG.GREEN, Trend.IMPROVING)),
        ("G ^", None, (RAG.GREEN, Trend.IMPROVING)),
        ("A >", None, (RAG.AMBER, Trend.STEADY)),
        ("A >", "^", (RAG.AMBER, Trend.IMPROVING)),  # the Trend column goes first
        ("R", None, (RAG.RED, Trend.STEADY)),  # as the measures propose
    ],
)
def test_a_judgement_sets_the_rag_and_the_trend(
    rag: str, trend: Value, judged: tuple[RAG, Trend]
) -> None:
    row: dict[str, Value] = {"Quarter": QUARTER.label, "KQI": 1, "RAG": rag, "Trend": trend}
    row |= {"Reason": "Two audits.", "By": "A Director", "Date": dt.date(2014, 4, 9)}
    done = refresh(council(Judgements=[row]))
    first = done.scorecard.rows[0]
    assert (first.rag, first.trend) == judged
    assert (first.proposal.rag, first.proposed_trend) == (RAG.AMBER, Trend.STEADY)
    assert {finding.code for finding in done.findings} <= {"judged-otherwise"}
