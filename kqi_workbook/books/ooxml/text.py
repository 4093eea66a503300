"""Text as cells hold it: what XML or Excel cannot carry plainly, and its way there and back."""

from __future__ import annotations

import re

from kqi_workbook.books.cells import LONGEST_TEXT, length
from kqi_workbook.errors import CannotPatch

_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ENTITY = re.compile("&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_PHONETIC = re.compile(r"<(?:[\w.-]+:)?rPh[\s>].*?</(?:[\w.-]+:)?rPh>", re.DOTALL)
_RUN = re.compile(r"<(?:[\w.-]+:)?t(?:\s[^>]*[^/])?>(.*?)</(?:[\w.-]+:)?t>", re.DOTALL)


def escape_text(text: str, where: str) -> str:
    """Text as a cell holds it: what XML cannot carry becomes ``_x000B_``, as Excel does it."""
    if length(text) > LONGEST_TEXT:
        raise CannotPatch(
            f"{where}: the text is {length(text):,} characters long; "
            f"a cell of Excel holds at most {LONGEST_TEXT:,}."
        )
    text = _LOOKS_ESCAPED.sub(lambda found: "_x005F" + found[0], text)
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescape_text(text: str) -> str:
    """The reverse of :func:`escape_text`; an emoji kept as two escapes is one character again."""
    if "_x" not in text:
        return text
    return _PAIR.sub(_joined, _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def _joined(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def to_markup(text: str) -> str:
    """Text as it stands between two tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def from_markup(markup: str) -> str:
    """The reverse of :func:`to_markup`, for every entity that XML knows."""
    text = markup.replace("\r\n", "\n")

    def plain(found: re.Match[str]) -> str:
        if found[3]:
            return _NAMED[found[3]]
        number = int(found[1], 16) if found[1] else int(found[2])
        return chr(number) if number <= 0x10FFFF else found[0]

    return _ENTITY.sub(plain, text) if "&" in text else text


def plain_text(markup: str) -> str:
    """The text of an ``is`` or ``si`` element, its runs joined, phonetic hints left out."""
    runs = _RUN.findall(_PHONETIC.sub("", markup) if "rPh" in markup else markup)
    return unescape_text("".join(from_markup(run) for run in runs))
