"""The button, pressed in a real LibreOffice: what Python is asked, and what a person is told."""

from __future__ import annotations

import random
import shlex
import sys
from pathlib import Path

import pytest

from kqi_workbook.making.button import MACROS, TEMPLATE, add_button
from tests.macros.desk import VARIABLES, Desk, small_workbook
from tests.macros.windows import split_command_line
from tests.support.libreoffice import LibreOffice

BOUND = "vnd.sun.star.script:VBAProject.KQIRefresh.RefreshKQIs?language=Basic&location=document"
OWN_FOLDER = VARIABLES["LOCALAPPDATA"] + r"\kqi_workbook"


def asked_of(name: str) -> list[str]:
    return ["refresh", "--live", f"--wb={name}", "--from_xl=1", "--hwnd=65538"]


def test_every_module_compiles_and_answers(tmp_path: Path, libreoffice: LibreOffice) -> None:
    answers = Desk(tmp_path, libreoffice).do(["call", "KQIRefresh.Ping"], ["call", "KQIShell.Ping"])
    assert answers == ["KQIRefresh", "KQIShell double"]


def test_the_scorecard_has_one_button_bound_to_the_macro(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    (found,) = Desk(tmp_path, libreoffice).do(["controls"])
    assert found == [["Scorecard", "Refresh KQIs", [BOUND]]]


def test_a_press_runs_python_which_changes_cells_while_the_macro_waits(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    desk.install()
    pressed = desk.press("A5", "B5", write="B5")
    assert pressed.told == ""
    assert pressed.asked is not None
    assert pressed.asked["arguments"] == asked_of("KQI.xlsm")
    assert pressed.cells == ["", "Refreshed"]


def test_python_starts_in_the_users_own_folder_and_not_the_workbooks(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    desk.install()
    pressed = desk.press()
    assert pressed.asked is not None
    assert pressed.asked["folder"] == str(desk.on_disk(OWN_FOLDER))


AWKWARD_NAMES = [
    "KQI Q4 2013-14 (final) v2.xlsm",
    "R&D & 'single' quotes.xlsm",
    'a "double" quote.xlsm',
    'backslash and quote\\".xlsm',
    "Ciudad Niño Ünïcode.xlsm",
    "Ключевые показатели 図表 ελ.xlsm",
    "50% done, 60% left; ^caret !bang.xlsm",
    "-dash first.xlsm",
    "two  spaces.xlsm",
]


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_an_awkward_name_is_the_same_at_both_ends(
    name: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, name)
    desk.install()
    pressed = desk.press("B5", write="B5")
    assert pressed.told == ""
    assert pressed.asked is not None
    assert pressed.asked["arguments"] == asked_of(name)
    assert pressed.cells == ["Refreshed"]


@pytest.mark.parametrize(
    "program",
    [
        r"C:\Python\pythonw.exe",
        r"C:\Users\Zoë Ж\Python & Co\pythonw.exe",
        r"\\server\share for all\Python\pythonw.exe",
        r"C:\odd (x86) ^%\pythonw.exe",
    ],
)
def test_python_is_run_from_where_settings_says(
    program: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, settings={"Council": "Fairford", "Python": program})
    desk.install(program)
    pressed = desk.press()
    assert pressed.told == ""
    assert pressed.asked is not None
    assert pressed.asked["program"] == str(desk.on_disk(program))


@pytest.mark.parametrize(
    "setting",
    ['"C:\\Python\\pythonw.exe"', r" %LOCALAPPDATA%\Python\pythonw.exe "],
    ids=["in quotes, as Explorer copies a path", "with a variable, for all who share the workbook"],
)
def test_a_setting_is_understood_as_people_write_it(
    setting: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, settings={"Python": setting})
    desk.install(r"C:\Python\pythonw.exe")
    desk.install(VARIABLES["LOCALAPPDATA"] + r"\Python\pythonw.exe")
    assert desk.press().asked is not None


def test_the_users_own_variable_goes_before_the_shared_setting(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    mine = r"C:\Mine\pythonw.exe"
    desk = Desk(
        tmp_path,
        libreoffice,
        settings={"Python": r"\\server\share\pythonw.exe"},
        variables={"KQI_PYTHON": mine},
    )
    desk.install(mine)
    desk.install(r"\\server\share\pythonw.exe")
    pressed = desk.press()
    assert pressed.asked is not None
    assert pressed.asked["program"] == str(desk.on_disk(mine))


@pytest.mark.parametrize(
    ("path", "there", "found"),
    [
        (r"C:\A;C:\B", r"C:\B\pythonw.exe", r"C:\B\pythonw.exe"),
        (r'"C:\A b\";C:\B', r"C:\A b\pyw.exe", r"C:\A b\pyw.exe"),
        (r"\\server\share", r"\\server\share\pyw.exe", r"\\server\share\pyw.exe"),
        (r"C:\A;C:\B", r"C:\B\python.exe", ""),
        (";;", r"C:\B\pyw.exe", ""),
    ],
    ids=["pythonw", "quoted, with a backslash", "a share", "console only", "blank entries"],
)
def test_python_is_looked_for_on_path(
    path: str, there: str, found: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, variables={"PATH": path})
    desk.install(there)
    assert desk.do(["call", "KQIRefresh.PythonOnPath"]) == [found]


def test_a_relative_entry_of_path_is_never_used(tmp_path: Path, libreoffice: LibreOffice) -> None:
    desk = Desk(tmp_path, libreoffice, variables={"PATH": "relative;."})
    (tmp_path / "relative").mkdir()
    (tmp_path / "relative" / "pyw.exe").touch()
    assert desk.do(["call", "KQIRefresh.PythonOnPath"]) == [""]


def test_the_launcher_goes_before_a_python_that_path_names_first(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, variables={"PATH": r"C:\A;C:\B"})
    desk.install(r"C:\A\pythonw.exe")
    desk.install(r"C:\B\pyw.exe")
    assert desk.do(["call", "KQIRefresh.PythonOnPath"]) == [r"C:\B\pyw.exe"]


def test_without_python_it_says_what_to_do(tmp_path: Path, libreoffice: LibreOffice) -> None:
    pressed = Desk(tmp_path, libreoffice).press()
    assert pressed.asked is None
    assert "Python was not found on this computer" in pressed.told
    assert "Settings tab" in pressed.told


@pytest.mark.parametrize("wrong", [r"C:\Gone\pythonw.exe", "pythonw.exe", "KQI.xlsm"])
def test_a_wrong_setting_is_named(wrong: str, tmp_path: Path, libreoffice: LibreOffice) -> None:
    desk = Desk(tmp_path, libreoffice, settings={"Python": wrong})
    desk.install()
    pressed = desk.press()
    assert pressed.asked is None
    assert f"Python is not at '{wrong}', where the Python row of the Settings tab" in pressed.told


@pytest.mark.parametrize("name", ["KQI Q=4.xlsm", " leading space.xlsm"])
def test_a_name_that_xlwings_would_cut_is_refused(
    name: str, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, name)
    desk.install()
    pressed = desk.press()
    assert pressed.asked is None
    assert f"The workbook's name '{name}'" in pressed.told
    assert "Save it under another name" in pressed.told


def test_a_name_that_windows_would_expand_is_refused(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice, "KQI %PATH%.xlsm")
    desk.install()
    pressed = desk.press()
    assert pressed.asked is None
    assert "percent signs" in pressed.told
    assert "KQI %PATH%.xlsm" in pressed.told


def test_a_workbook_that_was_never_saved_is_refused(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    (told,) = Desk(tmp_path, libreoffice).do(["call", "KQIShell.ProblemOfNewBook"])
    assert "has never been saved" in told


def test_a_rule_against_child_processes_is_explained_with_the_other_door(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    desk.install()
    desk.forbid_programs()
    told = desk.press().told
    assert told.startswith("Windows did not let Excel start Python (Permission denied")
    assert "Nothing was changed" in told
    assert "'Refresh KQIs.cmd'" in told


def test_a_failure_shows_pythons_own_words_and_the_log(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    desk.install()
    words = "The sheet 'Scorecard' is protected. Unprotect it (Review), then refresh: ключ."
    told = desk.press(message=words, exit_code=2).told
    assert told.startswith(words)
    assert told.endswith("The log: " + OWN_FOLDER + r"\refresh.log")


def test_the_package_itself_says_why_it_could_not_refresh(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    """Here for want of Excel: its words go to message.txt and into the box, all to refresh.log."""
    desk = Desk(tmp_path, libreoffice)
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    program.chmod(0o755)
    desk.install(python=program)
    desk.use_package(MACROS.parent)
    told = desk.press().told
    log = desk.on_disk(OWN_FOLDER + r"\refresh.log").read_text(encoding="utf-8")
    words = told.partition("\n")[0]
    assert "exit code" not in told
    assert "kqi refresh" in words
    assert words in log


def test_a_failure_without_words_shows_the_exit_code_and_no_old_message(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    desk.install()
    desk.press(message="An older trouble.", exit_code=2)
    told = desk.press(exit_code=1).told
    assert "An older trouble." not in told
    assert "The refresh stopped (exit code 1)" in told
    assert r"\refresh.log" in told


def test_any_argument_survives_quoting(tmp_path: Path, libreoffice: LibreOffice) -> None:
    letters = random.Random(1)
    arguments = ["", '"', "\\", '\\"', "ends in a backslash\\", 'a "quoted" word'] + [
        "".join(letters.choices('ab "\\\\\\&%=^é図', k=letters.randint(1, 12))) for _ in range(300)
    ]
    quoted = Desk(tmp_path, libreoffice).do(
        *(["call", "KQIRefresh.Quoted", argument] for argument in arguments)
    )
    assert [split_command_line(f"python {text} next") for text in quoted] == [
        ["python", argument, "next"] for argument in arguments
    ]


# Microsoft's own examples, from "Parsing C command-line arguments".
@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        (r'p "a b c" d e', ["a b c", "d", "e"]),
        (r'p "ab\"c" "\\" d', ['ab"c', "\\", "d"]),
        (r'p a\\\b d"e f"g h', [r"a\\\b", "de fg", "h"]),
        (r"p a\\\"b c d", [r"a\"b", "c", "d"]),
        (r'p a\\\\"b c" d e', [r"a\\b c", "d", "e"]),
        (r'p a"b"" c d', ['ab" c d']),
        (r'"p\" "" x', ["", "x"]),
    ],
)
def test_the_reference_parser_follows_microsofts_examples(line: str, arguments: list[str]) -> None:
    assert split_command_line(line)[1:] == arguments


def test_the_shipped_macros_compile_and_the_template_has_its_button(
    tmp_path: Path, libreoffice: LibreOffice
) -> None:
    desk = Desk(tmp_path, libreoffice)
    template = TEMPLATE.read_bytes() if TEMPLATE.exists() else small_workbook()
    desk.workbook.write_bytes(add_button(template, MACROS))
    assert desk.do(["controls"], ["call", "KQIRefresh.Ping"], ["call", "KQIShell.Ping"]) == [
        [["Scorecard", "Refresh KQIs", [BOUND]]],
        "KQIRefresh",
        "KQIShell",
    ]
