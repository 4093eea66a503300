"""Other processes of this machine, as Linux tells of them."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def ends(process: int, within: float = 5) -> bool:
    """Whether a process, of whomever it is, ends in so many seconds."""
    give_up = time.monotonic() + within
    while _alive(process):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def _alive(process: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] != "Z"  # dead, and not yet asked after
    return False
