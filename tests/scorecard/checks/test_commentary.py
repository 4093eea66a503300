from __future__ import annotations

import pytest

from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.checks.commentary import _way
from tests.scorecard.checks.saying import PLANS, book, found

LAST = (
    "Core Groups still need to give evidence of SMART plans, and parents say that plans are long."
)


def test_a_placeholder_is_no_commentary_and_is_named() -> None:
    (finding,) = found("no-commentary", "tbc", "-")
    assert finding.what == "KQI 1 has no commentary for Q4 2013-14: found 'tbc'."
    assert str(finding.place) == "Commentary C5"
    assert not found("off-the-subject", "tbc", "-") + found("said-twice", "tbc", "tbc")
    assert not found("same-as-last-quarter", "tbc", last=["tbc"])


@pytest.mark.parametrize(
    "text",
    [
        LAST,
        LAST.upper(),
        f"  {LAST.rstrip('.')} ",
        LAST.replace(", and", " &"),
        LAST.replace("say", "said"),
        LAST.replace("Core Groups", "Core groups").replace("SMART", "Smart"),
    ],
)
def test_a_copy_of_last_quarters_point_is_found(text: str) -> None:
    (finding,) = found("same-as-last-quarter", text, last=["Plans.", LAST])
    assert str(finding.place) == "Commentary C5"


@pytest.mark.parametrize(
    ("last", "text"),
    [
        ("Plans are down to 153.", "Plans are down to 160."),
        (LAST, LAST.replace("still need", "no longer need")),
        (LAST, LAST.replace("are long", "are not long")),
        (LAST, LAST.replace("still need to", "now")),
        (LAST, "Core Groups give evidence of SMART plans."),
        (LAST, "Parents say that plans are long."),
        ("Reviews on time are steady.", "Visits on time are steady."),
        ("Visits are better.", "Visits are worse."),
        ("Plans rose to {Number of CP plans}.", "Plans rose to {Number of CP plans}."),
        ("Two audits found gaps in plans.", "Three audits found gaps in plans."),
    ],
)
def test_a_point_like_last_quarters_that_says_something_else_is_no_copy(
    last: str, text: str
) -> None:
    assert found("same-as-last-quarter", text, last=[last]) == []


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (LAST, LAST),
        (LAST, LAST.upper()),
        (LAST, LAST.replace("say", "said")),
        ("As in the spring, plans are late.", "As in the spring, plans are late."),
    ],
)
def test_a_point_made_twice_is_found_where_it_stands_again(first: str, again: str) -> None:
    (finding,) = found("said-twice", first, "Plans.", again)
    assert str(finding.place) == "Commentary C7"
    assert finding.todo == "Keep it once."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reviews on time are steady.", "Visits on time are steady."),
        ("See KQI 3.", "See KQI 3."),
        ("As above", "As above"),
        ("As for KQI 3.", "As for KQI 3."),
        ("Audits show 3 gaps in plans.", "Audits show 4 gaps in plans."),
        (LAST, LAST.replace("still need", "no longer need")),
        ("Views of child better recorded", "Views of child recorded in all plans"),
    ],
)
def test_points_that_differ_are_no_repetition(one: str, other: str) -> None:
    assert found("said-twice", one, other) == []


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Visiting improved", 1),
        ("Views of child better recorded", 1),
        ("SMART action plans improving", 1),
        ("Things have got worse", -1),
        ("Timeliness has deteriorated", -1),
        ("Recording slipped in two teams", -1),
        ("Visiting improved and no child waits", 1),
        ("Visiting improved in all of the five teams, as we had expected", 1),
        # near misses
        ("Timeliness of assessments needs improvement", 0),
        ("Straw polls showed need for improvement on keeping parents informed", 0),
        ("One case needing immediate improvement", 0),
        ("Recording has not improved", 0),
        ("No worse than before", 0),
        ("80% were graded good or better", 0),
        ("The improvement plan is being written", 0),
        ("Improvement is needed", 0),
        ("We hope to improve", 0),
        ("Visits improved and recording got worse", 0),
        ("Visits are up by a third", 0),
    ],
)
def test_which_way_a_point_tells_of(text: str, way: int) -> None:
    assert _way(text) == way


@pytest.mark.parametrize(
    ("points", "noted"),
    [
        (["Plans have improved."], True),
        (["Plans have improved.", "Caseloads are high."], True),
        (["Plans have improved.", "Core Groups got worse."], False),
        (["Plans have got worse."], False),
        (["Plans need to improve."], False),
        (["Plans have not improved."], False),
        (["Plans are fewer."], False),
        (["Caseloads are monitored."], False),
    ],
)
def test_words_against_a_falling_arrow(points: list[str], noted: bool) -> None:
    made = book(*points)
    for row in made.lines["PurpleBook"]:
        if str(row["Measure"]).startswith("CP plans open"):
            row["Numerator"], row["Denominator"] = (300 if row["Numerator"] == 5 else 8), 800
    done = refresh(made)
    assert done.scorecard.rows[0].trend.value == "Worsening"
    told = [f.what for f in done.findings if f.code == "against-the-arrow"]
    what = f"'{points[0]}' tells of things getting better, and the arrow says Worsening."
    assert told == [what] * noted


@pytest.mark.parametrize(
    ("text", "noted"), [("Plans have got worse.", True), ("Plans have improved.", False)]
)
def test_words_against_a_rising_arrow(text: str, noted: bool) -> None:
    made = book(text)
    for row in made.lines["PurpleBook"]:
        if str(row["Measure"]).startswith("CP plans open"):
            row["Numerator"], row["Denominator"] = (8 if row["Numerator"] == 5 else 300), 800
    done = refresh(made)
    told = [f.what for f in done.findings if f.code == "against-the-arrow"]
    what = f"'{text}' tells of things getting worse, and the arrow says Improving."
    assert told == [what] * noted


@pytest.mark.parametrize("text", ["Caseloads are high.", "Morale is good this quarter.", "Fine."])
def test_commentary_on_something_else_is_noted(text: str) -> None:
    (finding,) = found("off-the-subject", text)
    assert str(finding.place) == "Commentary C5"


@pytest.mark.parametrize(
    "points",
    [
        ["Fewer CPPs."],
        ["Re-registered children are few."],
        ["External audit found gaps."],
        ["Care proceedings take long."],
        ["{Number of CP plans}"],
        ["160 at the quarter's end."],
        ["Caseloads are high.", "Planning got better.", "Plans are fewer."],
    ],
)
def test_commentary_that_mentions_a_measure_in_any_point_is_on_the_subject(
    points: list[str],
) -> None:
    assert found("off-the-subject", *points) == []


def test_a_field_is_filled_with_the_figure_as_the_scorecard_shows_it() -> None:
    made = book(f"Now {{{PLANS}}}, of which {{ cp plans open 2 YEARS or more }} are long.")
    made.lines["Actions"][0]["Action"] = f"Close some of the {{{PLANS}}}."
    refresh(made)
    row = made.lines["Scorecard"][0]
    assert row["Commentary points this quarter"] == "• Now 160 plans, of which 5.0% are long."
    assert str(list(row.values())[7]) == "• Close some of the 160 plans."


def test_an_unknown_field_stays_as_typed_and_the_nearest_name_is_offered() -> None:
    (finding,) = found("unknown-field", "Plans: {Number of plans}.")
    assert finding.what.startswith("'{Number of plans}' is not the name of a measure")
    assert f"did you mean '{PLANS}'?" in finding.todo


@pytest.mark.parametrize(
    "text", [f"{{{PLANS}}}", "Plans {", "} plans {", "{} plans", "Plans (160).", "<plans>"]
)
def test_what_is_no_field_or_a_known_one_is_left_alone(text: str) -> None:
    assert found("unknown-field", text) == []
