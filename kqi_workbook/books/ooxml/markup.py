"""XML as a workbook needs it: read without entities, DTDs or network, written as Excel does."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lxml import etree

from kqi_workbook.errors import NotAWorkbook

Element: TypeAlias = etree._Element

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONSHIP_IDS = {
    MAIN: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}

_NOT_PLAIN = (b"<!--", b"<![CDATA[", b"<!DOCTYPE", b" >", b"\n>", b"\t>", b"\r>")
_ENCODING = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:<\?xml[^>]*?encoding=[\"']([\w-]+)[\"'])?")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# The order of children is fixed by the schema (ECMA-376 part 1, sml.xsd).
WORKSHEET_ORDER = _names(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection "
    "protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells "
    "phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins "
    "pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors "
    "smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls "
    "webPublishItems tableParts extLst"
)
WORKBOOK_ORDER = _names(
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups "
    "externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr "
    "smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst"
)
STYLES_ORDER = _names(
    "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
)


def parse(data: bytes, what: str, *, tidy: bool = False) -> Element:
    """Parse a part; ``tidy`` leaves out comments and processing instructions.

    ``what`` names the part in the message. A DOCTYPE is refused: no workbook needs one, and it is
    the door to entity bombs and to reading other files.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=tidy,
        remove_pis=tidy,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAWorkbook(f"{what} is damaged: it is not well-formed XML ({error}).") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAWorkbook(f"{what} has a DOCTYPE, which no workbook needs; the file is not read.")
    return root


def dump(root: Element) -> bytes:
    """Write a part."""
    text = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)
    return DECLARATION + text


def plain(part: bytes, what: str) -> bytes:
    """A part fit to be searched as bytes: in UTF-8, no comments or CDATA, tags closed tight."""
    encoding = _ENCODING.match(part)
    if (
        ((encoding and encoding[1]) or b"utf-8").lower() in (b"utf-8", b"us-ascii")
        and b"\x00" not in part[:4]
        and not part.startswith((b"\xff\xfe", b"\xfe\xff"))
        and not any(mark in part for mark in _NOT_PLAIN)
    ):
        return part
    return tidied(part, what)


def tidied(part: bytes, what: str) -> bytes:
    """The part in UTF-8 as Excel writes it: double quotes, no comments, instructions or CDATA."""
    return dump(parse(part, what, tidy=True))


def local_name(element: Element) -> str:
    """An element's name without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    """An element's namespace, empty if it has none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def children(parent: Element | None, name: str) -> list[Element]:
    """The children of that local name, whatever their prefix; none of no parent."""
    return [] if parent is None else list(parent.iterchildren("{*}" + name))


def child(parent: Element | None, name: str) -> Element | None:
    """The first child of that local name."""
    return None if parent is None else next(parent.iterchildren("{*}" + name), None)


def descendants(parent: Element, name: str) -> Iterator[Element]:
    """Every element below of that local name, in any namespace."""
    return parent.iter("{*}" + name)


def insert_in_order(parent: Element, new: Element, order: Sequence[str]) -> None:
    """Insert a child where the schema wants it, after others of its name.

    ``mc:AlternateContent`` stands where the element that it wraps would.
    """
    place = order.index(local_name(new))
    for sibling in parent:
        name = local_name(sibling)
        if name == "AlternateContent":
            name = next((n for e in sibling.iter() if (n := local_name(e)) in order), name)
        if name in order and order.index(name) > place:
            sibling.addprevious(new)
            return
    parent.append(new)


def ensure_child(parent: Element, name: str, order: Sequence[str]) -> Element:
    """The child of that name, made in its place if it is missing."""
    found = child(parent, name)
    if found is None:
        found = etree.Element(f"{{{namespace(parent)}}}{name}")
        insert_in_order(parent, found, order)
    return found


def is_true(value: str | None) -> bool:
    """How the schema writes a boolean attribute."""
    return value in ("1", "true", "on")


def whole_number(element: Element, attribute: str, default: int = 0) -> int:
    """An attribute that the schema says is a whole number."""
    text = element.get(attribute)
    if text is None:
        return default
    if not (text.isascii() and text.strip().lstrip("-").isdigit() and len(text) < 12):
        raise NotAWorkbook(
            f"The workbook is damaged: {local_name(element)} has {attribute}={text!r}, "
            "where a whole number is expected."
        )
    return int(text)


def decimal_number(element: Element, attribute: str, default: float) -> float:
    """An attribute that the schema says is a number, such as a width."""
    text = element.get(attribute)
    try:
        found = default if text is None else float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise NotAWorkbook(
            f"The workbook is damaged: {local_name(element)} has {attribute}={text!r}, "
            "where a number is expected."
        )
    return found


def fingerprint(element: Element) -> tuple[object, ...]:
    """What an element says, blind to prefixes, attribute order and white space between tags."""
    return (
        element.tag,
        tuple(sorted((str(k), str(v)) for k, v in element.attrib.items())),
        (element.text or "").strip(),
        tuple(fingerprint(e) for e in element if isinstance(e.tag, str)),
    )
