"""What is close to a fault and right all the same: one table a theme, five or more a check."""

from __future__ import annotations

import pytest

from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.checks import CHECKS, ROW_CHECKS
from tests.scorecard.checks.clean import clean
from tests.scorecard.checks.near import acting, commentary, figures, records, rows
from tests.scorecard.checks.near.case import FEWEST, NearMiss, NearMisses

THEMES = (commentary.NEAR, acting.NEAR, figures.NEAR, records.NEAR, rows.NEAR)
NEAR: NearMisses = {code: misses for theme in THEMES for code, misses in theme.items()}

CASES = [
    pytest.param(code, miss, id=f"{code}: {miss.what}")
    for code, misses in NEAR.items()
    for miss in misses
]


@pytest.mark.parametrize(("code", "miss"), CASES)
def test_a_near_miss_sets_nothing_off(code: str, miss: NearMiss) -> None:
    book = clean()
    miss.plant(book)
    assert repr(book.lines) != repr(clean().lines)  # 1 and 1.0 are not the same
    assert code not in miss.also
    assert sorted(finding.code for finding in refresh(book).findings) == sorted(miss.also)


@pytest.mark.parametrize("code", [*CHECKS, *ROW_CHECKS])
def test_every_check_has_five_near_misses_or_more(code: str) -> None:
    assert len({miss.what for miss in NEAR.get(code, ())}) >= FEWEST


def test_a_near_miss_is_registered_under_a_check_and_once() -> None:
    assert set(NEAR) == {*CHECKS, *ROW_CHECKS}
    assert sum(map(len, THEMES)) == len(NEAR)
