"""What is asked for one workbook of a batch, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kqi_workbook.scorecard.quarters import Quarter


class Outcome(Enum):
    """What became of a workbook. Whatever it was, the file is whole."""

    REFRESHED = "Refreshed"
    UNCHANGED = "Unchanged"  # up to date already, and left untouched
    NOT_OURS = "Not a KQI workbook"
    IN_USE = "In use"
    FAILED = "Failed"
    TIMED_OUT = "Timed out"
    CRASHED = "Crashed"

    @property
    def well(self) -> bool:
        """Whether nobody needs to look into it."""
        return self in (Outcome.REFRESHED, Outcome.UNCHANGED, Outcome.NOT_OURS)


@dataclass(frozen=True)
class Task:
    """One workbook to refresh; ``door`` is what its Refresh log says it came from."""

    path: Path
    quarter: Quarter | None
    door: str


@dataclass(frozen=True)
class Result:
    """What became of one workbook of a batch.

    ``reason`` says why it was not refreshed, and is empty if all is well; ``changes`` tells in
    sentences what differs from the scorecard before; ``seconds`` is how long it took.
    """

    path: Path
    outcome: Outcome
    reason: str = ""
    changes: tuple[str, ...] = ()
    seconds: float = 0.0
