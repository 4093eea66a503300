from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.rules import FormulaRule, IconRule, Rule, lay_rules
from tests.ooxml.workbooks import SHEET, again, by_openpyxl, edited, make, part_of, saved

BEGINS = 'LEFT(INDIRECT(ADDRESS(ROW(),COLUMN())),1)="{}"'
RED = FormulaRule(BEGINS.format("R"), Look(fill="FFC7CE", font="9C0006"))
GREEN = FormulaRule(BEGINS.format("G"), Look(fill="C6EFCE", font="006100", bold=True))
LATE = FormulaRule("AND($C5<TODAY(),D5=0)", Look(fill="FFEB9C"))
ARROWS = IconRule("3Arrows", (("percent", 0), ("num", 0), ("num", 1)), show_value=False)
WANTED: Mapping[str, Sequence[Rule]] = {
    "F5:F11": [RED, GREEN],
    "G5:G11": [ARROWS],
    "C5:D11": [LATE],
}


def of_staff(book: Any, sheet: Any) -> None:
    look = book.add_format({"bg_color": "#00FFFF", "border": 1})
    sheet.conditional_format(
        "A1:B9", {"type": "cell", "criteria": "==", "value": '"R"', "format": look}
    )
    sheet.conditional_format("N5:N11", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_table("J1:K5")


def laid(data: bytes, wanted: Mapping[str, Sequence[Rule]] = WANTED) -> Package:
    package = Package.of_bytes(data)
    lay_rules(package.sheet("Data"), wanted)
    return package


def of_sheet(data: bytes) -> list[tuple[str, str, int]]:
    """The sheet's rules as another library reads them: area, type, priority."""
    found = by_openpyxl(data).conditional_formatting
    return [(str(group.sqref), rule.type, rule.priority) for group in found for rule in group.rules]


def test_rules_are_laid_beside_those_of_staff() -> None:
    data = make(of_staff)
    package = laid(data)
    assert of_sheet(saved(package)) == [
        ("A1:B9", "cellIs", 1),
        ("N5:N11", "dataBar", 2),
        ("F5:F11", "expression", 3),
        ("F5:F11", "expression", 4),
        ("G5:G11", "iconSet", 5),
        ("C5:D11", "expression", 6),
    ]
    sheet = part_of(saved(package))
    staff = re.findall(r"<conditionalFormatting.*?</conditionalFormatting>", part_of(data))
    assert all(rule in sheet for rule in staff)
    assert re.findall(r' priority="(\d)"', sheet) == [*"123456"]
    assert sheet.index("conditionalFormatting") < sheet.index("pageMargins")
    assert "x14:dataBar" in sheet


def test_laying_them_says_that_something_was_mended_only_once() -> None:
    package = Package.of_bytes(make())
    assert lay_rules(package.sheet("Data"), WANTED)
    after = again(package)
    assert not lay_rules(after.sheet("Data"), WANTED)
    assert not after.changed


def test_looks_are_kept_once() -> None:
    data = saved(laid(make()))
    assert '<dxfs count="3">' in part_of(data, "xl/styles.xml")
    emptied = Package.of_bytes(data)
    lay_rules(emptied.sheet("Data"), {"F5:F20": [RED, GREEN], "G5:G11": [ARROWS], "C5:D11": [LATE]})
    assert set(emptied.changes()) == {SHEET}


def test_a_look_that_another_program_wrote_is_known() -> None:
    def fill(book: Any, sheet: Any) -> None:
        look = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        rule = {"type": "formula", "criteria": f"={RED.formula}", "format": look}
        sheet.conditional_format("F5:F11", rule)
        icons = {"icon_style": "3_arrows", "icons_only": True, "type": "icon_set"}
        limits = [
            {"criteria": ">=", "type": "number", "value": 1},
            {"criteria": ">=", "type": "number", "value": 0},
        ]
        sheet.conditional_format("G5:G11", {**icons, "icons": limits})

    package = Package.of_bytes(make(fill))
    wanted: dict[str, list[Rule]] = {"F5:F11": [RED], "G5:G11": [ARROWS]}
    assert not lay_rules(package.sheet("Data"), wanted)
    assert not package.changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<fill>", "<fill >"),
        ('<color rgb="FF9C0006"/>', '<b val="0"/><color rgb="ff9c0006"/>'),
        ("<font><color", "<font><condense val='0'/><color"),
        ('rgb="FFFFC7CE"', 'rgb="00FFC7CE"'),
    ],
)
def test_a_look_written_another_way_is_the_same(old: str, new: str) -> None:
    data = edited(saved(laid(make())), "xl/styles.xml", (old, new))
    assert not lay_rules(Package.of_bytes(data).sheet("Data"), WANTED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('rgb="FFFFC7CE"', 'rgb="FFFFC7CF"'),
        ('<color rgb="FF9C0006"/>', '<color theme="4"/>'),
        ('<color rgb="FF9C0006"/>', '<strike/><color rgb="FF9C0006"/>'),
        ("</fill></dxf>", "</fill><border/></dxf>"),
    ],
)
def test_a_rule_whose_look_staff_changed_is_theirs(old: str, new: str) -> None:
    data = edited(saved(laid(make())), "xl/styles.xml", (old, new))
    package = Package.of_bytes(data)
    assert lay_rules(package.sheet("Data"), WANTED)
    assert len(of_sheet(saved(package))) > len(of_sheet(data))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('val="1"/>', 'val="1" gte="0"/>'),
        ('val="1"/>', 'val="2"/>'),
        (' showValue="0"', ""),
        (' showValue="0"', ' showValue="0" reverse="1"'),
    ],
)
def test_arrows_that_staff_changed_are_theirs(old: str, new: str) -> None:
    """A trend of 1 is Improving: these show another arrow, or no word."""
    data = edited(saved(laid(make())), SHEET, (old, new))
    assert lay_rules(Package.of_bytes(data).sheet("Data"), WANTED)


F5 = 'sqref="F5:F11"'
BROKEN = {
    "split by pasting": [(F5, 'sqref="F5:F8 F10:F11"')],
    "spread by pasting": [(F5, 'sqref="F5:F11 K2:L9"')],
    "moved": [(F5, 'sqref="F6:F12"')],
    "shortened": [('sqref="G5:G11"', 'sqref="G5:G9"')],
    "a formula moved with its cells": [
        ('sqref="C5:D11"', 'sqref="D8:E14"'),
        ("$C5", "$C8"),
        ("D5", "E8"),
    ],
    "a formula copied to an area left of its first": [
        ('sqref="C5:D11"', 'sqref="E7 C5:D11"'),
        ("D5", "D5"),
    ],
    "a formula stated for the first of its areas": [
        ('sqref="C5:D11"', 'sqref="E7 C5:D11"'),
        ("$C5", "$C7"),
        ("D5", "F7"),
    ],
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_rules_that_got_elsewhere_are_laid_again(changes: list[tuple[str, str]]) -> None:
    good = saved(laid(make(of_staff)))
    package = Package.of_bytes(edited(good, SHEET, *changes))
    assert lay_rules(package.sheet("Data"), WANTED)
    rules = of_sheet(saved(package))
    assert sorted(r[:2] for r in rules) == sorted(r[:2] for r in of_sheet(good))
    assert not re.search(r"<conditionalFormatting[^>]*/>", part_of(saved(package)))
    after = again(package)
    assert not lay_rules(after.sheet("Data"), WANTED)


def test_copies_are_taken_away_and_a_deleted_rule_comes_back() -> None:
    good = saved(laid(make()))
    sheet = part_of(good)
    group = re.search(r'<conditionalFormatting sqref="F5:F11">.*?</conditionalFormatting>', sheet)
    assert group is not None
    copied = edited(good, SHEET, (group[0], group[0] + group[0].replace("F5:F11", "P1:P3")))
    deleted = edited(good, SHEET, (group[0], ""))
    for data in (copied, deleted):
        package = Package.of_bytes(data)
        assert lay_rules(package.sheet("Data"), WANTED)
        assert sorted(r[:2] for r in of_sheet(saved(package))) == (
            sorted(r[:2] for r in of_sheet(good))
        )


def test_rules_in_the_wrong_order_are_put_right() -> None:
    good = saved(laid(make()))
    swapped = edited(
        good, SHEET, ('priority="1"', 'priority="9"'), ('priority="2"', 'priority="1"')
    )
    assert lay_rules(Package.of_bytes(swapped).sheet("Data"), WANTED)


def test_all_of_ours_can_be_taken_off() -> None:
    package = Package.of_bytes(saved(laid(make(of_staff))))
    areas: dict[str, list[Rule]] = {"F5:F11": [RED]}
    lay_rules(package.sheet("Data"), areas)
    assert ("G5:G11", "iconSet") in {r[:2] for r in of_sheet(saved(package))}  # not named: staff's
    assert ("F5:F11", "expression") in {r[:2] for r in of_sheet(saved(package))}


def test_a_priority_comes_after_those_of_extended_rules() -> None:
    package = laid(make(of_staff))
    priorities = [r[2] for r in of_sheet(saved(package))]
    assert len(set(priorities)) == len(priorities)


BEGINS_WITH_R = FormulaRule(
    'LEFT(F5,1)="R"',
    Look(fill="FFC7CE", font="000000"),
    aliases=('LEFT(INDIRECT(ADDRESS(ROW(),COLUMN())),1)="R"', 'LEFT(F5,LEN("R"))="R"'),
)
OTHER_FORMS = {
    "by a program in Excel": (
        'type="expression"',
        'LEFT(INDIRECT(ADDRESS(ROW(),COLUMN())),1)="R"',
    ),
    "by hand in Excel": (
        'type="beginsWith" operator="beginsWith" text="R"',
        'LEFT(F5,LEN("R"))="R"',
    ),
}


@pytest.mark.parametrize(("kind", "formula"), OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_a_rule_in_other_words_is_the_same(kind: str, formula: str) -> None:
    wanted: dict[str, list[Rule]] = {"F5:F11": [BEGINS_WITH_R]}
    data = edited(
        saved(laid(make(), wanted)),
        SHEET,
        ('type="expression"', kind),
        (BEGINS_WITH_R.formula, formula),
    )
    package = Package.of_bytes(data)
    assert not lay_rules(package.sheet("Data"), wanted)
    assert not package.changed
    spread = edited(data, SHEET, (F5, 'sqref="F5:F6 F8:F11"'))
    package = Package.of_bytes(spread)
    assert lay_rules(package.sheet("Data"), wanted)
    assert [rule[:2] for rule in of_sheet(saved(package))] == [("F5:F11", "expression")]


def test_a_begins_with_rule_for_another_word_is_of_staff() -> None:
    wanted: dict[str, list[Rule]] = {"F5:F11": [BEGINS_WITH_R]}
    other = ('type="beginsWith" operator="beginsWith" text="Re"', 'LEFT(F5,LEN("Re"))="Re"')
    data = edited(
        saved(laid(make(), wanted)),
        SHEET,
        ('type="expression"', other[0]),
        (BEGINS_WITH_R.formula, other[1]),
    )
    package = Package.of_bytes(data)
    assert lay_rules(package.sheet("Data"), wanted)
    assert len(of_sheet(saved(package))) == 2


def test_a_font_of_the_automatic_colour_is_black() -> None:
    wanted: dict[str, list[Rule]] = {"F5:F11": [BEGINS_WITH_R]}
    black = ('<font><color rgb="FF000000"/></font>', '<font><color auto="1"/></font>')
    data = edited(saved(laid(make(), wanted)), "xl/styles.xml", black)
    assert not lay_rules(Package.of_bytes(data).sheet("Data"), wanted)
