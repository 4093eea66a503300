from __future__ import annotations

import pytest

from kqi_workbook.scorecard.checks.checked import quote


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Visits  are\nlate.", "'Visits are late.'"),
        ("x" * 60, f"'{'x' * 60}'"),
        (f"{'word ' * 20}end", f"'{' '.join(['word'] * 11)} ...'"),
        ("x" * 61, f"'{'x' * 56} ...'"),
    ],
)
def test_a_long_text_is_quoted_up_to_a_whole_word(text: str, quoted: str) -> None:
    assert quote(text) == quoted
