"""Conditional formats that are ours among those that are staff's.

Copying, pasting and inserting rows in Excel splits, copies and moves rules. Ours are therefore
found again by what they are, wherever they have got to, and laid once over the right cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from kqi_workbook.books.ooxml.addresses import Area, parse_areas, write_areas
from kqi_workbook.books.ooxml.formulas import shift
from kqi_workbook.books.ooxml.looks import Look, plain_look
from kqi_workbook.books.ooxml.markup import (
    WORKSHEET_ORDER,
    Element,
    child,
    children,
    descendants,
    insert_in_order,
    is_true,
    namespace,
    whole_number,
)
from kqi_workbook.errors import CannotPatch

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.sheet import Sheet
    from kqi_workbook.books.ooxml.styles import Styles


@dataclass(frozen=True)
class FormulaRule:
    """Holds where a formula is true; it is stated for the first cell of the area.

    ``aliases`` are formulas that say the same in other words: a rule that another program stated
    in one of them is this rule, and is left as it is.
    """

    formula: str
    look: Look
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class IconRule:
    """Shows an icon by value: ``IconRule("3Arrows", (("percent", 0), ("num", 0), ("num", 1)))``."""

    icons: str
    thresholds: tuple[tuple[str, float], ...]
    show_value: bool = True
    reverse: bool = False


Rule: TypeAlias = FormulaRule | IconRule

_HAS_A_FORMULA = ("expression", "beginsWith")
"""Kinds of rules that hold where their formula is true. Excel's own "Text that begins with" is a
kind by itself, and yet states the formula by which it goes."""


@dataclass(frozen=True)
class _Laid:
    """A rule as it was found on the sheet."""

    element: Element
    areas: list[Area]


def lay_rules(sheet: Sheet, wanted: Mapping[str, Sequence[Rule]]) -> bool:
    """Have each area of a sheet carry exactly these rules of ours, once.

    ``wanted`` maps areas such as ``F5:F11`` (or several, ``C5:C11 E5:E11``) to their rules, most
    important first. It must name every area of the sheet that carries rules of ours. Rules of
    staff stay as they are, and come before ours.

    Returns whether anything had to be mended: a rule missing, copied, split or moved.
    """
    orders = _orders(wanted)
    ours = _find_ours(sheet, orders)
    if not _astray(ours, orders, sheet.package.styles):
        return False
    for laid in ours:
        _take_out(laid.element)
    priority = max(map(_priority, descendants(sheet.frame, "cfRule")), default=0)
    for areas, rules in wanted.items():
        group = etree.Element(f"{{{namespace(sheet.frame)}}}conditionalFormatting")
        group.set("sqref", write_areas(parse_areas(areas)))
        for rule in rules:
            priority += 1
            group.append(_element(rule, priority, sheet))
        if len(group):
            insert_in_order(sheet.frame, group, WORKSHEET_ORDER)
    return True


def astray(sheet: Sheet, wanted: Mapping[str, Sequence[Rule]]) -> list[Area]:
    """Where a sheet's rules of ours are not as :func:`lay_rules` would lay them; nothing changes.

    First the wanted areas that do not carry their rules whole, once and in order; then where
    others of ours lie, such as pieces and copies. Each area is named once.
    """
    orders = _orders(wanted)
    return _astray(_find_ours(sheet, orders), orders, sheet.package.styles)


_Order: TypeAlias = "tuple[list[Area], Rule]"


def _orders(wanted: Mapping[str, Sequence[Rule]]) -> list[_Order]:
    return [(parse_areas(areas), rule) for areas, rules in wanted.items() for rule in rules]


def _find_ours(sheet: Sheet, orders: Sequence[_Order]) -> list[_Laid]:
    found = []
    for group in children(sheet.frame, "conditionalFormatting"):
        if is_true(group.get("pivot")):
            continue
        areas = parse_areas(group.get("sqref"))
        for element in children(group, "cfRule"):
            laid = _Laid(element, areas)
            if any(_is_same(laid, *order, sheet.package.styles) for order in orders):
                found.append(laid)
    return found


def _astray(ours: Sequence[_Laid], orders: Sequence[_Order], styles: Styles) -> list[Area]:
    """Nothing, if every order is met once, over its cells, in order, and nothing is left over."""
    by_priority = sorted(ours, key=lambda laid: _priority(laid.element))
    wrong: list[Area] = []
    for areas, rule in orders:
        over = [laid for laid in by_priority if set(laid.areas) == set(areas)]
        met = next((laid for laid in over if _is_same(laid, areas, rule, styles)), None)
        if met is None or met is not over[0]:
            wrong += areas
        if met is not None:
            by_priority.remove(met)
    left_over = [area for laid in by_priority for area in laid.areas]
    return list(dict.fromkeys([*wrong, *left_over]))


def _priority(rule: Element) -> int:
    return whole_number(rule, "priority")


def _is_same(laid: _Laid, areas: list[Area], rule: Rule, styles: Styles) -> bool:
    """Whether a rule on the sheet is this one, wherever it lies now."""
    element = laid.element
    if isinstance(rule, IconRule):
        return element.get("type") == "iconSet" and _icons(element) == rule
    if element.get("type") not in _HAS_A_FORMULA or not laid.areas:
        return False
    if styles.look(whole_number(element, "dxfId", -1)) != plain_look(rule.look):
        return False
    formulas = [formula.text or "" for formula in children(element, "formula")]
    return any(
        formulas == [_stated_at(formula, areas[0], anchor)]
        for anchor in (laid.areas[0], _bounds(laid.areas))
        for formula in (rule.formula, *rule.aliases)
    )


def _stated_at(formula: str, area: Area, anchor: Area) -> str | None:
    try:
        return shift(formula, anchor.top - area.top, anchor.left - area.left)
    except CannotPatch:
        return None


def _bounds(areas: list[Area]) -> Area:
    return Area(
        min(a.top for a in areas),
        min(a.left for a in areas),
        max(a.bottom for a in areas),
        max(a.right for a in areas),
    )


def _icons(element: Element) -> IconRule | None:
    icons = child(element, "iconSet")
    if icons is None:
        return None
    thresholds = []
    for limit in children(icons, "cfvo"):
        if not is_true(limit.get("gte", "1")):
            return None
        try:
            thresholds.append((limit.get("type", ""), float(limit.get("val", "0"))))
        except ValueError:
            return None
    return IconRule(
        icons.get("iconSet", "3TrafficLights1"),
        tuple(thresholds),
        is_true(icons.get("showValue", "1")),
        is_true(icons.get("reverse", "0")),
    )


def _take_out(rule: Element) -> None:
    group = rule.getparent()
    if group is None:
        return
    group.remove(rule)
    sheet = group.getparent()
    if sheet is not None and not children(group, "cfRule"):
        sheet.remove(group)


def _element(rule: Rule, priority: int, sheet: Sheet) -> Element:
    main = namespace(sheet.frame)

    def under(parent: Element, name: str, **attributes: str) -> Element:
        return etree.SubElement(parent, f"{{{main}}}{name}", attributes)

    element = etree.Element(f"{{{main}}}cfRule")
    if isinstance(rule, IconRule):
        element.set("type", "iconSet")
        element.set("priority", str(priority))
        icons = under(element, "iconSet", iconSet=rule.icons)
        if not rule.show_value:
            icons.set("showValue", "0")
        if rule.reverse:
            icons.set("reverse", "1")
        for kind, value in rule.thresholds:
            under(icons, "cfvo", type=kind, val=f"{value:g}")
        return element
    element.set("type", "expression")
    element.set("dxfId", str(sheet.package.styles.look_number(rule.look)))
    element.set("priority", str(priority))
    under(element, "formula").text = rule.formula
    return element
