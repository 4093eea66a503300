from __future__ import annotations

import pytest

from kqi_workbook.scorecard.model import RAG, GoodIs, Limits, Range
from kqi_workbook.scorecard.rag import Rated, propose, rate
from kqi_workbook.scorecard.words import shown
from tests.scorecard.some import HIGH, IN_RANGE, LOW, NOT_JUDGED, measure

RED, AMBER, GREEN, NOT_RATED = RAG.RED, RAG.AMBER, RAG.GREEN, RAG.NOT_RATED
NO_LIMITS = Limits(GoodIs.HIGH)
ONLY_GREEN = Limits(GoodIs.HIGH, green=Range(low=90))
ONLY_AMBER = Limits(GoodIs.HIGH, amber=Range(low=80))
WITH_A_GAP = Limits(GoodIs.HIGH, green=Range(90, 100), amber=Range(80, 89))
GAP_ABOVE = Limits(GoodIs.HIGH, green=Range(low=90), amber=Range(80, 89))
GAP_BELOW = Limits(GoodIs.LOW, green=Range(high=5), amber=Range(6, 10))
AMBER_INSIDE_GREEN = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(12, 13))
AMBER_ON_ONE_SIDE = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(15, 18))
INSIDE_OUT = Limits(GoodIs.IN_RANGE, green=Range(15, 10), amber=Range(8, 18))
AMBER_OPEN_BELOW = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(high=18))
AMBER_OPEN_ABOVE = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(low=8))
AMBER_INSIDE_OUT = Limits(GoodIs.IN_RANGE, green=Range(10, 15), amber=Range(18, 8))
ZERO_ONLY = Limits(GoodIs.LOW, green=Range(high=0), amber=Range(high=2))


@pytest.mark.parametrize(
    ("limits", "value", "expected"),
    [
        (HIGH, 90.0, GREEN),
        (HIGH, 100.0, GREEN),
        (HIGH, 89.9, AMBER),
        (HIGH, 80.0, AMBER),
        (HIGH, 79.9, RED),
        (HIGH, 0.0, RED),
        (LOW, 2.5, GREEN),
        (LOW, 0.0, GREEN),
        (LOW, 2.6, AMBER),
        (LOW, 5.0, AMBER),
        (LOW, 5.1, RED),
        (IN_RANGE, 10.0, GREEN),
        (IN_RANGE, 15.0, GREEN),
        (IN_RANGE, 9.9, AMBER),
        (IN_RANGE, 15.1, AMBER),
        (IN_RANGE, 8.0, AMBER),
        (IN_RANGE, 18.0, AMBER),
        (IN_RANGE, 7.9, RED),
        (IN_RANGE, 18.1, RED),
        (ZERO_ONLY, 0.0, GREEN),
        (ZERO_ONLY, 1.0, AMBER),
        (ZERO_ONLY, 3.0, RED),
    ],
)
def test_a_limit_belongs_to_the_better_colour(limits: Limits, value: float, expected: RAG) -> None:
    assert rate(value, limits) is expected


@pytest.mark.parametrize("limits", [HIGH, LOW, IN_RANGE, NOT_JUDGED, NO_LIMITS])
def test_no_value_is_not_rated(limits: Limits) -> None:
    assert rate(None, limits) is NOT_RATED


@pytest.mark.parametrize("limits", [NOT_JUDGED, NO_LIMITS, ONLY_AMBER, INSIDE_OUT])
@pytest.mark.parametrize("value", [0.0, 12.0, 85.0, 100.0])
def test_without_a_usable_good_benchmark_nothing_is_rated(limits: Limits, value: float) -> None:
    assert rate(value, limits) is NOT_RATED


def test_limits_of_a_measure_that_is_not_judged_are_ignored() -> None:
    limits = Limits(GoodIs.NOT_JUDGED, green=Range(low=90), amber=Range(low=80))
    assert rate(95.0, limits) is NOT_RATED


@pytest.mark.parametrize(
    ("limits", "value", "expected"),
    [
        (ONLY_GREEN, 90.0, GREEN),
        (ONLY_GREEN, 89.9, RED),
        (WITH_A_GAP, 89.5, AMBER),
        (WITH_A_GAP, 79.9, RED),
        (WITH_A_GAP, 100.1, RED),
        (GAP_ABOVE, 89.5, AMBER),
        (GAP_ABOVE, 79.9, RED),
        (GAP_BELOW, 5.5, AMBER),
        (GAP_BELOW, 10.1, RED),
        (AMBER_INSIDE_GREEN, 12.5, GREEN),
        (AMBER_INSIDE_GREEN, 9.9, RED),
        (AMBER_ON_ONE_SIDE, 15.0, GREEN),
        (AMBER_ON_ONE_SIDE, 17.0, AMBER),
        (AMBER_ON_ONE_SIDE, 9.9, RED),
        (AMBER_OPEN_BELOW, 0.0, AMBER),
        (AMBER_OPEN_BELOW, 18.1, RED),
        (AMBER_OPEN_ABOVE, 99.0, AMBER),
        (AMBER_OPEN_ABOVE, 7.9, RED),
        (AMBER_INSIDE_OUT, 12.0, GREEN),
        (AMBER_INSIDE_OUT, 16.0, RED),
    ],
)
def test_limits_that_are_oddly_set_still_have_an_answer(
    limits: Limits, value: float, expected: RAG
) -> None:
    assert rate(value, limits) is expected


def test_a_value_that_is_shown_as_the_limit_is_on_it() -> None:
    assert rate(shown(89.95, 1), HIGH) is GREEN
    assert rate(shown(89.94, 1), HIGH) is AMBER


# A KQI's proposal. G, A, R: a measure of that colour; "-": one without a value; "?": one without
# limits; "n": one that is not judged. A key measure is marked with a star.

LETTERS = {"G": 95.0, "A": 84.1, "R": 70.0, "-": None, "?": 95.0, "n": 153.0}
LIMITS = {"?": NO_LIMITS, "n": NOT_JUDGED}


def rated(letters: str) -> list[Rated]:
    return [
        Rated(
            measure(f"M{i}", key=mark.endswith("*"), limits=LIMITS.get(mark[0], HIGH)),
            LETTERS[mark[0]],
        )
        for i, mark in enumerate(letters.split(), 1)
    ]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        # fewer than half could be rated
        ("G - -", NOT_RATED),
        ("G -", GREEN),
        ("G G - - -", NOT_RATED),
        ("- -", NOT_RATED),
        ("R* - -", NOT_RATED),
        ("G ? ?", NOT_RATED),
        # not judged is left out of that count
        ("G n n n", GREEN),
        ("G - n n n", GREEN),
        ("n n", NOT_RATED),
        ("n* n", NOT_RATED),
        ("", NOT_RATED),
        # a key measure that is Red, or at least half
        ("R* G G G G G", RED),
        ("R G", RED),
        ("R R G A", RED),
        ("R R G G A", AMBER),
        ("R R G G -", RED),
        ("R", RED),
        # none Red, every key Green, at least half Green
        ("G", GREEN),
        ("G A", GREEN),
        ("G A A", AMBER),
        ("G* A", GREEN),
        ("G* G* A A", GREEN),
        ("G A* G G", AMBER),
        ("G G G -*", AMBER),
        ("G G G ?*", AMBER),
        ("G G n*", GREEN),
        # otherwise
        ("R G G", AMBER),
        ("R G* G", AMBER),
        ("A", AMBER),
        ("A A A A*", AMBER),
        ("G G G A A R", AMBER),
    ],
)
def test_a_kqi_is_proposed_by_its_measures(letters: str, expected: RAG) -> None:
    proposal = propose(rated(letters))
    assert proposal.rag is expected
    assert proposal.sentence.startswith(f"{expected.value}: ")
    assert proposal.sentence.endswith(".")


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ("G G", "Green: 2 of 2 measures Green."),
        ("G", "Green: 1 of 1 measure Green."),
        ("G G A", "Green: 2 of 3 measures Green, 1 Amber."),
        ("G n", "Green: 1 of 1 measure Green."),
        ("G G -", "Green: 2 of 2 measures Green; 2 of 3 measures could be rated."),
        (
            "R G A R*",
            "Red: 1 of 4 measures Green, 1 Amber, 2 Red "
            "(key measure M4 70.0%, GOOD is 90% or more; M1 70.0%, GOOD is 90% or more).",
        ),
        ("R", "Red: 0 of 1 measure Green, 1 Red (M1 70.0%, GOOD is 90% or more)."),
        (
            "G A* G A",
            "Amber: 2 of 4 measures Green, 2 Amber (key measure M2 84.1%, GOOD is 90% or more).",
        ),
        (
            "G A A",
            "Amber: 1 of 3 measures Green, 2 Amber "
            "(M2 84.1%, GOOD is 90% or more; M3 84.1%, GOOD is 90% or more).",
        ),
        (
            "G* A A",
            "Amber: 1 of 3 measures Green, 2 Amber "
            "(M2 84.1%, GOOD is 90% or more; M3 84.1%, GOOD is 90% or more).",
        ),
        (
            "G G -*",
            "Amber: 2 of 2 measures Green (key measure M3 has no value); "
            "2 of 3 measures could be rated.",
        ),
        (
            "G -* - ?",
            "Not rated: 1 of 4 measures could be rated "
            "(key measure M2 has no value; M3 has no value; M4 has no GOOD limits).",
        ),
        ("-* - n", "Not rated: 0 of 2 measures could be rated, as none has a value."),
        ("n n", "Not rated: its measures are shown and not judged."),
        ("", "Not rated: it has no measures."),
    ],
)
def test_one_sentence_says_why(letters: str, sentence: str) -> None:
    assert propose(rated(letters)).sentence == sentence


def test_the_sentence_names_the_red_measure_and_what_good_is() -> None:
    green, amber = measure("A"), measure("B", limits=Limits(GoodIs.HIGH, Range(95), Range(80)))
    visits = measure(limits=Limits(GoodIs.HIGH, green=Range(low=90), amber=Range(low=85)))
    six = [Rated(green, 92.0)] * 3 + [Rated(amber, 92.0)] * 2 + [Rated(visits, 84.1)]
    assert propose(six).sentence == (
        "Amber: 3 of 6 measures Green, 2 Amber, 1 Red "
        "(CP visits on time 84.1%, GOOD is 90% or more)."
    )
