"""The name that somebody meant, or probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def plain(name: str) -> str:
    """A name as names are compared: in any case, with any spaces."""
    return " ".join(name.split()).casefold()


def nearest(text: str, names: Iterable[str]) -> str:
    """The known name most like a text, ignoring case; '' when none is like it."""
    by_plain = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(text.casefold(), by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """A clause to put into a sentence: `` (did you mean 'North'?)``, or '' when none is like it."""
    name = nearest(text, names)
    return f" (did you mean '{name}'?)" if name else ""
