"""What the READMEs tell people to type is understood, and what a newcomer types first works."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from kqi_workbook import RAG
from kqi_workbook.cli import app
from tests.making.made import EXAMPLE
from tests.support.command_line import kqi

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MACROS = (ROOT / "macros" / "README.md").read_text(encoding="utf-8")

# in backticks, or after whatever starts it in a line of code that is set in
_INLINE = re.compile(r"`kqi ([^`]+)`")
_LINE = re.compile(
    r"^ {4}(?:.*[ /\\])?(?:kqi|kqi\.exe\"|-m kqi_workbook) (.+?)(?: > .*)?$", re.MULTILINE
)
TOLD = sorted(
    {told for form in (_INLINE, _LINE) for text in (README, MACROS) for told in form.findall(text)}
)


def test_the_commands_are_found_in_every_form() -> None:
    assert {
        "demo",
        'new "KQIs 2013-14.xlsm"',
        "refresh --live",
        "batch /srv/kqis --json /var/tmp/kqi.json",
        r'batch "\\server\share\KQIs" --json "C:\KQI\last night.json"',
    } <= set(TOLD)


@pytest.mark.parametrize("told", [line for line in TOLD if not line.startswith("COMMAND")])
def test_a_command_is_told_as_it_is_understood(told: str) -> None:
    typed = re.sub(r"<[^>]*>", "1", told.replace("\\", "/"))  # whatever stands for something
    name, *arguments = shlex.split(typed)
    command = app.get_command(click.Context(app), name)
    assert command is not None
    command.make_context(name, arguments)


def test_what_pip_installs_lies_in_the_project() -> None:
    """No index holds it, and anybody could put a package of its name there."""
    told = re.findall(r'pip install "?([^"\s]+)', README + MACROS)
    assert {*told} == {".", ".[dask]", ".[export]"}


def test_every_command_is_told_in_the_table() -> None:
    table = re.findall(r"^\| `kqi ([\w-]+)", README, re.MULTILINE)
    assert sorted(table) == sorted(app.commands)


@pytest.mark.parametrize(
    ("told", "makes"),
    [
        ("kqi demo", "kqi-demo/Q4 2013-14 scorecard.xlsx"),
        ('kqi new "KQIs 2013-14.xlsm"', "KQIs 2013-14.xlsm"),
        ('kqi next-quarter "Q4 2013-14 scorecard.xlsx"', "Q1 2014-15 scorecard.xlsx"),
    ],
)
def test_what_is_told_works(tmp_path: Path, told: str, makes: str) -> None:
    assert told in README
    shutil.copy(EXAMPLE, tmp_path)
    ran = kqi(*shlex.split(told)[1:], folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / makes).is_file()


def test_the_python_that_is_told_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(EXAMPLE, tmp_path / "KQIs 2013-14.xlsx")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    done = names["done"]
    assert {row.rag for row in done.scorecard.rows} == {RAG.AMBER}  # type: ignore[attr-defined]
