"""Measures and sources without data, months and teams missing, samples too small."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.clean import REPORT, SAMPLE, add, clean, codes, find, name
from tests.support.memory_book import Line, MemoryBook
from tests.support.small_council import MONTHS, QUARTER, measure, months


@pytest.mark.parametrize(
    ("source", "files", "found"),
    [
        (SAMPLE, 2, ["small-sample"]),
        ("Sample of 3 staff files", 2, ["small-sample"]),
        ("Monthly sampling: 3 files", 2, ["small-sample"]),
        (SAMPLE, 3, []),
        (SAMPLE, 4, []),
        ("Sample monthly check of case files", 1, []),
        ("Check of 3 case files", 1, []),
        ("Quarterly check in 3 areas", 1, []),
    ],
)
def test_a_sample_is_as_large_as_its_name_says(source: str, files: int, found: list[str]) -> None:
    book = clean()
    book.lines["Evidence"][0]["Source"] = source
    month = QUARTER.months[2]
    rows = [row for row in book.lines["FileChecks"] if row["Month"] != month]
    any_file = book.lines["FileChecks"][0] | {"Month": month}
    rows += [any_file | {"File ref": f"F{i}"} for i in range(files)]
    rows += [any_file | {"File ref": "F0", "Criterion": "Chronology"}]
    book.lines["FileChecks"] = rows
    done = refresh(book)
    assert codes(done) == found
    assert not found or f"{files} in Mar 2014." in done.findings[0].what


@pytest.mark.parametrize(
    ("refs", "found"),
    [
        ([None, None, None], []),
        (["A1", "A1", None, None], []),
        ([None, None], ["small-sample"]),
        (["A1", "A1", "A1", None], ["small-sample"]),
    ],
)
def test_an_audit_without_a_case_ref_is_a_file_of_its_own(
    refs: list[str | None], found: list[str]
) -> None:
    book = clean()
    source = {"KQI": 1, "Source": "Sample of 3 case audits", "Expected": "Monthly"}
    add(book, "Evidence", source | {"Tab": "Audits"}, "Source")
    row: dict[str, Value] = {"Audit": "Case audit", "Team": "North", "KQI": 1, "Grade": "Good"}
    for month in QUARTER.months:
        for ref in refs:
            add(book, "Audits", row | {"Date": month, "Case ref": ref}, "Date")
    assert codes(refresh(book)) == found


def test_a_month_without_any_file_is_said_once_as_a_missing_month() -> None:
    book = clean()
    month = QUARTER.months[2]
    rows = [row for row in book.lines["FileChecks"] if row["Month"] != month]
    book.lines["FileChecks"] = rows
    assert codes(refresh(book)) == ["no-evidence"]


def without(book: MemoryBook, team: str, *gone: dt.date) -> None:
    """KQI 4's measure lacks these months of a team."""
    for row in book.lines["PurpleBook"]:
        if row.get("Measure") == name("4") and row["Team"] == team and row["Month"] in gone:
            row.clear()


@pytest.mark.parametrize("period", ["Total", "End"])
def test_a_figure_that_lacks_a_team_at_the_quarters_end_says_so(period: str) -> None:
    book = clean()
    book.lines["Measures"][find(book, "Measures", Measure=name("4"))]["Period"] = period
    without(book, "South", MONTHS[-1])
    finding = next(f for f in refresh(book).findings if f.code == "months-missing")
    assert finding.what == (
        f"'{name('4')}' has no rows for South in Mar 2014. Its figure is that of the other rows."
    )
    assert finding.kqi == "4"


def test_a_figure_that_lacks_teams_and_months_is_one_finding() -> None:
    book = clean()
    without(book, "South", *QUARTER.months)
    without(book, "North", MONTHS[-1])
    (finding,) = refresh(book).findings
    assert (
        "has no rows for South in Jan 2014; South in Feb 2014; any team in Mar 2014."
        in finding.what
    )


@pytest.mark.parametrize("period", ["Total", "End"])
def test_a_team_without_rows_of_a_measure_that_is_entered_quarterly_is_missing(period: str) -> None:
    book = clean()
    book.lines["Measures"][find(book, "Measures", Measure=name("4"))]["Period"] = period
    between = [month for month in MONTHS if month.month % 3]
    for team, gone in (("North", between), ("South", [*between, MONTHS[-1]])):
        without(book, team, *gone)
    told = [f.what for f in refresh(book).findings if f.code == "months-missing"]
    assert len(told) == 1 and "has no rows for South in Q4 2013-14. Its" in told[0]


def lacking(book: MemoryBook, today: dt.date) -> list[str]:
    found = [f.what for f in refresh(book, today=today).findings if f.code == "months-missing"]
    return [what.split("no rows for ")[1].split(". Its")[0] for what in found]


@pytest.mark.parametrize(
    ("today", "lacks"),
    [
        (dt.date(2014, 2, 27), []),
        (dt.date(2014, 2, 28), ["any team in Feb 2014"]),
        (dt.date(2014, 3, 30), ["any team in Feb 2014"]),
        (dt.date(2014, 3, 31), ["any team in Feb 2014; any team in Mar 2014"]),
    ],
)
def test_nothing_is_missing_of_a_month_that_is_not_over(today: dt.date, lacks: list[str]) -> None:
    book = clean()
    for team in ("North", "South"):
        without(book, team, *QUARTER.months[1:])
    assert lacking(book, today) == lacks


@pytest.mark.parametrize("period", ["Total", "End"])
def test_a_team_is_missing_as_soon_as_another_has_rows(period: str) -> None:
    """A number of plans at the end of March would be that of one team."""
    book = clean()
    book.lines["Measures"][find(book, "Measures", Measure=name("4"))]["Period"] = period
    without(book, "South", MONTHS[-1])
    assert lacking(book, dt.date(2014, 3, 3)) == ["South in Mar 2014"]


def test_rows_of_a_quarter_are_wanted_once_a_month_of_it_is_over() -> None:
    book = clean()
    for team in ("North", "South"):
        without(book, team, *QUARTER.months)

    def found(day: int) -> list[str]:
        done = refresh(book, today=dt.date(2014, 1, day))
        return [f.code for f in done.findings if name("4") in f.what]

    assert found(30) == []
    assert found(31) == ["no-data"]


def test_a_source_and_its_sample_are_expected_once_a_month_is_over() -> None:
    book = clean()
    file, *_ = [row for row in book.lines["FileChecks"] if row["Month"] == QUARTER.months[0]]
    book.lines["FileChecks"] = [file]

    def found(day: int) -> list[str]:
        done = refresh(book, today=dt.date(2014, 1, day))
        return [f.code for f in done.findings if SAMPLE in f.what]

    assert found(30) == []
    assert found(31) == ["small-sample"]
    book.lines["FileChecks"] = []
    assert found(30) == []
    assert found(31) == ["no-evidence"]


def test_what_is_expected_quarterly_is_missing_once_the_quarter_is_over() -> None:
    book = clean()
    book.lines["Reports"] = []
    for day, found in ((dt.date(2014, 3, 30), []), (QUARTER.end, ["no-evidence"])):
        assert codes(refresh(book, today=day)) == found


@pytest.mark.parametrize(
    ("calculation", "denominators", "todo"),
    [
        ("Percentage", [], "Add its rows to the Purple book tab"),
        ("Percentage", [0], "Correct its denominators in the Purple book tab, or say"),
        ("Rate per 10,000", [None], "or leave them all blank and write the Child population"),
        ("Rate per 10,000", [None, 9], "Fill in the denominator of each of its rows"),
    ],
)
def test_what_to_do_for_a_value_goes_by_why_there_is_none(
    calculation: str, denominators: list[float | None], todo: str
) -> None:
    book = clean()
    add(book, "Measures", measure("Odd", "2", Calculation=calculation), "Measure")
    for team, denominator in zip(("North", "South"), denominators, strict=False):
        row = {"Month": QUARTER.months[0], "Team": team, "Measure": "Odd", "Numerator": 0}
        add(book, "PurpleBook", row | {"Denominator": denominator}, "Measure")
    (finding,) = refresh(book).findings
    assert finding.code == "no-data" and todo in finding.todo


def test_nobody_is_told_to_add_rows_where_there_are_only_few() -> None:
    book = clean()
    audits = measure("Audits good", "2", Source="Audits", Calculation="Graded good or better")
    add(book, "Measures", audits, "Measure")
    audit: Line = {"Date": QUARTER.start, "Audit": "A", "Team": "North", "KQI": 2, "Grade": "Good"}
    book.lines["Audits"] += [dict(audit) for _ in range(9)]
    assert codes(refresh(book, today=dt.date(2014, 3, 30))) == []  # more of them may come
    (finding,) = refresh(book).findings
    assert finding.todo == (
        "Add what the Audits tab lacks, or say in the commentary why there are so few."
    )


def test_a_source_is_looked_for_though_the_tab_of_the_one_before_is_missing() -> None:
    book = clean()
    for tab in ("Audits", "Surveys"):
        row = {"KQI": 1, "Source": f"Of {tab}", "Expected": "Quarterly", "Tab": tab}
        add(book, "Evidence", row, "Source")
    del book.lines["Audits"]
    found = [f.what for f in refresh(book).findings if f.code == "no-evidence"]
    assert found == [f"'Of Surveys' has no rows for {QUARTER}."]


def test_a_source_without_rows_is_said_once_and_not_for_each_of_its_measures() -> None:
    book = clean()
    poll = {"KQI": 1, "Source": "Straw poll", "Expected": "Quarterly", "Tab": "Surveys"}
    add(book, "Evidence", poll | {"Filter value": "Poll"}, "Source")
    positive = measure("Poll positive", "1", Source="Straw poll", Calculation="Answers positive")
    add(book, "Measures", positive, "Measure")
    assert codes(refresh(book)) == ["no-evidence"]


def test_a_monthly_source_whose_rows_speak_for_the_quarter_lacks_no_month() -> None:
    book = clean()
    for row in book.lines["Evidence"]:
        row["Expected"] = "Monthly"
    children = {"KQI": 1, "Source": "ALM data", "Expected": "Monthly", "Tab": "Permanence"}
    add(book, "Evidence", children, "Source")
    child = {"Child ref": "C1", "Team": "North", "Entered care": dt.date(2013, 1, 9)}
    add(book, "Permanence", child, "Child ref")
    assert codes(refresh(book)) == []
    book.lines["Permanence"].clear()
    assert codes(refresh(book)) == ["no-evidence"]


def test_a_missing_table_is_said_once_and_not_for_all_that_rests_on_it() -> None:
    for table in ("PurpleBook", "FileChecks", "Commentary", "Actions", "Reports"):
        book = clean()
        del book.lines[table]
        assert codes(refresh(book)) == ["missing-table"], table


def test_a_report_on_file_and_not_presented_is_no_report() -> None:
    book = clean()
    book.lines["Reports"][0]["Presented"] = None
    (finding,) = refresh(book).findings
    assert finding.what == f"No report presented: {REPORT}."


def test_a_rate_is_without_data_if_one_of_its_rows_has_no_denominator() -> None:
    book = clean()
    add(book, "Settings", {"Setting": "Child population", "Value": "40000"}, "Value")
    book.lines["PurpleBook"] += months("Rate", [50] * 24, 100)
    add(book, "Measures", measure("Rate", "2", Calculation="Rate per 10,000"), "Measure")
    assert codes(refresh(book)) == []
    book.lines["PurpleBook"][-1]["Denominator"] = None
    (finding,) = refresh(book).findings
    assert "some of its rows have no denominator" in finding.what
