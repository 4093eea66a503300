"""A workbook file, read fast and patched without loss. It is in memory until it is saved."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import count
from typing import IO

from kqi_workbook.books.book import Arrows, Broken, Rule, SetRows, Update, Written
from kqi_workbook.books.by_name import ByName
from kqi_workbook.books.cells import Content, Formula, Grid, TableCells, Value
from kqi_workbook.books.draft import MOST_COLUMNS, MOST_ROWS, Draft
from kqi_workbook.books.fills import fill_formulas_from
from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.ooxml.attached import copy_links, formats_after, move_attached
from kqi_workbook.books.ooxml.fitting import cutter, fit_rows
from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.names import named_areas
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.reading import read_areas, read_tables
from kqi_workbook.books.ooxml.rules import FormulaRule, IconRule, astray, lay_rules
from kqi_workbook.books.ooxml.rules import Rule as SheetRule
from kqi_workbook.books.ooxml.values import is_number, number_of
from kqi_workbook.books.plan import Laid, Plan, plan
from kqi_workbook.books.sameness import same
from kqi_workbook.errors import KQIWorkbookError, LayoutError

_MILLISECOND = 1 / 86_400_000  # in days: as finely as times are read

ARROWS = IconRule("3Arrows", (("percent", 0), ("num", 0), ("num", 1)))


class FileBook:
    """A workbook file's content. ``write`` changes it here; ``save`` writes it to a file."""

    def __init__(self, content: bytes, name: str) -> None:
        self._package = Package.of_bytes(content, name)
        self._meant: dict[str, Draft] = {}

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self._package.name

    @property
    def is_template(self) -> bool:
        """Whether it is an .xltx or .xltm, which Excel copies and never writes to."""
        return self._package.is_template

    @property
    def suffix(self) -> str:
        """The only ending of a name under which Excel opens it as a workbook."""
        return ".xlsm" if self._package.has_macros else ".xlsx"

    def refuse_ending_of(self, name: str) -> None:
        """Raise KQIWorkbookError if Excel would not open it as a workbook of that name."""
        if not name.lower().endswith(self.suffix):
            raise KQIWorkbookError(
                f"'{name}' has to end in {self.suffix}, as Excel opens this workbook under "
                f"no other ending: '{self.name}' has "
                f"{'' if self._package.has_macros else 'no '}macros."
            )

    def refuse_if_signed(self) -> None:
        """Raise CannotPatch if it is digitally signed, and saving it would change it."""
        self._package.refuse_if_signed()

    def make_workbook(self) -> None:
        """Make it a new workbook: no template, and not signed as the one that was read."""
        self._package.as_workbook()
        self._package.drop_signature()

    @property
    def tables(self) -> Mapping[str, str]:
        """Every Excel table in it: table name to sheet name."""
        return ByName({name: table.sheet for name, table in self._package.tables.items()})

    @property
    def sheets(self) -> Sequence[str]:
        """The sheets' names in order."""
        return self._package.sheet_names

    @property
    def names(self) -> Iterable[str]:
        """The defined names that point to cells."""
        return self._areas

    @cached_property
    def _areas(self) -> Mapping[str, tuple[str, Area]]:
        return ByName(
            {
                name: (sheet, area.first(MOST_ROWS, MOST_COLUMNS))
                for name, (sheet, area) in named_areas(self._package).items()
                if sheet in self._package.sheet_names
            }
        )

    def read(self, tables: Sequence[str]) -> dict[str, TableCells]:
        """The cells of these tables, each of which must be there."""
        package = Package.of_bytes(self.content(), self.name) if self.changed else self._package
        return read_tables(package, tables)

    def says(self, name: str) -> str:
        """What the first cell of a named area says, '' where that is no text or has gone."""
        return self._draft(name).says if name in self._areas else ""

    def write(self, updates: Sequence[Update]) -> Written:
        """Carry out all updates in memory, or raise and leave the file as it is."""
        planned = plan(updates, self._draft)
        wrong = [sheet for sheet, rules in planned.rules.items() if self._astray(sheet, rules)]
        broken = [one for sheet in wrong for one in self._broken(planned, sheet)]
        drafts = [*planned.drafts.values()]
        wrong += [draft.sheet for draft in drafts if draft.resized]
        self._grow_tables(planned)
        cells = sum(map(self._put, drafts))
        self._meant.update(planned.drafts)
        mended = [
            sheet
            for sheet, rules in planned.rules.items()
            if sheet in wrong and lay_rules(self._package.sheet(sheet), _of_sheet(rules))
        ]
        return Written(cells, tuple(mended), tuple(broken), planned.resized, planned.emptied)

    def foresee(self, updates: Sequence[Update]) -> Written:
        """What writing these updates would do; nothing is written."""
        planned = plan(updates, self._draft)
        return planned.foreseen(
            [one for sheet in planned.rules for one in self._broken(planned, sheet)]
        )

    def cut_off(self, rows: SetRows) -> Sequence[Sequence[str]]:
        """For each of a table's rows, once written: the columns with more lines of text than the
        highest row that a sheet can have."""
        draft = self._draft(rows.table)
        columns = [draft.area.left + i for i in draft.positions(rows.columns)]
        cuts_off = cutter(self._package.sheet(draft.sheet))
        return [
            [
                name
                for name, column, content in zip(rows.columns, columns, row, strict=True)
                if isinstance(content, str) and cuts_off(number, column, content)
            ]
            for number, row in enumerate(rows.rows, draft.area.top)
        ]

    @property
    def changed(self) -> bool:
        """Whether saving would give anything else than the file that was read."""
        return self._package.changed

    def save(self, target: IO[bytes]) -> None:
        """Write the workbook to a binary file."""
        self._package.write(target)

    def content(self) -> bytes:
        """The workbook file as it would be saved."""
        file = io.BytesIO()
        self.save(file)
        return file.getvalue()

    def must_hold(self, saved: IO[bytes]) -> None:
        """Check what came back from the disk: it must open, and whoever reads it must find every
        table and area that was written as it was meant."""
        again = FileBook(saved.read(), self.name)
        again._package.take_shared_strings(self._package)
        places = {name: again._place(name) for name in self._meant}
        for name, found in read_areas(again._package, places).items():
            if not again._is_as_meant(places[name], found, self._meant[name]):
                raise KQIWorkbookError(
                    f"{self.name} did not hold what was written when it was read back. "
                    "Nothing was changed. Please report this, with the file if you can share it."
                )

    def _is_as_meant(
        self, place: tuple[str, Area], found: Sequence[Sequence[Value]], draft: Draft
    ) -> bool:
        sheet, area = place
        for row, values, meant in zip(count(area.top), found, draft.new, strict=False):
            for i, (value, content) in enumerate(zip(values, meant, strict=False)):
                if value == content and type(value) is type(content):
                    continue
                if content is None and i not in draft.ours:
                    continue  # a calculated column of staff's goes on by itself in new rows
                held: Content = value
                if isinstance(content, Formula):  # of which a reader finds but what it shows
                    held = self._package.sheet(sheet).content_at(row, area.left + i)
                    if isinstance(held, Formula) and (
                        i not in draft.ours or (row - area.top, i) in draft.moved
                    ):
                        continue  # it has followed what it refers to
                if not same(self._stored(held), self._stored(content), _MILLISECOND):
                    return False
        return len(found) == len(draft.new)

    def _stored(self, content: Content) -> Content:
        """A number or a day as the file keeps it, whichever of them its format shows."""
        if isinstance(content, Formula) or not is_number(content):
            return content
        return number_of(content, self._package.date1904, self.name)

    # ---- parts of the work

    def _grow_tables(self, planned: Plan) -> None:
        """Before the first cell is written: formulas and names follow what moves to make room."""
        growing = [draft for draft in planned.drafts.values() if draft.table and draft.grows]
        for draft in growing:
            self._package.table(draft.table).resize(len(draft.new))
        if growing:
            self.__dict__.pop("_areas", None)
            for name, draft in planned.drafts.items():
                if not draft.table:
                    draft.area = self._place(name)[1]

    def _astray(self, sheet: str, rules: Laid) -> list[Area]:
        return astray(self._package.sheet(sheet), _of_sheet(rules))

    def _broken(self, planned: Plan, sheet: str) -> tuple[Broken, ...]:
        return planned.broken(sheet, partial(self._astray, sheet))

    def _place(self, name: str) -> tuple[str, Area]:
        """The sheet and the cells of a table's data rows, or of a named area."""
        if name in self._package.tables:
            table = self._package.tables[name]
            return table.sheet, table.body
        if name not in self._areas:
            raise LayoutError(f"{self.name} has no cells named {name}.")
        return self._areas[name]

    def _draft(self, name: str) -> Draft:
        """A table's data rows, or a named area's cells, as they stand."""
        sheet, area = self._place(name)
        draft = Draft(sheet=sheet, area=area, old=self._grid(sheet, area))
        if name in self._package.tables:
            draft.table, draft.headers = name, self._package.tables[name].columns
        return draft

    def _grid(self, name: str, area: Area) -> Grid:
        sheet = self._package.sheet(name)
        width = area.right - area.left + 1
        grid: Grid = [[None] * width for _ in range(area.height)]
        for row in sheet.rows.between(area.top, area.bottom):
            for column, cell in row.cells.items():
                if cell.inside and area.left <= column <= area.right:
                    grid[row.number - area.top][column - area.left] = sheet.content_of(cell)
        return grid

    def _put(self, draft: Draft) -> int:
        """Write a draft's changed cells; a table that has fewer rows now is made shorter."""
        sheet, top, left = self._package.sheet(draft.sheet), draft.area.top, draft.area.left
        changes = [*draft.changes()]
        carried = {
            place: sheet.cell_for(top + place[0], top + draft.moved[place], left + place[1])
            for place in changes
            if place in draft.moved
        }
        copies, moves = (
            {
                (top + draft.moved[row, column], left + column): (top + row, left + column)
                for row, column in places
            }
            for places in (draft.copied, draft.moved.keys() - draft.copied)
        )
        formats = formats_after(sheet, moves, draft.area)
        for row, column in changes:
            if (cell := carried.get((row, column))) is not None:
                sheet.place(cell)
            else:
                content = draft.new[row][column] if row < len(draft.new) else None
                sheet.set_at(top + row, left + column, content)
        for place, style in formats.items():
            sheet.set_style(*place, style)
        move_attached(sheet, moves)
        copy_links(sheet, copies)
        rewritten = {top + row for row, _ in changes}
        sheet.show_filtered(rewritten)
        if draft.table and changes:
            table = self._package.table(draft.table)
            table.show(rewritten)
            if added := [(top + row, left + column) for row, column in draft.added]:
                table.calculate(added)
            table.wait_no_more()
        fit_rows(sheet, rewritten)
        if draft.table and len(draft.new) < len(draft.old):
            self._package.table(draft.table).resize(len(draft.new))
        return len(changes)


def _of_sheet(rules: Laid) -> dict[str, list[SheetRule]]:
    return {str(area): [_sheet_rule(r, area) for r in laid] for area, laid in rules.items()}


def _sheet_rule(rule: Rule, area: Area) -> SheetRule:
    """A rule of ours in the words of the file format, stated for the area's first cell."""
    if isinstance(rule, Arrows):
        return ARROWS
    formulas = fill_formulas_from(cell_name(area.top, area.left), rule.begins_with)
    formula, *aliases = (formula.removeprefix("=") for formula in formulas)
    return FormulaRule(formula, Look(fill=rule.colour, font="000000"), tuple(aliases))
