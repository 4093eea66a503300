"""Batches of real workbooks, in real processes."""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from kqi_workbook import KQIWorkbookError, Outcome, Result, find_workbooks, refresh_many
from kqi_workbook.books.share import refreshing
from tests.batch.folders import BROKEN, fill, hangs, kills, needs_pipes
from tests.support.processes import children, ends


def results(folder: Path, **options: object) -> dict[str, Result]:
    paths = find_workbooks(folder).workbooks
    return {r.path.name: r for r in refresh_many(paths, **options)}  # type: ignore[arg-type]


def running() -> int:
    """How many threads of a batch are alive in this process; each has a process apart."""
    return sum(thread.name.startswith("kqi batch") for thread in threading.enumerate())


@needs_pipes
def test_of_200_workbooks_the_sick_12_are_named_and_the_others_refreshed(tmp_path: Path) -> None:
    paths = fill(tmp_path, 200)
    reasons = {}
    for number, (breaks, words) in enumerate(BROKEN):
        path = paths[7 + 19 * number]
        breaks(path)
        reasons[path.name] = (Outcome.FAILED, words)
    hanging, killing = paths[50], paths[100]
    hangs(hanging)
    reasons[hanging.name] = (Outcome.TIMED_OUT, "longer than 15 seconds")
    reasons[killing.name] = (Outcome.CRASHED, "ended by SIGKILL")
    with kills(killing):
        found = results(tmp_path, jobs=2, time_limit=15)
    assert len(found) == 200
    for name, (outcome, words) in reasons.items():
        assert found[name].outcome is outcome, name
        assert words in found[name].reason
        assert "\n" not in found[name].reason
    sound = [result for name, result in found.items() if name not in reasons]
    assert len(sound) == 188
    assert {result.outcome for result in sound} == {Outcome.REFRESHED}
    assert all("KQI 2 new" in result.changes for result in sound)


def test_run_again_what_is_up_to_date_is_left_untouched(tmp_path: Path) -> None:
    paths = fill(tmp_path, 3)
    results(tmp_path, jobs=1)
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths]
    again = results(tmp_path, jobs=1)
    assert {result.outcome for result in again.values()} == {Outcome.UNCHANGED}
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths] == before


def test_a_workbook_that_somebody_refreshes_is_in_use(tmp_path: Path) -> None:
    busy, _ = fill(tmp_path, 2)
    with refreshing(busy):
        found = results(tmp_path, jobs=2)
    assert found[busy.name].outcome is Outcome.IN_USE
    assert "is being refreshed by" in found[busy.name].reason
    assert [r.outcome for r in found.values() if r.path != busy] == [Outcome.REFRESHED]


def test_the_quarter_and_the_door_reach_the_workbooks(tmp_path: Path) -> None:
    (path,) = fill(tmp_path, 1)
    results(tmp_path, quarter="Q3 2013-14", door="a notebook")
    log = CalamineWorkbook.from_path(path).get_sheet_by_name("Refresh log").to_python()
    assert {"Q3 2013-14", "a notebook"} <= set(log[-1])


def test_a_wrong_quarter_stops_the_batch_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(KQIWorkbookError, match="is not a quarter"):
        refresh_many(fill(tmp_path, 1), "Q5")


@needs_pipes
def test_results_come_as_they_are_known(tmp_path: Path) -> None:
    first, *others = fill(tmp_path, 4)
    hangs(first)
    coming = refresh_many([first, *others], jobs=2, time_limit=60)
    assert {next(coming).path for _ in others} == set(others)
    coming.close()


@needs_pipes
def test_closing_the_results_stops_what_is_at_hand_at_once(tmp_path: Path) -> None:
    first, *others = fill(tmp_path, 4)
    hangs(first)
    coming = refresh_many([first, *others], jobs=2, time_limit=600)
    next(coming)
    assert running()
    started = time.monotonic()
    coming.close()
    assert time.monotonic() - started < 60
    assert not running()


def test_once_asked_to_stop_it_finishes_what_is_at_hand(tmp_path: Path) -> None:
    paths = fill(tmp_path, 12)
    stop = threading.Event()
    done = []
    for result in refresh_many(paths, jobs=2, stop=stop):
        done.append(result)
        stop.set()
    assert 1 <= len(done) <= 3
    assert {result.outcome for result in done} == {Outcome.REFRESHED}
    again = collections.Counter(result.outcome for result in refresh_many(paths, jobs=2))
    assert again == {Outcome.UNCHANGED: len(done), Outcome.REFRESHED: 12 - len(done)}


def test_it_tells_what_is_at_hand(tmp_path: Path) -> None:
    paths = fill(tmp_path, 3)
    told: list[tuple[Path, ...]] = []
    list(refresh_many(paths, jobs=2, at_hand=lambda at_hand: told.append(tuple(at_hand))))
    assert told[0] == tuple(paths[:2])
    assert set().union(*told) == set(paths)
    assert max(map(len, told)) == 2


def test_nothing_to_do_is_done(tmp_path: Path) -> None:
    assert list(refresh_many([])) == []


@needs_pipes
def test_a_batch_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    """Neither one that waits for its next workbook, nor one that hangs."""
    hanging, sound = fill(tmp_path, 2)
    hangs(hanging)
    script = (
        "import sys, kqi_workbook\n"
        "for result in kqi_workbook.refresh_many(sys.argv[1:], jobs=2):\n"
        "    print(result.path.name, flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(hanging), str(sound)]
    workers: list[int] = []
    try:
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as batch:
            try:
                assert batch.stdout
                assert batch.stdout.readline().strip() == sound.name
                workers = children(batch.pid)
            finally:
                batch.kill()
        assert [ends(worker, within=60) for worker in workers] == [True, True]
    finally:
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
    assert [result.outcome for result in refresh_many([sound])] == [Outcome.UNCHANGED]
