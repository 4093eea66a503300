"""Killed at every step of a save: the old workbook or the new one stands, and litter goes.

Children are killed outright, before each line of the code that saves and halfway through what it
writes; nothing can tidy up after itself.
"""

from __future__ import annotations

import collections
import functools
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import kqi_workbook.books.share as share
from kqi_workbook.books.share import LOCAL, local
from tests.share.children import ended, needs_fork, start
from tests.share.making import (
    KEPT,
    NEW,
    NEXT,
    OLD,
    Stepped,
    backups,
    litter,
    refresh,
    refreshed_before,
)

pytestmark = needs_fork

SHARE_CODE = os.path.dirname(share.__file__)
MOMENTS = ("before", "halfway", "after")


def killed_at_line(number: int, job: Callable[[], None]) -> Callable[[], None]:
    """The job, killed before the numbered line of the sharing code that it would run."""
    left = number

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if event == "line":
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
        return trace

    def ours_only(frame: FrameType, event: str, argument: Any) -> Any:
        return trace if frame.f_code.co_filename.startswith(SHARE_CODE) else None

    def run() -> None:
        sys.settrace(ours_only)
        job()

    return run


def survives(path: Path) -> bytes:
    """What stands after a kill, once it is whole, and a next run has left everything tidy."""
    standing = path.read_bytes()
    assert standing in (OLD, NEW)
    assert len(backups(path.parent)) <= KEPT + 2
    refresh(path, NEXT)
    assert path.read_bytes() == NEXT
    assert litter(path.parent) == set()
    assert 1 <= len(backups(path.parent)) <= KEPT
    return standing


@pytest.mark.parametrize("before", [0, KEPT])
def test_killed_before_every_line_of_a_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(local, "PIECE", 700)  # so that files are written in several pieces
    standing: collections.Counter[bytes] = collections.Counter()
    for line in range(5000):
        path = refreshed_before(tmp_path / str(line), before)
        code = ended(start(killed_at_line(line, functools.partial(refresh, path))))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        standing[survives(path)] += 1
    assert path.read_bytes() == NEW
    assert standing.total() >= 200
    assert standing[OLD] > standing[NEW] > 0


def test_killed_around_every_file_operation(tmp_path: Path) -> None:
    counted = Stepped(LOCAL, lambda *_: None)
    refresh(refreshed_before(tmp_path / "counted", KEPT), files=counted.ops)
    standing: dict[str, collections.Counter[bytes]] = collections.defaultdict(collections.Counter)
    for operation, moment in itertools.product(range(counted.count), MOMENTS):

        def strike(number: int, name: str, when: str, at: Any = (operation, moment)) -> None:
            if (number, when) == at:
                os.kill(os.getpid(), signal.SIGKILL)

        path = refreshed_before(tmp_path / f"{operation} {moment}", KEPT)
        job = functools.partial(refresh, path, files=Stepped(LOCAL, strike).ops)
        if ended(start(job)) == -signal.SIGKILL:  # not all operations have a half or an end
            standing[moment][survives(path)] += 1
    assert standing["before"].total() == counted.count
    assert standing["halfway"] == {OLD: 2}
    assert all(standing[moment][NEW] > 0 for moment in ("before", "after"))
