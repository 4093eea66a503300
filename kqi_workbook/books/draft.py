"""Updates worked out on paper: tables and areas as they are and as they are to be, in memory.

Nothing here touches Excel. The difference between the two is what is written, and the old side
is what is put back when writing fails.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile
from operator import is_

from kqi_workbook.books.book import AddRows, CopyField, SetArea, SetField, SetRows
from kqi_workbook.books.cells import Content, Formula, Grid, filled_to, value_of
from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.ooxml.formulas import shift
from kqi_workbook.books.sameness import same
from kqi_workbook.books.worked_out import worked_out
from kqi_workbook.errors import CannotPatch, LayoutError
from kqi_workbook.scorecard.nearest import nearest, plain

MOST_ROWS, MOST_COLUMNS = 2_000, 500
"""What is looked at of a named area: staff may have stretched it over whole columns."""


@dataclass(frozen=True)
class Block:
    """A rectangle to write in one call, with what stood there."""

    area: Area
    old: Grid
    new: Grid


@dataclass
class Draft:
    """The cells of a table's data rows, or of a named area, before and after.

    ``headers`` and ``table`` are empty for an area; ``ours`` are the columns that updates name,
    counted from 0. ``moved`` tells of staff's own cells that follow their row, by row and column
    (from 0), in which row they stood; those that are ``copied`` stay there too. ``emptied`` is
    where an area held something that is gone: beyond what it is filled with, in a column among it
    that is not filled any more, or past its old end. ``make_room`` is for whoever finds other cells
    where new rows will be.
    """

    sheet: str
    area: Area
    old: Grid
    headers: tuple[str, ...] = ()
    table: str = ""
    new: Grid = field(default_factory=list)
    ours: set[int] = field(default_factory=set)
    moved: dict[tuple[int, int], int] = field(default_factory=dict)
    copied: set[tuple[int, int]] = field(default_factory=set)
    emptied: list[Area] = field(default_factory=list)
    make_room: bool = False

    def __post_init__(self) -> None:
        self.new = [list(row) for row in self.old]

    @property
    def says(self) -> str:
        """What its first cell says, '' where that is no text."""
        first = value_of(self.old[0][0])
        return first if isinstance(first, str) else ""

    @property
    def grows(self) -> Area | None:
        """The cells below that new rows need."""
        extra = len(self.new) - len(self.old)
        bottom = self.area.bottom
        return replace(self.area, top=bottom + 1, bottom=bottom + extra) if extra > 0 else None

    @property
    def resized(self) -> bool:
        """Whether there are to be more rows or fewer."""
        return len(self.new) != len(self.old)

    @property
    def added(self) -> Iterator[tuple[int, int]]:
        """The cells of staff's own columns in rows that have come in, by row and column from 0."""
        staff = {column for _, column in self.moved if column not in self.ours}
        places = ((row, column) for row in range(len(self.new)) for column in staff)
        yield from (place for place in places if place not in self.moved)

    @property
    def final(self) -> Area:
        """Where the rows will be."""
        return replace(self.area, bottom=self.area.top + len(self.new) - 1)

    def over(self, header: str) -> Area:
        """The cells of a column as they will be; of the whole area for ''."""
        if not header:
            return self.final
        column = self.area.left + self._position(header)
        return replace(self.final, left=column, right=column)

    def set_area(self, update: SetArea) -> None:
        """Fill the area from its top left, and blank what an earlier filling left beyond.

        That one reached as far as its first row and its first column are filled without a gap, or
        past one that staff have made within. Cells of staff's past its end stay.
        """
        height, width = self.area.height, self.area.right - self.area.left + 1
        if len(update.rows) > height or any(len(row) > width for row in update.rows):
            widest = max(len(row) for row in update.rows)
            raise CannotPatch(
                f"{self.sheet}: {len(update.rows)} rows and {widest} columns do not fit into "
                f"{update.name}, which is {self.area} ({height} by {width}). Give the name a "
                "larger area in Formulas, Name Manager."
            )
        header = update.rows[0] if update.rows else ()
        wide = _reach(self.new[0], header)
        tall = _reach([row[0] for row in self.new], [row[0] for row in update.rows])
        for number in range(tall):
            values = update.rows[number] if number < len(update.rows) else ()
            self.new[number][:wide] = [*values, *[None] * (wide - len(values))]
        self.ours |= set(range(wide))
        # A column that is gone, as a team may be, is told by its header; else it was the last.
        beyond = range(len(header), wide)
        dropped = [i for i in range(wide) if self.old[0][i] not in header]
        gone = _runs((dropped or beyond) if beyond else ())
        below = range(len(update.rows), tall)
        others = [row for row in below if update.names.isdisjoint(self.old[row])]
        # Headers over nothing are those of a new workbook, and go with the teams that it came with.
        first = 0 if _run([row[0] for row in self.old]) > 1 else 1
        filled = [row for row in range(first, tall) if row not in others]
        self.emptied = [area for columns in gone for area in self._held(filled, columns)]
        self.emptied += self._held(others, range(wide))
        self.emptied += self._overgrown(update, tall, wide)

    def _overgrown(self, update: SetArea, tall: int, wide: int) -> Iterator[Area]:
        """Where cells of staff's stood past the old end that are filled now. (Past a gap of theirs
        stands what an earlier filling left.)"""
        rows, columns = len(update.rows), max(map(len, update.rows), default=0)
        was_tall, was_wide = _run([row[0] for row in self.old]), _run(self.old[0])
        ours = {content for row in update.rows for content in row}
        if tall == max(was_tall, rows):
            yield from self._held(range(was_tall, rows), range(columns), ours)
        if wide == max(was_wide, columns):
            yield from self._held(range(min(was_tall, rows)), range(was_wide, columns), ours)

    def _held(
        self, rows: Sequence[int], columns: range, ours: Container[Content] = ()
    ) -> Iterator[Area]:
        """The least area of those of the cells that held something but ours, if any did."""
        held = [
            (row, i)
            for row in rows
            for i in columns
            if _is_filled(self.old[row][i]) and self.old[row][i] not in ours
        ]
        if held:
            (top, bottom), (left, right) = ((min(of), max(of)) for of in zip(*held, strict=True))
            first, edge = self.area.top, self.area.left
            yield Area(first + top, edge + left, first + bottom, edge + right)

    def set_rows(self, update: SetRows) -> None:
        """Make these the table's rows; each cell of staff's own columns follows its row's key.

        A column that one formula works out stays where it is. A row whose key is gone stays at
        the end, blank but for what staff wrote in it, be it a formula of that cell alone.
        """
        places = self.positions(update.columns)
        key = self.positions(update.key)
        staff = [i for i in range(len(self.headers)) if i not in places]
        kept: dict[tuple[object, ...], deque[int]] = defaultdict(deque)
        for number, row in enumerate(self.new):
            kept[_key(row, key)].append(number)
        worked = {i: worked_out([row[i] for row in self.new]) for i in staff}
        calculated = {i for i in staff if all(worked[i])}
        typed = [i for i in staff if i not in calculated]
        rows: Grid = []
        stood, self.moved = self.moved, {}

        def carry(number: int, before: int, i: int) -> Content:
            self.moved[number, i] = stood.get((before, i), before)
            return self._moved(before, i, number - before)

        def add(before: int | None) -> list[Content]:
            row: list[Content] = [None] * len(self.headers)
            number = len(rows)
            for i in calculated:  # it is worked out from its row, and Excel fills new rows
                row[i] = self.new[number][i] if number < len(self.new) else None
            if before is not None:
                for i in typed:
                    row[i] = carry(number, before, i)
            rows.append(row)
            return row

        for number, values in enumerate(update.rows):
            wanted = dict(zip(places, values, strict=True))
            same_key = kept[tuple(_part(wanted.get(place)) for place in key)]
            before = same_key.popleft() if same_key else None
            row = add(before)
            for place, value in wanted.items():
                row[place] = value
                if before is not None and number < update.carried:
                    if isinstance(self.new[before][place], Formula):
                        row[place] = carry(number, before, place)
        for before in sorted(number for numbers in kept.values() for number in numbers):
            if any(_is_filled(self.new[before][i]) and not worked[i][before] for i in typed):
                add(before)
        if not rows:
            add(None)
        self.new = rows
        self.ours |= set(places)

    def set_field(self, update: SetField) -> None:
        """Put a value into one cell of the table."""
        place = self._position(update.column)
        self.new[update.row][place] = update.value
        self.ours.add(place)

    def copy_field(self, update: CopyField) -> None:
        """Put what one row has in a column into another row too."""
        place = self._position(update.column)
        if self.new[update.of][place] is not None:
            self.new[update.row][place] = self._moved(update.of, place, update.row - update.of)
            self.moved[update.row, place] = update.of
            self.copied.add((update.row, place))
            self.ours.add(place)

    def add_rows(self, update: AddRows) -> None:
        """Add rows below the last one that has something in the columns they fill."""
        places = self.positions(update.columns)
        number = filled_to([value_of(row[i]) for row in self.new] for i in places)
        for values in update.rows:
            if number == len(self.new):
                self.new.append([None] * len(self.headers))
            for place, value in zip(places, values, strict=True):
                self.new[number][place] = value
            number += 1
        self.ours |= set(places)

    def changes(self) -> Iterator[tuple[int, int]]:
        """Row and column, from 0, of each cell that is to change."""
        for row, (old, new) in enumerate(zip(*self._padded(), strict=True)):
            if all(map(is_, old, new)):
                continue
            for i, (before, after) in enumerate(zip(old, new, strict=True)):
                if before is not after and not same(before, after):
                    yield row, i

    def blocks(self) -> list[Block]:
        """The fewest rectangles that hold every change and no column of staff's without one."""
        changed = sorted(self.changes(), key=lambda cell: cell[1])
        runs: list[list[tuple[int, int]]] = []
        for row, column in changed:
            last = runs[-1][-1][1] if runs else None
            if last is None or not set(range(last + 1, column)) <= self.ours:
                runs.append([])
            runs[-1].append((row, column))
        return [self._block(run) for run in runs]

    def _block(self, cells: Sequence[tuple[int, int]]) -> Block:
        rows = [row for row, _ in cells]
        top, bottom, left, right = min(rows), max(rows), cells[0][1], cells[-1][1]
        old, new = (
            [row[left : right + 1] for row in grid[top : bottom + 1]] for grid in self._padded()
        )
        first, edge = self.area.top, self.area.left
        return Block(Area(first + top, edge + left, first + bottom, edge + right), old, new)

    def _padded(self) -> tuple[Grid, Grid]:
        height, width = max(len(self.old), len(self.new)), self.area.right - self.area.left + 1
        blank: list[Content] = [None] * width

        def padded(grid: Grid) -> Grid:
            return grid + [blank] * (height - len(grid))

        return padded(self.old), padded(self.new)

    def _moved(self, row: int, column: int, rows: int) -> Content:
        """A cell of staff's in its new row; a formula reads as if Excel had sorted the rows."""
        content = self.new[row][column]
        if not isinstance(content, Formula):
            return content
        try:
            return replace(content, text=shift(content.text, rows))
        except CannotPatch as error:
            where = cell_name(self.area.top + row, self.area.left + column)
            raise CannotPatch(
                f"{self.sheet} {where}: '={content.text}' moves {abs(rows)} rows with its row and "
                "would then speak of cells outside the sheet. Write $ before the row numbers in it "
                "that must not move, such as C$1, and refresh again."
            ) from error

    def positions(self, headers: Sequence[str]) -> list[int]:
        """Where these columns stand, counted from 0, however their headers' case and spaces are."""
        return [self._position(header) for header in headers]

    def _position(self, header: str) -> int:
        if header in self.headers:
            return self.headers.index(header)
        alike = [plain(name) for name in self.headers]
        if plain(header) in alike:
            return alike.index(plain(header))
        near = nearest(header, self.headers)
        raise LayoutError(
            f"{self.sheet}: the table {self.table} has no column '{header}'."
            + (f" Is it '{near}'?" if near else "")
            + " Give the column its name back and refresh again."
        )


def _run(cells: Iterable[Content]) -> int:
    """How many cells are filled from the first on."""
    return sum(1 for _ in takewhile(lambda cell: cell not in (None, ""), cells))


def _reach(cells: Sequence[Content], wanted: Sequence[Content]) -> int:
    """How many cells an earlier filling took, or this one takes: whichever are more.

    A gap is staff's own where what follows it runs past the new end, or is the old one.
    """
    run, least = _run(cells), len(wanted)
    if run < least < len(cells):
        beyond = cells[least:]
        if cells[least - 1] not in (None, "") or same(beyond[0], wanted[-1]):
            return least + _run(beyond)
    return max(run, least)


def _runs(numbers: Iterable[int]) -> Iterator[range]:
    """Ascending numbers as runs of adjacent ones."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        yield range(found[0], found[-1] + 1)


def _key(row: Sequence[Content], places: Sequence[int]) -> tuple[object, ...]:
    return tuple(_part(row[place]) for place in places)


def _part(content: Content) -> object:
    if isinstance(content, float) and content.is_integer():
        return str(int(content))  # a KQI's number is typed as a number or as text
    return "" if content is None else str(content).strip()


def _is_filled(content: Content) -> bool:
    return content not in (None, "") and content is not False  # as a checkbox is left
