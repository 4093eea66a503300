"""The texts that a workbook keeps once each, and that cells name by number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kqi_workbook.books.ooxml import markup
from kqi_workbook.books.ooxml.text import from_markup, plain_text, unescape_text
from kqi_workbook.books.ooxml.tree_scan import rich_text

_ROOT = re.compile(r"(?:<\?xml[^<>]*\?>\s*)?<sst[^<>]*>\s*")
_STRING = re.compile(r"<si>.*?</si>|<si ?/>", re.DOTALL)
_OPEN, _CLOSE = "<si><t>", "</t></si>"
_UNUSUAL = ("<", "&", "_x", "\r")  # in what is no text as it stands
_AT_ONCE = 100  # texts that are looked through together


def shared_strings(part: bytes, what: str) -> list[str]:
    """The texts of the part, in order, without phonetic guides.

    Raises :class:`NotAWorkbook` for a part that cannot be read.
    """
    try:
        return _regular_strings(part.decode("utf-8-sig"))
    except ValueError:
        root = markup.parse(part, what)
        return [rich_text(element) for element in markup.children(root, "si")]


def _regular_strings(part: str) -> list[str]:
    root, end = _ROOT.match(part), part.rfind("</sst>")
    if not root or "<!" in part:
        raise ValueError("not written as Excel writes it")
    # Cut between plain texts, which nearly all are, with an empty one before and behind them all:
    # what still has a tag in it is something else.
    pieces = (_CLOSE + part[root.end() : end] + _OPEN).split(_CLOSE + _OPEN)
    texts: list[str] = []
    for start in range(0, len(pieces), _AT_ONCE):
        some = pieces[start : start + _AT_ONCE]
        together = " ".join(some)
        texts += _read(some) if any(mark in together for mark in _UNUSUAL) else some
    if len(texts) != part.count("<si") + 2:
        raise ValueError("not written as Excel writes it")
    return texts[1:-1]


def _read(pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        if "<" in piece:
            yield from map(plain_text, _STRING.findall(_OPEN + piece + _CLOSE))
        else:
            yield unescape_text(from_markup(piece))
