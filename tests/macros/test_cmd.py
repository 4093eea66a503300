"""``Refresh KQIs.cmd``, run by the cmd.exe of Wine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kqi_workbook.books.live.excel import ExcelNotReady
from kqi_workbook.making.button import MACROS
from tests.macros.wine import Ran, Wine

CMD = MACROS / "Refresh KQIs.cmd"
OWN_FOLDER = r"\AppData\Local\kqi_workbook"


@pytest.fixture
def desk(tmp_path: Path, wine: Wine) -> Path:
    """A folder with the .cmd, and a Python on PATH."""
    folder = tmp_path / "Fairford KQIs (2013-14) & more"
    folder.mkdir()
    shutil.copy(CMD, folder)
    wine.install_recorder(tmp_path / "bin" / "py.exe")
    return folder


def double_click(wine: Wine, desk: Path, *dragged: Path, **variables: str) -> Ran:
    """What came of it, with a Python on PATH that must run in the user's own folder."""
    ran = wine.run(
        wine.path(desk / CMD.name),
        *(wine.path(path) for path in dragged),
        variables={"WINEPATH": wine.path(desk.parent / "bin"), **variables},
    )
    assert all(call.folder.endswith(OWN_FOLDER) for call in ran.calls)
    return ran


def asked(ran: Ran) -> list[list[str]]:
    """What the package was asked, in order."""
    assert all(call.arguments[:2] == ["-m", "kqi_workbook"] for call in ran.calls)
    return [call.arguments[2:] for call in ran.calls]


def test_the_only_workbook_beside_it_is_refreshed(desk: Path, wine: Wine) -> None:
    book = desk / "KQI Q4 (final).xlsm"
    book.touch()
    assert asked(double_click(wine, desk)) == [["refresh", wine.path(book)]]


def test_a_workbook_dragged_onto_it_is_refreshed(desk: Path, wine: Wine) -> None:
    (desk / "KQI.xlsm").touch()
    other = desk.parent / "R&D 'copy' ^ !x!.xlsx"
    other.touch()
    assert asked(double_click(wine, desk, other)) == [["refresh", wine.path(other)]]


def test_a_workbook_open_in_excel_is_refreshed_there(desk: Path, wine: Wine) -> None:
    """Excel's own note, ~$KQI.xlsm, is no second workbook."""
    book = desk / "KQI.xlsm"
    book.touch()
    (desk / "~$KQI.xlsm").touch()
    assert asked(double_click(wine, desk)) == [["refresh", "--live", wine.path(book)]]


def test_where_it_is_not_open_after_all_the_file_is_refreshed(desk: Path, wine: Wine) -> None:
    """Excel's note may be stale, or somebody else's."""
    book = desk / "KQI.xlsm"
    book.touch()
    (desk / "~$KQI.xlsm").touch()
    assert asked(double_click(wine, desk, KQI_EXIT=str(ExcelNotReady.exit_code))) == [
        ["refresh", "--live", wine.path(book)],
        ["refresh", wine.path(book)],
    ]


@pytest.mark.parametrize("exit_code", ["1", "2", "-1073741819"])
def test_where_excel_has_it_and_refuses_that_is_the_last_word(
    exit_code: str, desk: Path, wine: Wine
) -> None:
    """A cell is being edited, a sheet is protected, or Python itself broke down."""
    book = desk / "KQI.xlsm"
    book.touch()
    (desk / "~$KQI.xlsm").touch()
    ran = double_click(wine, desk, KQI_EXIT=exit_code)
    assert asked(ran) == [["refresh", "--live", wine.path(book)]]
    assert "The workbook was not refreshed." in ran.printed


@pytest.mark.parametrize("quote", ["", '"'])  # with which the Explorer copies a path
def test_the_users_variable_names_python_and_the_one_with_a_console_is_run(
    quote: str, desk: Path, wine: Wine
) -> None:
    (desk / "KQI.xlsm").touch()
    mine = desk.parent / "my python (x86) & more"
    wine.install_recorder(mine / "python.exe")
    named = wine.path(mine / "pythonw.exe")
    ran = double_click(wine, desk, KQI_PYTHON=f"{quote}{named}{quote}")
    assert [call.program for call in ran.calls] == [wine.path(mine / "python.exe")]


@pytest.mark.parametrize(("names", "said"), [([], "Found 0"), (["a.xlsm", "b.xlsx"], "Found 2")])
def test_without_exactly_one_workbook_it_asks_for_one(
    names: list[str], said: str, desk: Path, wine: Wine
) -> None:
    for name in names:
        (desk / name).touch()
    printed = double_click(wine, desk).printed
    assert said in printed
    assert "Drag the KQI workbook" in printed


def test_without_python_it_says_what_to_do(desk: Path, wine: Wine) -> None:
    (desk / "KQI.xlsm").touch()
    printed = double_click(wine, desk, WINEPATH="").printed
    assert "Python was not found" in printed
    assert "KQI_PYTHON" in printed


@pytest.mark.parametrize(("exit_code", "waits"), [("0", False), ("1", True)])
def test_a_failure_stays_to_be_read(exit_code: str, waits: bool, desk: Path, wine: Wine) -> None:
    (desk / "KQI.xlsm").touch()
    ran = double_click(wine, desk, KQI_EXIT=exit_code)
    assert ("Press any key" in ran.printed) == waits
    assert ran.exit_code == int(exit_code)
