"""The texts that a workbook keeps once each, and that cells name by number."""

from __future__ import annotations

import re

from kqi_workbook.books.ooxml import markup
from kqi_workbook.books.ooxml.text import from_markup, plain_text, unescape_text
from kqi_workbook.books.ooxml.tree_scan import rich_text

_ROOT = re.compile(r"(?:<\?xml[^<>]*\?>\s*)?<sst[^<>]*>\s*")
_STRING = re.compile(r"<si>.*?</si>|<si ?/>", re.DOTALL)
_OPEN, _CLOSE = "<si><t>", "</t></si>"


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
    texts: list[str] = []
    # Cut between plain texts, which nearly all are, with an empty one before and behind them all:
    # what still has a tag in it is something else.
    for text in (_CLOSE + part[root.end() : end] + _OPEN).split(_CLOSE + _OPEN):
        if "<" in text:
            texts += (plain_text(found[0]) for found in _STRING.finditer(_OPEN + text + _CLOSE))
        elif "&" in text or "_x" in text or "\r" in text:
            texts.append(unescape_text(from_markup(text)))
        else:
            texts.append(text)
    if len(texts) != part.count("<si") + 2:
        raise ValueError("not written as Excel writes it")
    return texts[1:-1]
