"""The rows of the Checks sheet, and where their links go."""

from __future__ import annotations

import pytest

from kqi_workbook.books.cells import Formula
from kqi_workbook.pages.checks import link
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.model import Place
from tests.support.memory_book import Line
from tests.support.small_council import council, measure


@pytest.mark.parametrize(
    ("place", "formula", "shown"),
    [
        (Place("Audits", "B5"), """HYPERLINK("#'Audits'!B5","Audits B5")""", "Audits B5"),
        (Place("Audits"), """HYPERLINK("#'Audits'!A1","Audits")""", "Audits"),
        (Place("Q4's", "B5"), """HYPERLINK("#'Q4''s'!B5","Q4's B5")""", "Q4's B5"),
        (Place('"Old"', "B5"), '''HYPERLINK("#'""Old""'!B5","""Old"" B5")''', '"Old" B5'),
    ],
)
def test_a_link_goes_to_its_cell_whatever_the_sheet_is_called(
    place: Place, formula: str, shown: str
) -> None:
    assert link(place) == Formula(formula, shown)


def test_a_findings_kqi_stands_as_a_number_where_it_is_one() -> None:
    lost: Line = {"Quarter": "last winter", "KQI": 1, "Point": "Lost."}
    both = measure("Of both", "1, 2")
    starting = council().lines
    book = council(
        Commentary=[*starting["Commentary"], lost], Measures=[*starting["Measures"], both]
    )
    book.lines["Actions"].pop()
    refresh(book)
    told = {line["Code"]: line["KQI"] for line in book.lines["Checks"]}
    assert told == {"no-action": 2, "unreadable-cell": None, "no-data": "1, 2"}
