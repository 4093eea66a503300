from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import html as reader

from kqi_workbook.export.page import page
from kqi_workbook.refreshing import Refreshed
from kqi_workbook.scorecard.model import RAG, Action, Judgement, Point, Reading, Trend
from tests.export.boards import html, refreshed, with_row
from tests.support.small_council import VISITS, council, measure, months


def find(source: str, path: str) -> list[Any]:
    """The elements or attributes at a path."""
    found = reader.fromstring(source).xpath(path)
    assert isinstance(found, list)
    return found


def text(source: str, path: str = "//body") -> str:
    """The words of the elements at a path, as they are read out."""
    found = find(source, path)
    return " ".join(" ".join(" ".join(element.itertext()).split()) for element in found)


def of_first_row(source: str, part: str) -> str:
    return text(source, f"//*[@id='kqi-1']//*[contains(@class, '{part}')]")


@pytest.fixture(scope="module")
def source() -> str:
    return html(refreshed())


def test_the_head_says_who_when_and_whether_it_can_be_shared(source: str) -> None:
    assert text(source, "//header") == (
        "Exampleshire Children's Services Key Quality Indicators "
        "Quarter 4, January to March 2014 Ready to share: nothing to put right"
    )
    not_ready = html(refreshed(Commentary=[]))
    assert "Not ready to share: 2 errors" in text(not_ready, "//header")
    assert "KQI 1 has no commentary" in text(not_ready, "//section[@class='findings']")


def test_the_head_says_that_the_quarter_is_running() -> None:
    done = refreshed()
    running = replace(done, scorecard=replace(done.scorecard, as_of=dt.date(2014, 3, 30)))
    assert (
        "Quarter 4, January to March 2014, so far "
        "The quarter is not over: what is due later is not counted yet. Ready to share"
    ) in text(html(running), "//header")


def test_a_council_without_a_name_leaves_no_hole(source: str) -> None:
    done = refreshed()
    nameless = html(replace(done, scorecard=replace(done.scorecard, council="")))
    assert text(nameless, "//title") == (
        "Children's Services Key Quality Indicators, Quarter 4, January to March 2014"
    )


def test_a_row_shows_its_standing_and_why(source: str) -> None:
    standing = of_first_row(source, "standing")
    assert standing.startswith("1. Plans A Amber → Steady last quarter: not on file Amber: 0 of 1")
    assert "GOOD is 90% or more" in standing


def test_a_judged_row_shows_the_proposal_too() -> None:
    done = refreshed()
    judgement = Judgement(
        "1", RAG.GREEN, Trend.IMPROVING, "Audits say so.", "A Director", dt.date(2014, 4, 20)
    )
    board = with_row(done.scorecard, judgement=judgement, past=(RAG.RED,))
    shown = html(replace(done, scorecard=board))
    standing = of_first_row(shown, "standing")
    assert "G Green ↑ Improving judged; proposed A Amber, Steady last quarter: R Red" in standing
    assert "Judged Green by A Director: Audits say so. Proposed Amber: 0 of 1" in standing
    assert "G Green judged ↑ Improving R Red" in text(shown, "//section[@class='glance']")


def test_a_measure_shows_its_figure_good_change_and_trend(source: str) -> None:
    measures = of_first_row(source, "measures")
    assert "Number of CP plans 144 plans up from 140 Not comparable not judged" in measures
    assert (
        "CP reviews on time key GOOD 90% or more 85.3% A Amber up from 84.7% → Steady "
        "no special cause"
    ) in measures


def test_a_missing_figure_shows_its_reason_and_never_0() -> None:
    done = refreshed()
    (result, *others) = done.scorecard.rows[0].measures
    none = replace(result, now=Reading(None, reason="[x] no data for Q4 2013-14"))
    board = with_row(done.scorecard, measures=(none, *others))
    measures = of_first_row(html(replace(done, scorecard=board)), "measures")
    assert "Number of CP plans [x] no data for Q4 2013-14" in measures


def test_why_there_is_no_figure_is_said_once() -> None:
    done = refreshed(PurpleBook=[])
    measures = of_first_row(html(done), "measures")
    assert measures.count("[x] no data for Q4 2013-14") == len(done.scorecard.rows[0].measures)


def test_actions_show_who_when_and_how_far(source: str) -> None:
    assert "Hold reviews early. ATMs 30 June 2014 no status" in of_first_row(source, "actions")
    bare = with_row(refreshed().scorecard, actions=(Action("Visit."),), commentary=())
    shown = html(replace(refreshed(), scorecard=bare))
    assert "Visit. nobody yet no date no status" in of_first_row(shown, "actions")
    assert "No commentary this quarter." in of_first_row(shown, "commentary")


def test_a_scorecard_without_anything_is_still_a_page() -> None:
    bare = with_row(refreshed().scorecard, measures=(), actions=(), evidence=())
    shown = text(html(replace(refreshed(), scorecard=bare)), "//*[@id='kqi-1']")
    assert "No measure informs this KQI." in shown
    assert "No source informs this KQI." in shown
    assert "No action this quarter." in shown
    empty = replace(bare, rows=(), measures=(), teams=())
    assert "At a glance" in text(page(empty, (), "KQIs.xlsx"))


def test_the_teams_stand_beside_the_authority(source: str) -> None:
    teams = text(source, "//section[@class='teams']")
    assert "KQI Measure GOOD All teams North South" in teams
    assert "2 CP visits on time 90% or more A 85.3% A 85.3% A 85.3%" in teams


def test_the_example_shows_its_evidence(example: Refreshed) -> None:
    shown = html(example)
    evidence = of_first_row(shown, "evidence")
    assert "Routine monthly case audits précis: 12 case audits: 8 good or better" in evidence
    assert "QAPB report: [x] nothing this quarter" in text(shown)
    assert "Special cause: improvement (above the upper limit, Mar 2014)" in text(shown)
    assert "Care cases concluded within 26 weeks see KQI 3; GOOD 80% or more" in text(shown)


@pytest.mark.parametrize(
    ("method", "told"),
    [
        (
            "Control chart",
            "Improving Special cause: improvement (above the upper limit, Mar 2014)",
        ),
        ("Quarter on quarter", "Steady change smaller than the trend step"),
    ],
)
def test_a_chart_that_was_not_asked_says_nothing_of_the_trend(method: str, told: str) -> None:
    done = refreshed(
        Settings=[*council().lines["Settings"], {"Setting": "Trend method", "Value": method}],
        Measures=[measure(VISITS, "2", **{"Trend step": 5})],
        PurpleBook=months(VISITS, [*[80, 81] * 11, 81, 85], 100),
    )
    assert told in text(html(done), "//*[@id='kqi-2']//*[@class='moved']")


WICKED = "<script>alert('&amp;')</script> \"><img src=x onerror=alert(1)> {{ 7 * 7 }}"


def test_whatever_staff_type_stays_text() -> None:
    done = refreshed(
        Settings=[
            {"Setting": "Council", "Value": WICKED},
            {"Setting": "Quarter", "Value": "Q4 2013-14"},
            {"Setting": "Team", "Value": "North"},
            {"Setting": "Team", "Value": "South"},
        ],
        KQIs=[{"KQI": 1, "Title": WICKED}, {"KQI": 2, "Title": "Visits"}],
    )
    board = with_row(
        done.scorecard,
        commentary=(Point(WICKED),),
        actions=(Action(WICKED, who=WICKED, status=WICKED),),
    )
    (named, *_) = board.rows[0].measures
    renamed = replace(named, measure=replace(named.measure, name=WICKED))
    board = replace(with_row(board, measures=(renamed,)), measures=(renamed,))
    shown = page(board, done.findings, WICKED)
    assert find(shown, "//script | //img | //@onerror") == []
    assert text(shown).count(WICKED) >= 8
    assert "49" not in of_first_row(shown, "commentary")
    (label,) = set(find(shown, "//*[@id='kqi-1']//*[@class='sparkline']/@aria-label"))
    assert label.startswith(WICKED)


def test_nothing_is_loaded_from_anywhere(example: Refreshed) -> None:
    shown = html(example)
    links = find(shown, "//@href | //@src | //@srcset | //@data | //@action | //@*[name()='style']")
    assert links and all(link.startswith("#") for link in links)
    assert re.findall(r"url\(|@import|https?:", shown) == []
    assert find(shown, "//script | //link | //iframe | //object") == []


def test_links_lead_to_places_on_the_page_and_no_id_comes_twice(example: Refreshed) -> None:
    shown = html(example)
    ids = find(shown, "//@id")
    assert len(ids) == len(set(ids))
    used = {link[1:] for link in find(shown, "//@href")} | set(find(shown, "//@aria-labelledby"))
    assert used <= set(ids)


def test_it_is_british_and_its_tables_and_pictures_can_be_read_out(example: Refreshed) -> None:
    shown = html(example)
    assert find(shown, "/html/@lang") == ["en-GB"]
    assert find(shown, "//table[not(.//th[@scope='col'])]") == []
    assert find(shown, "//th[not(@scope)]") == []
    pictures = find(shown, "//svg[not(@aria-hidden)]")
    assert len(pictures) > 40
    assert all(p.get("role") == "img" and p.get("aria-label") for p in pictures)
    levels = [int(h.tag[1]) for h in find(shown, "//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_rag_colour_never_stands_alone(example: Refreshed) -> None:
    shown = html(example)
    for letter in "RAG":
        for chip in find(shown, f"//*[contains(@class, 'rag-{letter}')]"):
            assert chip.text_content().strip().startswith(letter)


def test_the_same_scorecard_gives_the_same_page(example: Refreshed) -> None:
    assert html(example) == html(example)
