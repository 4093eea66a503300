"""The cells that were found on a sheet, as the file stores them: arrays, not objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from kqi_workbook.books.cells import Value

Integers: TypeAlias = npt.NDArray[np.int32]

NUMBER, SHARED, TRUTH, OTHER, DAY = range(5)
"""What a cell's number is: a number, the index of a shared string, TRUE or FALSE as 1 or 0, the
index of a value in ``others``, or a number that the cell's style shows as a day or time. A scan,
which knows no styles, tells of those as numbers."""


@dataclass(frozen=True)
class SheetCells:
    """Every cell of a sheet that holds something, blank ones left out, in no certain order."""

    rows: Integers
    columns: npt.NDArray[np.int16]
    styles: Integers
    kinds: npt.NDArray[np.int8]
    numbers: npt.NDArray[np.float64]
    others: tuple[Value, ...]


class Found:
    """Collects cells, by the array and one by one."""

    def __init__(self) -> None:
        self._arrays: list[tuple[npt.NDArray[Any], ...]] = []
        self._singles: list[tuple[int, int, int, int, float]] = []
        self._others: list[Value] = []

    def add_many(
        self,
        rows: Integers,
        columns: npt.NDArray[np.int16],
        styles: Integers,
        kinds: npt.NDArray[np.int8],
        numbers: npt.NDArray[np.float64],
    ) -> None:
        self._arrays.append((rows, columns, styles, kinds, numbers))

    def add(self, row: int, column: int, style: int, kind: int, content: Value) -> None:
        if content is not None and content != "":
            number = self.keep(content) if kind == OTHER else float(content)  # type: ignore[arg-type]
            self._singles.append((row, column, style, kind, number))

    def keep(self, other: Value) -> int:
        self._others.append(other)
        return len(self._others) - 1

    def cells(self) -> SheetCells:
        if self._singles or not self._arrays:
            rows, columns, styles, kinds, numbers = np.array(self._singles).reshape(-1, 5).T
            self.add_many(
                rows.astype(np.int32),
                columns.astype(np.int16),
                styles.astype(np.int32),
                kinds.astype(np.int8),
                numbers,
            )
        rows, columns, styles, kinds, numbers = map(np.concatenate, zip(*self._arrays, strict=True))
        return SheetCells(rows, columns, styles, kinds, numbers, tuple(self._others))
