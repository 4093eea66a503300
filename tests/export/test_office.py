from __future__ import annotations

import io
import os
import shutil
import stat
import zipfile
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree
from PIL import Image, ImageChops

import kqi_workbook
from kqi_workbook.export import office
from kqi_workbook.export.office import NoOffice, sheet_as_pdf, showing_only
from kqi_workbook.export.pictures import pdf_as_pngs
from kqi_workbook.machine import Machine, this_machine
from tests.export.conftest import EXAMPLE
from tests.support.needs import missing
from tests.support.processes import ends
from tests.support.small_council import council
from tests.support.small_file import save_as_xlsx

A3_LANDSCAPE = (1191, 842)  # points
PICTURE = EXAMPLE.with_name("scorecard.png")
PICTURED_BY = "LibreOffice 7.4"  # another sets letters a little otherwise


@pytest.fixture
def libreoffice_is_here() -> None:
    if not this_machine().libreoffice:
        missing("LibreOffice", "apt-get install libreoffice-calc, or set KQI_SOFFICE")


@pytest.fixture
def small(tmp_path: Path) -> bytes:
    return save_as_xlsx(council(), tmp_path / "small.xlsx").read_bytes()


def words(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


posix = pytest.mark.skipif(os.name != "posix", reason="stands a shell script in for LibreOffice")


# Printing


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The example's Scorecard, refreshed and printed."""
    if not this_machine().libreoffice:
        missing("LibreOffice", "apt-get install libreoffice-calc, or set KQI_SOFFICE")
    workbook = Path(shutil.copy(EXAMPLE, tmp_path_factory.mktemp("printed") / "Our KQIs.xlsx"))
    kqi_workbook.refresh(workbook)
    return sheet_as_pdf(workbook.read_bytes(), workbook.name, "Scorecard")


def test_the_examples_scorecard_is_one_a3_page_with_its_files_name(printed: bytes) -> None:
    document = pypdfium2.PdfDocument(printed)
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx(A3_LANDSCAPE, abs=1)
    said = " ".join(words(printed).split())
    for part in ("Our KQIs.xlsx", "Quarter 4, January to March 2014", "84.1%", "Improving"):
        assert part in said
    assert usual_size(document[0]) > 7.9


def test_the_readmes_picture_is_what_the_export_command_makes(printed: bytes) -> None:
    """But for its foot, which has the day. When this fails, export the refreshed example anew."""
    producer = pypdfium2.PdfDocument(printed).get_metadata_value("Producer")
    if producer != PICTURED_BY:
        pytest.skip(f"the picture was made by {PICTURED_BY}, and this is {producer}")
    (made,) = pdf_as_pngs(printed)
    new, there = (Image.open(io.BytesIO(png)) for png in (made, PICTURE.read_bytes()))
    assert new.size == there.size
    body = (0, 0, new.width, new.height * 19 // 20)
    assert ImageChops.difference(new.crop(body), there.crop(body)).getbbox() is None


def usual_size(page: pypdfium2.PdfPage) -> float:
    """The size in points of most of a page's letters."""
    text = page.get_textpage()
    letters = range(text.count_chars())
    sizes = Counter(pypdfium2.raw.FPDFText_GetFontSize(text, letter) for letter in letters)
    ((size, _),) = sizes.most_common(1)
    return float(size)


@pytest.mark.usefixtures("libreoffice_is_here")
def test_a_sheet_without_a_print_area_is_printed_alone_too(small: bytes) -> None:
    printed = words(sheet_as_pdf(small, "small.xlsx", "KQIs"))
    assert "Visits" in printed and "Hold reviews early." not in printed


def test_only_the_wanted_sheet_is_left_visible_with_its_print_area() -> None:
    changed = zipfile.ZipFile(io.BytesIO(showing_only("By team", EXAMPLE.read_bytes(), "x.xlsx")))
    workbook = etree.fromstring(changed.read("xl/workbook.xml"))
    sheets = list(workbook.iter("{*}sheet"))
    assert [s.get("name") for s in sheets if s.get("state") != "hidden"] == ["By team"]
    areas = [n for n in workbook.iter("{*}definedName") if n.get("name") == office.PRINT_AREA]
    assert [sheets[int(area.get("localSheetId") or 0)].get("name") for area in areas] == ["By team"]
    original = zipfile.ZipFile(EXAMPLE)
    assert changed.namelist() == original.namelist()
    differing = [n for n in original.namelist() if changed.read(n) != original.read(n)]
    assert differing == ["xl/workbook.xml"]


@posix
def test_libreoffice_works_on_a_copy_with_a_profile_of_its_own(
    tmp_path: Path, small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    soffice = program(
        tmp_path / "soffice",
        f'echo "$@" > {tmp_path}/said\n'
        'for file; do :; done\necho spoilt > "$file"\necho a pdf > "${file%.xlsx}.pdf"',
    )
    monkeypatch.setenv("KQI_SOFFICE", str(soffice))
    before = sorted(tmp_path.iterdir())
    assert sheet_as_pdf(small, "small.xlsx", "KQIs") == b"a pdf\n"
    said = (tmp_path / "said").read_text(encoding="utf-8")
    assert "--headless" in said and "-env:UserInstallation=file://" in said
    assert str(tmp_path / "small.xlsx") not in said
    assert (tmp_path / "small.xlsx").read_bytes() == small
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "said"])
    assert not Path(said.split()[-1]).parent.exists()


# What goes wrong


def test_without_any_office_the_message_names_what_to_install(
    small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "this_machine", lambda: Machine(windows=False))
    with pytest.raises(NoOffice, match=r"Install LibreOffice .* or use --html"):
        sheet_as_pdf(small, "small.xlsx", "Scorecard")


@posix
def test_a_libreoffice_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, small: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soffice does: a launcher that waits for another process."""
    note = tmp_path / "pid"
    soffice = program(tmp_path / "soffice", f"sleep 60 & echo $! > {note}; wait")
    monkeypatch.setenv("KQI_SOFFICE", str(soffice))
    with pytest.raises(NoOffice, match="within 1 seconds and was stopped"):
        sheet_as_pdf(small, "small.xlsx", "Scorecard", time_limit=1)
    assert ends(int(note.read_text(encoding="utf-8")))


@posix
@pytest.mark.parametrize(
    ("script", "says"),
    [("echo source file could not be loaded", "source file could not be loaded"), ("", "nothing")],
)
def test_a_libreoffice_that_prints_nothing_is_quoted(
    tmp_path: Path, small: bytes, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    monkeypatch.setenv("KQI_SOFFICE", str(program(tmp_path / "soffice", script)))
    with pytest.raises(NoOffice, match=f"could not print the sheet. It says: {says}"):
        sheet_as_pdf(small, "small.xlsx", "Scorecard")
