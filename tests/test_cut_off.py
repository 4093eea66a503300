from __future__ import annotations

from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook import layout
from kqi_workbook.books.book import AddRows
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.scorecard.model import Severity
from tests.making.made import EXAMPLE
from tests.support.memory_book import Line

POINT = "Practice leads looked at each child's plan with the team and agreed what changes by June."


@pytest.mark.parametrize(("points", "told"), [(3, []), (10, ["Scorecard E5"])])
def test_words_that_no_row_is_high_enough_for_are_told(points: int, told: list[str]) -> None:
    book = FileBook(Path(EXAMPLE).read_bytes(), "KQIs.xlsx")
    rows: list[Line] = [
        {"Quarter": "Q4 2013-14", "KQI": 1, "Point": f"{i} {POINT}"} for i in range(points)
    ]
    book.write([AddRows.by_name(layout.COMMENTARY.name, ["Quarter", "KQI", "Point"], rows)])
    found = [f for f in kqi_workbook.check(book).findings if f.code == "cut-off"]
    assert [str(finding.place) for finding in found] == told
    for finding in found:
        assert (finding.severity, finding.kqi) == (Severity.WARNING, "1")
        assert "the end of 'Commentary points this quarter'" in finding.what
