"""Updates worked out on paper: what each table and named area is to hold, and which rules it is
to carry. The same for a file and for Excel; nothing here touches either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from kqi_workbook.books.book import (
    AddRows,
    Broken,
    Rule,
    SetArea,
    SetCell,
    SetField,
    SetRows,
    SetRules,
    Update,
)
from kqi_workbook.books.cells import Grid
from kqi_workbook.books.draft import Draft
from kqi_workbook.books.ooxml.addresses import Area

Laid: TypeAlias = Mapping[Area, tuple[Rule, ...]]
"""A sheet's rules by the area that they go over."""


@dataclass(frozen=True)
class Plan:
    """The drafts to carry out, and the rules of each sheet."""

    drafts: tuple[Draft, ...]
    rules: Mapping[str, Laid]

    def broken(self, sheet: str, astray: Callable[[Laid], Sequence[Area]]) -> tuple[Broken, ...]:
        """What of a sheet's rules was broken, if anything: to be asked when they are not right.

        ``astray`` tells where the rules that lie on the sheet are other than it is given. They
        were whole if they lie over the rows as these were before, down to the last that was
        filled or to the last of all: then they are only to follow new rows. Cells that were all
        blank have not been filled yet, and whatever they lack is no fault.
        """
        before: dict[Area, tuple[Rule, ...]] = {}
        filled: dict[Area, tuple[Rule, ...]] = {}
        blank: set[Area] = set()
        for area, rules in self.rules[sheet].items():
            draft = next(d for d in self.drafts if d.sheet == sheet and d.final.covers(area))
            columns = slice(area.left - draft.area.left, area.right - draft.area.left + 1)
            was = replace(area, bottom=draft.area.bottom)
            to_the_last = replace(area, bottom=max(area.top, area.top + _filled(draft.old) - 1))
            before[was] = filled[to_the_last] = rules
            if not _filled([row[columns] for row in draft.old]):
                blank |= {was, to_the_last}
        wrong = [area for area in astray(before) if area not in blank]
        if not wrong or blank >= set(before) or not set(astray(filled)) - blank:
            return ()
        lacking = [area for area in wrong if area in before]
        return (Broken(sheet, tuple(map(str, lacking or wrong)), copies=not lacking),)


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
    return Plan(tuple(drafts.values()), rules)


def _filled(rows: Grid) -> int:
    """How many rows there are down to the last that holds anything."""
    held = (n for n, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row))
    return max(held, default=0)


def _over(update: Update) -> str:
    if isinstance(update, SetCell | SetArea):
        return update.name
    return update.over if isinstance(update, SetRules) else update.table
