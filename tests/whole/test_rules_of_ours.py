"""Our colours and arrows on the Scorecard, whatever pasting, Excel or staff made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook.books.fills import fill_formula
from kqi_workbook.pages.marks import RAG_FILLS
from tests.making.made import EXAMPLE
from tests.whole.workbook import MAIN, Workbook, element, members

SCORECARD = "xl/worksheets/sheet2.xml"
_RULE = re.compile(r"<conditionalFormatting.*?</conditionalFormatting>", re.DOTALL)


def rules(content: bytes) -> list[tuple[str, str, str]]:
    """Area, kind and formula of each rule on the Scorecard, in order of importance."""
    found = []
    for group in Workbook(content).tree(SCORECARD).iter(f"{{{MAIN}}}conditionalFormatting"):
        for rule in group:
            kind, priority = rule.get("type", ""), int(rule.get("priority", "0"))
            found.append(
                (priority, group.get("sqref", ""), kind, "".join(map(str, rule.itertext())))
            )
    return [rule[1:] for rule in sorted(found)]


def refreshed(content: bytes, folder: Path) -> tuple[bytes, kqi_workbook.Refreshed]:
    path = folder / "KQIs.xlsx"
    path.write_bytes(content)
    done = kqi_workbook.refresh(path)
    return path.read_bytes(), done


def broken(*changes: tuple[str, str]) -> bytes:
    """The example with its Scorecard's rules changed as text."""
    book = Workbook(EXAMPLE.read_bytes())
    sheet = book.parts[SCORECARD].decode()
    for old, new in changes:
        assert old in sheet
        sheet = sheet.replace(old, new)
    book.parts[SCORECARD] = sheet.encode()
    return book.content()


GOOD = rules(EXAMPLE.read_bytes())
GROUPS = _RULE.findall(members(EXAMPLE.read_bytes())[SCORECARD].decode())
(RAG_GROUP,) = (group for group in GROUPS if "F5:F11" in group)
(ARROWS_GROUP,) = (group for group in GROUPS if "G5:G11" in group)
BROKEN = {
    "split by pasting into the middle": [('sqref="F5:F11"', 'sqref="F5:F7 F9:F11"')],
    "copied with a row to another place": [
        (RAG_GROUP, RAG_GROUP + RAG_GROUP.replace("F5:F11", "F30:F31").replace("F5,", "F30,")),
        (ARROWS_GROUP, ARROWS_GROUP + ARROWS_GROUP.replace("G5:G11", "G30")),
    ],
    "cut into two groups": [
        (
            RAG_GROUP,
            RAG_GROUP.replace("F5:F11", "F5:F8")
            + RAG_GROUP.replace("F5:F11", "F9:F11").replace("F5,", "F9,"),
        )
    ],
    "deleted": [(group, "") for group in GROUPS],
    "moved down by inserted rows": [('sqref="G5:G11"', 'sqref="G7:G13"')],
    "in another order": [('priority="1"', 'priority="9"')],
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_rules_that_got_astray_are_mended_to_one_clean_set(
    changes: list[tuple[str, str]], tmp_path: Path
) -> None:
    content, done = refreshed(broken(*changes), tmp_path)
    assert [rule[1:] for rule in sorted(rules(content))] == [rule[1:] for rule in sorted(GOOD)]
    assert {rule[0] for rule in rules(content)} == {rule[0] for rule in GOOD}
    assert any("Scorecard" in change for change in done.changes if "olour" in change)


def by_the_button(word: str, cell: str) -> str:
    return f'<cfRule type="expression"><formula>{fill_formula(word)[1:]}</formula></cfRule>'


def by_hand(word: str, cell: str) -> str:
    return (
        f'<cfRule type="beginsWith" operator="beginsWith" text="{word}">'
        f'<formula>LEFT({cell},LEN("{word}"))="{word}"</formula></cfRule>'
    )


@pytest.mark.parametrize("stated", [by_the_button, by_hand], ids=lambda f: f.__name__)
def test_rules_laid_in_excel_are_right_in_the_file(
    stated: Callable[[str, str], str], tmp_path: Path
) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    for group in book.tree(SCORECARD).iter(f"{{{MAIN}}}conditionalFormatting"):
        if group.get("sqref") != "G5:G11":
            for rule, fill in zip(list(group), RAG_FILLS, strict=True):
                new = element(stated(fill.begins_with, group.get("sqref", "")[:2]))
                for mark in ("dxfId", "priority"):
                    new.set(mark, rule.get(mark, ""))
                group.replace(rule, new)
    before = book.content()
    assert 'LEFT(F5,1)="R"' not in str(rules(before))
    content, done = refreshed(before, tmp_path)
    assert rules(content) == rules(before)
    assert not any("olour" in change for change in done.changes)
