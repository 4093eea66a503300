"""Updates worked out on paper: what each table and named area is to hold, and which rules it is
to carry. The same for a file and for Excel; nothing here touches either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kqi_workbook.books.book import (
    AddRows,
    Rule,
    SetArea,
    SetCell,
    SetField,
    SetRows,
    SetRules,
    Update,
)
from kqi_workbook.books.draft import Draft
from kqi_workbook.books.ooxml.addresses import Area


@dataclass(frozen=True)
class Plan:
    """The drafts to carry out, and each sheet's rules by the area they go over."""

    drafts: tuple[Draft, ...]
    rules: Mapping[str, Mapping[Area, tuple[Rule, ...]]]


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


def _over(update: Update) -> str:
    if isinstance(update, SetCell | SetArea):
        return update.name
    return update.over if isinstance(update, SetRules) else update.table
