"""The formula of a rule that fills cells which begin with a word, in a file or in Excel."""

from __future__ import annotations

import re

_LEFT = re.compile(r'=\s*LEFT\(.+,\s*(?:\d+|LEN\(".*"\))\s*\)\s*=\s*"(?P<word>.*)"\s*\Z', re.DOTALL)


def fill_formula(word: str) -> str:
    """The formula of a rule for cells that begin with a word.

    It speaks of "this cell" by its row and column, because Excel reads a plain address in a rule
    that a program adds as seen from whichever cell the user has selected.
    """
    quoted = word.replace('"', '""')
    return f'=LEFT(INDIRECT(ADDRESS(ROW(),COLUMN())),{len(word)})="{quoted}"'


def filled_word(formula: str) -> str | None:
    """The word that such a formula looks for, in whatever way it was written; else None."""
    match = _LEFT.match(formula)
    return match["word"].replace('""', '"') if match else None
