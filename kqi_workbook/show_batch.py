"""``kqi batch`` in a terminal or a log: a line a workbook, a summary, a report for a program."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kqi_workbook.batch import Found, Outcome, Result, find_workbooks, refresh_many
from kqi_workbook.errors import KQIWorkbookError

_STYLE = {Outcome.REFRESHED: "green", Outcome.UNCHANGED: "dim"}
_WIDTH = max(len(outcome.value) for outcome in Outcome if outcome is not Outcome.NOT_OURS)


@dataclass
class Run:
    """A batch as far as it has come."""

    found: Found
    quarter: str | None
    results: list[Result] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def not_done(self) -> list[Path]:
        """The workbooks without a result: the batch was interrupted."""
        done = {result.path for result in self.results}
        return [path for path in self.found.workbooks if path not in done]

    @property
    def well(self) -> bool:
        """Whether every workbook is up to date, and every folder was looked into."""
        all_well = all(result.outcome.well for result in self.results)
        return all_well and not self.not_done and not self.found.unread


def run_batch(
    console: Console,
    places: Sequence[str],
    quarter: str | None,
    *,
    jobs: int | None,
    time_limit: float,
    dask: str | None,
    report: Path | None,
) -> bool:
    """Refresh every workbook at these places, and say whether all is well."""
    if report:
        _refuse_unless_a_report(report)
    run = Run(find_workbooks(*places), quarter)
    with _progress(console, len(run.found.workbooks)) as progress, _interrupts() as stop:
        bar = progress.task_ids[0]

        def at_hand(paths: Sequence[Path]) -> None:
            what = escape(paths[0].name) + (f" and {len(paths) - 1} more" if paths[1:] else "")
            leave = "stopping after " if stop.is_set() else ""
            progress.update(bar, description=leave + what)

        results = refresh_many(
            run.found.workbooks,
            quarter,
            jobs=jobs,
            time_limit=time_limit,
            dask=dask,
            stop=stop,
            at_hand=at_hand,
            door="kqi batch",
        )
        with contextlib.suppress(KeyboardInterrupt), contextlib.closing(results):
            for result in results:
                run.results.append(result)
                progress.advance(bar)
                _show_result(console, result)
    _show_rest(console, run)
    if report:
        _save(run, report)
    return run.well


def as_data(run: Run) -> dict[str, Any]:
    """The batch in words and numbers that JSON can hold; whatever went wrong has its reason."""
    return {
        "quarter": run.quarter,
        "all_well": run.well,
        "seconds": round(time.monotonic() - run.began, 1),
        "counts": {outcome.value: count for outcome, count in _counts(run).items()},
        "workbooks": [
            {
                "path": str(result.path),
                "outcome": result.outcome.value,
                "reason": result.reason,
                "changes": list(result.changes),
                "seconds": round(result.seconds, 1),
            }
            for result in run.results
        ],
        "not_done": [str(path) for path in run.not_done],
        "folders_not_read": [str(path) for path in run.found.unread],
    }


def _progress(console: Console, total: int) -> Progress:
    """A bar that is there while it runs, in a terminal alone: a log gets the lines."""
    progress = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    progress.add_task("", total=total)
    return progress


@contextlib.contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Ctrl-C asks to stop after what is at hand; once more stops at once."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _show_result(console: Console, result: Result) -> None:
    if result.outcome is not Outcome.NOT_OURS:
        more = result.reason or "; ".join(result.changes)
        style = _STYLE.get(result.outcome, "red")
        _line(console, style, result.outcome.value, result.path, more)


def _show_rest(console: Console, run: Run) -> None:
    for path in run.not_done:
        _line(console, "yellow", "Not done", path, "")
    for folder in run.found.unread:
        _line(console, "red", "Not read", folder, "This folder could not be looked into.")
    counts = _counts(run)
    skipped = counts.pop(Outcome.NOT_OURS, 0)
    parts = [f"{count} {outcome.value.lower()}" for outcome, count in counts.items()]
    if run.not_done:
        parts.append(f"{len(run.not_done)} not done: run it again to go on")
    if skipped:
        parts.append(f"{skipped} other workbook{'s' if skipped > 1 else ''} skipped")
    parts.append(f"{time.monotonic() - run.began:.0f} s")
    console.print("; ".join(parts) + ".", style="bold", highlight=False, soft_wrap=True)


def _line(console: Console, style: str, word: str, path: Path, more: str) -> None:
    with contextlib.suppress(ValueError):
        path = path.relative_to(Path.cwd())
    text = f"[{style}]{word:<{_WIDTH}}[/]  {escape(os.fspath(path))}"
    console.print(text + (f": {escape(more)}" if more else ""), highlight=False, soft_wrap=True)


def _counts(run: Run) -> dict[Outcome, int]:
    counted = Counter(result.outcome for result in run.results)
    return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}


def _refuse_unless_a_report(report: Path) -> None:
    """``--json *.xlsx`` would name a workbook, and the report be written over it."""
    if report.suffix.lower() != ".json":
        raise KQIWorkbookError(
            f"'{report}' is no name for the report: it has to end in .json. Nothing was changed."
        )
    if not report.absolute().parent.is_dir():
        raise KQIWorkbookError(f"The folder for the report, '{report.parent}', is not there.")


def _save(run: Run, report: Path) -> None:
    text = json.dumps(as_data(run), indent=2)
    try:
        report.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise KQIWorkbookError(
            f"The report could not be written to '{report}': {error.strerror}. "
            "The workbooks are as the lines above say."
        ) from None
