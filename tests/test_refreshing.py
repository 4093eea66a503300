from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook import layout
from kqi_workbook.books.cells import CellError
from kqi_workbook.contents import NEEDED
from kqi_workbook.errors import KQIWorkbookError, LayoutError
from kqi_workbook.refreshing import Refreshed, refresh
from kqi_workbook.scorecard.model import RAG, Severity, Trend
from tests.support.memory_book import Line
from tests.support.small_council import (
    MONTHS,
    PLANS,
    QUARTER,
    REVIEWS,
    VISITS,
    council,
    judgement,
    measure,
    months,
)

AMBER_STEADY = [84, 86] * 12
TITLED = ("Scorecard", "Checks", "By_team", "Team_funnel", "Trends")


def codes(done: Refreshed) -> list[str]:
    return [finding.code for finding in done.findings]


def test_a_full_quarter_is_ready_to_share() -> None:
    done = refresh(council())
    assert done.ready
    assert [(row.rag, row.trend) for row in done.scorecard.rows] == [(RAG.AMBER, Trend.STEADY)] * 2


def test_the_scorecard_table_holds_a_row_a_kqi() -> None:
    book = council()
    refresh(book)
    first = book.lines["Scorecard"][0]
    assert first["KQI"] == 1
    assert first["Quantitative measures"] == (
        "• Number of CP plans 144, up from 140\n"
        "• CP reviews on time 85.3% A (GOOD 90% or more), up from 84.7%"
    )
    assert first["Commentary points this quarter"] == "• Reviews on time are steady."
    assert first["RAG for GOOD benchmark"] == "A\nAmber"
    assert first["Trend"] == 0
    assert first["Why this RAG"] == (
        "Amber: 0 of 1 measure Green, 1 Amber "
        "(key measure CP reviews on time 85.3%, GOOD is 90% or more)."
    )
    assert first["Month 24"] == 86.0
    assert book.cells["Scorecard_title"] == (
        "Exampleshire: Children's Services Key Quality Indicators, Quarter 4, January to March 2014"
    )


def test_a_second_refresh_writes_the_same_and_tells_of_no_change() -> None:
    book = council()
    assert refresh(book).changes == ("KQI 1 new", "KQI 2 new")
    before = (dict(book.lines), dict(book.cells), dict(book.areas))
    assert refresh(book).changes == ()
    assert (book.lines, book.cells, book.areas) == before


def test_a_dry_run_says_what_would_change_and_writes_nothing() -> None:
    book = council()
    done = refresh(book, dry_run=True)
    assert done.changes and done.updates and done.written is None
    assert not book.lines["Scorecard"] and not book.cells


@pytest.mark.parametrize(
    ("table", "which", "change", "told"),
    [
        ("PurpleBook", {"Measure": VISITS}, {"Numerator": 95}, "KQI 2 RAG A -> G, figures"),
        ("PurpleBook", {"Month": MONTHS[-1]}, {"Numerator": 85}, "KQI 1 figures; KQI 2 figures"),
        ("PurpleBook", {"Month": MONTHS[0], "Measure": VISITS}, {"Numerator": 85}, "KQI 2 figures"),
        (
            "Measures",
            {"Measure": VISITS},
            {"Good is": "Not judged"},
            "KQI 2 RAG A -> Not rated, trend Steady -> Not comparable, figures",
        ),
        ("PurpleBook", {"Month": MONTHS[-1], "Measure": PLANS}, {"Numerator": 75}, "KQI 1 figures"),
        ("Reports", {}, {"Headline": "Plans fell."}, "KQI 2 evidence"),
        ("Commentary", {"KQI": 2}, {"Point": "CP visits are on time."}, "KQI 2 commentary"),
        ("Actions", {"KQI": 1}, {"Action": "Hold reviews soon."}, "KQI 1 actions"),
        ("KQIs", {"KQI": 1}, {"Title": "Plan"}, "KQI 1 title"),
        ("Judgements", {}, {"Reason": "An audit."}, "KQI 1 reason"),
        ("History", {"Quarter": QUARTER.previous.label}, {"RAG": "Red"}, "KQI 1 earlier RAG"),
        ("History", {"Quarter": QUARTER.plus(-3).label}, {"RAG": "Red"}, "KQI 1 earlier RAG"),
        ("Scorecard", {"KQI": 2}, {"KQI": 7}, "KQI 2 new; KQI 7 gone"),
        ("Scorecard", {"KQI": 2}, {"Trend": None}, "KQI 2 trend blank -> Steady"),
        ("Scorecard", {"KQI": 2}, {"KQI": "2"}, ""),
        ("Settings", {}, {}, ""),
    ],
)
def test_each_kqi_that_is_shown_anew_is_told_in_a_phrase(
    table: str, which: Line, change: Line, told: str
) -> None:
    book = council(
        Judgements=[judgement()],
        History=[{"Quarter": QUARTER.plus(-ago).label, "KQI": 1, "RAG": "Amber"} for ago in (3, 1)],
        Evidence=[{"KQI": 2, "Source": "Board report", "Expected": "Quarterly", "Tab": "Reports"}],
        Reports=[{"Quarter": QUARTER.label, "Report": "Board report", "Presented": MONTHS[-1]}],
    )
    refresh(book)
    for line in book.lines[table]:
        if which.items() <= line.items():
            line.update(change)
    changes = refresh(book, dry_run=True).changes
    assert "; ".join(one for one in changes if "finding" not in one) == told


def test_of_another_quarter_only_the_quarter_the_rags_and_the_trends_are_told() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    book.lines["PurpleBook"] = [
        {**line, "Numerator": 95} if line["Measure"] == VISITS else line
        for line in book.lines["PurpleBook"]
    ]
    assert refresh(book).changes == (
        "Q3 2013-14 -> Q4 2013-14",
        "KQI 2 RAG A -> G",
        "1 finding new, 4 mended",
    )


def test_findings_are_told_when_they_come_and_when_they_go() -> None:
    book = council()
    refresh(book)
    lost: Line = {"Quarter": QUARTER.label, "KQI": 9, "Point": "Lost."}
    book.lines["Commentary"].append(dict(lost))
    assert refresh(book).changes == ("1 finding new, 0 mended",)
    book.lines["Commentary"].pop()
    assert refresh(book).changes == ("0 findings new, 1 mended",)


def test_an_error_on_the_scorecard_is_told_as_its_cell_shows_it() -> None:
    book = council()
    refresh(book)
    for column in ("RAG for GOOD benchmark", "Trend"):
        book.lines["Scorecard"][1][column] = CellError("#N/A")
    assert refresh(book).changes == ("KQI 2 RAG #N/A -> A, trend #N/A -> Steady",)


def test_the_quarter_given_goes_before_the_settings() -> None:
    done = refresh(council(), QUARTER.previous)
    assert done.scorecard.quarter == QUARTER.previous
    assert codes(done).count("no-commentary") == 2


def test_a_quarter_that_is_not_over_says_so_and_counts_nothing_as_missed_too_early() -> None:
    due: Line = {"Staff ref": "S1", "Team": "North", "Due": dt.date(2014, 3, 20)}
    held: Line = {**due, "Staff ref": "S2", "Due": dt.date(2014, 3, 3), "Held": dt.date(2014, 3, 3)}
    sessions = measure("Sessions held", "2", Source="Supervision", Calculation="Held")
    source: Line = {"KQI": 2, "Source": "Supervision", "Expected": "Quarterly"}
    source = {**source, "Tab": "Supervision"}
    for day, value, said, of in (
        (dt.date(2014, 3, 19), 100.0, True, "1 supervision"),
        (dt.date(2014, 3, 31), 50.0, False, "2 super"),
        (dt.date(2014, 4, 9), 50.0, False, "2 super"),
    ):
        measures = [*council().lines["Measures"], sessions]
        book = council(Supervision=[due, held], Measures=measures, Evidence=[source])
        board = refresh(book, today=day).scorecard
        assert board.measures_frame().loc["Sessions held", "Value"] == value
        assert board.rows[1].evidence[0].line.startswith(of)
        assert ("The quarter is not over: " in str(book.cells["Scorecard_status"])) is said
        titles = [str(book.cells[f"{tab}_title"]) for tab in TITLED]
        assert [title.endswith("March 2014, so far") for title in titles] == [said] * len(TITLED)


def test_without_a_quarter_nothing_is_guessed() -> None:
    others: list[Line] = [
        {"Setting": "Team", "Value": "North"},
        {"Setting": "Trend months", "Value": "3"},
    ]
    with pytest.raises(KQIWorkbookError) as stop:
        refresh(council(Settings=others))
    why = "memory.xlsx does not say which quarter it is for. "
    assert str(stop.value) == f"{why}Write it into the Settings tab, like 'Q4 2013-14'."


# ---- worked examples, by page and pencil


def test_a_red_key_measure_makes_its_kqi_red() -> None:
    """79 of 100 is below the Amber limit of 80."""
    low = [*months(REVIEWS, AMBER_STEADY, 100), *months(VISITS, [79] * 24, 100)]
    done = refresh(council(PurpleBook=low))
    assert [row.rag for row in done.scorecard.rows] == [RAG.AMBER, RAG.RED]


def test_all_green_makes_green() -> None:
    lines = [*months(REVIEWS, [90] * 24, 100), *months(VISITS, [95] * 24, 100)]
    assert [row.rag for row in refresh(council(PurpleBook=lines)).scorecard.rows] == [
        RAG.GREEN,
        RAG.GREEN,
    ]


def test_a_kqi_whose_measures_have_no_data_is_not_rated_and_says_so() -> None:
    done = refresh(council(PurpleBook=months(REVIEWS, AMBER_STEADY, 100)))
    assert done.scorecard.rows[1].rag is RAG.NOT_RATED
    assert done.scorecard.rows[1].trend is Trend.NOT_COMPARABLE
    assert codes(done) == ["no-data", "no-data"]


def test_a_fall_below_the_lower_limit_is_worsening() -> None:
    """23 months of 84 and 86 have a mean moving range of 2; one of 70 in March is far below."""
    lines = [*months(VISITS, [*AMBER_STEADY[:23], 70], 100)]
    done = refresh(council(PurpleBook=lines))
    assert done.scorecard.rows[1].trend is Trend.WORSENING


def test_a_complete_judgement_stands_and_the_proposal_stays_in_sight() -> None:
    book = council(Judgements=[judgement()])
    row = refresh(book).scorecard.rows[0]
    assert (row.rag, row.proposal.rag, row.judged) == (RAG.RED, RAG.AMBER, True)
    assert book.lines["Scorecard"][0]["RAG for GOOD benchmark"] == "R\nRed\njudged"
    assert row.why.startswith("Judged Red by A Director: Two audits.\nProposed Amber:")


@pytest.mark.parametrize("missing", ["RAG", "Reason", "By", "Date"])
def test_an_incomplete_judgement_changes_nothing_and_is_an_error(missing: str) -> None:
    done = refresh(council(Judgements=[judgement(**{missing: None})]))
    assert done.scorecard.rows[0].rag is RAG.AMBER
    (finding,) = done.findings
    assert (finding.code, finding.severity) == ("judgement-incomplete", Severity.ERROR)
    assert f"has no {missing}" in finding.what


def test_text_that_begins_with_an_equals_sign_stays_text() -> None:
    point: Line = {"Quarter": QUARTER.label, "KQI": 1, "Point": '=HYPERLINK("http://example.org")'}
    book = council(Commentary=[point])
    refresh(book)
    assert book.lines["Scorecard"][0]["Commentary points this quarter"] == (
        '• =HYPERLINK("http://example.org")'
    )


# ---- bad input: named, and the rest still counts


@pytest.mark.parametrize(
    ("column", "found", "code", "words"),
    [
        ("Numerator", "about 5", "unreadable-cell", "found 'about 5', expected a number"),
        ("Month", "31/02/2014", "unreadable-cell", "found '31/02/2014', expected a month"),
        ("Team", "Nroth", "unknown-team", "did you mean 'North'?"),
        ("Measure", "CP visit on time", "unknown-measure", "did you mean 'CP visits on time'?"),
        ("Numerator", None, "blank-cell", "Numerator"),
    ],
)
def test_one_bad_row_is_named_and_never_stops_the_rest(
    column: str, found: str | None, code: str, words: str
) -> None:
    book = council()
    good = book.lines["PurpleBook"]
    book.lines["PurpleBook"] = [{**good[0], column: found}, *good]
    done = refresh(book)
    (finding,) = done.findings
    assert (finding.code, finding.place.sheet, finding.severity) == (
        code,
        "Purple book",
        Severity.WARNING,
    )
    assert finding.place.cell.endswith("5")
    assert words in finding.what + finding.todo
    assert done.scorecard.rows == refresh(council()).scorecard.rows


def test_an_unknown_kqi_in_the_commentary_is_named() -> None:
    book = council()
    book.lines["Commentary"].append({"Quarter": QUARTER.label, "KQI": 9, "Point": "Lost."})
    assert codes(refresh(book)) == ["unknown-kqi"]


@pytest.mark.parametrize("table", ["Scorecard", "KQIs", "Measures", "Evidence", "Settings"])
def test_a_table_that_it_cannot_do_without_stops_the_run(table: str) -> None:
    book = council()
    book.lines[f"{table}1"] = book.lines.pop(table)
    with pytest.raises(LayoutError, match=f"{table}.*did you mean '{table}1'.* its name") as stop:
        refresh(book)
    assert str(stop.value).endswith("or copy the tab from a new workbook.")
    assert not book.cells


def test_a_workbook_of_another_kind_is_named_as_such() -> None:
    book = council()
    for table in NEEDED:
        del book.lines[table.name]
    with pytest.raises(LayoutError, match=r"is not a KQI workbook.*Name the one to refresh, or"):
        refresh(book)


def test_a_data_table_renamed_is_an_error_on_the_checks_sheet_and_the_rest_counts() -> None:
    book = council()
    book.lines["Purple_Book"] = book.lines.pop("PurpleBook")
    book.headers["Purple_Book"] = book.headers["PurpleBook"]
    done = refresh(book)
    assert done.findings[0].code == "missing-table"
    assert "did you mean 'Purple_Book'?" in done.findings[0].what
    assert not done.ready
    assert (
        done.scorecard.rows[0].measures[0].now.reason == "[x] the Purple book tab could not be read"
    )


@pytest.mark.parametrize("table", ["Measures", "Scorecard"])
def test_a_column_renamed_where_it_cannot_be_done_without_stops_the_run(table: str) -> None:
    book = council()
    first = layout.TABLES[table].columns[1].name
    book.headers[table][1] = f"{first} (old)"
    with pytest.raises(LayoutError, match=first):
        refresh(book)


def test_a_team_that_settings_list_twice_keeps_its_rows() -> None:
    book = council()
    book.lines["Settings"].append({"Setting": "Team", "Value": "NORTH"})
    teams = refresh(book).scorecard.measures[1].teams
    assert list(teams) == ["North", "South"]
    assert teams["North"].reading == refresh(council()).scorecard.measures[1].teams["North"].reading


def test_a_column_renamed_in_a_data_tab_is_named_with_its_nearest() -> None:
    book = council()
    book.headers["PurpleBook"] = ["Month", "Team", "Measure", "Numerators", "Denominator"]
    done = refresh(book)
    assert done.findings[0].code == "missing-table"
    assert "'Numerator'" in done.findings[0].what and "'Numerators'" in done.findings[0].what


def test_a_column_that_staff_took_off_the_scorecard_stays_off_with_a_note() -> None:
    book = council()
    book.headers["Scorecard"].remove("Why this RAG")
    done = refresh(book)
    assert codes(done) == ["column-gone"]
    assert "Why this RAG" not in book.lines["Scorecard"][0]


@pytest.mark.parametrize("empty", ["PurpleBook", "Commentary", "Actions", "Audits", "Judgements"])
def test_an_empty_tab_is_no_crash(empty: str) -> None:
    assert len(refresh(council(**{empty: []})).scorecard.rows) == 2


def test_sheets_that_are_gone_stay_gone() -> None:
    book = council()
    del book.lines["Checks"], book.lines["History"]
    book.names = ["Scorecard_title", "Trends_grid"]
    done = refresh(book)
    assert set(book.cells) == {"Scorecard_title"} and set(book.areas) == {"Trends_grid"}
    notes = [finding for finding in done.findings if finding.code == "sheet-gone"]
    assert {note.severity for note in notes} == {Severity.NOTE} and done.ready
    assert [note.what for note in notes] == [
        "The Scorecard tab lacks what was named Scorecard_status, so that was not filled.",
        "The Checks tab is gone, so it was not filled.",
        "The By team tab is gone, so it was not filled.",
        "The Team funnel tab is gone, so it was not filled.",
        "The Trends tab lacks what was named Trends_title and Trends_marks, so that was not "
        "filled.",
        "The History tab is gone, so it was not filled.",
    ]
    assert refresh(book).changes == ()


def test_a_sheet_that_lost_its_title_lines_alone_is_not_gone() -> None:
    book = council()
    book.names = [name for name in book.names if not name.startswith("Scorecard_")]
    (note,) = refresh(book).findings
    assert note.what == (
        "The Scorecard tab lacks what was named Scorecard_title and Scorecard_status, so that was "
        "not filled."
    )


def test_no_note_is_written_where_every_sheet_is_there() -> None:
    assert "sheet-gone" not in codes(refresh(council()))


# ---- from one quarter to the next


def test_the_last_quarters_rag_comes_from_the_history() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    assert refresh(book).scorecard.rows[0].last_rag is RAG.AMBER
    quarters = [line["Quarter"] for line in book.lines["History"]]
    assert set(quarters) == {"Q3 2013-14", "Q4 2013-14"}
    refresh(book)
    assert [line["Quarter"] for line in book.lines["History"]] == quarters


def test_an_earlier_quarter_refreshed_again_remembers_what_was_given_up_since() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    refresh(book)

    def remembered() -> list[object]:
        lines = [line for line in book.lines["History"] if line["Quarter"] != QUARTER.label]
        return [(line["KQI"], line["Measure"], line["RAG"]) for line in lines]

    both = remembered()
    book.lines["KQIs"] = book.lines["KQIs"][:1]
    book.lines["Measures"] = book.lines["Measures"][:2]
    refresh(book, QUARTER.previous)
    assert len(remembered()) == 5 and sorted(remembered(), key=str) == sorted(both, key=str)
    assert refresh(book, QUARTER.previous).changes == ()
    refresh(book)
    assert (2, None, "Amber") not in [
        (line["KQI"], line["Measure"], line["RAG"])
        for line in book.lines["History"]
        if line["Quarter"] == QUARTER.label
    ]


def test_a_measure_whose_name_is_written_in_another_case_was_not_given_up() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    refresh(book)
    book.lines["Measures"][1]["Measure"] = REVIEWS.upper()
    refresh(book, QUARTER.previous)
    names = [line["Measure"] for line in book.lines["History"]]
    assert names.count(REVIEWS.upper()) == names.count(REVIEWS) == 1


def test_the_history_has_a_row_a_kqi_with_its_words_and_a_row_a_measure_with_its_figures() -> None:
    """A row that nobody can read stays, and stops nothing; a blank one goes."""
    odd: Line = {"Quarter": "last winter", "KQI": 1, "RAG": "Red"}
    book = council(History=[{}, odd])
    refresh(book)
    rows = [{name: v for name, v in row.items() if v is not None} for row in book.lines["History"]]
    stands: Line = {"Quarter": QUARTER.label, "RAG": "Amber", "Trend": "Steady"}
    words = {"Commentary": "• Visits on time are steady.", "Actions": "• Plan visits ahead."}
    figures = {"Numerator": 512.0, "Denominator": 600.0, "Value": 85.3}
    assert (rows[0], len(rows)) == (odd, 6)
    assert rows[2] == {**stands, "KQI": 2, **words}
    assert rows[-1] == {**stands, "KQI": 2, "Measure": VISITS, **figures}


def test_a_kqi_that_history_has_as_text_is_not_remembered_twice() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    refresh(book)
    for line in book.lines["History"]:
        line["KQI"] = str(line["KQI"])
    count = len(book.lines["History"])
    refresh(book, QUARTER.previous)
    assert len(book.lines["History"]) == count


def test_a_kqi_numbered_01_sees_its_last_rag_too() -> None:
    book = council(
        KQIs=[{"KQI": "01", "Title": "Plans"}], Measures=[measure(REVIEWS, "01")], Commentary=[]
    )
    refresh(book, QUARTER.previous)
    assert refresh(book).scorecard.rows[0].last_rag is RAG.AMBER


def test_the_strip_shows_the_rag_of_eight_quarters_and_marks_those_not_on_file() -> None:
    book = council()
    judged = [("Q1 2011-12", "Amber"), ("Q4 2011-12", "Green"), ("Q2 2013-14", "Not rated")]
    book.lines["History"] = [{"Quarter": q, "KQI": 1, "RAG": rag} for q, rag in judged]
    refresh(book, QUARTER.previous)
    refresh(book)
    first = book.lines["Scorecard"][0]
    shown = [first[name] for name in (*layout.QUARTERS_AGO, "Last quarter")]
    assert shown == ["G", *["[x]"] * 5, "-", "A\nAmber"]


def test_by_team_has_each_teams_figure_with_its_letter_or_the_mark_of_a_reason() -> None:
    """Of plans, which are not judged, the figure alone; of visits South has no rows."""
    plans, *others = council().lines["Measures"]
    book = council(Measures=[{**plans, "KQI": "1, 2"}, *others])
    visits = [row for row in book.lines["PurpleBook"] if row["Measure"] == VISITS]
    for row in visits:
        row["Team"] = "North"
    for row in visits[::2]:
        book.lines["PurpleBook"].remove(row)
    refresh(book)
    header, of_plans, _, of_visits = book.areas["By_team_grid"]
    assert header == ("KQI", "Measure", "GOOD", "All teams", "North", "South")
    assert of_plans == ("1, 2", PLANS, "[z]", "144 plans", "72 plans", "72 plans")
    assert of_visits == (2, VISITS, "90% or more", "A 85.3%", "A 85.3%", "[x]")


def test_the_funnel_gets_percentages_by_team_and_nothing_else() -> None:
    """Number of CP plans is a count. A quarter of 100 a month is 300 a team."""
    book = council()
    refresh(book)
    header, *rows = book.areas["Team_funnel_grid"]
    assert header[:4] == ("Measure", "All teams", "All teams, out of", "North")
    assert rows == [
        (REVIEWS, 512.0, 600.0, 256.0, 300.0, 256.0, 300.0),
        (VISITS, 512.0, 600.0, 256.0, 300.0, 256.0, 300.0),
    ]


def test_too_few_to_show_and_not_known_by_team_are_marks_by_team_and_not_in_the_funnel() -> None:
    graded: Line = {"Date": MONTHS[-1], "Audit": "Case audit", "KQI": 2, "Grade": "Good"}
    asked: Line = {"Month": MONTHS[-1], "Survey": "Poll", "Asked of": "Parents", "Question": "Q1"}
    ways = {"Audits": "Graded good or better", "Surveys": "Answers positive"}
    source: Line = {"KQI": 2, "Expected": "Quarterly"}
    book = council(
        Measures=[measure(f"Of {tab}", "2", Source=tab, Calculation=ways[tab]) for tab in ways],
        Evidence=[{**source, "Source": tab, "Tab": tab} for tab in ways],
        Audits=[{**graded, "Team": "North" if i < 12 else "South"} for i in range(17)],
        Surveys=[{**asked, "Positive": 15, "Responses": 20}],
    )
    refresh(book)
    assert book.areas["Team_funnel_grid"][1:] == (("Of Audits", 17, 17, 12, 12, None, None),)
    by_team = [row[1:] for row in book.areas["By_team_grid"][1:]]
    assert by_team == [
        ("Of Audits", "90% or more", "G 100.0%", "G 100.0%", "[c]"),
        ("Of Surveys", "90% or more", "R 75.0%", "[z]", "[z]"),
    ]


def test_special_causes_are_marked_month_by_month() -> None:
    lines = [*months(VISITS, [*AMBER_STEADY[:23], 70], 100)]
    book = council(PurpleBook=lines)
    refresh(book)
    header, *rows = book.areas["Trends_marks"]
    assert (header[0], header[-1]) == ("Mark Apr 2012", "Mark Mar 2014")
    marks = dict(zip([row[1] for row in book.areas["Trends_grid"][1:]], rows, strict=True))
    assert marks[VISITS] == (*[None] * 23, "C")
    assert marks[PLANS] == (None,) * 24


def test_a_new_measure_needs_no_python() -> None:
    book = council()
    book.lines["Measures"].append(dict(measure("CP conferences on time", "1")))
    book.lines["PurpleBook"] += [dict(line) for line in months("CP conferences on time", [95], 100)]
    row = refresh(book).scorecard.rows[0]
    assert row.measures[-1].now.value == 95.0
    assert row.measures[-1].rag is RAG.GREEN


def test_a_filter_of_evidence_names_rows_of_the_purple_book() -> None:
    source: Line = {"KQI": 1, "Source": "Performance book", "Expected": "Monthly"}
    source = {**source, "Tab": "Purple book", "Filter value": "Conferences on time"}
    book = council(Evidence=[source])
    name = "CP conferences on time"
    book.lines["Measures"].append(dict(measure(name, "1", Source="Performance book")))
    rows = [dict(line) for line in months("conferences ON time", [95], 100)]
    book.lines["PurpleBook"] += [*rows, rows[0] | {"Month": MONTHS[-2], "Numerator": 101}]
    done = refresh(book)
    assert done.scorecard.rows[0].measures[-1].now.value == 95.0
    assert "unknown-measure" not in codes(done)
    assert "above-denominator" in codes(done)


def test_the_frames_have_a_line_a_kqi_and_a_line_a_measure() -> None:
    board = refresh(council()).scorecard
    assert list(board.to_frame()["RAG"]) == ["Amber", "Amber"]
    frame = board.measures_frame()
    assert list(frame.index) == [PLANS, REVIEWS, VISITS]
    assert (frame["Value"][VISITS], frame["North"][VISITS]) == (85.3, 85.3)
    assert board.months[-1] == MONTHS[-1]


def test_without_measures_their_frame_has_its_columns_and_no_line() -> None:
    full = refresh(council()).scorecard.measures_frame()
    empty = refresh(council(Measures=[])).scorecard.measures_frame()
    assert (list(empty), empty.index.name, len(empty)) == (list(full), "Measure", 0)


def test_a_quarter_that_is_none_is_quoted() -> None:
    book = council(Settings=[{"Setting": "Quarter", "Value": "Q4 13/14"}])
    with pytest.raises(
        KQIWorkbookError,
        match=r"which quarter it is for. In Settings B5, .*'Q4 13/14'.*like 'Q4 2013",
    ):
        refresh(book)


def test_data_of_a_measure_that_could_not_be_read_are_not_taken_for_another_measures() -> None:
    book = council()
    measures = book.lines["Measures"]
    measures[[line["Measure"] for line in measures].index(VISITS)]["Good is"] = "Higher"
    done = refresh(book)
    found = [(finding.code, finding.severity) for finding in done.findings]
    assert ("unreadable-cell", Severity.ERROR) in found
    assert "unknown-measure" not in dict(found)
    assert not done.ready
