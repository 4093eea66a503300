from __future__ import annotations

import pytest

from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.evidence import SUMMARIES, EvidenceResult, Part, Summary
from kqi_workbook.scorecard.model import Evidence, Period
from tests.scorecard.some import measure

SOURCE = "Quarterly external audit of cases"
GOOD = Part("9 good or better", "Graded good or better")
URGENT = Part("1 needed immediate improvement", "Needing immediate improvement")
AUDITS = EvidenceResult(
    Evidence("1", SOURCE, False, "Audits", "External audit"),
    12,
    Summary("12 case audits", (GOOD, URGENT)),
)


def test_a_line_says_how_many_and_then_what_is_in_them() -> None:
    assert AUDITS.line == "12 case audits: 9 good or better; 1 needed immediate improvement"


def test_a_source_without_rows_says_only_that() -> None:
    nothing = EvidenceResult(AUDITS.evidence, 0, Summary("[x] nothing this quarter"))
    assert nothing.line == "[x] nothing this quarter"


def test_figures_stand_behind_the_part_that_counts_the_same() -> None:
    assert AUDITS.line_with({GOOD: "75.0% A"}) == (
        "12 case audits: 9 good or better, 75.0% A; 1 needed immediate improvement"
    )


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"calculation": "Graded good or better"}, GOOD),
        ({"calculation": "Needing immediate improvement"}, URGENT),
        ({"calculation": "Graded good or better", "source": SOURCE.upper()}, GOOD),
        ({"calculation": "Criteria met"}, None),
        # a measure of the last month alone counts other rows than the quarter's
        ({"calculation": "Graded good or better", "period": Period.END}, None),
        ({"calculation": "Graded good or better", "source": "LAC survey"}, None),
        ({"calculation": "Graded good or better", "qualitative": False}, None),
        ({"calculation": "Graded good or better", "kqis": ("1", "2")}, None),
        ({"calculation": "Graded good or better", "picks": "Routine case audit"}, None),
        ({"calculation": "Graded good or better", "picks": "EXTERNAL AUDIT"}, GOOD),
    ],
)
def test_a_measure_finds_the_part_that_counts_the_same_rows(
    changes: dict[str, object], part: Part | None
) -> None:
    of = {"source": SOURCE, "qualitative": True, "picks": "External audit", **changes}
    assert AUDITS.part_of(measure("Audits good or better", **of)) == part


def test_every_data_tab_has_its_summary() -> None:
    assert set(SUMMARIES) == {calculation.table.name for calculation in CALCULATIONS.values()} | {
        "Reports"
    }
