"""The Checks sheet: ready to share or not, and one row a finding with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kqi_workbook import layout
from kqi_workbook.books.book import SetCell, SetRows, Update
from kqi_workbook.books.cells import Formula
from kqi_workbook.layout import Name
from kqi_workbook.pages.marks import number_or_text, titled
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.checks import verdict
from kqi_workbook.scorecard.model import Finding, Place

TABLE = layout.CHECKS
COLUMNS = tuple(column.name for column in TABLE.columns)


def updates(board: Scorecard, findings: Sequence[Finding]) -> Iterator[Update]:
    """The verdict and the findings."""
    yield SetCell(Name.CHECKS_TITLE.value, titled(board.council, f"Checks, {board.period}"))
    yield SetCell(Name.CHECKS_STATUS.value, f"{verdict(findings)}.")
    yield SetRows(
        TABLE.name,
        COLUMNS,
        tuple(
            (
                finding.severity.value,
                number_or_text(finding.kqi) if finding.kqi else None,
                link(finding.place),
                finding.what,
                finding.todo,
                finding.code,
            )
            for finding in findings
        ),
        key=("Code", "What is wrong"),
    )


def link(place: Place) -> Formula:
    """A cell that says where, and goes there when it is clicked."""
    sheet = place.sheet.replace("'", "''")
    target = f"#'{sheet}'!{place.cell or 'A1'}"
    quoted = [text.replace('"', '""') for text in (target, str(place))]
    return Formula(f'HYPERLINK("{quoted[0]}","{quoted[1]}")', str(place))
