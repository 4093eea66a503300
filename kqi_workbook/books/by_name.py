"""Names as Excel compares them, without regard to case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")


class ByName(Mapping[str, V], Generic[V]):
    """A mapping whose keys are names of tables, sheets, cells or parts of a file."""

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = dict(items)
        self._keys = {key.casefold(): key for key in self._items}

    def __getitem__(self, key: str) -> V:
        return self._items[self._keys[key.casefold()]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
