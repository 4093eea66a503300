"""What this machine has: Python, packages, Excel, LibreOffice, what Office allows. It only looks.

Excel is found without opening it, and on Windows the registry is read, never written.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

DISTRIBUTION = "kqi_workbook"
OFFICE = r"Software\Microsoft\Office\16.0"
OFFICE_POLICY = r"Software\Policies\Microsoft\Office\16.0"
EXCEL_PROGRAM = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
DEFENDER_RULES = (
    r"SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\ASR\Rules"
)
NO_CHILDREN = "D4F940AB-401B-4EFC-AADC-AD5F3C50688A"  # Office must not start other programs
BLOCKS = 1  # a rule of Defender may also be off (0), only write a log (2), or warn (6)
EXCEL_ON_MAC = Path("/Applications/Microsoft Excel.app")
OFFICE_ON_MAC = Path("Library/Group Containers/UBF8T346G9.Office")
STARTUP_ON_MAC = OFFICE_ON_MAC / "User Content.localized/Startup.localized/Excel"


@dataclass(frozen=True)
class TrustedLocation:
    """A folder whose workbooks may run macros without being asked about."""

    folder: str
    subfolders: bool = False


@dataclass(frozen=True)
class Machine:
    """What was seen on a machine.

    ``packages`` maps each package that is needed to the oldest version that will do and the one
    that is installed, '' for none. ``macros`` is Office's number for what it does with macros
    (1 runs all, 2 asks, 3 runs signed ones, 4 runs none), None where nobody has set it.
    ``children_blocked`` says whether Defender forbids Office to start other programs; None where
    that cannot be read.
    """

    windows: bool
    mac: bool = False
    python: tuple[int, int, int] = (3, 12, 0)
    executable: str = ""
    windowless: str = ""
    python_setting: str = ""
    python_setting_exists: bool = False
    packages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    excel: str = ""
    libreoffice: str = ""
    addin: str = ""
    macros: int | None = None
    trusted: tuple[TrustedLocation, ...] = ()
    trusted_disabled: bool = False
    trusted_on_network: bool = False
    children_blocked: bool | None = None


@dataclass(frozen=True)
class Workbook:
    """The workbook that is to be refreshed. ``from_internet``: Windows has marked it as such."""

    path: str
    from_internet: bool = False


class Registry(Protocol):
    """The registry of Windows, to read from. Hives are HKCU and HKLM."""

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        """A value, or None where there is none; the name '' is the key's own value."""

    def keys(self, hive: str, key: str) -> list[str]:
        """The keys below a key."""


class NoRegistry:
    """What other systems have."""

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        return None

    def keys(self, hive: str, key: str) -> list[str]:
        return []


def this_machine() -> Machine:
    """Look at the machine that runs this."""
    registry = _windows_registry() if sys.platform == "win32" else NoRegistry()
    home = Path(os.path.expanduser("~"))  # stays "~" for an account without one: a service's
    return look(registry, os.environ, sys.platform, Path(sys.executable), home)


def look(
    registry: Registry, environment: Mapping[str, str], platform: str, python: Path, home: Path
) -> Machine:
    """Look at a machine through its registry, its environment variables and its files."""
    windows, mac = platform == "win32", platform == "darwin"
    windowless = python.with_name("pythonw.exe")
    setting = environment.get("KQI_PYTHON", "")
    return Machine(
        windows=windows,
        mac=mac,
        python=sys.version_info[:3],
        executable=str(python),
        windowless=str(windowless) if windows and windowless.exists() else "",
        python_setting=setting,
        python_setting_exists=bool(setting) and Path(setting.strip('"')).exists(),
        packages=needed_packages(platform),
        excel=_excel(registry, mac),
        libreoffice=str(find_libreoffice(environment, home) or ""),
        addin=_addin(environment, home, mac),
        macros=_macros(registry),
        trusted=tuple(_trusted(registry)),
        trusted_disabled=any(_in_trust_center(registry, "AllLocationsDisabled")),
        trusted_on_network=any(_in_trust_center(registry, "AllowNetworkLocations")),
        children_blocked=_children_blocked(registry) if windows else None,
    )


def look_at(workbook: Path) -> Workbook:
    """Look at the workbook that is to be refreshed."""
    try:
        mark = Path(f"{workbook}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        mark = ""
    zone = re.search(r"ZoneId=(\d)", mark)
    return Workbook(str(workbook.absolute()), bool(zone and int(zone[1]) >= 3))


def find_libreoffice(environment: Mapping[str, str], home: Path) -> Path | None:
    """LibreOffice's program: KQI_SOFFICE, or on PATH, or where its installer puts it."""
    named, path = environment.get("KQI_SOFFICE"), environment.get("PATH", "")
    for candidate in (named, "soffice", "libreoffice", *_usual_places(environment, home)):
        if candidate and (found := shutil.which(candidate, path=path)):
            return Path(found)
    return None


def _usual_places(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
        if folder := environment.get(variable):
            yield str(Path(folder, "LibreOffice", "program", "soffice.exe"))
    for root in (Path("/"), home):
        yield str(root / "Applications/LibreOffice.app/Contents/MacOS/soffice")


def needed_packages(platform: str) -> dict[str, tuple[str, str]]:
    """Each package that the installed product needs on this platform: oldest and found version."""
    try:
        wanted = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        wanted = []
    packages: dict[str, tuple[str, str]] = {}
    for line in wanted:
        requirement, _, marker = line.partition(";")
        name = re.match(r"[\w.-]+", requirement.strip())
        platforms = re.findall(r"sys_platform == ['\"](\w+)['\"]", marker)
        if name is None or "extra" in marker or (platforms and platform not in platforms):
            continue
        oldest = re.search(r">=\s*([\w.]+)", requirement)
        packages[name[0]] = (oldest[1] if oldest else "", _installed(name[0]))
    return packages


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _excel(registry: Registry, mac: bool) -> str:
    if mac:
        return str(EXCEL_ON_MAC) if EXCEL_ON_MAC.exists() else ""
    return str(
        registry.value("HKLM", EXCEL_PROGRAM, "")
        or registry.value("HKCU", EXCEL_PROGRAM, "")
        or registry.value("HKLM", r"SOFTWARE\Classes\Excel.Application\CurVer", "")
        or ""
    )


def _addin(environment: Mapping[str, str], home: Path, mac: bool) -> str:
    roaming = environment.get("APPDATA")
    if mac:
        folder = home / STARTUP_ON_MAC
    elif roaming:
        folder = Path(roaming) / "Microsoft" / "Excel" / "XLSTART"
    else:
        return ""
    found = folder / "xlwings.xlam"
    return str(found) if found.exists() else ""


def _macros(registry: Registry) -> int | None:
    for office in (OFFICE_POLICY, OFFICE):  # a policy goes before what the user has chosen
        number = registry.value("HKCU", rf"{office}\Excel\Security", "VBAWarnings")
        if isinstance(number, int):
            return number
    return None


def _trusted(registry: Registry) -> Iterator[TrustedLocation]:
    for parent in _trust_center():
        for key in registry.keys("HKCU", parent):
            folder = registry.value("HKCU", rf"{parent}\{key}", "Path")
            below = registry.value("HKCU", rf"{parent}\{key}", "AllowSubFolders")
            if folder:
                yield TrustedLocation(os.path.expandvars(str(folder)), below == 1)


def _in_trust_center(registry: Registry, name: str) -> Iterator[bool]:
    for parent in _trust_center():
        yield registry.value("HKCU", parent, name) == 1


def _trust_center() -> tuple[str, ...]:
    return (
        rf"{OFFICE_POLICY}\Excel\Security\Trusted Locations",
        rf"{OFFICE_POLICY}\Common\Security\Trusted Locations",
        rf"{OFFICE}\Excel\Security\Trusted Locations",
    )


def _children_blocked(registry: Registry) -> bool:
    found = registry.value("HKLM", DEFENDER_RULES, NO_CHILDREN)
    found = found or registry.value("HKLM", DEFENDER_RULES, NO_CHILDREN.lower())
    return str(found) == str(BLOCKS)


def _windows_registry() -> Registry:
    if sys.platform != "win32":
        return NoRegistry()
    import winreg

    hives = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}

    class WindowsRegistry:
        def value(self, hive: str, key: str, name: str) -> str | int | None:
            try:
                with winreg.OpenKey(hives[hive], key) as opened:
                    found, _ = winreg.QueryValueEx(opened, name)
            except OSError:
                return None
            return found if isinstance(found, (str, int)) else None

        def keys(self, hive: str, key: str) -> list[str]:
            try:
                with winreg.OpenKey(hives[hive], key) as opened:
                    count = winreg.QueryInfoKey(opened)[0]
                    return [winreg.EnumKey(opened, number) for number in range(count)]
            except OSError:
                return []

    return WindowsRegistry()
