from __future__ import annotations

import pytest

from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.checks import ready_to_share, verdict
from kqi_workbook.scorecard.gathering import MOST_LISTED
from kqi_workbook.scorecard.model import Finding, Place, Severity
from tests.scorecard.checks.clean import clean
from tests.support.small_council import QUARTER

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def some(*severities: Severity) -> list[Finding]:
    return [Finding("code", severity, "What.", "Do.", Place("KQIs")) for severity in severities]


@pytest.mark.parametrize(
    ("severities", "ready", "words"),
    [
        ((), True, "Ready to share: nothing to put right"),
        ((NOTE,), True, "Ready to share: 1 note"),
        ((WARNING, NOTE, WARNING), True, "Ready to share: 2 warnings, 1 note"),
        ((ERROR,), False, "Not ready to share: 1 error"),
        ((NOTE, ERROR, ERROR), False, "Not ready to share: 2 errors, 1 note"),
    ],
)
def test_only_an_error_stands_in_the_way(
    severities: tuple[Severity, ...], ready: bool, words: str
) -> None:
    findings = some(*severities)
    assert ready_to_share(findings) is ready
    assert verdict(findings) == words


def test_the_most_severe_come_first_and_then_the_kqis_in_their_order() -> None:
    book = clean()
    book.lines["Commentary"][4] = {}  # KQI 5
    book.lines["Commentary"][1] = {}  # KQI 2
    book.lines["Actions"][0]["Who"] = None  # KQI 1
    found = [(finding.severity, finding.kqi) for finding in refresh(book).findings]
    assert found == [(ERROR, "2"), (ERROR, "5"), (WARNING, "1")]


def test_one_mistake_in_many_rows_is_not_told_row_by_row() -> None:
    book = clean()
    book.lines["Supervision"] += [
        {"Staff ref": f"S{number}", "Team": f"S{number}", "Due": QUARTER.start}
        for number in range(300)
    ]
    findings = refresh(book).findings
    unknown = [finding for finding in findings if finding.code == "unknown-team"]
    assert len(unknown) == MOST_LISTED + 1
    assert "280 more" in unknown[-1].what
