"""Our colours and arrows on the Scorecard, whatever pasting, Excel or staff made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook.books.book import SetField
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.fills import fill_formula
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.pages.marks import RAG_FILLS
from kqi_workbook.report import as_data
from kqi_workbook.scorecard.model import Finding, Place, Severity
from tests.making.made import EXAMPLE, TEMPLATE
from tests.scorecard.checks.near.case import FEWEST
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
    done = kqi_workbook.refresh(path, "Q4 2013-14")
    return path.read_bytes(), done


def checked(content: bytes, folder: Path) -> kqi_workbook.Refreshed:
    path = folder / "KQIs.xlsx"
    path.write_bytes(content)
    return kqi_workbook.check(path, "Q4 2013-14")


def broken(*changes: tuple[str, str], content: bytes = EXAMPLE.read_bytes()) -> bytes:
    """The example with its Scorecard's rules changed as text."""
    book = Workbook(content)
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
(LAST_GROUP,) = (group for group in GROUPS if "R5:R11" in group)
WERE = "were split, copied, moved, changed or deleted"
BROKEN: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "split by pasting into the middle": (
        "F5",
        f"over F5:F11 {WERE}",
        [('sqref="F5:F11"', 'sqref="F5:F7 F9:F11"')],
    ),
    "copied with a row to another place": (
        "F30",
        "copies of the colours and arrows lie over F30:F31, G30",
        [
            (RAG_GROUP, RAG_GROUP + RAG_GROUP.replace("F5:F11", "F30:F31").replace("F5,", "F30,")),
            (ARROWS_GROUP, ARROWS_GROUP + ARROWS_GROUP.replace("G5:G11", "G30")),
        ],
    ),
    "copied onto its own place": ("R5", "", [(LAST_GROUP, LAST_GROUP * 2)]),
    "cut into two groups": (
        "F5",
        f"over F5:F11 {WERE}",
        [
            (
                RAG_GROUP,
                RAG_GROUP.replace("F5:F11", "F5:F8")
                + RAG_GROUP.replace("F5:F11", "F9:F11").replace("F5,", "F9,"),
            )
        ],
    ),
    "deleted": (
        "F5",
        f"over F5:F11, L5:L11, M5:M11 and 6 more places {WERE}",
        [(group, "") for group in GROUPS],
    ),
    "deleted in one column": ("G5", f"over G5:G11 {WERE}", [(ARROWS_GROUP, "")]),
    "not over the last rows": ("F5", "", [('sqref="F5:F11"', 'sqref="F5:F9"')]),
    "moved down by inserted rows": ("G5", "", [('sqref="G5:G11"', 'sqref="G7:G13"')]),
    "in another order": ("F5", "", [('priority="1"', 'priority="9"')]),
}


def notes(done: kqi_workbook.Refreshed) -> list[Finding]:
    return [finding for finding in done.findings if finding.code == "colours-mended"]


@pytest.mark.parametrize(("cell", "words", "changes"), BROKEN.values(), ids=BROKEN)
def test_rules_that_got_astray_are_mended_to_one_clean_set_and_told_of(
    cell: str, words: str, changes: list[tuple[str, str]], tmp_path: Path
) -> None:
    whole, _ = refreshed(EXAMPLE.read_bytes(), tmp_path)
    before = broken(*changes, content=whole)
    foreseen = checked(before, tmp_path)
    content, done = refreshed(before, tmp_path)
    assert [rule[1:] for rule in sorted(rules(content))] == [rule[1:] for rule in sorted(GOOD)]
    assert {rule[0] for rule in rules(content)} == {rule[0] for rule in GOOD}
    (note,) = notes(done)
    assert (note.place, note.severity) == (Place("Scorecard", cell), Severity.NOTE)
    assert words in note.what
    assert notes(foreseen) == [note]
    assert (note.code, cell) in {(f["code"], f["cell"]) for f in as_data(foreseen)["findings"]}
    anew = "colours and arrows of the Scorecard tab set anew"
    assert anew in done.changes and anew in foreseen.changes


def test_a_note_on_broken_rules_is_no_row_of_checks_and_gone_the_next_time(tmp_path: Path) -> None:
    whole, _ = refreshed(EXAMPLE.read_bytes(), tmp_path)
    *_, changes = BROKEN["deleted"]
    again, done = refreshed(broken(*changes, content=whole), tmp_path)
    assert notes(done)
    assert done.changes == ("colours and arrows of the Scorecard tab set anew",)
    checks = FileBook(again, "KQIs.xlsx").read(["Checks"])["Checks"].columns["Code"]
    assert "colours-mended" not in checks
    same, done = refreshed(again, tmp_path)
    assert same == again
    assert not notes(done) and not done.changes


# ---- near misses: nothing that a person broke


def new_rows(table: str, count: int) -> Callable[[bytes], bytes]:
    """The KQIs become more or fewer, and so the Scorecard's rows."""

    def plant(content: bytes) -> bytes:
        book = Workbook(content)
        _, tree = book.table(table)
        area = Area.parse(tree.get("ref", ""))
        tree.set("ref", str(replace(area, bottom=area.bottom + count)))
        for extra in range(count):
            book.set(book.sheet("KQIs"), f"A{area.bottom + 1 + extra}", 8 + extra)
            book.set(book.sheet("KQIs"), f"B{area.bottom + 1 + extra}", "Short breaks")
        return book.content()

    return plant


def drawn_down(content: bytes, *changes: tuple[str, str]) -> bytes:
    """The Scorecard's table reaches over three blank rows more."""
    book = Workbook(content)
    _, table = book.table("Scorecard")
    for part in (table, *table):
        if part.get("ref"):
            part.set("ref", part.get("ref", "").replace("11", "14"))
    return broken(*changes, content=book.content())


def never_filled(_: bytes) -> bytes:
    """A workbook made by hand, that no refresh has seen yet."""
    return without_rules(TEMPLATE.read_bytes(), "Scorecard", "By team")


def without_rules(content: bytes, *sheets: str) -> bytes:
    book = Workbook(content)
    for sheet in map(book.sheet, sheets):
        text = book.parts[sheet].decode()
        assert _RULE.search(text)
        book.parts[sheet] = _RULE.sub("", text).encode()
    return book.content()


def a_column_back(content: bytes) -> bytes:
    """Last quarter's column was taken out and added again: blank, and without its colours."""
    book = FileBook(broken((LAST_GROUP, ""), content=content), "KQIs.xlsx")
    book.write([SetField("Scorecard", "Last quarter", row, None) for row in range(7)])
    return book.content()


def staffs_own(*rules_of_theirs: str) -> Callable[[bytes], bytes]:
    return lambda content: broken(
        (RAG_GROUP, "".join(rules_of_theirs) + RAG_GROUP), content=content
    )


def in_another_look(content: bytes) -> bytes:
    """Staff have laid our own formula over another column, with a look of theirs."""
    book = Workbook(content)
    looks = book.tree("xl/styles.xml").find(f"{{{MAIN}}}dxfs")
    assert looks is not None
    looks.append(element("<dxf><font><b/></font></dxf>"))
    rule = RAG_GROUP.replace("F5", "B5").replace("F11", "B11")
    rule = re.sub(r'dxfId="\d+"', f'dxfId="{len(looks) - 1}"', rule)
    return staffs_own(rule)(book.content())


NEAR: dict[str, Callable[[bytes], bytes]] = {
    "as a refresh left it": lambda content: content,
    "a template that was never filled": lambda _: TEMPLATE.read_bytes(),
    "a workbook that was never filled, without rules": never_filled,
    "a KQI more, and so a row": new_rows("KQIs", 1),
    "five KQIs more": new_rows("KQIs", 5),
    "a KQI fewer": new_rows("KQIs", -1),
    "a table drawn down over blank rows": drawn_down,
    "the same with its colours": lambda content: drawn_down(
        content, ('11"><cfRule', '14"><cfRule')
    ),
    "the same with those of one column": lambda content: drawn_down(
        content, ('sqref="F5:F11"', 'sqref="F5:F14"')
    ),
    "a column added again": a_column_back,
    "a rule of staff's over the same cells": staffs_own(
        '<conditionalFormatting sqref="F5:F11"><cfRule type="containsBlanks" priority="50">'
        "<formula>LEN(TRIM(F5))=0</formula></cfRule></conditionalFormatting>"
    ),
    "our formulas in a look of staff's": in_another_look,
}


def test_there_are_near_misses_as_for_every_check() -> None:
    assert len(NEAR) >= FEWEST


@pytest.mark.parametrize("plant", NEAR.values(), ids=NEAR)
def test_rules_that_nobody_broke_are_not_told_of(
    plant: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    whole, done = refreshed(EXAMPLE.read_bytes(), tmp_path)
    assert not notes(done)
    before = plant(whole)
    assert not notes(checked(before, tmp_path))
    after, done = refreshed(before, tmp_path)
    assert not notes(done)
    assert done.written and not done.written.broken
    assert not notes(checked(after, tmp_path))


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
    assert not notes(done)
    assert not any("olour" in change for change in done.changes)
