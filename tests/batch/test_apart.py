"""A process apart, as it lives, hangs and dies."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from kqi_workbook.batch import Outcome
from kqi_workbook.batch.apart import Apart
from kqi_workbook.batch.results import Task
from tests.batch.folders import fill, hangs, kills, needs_pipes


@needs_pipes
def test_after_a_death_and_a_hang_a_new_process_takes_over(tmp_path: Path) -> None:
    sound, killing, hanging, last = fill(tmp_path, 4)
    hangs(hanging)
    with Apart(time_limit=15) as process, kills(killing):
        results = [process.refresh(Task(p, None, "")) for p in (sound, killing, hanging, last)]
    assert [result.outcome for result in results] == [
        Outcome.REFRESHED,
        Outcome.CRASHED,
        Outcome.TIMED_OUT,
        Outcome.REFRESHED,
    ]
    assert results[1].reason == "Its process was ended by SIGKILL (short of memory?)."
    assert results[2].reason == "It took longer than 15 seconds and was stopped."
    assert results[2].seconds > 14


def test_a_process_that_died_idle_is_no_fault_of_the_next_workbook(tmp_path: Path) -> None:
    first, second = fill(tmp_path, 2)
    with Apart(time_limit=60) as process:
        process.refresh(Task(first, None, ""))
        process.kill()
        time.sleep(1)  # until the system has buried it
        assert process.refresh(Task(second, None, "")).outcome is Outcome.REFRESHED


def test_a_process_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kqi_workbook.py").write_text("raise ImportError('a broken installation')")
    monkeypatch.syspath_prepend(tmp_path)
    with Apart(time_limit=60) as process:
        result = process.refresh(Task(tmp_path / "KQIs.xlsx", None, ""))
    assert result.outcome is Outcome.CRASHED
    assert result.reason == (
        "Its process was ended with exit code 1. ImportError: a broken installation"
    )


def test_nothing_is_imported_from_the_folder_that_a_batch_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the share, where anybody can leave a file."""
    (path,) = fill(tmp_path, 1)
    (tmp_path / "numpy.py").write_text("raise ImportError('left there by somebody')")
    monkeypatch.chdir(tmp_path)
    with Apart(time_limit=60) as process:
        assert process.refresh(Task(path, None, "")).outcome is Outcome.REFRESHED


def test_an_analysts_script_needs_no_guard(tmp_path: Path) -> None:
    """Nothing of the script that asks for a batch is run a second time."""
    fill(tmp_path, 2)
    script = tmp_path / "nightly.py"
    script.write_text(
        "import kqi_workbook\n"
        "print('once')\n"
        "found = kqi_workbook.find_workbooks('.')\n"
        "for result in kqi_workbook.refresh_many(found.workbooks, jobs=2):\n"
        "    print(result.outcome.value)\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert ran.stdout.split() == ["once", "Refreshed", "Refreshed"], ran.stderr
