"""Wine: not Windows, but a cmd.exe, a WScript.Shell and a rule for arguments that are not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.macros.windows import split_command_line

TIME_LIMIT = 120
# x.exe of it runs what the first line of x-script.py names, with each of its arguments in quotes.
_SETUPTOOLS = find_spec("setuptools")
LAUNCHER = Path((_SETUPTOOLS and _SETUPTOOLS.origin) or ".").with_name("cli-64.exe")
RECORDER = b"""@echo off\r
>>"%KQI_ASKED%" echo %*\r
>>"%KQI_ASKED%" cd\r
exit /b %KQI_EXIT%\r
"""


@dataclass(frozen=True)
class Call:
    """A call of the recorder: its own path, its arguments as it got them, and its folder."""

    program: str
    arguments: list[str]
    folder: str


@dataclass(frozen=True)
class Ran:
    """What a program printed, its exit code, and its calls of the recorder."""

    printed: str
    exit_code: int
    calls: list[Call]


def read_calls(path: Path) -> list[Call]:
    """The calls that the recorder noted there: a line of arguments, a line with the folder."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    calls = []
    for line, folder in zip(lines[::2], lines[1::2], strict=True):
        script, *arguments = split_command_line(line)
        program = script.removeprefix("\\\\?\\").replace("-script.py", ".exe")
        calls.append(Call(program, arguments, folder))
    return calls


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
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_bytes(LAUNCHER.read_bytes())
        line = f"#!C:\\windows\\system32\\cmd.exe /c {self.path(script)}\r\n"
        program.with_name(f"{program.stem}-script.py").write_text(line)

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
        printed = done.stdout.decode(errors="replace")
        return Ran(printed, done.returncode, read_calls(asked))

    def stop(self) -> None:
        """End everything of this Windows."""
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
        subprocess.run([server, "-k"], env=self._environment, timeout=TIME_LIMIT, check=False)
