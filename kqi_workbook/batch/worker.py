"""The process that a batch's workbooks are refreshed in: tasks on its input, results on its output.

Started by `apart`; it ends when its input does, which a system closes for a batch that is killed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
import threading
import time
import traceback
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from kqi_workbook import layout
from kqi_workbook.batch.results import Outcome, Result, Task
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.share import look
from kqi_workbook.errors import InUse, KQIWorkbookError
from kqi_workbook.files import refresh

# One of them is enough: where staff have lost the other, they are told rather than passed over.
_OUR_TABLES = (layout.SCORECARD.name, layout.KQIS.name)

TIME_TO_FINISH = 10.0  # seconds for the workbook at hand, once nobody waits for it


def main() -> None:
    """Answer each task with its result until there are no more."""
    asked = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whoever reads from or prints to the terminal must not meet with tasks and answers; and on
    # Windows a library that only looks at its input, as it is loaded, would wait for a task.
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked, tasks), daemon=True).start()
    while task := tasks.get():
        pickle.dump(refresh_one(task), answers)
        answers.flush()


def _listen(asked: BinaryIO, tasks: SimpleQueue[Task | None]) -> None:
    """Hand on what is asked until nobody asks any more: the batch is through, or was killed.

    Then a workbook that hangs must not keep this process for ever, as nobody else would end it.
    """
    with contextlib.suppress(Exception):  # however the input ends, nothing more is to come
        while True:
            tasks.put(pickle.load(asked))
    tasks.put(None)
    time.sleep(TIME_TO_FINISH)
    os._exit(1)


def refresh_one(task: Task) -> Result:
    """Refresh a workbook; whatever goes wrong is told in the result."""
    started = time.monotonic()
    try:
        outcome, reason, changes = _refresh(task)
    except InUse as error:
        outcome, reason, changes = Outcome.IN_USE, str(error), ()
    except KQIWorkbookError as error:
        outcome, reason, changes = Outcome.FAILED, str(error), ()
    except Exception as error:
        outcome, reason, changes = Outcome.FAILED, _unexpected(error), ()
    return Result(task.path, outcome, reason, changes, time.monotonic() - started)


def _refresh(task: Task) -> tuple[Outcome, str, tuple[str, ...]]:
    seen = look(task.path)
    tables = FileBook(seen.content, seen.path.name).tables
    if not any(name in tables for name in _OUR_TABLES):
        return Outcome.NOT_OURS, "", ()
    done = refresh(task.path, task.quarter, door=task.door)
    saved = done.written and done.written.changed
    return (Outcome.REFRESHED if saved else Outcome.UNCHANGED), "", done.changes


def _unexpected(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"Unexpected {type(error).__name__}: {error} ({Path(last.filename).name}, line "
        f"{last.lineno}). Nothing was changed. Please report this, with the file if you can."
    )
