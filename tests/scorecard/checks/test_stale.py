from __future__ import annotations

import pytest

from kqi_workbook.refreshing import refresh
from tests.scorecard.checks.saying import LONG, PLANS, WEEKS, book, found


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Have reduced child protection plans to 153.", "153"),
        ("Have reduced child protection plans to 153 & 5 with CPP for 2+years", "153"),
        ("Down to 153, which is good.", "153"),
        ("5 with CPP for 2+ years", "5"),
        ("Five with a CP plan for two years.", "Five"),
        ("3.3% have had a plan for 2 years or more", "3.3%"),
        ("3.3 per cent of plans are long", "3.3 per cent"),
        ("3 percent of plans are long", "3 percent"),
        ("5 of 153 plans are long", "5 of 153"),
        ("5 out of the 153 are long", "5 out of the 153"),
        ("Long plans: 5/153.", "5/153"),
        ("One in ten plans is a re-registration", "One in ten"),
        ("1 in 10 is a re-registration", "1 in 10"),
        ("Referrals stand at 1,234", "1,234"),
        ("Referrals stand at 1234", "1234"),
        ("Care cases take 34.2 weeks", "34.2"),
        ("Care cases take 34 weeks", "34"),
        ("External audit found one case to be needing immediate improvement", "one"),
        ("153 in 2014", "153"),
        ("One in ten plans is a repeat.", "One in ten"),
        ("20 people came.", "20"),
        ("5 CP plans are long", "5"),
        ("It stands at 3.3.", "3.3"),
        ("Second or subsequent plans came to 2.", "2"),
        ("Last quarter was hard. Plans stand at 153. Last quarter was hard.", "153"),
        # this quarter's figure stands beside it, in another sentence or in another form
        ("160 plans are open, and referrals stand at 1,234.", "1,234"),
        ("Plans stand at 153. Of 160 referrals most are new.", "153"),
        ("All is well. Of 160 referrals most are new. Plans stand at 153.", "153"),
        ("3.3% have had a plan for 2 years or more: 8 of 160.", "3.3%"),
    ],
)
def test_a_figure_that_was_last_quarters_is_found_in_the_forms_people_write(
    text: str, quoted: str
) -> None:
    finding = found("stale-figure", text)[0]
    assert f" quotes {quoted}, " in finding.what
    assert str(finding.place) == "Commentary C5"


def test_two_stale_figures_in_one_point_are_two_findings() -> None:
    text = "Have reduced child protection plans to 153 & 5 with CPP for 2+years"
    assert len(found("stale-figure", text)) == 2


def test_one_number_that_two_measures_had_is_two_findings() -> None:
    council = book("Care cases take 34 weeks. 34 plans are open, and 34 is few.")
    council.lines["PurpleBook"][0]["Numerator"] = 34
    told = [f.what for f in refresh(council).findings if f.code == "stale-figure"]
    assert [any(f"'{name}'" in what for what in told) for name in (WEEKS, PLANS)] == [True, True]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("was", "now", "text", "count"),
    [
        ((5, 153), (5, 160), "5 of 153 plans are long.", 1),
        ((5, 153), (5, 153), "5 of 153 plans are long.", 0),
        ((1, 10), (16, 159), "One in ten plans is long.", 0),
    ],
)
def test_last_quarters_two_numbers_are_no_share_of_this_ones(
    was: tuple[float, float], now: tuple[float, float], text: str, count: int
) -> None:
    council = book(text)
    then, today = [row for row in council.lines["PurpleBook"] if row["Measure"] == LONG]
    for row, parts in ((then, was), (today, now)):
        row["Numerator"], row["Denominator"] = parts
    told = [f for f in refresh(council).findings if f.code == "stale-figure"]
    assert len(told) == count


def test_the_finding_gives_both_figures_and_the_field_that_fills_itself() -> None:
    (finding,) = found("stale-figure", "3.3% have had a plan for 2 years or more.")
    assert finding.what == (
        "'3.3% have had a plan for 2 years or more.' quotes 3.3%, which was "
        f"'{LONG}' in Q3 2013-14 (5 of 153, 3.3%); it is now 8 of 160, 5.0%."
    )
    assert f"'{{{LONG}}}'" in finding.todo


@pytest.mark.parametrize(
    "text",
    [
        "Have brought plans from 153 to 160.",
        "Plans are up on 153.",
        "160 plans, compared with 153.",
        "There were 153 plans last quarter.",
        "At Q3 there were 153 plans.",
        "In December there were 153 plans; now 160.",
        "More than 153 plans is too many.",
        "160 plans now.",
        "8 of 160 have had one for 2 years or more.",
        "5% have had a plan for 2 years or more.",
        "Our target for re-registrations is 10%.",
        "10% is the GOOD limit of re-registrations.",
        "Five teams took part in the audit.",
        "We met 5 times to plan.",
        "KQI 5 tells of assessments.",
        "Section 5 of the form is hard to fill in.",
        "5 March saw a plan of CP work.",
        "Forms S153, A5 and B1234 are in use for plans.",
        "Tel. 153-1234, plan ref 5-153, at 3:10 on 5/3/14.",
        "Three visits in ten weeks.",
        "Plans run for 10 months or for 2 years.",
        "153rd plan closed.",
        "A budget of £153 and £1,234.",
        "{Number of CP plans} are open.",
        "No one is without a plan.",
        "There were 153 plans in December.",
        "There were 153 plans in Dec.",
        "No child had 2 plans at once, whether second or subsequent.",
        "One in ten staff left.",
        "19 people came.",
    ],
)
def test_a_near_miss_is_left_alone(text: str) -> None:
    assert found("stale-figure", text) == []


def test_a_figure_that_did_not_change_is_this_quarters_too() -> None:
    """8 was nobody's figure last quarter, and 160 is the denominator of this one."""
    assert found("stale-figure", "160 plans, 8 of them long, 5.0%.") == []
