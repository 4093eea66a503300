"""Who runs this, on which machine, and what time it is: all that comes from outside."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  # seconds


@dataclass(frozen=True)
class Here:
    """The person, the machine, the process and its clocks; a test hands in its own.

    ``now`` is local time without a zone, as people read it; ``ticks`` are seconds that never jump.
    """

    who: str
    machine: str
    process: int
    now: Callable[[], dt.datetime] = dt.datetime.now
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(self, seconds: float) -> Iterator[float]:
        """The seconds that are left, again and again after ever longer pauses; lastly 0."""
        end = self.ticks() + seconds
        pause = _SHORTEST_PAUSE
        while (left := end - self.ticks()) > 0:
            yield left
            self.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)
        yield 0.0


def here() -> Here:
    """This very process."""
    try:
        who = getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as services can have
        who = "somebody"
    return Here(who, socket.gethostname(), os.getpid())
