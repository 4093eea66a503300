"""Wine: not Windows, but a cmd.exe, a WScript.Shell and a rule for arguments that are not ours."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pip._vendor.distlib

TIME_LIMIT = 120
# A launcher as pip makes them: runs what its end names, and hands its arguments on.
LAUNCHER = Path(pip._vendor.distlib.__file__).with_name("t64.exe")
RECORDER = b"""@echo off\r
>>"%KQI_ASKED%" echo %*\r
>>"%KQI_ASKED%" cd\r
exit /b %KQI_EXIT%\r
"""


@dataclass(frozen=True)
class Ran:
    """What a program printed, its exit code, and each call of the recorder with its folder."""

    printed: str
    exit_code: int
    asked: list[tuple[str, str]]


class Wine:
    """A Windows of one's own, in a folder."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self._environment = {
            **os.environ,
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            "DISPLAY": "",
        }
        subprocess.run(
            [program, "wineboot", "--init"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=True,
        )

    def path(self, path: Path) -> str:
        """How a path of this machine is called in Wine."""
        return "Z:" + str(path).replace("/", "\\")

    def install_recorder(self, program: Path) -> None:
        """Put a program there that notes how it was called, and fails where KQI_EXIT says so."""
        script = self.folder / "recorder.cmd"
        script.write_bytes(RECORDER)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("__main__.py", "")
        line = f"#!C:\\windows\\system32\\cmd.exe /c {self.path(script)}\r\n"
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_bytes(LAUNCHER.read_bytes() + line.encode() + archive.getvalue())

    def run(self, *command: str, variables: Mapping[str, str] | None = None) -> Ran:
        """Run a program or a .cmd file, as a double click does."""
        asked = self.folder / "asked.txt"
        asked.unlink(missing_ok=True)
        done = subprocess.run(
            [self.program, *command],
            env={**self._environment, "KQI_ASKED": self.path(asked), **(variables or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
        )
        lines = asked.read_text(errors="replace").splitlines() if asked.exists() else []
        calls = list(zip(lines[::2], lines[1::2], strict=True))
        return Ran(done.stdout.decode(errors="replace"), done.returncode, calls)

    def stop(self) -> None:
        """End everything of this Windows."""
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "-k"], env=self._environment, timeout=TIME_LIMIT, check=False)
