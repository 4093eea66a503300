"""A near miss, and short ways to bring one about in the clean workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kqi_workbook.books.cells import Value
from tests.scorecard.checks.clean import add, find, line, name
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER, measure, months

Plant = Callable[[MemoryBook], object]
FEWEST = 5
"""Near misses that every check has."""


@dataclass(frozen=True)
class NearMiss:
    """Something close to a check's fault that is right all the same.

    ``also`` are the codes of what else is rightly found; nothing else is.
    """

    what: str
    plant: Plant
    also: tuple[str, ...] = ()


NearMisses = Mapping[str, Sequence[NearMiss]]
"""Near misses by the code of the check that they must not set off."""


def all_of(*plants: Plant) -> Plant:
    return lambda book: [plant(book) for plant in plants]


def added(table: str, **columns: Any) -> Plant:
    """One more row."""
    return lambda book: add(book, table, columns, next(iter(columns)))


def changed(table: str, where: Mapping[str, Value], **columns: Any) -> Plant:
    """The first row with these values has others."""
    return lambda book: book.lines[table][find(book, table, **where)].update(columns)


def emptied(table: str, where: Mapping[str, Value]) -> Plant:
    """The first row with these values is blank, so that the rows below keep their places."""

    def plant(book: MemoryBook) -> None:
        book.lines[table][find(book, table, **where)] = {}

    return plant


def point(kqi: str, text: str) -> Plant:
    """One more commentary point of this quarter."""
    return added("Commentary", **line(kqi, Point=text))


def last_quarters_point(kqi: str, text: str, ago: int = 1) -> Plant:
    quarter = QUARTER.plus(-ago).label
    return added("Commentary", **(line(kqi, Point=text) | {"Quarter": quarter}))


def each_month(kqi: str, numerator: float) -> Plant:
    """A KQI's measure is this many in a hundred in every team and month of the quarter."""

    def plant(book: MemoryBook) -> None:
        for row in book.lines["PurpleBook"]:
            if row["Measure"] == name(kqi) and row["Month"] in QUARTER.months:
                row["Numerator"] = numerator

    return plant


def another_measure(
    numerators: Sequence[float] = (85,) * 24, denominator: float | None = 100, /, **changes: Any
) -> Plant:
    """A measure ``Odd`` of KQI 2 with its rows to the quarter's last month."""

    def plant(book: MemoryBook) -> None:
        book.lines["PurpleBook"] += months("Odd", numerators, denominator)
        book.lines["Measures"].append(measure("Odd", "2") | changes)

    return plant
