"""A desk to press the button at: LibreOffice with a macro workbook, and a double of Windows."""

from __future__ import annotations

import io
import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from kqi_workbook import layout
from kqi_workbook.making.button import MACROS, add_button
from tests.support.libreoffice import LibreOffice

HERE = Path(__file__).parent
PYTHON = r"C:\Program Files\Python & Co\pythonw.exe"
VARIABLES = {
    "PATH": r"C:\Windows;C:\Program Files\Python & Co\;relative",
    "LOCALAPPDATA": r"C:\Users\Sam O'Test\AppData\Local",
}


def small_workbook(settings: Mapping[str, str] | None = None) -> bytes:
    """The sheets of a KQI workbook that the button has to do with."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Read me").write("A1", "How to use it")
        scorecard = book.add_worksheet("Scorecard")
        scorecard.write_column("A1", ["Key Quality Indicators", "Written by Refresh KQIs"])
        _table(scorecard, layout.SCORECARD, [])
        scorecard.set_column("A:J", 18)
        sheet = book.add_worksheet("Settings")
        sheet.write("A1", "Settings")
        _table(sheet, layout.SETTINGS, [[key, value] for key, value in (settings or {}).items()])
    return content.getvalue()


def _table(sheet: Any, table: layout.Table, rows: list[list[str]]) -> None:
    headers = [{"header": column.name} for column in table.columns]
    options = {"name": table.name, "columns": headers, "data": rows}
    sheet.add_table(3, 0, 4 + max(len(rows), 1), len(headers) - 1, options)


def macros_with_double(folder: Path) -> Path:
    """A copy of macros/ in which the double stands for KQIShell.bas."""
    folder.mkdir()
    for path in (MACROS / "KQIRefresh.bas", MACROS / "customUI.xml", HERE / "KQIShell.bas"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@dataclass(frozen=True)
class Pressed:
    """What came of a press: the message box, if any, and what Python was asked, if it ran."""

    told: str
    asked: dict[str, Any] | None
    cells: list[str]


class Desk:
    """A folder with a macro workbook; its double of Windows is described in KQIShell.bas."""

    def __init__(
        self,
        folder: Path,
        office: LibreOffice,
        name: str = "KQI.xlsm",
        settings: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.office = office
        self.workbook = folder / name
        macros = macros_with_double(folder / "macros")
        self.workbook.write_bytes(add_button(small_workbook(settings), macros))
        lines = [f"{key}={value}" for key, value in {**VARIABLES, **(variables or {})}.items()]
        self.use_package(HERE / "recorder")
        (folder / "variables.txt").write_text("\n".join(lines), encoding="utf-8")
        self._write_windows()

    def _write_windows(self) -> None:
        command = shlex.join([sys.executable, str(HERE / "windows.py"), str(self.folder)])
        script = self.folder / "windows"
        script.write_text(f"#!/bin/sh\nexec {command}\n")
        script.chmod(0o755)

    def on_disk(self, path: str) -> Path:
        """Where a path of the double's Windows lies."""
        from tests.macros.windows import on_disk

        return Path(on_disk(path, self.folder))

    def install(self, program: str = PYTHON, python: str | Path = "") -> None:
        """Put a Python there: in truth the one that speaks with LibreOffice, or that one."""
        there = self.on_disk(program)
        there.parent.mkdir(parents=True)
        there.symlink_to(python or self.office.python)

    def use_package(self, folder: Path) -> None:
        """Have Python find kqi_workbook in that folder."""
        package = self.folder / "package"
        package.unlink(missing_ok=True)
        package.symlink_to(folder)

    def forbid_programs(self) -> None:
        """Have Windows refuse to start any, as a rule of Defender does."""
        (self.folder / "forbidden").touch()

    def do(self, *steps: list[Any]) -> list[Any]:
        """What each step of `office.py` gives."""
        printed = self.office.run_script(HERE / "office.py", str(self.workbook), json.dumps(steps))
        results: list[Any] = json.loads(printed)
        return results

    def press(self, *cells: str, write: str = "", message: str = "", exit_code: int = 0) -> Pressed:
        """Press the button; Python then writes a cell, leaves a message, fails. Reads `cells`."""
        orders = {"office": self.office.url, "write": write, "message": message}
        (self.folder / "orders.json").write_text(json.dumps({**orders, "exit_code": exit_code}))
        answers = [self.folder / name for name in ("told.txt", "asked.json", "exit_code.txt")]
        for answer in answers:
            answer.unlink(missing_ok=True)
        _, *texts = self.do(["press"], *(["cell", "Scorecard", address] for address in cells))
        told, asked, _ = answers
        return Pressed(
            told.read_text(encoding="utf-8") if told.exists() else "",
            json.loads(asked.read_text(encoding="utf-8")) if asked.exists() else None,
            texts,
        )
