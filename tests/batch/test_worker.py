"""What becomes of one workbook, in this very process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from kqi_workbook.batch import Outcome, Result, worker
from kqi_workbook.batch.results import Task
from kqi_workbook.batch.worker import refresh_one
from tests.batch.folders import fill, hangs, needs_pipes
from tests.support.small_file import rename_table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill(tmp_path, 1)[0]


def without(path: Path, *sheets: str) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in sheets:
        del book[sheet]
    book.save(path)


@pytest.mark.parametrize(
    ("lost", "outcome", "words"),
    [
        ((), Outcome.REFRESHED, ""),
        (("Scorecard",), Outcome.FAILED, "Scorecard"),
        (("KQIs",), Outcome.FAILED, "KQIs"),
        (("Scorecard", "KQIs"), Outcome.NOT_OURS, ""),
    ],
)
def test_a_workbook_that_lost_one_of_our_sheets_is_not_taken_for_somebody_elses(
    path: Path, lost: tuple[str, ...], outcome: Outcome, words: str
) -> None:
    if lost:
        without(path, *lost)
    before = path.read_bytes()
    result = refresh_one(Task(path, None, "a test"))
    assert result.outcome is outcome
    assert words in result.reason
    assert (path.read_bytes() == before) is (outcome is not Outcome.REFRESHED)


def test_ours_is_known_whatever_the_case_of_its_tables(path: Path) -> None:
    rename_table(path, "Scorecard", "SCORECARD")
    rename_table(path, "KQIs", "Kqis")
    assert refresh_one(Task(path, None, "a test")).outcome is Outcome.REFRESHED


def test_somebody_elses_workbook_is_neither_locked_nor_written(path: Path) -> None:
    without(path, "Scorecard", "KQIs")
    path.chmod(0o444)
    path.parent.chmod(0o555)
    assert refresh_one(Task(path, None, "a test")).outcome is Outcome.NOT_OURS
    path.parent.chmod(0o755)
    assert list(path.parent.iterdir()) == [path]


def test_a_fault_of_ours_is_told_with_its_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refresh(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(worker, "refresh", refresh)
    result = refresh_one(Task(path, None, "a test"))
    assert result.outcome is Outcome.FAILED
    assert result.reason.startswith(
        "Unexpected ZeroDivisionError: division by zero (test_worker.py"
    )


def test_what_a_library_prints_is_no_answer(path: Path) -> None:
    """A print, in Python or below it, goes elsewhere than the answers."""
    code = (
        "import os; from kqi_workbook.batch import worker;"
        "real = worker.refresh_one;"
        "worker.refresh_one = lambda t: (print('stray'), os.write(1, b'stray'), real(t))[-1];"
        "worker.main()"
    )
    task = pickle.dumps(Task(path, None, "a test"))
    ran = subprocess.run([sys.executable, "-c", code], input=task, capture_output=True, timeout=60)
    answer: Result = pickle.loads(ran.stdout)
    assert answer.outcome is Outcome.REFRESHED
    assert ran.returncode == 0
    assert b"stray" in ran.stderr


@needs_pipes
def test_a_workbook_that_hangs_is_given_up_once_nobody_waits_for_it(path: Path) -> None:
    """The input ends as the batch does; what is at hand has a while to be finished."""
    hangs(path)
    code = "from kqi_workbook.batch import worker; worker.TIME_TO_FINISH = 0.5; worker.main()"
    task = pickle.dumps(Task(path, None, "a test"))
    ran = subprocess.run([sys.executable, "-c", code], input=task, capture_output=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (1, b"")


def test_a_process_that_goes_wrong_dies_with_its_own_words(path: Path) -> None:
    """Though it still listens for what is asked next."""
    code = (
        "from kqi_workbook.batch import worker\n"
        "def refresh_one(task): raise KeyboardInterrupt('enough')\n"
        "worker.refresh_one = refresh_one\n"
        "worker.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdin and process.stderr
        pickle.dump(Task(path, None, "a test"), process.stdin)
        process.stdin.flush()
        assert process.stderr.read().strip().endswith(b"KeyboardInterrupt: enough")
