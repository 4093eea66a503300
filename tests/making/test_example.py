"""The example: a refresh of it gives the results that it was made to give, with room to spare."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from math import comb
from pathlib import Path

import pytest
from xlsxwriter.utility import xl_col_to_name

import kqi_workbook
from kqi_workbook import layout
from kqi_workbook.layout import Kind
from kqi_workbook.making.dice import Dice
from kqi_workbook.making.example import example
from kqi_workbook.making.figures import MONTHS, TEAMS
from kqi_workbook.making.funnel import FIGURES_FROM
from kqi_workbook.making.template import make_workbook
from kqi_workbook.scorecard.control_chart import control_chart
from kqi_workbook.scorecard.model import RAG, GoodIs, Trend
from tests.conftest import Validator
from tests.making.made import EXAMPLE, ROOT, filled_example, made_example, parts
from tests.support.libreoffice import LibreOffice

Refreshed = kqi_workbook.Refreshed


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The committed example, refreshed."""
    path = Path(shutil.copy(EXAMPLE, tmp_path_factory.mktemp("example")))
    kqi_workbook.refresh(path)
    return path


@pytest.fixture(scope="module")
def done(workbook: Path) -> Refreshed:
    return kqi_workbook.check(workbook)


def test_the_committed_example_is_what_the_script_makes() -> None:
    """Run `python -m kqi_workbook.making` when this fails."""
    assert parts(EXAMPLE.read_bytes()) == parts(made_example())


def test_two_builds_are_equal_to_the_byte() -> None:
    assert make_workbook(example()) == made_example()


def test_the_validator_finds_no_fault(validator: Validator, workbook: Path) -> None:
    assert validator(EXAMPLE) == []
    assert validator(workbook) == []


# ---- the results


@pytest.mark.parametrize(
    ("kqi", "trend"),
    [
        ("1", Trend.STEADY),
        ("2", Trend.IMPROVING),
        ("3", Trend.IMPROVING),
        ("4", Trend.IMPROVING),
        ("5", Trend.STEADY),
        ("6", Trend.STEADY),
        ("7", Trend.STEADY),
    ],
)
def test_each_kqi_is_amber_by_the_rules(done: Refreshed, kqi: str, trend: Trend) -> None:
    (row,) = (row for row in done.scorecard.rows if row.kqi.number == kqi)
    assert (row.rag, row.trend, row.judged) == (RAG.AMBER, trend, False)


def test_there_are_153_plans_of_which_5_are_open_for_2_years_or_more(done: Refreshed) -> None:
    now = {result.measure.name: result.now for result in done.scorecard.measures}
    assert now["Number of CP plans"].value == 153
    long = now["CP plans open 2 years or more"]
    assert (long.numerator, long.denominator, long.value) == (5, 153, 3.3)


def test_checks_show_the_missing_report_and_the_shared_points_and_nothing_else(
    done: Refreshed,
) -> None:
    assert Counter((finding.code, finding.kqi) for finding in done.findings) == {
        ("said-twice", "3"): 2,
        ("no-evidence", "5"): 1,
    }
    assert "QAPB" in next(f.what for f in done.findings if f.code == "no-evidence")
    assert done.ready


def test_every_measure_has_a_value_this_quarter_and_the_last(done: Refreshed) -> None:
    for result in done.scorecard.measures:
        assert result.now.value is not None
        assert result.before.value is not None


def test_the_commentary_quotes_the_figures_of_the_scorecard(done: Refreshed) -> None:
    now = {result.measure.name: result.now.value for result in done.scorecard.measures}
    said = " ".join(point.text for row in done.scorecard.rows for point in row.commentary)
    for name in ("CP visits on time", "LAC care plans up to date"):
        assert f"{now[name]}%" in said


# ---- and that they are no near miss


def test_no_key_measure_is_near_its_limits(done: Refreshed) -> None:
    for result in done.scorecard.measures:
        if result.measure.key:
            limits = result.measure.limits
            edges = (limits.green.low, limits.green.high, limits.amber.low, limits.amber.high)
            value = result.now.value
            assert value is not None
            assert min(abs(value - edge) for edge in edges if edge is not None) > 0.7


def test_no_steady_key_measure_has_a_special_cause_in_any_month(done: Refreshed) -> None:
    for result in done.scorecard.measures:
        chart = result.movement.chart
        if result.measure.key and result.movement.trend is Trend.STEADY:
            assert chart is not None
            assert not any(chart.causes)


def test_improving_key_measures_improve_without_their_last_month_too(done: Refreshed) -> None:
    for result in done.scorecard.measures:
        if result.measure.key and result.movement.trend is Trend.IMPROVING:
            assert result.measure.limits.good_is is GoodIs.HIGH
            values = [(month, r.value) for month, r in result.points if r.value is not None]
            chart = control_chart(values[:-1])
            assert chart is not None
            cause = chart.causes[-1]
            assert cause is not None
            assert cause.side == 1


# ---- the data


@pytest.mark.parametrize(
    "table", [t for t in layout.DATA_TABLES if t.dated], ids=lambda table: table.name
)
def test_every_data_tab_has_24_months_up_to_march_2014(table: layout.Table) -> None:
    at = next(i for i, column in enumerate(table.columns) if column.name == table.dated)
    held = [row[at] for row in filled_example().tables[table.name]]
    if table.column(table.dated).kind is Kind.QUARTER:
        assert len(set(held)) == 8
    elif table is layout.SURVEYS or table is not layout.REPORTS:
        months = {day.replace(day=1) for day in held if isinstance(day, dt.date)}
        assert months.issuperset(MONTHS)


def test_libreoffice_finds_no_entry_that_breaks_a_validation(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    """Measures aside: its Source and KQI offer a list, and take more than that."""
    script = Path(__file__).with_name("uno_validity.py")
    asked = json.dumps({"file": str(workbook), "entries": []})
    invalid = json.loads(libreoffice.run_script(script, asked))["invalid"]
    assert {name: count for name, count in invalid.items() if count} == {
        "Measures": invalid["Measures"]
    }


def test_teams_have_places_in_no_council() -> None:
    assert TEAMS == ("North", "South", "East", "West", "Central", "A&A")


@pytest.mark.parametrize("seed", range(5))
def test_shares_come_out_exactly_whatever_the_dice(seed: int) -> None:
    dice = Dice(seed)
    parts_ = dice.share_out(97, [3.0, 2.0, 1.0], [60, 30, 20])
    assert sum(parts_) == 97
    assert all(part <= most for part, most in zip(parts_, [60, 30, 20], strict=True))
    assert sum(dice.quota(7, 12)) == 7


def test_dice_refuse_to_share_out_more_than_fits() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Dice(1).share_out(5, [1.0, 1.0], [2, 2])


# ---- what people see


def test_libreoffice_shows_letters_words_fills_and_trends(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    cells = libreoffice.read(workbook, "Scorecard")["Scorecard"]
    trends = [cells[f"G{row}"].text for row in range(5, 12)]
    assert trends == ["Steady", *["Improving"] * 3, *["Steady"] * 3]
    for row in range(5, 12):
        assert cells[f"K{row}"].text == "[x]"  # data begin in Q1 2012-13, seven quarters ago
        for column in "FR":
            cell = cells[f"{column}{row}"]
            assert (cell.text, cell.fill) == ("A\nAmber", "#FFEB9C")
    assert cells["A1"].text == (
        "Exampleshire: Children's Services Key Quality Indicators, Quarter 4, January to March 2014"
    )


def test_libreoffice_shows_the_quarters_before_as_a_strip(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    """KQI 2's visits were below 80% until the quarter before."""
    cells = libreoffice.read(workbook, "Scorecard")["Scorecard"]
    strip = [(cells[f"{column}6"].text, cells[f"{column}6"].fill) for column in "KLMNOPQ"]
    assert strip == [("[x]", None), *[("R", "#FFC7CE")] * 6]


def test_libreoffice_colours_rated_figures_by_team_and_no_names(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    cells = libreoffice.read(workbook, "By team")["By team"]
    fills = {"R ": "#FFC7CE", "A ": "#FFEB9C", "G ": "#C6EFCE"}
    body = {at: cell for at, cell in cells.items() if int(at.lstrip("ABCDEFGHIJ")) > 4}
    assert body
    for address, cell in body.items():
        assert cell.fill == (fills.get(cell.text[:2]) if address[0] > "C" else None)


def test_libreoffice_works_out_the_trend_chart(libreoffice: LibreOffice, workbook: Path) -> None:
    cells = libreoffice.read(workbook, "Trend chart")["Trend chart"]
    assert cells["A3"].value == "CP plans open 2 years or more"
    assert (cells["A5"].text, cells["A28"].text) == ("Apr 2012", "Mar 2014")
    assert cells["B28"].value == 3.3
    assert cells["G28"].value == 2.5
    assert cells["L3"].text == "CP plans open 2 years or more: %"


def picked(
    libreoffice: LibreOffice, workbook: Path, sheet: str, measures: Sequence[str], cells: list[str]
) -> list[list[str]]:
    """What cells of a sheet show after each measure is picked in its drop-down, without Python."""
    script = Path(__file__).with_name("uno_pick.py")
    picks = json.dumps([[sheet, "A3", measure, cells] for measure in measures])
    shown: list[list[str]] = json.loads(libreoffice.run_script(script, str(workbook), picks))
    return shown


def test_another_measure_picked_from_the_drop_down_shows_other_numbers(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    """March 2014's value, then the limits for GOOD, then the mark of its special cause."""
    measures = ("CP visits on time", "Number of CP plans", "Assessments up to date")
    shown = picked(libreoffice, workbook, "Trend chart", measures, ["B28", "F28", "H28", "J28"])
    assert shown == [
        ["85.3", "90", "85.3", "#N/A"],
        ["153", "#N/A", "#N/A", "153"],
        ["86", "90", "#N/A", "#N/A"],
    ]


def binomial_limit(out_of: int, share: float, below: float) -> float:
    """Spiegelhalter's exact limit in per cent, added up term by term."""
    total = 0.0
    for count in range(out_of + 1):
        term = comb(out_of, count) * share**count * (1 - share) ** (out_of - count)
        total += term
        if total >= below:
            return max(0.0, 100 * (count - (total - below) / term) / out_of)
    raise AssertionError


@pytest.mark.parametrize("measure", ["CP visits on time", "CP plans open 2 years or more"])
def test_the_funnels_limits_are_the_exact_binomial_ones(
    libreoffice: LibreOffice, workbook: Path, done: Refreshed, measure: str
) -> None:
    columns = "ABCDEFGH"
    wanted = [f"{column}{row}" for row in range(5, 13) for column in columns]
    (shown,) = picked(libreoffice, workbook, "Team funnel", [measure], wanted)
    rows = [shown[at : at + len(columns)] for at in range(0, len(shown), len(columns))]
    (result,) = (one for one in done.scorecard.measures if one.measure.name == measure)
    authority = result.now
    assert authority.numerator is not None and authority.denominator is not None
    assert rows[0][:2] == ["All teams", f"{authority.denominator:g}"]
    share = authority.numerator / authority.denominator
    for team, row in zip(TEAMS[:-1], rows[1:], strict=False):
        reading = result.teams[team].reading
        assert reading.numerator is not None and reading.denominator is not None
        expected = [
            binomial_limit(round(reading.denominator), share, below)
            for below in (0.001, 0.025, 0.975, 0.999)
        ]
        value = 100 * reading.numerator / reading.denominator
        assert row[:3] == [team, f"{reading.denominator:g}", f"{value:.1f}"]
        assert [float(text) for text in row[3:7]] == pytest.approx(expected, abs=0.051)
        outside = [value < expected[0], value < expected[1], value > expected[2]]
        assert any(outside) == (row[7] != "within the limits")
    assert rows[6][0] == "A&A" and rows[6][7] == "[x] no percentage"
    assert rows[7] == ["", "", "#N/A", *[""] * 5]


def test_the_funnel_offers_only_percentages_that_are_known_by_team(
    done: Refreshed, libreoffice: LibreOffice, workbook: Path
) -> None:
    cells = libreoffice.read(workbook, "Team funnel")["Team funnel"]
    names = [f"{xl_col_to_name(FIGURES_FROM)}{row}" for row in range(5, 40)]
    offered = [cells[name].text for name in names if name in cells]
    assert "CP visits on time" in offered
    assert "Number of CP plans" not in offered  # a count
    assert not any("straw poll" in name.casefold() for name in offered)  # of the whole authority
    assert len(offered) == len(set(offered)) < len(done.scorecard.measures)


@pytest.mark.parametrize(
    "sheet", ["Read me", "Scorecard", "Checks", "By team", "Trends", "Measures", "Evidence"]
)
def test_rows_are_as_high_as_their_text_needs(
    libreoffice: LibreOffice, workbook: Path, sheet: str
) -> None:
    """LibreOffice fits no row on opening, so what the file states is what it shows."""
    script = Path(__file__).with_name("uno_heights.py")
    heights = json.loads(libreoffice.run_script(script, str(workbook), sheet))
    assert [(stated, fitted) for stated, fitted in heights if stated < fitted - 1] == []
    if sheet == "Scorecard":
        assert max(fitted for _, fitted in heights) > 100


def test_the_script_beside_the_example_runs(tmp_path: Path) -> None:
    script = ROOT / "examples" / "refresh_example.py"
    ran = subprocess.run(
        [sys.executable, script, tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=None,
    )
    assert "Ready to share: yes" in ran.stdout
    assert ran.stdout.count("Amber: ") == 7
