"""Actions, judgements, benchmarks, samples, rows, restatements: what sets a check off, or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import Refreshed, refresh
from tests.scorecard.checks.clean import REPORT, SAMPLE, add, clean, find, line, name
from tests.scorecard.checks.near.rows import core_groups
from tests.support.memory_book import Line, MemoryBook
from tests.support.small_council import MONTHS, PLANS, QUARTER, measure, months


def codes(done: Refreshed) -> list[str]:
    return [finding.code for finding in done.findings]


# ---- actions


@pytest.mark.parametrize(
    ("due", "status", "today", "late"),
    [
        (dt.date(2014, 4, 10), "In progress", dt.date(2014, 4, 11), True),
        (dt.date(2014, 4, 10), "In progress", dt.date(2014, 4, 10), False),
        (dt.date(2014, 4, 10), "", dt.date(2014, 4, 11), True),
        (dt.date(2014, 4, 10), "Done", dt.date(2014, 4, 11), False),
        (dt.date(2014, 4, 10), "In progress", None, False),
        (dt.date(2014, 3, 30), "Not started", None, True),
        (dt.date(2014, 3, 31), "Not started", None, False),
        (dt.date(2014, 6, 29), "Not started", dt.date(2014, 6, 30), True),
        (dt.date(2014, 6, 29), "Not started", dt.date(2014, 7, 1), False),
        (dt.date(2014, 3, 30), "Not started", dt.date(2026, 1, 1), True),
    ],
)
def test_an_action_is_overdue_while_its_scorecard_is_the_latest(
    due: dt.date, status: str, today: dt.date | None, late: bool
) -> None:
    """Later than the quarter after it, it is held against its own quarter's last day again."""
    book = clean()
    book.lines["Actions"][0] |= {"Due": due, "Status": status}
    assert codes(refresh(book, today=today)) == ["overdue"] * late


@pytest.mark.parametrize(
    "columns",
    [
        {"Who": "A", "Due": dt.date(2014, 5, 1)},
        {"Who": None, "Due": None, "Status": "Done"},
        {"Who": None, "Due": None, "KQI": 7},
        {"Who": "All", "Due": "30 June 2014"},
        {"Who": None, "Due": None, "Quarter": QUARTER.previous.label},
    ],
    ids=["filled in", "done", "of a Green KQI", "a date as text", "of another quarter"],
)
def test_an_action_without_who_or_date_may_be_right(columns: dict[str, Value]) -> None:
    book = clean()
    for row in book.lines["PurpleBook"]:
        if row["Measure"] == name("7") and row["Month"] in QUARTER.months:
            row["Numerator"] = 95
    add(book, "Actions", line("3", Action="Hold reviews early.") | columns, "Action")
    assert not {"no-who", "no-due-date"} & set(codes(refresh(book)))


@pytest.mark.parametrize("who", ["tbc", "-", "N/A", "to be confirmed"])
def test_a_placeholder_is_nobody_to_do_it(who: str) -> None:
    book = clean()
    book.lines["Actions"][0]["Who"] = who
    (finding,) = refresh(book).findings
    assert (finding.code, finding.place.cell) == ("no-who", "D5")
    assert f"has nobody to do it (found '{who}'), and KQI 1 is Amber." in finding.what


def test_a_placeholder_is_no_action_whoever_does_it() -> None:
    book = clean()
    book.lines["Actions"][0] |= {"Action": "-", "Who": "-", "Due": None}
    (finding,) = refresh(book).findings
    assert (finding.code, finding.place.cell) == ("no-action", "C5")
    assert finding.what == "KQI 1 has no action for Q4 2013-14: found '-'."


def test_an_action_with_neither_is_two_things_to_put_right() -> None:
    book = clean()
    book.lines["Actions"][0] |= {"Who": None, "Due": None}
    places = {finding.code: finding.place.cell for finding in refresh(book).findings}
    assert places == {"no-who": "D5", "no-due-date": "E5"}


# ---- judgements


@pytest.mark.parametrize(
    ("rag", "trend", "found"),
    [
        ("Red", None, ["judged-otherwise"]),
        ("Green", "Improving", ["judged-otherwise"] * 2),
        ("Amber", "Worsening", ["judged-otherwise"]),
        ("Amber", None, []),
        ("Amber", "Steady", []),
    ],
)
def test_a_judgement_that_differs_from_the_proposal_is_noted(
    rag: str, trend: str | None, found: list[str]
) -> None:
    assert codes(refresh(judged(clean(), RAG=rag, Trend=trend))) == found


def test_where_the_measures_propose_nothing_a_judgement_contradicts_nothing() -> None:
    book = judged(clean(), RAG="Red", Trend="Worsening")
    last = [row for row in book.lines["PurpleBook"] if row["Measure"] != name("3")]
    book.lines["PurpleBook"] = last
    assert "judged-otherwise" not in codes(refresh(book))


@pytest.mark.parametrize("quarter", [QUARTER.previous, QUARTER.next])
def test_another_quarters_judgement_is_not_looked_at(quarter: object) -> None:
    assert codes(refresh(judged(clean(), RAG="Red", Quarter=str(quarter)))) == []


def judged(book: MemoryBook, **columns: Value) -> MemoryBook:
    row = line("3", Reason="Two audits.", By="A Director", Date=dt.date(2014, 4, 9))
    add(book, "Judgements", row | columns, "KQI")
    return book


# ---- benchmarks

ANY: dict[str, Value] = {"Green from": None, "Green to": None, "Amber from": None}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"Good is": "High", "Green to": 90}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green from": 10}, "limits-do-not-fit"),
        ({"Good is": "High", "Amber from": 80}, "limits-do-not-fit"),
        ({"Good is": "Not judged", "Key": "Yes"}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 80, "Amber from": 90}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 10, "Amber to": 5}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 90, "Amber to": 89.9}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 5, "Amber from": 5.1}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 8, "Green to": 18}
            | {"Amber from": 10, "Amber to": 15},
            "limits-do-not-fit",
        ),
        ({"Good is": "High", "Green from": 90, "Benchmark source": " "}, "no-benchmark-source"),
        ({"Good is": "High", "Green from": 90}, None),
        ({"Good is": "High", "Green from": 80, "Green to": 90}, "limits-do-not-fit"),
        (
            {"Good is": "High", "Green from": 90, "Green to": 100, "Calculation": "Average"},
            "limits-do-not-fit",
        ),
        ({"Good is": "Low", "Green from": 20, "Green to": 26}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15, "Amber from": 8},
            "limits-do-not-fit",
        ),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15, "Amber to": 18},
            "limits-do-not-fit",
        ),
        ({"Good is": "High", "Green from": 80, "Green to": 100}, None),
        ({"Good is": "Low", "Green from": 0, "Green to": 5}, None),
        ({"Good is": "In range", "Green from": 10, "Amber from": 8}, None),
        ({"Good is": "Low", "Green to": 5, "Amber to": 10}, None),
        ({"Good is": "High", "Green from": 90, "Amber from": 0}, "limits-do-not-fit"),
        ({"Good is": "High", "Green from": 0}, "limits-do-not-fit"),
        ({"Good is": "Low", "Green to": 5, "Amber to": 100}, "limits-do-not-fit"),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 0, "Amber to": 100},
            "limits-do-not-fit",
        ),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 0, "Amber to": 18},
            None,
        ),
        ({"Good is": "Low", "Green to": 5, "Amber to": 100, "Calculation": "Average"}, None),
        ({"Good is": "Low", "Green to": 5, "Amber from": 5.1, "Amber to": 10}, None),
        ({"Good is": "High", "Green from": 90, "Amber from": 80, "Amber to": 89}, None),
        (
            {"Good is": "In range", "Green from": 10, "Green to": 15}
            | {"Amber from": 15, "Amber to": 18},
            None,
        ),
        ({"Good is": "In range", "Green from": 10, "Green to": 15}, None),
        ({"Good is": "In range", "Green from": 10}, None),
        ({"Good is": "Not judged", "Key": "No", "Benchmark source": None}, None),
        ({"Good is": "Not judged", "Key": "No", "Green from": 90}, None),
        ({"Good is": "High", "Benchmark source": None}, "limits-do-not-fit"),
        ({"Good is": "In range"}, "limits-do-not-fit"),
    ],
)
def test_limits_go_with_what_good_is(changes: dict[str, Value], found: str | None) -> None:
    book = clean()
    book.lines["PurpleBook"] += [dict(row) for row in months("Odd", [85] * 24, 100)]
    add(book, "Measures", measure("Odd", "2") | ANY | changes, "Measure")
    assert codes(refresh(book)) == ([found] if found else [])


@pytest.mark.parametrize(
    ("column", "limits", "what"),
    [
        ("Green to", {"Green to": 95}, "values above its Green to of 95 are not Green"),
        (
            "Green from",
            {"Good is": "Low", "Green from": 20, "Green to": 26, "Amber from": None},
            "values below its Green from of 20 are not Green",
        ),
        (
            "Amber from",
            {"Amber from": 0},
            "and has limits that all values meet, so nothing can be Red",
        ),
        (
            "Green to",
            {"Good is": "Low", "Green from": None, "Green to": 100, "Amber from": None},
            "and has limits that all values meet, so nothing can be Red",
        ),
        (
            "Amber to",
            {"Good is": "In range", "Green to": 95},
            "has no Amber to, so high values cannot be Red",
        ),
    ],
)
def test_the_limit_that_does_not_fit_is_named(
    column: str, limits: dict[str, Value], what: str
) -> None:
    book = clean()
    book.lines["PurpleBook"] += months("Odd", [85] * 24, 100)
    place = add(book, "Measures", measure("Odd", "2") | limits, column)
    (finding,) = refresh(book).findings
    assert str(finding.place) == place
    assert finding.what.startswith("'Odd' is good when ") and finding.what.endswith(f"{what}.")


@pytest.mark.parametrize(
    ("limits", "meant"),
    [
        (
            {"Green from": 0.9, "Amber from": 0.8},
            "has Green from 0.9, which was probably meant as 90%",
        ),
        (
            {"Green from": 1, "Amber from": 0.95},
            "has Green from 1, which was probably meant as 100%",
        ),
        (
            {"Green from": 90, "Amber from": 0.8},
            "has Amber from 0.8, which was probably meant as 80%",
        ),
        ({"Good is": "Low", "Green to": 0.025, "Amber to": 0.05}, "probably meant as 2.5%"),
        ({"Good is": "In range", "Green from": 0.1, "Green to": 0.15}, "probably meant as 10%"),
        ({"Green from": 9000}, "has Green from 9,000, which no percentage reaches"),
        ({"Green from": 90, "Unit": "share"}, None),
        ({"Good is": "Low", "Green to": 0.5, "Amber to": 1}, None),
    ],
)
def test_a_percentages_limits_are_percentages(limits: dict[str, Value], meant: str | None) -> None:
    book = clean()
    book.lines["PurpleBook"] += months("Odd", [85] * 24, 100)
    add(book, "Measures", measure("Odd", "2", Key="No") | ANY | limits, "Measure")
    found = [f.what for f in refresh(book).findings if f.code == "limits-out-of-scale"]
    assert len(found) == bool(meant)
    assert all(f"{meant}." in what for what in found)


# ---- data


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
    (finding,) = refresh(book).findings
    assert finding.todo == (
        "Add what the Audits tab lacks, or say in the commentary why there are so few."
    )


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


@pytest.mark.parametrize("slip", ["Routine case audt", "Routine caseaudit", "routine case audits"])
def test_rows_of_a_mistyped_audit_are_counted_in_one_finding(slip: str) -> None:
    book = clean()
    source = {"KQI": 1, "Source": "Case audits", "Expected": "Quarterly", "Tab": "Audits"}
    add(book, "Evidence", source | {"Filter value": "Routine case audit"}, "Source")
    row: dict[str, Value] = {"Date": MONTHS[-1], "Team": "North", "KQI": 1, "Grade": "Good"}
    place = ""
    for audit in ["Routine case audit", slip, slip.upper(), "Routine case visit"]:
        there = add(book, "Audits", row | {"Audit": audit}, "Audit")
        place = place or (there if audit == slip else "")
    (finding,) = refresh(book).findings
    assert (finding.code, str(finding.place)) == ("mistyped", place)
    assert finding.what == (
        f"Audits, Audit: '{slip}' stands in 2 rows of Q4 2013-14 and was probably meant as "
        "'Routine case audit'. No source or measure picks that name."
    )


@pytest.mark.parametrize(
    ("source", "picks", "elsewhere"),
    [
        ("Supervision", None, "the Supervision tab"),
        ("FWi reports", name("3"), f"the rows of '{name('3')}'"),
        ("FWi reports", "Odd", None),
        ("FWi reports", None, None),
        ("Purple book", None, None),
    ],
)
def test_purple_book_rows_of_a_measure_that_is_worked_out_elsewhere_are_told_once(
    source: str, picks: str | None, elsewhere: str | None
) -> None:
    """Two of December's rows are not of the quarter."""
    book = clean()
    due: Line = {"Staff ref": "S1", "Team": "North", "Due": QUARTER.end, "Held": QUARTER.end}
    book.lines["Supervision"].append(dict(due))
    if source == "FWi reports":
        row = {"KQI": 2, "Source": source, "Expected": "Monthly", "Tab": "Purple book"}
        add(book, "Evidence", row | {"Filter value": picks}, "Source")
    how = "Held" if source == "Supervision" else "Percentage"
    add(book, "Measures", measure("Odd", "2", Source=source, Calculation=how), "Measure")
    book.lines["PurpleBook"] += months("Odd", [85] * 4, 100)
    found = [f.what for f in refresh(book).findings if f.code == "other-source"]
    what = (
        f"Purple book: 'Odd' stands in 6 rows of Q4 2013-14, and is worked out from {elsewhere}. "
        "Nothing here was counted."
    )
    assert found == ([what] if elsewhere else [])


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


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([*range(3, 11)] * 2, ["rows 13 to 20"]),
        ([*range(3, 10), 20, *range(3, 10), 21], ["rows 13 to 19"]),
        ([3, 4, 5, 6, 7] * 3, ["rows 10 to 14", "rows 15 to 19"]),
        ([3, 4, 5, 3, 4] * 2, ["rows 10 to 14"]),
    ],
)
def test_a_block_pasted_twice_is_told_with_all_its_rows(days: list[int], told: list[str]) -> None:
    book = clean()
    core_groups(days)(book)
    found = refresh(book).findings
    assert [finding.what for finding in found] == [
        f"Core groups: {rows} say the same as those from row 5 on, one by one. All of them were "
        "counted."
        for rows in told
    ]


def test_a_block_with_blank_cells_pasted_twice_is_told_too() -> None:
    book = clean()
    raised: dict[str, Value] = {"Team": "North", "Theme": "Drift", "Resolved": None}
    block = [raised | {"Raised": dt.date(2014, 3, day)} for day in range(3, 8)]
    book.lines["Challenges"] += [*block, *block]
    assert codes(refresh(book)) == ["pasted-twice"]


# ---- rows

JANUARY: dict[str, Value] = {"Month": QUARTER.months[0], "Team": "North"}


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"Measure": name("2"), "Numerator": 1, "Denominator": -1}, "negative"),
        ({"Measure": PLANS, "Numerator": -1}, "negative"),
        ({"Measure": name("2"), "Numerator": 1, "Denominator": 0}, "above-denominator"),
        ({"Measure": "Days", "Numerator": 1}, "no-denominator"),
        ({"Measure": "Days", "Numerator": 1, "Denominator": 0}, "no-denominator"),
        # near misses
        ({"Measure": "Days", "Numerator": 900, "Denominator": 9}, None),
        ({"Measure": "Days", "Numerator": 0, "Denominator": 0}, None),
        ({"Measure": "Rate", "Numerator": 9, "Denominator": 2}, None),
        ({"Measure": "Rate", "Numerator": 9, "Denominator": 0}, None),
        ({"Measure": "Spare", "Numerator": 5, "Denominator": 5}, None),
        ({"Measure": "Spare", "Numerator": 0, "Denominator": 5}, None),
    ],
)
def test_a_rows_figures_can_be_right(row: dict[str, Value], found: str | None) -> None:
    book = clean()
    add(book, "Settings", {"Setting": "Child population", "Value": "40000"}, "Value")
    for new, how in (("Days", "Average"), ("Rate", "Rate per 10,000"), ("Spare", "Percentage")):
        odd = months(new, [50] * 24, 100)
        only_as_above = {} if found else JANUARY | {"Measure": row["Measure"]}
        book.lines["PurpleBook"] += [
            r for r in odd if not only_as_above or any(r[c] != v for c, v in only_as_above.items())
        ]
        add(book, "Measures", measure(new, "2", Calculation=how), "Measure")
    add(book, "PurpleBook", JANUARY | row, "Numerator")
    assert codes(refresh(book)) == ([found] if found else [])


@pytest.mark.parametrize(
    ("table", "row", "figures"),
    [
        ("PurpleBook", {"Measure": name("2"), "Numerator": 0.85, "Denominator": 40}, (85, 34)),
        ("Surveys", {"Survey": "Poll", "Positive": 0.125, "Responses": 40}, (12.5, 5)),
    ],
)
def test_a_share_in_the_place_of_how_many_is_named_with_what_was_meant(
    table: str, row: dict[str, Value], figures: tuple[float, float]
) -> None:
    book = clean()
    row |= JANUARY | {"Asked of": "Parents", "Question": "Heard?"}
    place = add(book, table, row, "Numerator" if table == "PurpleBook" else "Positive")
    (finding,) = refresh(book).findings
    percent, number = figures
    assert (finding.code, str(finding.place)) == ("share-typed", place)
    assert finding.what.endswith(
        f"found {percent / 100:g} out of 40, which was probably typed as {percent:g}%: "
        f"that is {number:g} out of 40. The row was left out."
    )


def test_a_rate_is_without_data_if_one_of_its_rows_has_no_denominator() -> None:
    book = clean()
    add(book, "Settings", {"Setting": "Child population", "Value": "40000"}, "Value")
    book.lines["PurpleBook"] += months("Rate", [50] * 24, 100)
    add(book, "Measures", measure("Rate", "2", Calculation="Rate per 10,000"), "Measure")
    assert codes(refresh(book)) == []
    book.lines["PurpleBook"][-1]["Denominator"] = None
    (finding,) = refresh(book).findings
    assert "some of its rows have no denominator" in finding.what


@pytest.mark.parametrize(
    ("calculation", "found"),
    [
        ("Percentage", ["above-denominator"]),
        ("Count", []),
        ("Average", []),
        ("Rate per 10,000", []),
    ],
)
def test_a_row_of_a_percentage_and_a_count_is_held_against_its_denominator(
    calculation: str, found: list[str]
) -> None:
    """Two sources pick the same rows of the Purple book: one is counted, one worked out so."""
    book = clean()
    for source, how in (("Visits counted", "Count"), ("Visits worked out", calculation)):
        tab = {"KQI": 2, "Source": source, "Expected": "Quarterly", "Tab": "Purple book"}
        add(book, "Evidence", tab | {"Filter value": "Visits"}, "Source")
        way = measure(source, "2", Source=source, Calculation=how, **{"Good is": "Not judged"})
        add(book, "Measures", way | {"Key": "No"}, "Measure")
    unpicked = measure("Visits", "2", Calculation="Count", **{"Good is": "Not judged"})
    add(book, "Measures", unpicked | {"Key": "No"}, "Measure")
    row = {"Month": MONTHS[-1], "Team": "North", "Measure": "Visits"}
    add(book, "PurpleBook", row | {"Numerator": 12, "Denominator": 10}, "Numerator")
    assert [code for code in codes(refresh(book)) if code == "above-denominator"] == found


@pytest.mark.parametrize(
    ("month", "found"),
    [
        (dt.date(2041, 1, 1), True),
        (dt.date(2015, 3, 1), True),
        (dt.date(2014, 7, 1), True),
        (dt.date(1914, 1, 1), True),
        (dt.date(2011, 3, 1), True),
        # near misses
        (dt.date(2014, 4, 1), False),
        (dt.date(2014, 6, 1), False),
        (dt.date(2012, 3, 1), False),
        (dt.date(2011, 4, 1), False),
        (dt.date(2014, 6, 30), False),
    ],
)
def test_a_month_far_from_those_on_file_is_left_out(month: dt.date, found: bool) -> None:
    """On file are April 2012 to March 2014: a year back, and three months ahead, still join on."""
    book = clean()
    row = {"Month": month, "Team": "North", "Measure": PLANS, "Numerator": 70}
    add(book, "PurpleBook", row, "Month")
    assert codes(refresh(book)) == ["month-off-file"] * found


@pytest.mark.parametrize(
    ("quarter", "found"),
    [
        ("Q4 2014-15", True),
        ("Q2 2014-15", True),
        ("Q4 2010-11", True),
        ("Q4 2003-04", True),
        # near misses
        ("Q1 2014-15", False),
        ("Q1 2012-13", False),
        ("Q4 2011-12", False),
    ],
)
@pytest.mark.parametrize("table", ["Commentary", "Actions", "Judgements", "Reports"])
def test_a_quarter_far_from_those_on_file_is_named(table: str, quarter: str, found: bool) -> None:
    """On file are April 2012 to March 2014; words of the quarter after may be written early."""
    book = clean()
    row = {"Quarter": quarter, "KQI": 3, "Point": "On audits.", "Action": "Await audits."}
    place = add(book, table, row | {"RAG": "Red", "Report": "Of audits"}, "Quarter")
    findings = refresh(book).findings
    assert [(f.code, str(f.place)) for f in findings] == [("quarter-off-file", place)] * found
    assert all(
        f"found {quarter}, expected a quarter from Q1 2012-13 to Q1 2014-15. " in finding.what
        for finding in findings
    )


def test_a_quarter_refreshed_again_knows_the_words_of_those_after_it() -> None:
    book = clean()
    assert "quarter-off-file" not in codes(refresh(book, QUARTER.plus(-4)))


def test_an_action_whose_quarters_open_are_wrong_stays_on_the_scorecard() -> None:
    book = clean()
    book.lines["Actions"][0]["Quarters open"] = -1
    assert refresh(book).scorecard.rows == refresh(clean()).scorecard.rows


ORDER = "dates-out-of-order"


@pytest.mark.parametrize(
    ("table", "days", "found"),
    [
        ("Court", {"Issued": (2014, 1, 10), "Final order": (2014, 1, 9)}, ORDER),
        ("Challenges", {"Raised": (2014, 1, 10), "Resolved": (2013, 1, 17)}, ORDER),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (2013, 1, 9)}, ORDER),
        (
            "Permanence",
            {"Entered care": (2013, 1, 10), "Placed": (2013, 1, 9)},
            ORDER,
        ),
        (
            "Permanence",
            {"Entered care": (2013, 1, 1), "Placed": (2013, 9, 2), "Adoption order": (2013, 9, 1)},
            ORDER,
        ),
        ("Permanence", {"Entered care": (1989, 12, 31)}, "unlikely-date"),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2015, 4, 1)}, "unlikely-date"),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (1914, 1, 10)}, "unlikely-date"),
        # near misses
        ("Court", {"Issued": (2014, 1, 10), "Final order": (2014, 1, 10)}, None),
        ("Supervision", {"Due": (2014, 1, 10), "Held": (2013, 1, 10)}, None),
        ("Permanence", {"Entered care": (1990, 1, 1)}, None),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2015, 3, 31)}, None),
    ],
)
def test_days_follow_each_other_as_they_can(
    table: str, days: dict[str, tuple[int, int, int]], found: str | None
) -> None:
    book = clean()
    row: dict[str, Value] = {"Team": "North", "Staff ref": "S1", "Case ref": "A1"}
    row |= {"Child ref": "C1"} | {name: dt.date(*day) for name, day in days.items()}
    place = add(book, table, row, list(days)[-1])
    findings = refresh(book).findings
    assert [(f.code, str(f.place)) for f in findings] == ([(found, place)] if found else [])


def test_a_day_of_another_century_is_named_with_those_expected() -> None:
    book = clean()
    days = {"Due": dt.date(2014, 1, 10), "Held": dt.date(1914, 1, 10)}
    add(book, "Supervision", {"Staff ref": "S1", "Team": "North"} | days, "Held")
    (finding,) = refresh(book).findings
    assert finding.what == (
        "Supervision, row 5, Held: found 10 January 1914, expected a day from 1990 to Mar 2015. "
        "The row was left out."
    )


@pytest.mark.parametrize(
    ("table", "days", "found"),
    [
        ("Supervision", {"Due": (2014, 3, 10), "Held": (2014, 3, 21)}, True),
        ("Challenges", {"Raised": (2014, 3, 21)}, True),
        ("Permanence", {"Entered care": (2013, 1, 1), "Matched": (2014, 12, 9)}, True),
        ("Supervision", {"Due": (2014, 3, 21), "Held": (2014, 3, 20)}, False),
        ("Permanence", {"Entered care": (2013, 1, 1), "Assessment due": (2014, 12, 9)}, False),
    ],
)
def test_what_is_still_to_come_has_not_happened(
    table: str, days: dict[str, tuple[int, int, int]], found: bool
) -> None:
    book = clean()
    row: dict[str, Value] = {"Team": "North", "Staff ref": "S1", "Child ref": "C1"}
    row |= {name: dt.date(*day) for name, day in days.items()}
    place = add(book, table, row, list(days)[-1])
    findings = [f for f in refresh(book, today=dt.date(2014, 3, 20)).findings if "row" in f.what]
    assert [(f.code, str(f.place)) for f in findings] == [("unlikely-date", place)] * found
    assert all("which is still to come. The row was left out." in f.what for f in findings)


def test_days_out_of_order_are_both_named() -> None:
    book = clean()
    days = {"Issued": dt.date(2014, 9, 10), "Final order": dt.date(2014, 3, 10)}
    add(book, "Court", {"Case ref": "A1", "Team": "North"} | days, "Final order")
    (finding,) = refresh(book).findings
    assert finding.what == (
        "Court, row 5, Final order: found 10 March 2014, and Issued is 10 September 2014. "
        "The row was left out."
    )


def test_older_data_that_join_on_are_on_file_however_old() -> None:
    book = clean()
    for year in range(1996, 2012):
        row = {"Month": dt.date(year, 12, 1), "Team": "North", "Measure": PLANS, "Numerator": 70}
        add(book, "PurpleBook", row, "Month")
    assert codes(refresh(book)) == []


def test_an_earlier_quarter_refreshed_again_finds_later_data_on_file() -> None:
    book = clean()
    refresh(book)
    assert "month-off-file" not in codes(refresh(book, QUARTER.plus(-4)))


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


def test_of_two_judgements_on_a_kqi_the_first_counts() -> None:
    book = judged(judged(clean(), RAG="Amber"), RAG="Red")
    done = refresh(book)
    assert codes(done) == ["repeated-row"]
    assert done.scorecard.rows[2].rag.value == "Amber"


# ---- restatements


def change(month: dt.date, **columns: Value) -> Callable[[MemoryBook], None]:
    def plant(book: MemoryBook) -> None:
        rows = book.lines["PurpleBook"]
        rows[find(book, "PurpleBook", Month=month, Measure=name("7"))] |= columns

    return plant


def test_a_restatement_gives_the_old_and_the_new_value() -> None:
    """508 of 600 when last refreshed; one row of October goes from 84 to 90."""
    book = clean()
    change(QUARTER.previous.months[0], Numerator=90)(book)
    (finding,) = refresh(book).findings
    assert finding.what == (
        f"'{name('7')}' for Q3 2013-14 was 84.7% (508 of 600) when that quarter was last "
        "refreshed, and is 85.7% (514 of 600) now."
    )
    assert finding.kqi == "7"


def test_a_count_that_is_restated_is_told_as_it_is_shown() -> None:
    book = clean()
    month = QUARTER.previous.months[-1]
    book.lines["PurpleBook"][find(book, "PurpleBook", Month=month, Measure=PLANS)]["Numerator"] = 90
    (finding,) = refresh(book).findings
    assert finding.what == (
        f"'{PLANS}' for Q3 2013-14 was 140 plans when that quarter was last refreshed, and is "
        "160 plans now."
    )


def test_data_that_came_late_restate_what_had_no_value() -> None:
    book = clean()
    history = find(book, "History", Measure=name("7"))
    book.lines["History"][history] |= {"Numerator": None, "Denominator": None, "Value": None}
    (finding,) = refresh(book).findings
    assert "was without a value when" in finding.what


def test_a_restatement_stands_until_that_quarter_is_refreshed_again() -> None:
    book = clean()
    change(QUARTER.previous.months[0], Numerator=90)(book)
    assert codes(refresh(book)) == codes(refresh(book)) == ["restated"]
    refresh(book, QUARTER.previous)
    assert codes(refresh(book)) == []


@pytest.mark.parametrize(
    "plant",
    [
        change(QUARTER.months[0], Numerator=90),
        change(MONTHS[0], Numerator=90),
        change(QUARTER.previous.months[0], Numerator="84"),
        lambda book: book.lines["PurpleBook"].reverse(),
        lambda book: book.lines["Measures"][7].update(Decimals=0),
        lambda book: book.lines["History"].clear(),
        lambda book: book.lines["Measures"][7].update({"Green from": 95}),
    ],
    ids=[
        "this quarter's figure",
        "a quarter that was never refreshed",
        "the same as text",
        "rows sorted",
        "fewer decimals",
        "no history",
        "another limit",
    ],
)
def test_what_changes_no_past_figure_restates_nothing(plant: Callable[[MemoryBook], None]) -> None:
    book = clean()
    plant(book)
    assert codes(refresh(book)) == []
