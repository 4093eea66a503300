"""Residue and identity: what must be found in a text for the scorecard, and what must not."""

from __future__ import annotations

import datetime as dt

import pytest

from kqi_workbook import layout
from kqi_workbook.books.cells import Value
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.checks.identifying import identities, nhs_number, references
from kqi_workbook.scorecard.checks.texts import RESIDUE
from tests.scorecard.checks.clean import REPORT, add, clean, find, line
from tests.scorecard.checks.saying import found
from tests.scorecard.frames import data_table
from tests.support.small_council import QUARTER


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("HTML", "Plans <b>improved</b>"),
        ("HTML", "<ul style='margin: 0'><li>Plans"),
        ("HTML", "Visits<br/>Plans"),
        ("HTML", "Visits&nbsp;improved"),
        ("HTML", "Children&#39;s plans &amp; reviews"),
        ("HTML", "<o:p></o:p>Visits"),
        ("HTML", "Visits<o:p />"),
        ("HTML", "<img src=x> Visits"),
        ("HTML", "Visits <!-- StartFragment --> improved"),
        ("a bullet", "• Plans"),
        ("a bullet", "  · Plans"),
        ("a bullet", "- Plans"),
        ("a bullet", "* Plans"),
        ("a bullet", "o\tPlans"),
        ("a bullet", "Plans:\n• one"),
        ("a bullet", "Visits improved\n- plans better"),
        ("a bullet", "Visits improved\n  *\tplans better"),
        ("a bullet", "\uf0b7 Plans"),
        ("a coded line break", "Plans_x000D_\nVisits"),
    ],
)
def test_residue_is_named_by_its_kind(kind: str, text: str) -> None:
    (finding,) = found("residue", text)
    assert kind in finding.what
    assert str(finding.place) == "Commentary C5"


@pytest.mark.parametrize(
    "text",
    [
        "Fewer than 5 (<5) children",
        "Visits < plans > reviews",
        "A&A and S&QA both said so",
        "Plans & reviews; R&D",
        "-5% on last quarter",
        "up - and well up - on last quarter",
        "10 - 15% of plans",
        "*see the note",
        "Visits improved\n-5% on plans",
        "Visits improved\non time, plans\n*see the note",
        "Visits --> plans, and 3 <! 4",
        "Ratio <3:1> and <one: two>",
        "One point\nand another",
        "On plans: 3 of 4 * 2",
        "Reviews ● plans",
        "O Level results",
    ],
)
def test_what_only_looks_like_residue_is_left_alone(text: str) -> None:
    assert not any(form.search(text) for form in RESIDUE.values())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("an NHS number", "See 999 000 0018 for more"),
        ("an NHS number", "NHS 9990000018."),
        ("an NHS number", "(999-000-0018)"),
        ("a UPN", "Pupil A999999999999 has moved"),
        ("a UPN", "Z99999999999A is temporary"),
        ("a case number", "Case 1234567 was audited"),
        ("a case number", "case ref: AB/12345 was audited"),
        ("a case number", "FWi no. 4321 has no plan"),
        ("a date of birth", "The child (DOB 3/2/2011) was seen"),
        ("a date of birth", "d.o.b. 03.02.11"),
        ("a date of birth", "born on 3rd February 2011"),
        ("a date of birth", "born 23 february 2011"),
        ("a date of birth", "born 23/02/2011"),
        ("a date of birth", "Date of birth: 03-02-2011"),
        ("a date of birth", "Anychild Example (03/02/2011) was seen"),
        ("a date of birth", "Anychild Example, 3 February 2011"),
        ("a date of birth", "Anychild O’Example - 03/02/11 - was seen"),
        ("a date of birth", "Anychild Example 03-Feb-2011"),
        ("a date of birth", "Zoë Examplë (03/02/2011) was seen"),
        ("a date of birth", "Łucja Şample 03/02/2011"),
        ("a date of birth", "EXAMPLE, Anychild 03/02/2011"),
        ("a date of birth", "Anychild EXAMPLE (03/02/2011) was seen"),
        ("a date of birth", "Anychild Example, 2011-02-03"),
        ("a date of birth", "DOB 03-Feb-11"),
        ("a date of birth", "DOB: 2011-02-03"),
        ("a date of birth", "The child: DoB 3rd February, 2011"),
    ],
)
def test_what_looks_like_a_childs_identity_is_named_by_its_kind_and_never_repeated(
    kind: str, text: str
) -> None:
    (finding,) = found("identity", text)
    assert finding.what == f"The commentary point in Commentary C5 holds what looks like {kind}."
    assert str(finding.place) == "Commentary C5"


@pytest.mark.parametrize(
    "text",
    [
        "Call 020 7946 0018 for help",
        "999 000 0019 has another check digit",
        "9,990,000,018 pounds, and £9990000018",
        "Order A99999999999 has a digit too few",
        "S47 and KQI 3, Q4 2013-14",
        "Case 26 of 2014",
        "10 case files and 153 plans",
        "Case audits 2013-2014",
        "The child was born in 2011",
        "DOB is missing on 12 files",
        "Agreed by Anybody Example, 31/03/2014",
        "Core Groups 03/02/2011",
        "Ofsted Inspection (12 March 2011)",
        "Care Plans, 3 February 2011",
        "the example, 03/02/2011",
        "Anybody Example, ATM, will report",
        "Anybody Example 03/02/1950",
        "Anybody EXAMPLE 2014-03-31",
        "EXAMPLE, Anybody, 31-Mar-2014",
        "Referred to CAMHS (3 February 2011)",
        "Seen by Cafcass CAFCASS 03/02/2011",
        "Challenges IRO 03/02/2011",
        "Ofsted OFSTED, Inspection 03/02/2011",
        "DOB is missing on 2011-12 files",
        "Anybody Example 2011-22-33",
        "Plans for 3 - February 2011 figures",
        "Team 12 of 12345 visits",
    ],
)
def test_what_only_looks_like_an_identity_is_left_alone(text: str) -> None:
    assert found("identity", text) == []


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("9990000018", True),
        ("9990000028", False),
        ("999 000 0018", True),
        ("999 0000018", False),
        ("9990000000", False),
        ("0000000000", False),
        ("19990000018", False),
    ],
)
def test_an_nhs_number_is_known_by_its_check_digit(number: str, valid: bool) -> None:
    """999 000 001 weighs 9 x (10 + 9 + 8) + 2 = 245; 245 mod 11 is 3, and 11 - 3 is 8."""
    assert nhs_number(f"so {number} so") is valid


@pytest.mark.parametrize("ref", ["CH-0417", "ch-0417", "90417"])
def test_a_reference_of_our_own_tabs_is_a_case_number(ref: str) -> None:
    book = clean()
    child = {"Team": "North", "Entered care": dt.date(2013, 1, 9)}
    add(book, "Permanence", child | {"Child ref": "CH-0417"}, "Team")
    add(book, "Permanence", child | {"Child ref": "90417"}, "Team")
    add(book, "Permanence", child | {"Child ref": "84"}, "Team")
    place = add(
        book, "Commentary", line("3", Point=f"Reviews of {ref} are late, 84 more."), "Point"
    )
    (finding,) = refresh(book).findings
    assert (finding.code, str(finding.place)) == ("identity", place)


@pytest.mark.parametrize("text", ["1204", "12/2013", "2013-14", "A47"])
def test_a_figure_a_date_or_a_road_is_no_reference_though_one_reads_the_same(text: str) -> None:
    assert identities(f"{text} it is", QUARTER.end, lambda: {text.casefold()}) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (layout.COURT, "Case ref"),
        (layout.AUDITS, "Case ref"),
        (layout.PERMANENCE, "Child ref"),
        (layout.FILE_CHECKS, "File ref"),
    ],
)
def test_every_tab_with_references_is_asked_for_them(table: layout.Table, column: str) -> None:
    tables = {table.name: data_table(table, [{column: "CH-0417"}])}
    assert references(tables) == {"ch-0417"}


@pytest.mark.parametrize(
    ("table", "column", "wanted"),
    [
        ("Actions", "Action", line("3")),
        ("Actions", "Who", line("3")),
        ("KQIs", "Title", {"KQI": 3}),
        ("Reports", "Headline", {"Report": REPORT}),
    ],
)
def test_every_text_that_goes_on_the_scorecard_is_looked_at(
    table: str, column: str, wanted: dict[str, Value]
) -> None:
    book = clean()
    index = find(book, table, **wanted)
    book.lines[table][index][column] = "<b>999 000 0018</b>"
    done = refresh(book)
    assert sorted(finding.code for finding in done.findings) == ["identity", "residue"]
    letter = chr(ord("A") + book.headers[table].index(column))
    assert {finding.place.cell for finding in done.findings} == {f"{letter}{index + 5}"}


@pytest.mark.parametrize("column", ["Reason", "By"])
def test_what_a_judgement_says_is_looked_at(column: str) -> None:
    book = clean()
    judged = line("3", RAG="Amber", Reason="Two audits.", By="A Director", Date=QUARTER.end)
    place = add(book, "Judgements", judged | {column: "As 999 000 0018 shows."}, column)
    (finding,) = refresh(book).findings
    assert (finding.code, str(finding.place)) == ("identity", place)


def test_no_finding_repeats_what_may_tell_who_a_child_is() -> None:
    """Last quarter's point again, under two KQIs, with a field of no measure, residue and a stale
    figure; an action that is late and nobody's; a point typed into the Scorecard."""
    who = "Anychild Example (born 03/02/2011)"
    point = f"<b>{who}</b>: assessments on time at 84.7%, {{{who}}}."
    book = clean()
    refresh(book)
    book.lines["Scorecard"][0]["Commentary points this quarter"] = f"Strategy meetings with {who}."
    add(book, "Commentary", line("4", Point=point), "Point")
    place = add(book, "Commentary", line("5", Point=point), "Point")
    add(book, "Commentary", line("5", Point=point) | {"Quarter": "Q3 2013-14"}, "Point")
    book.lines["Actions"][0] |= {"Action": f"Visit {who}.", "Who": None, "Due": None}
    book.lines["Actions"][1] |= {"Action": f"Visit {who}.", "Due": dt.date(2014, 3, 1)}
    findings = refresh(book).findings
    quoting = "said-twice same-as-last-quarter stale-figure unknown-field residue typed-in overdue"
    assert {*quoting.split(), "no-who", "no-due-date"} < {finding.code for finding in findings}
    assert not [finding for finding in findings if "2011" in finding.what + finding.todo]
    assert f"The text in {place} stands under KQI 4 already." in [f.what for f in findings]


def test_a_report_that_two_kqis_rest_on_is_looked_at_once() -> None:
    book = clean()
    add(book, "Evidence", {**book.lines["Evidence"][1], "KQI": 2}, "Source")
    book.lines["Reports"][0]["Headline"] = "<b>Well</b>"
    assert [finding.code for finding in refresh(book).findings] == ["residue"]
