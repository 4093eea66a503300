"""A refresh of real files, read back by openpyxl and calamine, which are not our code."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

import kqi_workbook
from kqi_workbook import KQIWorkbookError, Quarter
from kqi_workbook.errors import CannotPatch
from kqi_workbook.files import example_workbook
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER, council
from tests.support.small_file import rename_header, save_as_xlsx

BACKUPS = "KQI backups"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return save_as_xlsx(council(), tmp_path / "KQIs.xlsx")


def members(content: bytes) -> dict[str, bytes]:
    """Each member's bytes as they lie compressed in the zip file."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename.encode())
            found[info.filename] = content[start : start + info.compress_size]
    return found


def sheet_rows(path: Path, sheet: str) -> list[list[object]]:
    found = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    return [list(row) for row in found.to_python(skip_empty_area=False)]


def test_a_file_is_filled_as_a_book_in_memory_is(workbook: Path) -> None:
    kqi_workbook.refresh(workbook)
    memory = council()
    kqi_workbook.refresh(memory)
    header, *rows = sheet_rows(workbook, "Scorecard")[3:]
    for line, row in zip(memory.lines["Scorecard"], rows, strict=True):
        shown = dict(zip(header, row, strict=True))
        assert {k: v for k, v in line.items() if v is not None} == {
            k: v for k, v in shown.items() if v != ""
        }


def test_a_second_refresh_leaves_the_file_untouched(workbook: Path) -> None:
    kqi_workbook.refresh(workbook)
    before = workbook.read_bytes(), workbook.stat().st_mtime_ns
    assert kqi_workbook.refresh(workbook).changes == ()
    assert (workbook.read_bytes(), workbook.stat().st_mtime_ns) == before
    assert len(list((workbook.parent / BACKUPS).iterdir())) == 1


def test_what_had_no_reason_to_change_keeps_its_compressed_bytes(workbook: Path) -> None:
    before = members(workbook.read_bytes())
    kqi_workbook.refresh(workbook)
    after = members(workbook.read_bytes())
    assert list(after) == list(before)
    book = openpyxl.load_workbook(workbook)
    written = {"Scorecard", "Checks", "By team", "Team funnel", "Trends", "History", "Refresh log"}
    for number, sheet in enumerate(book.sheetnames, start=1):
        part = f"xl/worksheets/sheet{number}.xml"
        if sheet not in written:
            assert after[part] == before[part], sheet
    assert after["xl/sharedStrings.xml"] == before["xl/sharedStrings.xml"]
    assert after["docProps/core.xml"] == before["docProps/core.xml"]


def test_the_refresh_log_says_when_who_and_what(workbook: Path) -> None:
    kqi_workbook.refresh(workbook)
    header, row = sheet_rows(workbook, "Refresh log")[3:]
    logged = dict(zip(header, row, strict=True))
    assert str(logged["What changed"]).startswith("KQI 1 new; KQI 2 new")
    assert (logged["From"], logged["Quarter"]) == ("Python", QUARTER.label)
    assert logged["When"] and logged["Who"] and logged["Machine"]


def test_a_column_that_staff_took_off_the_refresh_log_stays_off(tmp_path: Path) -> None:
    book = council()
    book.headers["RefreshLog"].remove("Who")
    path = save_as_xlsx(book, tmp_path / "KQIs.xlsx")
    assert "column-gone" in {finding.code for finding in kqi_workbook.refresh(path).findings}
    header, row = sheet_rows(path, "Refresh log")[3:]
    assert "Who" not in header
    assert dict(zip(header, row, strict=True))["From"] == "Python"


@pytest.mark.parametrize("names", ["displayName", "definedName name"])
def test_names_of_tables_and_cells_are_the_same_in_any_case(names: str, workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    quoted = re.compile(f'(?<={names}=)"[^"]+"'.encode())
    with zipfile.ZipFile(workbook, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, quoted.sub(lambda found: found[0].lower(), content))
    done = kqi_workbook.refresh(workbook)
    assert "sheet-gone" not in {finding.code for finding in done.findings}
    assert sheet_rows(workbook, "By team")[0][0] == "Exampleshire: By team, " + QUARTER.words
    assert len(sheet_rows(workbook, "Refresh log")[3:]) == 2


def test_a_check_and_a_dry_run_write_nothing(workbook: Path) -> None:
    before = workbook.read_bytes()
    assert kqi_workbook.check(workbook).ready
    assert kqi_workbook.refresh(workbook, dry_run=True).changes == ("KQI 1 new", "KQI 2 new")
    assert workbook.read_bytes() == before
    assert [path.name for path in workbook.parent.iterdir()] == ["KQIs.xlsx"]


def test_a_dry_run_refuses_what_a_refresh_refuses_and_a_check_does_not(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["Scorecard"].merge_cells("E5:F5")
    book.save(workbook)
    for dry_run in (True, False):
        with pytest.raises(CannotPatch, match="F5 is inside the merged cells E5:F5"):
            kqi_workbook.refresh(workbook, dry_run=dry_run)
    assert kqi_workbook.check(workbook).ready


def as_template(workbook: Path) -> Path:
    with zipfile.ZipFile(workbook) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"sheet.main+xml", b"template.main+xml")
    with zipfile.ZipFile(workbook.with_suffix(".xltx"), "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return workbook.with_suffix(".xltx")


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_template_is_refreshed_into_a_workbook_alone(workbook: Path, dry_run: bool) -> None:
    template = as_template(workbook)
    with pytest.raises(KQIWorkbookError, match="is a template, which a refresh leaves as it is"):
        kqi_workbook.refresh(template, dry_run=dry_run)
    with pytest.raises(KQIWorkbookError, match=r"has to end in \.xlsx"):
        kqi_workbook.refresh(template, output=template.with_name("n.xlsm"), dry_run=dry_run)
    new = template.with_name("new.xlsx")
    kqi_workbook.refresh(template, output=new, dry_run=dry_run)
    assert new.exists() is not dry_run


def test_a_book_that_is_open_has_no_output(tmp_path: Path) -> None:
    with pytest.raises(KQIWorkbookError, match=r"memory\.xlsx is open: an output"):
        kqi_workbook.refresh(council(), output=tmp_path / "new.xlsx")


@pytest.mark.parametrize("quarter", ["Q3 2013-14", Quarter(2013, 3)])
def test_the_quarter_can_be_given_as_words_or_as_a_quarter(
    workbook: Path, quarter: Quarter | str
) -> None:
    assert kqi_workbook.check(workbook, quarter).scorecard.quarter.label == "Q3 2013-14"


def test_staffs_own_columns_follow_their_kqi(tmp_path: Path) -> None:
    book = council()
    kqi_workbook.refresh(book)
    book.headers["Scorecard"].insert(2, "Director's note")
    for line in book.lines["Scorecard"]:
        line["Director's note"] = f"About KQI {line['KQI']}"
    book.lines["Scorecard"].reverse()
    path = save_as_xlsx(book, tmp_path / "noted.xlsx")
    kqi_workbook.refresh(path)
    header, *rows = sheet_rows(path, "Scorecard")[3:]
    note = header.index("Director's note")
    assert [(row[0], row[note]) for row in rows] == [(1, "About KQI 1"), (2, "About KQI 2")]


def test_text_that_begins_with_an_equals_sign_is_text_in_the_file(tmp_path: Path) -> None:
    book = council()
    book.lines["KQIs"][0]["Title"] = "=1+1"
    path = save_as_xlsx(book, tmp_path / "KQIs.xlsx")
    kqi_workbook.refresh(path)
    cell = openpyxl.load_workbook(path)["Scorecard"]["B5"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# ---- files that cannot be refreshed


def not_a_workbook(path: Path) -> None:
    path.write_text("Children's Services Key Quality Indicators", encoding="utf-8")


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def another_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "not a workbook")


def password_protected(path: Path) -> None:
    """What Excel saves under a password is a compound file that holds this stream."""
    path.write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1")
        + bytes(504)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(1024)
    )


def without_a_scorecard(path: Path) -> None:
    save_as_xlsx(council(), path)
    book = openpyxl.load_workbook(path)
    del book["Scorecard"]
    book.save(path)


def cut_short(path: Path) -> None:
    save_as_xlsx(council(), path)
    path.write_bytes(path.read_bytes()[:9_000])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (not_a_workbook, "not an Excel workbook"),
        (empty_file, "empty"),
        (another_zip, "not an Excel workbook"),
        (password_protected, "password"),
        (without_a_scorecard, "Scorecard"),
        (cut_short, "KQIs.xlsx"),
    ],
)
def test_a_file_that_cannot_be_refreshed_is_named_and_left_as_it_is(
    tmp_path: Path, make: object, words: str
) -> None:
    path = tmp_path / "KQIs.xlsx"
    make(path)  # type: ignore[operator]
    before = path.read_bytes()
    with pytest.raises(KQIWorkbookError, match=words) as error:
        kqi_workbook.refresh(path)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["KQIs.xlsx"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KQIWorkbookError, match=r"missing\.xlsx"):
        kqi_workbook.refresh(tmp_path / "missing.xlsx")


# ---- a new workbook


def test_a_new_workbook_never_overwrites(tmp_path: Path) -> None:
    path = kqi_workbook.new_workbook(tmp_path / "KQIs.xlsx")
    before = path.read_bytes()
    with pytest.raises(KQIWorkbookError, match="is there already"):
        kqi_workbook.new_workbook(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["KQIs.xls", "KQIs", "KQIs.csv"])
def test_a_new_workbook_has_a_workbooks_ending(tmp_path: Path, name: str) -> None:
    with pytest.raises(KQIWorkbookError, match=r"ends in \.xlsx"):
        kqi_workbook.new_workbook(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_new_workbook_can_be_refreshed_as_it_is(tmp_path: Path) -> None:
    path = kqi_workbook.new_workbook(tmp_path / "KQIs.xlsx")
    done = kqi_workbook.refresh(path, "Q4 2013-14")
    assert {row.rag.value for row in done.scorecard.rows} == {"Not rated"}


def test_a_book_that_is_open_already_is_refreshed_in_place() -> None:
    book: MemoryBook = council()
    assert kqi_workbook.refresh(book, QUARTER).ready
    assert book.lines["Scorecard"]


@pytest.mark.parametrize("written", [str.upper, "{} ".format, "\u00a0{}".format])
@pytest.mark.parametrize(
    ("sheet", "header"),
    [
        ("Scorecard", "RAG for GOOD benchmark"),
        ("Scorecard", "Commentary points this quarter"),
        ("Commentary", "Point"),
        ("Actions", "KQI"),
        ("History", "Quarter"),
        ("Checks", "What is wrong"),
    ],
)
def test_a_header_may_be_written_with_other_case_and_spaces(
    workbook: Path, sheet: str, header: str, written: Callable[[str], str]
) -> None:
    usual = kqi_workbook.refresh(workbook)
    book = openpyxl.load_workbook(workbook)
    rename_header(book[sheet], header, written(header))
    book.save(workbook)
    done = kqi_workbook.refresh(workbook)
    assert (done.scorecard, done.findings, done.changes) == (usual.scorecard, usual.findings, ())


def test_an_example_whose_folder_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "kqi-demo").write_text("a file", encoding="utf-8")
    with pytest.raises(KQIWorkbookError, match=r"Could not make the folder '.*kqi-demo': "):
        example_workbook(tmp_path / "kqi-demo")


def test_rows_pasted_below_a_table_are_named_as_not_counted(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Commentary"]
    sheet.cell(7, 1, "Q4 2013-14")
    sheet.cell(7, 3, "Pasted below.")
    sheet.cell(60_000, 400, "stray")
    book.save(workbook)
    found = {finding.code: finding for finding in kqi_workbook.check(workbook).findings}
    assert set(found) == {"below-table", "far-cell"}
    assert str(found["below-table"].place) == "Commentary A7"
    assert str(found["far-cell"].place) == "Commentary OJ60000"


def test_the_settings_say_how_many_backups_are_kept(tmp_path: Path) -> None:
    book = council()
    book.lines["Settings"].append({"Setting": "Backups kept", "Value": "1"})
    path = save_as_xlsx(book, tmp_path / "KQIs.xlsx")
    for quarter in ("Q4 2013-14", "Q3 2013-14", "Q2 2013-14"):
        kqi_workbook.refresh(path, quarter)
    assert len(list((tmp_path / BACKUPS).iterdir())) == 1


def test_a_note_beside_a_finding_outlives_the_finding(tmp_path: Path) -> None:
    book = council(Commentary=[])
    kqi_workbook.refresh(book)
    book.headers["Checks"].append("Who sees to it")
    book.lines["Checks"][1]["Who sees to it"] = "Ask the team first."
    book.lines["Commentary"] = council().lines["Commentary"]
    path = save_as_xlsx(book, tmp_path / "noted.xlsx")
    for _ in range(2):
        kqi_workbook.refresh(path)
        assert sheet_rows(path, "Checks")[4:] == [["", "", "", "", "", "", "Ask the team first."]]
