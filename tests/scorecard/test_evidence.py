from __future__ import annotations

from collections.abc import Iterable

import pytest

from kqi_workbook import layout
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.evidence import SUMMARIES, EvidenceResult, Part, Summary, summarise
from kqi_workbook.scorecard.model import Evidence, Period
from tests.scorecard.frames import data_table
from tests.scorecard.some import Q4, measure

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


def test_where_rows_name_no_kqi_a_measure_of_two_kqis_counts_the_same_rows() -> None:
    plans = Part("9 found the plan SMART", "Plans SMART")
    feedback = Evidence("1", SOURCE, False, "CoreGroups")
    groups = EvidenceResult(feedback, 12, Summary("12 Core Groups", (plans,)))
    of = {"source": SOURCE, "qualitative": True, "picks": "", "kqis": ("1", "2")}
    assert groups.part_of(measure("SMART", calculation="Plans SMART", **of)) == plans


DAY = "2014-02-03"


def challenge(theme: str = "", robust: bool | None = True) -> dict[str, object]:
    return {"Raised": DAY, "Theme": theme, "Robust": robust}


@pytest.mark.parametrize(
    ("table", "rows", "line"),
    [
        (layout.PURPLE_BOOK, [{"Month": DAY, "Numerator": 9}], "1 figure this quarter"),
        (layout.COURT, [{"Final order": DAY}, {"Issued": DAY}], "1 case concluded"),
        (
            layout.PERMANENCE,
            [
                {"Entered care": "2014-03-31", "Child's voice": "Football."},
                {"Entered care": "2014-04-01", "Child's voice": "Not in care yet."},
                {"Entered care": "2012-05-01", "Adoption order": "2014-01-01"},
                {"Entered care": "2012-05-01", "Adoption order": "2013-12-31"},
            ],
            "2 children: child's voice recorded for 1, parent's for 0",
        ),
        (layout.CHALLENGES, [challenge(), challenge("", None)], "2 challenges: 1 of 1 robust"),
        (layout.CHALLENGES, [challenge("Drift")], "1 challenge: 1 robust; most often Drift"),
        (
            layout.CHALLENGES,
            map(challenge, ["Contact", "drift", "Drift", ""]),
            "4 challenges: 4 robust; most often drift",
        ),
        (
            layout.CHALLENGES,
            map(challenge, ["Health", "Drift", "Contact", "Drift", "Contact"]),
            "5 challenges: 5 robust; most often Drift and Contact",
        ),
        # no theme comes up more often than the others
        (
            layout.CHALLENGES,
            map(challenge, ["Drift", "Contact", "Drift", "Contact"]),
            "4 challenges: 4 robust",
        ),
        (
            layout.SURVEYS,
            [{"Month": DAY, "Positive": 8, "Responses": 10}],
            "10 answers: 8 positive",
        ),
        (
            layout.SURVEYS,
            [{"Month": DAY, "Positive": 8, "Responses": 9}],
            "[c] fewer than 10 answers",
        ),
        # a file that is checked in two months is checked twice
        (
            layout.FILE_CHECKS,
            [
                {"Month": month, "File ref": file, "Met": file == "F1"}
                for month, file in ((DAY, "F1"), (DAY, "F1"), (DAY, "F2"), ("2014-03-01", "F1"))
            ],
            "3 files checked: 3 of 4 criteria met",
        ),
        (
            layout.REPORTS,
            [
                {"Quarter": "Q4 2013-14", "Presented": "2014-03-20", "Headline": "Visits are up."},
                {"Quarter": "Q4 2013-14", "Presented": "2014-01-20", "Headline": "Plans fell."},
            ],
            "presented 20 March 2014: Visits are up.",
        ),
        (
            layout.REPORTS,
            [{"Quarter": "Q4 2013-14", "Presented": "2014-03-20"}, {"Quarter": "Q4 2013-14"}],
            "presented 20 March 2014",
        ),
    ],
)
def test_what_a_sources_rows_say(
    table: layout.Table, rows: Iterable[dict[str, object]], line: str
) -> None:
    tables = {table.name: data_table(table, [*rows])}
    assert summarise(Evidence("1", SOURCE, False, table.name), tables, Q4, Q4.end).line == line


@pytest.mark.parametrize(
    ("table", "row", "calculation"),
    [
        (layout.CHALLENGES, {"Raised": DAY, "Robust": True}, "Robust challenges"),
        (layout.SURVEYS, {"Month": DAY, "Positive": 8, "Responses": 10}, "Answers positive"),
        (layout.FILE_CHECKS, {"Month": DAY, "File ref": "F1", "Met": True}, "Criteria met"),
        (layout.SUPERVISION, {"Due": DAY, "Held": DAY, "Reflective": True}, "Held"),
    ],
)
def test_what_a_measure_counts_too_has_its_figures_behind_it(
    table: layout.Table, row: dict[str, object], calculation: str
) -> None:
    source = Evidence("1", SOURCE, False, table.name)
    result = summarise(source, {table.name: data_table(table, [row])}, Q4, Q4.end)
    of = {"source": SOURCE, "qualitative": True, "picks": ""}
    part = result.part_of(measure("Of it", calculation=calculation, **of))
    assert part is not None and part == result.summary.parts[0]


def test_every_data_tab_has_its_summary() -> None:
    assert set(SUMMARIES) == {calculation.table.name for calculation in CALCULATIONS.values()} | {
        "Reports"
    }
