"""How a conditional format shows a cell: fill, font colour, bold, italic."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from kqi_workbook.books.ooxml.markup import Element, child, is_true, local_name

_AUTOMATIC = "000000"  # a font's colour; Excel may save the black that a program set as this
_SAYS_NOTHING = {"condense", "extend"}  # Excel writes them beside a font's colour


@dataclass(frozen=True)
class Look:
    """What a rule changes where it holds; colours are six hexadecimal digits, such as C6EFCE."""

    fill: str | None = None
    font: str | None = None
    bold: bool = False
    italic: bool = False

    @classmethod
    def of(cls, element: Element) -> Look | None:
        """Read a ``dxf``; None if it says anything more than a look can."""
        fill = font = None
        marks = {"b": False, "i": False}
        for part in element:
            name = local_name(part)
            if name == "fill":
                pattern = child(part, "patternFill")
                fill = _colour(child(pattern, "bgColor"))
                if fill is None:
                    return None
            elif name == "font":
                for detail in part:
                    kind = local_name(detail)
                    if kind in marks:
                        marks[kind] = is_true(detail.get("val", "1"))
                    elif kind == "color":
                        font = _colour(detail)
                        if font is None:
                            return None
                    elif kind not in _SAYS_NOTHING:
                        return None
            else:
                return None
        return cls(fill, font, marks["b"], marks["i"])

    def element(self, namespace: str) -> Element:
        """Write it as a ``dxf``, in the schema's order."""

        def under(parent: Element, name: str, **attributes: str) -> Element:
            return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)

        root = etree.Element(f"{{{namespace}}}dxf")
        if self.font or self.bold or self.italic:
            font = under(root, "font")
            if self.bold:
                under(font, "b")
            if self.italic:
                under(font, "i")
            if self.font:
                under(font, "color", rgb=_argb(self.font))
        if self.fill:
            pattern = under(under(root, "fill"), "patternFill")
            under(pattern, "bgColor", rgb=_argb(self.fill))
        return root


def plain_look(look: Look) -> Look:
    """The look with its colours written one way, to compare it."""
    return Look(_rgb(look.fill), _rgb(look.font), look.bold, look.italic)


def _colour(element: Element | None) -> str | None:
    if element is None:
        return None
    if is_true(element.get("auto")):
        return _AUTOMATIC
    return _rgb(element.get("rgb"))


def _rgb(colour: str | None) -> str | None:
    return colour[-6:].upper() if colour else None


def _argb(colour: str) -> str:
    return "FF" + colour[-6:].upper()
