from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from kqi_workbook.machine import (
    DEFENDER_RULES,
    EXCEL_PROGRAM,
    NO_CHILDREN,
    OFFICE,
    OFFICE_POLICY,
    Machine,
    TrustedLocation,
    find_libreoffice,
    look,
    look_at,
    needed_packages,
    this_machine,
)

TRUSTED = r"Excel\Security\Trusted Locations"


class Register:
    """A registry from a dict, {(hive, key, name): value}."""

    def __init__(self, values: dict[tuple[str, str, str], str | int]) -> None:
        self.values = values

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        return self.values.get((hive, key, name))

    def keys(self, hive: str, key: str) -> list[str]:
        below = [k for h, k, _ in self.values if h == hive and k.startswith(f"{key}\\")]
        return sorted({k[len(key) + 1 :].split("\\")[0] for k in below})


def windows(
    tmp_path: Path, *values: tuple[str, str, str, str | int], **environment: str
) -> Machine:
    register = Register({(hive, key, name): value for hive, key, name, value in values})
    return look(register, environment, "win32", tmp_path / "python.exe", tmp_path)


def test_this_machine_can_be_looked_at() -> None:
    machine = this_machine()
    assert machine.python == sys.version_info[:3]
    assert machine.windows is (sys.platform == "win32")
    assert not (machine.windows and machine.mac)


def test_a_bare_windows_has_nothing(tmp_path: Path) -> None:
    machine = windows(tmp_path)
    assert (machine.excel, machine.addin, machine.windowless, machine.trusted) == ("", "", "", ())
    assert (machine.macros, machine.children_blocked) == (None, False)


@pytest.mark.parametrize("hive", ["HKLM", "HKCU"])
def test_excel_is_found_without_opening_it(tmp_path: Path, hive: str) -> None:
    assert windows(tmp_path, (hive, EXCEL_PROGRAM, "", "EXCEL.EXE")).excel == "EXCEL.EXE"


def test_the_windowless_python_lies_beside_python(tmp_path: Path) -> None:
    (tmp_path / "pythonw.exe").touch()
    assert windows(tmp_path).windowless == str(tmp_path / "pythonw.exe")


def test_a_policy_on_macros_goes_before_the_users_own_choice(tmp_path: Path) -> None:
    own = ("HKCU", rf"{OFFICE}\Excel\Security", "VBAWarnings", 1)
    policy = ("HKCU", rf"{OFFICE_POLICY}\Excel\Security", "VBAWarnings", 4)
    assert windows(tmp_path, own).macros == 1
    assert windows(tmp_path, own, policy).macros == 4


def test_trusted_locations_come_from_policies_and_from_the_user(tmp_path: Path) -> None:
    machine = windows(
        tmp_path,
        ("HKCU", rf"{OFFICE}\{TRUSTED}\Location0", "Path", "C:\\KQI\\"),
        ("HKCU", rf"{OFFICE}\{TRUSTED}\Location0", "AllowSubFolders", 1),
        ("HKCU", rf"{OFFICE_POLICY}\{TRUSTED}\Location7", "Path", "\\\\server\\kqi"),
        ("HKCU", rf"{OFFICE_POLICY}\{TRUSTED}", "AllowNetworkLocations", 1),
    )
    assert machine.trusted == (
        TrustedLocation("\\\\server\\kqi"),
        TrustedLocation("C:\\KQI\\", subfolders=True),
    )
    assert machine.trusted_on_network
    assert not machine.trusted_disabled


@pytest.mark.parametrize("name", [NO_CHILDREN, NO_CHILDREN.lower()])
@pytest.mark.parametrize(("rule", "blocked"), [("1", True), (1, True), ("2", False), ("0", False)])
def test_defenders_rule_blocks_only_when_it_is_set_to(
    tmp_path: Path, name: str, rule: str | int, blocked: bool
) -> None:
    assert windows(tmp_path, ("HKLM", DEFENDER_RULES, name, rule)).children_blocked is blocked


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o755)
    return path


def test_libreoffice_is_found_where_it_is_named_before_anywhere_else(tmp_path: Path) -> None:
    named, on_path = program(tmp_path / "own/soffice.exe"), program(tmp_path / "bin/soffice")
    here = {"PATH": str(on_path.parent)}
    if sys.platform != "win32":  # where a program needs an ending
        assert find_libreoffice(here, tmp_path) == on_path
    assert find_libreoffice({**here, "KQI_SOFFICE": str(named)}, tmp_path) == named


@pytest.mark.parametrize("variable", ["ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"])
def test_libreoffice_is_found_where_its_installer_puts_it_on_windows(
    tmp_path: Path, variable: str
) -> None:
    soffice = program(tmp_path / "LibreOffice/program/soffice.exe")
    machine = windows(tmp_path, **{variable: str(tmp_path)})
    assert machine.libreoffice == str(soffice)


@pytest.mark.skipif(sys.platform == "win32", reason="a Mac's program has no ending")
def test_libreoffice_is_found_in_the_users_own_applications_on_a_mac(tmp_path: Path) -> None:
    soffice = program(tmp_path / "Applications/LibreOffice.app/Contents/MacOS/soffice")
    assert find_libreoffice({}, tmp_path) == soffice
    assert find_libreoffice({}, tmp_path / "empty") is None


def test_the_addin_is_found_where_excel_starts_it_from(tmp_path: Path) -> None:
    addin = tmp_path / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"
    addin.parent.mkdir(parents=True)
    addin.touch()
    assert windows(tmp_path, APPDATA=str(tmp_path)).addin == str(addin)


@pytest.mark.parametrize("exists", [True, False])
def test_the_python_setting_is_looked_for(tmp_path: Path, exists: bool) -> None:
    python = tmp_path / "pythonw.exe"
    if exists:
        python.touch()
    machine = windows(tmp_path, KQI_PYTHON=f'"{python}"')
    assert machine.python_setting_exists is exists


def test_the_needed_packages_are_those_of_the_platform() -> None:
    needed = needed_packages(sys.platform)
    if not needed:
        pytest.skip("kqi_workbook is not installed here, so nobody knows what it needs")
    assert needed["pandas"][1]
    assert "pytest" not in needed
    assert ("xlwings" in needed) is (sys.platform in ("win32", "darwin"))
    assert "xlwings" in needed_packages("win32")


@pytest.mark.parametrize(
    ("mark", "marked"),
    [("[ZoneTransfer]\nZoneId=3\n", True), ("[ZoneTransfer]\nZoneId=0\n", False), (None, False)],
)
def test_the_mark_of_the_internet_is_read(tmp_path: Path, mark: str | None, marked: bool) -> None:
    path = tmp_path / "KQI.xlsm"
    path.touch()
    if mark is not None:  # an NTFS stream on Windows, a file of that name elsewhere
        Path(f"{path}:Zone.Identifier").write_text(mark, encoding="utf-8")
    assert look_at(path).from_internet is marked


def test_an_account_without_a_home_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a service's or a container's has none."""
    for variable in ("HOME", "USERPROFILE", "HOMEPATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7, raising=False)
    assert this_machine().executable == sys.executable
