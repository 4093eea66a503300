"""A refresh after staff have moved, renamed, restyled or deleted the sheets that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook.scorecard.model import Severity
from tests.making.made import EXAMPLE
from tests.support.libreoffice import LibreOffice

MOVED = "Month by month"


@pytest.fixture(scope="module")
def rearranged(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example without By team and Team funnel; Trends renamed, moved, restyled and lower."""
    path = tmp_path_factory.mktemp("staff") / "rearranged.xlsx"
    libreoffice.run_script(Path(__file__).with_name("uno_staff.py"), str(EXAMPLE), str(path))
    return path


def test_what_is_there_is_filled_and_what_is_gone_stays_gone_with_a_note(
    rearranged: Path, libreoffice: LibreOffice
) -> None:
    done = kqi_workbook.refresh(rearranged)
    notes = [finding for finding in done.findings if finding.code == "sheet-gone"]
    assert {note.severity for note in notes} == {Severity.NOTE}
    assert [note.what for note in notes] == [
        # LibreOffice drops the table of the sheet before one that is deleted
        "The Checks tab lacks what was named Checks, so that was not filled.",
        "The By team tab is gone, so it was not filled.",
        "The Team funnel tab is gone, so it was not filled.",
    ]
    sheets = libreoffice.read(rearranged)
    assert {"By team", "Team funnel"}.isdisjoint(sheets)
    assert list(sheets)[-1] == MOVED
    assert sheets[MOVED]["A1"].text.startswith("Exampleshire: Trends to the end of Quarter 4")
    assert [sheets[MOVED][cell].text for cell in ("B6", "B7")] == ["Measure", "Number of CP plans"]
    assert sheets[MOVED]["B7"].fill == "#FFFFCC"
    assert sheets["Scorecard"]["F5"].text == "A\nAmber"


def test_the_trend_chart_follows_the_sheet_that_was_moved(
    rearranged: Path, libreoffice: LibreOffice
) -> None:
    kqi_workbook.refresh(rearranged)
    cells = libreoffice.read(rearranged, "Trend chart")["Trend chart"]
    assert (cells["A28"].text, cells["B28"].value) == ("Mar 2014", 3.3)


def test_a_second_refresh_changes_nothing(rearranged: Path) -> None:
    kqi_workbook.refresh(rearranged)
    before = rearranged.read_bytes()
    kqi_workbook.refresh(rearranged)
    assert rearranged.read_bytes() == before
