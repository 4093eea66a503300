"""Which ways of refreshing are open on this machine, and what to ask IT for where one is not.

`machine` looks; what it saw is judged here, and nothing is touched.
"""

from __future__ import annotations

import ntpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kqi_workbook.machine import NO_CHILDREN, Machine, TrustedLocation, Workbook

OLDEST_PYTHON, OLDEST_FOR_EXCEL = (3, 10), (3, 11)


@dataclass(frozen=True)
class Result:
    """One thing that was looked at. ``ok`` is None where it is not needed or cannot be told."""

    what: str
    ok: bool | None
    detail: str
    todo: str = ""


def examine(machine: Machine, workbook: Workbook | None = None) -> tuple[Result, ...]:
    """Everything that was looked at, and then each door: open, or what to ask for."""
    return (*conditions(machine, workbook), *doors(machine, workbook))


def conditions(machine: Machine, workbook: Workbook | None = None) -> Iterator[Result]:
    """What the doors depend on, one by one."""
    yield _python(machine)
    if machine.python_setting:
        yield _python_setting(machine)
    if not machine.packages:
        yield Result(
            "Packages", None, "kqi_workbook is not installed, so it cannot say what it needs"
        )
    yield from _packages(machine, *machine.packages)
    yield _excel(machine)
    if machine.windows:
        yield _macros(machine)
        yield _children(machine)
        yield _trusted(machine, workbook)
        if workbook is not None:
            yield _mark(workbook)
    if machine.windows or machine.mac:
        yield _addin(machine)
    yield Result(
        "LibreOffice",
        True if machine.libreoffice else None,
        machine.libreoffice or "not found; it is not needed",
    )


def doors(machine: Machine, workbook: Workbook | None = None) -> Iterator[Result]:
    """Each way of refreshing, and what stands in its way."""
    basis = [r for r in (_python(machine), *_packages(machine)) if not r.ok]
    desktop = _packages(machine, "xlwings") if machine.windows or machine.mac else []
    live = [r for r in (*desktop, _excel(machine)) if not r.ok]
    macros = [r for r in _about_macros(machine, workbook) if r.ok is False]
    window = [] if machine.windows else [_NOT_WINDOWS]
    starts = [r for r in [_children(machine)] if machine.windows and r.ok is False]
    addin = [r for r in [_addin(machine)] if not r.ok]
    yield _door("Refresh KQIs button in Excel", window or basis + live + macros + starts)
    yield _door("RunPython of the xlwings add-in", basis + live + addin + starts)
    yield _door("Refresh KQIs.cmd beside the workbook", window or basis)
    yield _door("kqi refresh --live on the workbook open in Excel", basis + live)
    yield _door("kqi refresh FILE on the closed workbook", basis)


def _about_macros(machine: Machine, workbook: Workbook | None) -> list[Result]:
    """What can keep a workbook's macros from running; in a Trusted Location, nothing does."""
    trusted = _trusted(machine, workbook)
    if not machine.windows or (workbook is not None and trusted.ok):
        return []
    return [_macros(machine), *([_mark(workbook)] if workbook is not None else [])]


_NOT_WINDOWS = Result(
    "a system other than Windows", False, "", "Use kqi refresh --live, or kqi refresh FILE."
)


def _door(name: str, missing: list[Result]) -> Result:
    if not missing:
        return Result(f"Door: {name}", True, "open")
    todo = " ".join(dict.fromkeys(r.todo for r in missing if r.todo))
    return Result(f"Door: {name}", False, f"closed by: {', '.join(r.what for r in missing)}", todo)


def _python(machine: Machine) -> Result:
    version = ".".join(map(str, machine.python))
    detail = f"{version} at {machine.executable}"
    if machine.python[:2] < OLDEST_PYTHON:
        return Result("Python", False, detail, "Ask IT for Python 3.10 or newer.")
    if machine.windows and not machine.windowless:
        return Result(
            "Python",
            True,
            f"{detail}, without pythonw.exe beside it",
            "The button opens a black window while it works. Ask IT for Python from python.org.",
        )
    return Result("Python", True, detail)


def _python_setting(machine: Machine) -> Result:
    if machine.python_setting_exists:
        return Result("Python in KQI_PYTHON", True, machine.python_setting)
    return Result(
        "Python in KQI_PYTHON",
        False,
        f"{machine.python_setting} is not there",
        "Give the variable KQI_PYTHON the full path of pythonw.exe, or delete it.",
    )


def _packages(machine: Machine, *only: str) -> list[Result]:
    """The packages that every refresh needs, or only these."""
    names = only or [name for name in machine.packages if name != "xlwings"]
    return [_package(machine, name) for name in names]


def _package(machine: Machine, name: str) -> Result:
    what = f"Package {name}"
    oldest, installed = machine.packages.get(name, ("", ""))
    if name == "xlwings" and machine.python[:2] < OLDEST_FOR_EXCEL:
        return Result(what, False, "needs Python 3.11 or newer", "Ask IT for Python 3.11 or newer.")
    if not installed:
        return Result(what, False, "not installed", f"Ask IT to run: python -m pip install {name}.")
    if _version(installed) < _version(oldest):
        return Result(
            what,
            False,
            f"{installed}, and {oldest} or newer is needed",
            f"Ask IT to run: python -m pip install --upgrade {name}.",
        )
    return Result(what, True, installed)


def _version(text: str) -> tuple[int, ...]:
    numbers = re.match(r"\d+(\.\d+)*", text)
    parts = [int(part) for part in numbers[0].split(".")] if numbers else []
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _excel(machine: Machine) -> Result:
    if machine.excel:
        return Result("Excel", True, machine.excel)
    return Result(
        "Excel",
        False,
        "not found",
        "The button needs Excel for the desktop, not Excel in a browser. Without it, refresh the "
        "closed file: kqi refresh FILE.",
    )


def _macros(machine: Machine) -> Result:
    what = "Macros"
    if machine.macros == 4:
        return Result(
            what,
            False,
            "switched off for everybody, without asking",
            "Ask IT to allow macros in a Trusted Location, or use Refresh KQIs.cmd.",
        )
    if machine.macros == 3:
        return Result(
            what,
            False,
            "only signed ones may run",
            "Ask IT to sign the macros, or to make the workbook's folder a Trusted Location.",
        )
    words = {1: "all may run", 2: "Excel asks first"}
    return Result(what, True, words.get(machine.macros or 2, "Excel asks first"))


def _children(machine: Machine) -> Result:
    what = "Excel may start Python"
    if machine.children_blocked is None:
        return Result(what, None, "Defender's rules cannot be read from here")
    if machine.children_blocked:
        return Result(
            what,
            False,
            "Defender forbids Office to start other programs",
            "Use Refresh KQIs.cmd, which Excel does not start, or ask IT to exempt python.exe from "
            f"the rule {NO_CHILDREN}.",
        )
    return Result(what, True, "no rule of Defender is against it")


def _trusted(machine: Machine, workbook: Workbook | None) -> Result:
    what = "Trusted Location"
    if machine.trusted_disabled:
        return Result(
            what, False, "Trusted Locations are switched off", "Ask IT to sign the macros."
        )
    listed = "; ".join(place.folder for place in machine.trusted) or "none"
    if workbook is None:
        return Result(what, True if machine.trusted else None, listed)
    path = workbook.path
    if any(_lies_in(path, place) for place in machine.trusted):
        if path.startswith("\\\\") and not machine.trusted_on_network:
            return Result(
                what,
                False,
                f"{ntpath.dirname(path)} is on a share, and shares are not trusted",
                "Ask IT to allow Trusted Locations on the network.",
            )
        return Result(what, True, f"{ntpath.dirname(path)} is trusted")
    return Result(
        what,
        None,
        f"{ntpath.dirname(path)} is not among them: {listed}",
        f"Ask IT to make {ntpath.dirname(path)} a Trusted Location.",
    )


def _lies_in(path: str, place: TrustedLocation) -> bool:
    folder = ntpath.normcase(ntpath.normpath(ntpath.dirname(path)))
    trusted = ntpath.normcase(ntpath.normpath(place.folder))
    inside = folder.startswith(trusted.rstrip("\\") + "\\")
    return folder == trusted or (place.subfolders and inside)


def _mark(workbook: Workbook) -> Result:
    name = ntpath.basename(workbook.path)
    if not workbook.from_internet:
        return Result("Workbook's origin", True, f"{name} is not marked as from the internet")
    return Result(
        "Workbook's origin",
        False,
        f"Windows has marked {name} as from the internet, and Excel runs no macros of such a file",
        f"Right-click {name} in the Explorer, choose Properties, and tick Unblock.",
    )


def _addin(machine: Machine) -> Result:
    if machine.addin:
        return Result("xlwings add-in", True, machine.addin)
    return Result(
        "xlwings add-in",
        None,
        "not installed; the button does not need it",
        "To use RunPython, run: xlwings addin install.",
    )
