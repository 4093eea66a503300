from __future__ import annotations

from dataclasses import replace

import pytest

from kqi_workbook.doctor import Result, conditions, doors, examine
from kqi_workbook.machine import Machine, TrustedLocation, Workbook

READY = Machine(
    windows=True,
    executable=r"C:\Python\python.exe",
    windowless=r"C:\Python\pythonw.exe",
    packages={"lxml": ("4.9.3", "5.2.1"), "xlwings": ("0.37.5", "0.37.8")},
    excel=r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
    children_blocked=False,
)
MAC = replace(READY, windows=False, mac=True, children_blocked=None)
LINUX = replace(MAC, mac=False, excel="", packages={"lxml": ("4.9.3", "5.2.1")})
SHARE = TrustedLocation("\\\\server\\performance", subfolders=True)
ON_SHARE = Workbook(r"\\server\performance\2014\KQI scorecard.xlsm")
BUTTON, ADDIN, CMD, LIVE, FILE = range(5)


def opened(machine: Machine, workbook: Workbook | None = None) -> list[int]:
    return [number for number, door in enumerate(doors(machine, workbook)) if door.ok]


def seen(machine: Machine, what: str, workbook: Workbook | None = None) -> Result:
    return next(result for result in conditions(machine, workbook) if result.what == what)


@pytest.mark.parametrize(
    ("machine", "workbook", "open_doors"),
    [
        (READY, None, [BUTTON, CMD, LIVE, FILE]),
        (replace(READY, addin="xlwings.xlam"), None, [BUTTON, ADDIN, CMD, LIVE, FILE]),
        (replace(READY, children_blocked=None), None, [BUTTON, CMD, LIVE, FILE]),
        (replace(READY, children_blocked=True, addin="xlwings.xlam"), None, [CMD, LIVE, FILE]),
        (replace(READY, excel=""), None, [CMD, FILE]),
        (replace(READY, macros=4), None, [CMD, LIVE, FILE]),
        (replace(READY, macros=3), ON_SHARE, [CMD, LIVE, FILE]),
        (replace(READY, macros=2), ON_SHARE, [BUTTON, CMD, LIVE, FILE]),
        (READY, replace(ON_SHARE, from_internet=True), [CMD, LIVE, FILE]),
        (replace(READY, python=(3, 9, 18)), None, []),
        (replace(READY, packages={"lxml": ("4.9.3", "")}), None, []),
        (replace(READY, packages={"xlwings": ("0.37.5", "0.37.4")}), None, [CMD, FILE]),
        (replace(READY, python=(3, 10, 13)), None, [CMD, FILE]),
        (MAC, None, [LIVE, FILE]),
        (replace(MAC, addin="xlwings.xlam"), None, [ADDIN, LIVE, FILE]),
        (LINUX, None, [FILE]),
    ],
)
def test_a_door_is_open_when_nothing_stands_in_its_way(
    machine: Machine, workbook: Workbook | None, open_doors: list[int]
) -> None:
    assert opened(machine, workbook) == open_doors


@pytest.mark.parametrize("macros", [3, 4])
def test_in_a_trusted_location_macros_run_whatever_else_is_set(macros: int) -> None:
    machine = replace(READY, macros=macros, trusted=(SHARE,), trusted_on_network=True)
    assert BUTTON in opened(machine, replace(ON_SHARE, from_internet=True))


@pytest.mark.parametrize(
    ("changes", "ok"),
    [
        ({"trusted": (SHARE,), "trusted_on_network": True}, True),
        ({"trusted": (SHARE,)}, False),
        ({"trusted": (replace(SHARE, subfolders=False),), "trusted_on_network": True}, None),
        ({"trusted": (SHARE,), "trusted_on_network": True, "trusted_disabled": True}, False),
        ({}, None),
    ],
)
def test_a_share_is_trusted_when_it_lies_below_one_and_shares_may_be(
    changes: dict[str, object], ok: bool | None
) -> None:
    machine = replace(READY, **changes)  # type: ignore[arg-type]
    assert seen(machine, "Trusted Location", ON_SHARE).ok is ok


@pytest.mark.parametrize(
    ("folder", "trusted"),
    [("c:/kqi/", True), (r"C:\KQI", True), (r"C:\KQI 2", False), ("C:\\", True)],
)
def test_folders_are_compared_as_windows_does(folder: str, trusted: bool) -> None:
    machine = replace(READY, trusted=(TrustedLocation(folder, subfolders=True),))
    workbook = Workbook(r"C:\kqi\2014\Scorecard.xlsm")
    assert (seen(machine, "Trusted Location", workbook).ok is True) is trusted


def test_a_closed_door_says_what_closed_it_and_what_to_ask_for() -> None:
    machine = replace(READY, excel="", macros=4)
    button = next(doors(machine))
    assert button.detail == "closed by: Excel, Macros"
    assert "not Excel in a browser" in button.todo
    assert "Ask IT to allow macros in a Trusted Location, or use Refresh KQIs.cmd." in button.todo


@pytest.mark.parametrize(
    ("oldest", "installed", "ok"),
    [
        ("4.9.3", "4.9.3", True),
        ("4.9.3", "4.10", True),
        ("4.9.3", "4.9.2", False),
        ("3", "3.0.0", True),
        ("3.0.0", "3", True),
        ("", "1.0", True),
        ("1.0", "1.0rc1", True),
        ("1.0", "", False),
    ],
)
def test_versions_are_compared_number_by_number(oldest: str, installed: str, ok: bool) -> None:
    machine = replace(READY, packages={"lxml": (oldest, installed)})
    assert seen(machine, "Package lxml").ok is ok


def test_python_without_a_windowless_twin_will_do_and_says_what_is_seen() -> None:
    python = seen(replace(READY, windowless=""), "Python")
    assert python.ok
    assert "black window" in python.todo


@pytest.mark.parametrize(("exists", "ok"), [(True, True), (False, False)])
def test_the_python_that_the_button_is_told_to_use_must_be_there(exists: bool, ok: bool) -> None:
    machine = replace(READY, python_setting=r"D:\pythonw.exe", python_setting_exists=exists)
    assert seen(machine, "Python in KQI_PYTHON").ok is ok


@pytest.mark.parametrize("machine", [READY, MAC, LINUX, Machine(windows=True)])
def test_whatever_is_not_right_says_what_to_do(machine: Machine) -> None:
    for result in examine(machine, ON_SHARE):
        assert result.detail
        assert result.ok is not False or result.todo.endswith("."), result
