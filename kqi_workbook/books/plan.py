"""Updates worked out on paper: what each table and named area is to hold, and which rules it is
to carry. The same for a file and for Excel; nothing here touches either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from kqi_workbook.books.book import (
    AddRows,
    Arrows,
    Broken,
    CopyField,
    Rule,
    SetArea,
    SetCell,
    SetField,
    SetRows,
    SetRules,
    Update,
    Written,
)
from kqi_workbook.books.cells import Content, value_of
from kqi_workbook.books.draft import Draft
from kqi_workbook.books.ooxml.addresses import Area

Laid: TypeAlias = Mapping[Area, tuple[Rule, ...]]
"""A sheet's rules by the area that they go over."""


@dataclass(frozen=True)
class Plan:
    """The drafts to carry out, by the table's or the area's name, and the rules of each sheet."""

    drafts: Mapping[str, Draft]
    rules: Mapping[str, Laid]

    @property
    def resized(self) -> bool:
        """Whether any table is to become longer or shorter."""
        return any(draft.resized for draft in self.drafts.values())

    @property
    def emptied(self) -> tuple[str, ...]:
        """What is to be emptied beside or among what is filled: ``By team K4:K12``."""
        drafts = self.drafts.values()
        return tuple(f"{draft.sheet} {area}" for draft in drafts for area in draft.emptied)

    def foreseen(self, broken: Sequence[Broken]) -> Written:
        """What carrying it out would do, given the rules that are broken."""
        cells = sum(1 for draft in self.drafts.values() for _ in draft.changes())
        mended = tuple(one.sheet for one in broken)
        return Written(cells, mended, tuple(broken), self.resized, self.emptied)

    def broken(self, sheet: str, astray: Callable[[Laid], Sequence[Area]]) -> tuple[Broken, ...]:
        """What of a sheet's rules was broken, if anything: to be asked when they are not right.

        ``astray`` tells where the rules that lie on the sheet are other than it is given. Rules
        over the rows as these were before, down to the last of all or to the last that was
        filled, were whole: they are only to follow new rows. And cells that held nothing for
        their rules to show have not been filled yet: what they lack, nobody took away.
        """
        rules = self.rules[sheet]
        before, filled, shown = {}, {}, []
        for area, laid in rules.items():
            draft = next(
                d for d in self.drafts.values() if d.sheet == sheet and d.final.covers(area)
            )
            columns = slice(area.left - draft.area.left, area.right - draft.area.left + 1)
            rows = [n for n, row in enumerate(draft.old) if any(c not in (None, "") for c in row)]
            before[area] = replace(area, bottom=draft.area.bottom)
            filled[area] = replace(area, bottom=area.top + max(rows, default=0))
            if any(_shows(rule, c) for row in draft.old for c in row[columns] for rule in laid):
                shown.append(area)
        wrong = astray({before[area]: laid for area, laid in rules.items()}) if shown else ()
        if not wrong:
            return ()
        still = astray({filled[area]: laid for area, laid in rules.items()})
        lacking = [before[a] for a in shown if before[a] in wrong and filled[a] in still]
        places = {*before.values(), *filled.values()}
        areas = lacking or [area for area in wrong if area not in places]
        return (Broken(sheet, tuple(map(str, areas)), copies=not lacking),) if areas else ()


def plan(updates: Sequence[Update], draft_of: Callable[[str], Draft]) -> Plan:
    """Work out updates on drafts, which ``draft_of`` gives by the table's or the area's name."""
    drafts: dict[str, Draft] = {}
    rules: dict[str, dict[Area, tuple[Rule, ...]]] = defaultdict(dict)
    for update in updates:
        name = _over(update)
        if name not in drafts:
            drafts[name] = draft_of(name)
        draft = drafts[name]
        if isinstance(update, SetRows):
            draft.set_rows(update)
        elif isinstance(update, SetField):
            draft.set_field(update)
        elif isinstance(update, CopyField):
            draft.copy_field(update)
        elif isinstance(update, AddRows):
            draft.add_rows(update)
        elif isinstance(update, SetArea):
            draft.set_area(update)
        elif isinstance(update, SetCell):
            draft.set_area(SetArea(update.name, ((update.value,),)))
    for update in updates:
        if isinstance(update, SetRules):
            draft = drafts[update.over]
            over = draft.over(update.column)
            rules[draft.sheet][over] = (*rules[draft.sheet].get(over, ()), *update.rules)
    return Plan(drafts, rules)


def _shows(rule: Rule, content: Content) -> bool:
    """Whether a cell that holds this looks any different for the rule."""
    value = value_of(content)
    if isinstance(rule, Arrows):
        return isinstance(value, int | float)
    return isinstance(value, str) and value.casefold().startswith(rule.begins_with.casefold())


def _over(update: Update) -> str:
    if isinstance(update, SetCell | SetArea):
        return update.name
    return update.over if isinstance(update, SetRules) else update.table
