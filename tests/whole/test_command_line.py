"""Through the command line: files made to harm, or harmed, and a new file beside an old one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.making.made import EXAMPLE
from tests.support.command_line import kqi
from tests.whole.workbook import LINKS, Workbook

SHEET = "xl/worksheets/sheet2.xml"


def with_a_doctype(book: Workbook) -> None:
    """The old trick to read another file, or to swell a small one."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    book.parts["xl/workbook.xml"] = book.parts["xl/workbook.xml"].replace(
        b"<workbook", bomb + b"<workbook", 1
    )


def with_a_bomb_for_a_sheet(book: Workbook) -> None:
    sheet = book.parts[SHEET]
    filler = b'<row r="99"/>' * 25_000_000
    book.parts[SHEET] = sheet.replace(b"</sheetData>", filler + b"</sheetData>")


def with_a_table_that_names_no_cells(book: Workbook) -> None:
    _, table = book.table("Checks")
    table.set("ref", "A4:")


def with_a_table_wider_than_its_columns(book: Workbook) -> None:
    _, table = book.table("Scorecard")
    table.set("ref", "A4:ZZ11")


def cut_in_the_middle_of_a_sheet(book: Workbook) -> None:
    book.parts[SHEET] = book.parts[SHEET][: len(book.parts[SHEET]) // 2]


def without_one_of_its_sheets(book: Workbook) -> None:
    book.drop(SHEET)


def with_a_signature(book: Workbook) -> None:
    part = book.add(
        "_xmlsignatures/origin.sigs",
        b"",
        "application/vnd.openxmlformats-package.digital-signature-origin",
    )
    book.link(
        "", LINKS.replace("officeDocument/2006", "package/2006") + "/digital-signature/origin", part
    )


def with_a_merge_across_the_table(book: Workbook) -> None:
    book.insert(SHEET, '<mergeCells count="1"><mergeCell ref="C5:D6"/></mergeCells>')


def with_the_table_covered_by_an_array(book: Workbook) -> None:
    cell = book.set(SHEET, "C5", "x", formula="ROW(1:3)")
    for formula in cell.iter("{*}f"):
        formula.set("t", "array")
        formula.set("ref", "C5:C7")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (with_a_doctype, "DOCTYPE"),
        (with_a_bomb_for_a_sheet, "unpack"),
        (with_a_table_that_names_no_cells, "damaged"),
        (with_a_table_wider_than_its_columns, "damaged"),
        (cut_in_the_middle_of_a_sheet, "damaged"),
        (without_one_of_its_sheets, "Scorecard"),
        (with_a_signature, "digitally signed"),
        (with_a_merge_across_the_table, "merged cells"),
        (with_the_table_covered_by_an_array, "array formula"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_it_is_refused_in_one_sentence_and_left_as_it_was(
    harm: Callable[[Workbook], None], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "KQIs.xlsx"
    book = Workbook(EXAMPLE.read_bytes())
    harm(book)
    path.write_bytes(book.content())
    before = path.read_bytes()
    ran = kqi("refresh", path)
    assert ran.returncode == 2, ran.stdout
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr and len(ran.stderr.strip().splitlines()) == 1
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["KQIs.xlsx"]


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "KQIs.xlsx"
    path.write_bytes(EXAMPLE.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    ran = kqi("refresh", path)
    assert (ran.returncode, "twice" in ran.stderr) == (2, True)


def test_a_refresh_into_a_new_file_leaves_the_one_it_read(tmp_path: Path) -> None:
    before = EXAMPLE.read_bytes()
    ran = kqi("refresh", EXAMPLE, "--output", tmp_path / "new.xlsx")
    assert ran.returncode == 0, ran.stderr
    assert EXAMPLE.read_bytes() == before
    again = kqi("refresh", EXAMPLE, "--output", tmp_path / "new.xlsx")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_a_signed_workbook_is_checked_and_refreshed_into_one_that_is_not_signed(
    tmp_path: Path,
) -> None:
    book = Workbook(EXAMPLE.read_bytes())
    with_a_signature(book)
    path, new = tmp_path / "signed.xlsx", tmp_path / "new.xlsx"
    path.write_bytes(book.content())
    assert kqi("check", path).returncode == 0
    assert "digitally signed" in kqi("refresh", path, "--dry-run").stderr
    ran = kqi("refresh", path, "--output", new)
    assert ran.returncode == 0, ran.stderr
    assert not [part for part in Workbook(new.read_bytes()).parts if "signature" in part]
    assert path.read_bytes() == book.content()
