"""Refreshing workbooks in a process apart, which may hang or die without harm to anybody else.

Process pools of the libraries were weighed: the standard one breaks as a whole when one process
dies and cannot stop one that hangs. Pebble's can do both, but like all that start by way of
multiprocessing it runs an analyst's unguarded script once more in each process on Windows, and may
not start within a Dask worker.
"""

from __future__ import annotations

import contextlib
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from kqi_workbook.batch.results import Outcome, Result, Task

# Ctrl-C in the terminal is for the batch alone to answer.
_OUT_OF_REACH: dict[str, Any]
if sys.platform == "win32":
    _OUT_OF_REACH = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    _OUT_OF_REACH = {"start_new_session": True}

# From where the batch itself imports. ``python -m`` would first look into the folder that the batch
# was started in, where on a share anybody can leave a file.
_WORKER = (
    "import sys; sys.path = sys.argv[1:]; from kqi_workbook.batch import worker; worker.main()"
)

_TIME_TO_END = 2.0  # seconds


class Apart:
    """A process that refreshes one workbook after another; a new one takes over if it is gone.

    ``time_limit`` is how many seconds a workbook may take, the start of its process included.
    """

    def __init__(self, time_limit: float) -> None:
        self._time_limit = time_limit
        self._worker: _Worker | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def refresh(self, task: Task) -> Result:
        """Refresh a workbook, and wait for what becomes of it."""
        started = time.monotonic()
        if self._worker is None or not self._worker.alive:
            self._end()
            self._worker = _Worker()
        result, in_time = self._worker.ask(task, self._time_limit)
        if result and in_time:
            return result
        how_it_ended = self._end()
        if result:
            return result
        took = time.monotonic() - started
        if in_time:
            return Result(task.path, Outcome.CRASHED, how_it_ended, (), took)
        reason = f"It took longer than {self._time_limit:g} seconds and was stopped."
        return Result(task.path, Outcome.TIMED_OUT, reason, (), took)

    def kill(self) -> None:
        """From another thread: stop, even in the middle of a workbook, which stays whole."""
        if worker := self._worker:
            worker.kill()

    def _end(self) -> str:
        worker, self._worker = self._worker, None
        return worker.end() if worker else ""


def refresh_alone(task: Task, time_limit: float) -> Result:
    """Refresh one workbook in a process of its own."""
    with Apart(time_limit) as process:
        return process.refresh(task)


class _Worker:
    """The running process, and what it says when it dies."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WORKER, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            **_OUT_OF_REACH,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, task: Task, time_limit: float) -> tuple[Result | None, bool]:
        """The answer, None if the process has died, and whether it was left to live."""
        assert self._process.stdin and self._process.stdout
        in_time = True

        def stop() -> None:
            nonlocal in_time
            in_time = False
            self.kill()

        timer = threading.Timer(time_limit, stop)
        timer.daemon = True
        timer.start()
        result = None
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
            pickle.dump(task, self._process.stdin)
            self._process.stdin.flush()
            result = pickle.load(self._process.stdout)
        timer.cancel()
        return result, in_time

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> str:
        """Let it end, or make it, and tell how it ended: for one that died by itself."""
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(OSError):  # a task that it never read cannot be flushed
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_TIME_TO_END)
        self.kill()
        code = self._process.wait()
        self._errors.seek(0)
        last_words = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        self._errors.close()
        self._process.stdout.close()
        return f"Its process was ended {_words(code)}. {last_words}".rstrip()


def _words(code: int) -> str:
    if code >= 0:
        return f"with exit code {code if code < 2**31 else hex(code)}"
    with contextlib.suppress(ValueError):
        name = signal.Signals(-code).name
        return f"by {name}" + " (short of memory?)" * (name == "SIGKILL")
    return f"by signal {-code}"
