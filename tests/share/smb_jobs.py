"""What other processes do to a share in the tests.

They come from a server of clean processes and are not forked from the tests themselves: the SMB
client runs threads, and a fork takes along whatever lock they hold at that moment.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from kqi_workbook.books.share import refreshing
from tests.share.making import KEPT, Stepped, accept, refresh, workbook, writing
from tests.share.smb import SmbFiles

COUNTS = {workbook(str(number)): number for number in range(20)}
LONGEST = 120  # seconds


def begin(job: Callable[..., None], *given: Any) -> Any:
    """Start a process that does the job."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=job, args=given)
    process.start()
    return process


def ended(process: Any) -> int:
    """Wait for a process: its exit code, or the negative number of the signal that killed it."""
    process.join(LONGEST)
    if process.exitcode is None:
        process.kill()
        raise AssertionError("the process hangs")
    return int(process.exitcode)


def refresh_and_be_killed(files: SmbFiles, path: PurePath, at: tuple[int, str]) -> None:
    """Refresh the workbook, and be killed at the numbered operation."""

    def strike(number: int, name: str, when: str) -> None:
        if (number, when) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    refresh(path, files=Stepped(files, strike).ops)


def count_on(files: SmbFiles, path: PurePath) -> None:
    """Wait for a turn, and write the number that follows the workbook's."""
    with refreshing(path, wait=LONGEST, files=files) as turn:
        content = workbook(str(COUNTS[turn.content] + 1))
        turn.save(writing(content), accept, keep_backups=KEPT)
