"""Who has a workbook open: the files of Excel and LibreOffice, true, stale and damaged."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from pathlib import Path

import pytest

from kqi_workbook.books.share import LOCAL, refreshing
from kqi_workbook.books.share.owner import Owner, excel_name, libreoffice_fields, who_has
from kqi_workbook.errors import InUse
from tests.share.making import NINE_TWELVE, excel_owner_file, person
from tests.support.libreoffice import LibreOffice

OPEN_IN_LIBREOFFICE = """
import pathlib, sys, time
from tests.support.uno_documents import opened
url, workbook, there, close = sys.argv[1:]
with opened(url, workbook):
    pathlib.Path(there).touch()
    while not pathlib.Path(close).exists():
        time.sleep(0.05)
"""


@pytest.mark.parametrize(
    "name", ["Jo Bloggs", "J", "Zoë O'Example", "Łucja Przykładowa", "例 太郎"]
)
def test_excel_names_its_user_in_any_script(name: str) -> None:
    assert excel_name(excel_owner_file(name)) == name


def test_the_longest_name_that_excel_keeps_is_read_whole() -> None:
    assert excel_name(excel_owner_file("x" * 52)) == "x" * 52


@pytest.mark.parametrize(
    ("damage", "name"),
    [
        (b"", None),
        (b"\0", None),
        (b"\0" * 165, None),
        (b" " * 165, None),
        (b"\x09Jo Bloggs", "Jo Bloggs"),  # cut off within the first half
        (excel_owner_file("Jo Bloggs")[:60], "Jo Bloggs"),  # and within the second
        (excel_owner_file("Jo Bloggs")[:5], None),
        (excel_owner_file("Jo Bloggs")[:55] + b"\xff\xff" + b"\0" * 108, "Jo Bloggs"),
        (excel_owner_file("Jo Bloggs")[:57] + b"\x00\xd8" * 54, "Jo Bloggs"),  # no UTF-16
        (excel_owner_file("Jo\r\n\x1bBloggs"), "Jo Bloggs"),
    ],
)
def test_a_damaged_excel_file_gives_the_name_if_it_can(damage: bytes, name: str | None) -> None:
    assert excel_name(damage) == name


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (b"Jo Bloggs,jbloggs,PC-7,03.04.2014 09:12,file:///p;", ["Jo Bloggs", "jbloggs", "PC-7"]),
        (rb"Bloggs\, Jo,jb,PC\\7,x,y;", ["Bloggs, Jo", "jb", "PC\\7"]),
        ("Zoë,z,ПК-7,x,y;".encode(), ["Zoë", "z", "ПК-7"]),
        (b",jbloggs,PC-7,,;", ["", "jbloggs", "PC-7"]),
        (b"Jo", ["Jo"]),
        (b"", [""]),
    ],
)
def test_libreoffice_parts_its_fields_by_commas(data: bytes, fields: list[str]) -> None:
    assert libreoffice_fields(data)[: len(fields)] == fields


@pytest.mark.parametrize(
    ("owner", "sentence"),
    [
        (Owner("Jo Bloggs", NINE_TWELVE), "In use by Jo Bloggs since 09:12."),
        (
            Owner("Jo Bloggs", dt.datetime(2014, 4, 2, 17, 5)),
            "In use by Jo Bloggs since 2 April 2014, 17:05.",
        ),
        (Owner("Jo Bloggs"), "In use by Jo Bloggs."),
        (
            Owner(None, NINE_TWELVE, program="Excel", file="~$KQIs.xlsx"),
            "In use by somebody in Excel since 09:12 ('~$KQIs.xlsx' does not say who).",
        ),
        (Owner(), "In use by another person or program; none has left a name."),
    ],
)
def test_the_sentence_says_what_is_known(owner: Owner, sentence: str) -> None:
    assert owner.sentence(NINE_TWELVE + dt.timedelta(hours=1)) == sentence


def test_excels_file_has_no_time_of_its_own_so_its_date_counts(path: Path) -> None:
    beside = path.with_name("~$KQIs.xlsx")
    beside.write_bytes(excel_owner_file("Jo Bloggs"))
    os.utime(beside, (NINE_TWELVE.timestamp(),) * 2)
    assert who_has(path, LOCAL) == Owner("Jo Bloggs", NINE_TWELVE, None, "Excel", "~$KQIs.xlsx")


@pytest.mark.parametrize(
    ("data", "name", "since"),
    [
        (b"Jo Bloggs,jb,PC-7,03.04.2014 09:12,x;", "Jo Bloggs", dt.datetime(2014, 4, 3, 9, 12)),
        (b",jb,PC-7,03.04.2014 09:12,x;", "jb", dt.datetime(2014, 4, 3, 9, 12)),
        (b"Jo Bloggs,jb,PC-7,31.02.2014 09:12,x;", "Jo Bloggs", NINE_TWELVE),
        (b"", None, NINE_TWELVE),
        (b"\xff\xfe\0\0", None, NINE_TWELVE),
    ],
)
def test_libreoffices_file_is_read_as_far_as_it_goes(
    path: Path, data: bytes, name: str | None, since: dt.datetime
) -> None:
    beside = path.with_name(".~lock.KQIs.xlsx#")
    beside.write_bytes(data)
    os.utime(beside, (NINE_TWELVE.timestamp(),) * 2)
    owner = who_has(path, LOCAL)
    assert owner is not None
    assert (owner.name, owner.since, owner.program) == (name, since, "LibreOffice")


def test_nobody_has_a_workbook_without_owner_files(path: Path) -> None:
    assert who_has(path, LOCAL) is None


def test_of_two_owner_files_the_later_one_counts(path: Path) -> None:
    path.with_name("~$KQIs.xlsx").write_bytes(excel_owner_file("Jo Bloggs"))
    path.with_name(".~lock.KQIs.xlsx#").write_bytes(b"Al Sample,al,PC-8,03.04.2014 09:12,x;")
    owner = who_has(path, LOCAL)
    assert owner is not None
    assert owner.name == "Jo Bloggs"


def test_where_no_probe_can_prove_it_stale_an_owner_file_is_believed(path: Path) -> None:
    if LOCAL.sees_every_handle:
        pytest.skip("here the system itself says whether the workbook is open")
    beside = path.with_name("~$KQIs.xlsx")
    beside.write_bytes(excel_owner_file("Jo Bloggs"))
    os.utime(beside, (NINE_TWELVE.timestamp(),) * 2)
    with pytest.raises(InUse) as caught, refreshing(path, at=person()):
        pass
    assert str(caught.value) == (
        "In use by Jo Bloggs since 09:12. Have 'KQIs.xlsx' closed, then try again. "
        "If it is closed already, delete '~$KQIs.xlsx' beside it."
    )
    assert not list(path.parent.glob("*.kqi-*"))


def test_a_real_libreoffice_is_seen_while_it_has_the_workbook_open(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    path = tmp_path / 'it\'s a "KQI" = & Größe.csv'
    path.write_text("a,b\n")
    script, opened, close = (tmp_path / name for name in ("open.py", "opened", "close"))
    script.write_text(OPEN_IN_LIBREOFFICE)
    office = threading.Thread(
        target=libreoffice.run_script, args=(script, str(path), str(opened), str(close))
    )
    office.start()
    try:
        while not opened.exists():
            assert office.is_alive()
            time.sleep(0.05)
        owner = who_has(path, LOCAL)
    finally:
        close.touch()
        office.join()
    assert owner is not None
    assert owner.program == "LibreOffice"
    assert owner.name
    assert owner.since
    assert abs(owner.since - dt.datetime.now()) < dt.timedelta(minutes=5)
    assert who_has(path, LOCAL) is None
