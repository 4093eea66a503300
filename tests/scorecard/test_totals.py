from __future__ import annotations

import pytest

from kqi_workbook import layout
from kqi_workbook.layout import Refers
from kqi_workbook.scorecard.tables import resolve
from kqi_workbook.scorecard.totals import is_total
from tests.scorecard.frames import data_table
from tests.support.small_council import MONTHS


@pytest.mark.parametrize(
    "name",
    "Total|TOTAL:|Totals|Grand total|Council  total|All|All teams|Authority|Local authority|"
    "Whole service|Overall|England|National".split("|"),
)
def test_a_total_is_known_by_its_name(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize(
    "name", "|A&A|North|Allerton|All Saints|Total Respect|England Road|Not by team".split("|")
)
def test_a_team_is_no_total(name: str) -> None:
    assert not is_total(name)


def test_nobody_is_advised_to_make_a_team_of_a_total() -> None:
    line = {"Month": MONTHS[-1], "Team": "Total", "Measure": "m", "Numerator": 1}
    table, (finding,) = resolve(
        data_table(layout.PURPLE_BOOK, [line]), {Refers.TEAM: ["North", "Tottal"]}
    )
    assert table.rows.empty
    assert finding.code == "unknown-team"
    assert finding.todo == "Delete the row, or name its team: totals are worked out from the teams."
