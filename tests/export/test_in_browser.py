"""The page in a real Chromium: its rules of accessibility, its widths, and its print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

import kqi_workbook
from kqi_workbook.refreshing import Refreshed
from tests.export.boards import html, linking, many_teams, refreshed, wordy

if TYPE_CHECKING:
    from tests.support.browser import Browser

A3_LANDSCAPE = (1191, 842)  # points
PHONE, WIDE = 360, 1920
LONG = (
    "Practice leads looked at each plan with the team and agreed what has to change by June. " * 2
)


@pytest.fixture(scope="module")
def boards(example: Refreshed) -> dict[str, Refreshed]:
    """From little to say to very much."""
    return {
        "example": example,
        "small": refreshed(),
        "not ready": refreshed(Commentary=[], Actions=[]),
        "wordy": replace(example, scorecard=wordy(example.scorecard, 1)),
        "a link": replace(example, scorecard=linking(example.scorecard)),
        "many teams": replace(example, scorecard=many_teams(example.scorecard, 12)),
    }


@pytest.fixture(params=["example", "small", "not ready", "wordy", "a link", "many teams"])
def page(request: pytest.FixtureRequest, boards: dict[str, Refreshed], tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(html(boards[request.param]), encoding="utf-8")
    return path


def test_axe_finds_nothing(browser: Browser, page: Path) -> None:
    for width in (PHONE, WIDE):
        browser.open(page, width)
        assert browser.violations() == []


def test_axe_finds_what_is_wrong(browser: Browser, page: Path) -> None:
    spoilt = page.read_text(encoding="utf-8").replace(' lang="en-GB"', "")
    spoilt = spoilt.replace("--soft: #4a4a4a", "--soft: #bbbbbb")
    page.write_text(spoilt, encoding="utf-8")
    browser.open(page, WIDE)
    assert {"html-has-lang", "color-contrast"} <= {v.rule for v in browser.violations()}


@pytest.mark.parametrize("width", [PHONE, 768, 1200, WIDE])
def test_nothing_sticks_out_to_the_side(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width)
    assert browser.ask("return document.documentElement.scrollWidth") == width
    outside = browser.ask(
        "return [...document.querySelectorAll('body *')]"
        ".filter(e => !e.closest('.wide, .shapes, .skip'))"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)"
        ".map(e => e.className.baseVal ?? e.className)"
    )
    assert outside == []


def test_no_label_of_a_chart_is_cut_off_or_covers_another(browser: Browser, page: Path) -> None:
    browser.open(page, WIDE)
    faults = browser.ask(
        "const faults = [];"
        "for (const chart of document.querySelectorAll('.chart')) {"
        "  const frame = chart.getBoundingClientRect();"
        "  const boxes = [...chart.querySelectorAll('text')].map(t => t.getBoundingClientRect());"
        "  boxes.forEach((a, i) => {"
        "    if (a.right > frame.right + 1 || a.bottom > frame.bottom + 1 || a.top < frame.top - 1)"
        "      faults.push('cut off: ' + chart.getAttribute('aria-label'));"
        "    if (boxes.slice(i + 1).some(b => a.left < b.right && b.left < a.right"
        "        && a.top + 3 < b.bottom && b.top + 3 < a.bottom))"
        "      faults.push('covered: ' + chart.getAttribute('aria-label'));"
        "  });"
        "}"
        "return [faults, document.querySelectorAll('.chart text').length]"
    )
    assert faults[0] == [] and faults[1] > 0


def test_no_word_is_smaller_than_12_pixels_on_a_screen(browser: Browser, page: Path) -> None:
    browser.open(page, PHONE)
    smallest = browser.ask(
        "return Math.min(...[...document.querySelectorAll('body :not(svg *)')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 12


def test_it_loads_nothing_and_runs_nothing(browser: Browser, page: Path) -> None:
    browser.complaints()
    browser.open(page)
    assert browser.ask("return performance.getEntriesByType('resource').length") == 0
    assert browser.complaints() == []


def test_what_is_typed_cannot_run_even_if_it_were_not_escaped(browser: Browser, page: Path) -> None:
    """The page forbids scripts, pictures and fonts to itself."""
    spoilt = "<script>document.title = 'ran'</script></body>"
    source = page.read_text(encoding="utf-8").replace("</body>", spoilt)
    page.write_text(source, encoding="utf-8")
    browser.open(page)
    assert browser.ask("return document.title") != "ran"


def test_the_first_tab_skips_to_the_scorecard_and_is_seen(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.press("Tab", 9)
    focus = browser.ask(
        "const e = document.activeElement, box = e.getBoundingClientRect();"
        "return [e.getAttribute('href'), box.left >= 0, getComputedStyle(e).outlineStyle]"
    )
    assert focus == ["#scorecard", True, "solid"]


def test_it_prints_on_one_a3_page(browser: Browser, page: Path) -> None:
    browser.open(page, WIDE)
    document = pypdfium2.PdfDocument(browser.pdf())
    assert len(document) == 1
    size = document[0].get_size()
    assert size == pytest.approx(A3_LANDSCAPE, abs=1)
    words = document[0].get_textpage().get_text_range()
    for part in ("Key Quality Indicators", "Commentary this quarter", "By team", "How to read"):
        assert part in words


def test_a_new_workbook_prints_on_one_page_too(browser: Browser, tmp_path: Path) -> None:
    """Each measure says why it has no figure, which takes more room than figures do."""
    path = tmp_path / "page.html"
    new = kqi_workbook.check(kqi_workbook.new_workbook(tmp_path / "KQIs.xlsx"))
    path.write_text(html(new), encoding="utf-8")
    browser.open(path, WIDE)
    assert len(pypdfium2.PdfDocument(browser.pdf())) == 1


def test_the_printed_page_is_used_well(
    browser: Browser, boards: dict[str, Refreshed], tmp_path: Path
) -> None:
    """The letters are the largest that fit, or nearly: a quarter of the page is not left blank."""
    path = tmp_path / "example.html"
    path.write_text(html(boards["example"]), encoding="utf-8")
    browser.open(path, WIDE)
    page = pypdfium2.PdfDocument(browser.pdf())[0]
    text = page.get_textpage()
    lowest = min(text.get_charbox(i)[1] for i in range(text.count_chars()))
    assert lowest < page.get_height() / 4


def test_too_much_for_one_page_goes_over_to_more_and_stays_readable(
    browser: Browser, example: Refreshed, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    too_much = replace(example, scorecard=wordy(example.scorecard, 6))
    path.write_text(html(too_much), encoding="utf-8")
    browser.open(path, WIDE)
    assert 1 < len(pypdfium2.PdfDocument(browser.pdf())) < 5
    assert "--print-size: 7.0pt" in html(too_much)
