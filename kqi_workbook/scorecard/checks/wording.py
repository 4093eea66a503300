"""What commentary is made of, for the checks: words, their stems, how alike two texts are, and
whether a text says anything at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

NEARLY_THE_SAME = 0.9
"""Share of the words, in order, that two texts have in common when one is a copy of the other:
at most one word in ten is another. Sentences on two measures that are worded alike ("Visits on
time are steady", "Reviews on time are steady") differ by more."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ions", "ing", "ion", "ed", "es", "s")
_SHORTEST_STEM = 4
_SPELT_OUT = {"cpp": ("cp", "plan"), "cpps": ("cp", "plan")}

# Words that say nothing about which measure or source is meant.
_EMPTY = frozenset(
    """
    a about above across after again all also an and any are area areas around as at audience be
    been before being below better both but by can could data date did do does due during each
    either ensure every few for from further generally get getting give given going good had has
    have holding how i if improve improved improvement improvements improving in into is it its
    just keep last less made make many more most much must need needed needs new no none not now
    number numbers of off on one only open or our out over own percent percentage positive
    quality quarter quarterly quarters routine seen shall should show showed showing shows since
    so some still such than that the their them then there these they this those though time
    timely timeliness to too under until up us very was we well were what when where which who
    will with within without work working would year yet month monthly months week weekly weeks
    you your
    """.split()
)

PLACEHOLDERS = frozenset(
    "tbc|tba|tbd|na|n a|none|nil|todo|to follow|to be confirmed|to be agreed|to be advised|"
    "to be added|to be decided|not applicable|no comment|no comments|as above".split("|")
)
"""What is typed so that a cell is not blank. *No change* and *See KQI 3* do say something."""

# A text that differs from another in one of these says something else, however like it is.
_TURNING = frozenset(
    """
    no not never none without up down more fewer less better worse higher lower above below
    improved improving improvement worsened worsening rose risen rising fell fallen falling
    increase increased increasing decrease decreased decreasing good poor positive negative
    met unmet one two three four five six seven eight nine ten eleven twelve all some most few
    """.split()
)


def words(text: str) -> list[str]:
    """A text's words and numbers in lower case, without punctuation."""
    return [word.replace("’", "'") for word in _WORD.findall(text.replace("&", " and ").casefold())]


def says_nothing(text: str) -> bool:
    """Whether a text is a placeholder (``tbc``, ``N/A``), or without a word (``-``), or blank."""
    said = " ".join(words(text))
    return not said or said in PLACEHOLDERS


def stems(text: str) -> frozenset[str]:
    """What a text is about: its telling words, without their endings."""
    found: set[str] = set()
    for word in words(text):
        for part in _SPELT_OUT.get(word, (word,)):
            if part not in _EMPTY and len(part) > 1 and not part[0].isdigit():
                found.add(stem(part))
    return frozenset(found)


def stem(word: str) -> str:
    """A word without its ending: visit for visits, visited and visiting."""
    word = word.removesuffix("'s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def alike(one: str, other: str) -> bool:
    """Whether two texts say the same in the same words, or nearly.

    Other figures, or a word that turns the sense, make another text of it: "visits rose to 84%"
    is no copy of "visits rose to 81%", nor "is up to date" of "is not up to date".
    """
    left, right = words(one), words(other)
    if left == right:
        return bool(left)
    shared = 2 * (Counter(left) & Counter(right)).total()  # in order there are no more than these
    if shared < NEARLY_THE_SAME * (len(left) + len(right)):
        return False
    from rapidfuzz.distance import Indel

    if Indel.normalized_similarity(left, right) < NEARLY_THE_SAME:
        return False
    return not any(map(_turns, _differing(left, right)))


def _differing(left: Iterable[str], right: Iterable[str]) -> list[str]:
    here, there = Counter(left), Counter(right)
    return [*(here - there), *(there - here)]


def _turns(word: str) -> bool:
    return word[0].isdigit() or word in _TURNING or word.endswith("n't")
