from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from kqi_workbook import KQIWorkbookError, find_workbooks
from tests.share.children import open_to_all, told_without_rights

FILES = (
    "KQIs.xlsx",
    "North/Q4 KQIs.XLSX",
    "North/with a button.xlsm",
    "North/old/Q3 [draft].xlsx",
    "North/notes.txt",
    "North/old.xls",
    "North/~$Q4 KQIs.XLSX",
    "North/.~lock.Q4 KQIs.XLSX#",
    "North/._Q4 KQIs.XLSX",
    "North/Q4 KQIs.XLSX.0123abcd.kqi-tmp",
    "North/Q4 KQIs.XLSX.kqi-lock",
    "North/Q4 KQIs (refreshed 2014-04-03 091205).xlsx",
    "North/KQI backups/Q4 KQIs 2014-04-03 091205.xlsx",
    "South/Kinder für alle.xlsx",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


NORTH = ["North/Q4 KQIs.XLSX", "North/old/Q3 [draft].xlsx", "North/with a button.xlsm"]
SOUTH = ["South/Kinder für alle.xlsx"]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["."], ["KQIs.xlsx", *NORTH, *SOUTH]),
        (["North"], NORTH),
        (["North", "South", "North/old"], [*NORTH, *SOUTH]),
        (["KQIs.xlsx"], ["KQIs.xlsx"]),
        (["*.xlsx"], ["KQIs.xlsx"]),
        (["[NS]*th"], [*NORTH, *SOUTH]),
        (["**/*.xlsm"], ["North/with a button.xlsm"]),
        (["North/old/Q3 [draft].xlsx"], ["North/old/Q3 [draft].xlsx"]),
    ],
)
def test_folders_patterns_and_files_can_be_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, places: list[str], expected: list[str]
) -> None:
    monkeypatch.chdir(folder)
    found = find_workbooks(*places)
    assert [path.relative_to(folder).as_posix() for path in found.workbooks] == expected
    assert found.unread == ()


@pytest.mark.skipif(os.name != "posix", reason="Windows lets few people make links")
def test_a_workbook_under_several_names_is_found_once(folder: Path) -> None:
    """Else each of two processes would find it in use by the other."""
    north = folder / "North"
    (north / "z.xlsx").symlink_to(north / "with a button.xlsm")
    found = find_workbooks(north, folder / "South" / ".." / "North" / "Q4 KQIs.XLSX")
    assert [path.relative_to(folder).as_posix() for path in found.workbooks] == NORTH


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("East", "no file or folder"),
        ("*.ods", "no file or folder"),
        ("North/KQI backups", "no workbook"),
        ("North/notes.txt", "no workbook"),
    ],
)
def test_a_place_without_a_workbook_is_named(folder: Path, place: str, words: str) -> None:
    with pytest.raises(KQIWorkbookError, match=words) as error:
        find_workbooks(folder / place)
    assert str(folder / place) in str(error.value)


@pytest.mark.skipif(os.name != "posix", reason="takes rights away as POSIX does")
def test_a_folder_that_may_not_be_read_is_named_and_the_rest_found(folder: Path) -> None:
    open_to_all(folder).chmod(0o755)
    (folder / "North").chmod(0)

    def look(place: Path) -> None:
        found = find_workbooks(place)
        names = sorted(path.name for path in found.workbooks)
        raise RuntimeError(f"{names} {[path.name for path in found.unread]}")

    told = [told_without_rights(partial(look, place)) for place in (folder, folder / "North")]
    (folder / "North").chmod(0o755)
    assert told[0] == "RuntimeError: ['KQIs.xlsx', 'Kinder für alle.xlsx'] ['North']"
    assert told[1].endswith(f"The folder '{folder / 'North'}' could not be looked into.")
