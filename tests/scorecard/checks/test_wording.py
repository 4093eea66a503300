from __future__ import annotations

import pytest

from kqi_workbook.scorecard.checks.wording import alike, says_nothing, stems, words

TEN = "a b c d e f g h i j".replace(" ", "x ")  # ten words that mean nothing


def test_words_are_lower_case_and_without_punctuation() -> None:
    assert words("CP plans & visits: 1,234 (3.3%) aren’t 'late'.") == (
        ["cp", "plans", "and", "visits", "1,234", "3.3", "aren't", "late"]
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("visits", "visiting"),
        ("Visited", "VISIT"),
        ("assessments", "assessed"),
        ("audit", "audits"),
        ("supervision", "supervised"),
        ("adoption", "adopted"),
        ("recorded", "recording"),
        ("CPPs", "CP plans"),
        ("child's", "child"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other) != frozenset()


@pytest.mark.parametrize(
    "text", ["", "this quarter", "good or better on time", "up to 10%", "a & b"]
)
def test_words_that_say_nothing_of_the_subject_have_none(text: str) -> None:
    assert stems(text) == frozenset()


@pytest.mark.parametrize(
    "text",
    "|-|–|...|?|tbc|TBC.|(tba)|N/A|n.a.|NA|None|nil|To follow|No comment.|As above".split("|"),
)
def test_placeholders_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    "A|7|All|ATMs|No change.|See KQI 3|As for KQI 3|None is late.|Nil of 12|"
    "Report to follow in May|Head of service (tbc)|No comments were made.".split("|"),
)
def test_what_says_little_is_no_placeholder(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEN, TEN, True),
        (TEN, TEN.replace("cx", "zx"), True),  # one word in ten
        (TEN, TEN.replace("cx", "zx").replace("dx", "yx"), False),  # two
        (TEN, TEN.replace("cx ", ""), True),
        (TEN, TEN.replace("cx", "12"), False),
        (TEN, TEN.replace("cx", "not cx"), False),
        ("Plans, plans!", "plans PLANS", True),
        ("Plans", "Visits", False),
        ("", "", False),
        ("...", "!", False),
    ],
)
def test_texts_are_alike_when_at_most_one_word_in_ten_differs(
    one: str, other: str, same: bool
) -> None:
    assert alike(one, other) is alike(other, one) is same
