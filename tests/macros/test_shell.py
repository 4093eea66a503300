"""The macros themselves, run as VBScript by Wine with its WScript.Shell and FileSystemObject.

VBScript is VBA without types, so that taking those away leaves the modules as they are. Wine is not
Windows, and has no Excel: TableRange, WindowHandle and OnWindows wait for the ten-minute script.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kqi_workbook.making.button import MACROS
from tests.macros.wine import Call, Wine, read_calls

EXCEL = """
Class Excel
    Public StatusBar
End Class
Dim Application
Set Application = New Excel
"""


# What VBA has and VBScript has not: types, qualified names, a variable after Next, labels.
NOT_IN_VBSCRIPT = {
    r"^(Attribute|Option) .*$": "",
    r" As (Object|String|Long|Boolean|Variant)\b": "",
    r"\bKQIShell\.": "",
    r"\b(Left|Mid|Right|String|Trim)\$": r"\1",
    r"^( *Next) \w+$": r"\1",
    r"^ *On Error GoTo NotStarted$": "",
    r"^NotStarted:$": "",
}


def as_vbscript(module: Path) -> str:
    text = module.read_text(encoding="cp1252")
    for pattern, replacement in NOT_IN_VBSCRIPT.items():
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text.replace("Public Function Ping()", f"Public Function Ping{module.stem}()").replace(
        "    Ping = ", f"    Ping{module.stem} = "
    )


def say(wine: Wine, folder: Path, *lines: str, **variables: str) -> list[str]:
    """What the lines print, run after the modules."""
    script = folder / "shell.vbs"
    modules = [as_vbscript(path) for path in sorted(MACROS.glob("*.bas"))]
    source = "\n".join([EXCEL, *modules, *lines])
    script.write_bytes(source.replace("\n", "\r\n").encode("cp1252"))
    ran = wine.run("cscript", "//nologo", wine.path(script), variables=variables)
    assert ran.exit_code == 0, ran.printed
    return ran.printed.splitlines()


def test_both_modules_answer(wine: Wine, tmp_path: Path) -> None:
    printed = say(wine, tmp_path, "WScript.Echo PingKQIShell(), PingKQIRefresh()")
    assert printed == ["KQIShell KQIRefresh"]


@pytest.mark.parametrize("code", [0, 2])
def test_a_program_is_waited_for_in_the_folder_and_its_exit_code_given(
    code: int, wine: Wine, tmp_path: Path
) -> None:
    folder, asked = tmp_path / "own folder", tmp_path / "asked.txt"
    folder.mkdir()
    program = tmp_path / "Python & Co (x)" / "pythonw.exe"
    wine.install_recorder(program)
    line = f'""{wine.path(program)}"" -m kqi_workbook refresh ""--wb=R&D (final).xlsm""'
    printed = say(
        wine,
        tmp_path,
        f'WScript.Echo RunAndWait("{line}", "{wine.path(folder)}")',
        'WScript.Echo CreateObject("WScript.Shell").CurrentDirectory',
        "WScript.Echo TypeName(Application.StatusBar)",
        KQI_ASKED=wine.path(asked),
        KQI_EXIT=str(code),
    )
    assert printed == [str(code), wine.path(wine.folder), "Boolean"]
    arguments = ["-m", "kqi_workbook", "refresh", "--wb=R&D (final).xlsm"]
    assert read_calls(asked) == [Call(wine.path(program), arguments, wine.path(folder))]


def test_a_program_that_cannot_start_is_an_error_and_the_folder_is_put_back(
    wine: Wine, tmp_path: Path
) -> None:
    printed = say(
        wine,
        tmp_path,
        "On Error Resume Next",
        f'RunAndWait """C:\\gone\\pythonw.exe"" -m x", "{wine.path(tmp_path)}"',
        "WScript.Echo Err.Number",
        'WScript.Echo CreateObject("WScript.Shell").CurrentDirectory',
    )
    failure, folder = printed
    assert failure != "0"
    assert folder == wine.path(wine.folder)


def test_variables_are_expanded_and_unknown_ones_stay(wine: Wine, tmp_path: Path) -> None:
    printed = say(
        wine,
        tmp_path,
        'WScript.Echo Expanded("%KQI_ONE% %KQI_NONE% 50% & 60%")',
        KQI_ONE="a b",
    )
    assert printed == ["a b %KQI_NONE% 50% & 60%"]


def test_files_and_folders(wine: Wine, tmp_path: Path) -> None:
    folder = wine.path(tmp_path / "made")
    message = tmp_path / "message.txt"
    message.write_text("The sheet: ключ", encoding="utf-16")
    path = wine.path(message)
    printed = say(
        wine,
        tmp_path,
        f'MakeFolder "{folder}"',
        f'MakeFolder "{folder}"',
        f'WScript.Echo FileExists("{path}"), FileExists("{folder}")',
        f'text = ReadText("{path}")',
        "WScript.Echo Len(text), Left(text, 10)",
        f'DeleteFile "{path}"',
        f'DeleteFile "{path}"',
        f'WScript.Echo FileExists("{path}"), "[" & ReadText("{path}") & "]"',
    )
    assert (tmp_path / "made").is_dir()
    assert printed == ["-1 0", "15 The sheet:", "0 []"]


def test_python_is_found_on_the_path_of_windows(wine: Wine, tmp_path: Path) -> None:
    program = tmp_path / "Python & Co" / "pyw.exe"
    program.parent.mkdir()
    program.touch()
    printed = say(wine, tmp_path, "WScript.Echo PythonOnPath()", WINEPATH=wine.path(program.parent))
    assert printed == [wine.path(program)]


def test_what_is_quoted_comes_back_from_windows_own_parsing(wine: Wine, tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    program = tmp_path / "pythonw.exe"
    wine.install_recorder(program)
    names = ["KQI Q4 (final) v2.xlsm", "R&D 'q' ^ !x!.xlsm", "two  spaces.xlsm", "-dash.xlsm"]
    lines = [f'CommandFor("{wine.path(program)}", "{name}", "65538")' for name in names]
    runs = [f'RunAndWait {line}, "C:\\windows"' for line in lines]
    say(wine, tmp_path, *runs, KQI_ASKED=wine.path(asked))
    expected = ["-m", "kqi_workbook", "refresh", "--live", "--wb={}", "--from_xl=1", "--hwnd=65538"]
    assert [call.arguments for call in read_calls(asked)] == [
        [argument.format(name) for argument in expected] for name in names
    ]
