"""Work done in forked processes, which may be killed, or run with fewer rights."""

from __future__ import annotations

import os
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")

NOBODY = 65534


def start(job: Callable[[], object]) -> int:
    """Fork a child that does the job and exits with 0, or with 1 if it raised."""
    with warnings.catch_warnings():
        # of threads in the parent: the test runner's own, idle, and the child uses none of them
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    try:
        job()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Wait for a child: its exit code, or the negative number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def told_by(job: Callable[[], object]) -> str:
    """What the job raises in a child, as "Type: message"; empty if it raises nothing."""
    with tempfile.TemporaryFile() as answer:

        def report() -> None:
            try:
                job()
            except Exception as error:
                answer.write(f"{type(error).__name__}: {error}".encode())
                answer.flush()

        assert ended(start(report)) == 0
        answer.seek(0)
        return answer.read().decode()


def told_without_rights(job: Callable[[], object]) -> str:
    """The same, in a child that is not root."""

    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        job()

    return told_by(as_nobody)


def open_to_all(folder: Path) -> Path:
    """Let everybody through to a folder of the test's, down from the root."""
    for step in (folder, *folder.parents):
        if step.stat().st_uid == os.geteuid() and not step.stat().st_mode & 0o001:
            step.chmod(step.stat().st_mode | 0o011)
    return folder
