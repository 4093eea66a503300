from __future__ import annotations

import pytest

from kqi_workbook.scorecard.model import RAG, Trend, parse_rag, parse_trend

RED, AMBER, GREEN = RAG.RED, RAG.AMBER, RAG.GREEN
IMPROVING, STEADY, WORSENING = Trend.IMPROVING, Trend.STEADY, Trend.WORSENING
NOT_COMPARABLE = Trend.NOT_COMPARABLE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Improving", IMPROVING),
        (" worsening ", WORSENING),
        ("STEADY", STEADY),
        ("Not comparable", NOT_COMPARABLE),
        ("^", IMPROVING),
        (">", STEADY),
        ("v", WORSENING),
        ("V", WORSENING),
        ("↑", IMPROVING),
        ("▲", IMPROVING),
        ("⬆️", IMPROVING),
        ("→", STEADY),
        ("►", STEADY),
        ("➡", STEADY),
        ("↓", WORSENING),
        ("▼", WORSENING),
        ("1", IMPROVING),
        ("0", STEADY),
        ("-1", WORSENING),
        ("", None),
        ("-", None),
        ("better", None),
        ("^^", None),
    ],
)
def test_a_trend_is_read_from_words_arrows_and_numbers(text: str, expected: Trend | None) -> None:
    assert parse_trend(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amber", (AMBER, None)),
        ("GREEN", (GREEN, None)),
        (" r ", (RED, None)),
        ("A >", (AMBER, STEADY)),
        ("A ^", (AMBER, IMPROVING)),
        ("A v", (AMBER, WORSENING)),
        ("G↑", (GREEN, IMPROVING)),
        ("Red, worsening", (RED, WORSENING)),
        ("A\nAmber", (AMBER, None)),  # as the Scorecard shows it
        ("A\nAmber >", (AMBER, STEADY)),
        ("A\nGreen", None),
        ("", None),
        ("Not rated", None),
        ("A >>", None),
        ("A better", None),
        ("A Not comparable", None),
        ("A1", None),
        ("A -1", None),
        ("Greenish", None),
        ("^ A", None),
    ],
)
def test_a_rag_status_is_read_with_or_without_its_trend(
    text: str, expected: tuple[RAG, Trend | None] | None
) -> None:
    assert parse_rag(text) == expected
