"""Rows that have the key of another."""

from __future__ import annotations

import pytest

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import add, clean
from tests.support.small_council import QUARTER


@pytest.mark.parametrize(
    ("table", "changes", "found"),
    [
        ("FileChecks", {}, True),
        ("FileChecks", {"File ref": "f1"}, True),
        ("FileChecks", {"Met": "No"}, True),
        ("FileChecks", {"File ref": "F9"}, False),
        ("FileChecks", {"Criterion": "Chronology"}, False),
        ("FileChecks", {"Month": QUARTER.previous.months[0]}, False),
        ("Reports", {}, True),
        ("Reports", {"Report": "Another report"}, False),
        ("PurpleBook", {"Numerator": 1}, True),
        ("PurpleBook", {"Team": "South", "Month": QUARTER.next.months[0]}, False),
    ],
)
def test_a_row_is_repeated_when_its_key_is(
    table: str, changes: dict[str, Value], found: bool
) -> None:
    book = clean()
    last = layout.TABLES[table].key[-1]
    place = add(book, table, book.lines[table][0] | changes, last)
    findings = refresh(book).findings
    assert [(f.code, str(f.place)) for f in findings] == [("repeated-row", place)] * found
    assert all("of row 5 again" in finding.what for finding in findings)
