"""Carrying out a batch: side by side on this machine, or on the machines of a Dask cluster."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from kqi_workbook.batch.apart import Apart, refresh_alone
from kqi_workbook.batch.results import Outcome, Result, Task
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.scorecard.quarters import Quarter

TIME_LIMIT = 600.0  # seconds for one workbook

AtHand = Callable[[Sequence[Path]], None]

_GLANCE = 0.2  # seconds between looks at whether to stop
_CONNECTING = 10.0  # seconds to reach a cluster


def refresh_many(
    paths: Iterable[str | os.PathLike[str]],
    quarter: Quarter | str | None = None,
    *,
    jobs: int | None = None,
    time_limit: float = TIME_LIMIT,
    dask: str | None = None,
    stop: threading.Event | None = None,
    at_hand: AtHand | None = None,
    door: str = "Python",
) -> Generator[Result, None, None]:
    """Refresh many workbooks side by side, and yield what became of each as it is known.

    Each is refreshed in a process apart, so that one which fails, hangs or dies harms no other.
    One that is up to date is left untouched: a batch that was stopped is simply run again.

    ``quarter`` is by default the one in each workbook's Settings tab. ``jobs`` is how many are
    worked on at a time: by default as many as there are processors here, or threads in the
    cluster. A workbook that takes longer than ``time_limit`` seconds is given up. ``dask`` is the
    address of a running Dask cluster whose machines see the same paths. Once ``stop`` is set
    nothing more is begun, and the results end with those at hand. ``at_hand`` is told time and
    again which are. ``door`` is what the Refresh logs say it came from.

    Raises KQIWorkbookError when it cannot begin; what is wrong with a workbook is in its result.
    """
    wanted = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    tasks = [Task(Path(path).absolute(), wanted, door) for path in paths]
    hands = _on_cluster(dask, jobs, time_limit) if dask else _here(jobs, time_limit)
    return _results(tasks, hands, stop or threading.Event(), at_hand or _nobody)


@dataclass(frozen=True)
class _Hands:
    """Who does the tasks, ``number`` of them at a time."""

    start: Callable[[Task], Future[Result]]
    number: int


def _results(
    tasks: Sequence[Task],
    opening: AbstractContextManager[_Hands],
    stop: threading.Event,
    at_hand: AtHand,
) -> Generator[Result, None, None]:
    waiting = deque(tasks)
    doing: dict[Future[Result], Task] = {}
    with opening as hands:
        while True:
            while waiting and len(doing) < hands.number and not stop.is_set():
                task = waiting.popleft()
                doing[hands.start(task)] = task
            if not doing:
                return
            at_hand([task.path for task in doing.values()])
            done, _ = wait(doing, timeout=_GLANCE, return_when=FIRST_COMPLETED)
            for future in done:
                yield _result(future, doing.pop(future))


def _result(future: Future[Result], task: Task) -> Result:
    try:
        return future.result()
    except CancelledError:
        reason = "The Dask cluster went away. The workbook is whole, refreshed or not."
    except Exception as error:  # whatever Dask, or the machine that it chose, makes of it
        reason = f"It could not be worked on: {type(error).__name__}: {error}"
    return Result(task.path, Outcome.CRASHED, reason)


def _nobody(_: Sequence[Path]) -> None:
    """Be told what is at hand, and tell nobody."""


@contextmanager
def _here(jobs: int | None, time_limit: float) -> Iterator[_Hands]:
    """Threads of ours, each with a process apart."""
    number = jobs or os.cpu_count() or 1
    with ExitStack() as stack:
        processes = [stack.enter_context(Apart(time_limit)) for _ in range(number)]
        free: SimpleQueue[Apart] = SimpleQueue()
        for process in processes:
            free.put(process)

        def refresh(task: Task) -> Result:
            process = free.get()
            try:
                return process.refresh(task)
            finally:
                free.put(process)

        threads = ThreadPoolExecutor(number, "kqi batch")
        try:
            yield _Hands(lambda task: threads.submit(refresh, task), number)
        finally:
            for process in processes:
                process.kill()
            threads.shutdown()


@contextmanager
def _on_cluster(address: str, jobs: int | None, time_limit: float) -> Iterator[_Hands]:
    """The threads of a cluster's workers, which start a process apart for each workbook."""
    try:
        from distributed import Client
    except ImportError:
        raise KQIWorkbookError(
            "Dask is not installed here, which a batch over several machines needs. "
            'Install it with: pip install "kqi_workbook[dask]"'
        ) from None
    try:
        client = Client(address, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        raise KQIWorkbookError(
            f"No Dask cluster answers at '{address}' ({error}). "
            "Expected the address of its scheduler, like tcp://server:8786."
        ) from None
    with client:
        number = jobs or sum(client.nthreads().values())
        if not number:
            raise KQIWorkbookError(f"The Dask cluster at '{address}' has no workers. Start some.")
        executor = client.get_executor(pure=False)

        def start(task: Task) -> Future[Result]:
            future: Future[Result]
            try:
                if client.status in ("closing", "closed"):  # what it is given now, it never answers
                    raise CancelledError
                future = executor.submit(refresh_alone, task, time_limit)
            except Exception as error:  # it may close at any time, and each version says it anew
                future = Future()
                future.set_exception(error)
            return future

        yield _Hands(start, number)  # a client that closes takes back what it has asked for
