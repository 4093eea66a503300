"""The name that somebody meant, or probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from operator import ne

ALIKE = 0.8
"""Words with more in common are one word, mistyped, and so are words of one length with as much:
files and flies, but not male and female, case and care, internal and external."""

_NOT = re.compile(r"(?:not|non|no|un|dis|i[nmr])[\s-]*", re.IGNORECASE)
"""What before a word makes its opposite: inadequate, not started."""


def plain(name: str) -> str:
    """A name as names are compared: in any case, with any spaces."""
    return " ".join(name.split()).casefold()


def nearest(text: str, names: Iterable[str]) -> str:
    """The known name most like a text, ignoring case; '' when none is like it. A text's opposite is
    unlike it, however much the two have in common."""
    by_plain = {name.casefold(): name for name in names if not _are_opposites(text, name)}
    found = difflib.get_close_matches(text.casefold(), by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else ""


def slip_for(text: str, names: Iterable[str]) -> str:
    """The name that a text was probably meant to be, but for a letter or a space; '' when none.

    Held word against word: 'audt' is a slip for 'audit', and 'internal' is none for 'external'. A
    number is never one: 'Q3' is not 'Q4'.
    """
    return next((name for name in names if _is_slip(plain(text), plain(name))), "")


def _is_slip(text: str, name: str) -> bool:
    if _squeezed(text) == _squeezed(name):
        return True
    words, others = text.split(), name.split()
    return len(words) == len(others) and all(map(_alike, words, others))


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _alike(word: str, other: str) -> bool:
    if [*filter(str.isdigit, word)] != [*filter(str.isdigit, other)]:
        return False
    if _are_opposites(word, other):
        return False
    if sorted(word) == sorted(other) and sum(map(ne, word, other)) == 2:
        return True  # two letters that changed places: QABP and QAPB
    alike = difflib.SequenceMatcher(None, word, other).ratio()
    return alike > ALIKE or (alike == ALIKE and len(word) == len(other))


def _are_opposites(text: str, other: str) -> bool:
    short, long = sorted((plain(text), plain(other)), key=len)
    return long.endswith(short) and bool(_NOT.fullmatch(long.removesuffix(short)))


def did_you_mean(
    text: str, names: Iterable[str], find: Callable[[str, Iterable[str]], str] = nearest
) -> str:
    """A clause to put into a sentence: `` (did you mean 'North'?)``, or '' when none is like it.

    Where another name may be right too, ``find`` a slip: South is like North, and is another team.
    """
    name = find(text, names)
    return f" (did you mean '{name}'?)" if name else ""
