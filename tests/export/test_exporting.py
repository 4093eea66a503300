from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook.errors import FileTrouble, KQIWorkbookError
from kqi_workbook.export import exporting
from kqi_workbook.export.exporting import Kind, export_workbook
from tests.export.boards import blank_pdf
from tests.support.command_line import kqi
from tests.support.small_council import council
from tests.support.small_file import rename_table, save_as_xlsx


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return save_as_xlsx(council(), tmp_path / "KQIs 2013-14.xlsx")


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In the place of an office, whose own tests are elsewhere: the sheets that it printed."""
    printed: list[str] = []

    def print_sheet(content: bytes, name: str, sheet: str) -> bytes:
        printed.append(sheet)
        return blank_pdf(2 if sheet == "Trends" else 1)

    monkeypatch.setattr(exporting, "sheet_as_pdf", print_sheet)
    return printed


def test_the_page_is_put_beside_the_workbook_which_stays_as_it_is(workbook: Path) -> None:
    before = workbook.read_bytes()
    made = export_workbook(workbook)
    assert made.files == (workbook.with_suffix(".html"),)
    assert "From KQIs 2013-14.xlsx" in made.files[0].read_text(encoding="utf-8")
    assert workbook.read_bytes() == before
    assert sorted(workbook.parent.iterdir()) == sorted([workbook, *made.files])


@pytest.mark.parametrize(
    ("kinds", "sheet", "names"),
    [
        (["pdf"], None, ["KQIs 2013-14.pdf"]),
        (["png"], None, ["KQIs 2013-14.png"]),
        (
            ["html", "pdf", "png"],
            None,
            ["KQIs 2013-14.html", "KQIs 2013-14.pdf", "KQIs 2013-14.png"],
        ),
        (
            ["pdf", "png"],
            "trends",
            [
                "KQIs 2013-14, Trends.pdf",
                "KQIs 2013-14, Trends-1.png",
                "KQIs 2013-14, Trends-2.png",
            ],
        ),
    ],
)
def test_what_is_asked_for_is_made_in_a_new_folder(
    workbook: Path, printer: list[str], kinds: list[Kind], sheet: str | None, names: list[str]
) -> None:
    folder = workbook.parent / "for" / "the board"
    made = export_workbook(workbook, kinds, folder, sheet=sheet)
    assert [path.name for path in made.files] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert printer == ["Trends" if sheet else "Scorecard"]


def test_the_scorecard_is_found_whatever_the_case_of_its_table(
    workbook: Path, printer: list[str]
) -> None:
    rename_table(workbook, "Scorecard", "SCORECARD")
    export_workbook(workbook, ["pdf"])
    assert printer == ["Scorecard"]


def test_an_emoji_kept_as_two_escapes_is_shown_and_half_a_one_is_no_obstacle(
    workbook: Path,
) -> None:
    with zipfile.ZipFile(workbook) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kept = b"Well done _xD83D__xDE00_, all _xD83D_ of you."
    with zipfile.ZipFile(workbook, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"Reviews on time are steady.", kept))
    kqi_workbook.refresh(workbook)
    before = workbook.read_bytes()
    kqi_workbook.refresh(workbook)
    assert workbook.read_bytes() == before
    (page,) = export_workbook(workbook).files
    assert "Well done \U0001f600, all ? of you." in page.read_text(encoding="utf-8")


def test_the_quarter_can_be_named(workbook: Path) -> None:
    (page,) = export_workbook(workbook, quarter="Q3 2013-14").files
    assert "Quarter 3, October to December 2013" in page.read_text(encoding="utf-8")


def test_it_says_whether_the_sheet_is_up_to_date(workbook: Path, printer: list[str]) -> None:
    assert not export_workbook(workbook, ["pdf"]).up_to_date
    kqi_workbook.refresh(workbook)
    assert export_workbook(workbook, ["pdf"]).up_to_date
    assert not export_workbook(workbook, ["pdf"], quarter="Q3 2013-14").up_to_date


def test_the_page_needs_no_office(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "sheet_as_pdf", None)
    assert export_workbook(workbook).up_to_date


@pytest.mark.parametrize(
    ("wanted", "words"), [("Trend", "Did you mean 'Trends'"), ("xyz", "It has: KQIs, Measures")]
)
def test_a_sheet_that_is_not_there_is_told_with_the_nearest(
    workbook: Path, printer: list[str], wanted: str, words: str
) -> None:
    with pytest.raises(KQIWorkbookError, match=words):
        export_workbook(workbook, ["html", "pdf"], sheet=wanted)
    assert printer == []
    assert list(workbook.parent.iterdir()) == [workbook]


def test_a_sheet_for_the_web_page_is_refused(workbook: Path) -> None:
    with pytest.raises(KQIWorkbookError, match="To print the sheet 'Trends', add --pdf or --png"):
        export_workbook(workbook, sheet="Trends")
    assert not list(workbook.parent.glob("*.html"))


def test_an_older_export_is_replaced(workbook: Path) -> None:
    old = workbook.with_suffix(".html")
    old.write_text("old", encoding="utf-8")
    export_workbook(workbook)
    assert old.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.skipif(os.name != "posix", reason="Windows asks the folder")
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_others_may_read_it_as_they_may_any_new_file(workbook: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        (page,) = export_workbook(workbook).files
    finally:
        os.umask(before)
    assert stat.S_IMODE(page.stat().st_mode) == 0o666 & ~mask


def test_a_folder_that_cannot_be_written_is_named(workbook: Path) -> None:
    in_the_way = workbook.parent / "a file"
    in_the_way.write_text("", encoding="utf-8")
    with pytest.raises(FileTrouble, match=r"Could not write .*a file"):
        export_workbook(workbook, folder=in_the_way)
    taken = workbook.with_suffix(".html")
    taken.mkdir()
    before = sorted(workbook.parent.iterdir())
    with pytest.raises(FileTrouble, match=r"Could not write '.*KQIs 2013-14\.html': it is a fo"):
        export_workbook(workbook)
    assert sorted(workbook.parent.iterdir()) == before


def test_the_command_makes_the_page_and_says_where(workbook: Path) -> None:
    folder = workbook.parent / "board"
    ran = kqi("export", workbook, "-o", folder)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")
    assert ran.stdout.strip() == f"Made {folder / 'KQIs 2013-14.html'}."
    assert (folder / "KQIs 2013-14.html").exists()


def test_the_command_fails_in_one_sentence(workbook: Path) -> None:
    ran = kqi("export", workbook, "--pdf", "--sheet", "Trend")
    assert ran.returncode == 2
    assert ran.stderr.strip().endswith("has no sheet 'Trend'. Did you mean 'Trends'?")
