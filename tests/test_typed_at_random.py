"""Whatever people type, sort and refresh in any order: nothing is lost, doubled or made up."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from kqi_workbook.refreshing import refresh
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER, council

WORDS = {
    "Commentary points this quarter": ("Commentary", "Point"),
    "To get to GOOD, every social worker and ATM needs to focus on": ("Actions", "Action"),
}
QUARTERS = (QUARTER.previous, QUARTER, QUARTER.next)
DEEDS = ("type", "type", "sort History", "sort Scorecard", "refresh", "refresh another quarter")


def said(book: MemoryBook) -> Counter[str]:
    return Counter(str(line[text]) for tab, text in WORDS.values() for line in book.lines[tab])


@pytest.mark.parametrize("seed", range(6))
def test_what_is_typed_into_the_scorecard_is_in_its_tab_once(seed: int) -> None:
    dice = random.Random(seed)
    book, quarter = council(), QUARTER
    refresh(book, quarter)
    wanted = said(book)
    for number in range(16):
        deed = dice.choice(DEEDS)
        if deed == "type":
            line, column = dice.choice(book.lines["Scorecard"]), dice.choice([*WORDS])
            line[column] = f"{line[column] or ''}\n• Line {number} of somebody's."
            wanted[f"Line {number} of somebody's."] = 1
        elif deed.startswith("sort"):
            dice.shuffle(book.lines[deed.removeprefix("sort ")])
        else:
            quarter = quarter if deed == "refresh" else dice.choice(QUARTERS)
            refresh(book, quarter)
            assert said(book) == wanted
            assert not refresh(book, quarter).changes
