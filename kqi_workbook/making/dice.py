"""Chance for the example: the same throws on every Python, and totals that come out exactly."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Throws from a fixed seed, all resting on ``random()``, which is promised to stay the same."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.whole(0, len(options) - 1)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        keys = [self._next() for _ in items]
        return [items[i] for i in sorted(range(len(items)), key=keys.__getitem__)]

    def quota(self, count: int, of: int) -> list[bool]:
        """So many True among so many, in any order: a share that comes out exactly."""
        return self.shuffled([True] * count + [False] * (of - count))

    def share_out(
        self, total: int, weights: Sequence[float], most: Sequence[int] | None = None
    ) -> list[int]:
        """Parts that add up to a total, near to their weights, none above what it has room for."""
        loose = [weight * (0.9 + 0.2 * self._next()) for weight in weights]
        room = list(most) if most is not None else [total] * len(loose)
        if total > sum(room):
            raise ValueError(f"{total} do not fit into {room}")
        parts = [0] * len(loose)
        for _ in range(total):
            open_ = [i for i, part in enumerate(parts) if part < room[i]]
            neediest = max(open_, key=lambda i: loose[i] / (parts[i] + 1))
            parts[neediest] += 1
        return parts
