"""What Windows does with a command line, for the double of KQIShell.

Run as `windows.py FOLDER`, it plays the part of WScript.Shell: it takes the command line in
command.txt apart by Windows' rules, runs the program, and leaves its exit code in exit_code.txt.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def split_command_line(line: str) -> list[str]:
    r"""The arguments that a Windows program gets (CommandLineToArgvW, and C's own start-up code).

    The program's name ends at its closing quote, or else at a space, and knows no escapes. After
    it, 2n backslashes and a quote are n backslashes and a quote that opens or closes; 2n + 1
    backslashes and a quote are n backslashes and the quote itself; other backslashes are
    themselves; two quotes inside quotes are one quote.
    """
    if line.startswith('"'):
        program, _, rest = line[1:].partition('"')
    else:
        program, _, rest = line.partition(" ")
    arguments = [program]
    at = 0
    while True:
        while at < len(rest) and rest[at] in " \t":
            at += 1
        if at == len(rest):
            return arguments
        argument, at = _next_argument(rest, at)
        arguments.append(argument)


def _next_argument(text: str, at: int) -> tuple[str, int]:
    argument, quoted = "", False
    while at < len(text) and (quoted or text[at] not in " \t"):
        backslashes = 0
        while text[at : at + 1] == "\\":
            backslashes, at = backslashes + 1, at + 1
        if text[at : at + 1] != '"':
            argument += "\\" * backslashes
            if at < len(text) and (quoted or text[at] not in " \t") and not backslashes:
                argument, at = argument + text[at], at + 1
            continue
        argument += "\\" * (backslashes // 2)
        if backslashes % 2 or (quoted and text[at + 1 : at + 2] == '"'):
            argument += '"'
            at += 1 if backslashes % 2 else 2
        else:
            quoted, at = not quoted, at + 1
    return argument, at


def on_disk(path: str, folder: Path) -> str:
    """Where a path of Windows lies, as OnDisk in KQIShell.bas says it."""
    for windows, here in (("\\\\", folder / "unc"), ("C:\\", folder / "drive_c")):
        if path.startswith(windows):
            return str(here / path.removeprefix(windows).replace("\\", "/"))
    return path


def main(folder: Path) -> None:
    own = {
        "PYTHONPATH": str(folder / "package"),
        "LOCALAPPDATA": (folder / "folder.txt").read_text(encoding="utf-8").rpartition("/")[0],
        "KQI_TEST_FOLDER": str(folder),
    }
    line = (folder / "command.txt").read_text(encoding="utf-8")
    program, *arguments = split_command_line(line)
    done = subprocess.run(
        [on_disk(program, folder), *arguments],
        cwd=(folder / "folder.txt").read_text(encoding="utf-8"),
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stderr=(folder / "stderr.txt").open("w"),
        timeout=60,
        check=False,
    )
    code = folder / "exit_code.part"
    code.write_text(str(done.returncode))
    code.rename(folder / "exit_code.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
