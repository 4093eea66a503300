"""The formulas of a rule that fills cells which begin with a word, in a file or in Excel."""

from __future__ import annotations

import re

_LEFT = re.compile(r'=\s*LEFT\(.+,\s*(?:\d+|LEN\(".*"\))\s*\)\s*=\s*"(?P<word>.*)"\s*\Z', re.DOTALL)


def fill_formula(word: str) -> str:
    """The formula of a rule for cells that begin with a word.

    It speaks of "this cell" by its row and column, because Excel reads a plain address in a rule
    that a program adds as seen from whichever cell the user has selected.
    """
    return f'=LEFT(INDIRECT(ADDRESS(ROW(),COLUMN())),{len(word)})="{_quoted(word)}"'


def fill_formulas_from(cell: str, word: str) -> tuple[str, ...]:
    """The formulas by which such a rule may stand in a file, over an area that begins at a cell.

    The first is the one to write, the second was laid in the open workbook, and the third is what
    Excel's own "Text that begins with" states.
    """
    quoted = _quoted(word)
    return (
        f'=LEFT({cell},{len(word)})="{quoted}"',
        fill_formula(word),
        f'=LEFT({cell},LEN("{quoted}"))="{quoted}"',
    )


def filled_word(formula: str) -> str | None:
    """The word that such a formula looks for, in whatever way it was written; else None."""
    match = _LEFT.match(formula)
    return match["word"].replace('""', '"') if match else None


def _quoted(word: str) -> str:
    return word.replace('"', '""')
