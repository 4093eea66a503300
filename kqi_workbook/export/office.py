"""A sheet printed as PDF, by Excel where there is one and else by LibreOffice.

Both work on a copy in a folder of its own, so that nothing can be saved over the workbook.
"""

from __future__ import annotations

import importlib.util
import io
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from kqi_workbook.books.ooxml.markup import child, children, descendants
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.machine import this_machine

PRINT_AREA = "_xlnm.Print_Area"
TIME_LIMIT = 180.0
"""Seconds: LibreOffice's first start on a slow machine takes one minute of them."""


class NoOffice(KQIWorkbookError):
    """Neither Excel nor LibreOffice is there, or the one that is cannot print the sheet."""


def sheet_as_pdf(content: bytes, name: str, sheet: str, time_limit: float = TIME_LIMIT) -> bytes:
    """Print one sheet of a workbook, as the sheet's own page setup has it.

    ``content`` is the workbook file and ``name`` its name. Raises NoOffice, with what to install
    or what to do, when it cannot be printed.
    """
    with tempfile.TemporaryDirectory(prefix="kqi-export-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder, name)  # its own name, which the foot of the page shows
        machine = this_machine()
        if machine.excel and importlib.util.find_spec("xlwings") is not None:
            copy.write_bytes(content)
            return _by_excel(copy, sheet)
        if not machine.libreoffice:
            raise NoOffice(
                "A PDF or a picture of a sheet needs Excel or LibreOffice, and neither was found "
                "on this computer. Install LibreOffice (www.libreoffice.org), or use --html and "
                "print that page from a browser."
            )
        copy.write_bytes(showing_only(sheet, content, name))
        return _by_libreoffice(machine.libreoffice, copy, time_limit)


def showing_only(sheet: str, content: bytes, name: str) -> bytes:
    """The workbook with every other sheet hidden and without a print area.

    LibreOffice prints a hidden sheet all the same, if it has one.
    """
    package = Package.of_bytes(content, name)
    package.drop_signature()
    workbook = package.workbook
    names = [found.get("name") for found in children(child(workbook, "sheets"), "sheet")]
    wanted = str(names.index(sheet))
    for i, found in enumerate(children(child(workbook, "sheets"), "sheet")):
        found.set("state", "visible" if str(i) == wanted else "hidden")
    for view in descendants(workbook, "workbookView"):
        view.set("activeTab", wanted)
        view.set("firstSheet", wanted)
    for defined in children(workbook, "definedNames"):
        for area in children(defined, "definedName"):
            if area.get("name") == PRINT_AREA and area.get("localSheetId") != wanted:
                defined.remove(area)
    changed = io.BytesIO()
    package.write(changed)
    return changed.getvalue()


def _by_excel(copy: Path, sheet: str) -> bytes:
    import xlwings

    pdf = copy.with_suffix(".pdf")
    try:
        with xlwings.App(visible=False, add_book=False) as app:
            app.display_alerts = app.enable_events = False
            book = app.books.open(copy, update_links=False, read_only=True)
            book.to_pdf(pdf, include=sheet)
        return pdf.read_bytes()
    except Exception as error:  # whatever Excel, COM or AppleScript says
        raise NoOffice(
            f"Excel could not print the sheet '{sheet}' ({error}). Open the workbook in Excel and "
            "save the sheet as PDF there, or use --html."
        ) from error


def _by_libreoffice(soffice: str, copy: Path, time_limit: float) -> bytes:
    """With a profile of its own, so that a LibreOffice that is open already is left in peace."""
    command = [
        soffice,
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(copy.parent / 'profile').as_uri()}",
        "--convert-to",
        "pdf:calc_pdf_Export",
        "--outdir",
        str(copy.parent),
        str(copy),
    ]
    try:
        said = _run(command, time_limit)
    except subprocess.TimeoutExpired:
        raise NoOffice(
            f"LibreOffice did not print the sheet within {time_limit:.0f} seconds and was stopped. "
            "Try again, or use --html."
        ) from None
    except OSError as error:
        raise NoOffice(f"LibreOffice ({soffice}) could not be started: {error.strerror}.") from None
    pdf = copy.with_suffix(".pdf")
    if not pdf.exists():  # its exit code is 0 all the same
        raise NoOffice(f"LibreOffice could not print the sheet. It says: {said or 'nothing'}")
    return pdf.read_bytes()


def _run(command: list[str], time_limit: float) -> str:
    """Run a program; end it with all that it started when its time is up."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # a group of its own; Windows has none and ignores this
    )
    try:
        said, _ = process.communicate(timeout=time_limit)
    except subprocess.TimeoutExpired:
        _end_tree(process)
        process.communicate()
        raise
    return " ".join(said.split())


def _end_tree(process: subprocess.Popen[str]) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True)
    else:
        os.killpg(process.pid, signal.SIGKILL)
