"""``kqi batch`` as a person or the Task Scheduler runs it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from kqi_workbook.batch import Outcome, refresh_many
from tests.batch.folders import fill, hangs, needs_pipes
from tests.support.command_line import ENVIRONMENT, command, kqi


def batch(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return kqi("batch", *arguments)


@contextlib.contextmanager
def batch_in_a_terminal(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Start a batch as a shell does, in a process group that gets its Ctrl-C."""
    running = subprocess.Popen(
        command("batch", *arguments),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=ENVIRONMENT,
        start_new_session=True,
    )
    with running:
        try:
            yield running
        finally:
            running.kill()


def another_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Rota").add_table("A1:B3", {"name": "Rota"})


def test_a_line_a_workbook_and_a_summary(tmp_path: Path) -> None:
    *_, broken = fill(tmp_path, 3)
    broken.write_text("no workbook", encoding="utf-8")
    another_workbook(tmp_path / "Rota.xlsx")
    ran = batch(tmp_path, "--jobs", "1")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(f"Refreshed  {tmp_path}/area 0/KQIs 000.xlsx: KQI 1 new; KQI 2 new")
    assert lines[2].startswith(f"Failed     {broken}: KQIs 002.xlsx is not an Excel workbook")
    assert lines[3].startswith("2 refreshed; 1 failed; 1 other workbook skipped; ")
    assert len(lines) == 4
    assert (ran.returncode, ran.stderr) == (1, "")


def test_the_report_says_the_same_as_data(tmp_path: Path) -> None:
    sound, broken = fill(tmp_path, 2)
    broken.write_text("no workbook", encoding="utf-8")
    another_workbook(tmp_path / "Rota.xlsx")
    report = tmp_path / "report.json"
    assert batch(tmp_path, "--quarter", "Q4 2013-14", "--json", report).returncode == 1
    data = json.loads(report.read_text(encoding="utf-8"))
    assert data["quarter"] == "Q4 2013-14"
    assert data["all_well"] is False
    assert data["counts"] == {"Refreshed": 1, "Not a KQI workbook": 1, "Failed": 1}
    assert (data["not_done"], data["folders_not_read"]) == ([], [])
    of = {workbook["path"]: workbook for workbook in data["workbooks"]}
    assert of[str(sound)]["outcome"] == "Refreshed"
    assert "KQI 1 new" in of[str(sound)]["changes"]
    assert of[str(broken)]["outcome"] == "Failed"
    assert "not an Excel workbook" in of[str(broken)]["reason"]
    assert of[str(sound)]["seconds"] > 0


def test_all_well_is_exit_code_0_also_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    another_workbook(tmp_path / "Rota.xlsx")
    assert batch(tmp_path).returncode == 0
    again = batch(tmp_path)
    assert again.returncode == 0
    assert again.stdout.count("Unchanged  ") == 2
    assert "2 unchanged; 1 other workbook skipped; " in again.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "no file or folder"),
        ([".", "--quarter", "Q5"], "is not a quarter"),
        ([".", "--json", "nowhere/report.json"], "The folder for the report"),
        ([".", "--json", "area 0/KQIs 000.xlsx"], "has to end in .json"),
        ([".", "--jobs", "0"], "--jobs"),
    ],
)
def test_what_cannot_start_is_said_with_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (path,) = fill(tmp_path, 1)
    before = path.read_bytes()
    ran = batch(*arguments)
    assert ran.returncode == 2
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert path.read_bytes() == before


def test_without_dask_it_says_what_to_install(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    code = (
        "import sys; sys.modules['distributed'] = None;"
        f"sys.argv = ['kqi', 'batch', {str(tmp_path)!r}, '--dask', 'tcp://127.0.0.1:1'];"
        "from kqi_workbook.cli import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, timeout=60
    )
    assert ran.returncode == 2
    assert "Dask is not installed here" in ran.stderr
    assert 'pip install "kqi_workbook[dask]"' in ran.stderr


def test_a_log_in_an_old_code_page_does_not_stop_it(tmp_path: Path) -> None:
    (path,) = fill(tmp_path, 1)
    path.rename(path.with_name("Łódź №1.xlsx"))
    ran = kqi("batch", tmp_path, environment={"PYTHONIOENCODING": "cp1252"})
    assert ran.returncode == 0, ran.stderr
    assert "1 refreshed" in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as POSIX does")
def test_interrupted_it_ends_what_is_at_hand_and_run_again_it_does_the_rest(tmp_path: Path) -> None:
    fill(tmp_path, 24)
    report = tmp_path / "report.json"
    with batch_in_a_terminal(tmp_path, "--jobs", "2", "--json", report) as running:
        assert running.stdout
        begun = [running.stdout.readline() for _ in range(8)]
        os.killpg(running.pid, signal.SIGINT)
        lines = [*begun, *running.stdout.read().splitlines()]
        assert running.wait() == 1
    done = [line for line in lines if line.startswith("Refreshed ")]
    not_done = [line for line in lines if line.startswith("Not done ")]
    assert len(done) >= 8 and len(not_done) >= 8
    assert len(done) + len(not_done) == 24
    assert f"{len(not_done)} not done: run it again to go on" in lines[-1]
    assert len(json.loads(report.read_text(encoding="utf-8"))["not_done"]) == len(not_done)
    assert all(zipfile.ZipFile(path).testzip() is None for path in tmp_path.rglob("*.xlsx"))

    again = batch(tmp_path)
    assert again.returncode == 0
    assert again.stdout.count("Unchanged  ") == len(done)
    assert again.stdout.count("Refreshed  ") == len(not_done)
    assert [path for path in tmp_path.rglob("*") if "kqi-" in path.name] == []


@needs_pipes
def test_interrupted_twice_it_stops_at_once(tmp_path: Path) -> None:
    hanging, sound = fill(tmp_path, 2)
    hangs(hanging)
    with batch_in_a_terminal(tmp_path, "--jobs", "2") as running:
        assert running.stdout
        assert running.stdout.readline().startswith("Refreshed ")
        os.killpg(running.pid, signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
        os.killpg(running.pid, signal.SIGINT)
        rest = running.stdout.read()
        assert running.wait() == 1
    assert rest.startswith(f"Not done   {hanging}\n1 refreshed; 1 not done: run it again to go on")
    assert [result.outcome for result in refresh_many([sound])] == [Outcome.UNCHANGED]
