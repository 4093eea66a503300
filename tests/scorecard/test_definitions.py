from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from kqi_workbook import layout
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.scorecard.definitions import define
from kqi_workbook.scorecard.model import Definitions, Finding, GoodIs, Period, Range, Severity
from kqi_workbook.scorecard.quarters import Quarter
from tests.scorecard.frames import data_table

Line = Mapping[str, object]

KQIS = [{"KQI": "1", "Title": "Plans"}, {"KQI": "2", "Title": "Visits"}]
EVIDENCE = [
    {
        "KQI": "1",
        "Source": "Straw poll",
        "Expected": "Monthly",
        "Tab": "Surveys",
        "Filter value": "Poll of parents",
    }
]
VISITS = {
    "KQI": "2",
    "Measure": "CP visits on time",
    "Source": "Purple book",
    "Calculation": "Percentage",
    "Unit": "%",
    "Period": "Total",
    "Good is": "High",
    "Green from": 90,
    "Amber from": 80,
    "Key": True,
}


def read(
    *,
    kqis: Sequence[Line] = KQIS,
    measures: Sequence[Line] = (),
    evidence: Sequence[Line] = EVIDENCE,
    settings: Sequence[tuple[str, str]] = (),
) -> tuple[Definitions, list[Finding]]:
    lines: dict[layout.Table, Sequence[Line]] = {
        layout.KQIS: kqis,
        layout.MEASURES: measures,
        layout.EVIDENCE: evidence,
        layout.SETTINGS: [{"Setting": name, "Value": value} for name, value in settings],
    }
    return define({table.name: data_table(table, rows) for table, rows in lines.items()})


def test_a_measure_is_read_whole() -> None:
    definitions, findings = read(measures=[VISITS])
    (measure,) = definitions.measures
    assert not findings
    assert measure.kqis == ("2",)
    assert (measure.table, measure.picks, measure.qualitative) == (
        "PurpleBook",
        "CP visits on time",
        False,
    )
    assert measure.limits.good_is is GoodIs.HIGH
    assert (measure.limits.green, measure.limits.amber) == (Range(low=90), Range(low=80))
    assert measure.period is Period.TOTAL
    assert (measure.key, measure.decimals, measure.step) == (True, 1, 0)
    assert str(measure.place) == "Measures B5"


@pytest.mark.parametrize("written", ["1, 2", "1,2", "1 & 2", "1 and 2", "1;2"])
def test_a_measure_can_inform_several_kqis(written: str) -> None:
    definitions, _ = read(measures=[{**VISITS, "KQI": written}])
    assert definitions.measures[0].kqis == ("1", "2")
    assert definitions.measures_of("1") == definitions.measures_of("2") == definitions.measures


def test_a_source_in_evidence_gives_its_tab_and_filter() -> None:
    poll = {**VISITS, "KQI": "1", "Source": "straw poll", "Calculation": "Answers positive"}
    definitions, findings = read(measures=[poll])
    (measure,) = definitions.measures
    assert not findings
    assert (measure.table, measure.picks) == ("Surveys", "Poll of parents")
    assert measure.qualitative


@pytest.mark.parametrize(
    ("filter_value", "picks"), [("FWi visits", "FWi visits"), ("", "CP visits on time")]
)
def test_a_source_in_the_purple_book_picks_by_its_filter_or_by_the_measures_name(
    filter_value: str, picks: str
) -> None:
    fwi = {"KQI": "2", "Source": "FWi reports", "Tab": "Purple book", "Filter value": filter_value}
    definitions, _ = read(measures=[{**VISITS, "Source": "FWi reports"}], evidence=[fwi])
    assert definitions.measures[0].picks == picks


@pytest.mark.parametrize(("typed", "shown"), [(None, 1), (0, 0), (2, 2), (9, 6), (-1, 0)])
def test_a_figure_has_as_many_decimals_as_typed_from_0_to_6(typed: int | None, shown: int) -> None:
    definitions, _ = read(measures=[{**VISITS, "Decimals": typed}])
    assert definitions.measures[0].decimals == shown


@pytest.mark.parametrize(
    ("change", "code", "cell", "words"),
    [
        ({"KQI": "7"}, "unknown-KQI", "A5", "'7' is not in the KQIs tab"),
        ({"KQI": "&"}, "unknown-KQI", "A5", "'' is not in the KQIs tab"),
        ({"Calculation": "Percent"}, "unknown-calculation", "D5", "did you mean 'Percentage'?"),
        ({"Source": "Purple bok"}, "unknown-source", "C5", "did you mean 'Purple book'?"),
        ({"Source": "Straw poll"}, "unknown-source", "C5", "Evidence of KQI 2"),
        (
            {"KQI": "1", "Source": "Straw pol"},
            "unknown-source",
            "C5",
            "did you mean 'Straw poll'?",
        ),
        ({"Source": "Court"}, "calculation", "D5", "works on the Purple book tab"),
        ({"Calculation": "Held"}, "calculation", "D5", "works on the Supervision tab"),
    ],
)
def test_a_measure_that_makes_no_sense_is_left_out_and_named(
    change: Line, code: str, cell: str, words: str
) -> None:
    definitions, (finding,) = read(measures=[{**VISITS, **change}])
    assert not definitions.measures
    assert (finding.code, finding.severity) == (code, Severity.ERROR)
    assert finding.place.cell == cell
    assert words in finding.what + finding.todo


def test_limits_are_read_in_excels_15_digits() -> None:
    """1.1 * 100 is 110.00000000000001 in binary, and 110 is 110 or more."""
    line = {**VISITS, "Green from": 1.1 * 100, "Amber from": 0.7 - 0.4, "Trend step": 0.1 + 0.2}
    (measure,) = read(measures=[line])[0].measures
    assert (measure.limits.green.low, measure.limits.amber.low, measure.step) == (110, 0.3, 0.3)


def test_limits_that_no_value_can_meet_are_named_and_the_measure_kept() -> None:
    definitions, (finding,) = read(measures=[{**VISITS, "Green from": 90, "Green to": 80}])
    assert len(definitions.measures) == 1
    assert (finding.code, finding.place.cell) == ("limits", "H5")
    assert read(measures=[{**VISITS, "Green from": 90, "Green to": 90}])[1] == []


def test_the_second_of_two_measures_with_one_name_is_left_out() -> None:
    twice = {**VISITS, "Measure": "cp VISITS on time", "KQI": "1"}
    definitions, (finding,) = read(measures=[VISITS, twice])
    assert [measure.kqis for measure in definitions.measures] == [("2",)]
    assert (finding.code, finding.place.cell) == ("duplicate", "B6")


def test_evidence_needs_a_data_tab_and_a_kqi() -> None:
    lines = [{**EVIDENCE[0], "Tab": "Survey"}, {**EVIDENCE[0], "KQI": "9"}, *EVIDENCE, *EVIDENCE]
    definitions, findings = read(evidence=lines)
    assert len(definitions.evidence) == 1
    assert [finding.code for finding in findings] == ["unknown-tab", "unknown-KQI", "duplicate"]
    assert "did you mean 'Surveys'?" in findings[0].todo


@pytest.mark.parametrize("tab", ["Court", "Permanence", "Core groups", "Supervision"])
def test_a_tab_with_nothing_to_filter_by_counts_whole_and_the_filter_value_is_named(
    tab: str,
) -> None:
    definitions, (finding,) = read(evidence=[{**EVIDENCE[0], "Tab": tab, "Filter value": "North"}])
    assert [source.picks for source in definitions.evidence] == [""]
    assert (finding.code, finding.severity) == ("filter", Severity.WARNING)
    assert finding.place.cell == "E5"
    assert f"the {tab} tab has nothing to filter by" in finding.what


def test_settings_are_read_and_teams_keep_their_order() -> None:
    definitions, findings = read(
        settings=[
            ("Council", "Exampleshire"),
            ("quarter", "Q4 2013-14"),
            ("Team", "West"),
            ("Team", "East"),
            ("Team", "West"),
            ("Child population", "36,500"),
            ("Trend method", "quarter on quarter"),
            ("Trend months", ""),
            ("Python", r"C:\Python\python.exe"),
        ]
    )
    settings = definitions.settings
    assert not findings
    assert (settings.council, settings.quarter) == ("Exampleshire", Quarter(2013, 4))
    assert settings.teams == ("West", "East")
    assert settings.child_population == 36_500
    assert not settings.control_chart
    assert settings.trend_months == 24


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Quarter", "Q5 2013-14"),
        ("Quarter", "Q4 2013-15"),
        ("Child population", "many"),
        ("Child population", "0"),
        ("Trend method", "eyes"),
        ("Trend months", "3"),
        ("Decimals", "1.5"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_its_default_counts(
    setting: str, value: str
) -> None:
    definitions, (finding,) = read(settings=[(setting, value)])
    assert definitions.settings == read()[0].settings
    assert (finding.code, finding.severity) == ("setting", Severity.ERROR)
    assert finding.place.cell == "B5"
    assert value in finding.what and finding.what.endswith(".")


def test_what_a_number_of_settings_may_be_is_told_in_full() -> None:
    _, (finding,) = read(settings=[("Child population", "0")])
    assert finding.what == "Child population is '0': expected a number from 1 to 100,000,000."


def test_a_setting_that_stands_twice_is_named_and_the_lower_counts() -> None:
    quarters = [("Quarter", "Q4 2013-14"), ("quarter", "Q1 2014-15")]
    definitions, (finding,) = read(settings=quarters)
    assert definitions.settings.quarter == Quarter(2014, 1)
    assert (finding.code, finding.severity) == ("setting", Severity.ERROR)
    assert finding.what == (
        "Quarter is 'Q4 2013-14' further up and 'Q1 2014-15' here, which counts."
    )


def test_a_setting_may_stand_twice_in_the_same_words() -> None:
    assert read(settings=[("Quarter", "Q4 2013-14")] * 2)[1] == []


@pytest.mark.parametrize("again", ["NORTH  team", "north team"])
def test_a_team_that_stands_twice_is_one_team_as_written_first(again: str) -> None:
    teams = [("Team", "North Team"), ("Team", "South"), ("Team", again)]
    definitions, (finding,) = read(settings=teams)
    assert definitions.settings.teams == ("North Team", "South")
    assert (finding.code, finding.severity) == ("setting", Severity.NOTE)
    assert finding.place.cell == "B7"
    assert finding.what == (
        f"The team '{again}' is there already, further up, as 'North Team', which counts."
    )


def test_a_total_among_the_teams_is_an_error_and_left_out() -> None:
    teams = [("Team", "Whole service"), ("Team", "North"), ("Team", "South")]
    definitions, (finding,) = read(settings=teams)
    assert definitions.settings.teams == ("North", "South")
    assert (finding.code, finding.severity) == ("setting", Severity.ERROR)
    assert finding.place.cell == "B5"
    assert finding.what == (
        "'Whole service' is no team: beside those of the teams its figures would count twice. "
        "It was left out."
    )


def test_a_council_that_is_not_told_apart_by_team_may_call_its_one_team_so() -> None:
    definitions, findings = read(settings=[("Team", "Whole service")])
    assert (definitions.settings.teams, findings) == (("Whole service",), [])


def test_a_setting_of_another_name_is_only_noted() -> None:
    _, (finding,) = read(settings=[("Quater", "Q4 2013-14")])
    assert finding.severity is Severity.NOTE
    assert "did you mean 'Quarter'?" in finding.todo


def test_without_kqis_there_is_nothing_to_fill() -> None:
    with pytest.raises(KQIWorkbookError, match="The KQIs tab has no KQIs"):
        read(kqis=[])


def test_a_kqi_that_stands_twice_counts_once() -> None:
    definitions, (finding,) = read(kqis=[*KQIS, {"KQI": "1", "Title": "Again"}])
    assert [kqi.title for kqi in definitions.kqis] == ["Plans", "Visits"]
    assert finding.code == "duplicate"


@pytest.mark.parametrize(
    ("calculation", "unit", "expected"),
    [
        ("Percentage", "", "%"),
        ("Percentage", "of visits", "of visits"),
        ("Rate per 10,000", "", "per 10,000"),
        ("Count", "", ""),
        ("Average", "", ""),
    ],
)
def test_a_percentage_or_a_rate_has_a_usual_unit(
    calculation: str, unit: str, expected: str
) -> None:
    definitions, _ = read(measures=[{**VISITS, "Calculation": calculation, "Unit": unit}])
    assert definitions.measures[0].unit == expected
