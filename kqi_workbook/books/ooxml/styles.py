"""The workbook's formats: number formats of cells, and looks of conditional formats."""

from __future__ import annotations

import copy
import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from kqi_workbook.books.ooxml.looks import Look, plain_look
from kqi_workbook.books.ooxml.markup import (
    STYLES_ORDER,
    Element,
    child,
    children,
    decimal_number,
    ensure_child,
    fingerprint,
    is_true,
    namespace,
    whole_number,
)
from kqi_workbook.errors import CannotPatch

_USUAL_SIZE = 11.0  # points, of a font that states none
_GENERAL = 0
_DATE, _MOMENT, _TIME = 14, 22, 20  # built in: each reader sees their own country's form
_DATES_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_A_DATE_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|General', re.IGNORECASE)


def shows_dates(code: str) -> bool:
    """Whether a number format shows days or times."""
    return re.search("[ymdhs]", _NOT_A_DATE_PART.sub("", code.split(";")[0]), re.I) is not None


@dataclass(frozen=True)
class TextLook:
    """How text looks in a cell: its font's size in points, and the indents it stands in by."""

    size: float
    bold: bool
    wraps: bool
    indent: int


class Styles:
    """The styles part. A format or look is added once, and found again ever after."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._chosen: dict[tuple[int, int], int] = {}
        self._dates: dict[int, bool] = {}
        self._texts: dict[int, TextLook] = {}

    # ---- cell formats: never changed or taken away, so that what one says can be remembered

    @cached_property
    def _formats(self) -> list[Element]:
        return children(child(self._root, "cellXfs"), "xf")

    @cached_property
    def _codes(self) -> dict[int, str]:
        return {
            whole_number(form, "numFmtId"): form.get("formatCode", "")
            for form in children(child(self._root, "numFmts"), "numFmt")
        }

    def _format(self, style: int) -> Element | None:
        return self._formats[style] if 0 <= style < len(self._formats) else None

    def _number_format(self, style: int) -> int:
        form = self._format(style)
        return _GENERAL if form is None else whole_number(form, "numFmtId", _GENERAL)

    def is_date(self, style: int) -> bool:
        """Whether numbers under the cell format show as days or times."""
        if style not in self._dates:
            number = self._number_format(style)
            code = self._codes.get(number)
            self._dates[style] = number in _DATES_BUILT_IN if code is None else shows_dates(code)
        return self._dates[style]

    def text(self, style: int) -> TextLook:
        """How text looks under the cell format."""
        if style not in self._texts:
            self._texts[style] = self._text(self._format(style))
        return self._texts[style]

    def _text(self, form: Element | None) -> TextLook:
        fonts = children(child(self._root, "fonts"), "font")
        number = whole_number(form, "fontId") if form is not None else 0
        font = fonts[number] if 0 <= number < len(fonts) else None
        size, bold, aligned = child(font, "sz"), child(font, "b"), child(form, "alignment")
        return TextLook(
            size=_USUAL_SIZE if size is None else max(decimal_number(size, "val", _USUAL_SIZE), 1),
            bold=bold is not None and is_true(bold.get("val", "1")),
            wraps=aligned is not None and is_true(aligned.get("wrapText")),
            indent=0 if aligned is None else whole_number(aligned, "indent"),
        )

    def fitting(self, style: int, value: dt.date | dt.time) -> int:
        """The cell format under which a day or time shows as one: staff's, if it shows dates, or
        else the reader's own short form."""
        if self.is_date(style):
            return style
        if isinstance(value, dt.time):
            return self._with(style, _TIME)
        return self._with(style, _MOMENT if isinstance(value, dt.datetime) else _DATE)

    def _with(self, style: int, number_format: int) -> int:
        if (style, number_format) not in self._chosen:
            self._chosen[style, number_format] = self._find_or_add(style, number_format)
        return self._chosen[style, number_format]

    def _find_or_add(self, style: int, number_format: int) -> int:
        formats = self._formats
        if not formats:
            raise CannotPatch("The workbook's styles hold no cell format. Save it again in Excel.")
        wanted = copy.deepcopy(formats[style if style < len(formats) else 0])
        wanted.set("numFmtId", str(number_format))
        wanted.set("applyNumberFormat", "1")
        mark = fingerprint(wanted)
        for index, known in enumerate(formats):
            if fingerprint(known) == mark:
                return index
        formats.append(wanted)
        return _append(ensure_child(self._root, "cellXfs", STYLES_ORDER), wanted)

    # ---- looks of conditional formats

    @cached_property
    def _looks(self) -> list[Look | None]:
        """What each differential format says; None for one that says more than a look can."""
        return [Look.of(look) for look in children(child(self._root, "dxfs"), "dxf")]

    def look(self, number: int) -> Look | None:
        """The look that a rule's ``dxfId`` names."""
        return self._looks[number] if 0 <= number < len(self._looks) else None

    def look_number(self, look: Look) -> int:
        """The number of a look, which is added only if the workbook has none that says the same."""
        look = plain_look(look)
        if look not in self._looks:
            looks = ensure_child(self._root, "dxfs", STYLES_ORDER)
            _append(looks, look.element(namespace(self._root)))
            self._looks.append(look)
        return self._looks.index(look)


def _append(group: Element, new: Element) -> int:
    group.append(new)
    group.set("count", str(len(group)))
    return len(group) - 1
