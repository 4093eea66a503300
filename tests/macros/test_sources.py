"""The macros as text: what a reviewer and a scanner see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from oletools.olevba import VBA_Parser

from kqi_workbook import layout
from kqi_workbook.live import LOG, MESSAGE
from kqi_workbook.making.button import MACROS, add_button
from tests.macros.desk import small_workbook

MODULES = sorted(MACROS.glob("*.bas"))
DOUBLE = Path(__file__).with_name("KQIShell.bas")
SIGNATURE = re.compile(r"^Public (?:Sub|Function) (\w+)(\(.*)$", re.MULTILINE)


def source(path: Path) -> str:
    return path.read_text(encoding="cp1252")


def signatures(path: Path) -> dict[str, str]:
    return dict(SIGNATURE.findall(source(path)))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_declares_its_variables_and_answers_a_ping(path: Path) -> None:
    assert "\nOption Explicit\n" in source(path)
    assert signatures(path)["Ping"] == "() As String"
    assert f'Ping = "{path.stem}"' in source(path)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "word",
    ["Auto_Open", "Workbook_Open", "Environ", r"Chr\w*\$?\(", "Declare", "ExecuteExcel4", "Kill"],
)
def test_a_module_runs_nothing_by_itself_and_hides_nothing(word: str, path: Path) -> None:
    assert not re.search(rf"\b{word}", source(path), re.IGNORECASE)


def test_only_the_shell_module_makes_objects_of_windows() -> None:
    makers = [path.name for path in MODULES if "CreateObject" in source(path)]
    assert makers == ["KQIShell.bas"]


def test_the_double_has_the_same_procedures_as_the_shell_module() -> None:
    """And one more, by which a test makes a workbook that was never saved."""
    double = signatures(DOUBLE)
    del double["ProblemOfNewBook"]
    assert double == signatures(MACROS / "KQIShell.bas")


def test_every_procedure_that_is_called_is_there() -> None:
    called = set(re.findall(r"KQIShell\.(\w+)", source(MACROS / "KQIRefresh.bas")))
    assert called <= set(signatures(MACROS / "KQIShell.bas"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_block_is_closed(path: Path) -> None:
    """What LibreOffice would forgive and the VBA compiler would not."""
    text = re.sub(r" _\n\s*", " ", source(path))
    code = [line.split(" '")[0].strip() for line in text.splitlines() if line.strip()[:1] != "'"]

    def count(pattern: str) -> int:
        return sum(bool(re.match(pattern, line)) for line in code)

    for kind in ("Sub", "Function"):
        assert count(rf"(Public |Private ){kind}\b") == count(rf"End {kind}$")
    assert count(r"If .* Then$") == count(r"End If$")
    assert count(r"For\b") == count(r"Next \w+$")


def test_the_command_file_is_plain_and_has_windows_line_ends() -> None:
    """With other line ends cmd.exe misses labels; other letters it reads by the machine's page."""
    content = (MACROS / "Refresh KQIs.cmd").read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    labels = set(re.findall(rb"^:(\w+)", content, re.MULTILINE))
    assert set(re.findall(rb"(?:goto|call :)\s*(\w+)", content)) <= labels


def test_the_readme_names_what_a_scanner_lists_and_nothing_runs_by_itself() -> None:
    readme = (MACROS / "README.md").read_text(encoding="utf-8")
    parser = VBA_Parser("KQI.xlsm", data=add_button(small_workbook(), MACROS))
    try:
        kinds = {(kind, keyword) for kind, keyword, _ in parser.analyze_macros()}
    finally:
        parser.close()
    assert not [keyword for kind, keyword in kinds if kind == "AutoExec"]
    scanner = readme.partition("## What a scanner")[2].partition("## The ten-minute")[0]
    missing = [keyword for _, keyword in kinds if keyword not in scanner]
    assert missing == []


def test_the_macros_use_the_names_of_the_contract() -> None:
    text = source(MACROS / "KQIRefresh.bas")
    table, setting = layout.SETTINGS.name, layout.Setting.PYTHON.value
    assert f'SettingValue(KQIShell.TableRange(book, "{table}"), "{setting}")' in text
    for column in layout.SETTINGS.columns[:2]:
        assert f'.Text = "{column.name}"' in text
    assert f'"\\{MESSAGE}"' in text
    assert f'"\\{LOG}"' in text
