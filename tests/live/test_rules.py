"""Conditional formats on a live sheet: ours are known by what they are, and mended."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import xlwings

from kqi_workbook.books.book import Broken, Fill, SetRules, Written
from kqi_workbook.books.fills import fill_formula
from kqi_workbook.books.live.book import LiveBook
from tests.live.libreoffice_engine import Calc
from tests.live.workbooks import ARROWS, FILLS, RED

OVER_RAG = SetRules("Scorecard", "RAG", FILLS)
OVER_TREND = SetRules("Scorecard", "Trend", ARROWS)


def laid(book: xlwings.Book, sheet: str = "Score card") -> Counter[tuple[Any, ...]]:
    """Each rule of a sheet as its kind, its colour and where it lies."""
    return Counter(
        (rule["type"], rule.get("fill"), *map(tuple, rule["areas"]))
        for rule in book.impl.ask("rules", sheet=sheet)
    )


def expected(*areas: tuple[int, int, int, int]) -> Counter[tuple[Any, ...]]:
    fills = [("custom", int(fill.colour, 16), area) for fill in FILLS for area in areas]
    return Counter([*fills, ("icon_set", None, (4, 4, 6, 4)), STAFFS])


STAFFS = ("unknown", None, (4, 3, 6, 3))


@pytest.fixture(autouse=True)
def staffs_rule_has_no_colour(workbook: xlwings.Book) -> None:
    found = [rule for rule in laid(workbook) if rule[2] == STAFFS[2]]
    assert [rule[0] for rule in found] == ["unknown"]


def without_staffs(rules: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    return Counter({rule: n for rule, n in rules.items() if rule[0] != "unknown"})


def test_rules_that_are_right_are_left_alone(workbook: xlwings.Book, calc: Calc) -> None:
    assert LiveBook(workbook).write([OVER_RAG, OVER_TREND]).mended == ()
    assert calc.calls["delete_rule"] == calc.calls["add_custom"] == 0


def test_a_copy_left_by_pasting_is_taken_out(workbook: xlwings.Book) -> None:
    cells = workbook.sheets["Score card"].range((9, 7), (9, 7))
    cells.conditional_formats.add_custom(
        '=LEFT(G9,1)="R"', fill_color=f"#{RED}", font_color="#000000"
    )
    book = LiveBook(workbook)
    broken = (Broken("Score card", ("G9",), copies=True),)
    assert book.foresee([OVER_RAG, OVER_TREND]) == Written(0, ("Score card",), broken)
    assert book.write([OVER_RAG, OVER_TREND]) == Written(0, ("Score card",), broken)
    assert without_staffs(laid(workbook)) == without_staffs(expected((4, 2, 6, 2)))
    assert book.write([OVER_RAG, OVER_TREND]) == Written(0)


def test_rules_follow_a_table_that_grows(workbook: xlwings.Book) -> None:
    from kqi_workbook.books.book import AddRows

    written = LiveBook(workbook).write([AddRows("Scorecard", ("KQI",), ((4,),)), OVER_RAG])
    assert written.broken == ()
    rules = without_staffs(laid(workbook))
    assert {rule[2] for rule in rules if rule[0] == "custom"} == {(4, 2, 7, 2)}


def test_missing_rules_are_laid_over_tables_and_areas(workbook: xlwings.Book) -> None:
    over_grid = SetRules("Trends_grid", "", FILLS)
    assert LiveBook(workbook).foresee([over_grid]) == Written(0)
    assert LiveBook(workbook).write([over_grid]) == Written(0, ("Trends",))
    assert laid(workbook, "Trends") == Counter(
        [("custom", int(fill.colour, 16), (1, 2, 4, 4)) for fill in FILLS]
    )
    assert LiveBook(workbook).write([over_grid]).mended == ()


def test_the_same_rules_over_two_columns_lie_over_both(workbook: xlwings.Book) -> None:
    both = [OVER_RAG, SetRules("Scorecard", "Our note", FILLS), OVER_TREND]
    assert LiveBook(workbook).write(both).mended == ("Score card",)
    rules = without_staffs(laid(workbook))
    assert rules == without_staffs(expected((4, 2, 6, 2), (4, 3, 6, 3)))
    assert LiveBook(workbook).write(both).mended == ()


def test_arrows_that_are_gone_come_back(workbook: xlwings.Book) -> None:
    sheet = workbook.sheets["Score card"]
    next(r for r in sheet.cells.conditional_formats if r.type == "icon_set").delete()
    broken = (Broken("Score card", ("D4:D6",), copies=False),)
    assert LiveBook(workbook).foresee([OVER_RAG, OVER_TREND]).broken == broken
    assert LiveBook(workbook).write([OVER_RAG, OVER_TREND]).broken == broken
    added = [rule for rule in workbook.impl.ask("rules", sheet="Score card") if "arrows" in rule]
    assert [(rule["areas"], rule["thresholds"]) for rule in added] == [([[4, 4, 6, 4]], ["0", "1"])]


def test_staffs_own_rules_stay(workbook: xlwings.Book) -> None:
    before = [rule for rule in laid(workbook) if rule[0] == "unknown"]
    LiveBook(workbook).write([SetRules("Scorecard", "Our note", FILLS)])
    assert [rule for rule in laid(workbook) if rule[0] == "unknown"] == before


@pytest.mark.parametrize(
    ("text", "coloured"),
    [("R\nRed", True), ("red", True), ("G\nGreen", False), ("", False), (" R", False)],
)
def test_a_laid_fill_colours_cells_that_begin_with_its_word(
    workbook: xlwings.Book, text: str, coloured: bool
) -> None:
    LiveBook(workbook).write([SetRules("Trends_grid", "", (Fill("R", RED),))])
    sheet = workbook.sheets["Trends"]
    sheet.range((2, 3)).value = text
    sheet.range((9, 9)).value = fill_formula("R").replace("ROW()", "2").replace("COLUMN()", "3")
    assert sheet.range((9, 9)).value is coloured
