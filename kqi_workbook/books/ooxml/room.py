"""Room for a table to grow: what lies below moves down, if nothing can be lost by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kqi_workbook.books.ooxml.addresses import (
    LAST_ROW,
    Area,
    cell_name,
    parse_areas,
    write_areas,
)
from kqi_workbook.books.ooxml.attached import comments_on, threads_on
from kqi_workbook.books.ooxml.follow import put_sources_back, waiting_sparklines
from kqi_workbook.books.ooxml.formulas import relocate
from kqi_workbook.books.ooxml.markup import Element, child, children, local_name
from kqi_workbook.books.ooxml.references import Change, plan_references, rewrite_references
from kqi_workbook.books.ooxml.rows import Cell
from kqi_workbook.books.ooxml.shared import in_row
from kqi_workbook.errors import CannotPatch

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.package import TableInfo
    from kqi_workbook.books.ooxml.sheet import Sheet

_ONE_WITH_ITS_CELLS = {"mergeCell", "hyperlink"}
_MOVES_WITH_ITS_CELLS = {*_ONE_WITH_ITS_CELLS, "ignoredError"}
_IN_WORDS = {
    "mergeCell": "merged cells lie",
    "hyperlink": "a link lies",
    "conditionalFormatting": "a conditional format lies",
    "dataValidation": "a drop-down or other validation lies",
    "protectedRange": "a protected range lies",
    "sparkline": "a sparkline lies",
    "autoFilter": "a filter lies",
    "sortState": "a sort order lies",
}


def make_room(sheet: Sheet, table: TableInfo, count: int) -> None:
    """See that the rows below a table are free for it, moving down what is in the way.

    Only cells in the table's columns move, as when Excel inserts rows into a table. The gap
    between the table and what follows it stays as it is.

    Raises :class:`CannotPatch`, naming the cell in the way, where moving it would break something.
    """
    area = table.area
    bottom = area.bottom + count
    if bottom > LAST_ROW:
        raise CannotPatch(f"{sheet.name}: table {table.name} would grow past the sheet's end.")
    below = Area(area.bottom + 1, area.left, LAST_ROW, area.right)
    _refuse_other_tables(sheet, table, replace(area, bottom=bottom))
    check_totals(sheet, table, count)
    held = [cell for cell in _cells(sheet, below) if cell.inside]
    if held and held[0].row <= bottom + 1:
        if held[-1].row + count > LAST_ROW:
            raise CannotPatch(
                f"{sheet.name}, {held[-1].address} is filled, and cannot move down with what lies "
                f"below table {table.name} to make room for new rows. Delete it or move it up."
            )
        block = Area(held[0].row, area.left, held[-1].row, area.right)
        _refuse_unless_it_can_move(sheet, table, block, count)
        waiting = waiting_sparklines(sheet.frame, table.body)
        move_block(sheet, block, count)
        put_sources_back(waiting)
    _refuse_merged_cells(sheet, table, replace(below, bottom=bottom))


def check_totals(sheet: Sheet, table: TableInfo, count: int) -> None:
    """Refuse if the totals row cannot move by so many rows."""
    if table.totals_rows:
        totals = replace(table.area, top=table.body.bottom + 1)
        _refuse_unless_it_can_move(sheet, table, totals, count)


def move_block(sheet: Sheet, block: Area, rows: int) -> None:
    """Move cells up or down as cutting and pasting does: what refers to them goes with them."""
    change, reach = _relocation(sheet, block, rows)
    rewrite_references(sheet.package, change, sheet=sheet.name, rows=reach, thorough=True)
    moving = _cells(sheet, block)
    for cell in moving:
        sheet.rows.row(cell.row).cells.pop(cell.column)
        if cell.has_formula:
            sheet.package.formula_removed = True
    for cell in moving:
        sheet.put(in_row(cell, cell.row + rows))
    for element in _with_areas(sheet.frame):
        if local_name(element) in _MOVES_WITH_ITS_CELLS:
            name = "ref" if element.get("ref") else "sqref"
            areas = parse_areas(element.get(name))
            element.set(name, write_areas(_moved_with(block, rows, area) for area in areas))
    sheet.guards.forget()


def _moved_with(block: Area, rows: int, area: Area) -> Area:
    if not block.covers(area):
        return area
    return replace(area, top=area.top + rows, bottom=area.bottom + rows)


def _relocation(sheet: Sheet, block: Area, rows: int) -> tuple[Change, range]:
    def change(formula: str, own_sheet: str) -> str:
        return relocate(formula, sheet.name, own_sheet, block, rows)

    first, last = min(block.top, block.top + rows), max(block.bottom, block.bottom + rows)
    return change, range(first, last + 1)


def _cells(sheet: Sheet, area: Area) -> list[Cell]:
    return [
        row.cells[column]
        for row in sheet.rows.between(area.top, area.bottom)
        for column in sorted(row.cells)
        if area.left <= column <= area.right
    ]


def _refuse_other_tables(sheet: Sheet, table: TableInfo, area: Area) -> None:
    for other in sheet.package.tables_on(sheet.part):
        if other.part != table.part and other.area.meets(area):
            raise CannotPatch(
                f"{sheet.name}: table {table.name} at {table.area} has no room to grow to {area}: "
                f"table {other.name} is at {other.area}. Move that table."
            )


def _refuse_merged_cells(sheet: Sheet, table: TableInfo, new: Area) -> None:
    """Excel takes away a table that lies over merged cells, blank ones too."""
    for merged in sheet.guards.merged:
        if merged.meets(new):
            raise CannotPatch(
                f"{sheet.name}: table {table.name} needs {new} for new rows, and the cells "
                f"{merged} are merged. Unmerge them."
            )


def _refuse_unless_it_can_move(sheet: Sheet, table: TableInfo, block: Area, rows: int) -> None:
    what = _what_holds(sheet, table, block)
    if what:
        first = next((c.address for c in _cells(sheet, block) if c.inside), str(block))
        raise CannotPatch(
            f"{sheet.name}, {first}: table {table.name} needs this place for new rows, and the "
            f"cells {block} cannot be moved without loss: {what}. Move them away from under "
            "the table."
        )
    change, reach = _relocation(sheet, block, rows)
    plan_references(sheet.package, change, sheet=sheet.name, rows=reach, thorough=True)


def _what_holds(sheet: Sheet, table: TableInfo, block: Area) -> str | None:
    """What ties cells to their place; None if they are free to move."""
    for area in sheet.guards.fixed:
        if area.meets(block):
            return f"{area} is an array formula or a pivot table"
    for other in sheet.package.tables_on(sheet.part):
        if other.part != table.part and other.area.meets(block):
            return f"table {other.name} is at {other.area}"
    waiting = waiting_sparklines(sheet.frame, table.body)
    for element in _with_areas(sheet.frame):
        name = local_name(element)
        owner = element.getparent() if name == "sqref" else element
        kind = name if owner is None else local_name(owner)
        if owner in waiting:
            continue
        for area in parse_areas(element.get("ref") or element.get("sqref") or element.text):
            inside = block.covers(area)
            if area.meets(block) and not (
                (inside and name in _MOVES_WITH_ITS_CELLS)
                or (area.top <= table.body.bottom and name not in _ONE_WITH_ITS_CELLS)
            ):
                return f"{_IN_WORDS.get(kind, f'a {kind} lies')} over {area}"
    for note in (*comments_on(sheet), *threads_on(sheet)):
        area = Area.parse(note.get("ref", ""))
        if area.meets(block):
            return f"{cell_name(area.top, area.left)} has a comment"
    return None


def _with_areas(frame: Element) -> list[Element]:
    """What lies over cells: merges, links, a filter, formats, validations, sparklines."""
    single = [
        element
        for group, kind in (("mergeCells", "mergeCell"), ("hyperlinks", "hyperlink"))
        for element in children(child(frame, group), kind)
    ]
    listed = [
        element
        for element in frame.iter("{*}*")
        if local_name(element) == "sqref"
        or (element.get("sqref") and local_name(element) != "selection")
    ]
    filters = [e for name in ("autoFilter", "sortState") for e in children(frame, name)]
    return single + filters + listed
