from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from kqi_workbook import cli
from kqi_workbook.books.share import here, refreshing
from tests.support.command_line import kqi
from tests.support.memory_book import Line, MemoryBook
from tests.support.small_council import council
from tests.support.small_file import save_as_xlsx

TOO_LONG = "x" * 300 + ".xlsx"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return save_as_xlsx(council(), tmp_path / "KQIs of a council.xlsx")


def council_called(name: str) -> MemoryBook:
    quarter: Line = {"Setting": "Quarter", "Value": "Q4 2013-14"}
    return council(Settings=[{"Setting": "Council", "Value": name}, quarter])


def test_refresh_prints_the_scorecard_the_findings_and_what_changed(workbook: Path) -> None:
    ran = kqi("refresh", workbook)
    assert ran.returncode == 0, ran.stderr
    assert "Exampleshire, Quarter 4, January to March 2014" in ran.stdout
    assert "A Amber" in ran.stdout and "→ Steady" in ran.stdout
    assert "Ready to share: nothing to put right." in ran.stdout
    assert "Changed: KQI 1 new; KQI 2 new" in ran.stdout


def test_json_is_the_same_as_data(workbook: Path) -> None:
    data = json.loads(kqi("refresh", workbook, "--json").stdout)
    assert (data["quarter"], data["quarter_is_over"]) == ("Q4 2013-14", True)
    assert [row["rag"] for row in data["scorecard"]] == ["Amber", "Amber"]
    assert data["findings"] == [] and data["ready_to_share"] is True


def test_json_is_whole_in_an_old_code_page(tmp_path: Path) -> None:
    """As a pipe of Windows has it."""
    workbook = save_as_xlsx(council_called("Łódź ≥ Жé"), tmp_path / "KQIs.xlsx")
    ran = kqi("check", workbook, "--json", environment={"PYTHONIOENCODING": "cp1252"})
    assert json.loads(ran.stdout)["council"] == "Łódź ≥ Жé"


def test_json_holds_the_notes_that_are_printed(workbook: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = {"who": "al", "machine": here().machine, "process": ended.pid}
    lock = workbook.with_name(f"{workbook.name}.kqi-lock")
    lock.write_text(json.dumps({**left, "when": "2014-04-02T17:05:00"}), encoding="utf-8")
    (note,) = json.loads(kqi("refresh", workbook, "--json").stdout)["notes"]
    assert note.startswith("Took over from a refresh that never ended: al on")


def test_a_councils_name_is_printed_as_it_stands(tmp_path: Path) -> None:
    ran = kqi("refresh", save_as_xlsx(council_called("Fairford [/x]"), tmp_path / "KQIs.xlsx"))
    assert ran.returncode == 0, ran.stderr
    assert "Fairford [/x], Quarter 4" in ran.stdout


def test_a_workbooks_name_is_shown_as_it_stands_while_it_is_refreshed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(cli, "err", Console(file=screen, force_terminal=True))
    with cli._busy("Refreshing KQIs [draft].xlsx"):
        pass
    assert "Refreshing KQIs [draft].xlsx" in screen.getvalue()


def test_doctor_tells_every_path_whole() -> None:
    ran = kqi("doctor", environment={"COLUMNS": "60"})
    assert "…" not in ran.stdout
    assert "Python" in ran.stdout


def test_check_exits_0_when_ready_and_1_when_not(tmp_path: Path, workbook: Path) -> None:
    assert kqi("check", workbook).returncode == 0
    lacking = save_as_xlsx(council(Commentary=[]), tmp_path / "lacking.xlsx")
    ran = kqi("check", lacking)
    assert ran.returncode == 1
    assert "Error: KQI 1 has no commentary for Q4 2013-14." in ran.stdout
    assert "Not ready to share: 2 errors." in ran.stdout


def test_the_quarter_can_be_named(workbook: Path) -> None:
    ran = kqi("check", workbook, "--quarter", "Q3 2013-14", "--json")
    assert json.loads(ran.stdout)["quarter"] == "Q3 2013-14"


def test_a_dry_run_writes_nothing(workbook: Path) -> None:
    before = workbook.read_bytes()
    assert "Would change: KQI 1 new" in kqi("refresh", workbook, "--dry-run").stdout
    assert workbook.read_bytes() == before


def test_unlock_removes_what_a_dead_run_left_and_says_whose_it_was(workbook: Path) -> None:
    lock = workbook.with_name(f"{workbook.name}.kqi-lock")
    left = {"who": "al", "machine": "PC-9", "process": 9, "when": "2014-04-02T17:05:00"}
    lock.write_text(json.dumps(left), encoding="utf-8")
    whose = "al on PC-9 since 2 April 2014, 17:05 (process 9)"
    assert kqi("unlock", workbook).stdout.strip() == f"Removed the lock of {whose}."
    assert not lock.exists()
    assert "There is no refresh lock" in kqi("unlock", workbook).stdout


def test_unlock_leaves_a_living_run_its_lock(workbook: Path) -> None:
    with refreshing(workbook):
        ran = kqi("unlock", workbook)
        assert ran.returncode == 2
        assert "still alive" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["refresh", "missing.xlsx"], "missing.xlsx"),
        (["check", "missing.xlsx"], "missing.xlsx"),
        (["refresh", "text.xlsx"], "not an Excel workbook"),
        (["new", "text.xlsx"], "is there already"),
        (["check", "text.xlsx", "--quarter", "Q5"], "is not a quarter"),
        (["unlock", "missing.xlsx"], "no refresh lock"),
        (["doctor", "nowhere.xlsx"], "There is no workbook 'nowhere.xlsx' to look at."),
        (["doctor", TOO_LONG], "its name or path is too long"),
        (["batch", TOO_LONG], "its name or path is too long"),
    ],
)
def test_a_failure_is_one_sentence_and_exit_code_2(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "text.xlsx").write_text("no workbook", encoding="utf-8")
    ran = kqi(*arguments, folder=tmp_path)
    assert ran.returncode == 2
    assert words in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ran.stderr and not ran.stdout


def test_a_workbook_that_no_excel_has_open_is_exit_code_3(tmp_path: Path) -> None:
    """By which Refresh KQIs.cmd tells it from a refresh that Excel refused."""
    ran = kqi("refresh", "--live", f"{tmp_path.name}.xlsx")
    assert ran.returncode == 3
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "kqi refresh FILE" in ran.stderr or "is not open in Excel" in ran.stderr


def test_an_unknown_command_exits_2() -> None:
    assert kqi("refrsh").returncode == 2


def test_help_needs_no_pandas() -> None:
    code = (
        "import sys; sys.modules['pandas'] = None; sys.argv = ['kqi', '--help'];"
        "from kqi_workbook.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "refresh" in ran.stdout
