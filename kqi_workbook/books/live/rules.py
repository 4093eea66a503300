"""Conditional formats in the open workbook: known by what they are, mended where pasted apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from kqi_workbook.books.book import Arrows, Fill, Rule
from kqi_workbook.books.fills import fill_formula, filled_word
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.errors import CannotPatch

if TYPE_CHECKING:
    import xlwings

ICONS: Literal["3_arrows"] = "3_arrows"
THRESHOLDS = (0, 1)  # level from 0, up from 1, down below
TEXT_RULE, BEGINS_WITH = 9, 2  # Excel's xlTextString and xlBeginsWith


@dataclass(frozen=True)
class Lying:
    """How often each of our rules lies over which area; None where Excel does not say (a Mac)."""

    where: Counter[tuple[Rule, Area]] | None

    def astray(self, wanted: Mapping[Area, Sequence[Rule]]) -> list[Area]:
        """Wanted areas that do not carry their rules once, then those where others lie.

        Nothing if that is not known.
        """
        if self.where is None:
            return []
        target = _target(wanted)
        wrong = [*(target - self.where), *(self.where - target)]
        return list(dict.fromkeys(area for _, area in wrong))


def lying(sheet: xlwings.Sheet, wanted: Mapping[Area, Sequence[Rule]]) -> Lying:
    """Where the rules that are wanted lie on a sheet now, whether that is right or not."""
    return Lying(_where(_ours(sheet, wanted)))


def mend(sheet: xlwings.Sheet, wanted: Mapping[Area, Sequence[Rule]]) -> Lying | None:
    """Have these rules lie over these areas of a sheet, each once and nowhere else.

    Rules that are right already are left alone, and so are all that staff made. Returns how ours
    lay if anything had to be mended, else None.
    """
    found = _ours(sheet, wanted)
    where = _where(found)
    if where == _target(wanted):
        return None
    for _, rule in reversed(found):  # on a Mac a rule is its place in the list
        rule.delete()
    for area, rules in wanted.items():
        over = sheet.range((area.top, area.left), (area.bottom, area.right))
        for rule_ in reversed(rules):  # Excel puts each new rule on top
            _add(over.conditional_formats, rule_)
    return Lying(where)


def _ours(
    sheet: xlwings.Sheet, wanted: Mapping[Area, Sequence[Rule]]
) -> list[tuple[Rule, xlwings.ConditionalFormat]]:
    ours = {_capitals(rule) for rules in wanted.values() for rule in rules}
    return [
        (kind, rule)
        for rule in sheet.cells.conditional_formats
        if (kind := identify(rule)) is not None and kind in ours
    ]


def identify(rule: xlwings.ConditionalFormat) -> Rule | None:
    """Which of our rules this is, in whatever way it was written, or None if it is another's."""
    if rule.type == "icon_set":
        return Arrows() if rule.icon_set == ICONS and _is_arrows(rule) else None
    if rule.type == "custom":
        word, colour = filled_word(rule.formula or ""), rule.fill_color
        return Fill(word, _hex(colour)) if word is not None and colour else None
    return _text_rule(_native(rule))


def _native(rule: xlwings.ConditionalFormat) -> Any:
    return rule.impl.api  # xlwings gives every object an `api` but this one


def _is_arrows(rule: xlwings.ConditionalFormat) -> bool:
    if rule.reverse_order or not rule.show_value or set(rule.threshold_types or ()) != {"number"}:
        return False
    try:
        return tuple(float(str(t).lstrip("=")) for t in rule.thresholds or ()) == THRESHOLDS
    except ValueError:
        return False


def _text_rule(api: Any) -> Fill | None:
    """A rule of Excel's own "Text that begins with": xlwings hands it over without its contents."""
    try:
        if api.Type == TEXT_RULE and api.TextOperator == BEGINS_WITH:
            red, green, blue = int(api.Interior.Color).to_bytes(3, "little")
            return Fill(str(api.Text), _hex((red, green, blue)))
    except (AttributeError, TypeError, ValueError, OverflowError):
        pass  # a Mac has other names for these: the rule stays as it is
    return None


def _where(
    found: Sequence[tuple[Rule, xlwings.ConditionalFormat]],
) -> Counter[tuple[Rule, Area]] | None:
    where: Counter[tuple[Rule, Area]] = Counter()
    for kind, rule in found:
        try:
            where.update((kind, Area.parse(a)) for a in _native(rule).AppliesTo.Address.split(","))
        except (AttributeError, CannotPatch):
            return None  # on a Mac a rule does not say where it lies: lay it anew
    return where


def _target(wanted: Mapping[Area, Sequence[Rule]]) -> Counter[tuple[Rule, Area]]:
    return Counter((_capitals(rule), area) for area, rules in wanted.items() for rule in rules)


def _add(formats: xlwings.main.ConditionalFormats, rule: Rule) -> None:
    if isinstance(rule, Fill):
        formats.add_custom(
            fill_formula(rule.begins_with), fill_color=f"#{rule.colour}", font_color="#000000"
        )
    else:
        formats.add_icon_set(ICONS, thresholds=THRESHOLDS)


def _capitals(rule: Rule) -> Rule:
    return replace(rule, colour=rule.colour.upper()) if isinstance(rule, Fill) else rule


def _hex(colour: tuple[int, int, int]) -> str:
    return "{:02X}{:02X}{:02X}".format(*colour)
