"""Checks on what is to be done to get to GOOD: missing, nobody's, without a date, overdue."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.layout import DONE
from kqi_workbook.scorecard.board import Row
from kqi_workbook.scorecard.checks.checked import Checked, about, quote, saying, without
from kqi_workbook.scorecard.checks.wording import says_nothing
from kqi_workbook.scorecard.model import RAG, Action, Finding, Severity
from kqi_workbook.scorecard.quarters import day_words


def no_action(checked: Checked) -> Iterator[Finding]:
    """A KQI without an action this quarter."""
    if layout.ACTIONS.name not in checked.tables:
        return
    for row in checked.scorecard.rows:
        if not saying(row.actions):
            todo = "Add what is to be done to get to GOOD to the Actions tab."
            yield without("action", row, checked.quarter, row.actions, todo, layout.ACTIONS)


def nobody_to_do_it(checked: Checked) -> Iterator[Finding]:
    """An action of a Red or Amber KQI that nobody is named for."""
    for row, action in _open(checked):
        if says_nothing(action.who) and row.rag in (RAG.RED, RAG.AMBER):
            found = f" (found {quote(action.who)})" if action.who else ""
            yield about(
                row,
                Severity.WARNING,
                f"{checked.quote(action)} has nobody to do it{found}, and KQI {row.kqi.number} is "
                f"{row.rag.value}.",
                "Name who will see that it is done, in Who.",
                checked.beside(action.place, layout.ACTIONS, "Who"),
            )


def no_date_to_do_it_by(checked: Checked) -> Iterator[Finding]:
    """An action of a Red or Amber KQI without a due date."""
    for row, action in _open(checked):
        if action.due is None and row.rag in (RAG.RED, RAG.AMBER):
            yield about(
                row,
                Severity.WARNING,
                f"{checked.quote(action)} has no date, and KQI {row.kqi.number} is "
                f"{row.rag.value}.",
                "Give the day it is to be done by, in Due.",
                checked.beside(action.place, layout.ACTIONS, "Due"),
            )


def overdue(checked: Checked) -> Iterator[Finding]:
    """An action past its due date and not done."""
    for row, action in _open(checked):
        if action.due is not None and action.due < checked.day:
            yield about(
                row,
                Severity.WARNING,
                f"{checked.quote(action)} was due on {day_words(action.due)} and is not "
                f"{DONE.lower()}.",
                f"Set its Status to {DONE}, or agree a new date and say why in the commentary.",
                checked.beside(action.place, layout.ACTIONS, "Due"),
            )


def _open(checked: Checked) -> Iterator[tuple[Row, Action]]:
    for row in checked.scorecard.rows:
        for action in saying(row.actions):
            if action.status != DONE:
                yield row, action
