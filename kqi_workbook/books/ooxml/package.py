"""An Excel workbook file: what is in its parts, and how they are found by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING

from kqi_workbook.books.by_name import ByName
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.books.ooxml.archive import Archive
from kqi_workbook.books.ooxml.markup import (
    MAIN,
    RELATIONSHIP_IDS,
    STRICT,
    WORKBOOK_ORDER,
    Element,
    child,
    children,
    ensure_child,
    is_true,
    namespace,
)
from kqi_workbook.books.ooxml.parts import Parts
from kqi_workbook.books.ooxml.shared_strings import shared_strings
from kqi_workbook.books.ooxml.styles import Styles
from kqi_workbook.books.ooxml.text import unescape_text
from kqi_workbook.errors import CannotPatch, NotAWorkbook

if TYPE_CHECKING:
    from kqi_workbook.books.ooxml.sheet import Sheet
    from kqi_workbook.books.ooxml.table import Table

_SIGNATURES = "_xmlsignatures/"
_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_WORKBOOK_OF_TEMPLATE = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    ),
    "application/vnd.ms-excel.template.macroEnabled.main+xml": (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    ),
}


@dataclass(frozen=True)
class TableInfo:
    """An Excel table as its part describes it: header, body and any totals row within ``area``."""

    name: str
    sheet: str
    area: Area
    columns: tuple[str, ...]
    part: str
    header_rows: int
    totals_rows: int

    @property
    def body(self) -> Area:
        """The data rows; a table always has at least one."""
        top = self.area.top + self.header_rows
        return Area(top, self.area.left, self.area.bottom - self.totals_rows, self.area.right)


class Package(Parts):
    """An .xlsx or .xlsm file, or a template of either: its sheets, tables, styles and texts.

    After a :class:`CannotPatch` the package may hold half of a change: let it go, unwritten.
    """

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive)
        self._sheets: dict[str, Sheet] = {}
        self._tables: dict[str, list[TableInfo]] = {}
        self.formula_removed = False
        self.workbook_part = self._find_workbook()
        if self.content_type(self.workbook_part) == _BINARY:
            raise NotAWorkbook(
                f"{self.name} is a binary workbook (.xlsb). In Excel, save it as .xlsx or .xlsm."
            )
        if namespace(self.root(self.workbook_part)) not in (MAIN, STRICT):
            raise NotAWorkbook(f"{self.name} is an Office file, but not an Excel workbook.")

    @classmethod
    def of_bytes(cls, data: bytes, name: str = "the workbook") -> Package:
        """A workbook file's content.

        Raises :class:`NotAWorkbook` with one sentence that says what is wrong with the file.
        """
        return cls(Archive(data, name))

    def _find_workbook(self) -> str:
        parts = self.related("", "officeDocument")
        if not parts:
            raise NotAWorkbook(f"{self.name} is not an Excel workbook: it has no workbook part.")
        return parts[0]

    # ---- the workbook

    @property
    def workbook(self) -> Element:
        """The workbook part's tree."""
        return self.root(self.workbook_part)

    @cached_property
    def _sheet_parts(self) -> ByName[str]:
        prefix = RELATIONSHIP_IDS[namespace(self.workbook)]
        targets = {
            link.id: link.target
            for link in self.relationships(self.workbook_part)
            if link.kind == "worksheet" and link.target in self._archive.members
        }
        found = {}
        for sheet in children(child(self.workbook, "sheets"), "sheet"):
            target = targets.get(sheet.get(f"{{{prefix}}}id", ""))
            if target is not None:
                found[sheet.get("name", "")] = target
        return ByName(found)

    @property
    def sheet_names(self) -> list[str]:
        """The names of the worksheets, in the order of their tabs."""
        return list(self._sheet_parts)

    def sheet_part(self, name: str) -> str:
        """The part that holds a sheet; case does not matter, as in Excel."""
        try:
            return self._sheet_parts[name]
        except KeyError:
            raise CannotPatch(f"{self.name} has no sheet named {name!r}.") from None

    def sheet(self, name: str) -> Sheet:
        """A sheet to read and change."""
        from kqi_workbook.books.ooxml.sheet import Sheet

        part = self.sheet_part(name)
        if part not in self._sheets:
            title = next(n for n in self._sheet_parts if n.casefold() == name.casefold())
            self._sheets[part] = Sheet(self, title, part)
        return self._sheets[part]

    def is_open(self, part: str) -> bool:
        """Whether a part has been asked for as a sheet or a tree, and may have been changed."""
        return part in self._sheets or super().is_open(part)

    @cached_property
    def tables(self) -> ByName[TableInfo]:
        """Every Excel table of the workbook, by its name; case does not matter, as in Excel."""
        found = {}
        for sheet_part in self._sheet_parts.values():
            for info in self.tables_on(sheet_part):
                found[info.name] = info
        return ByName(found)

    def tables_on(self, sheet_part: str) -> list[TableInfo]:
        """The tables of one sheet."""
        if sheet_part not in self._tables:
            title = next(name for name, part in self._sheet_parts.items() if part == sheet_part)
            self._tables[sheet_part] = [
                self._table_info(title, part) for part in self.related(sheet_part, "table")
            ]
        return self._tables[sheet_part]

    def forget_tables(self) -> None:
        """Look the tables up again, as one of them has changed."""
        self._tables.clear()
        self.__dict__.pop("tables", None)

    def table(self, name: str) -> Table:
        """A table to change."""
        from kqi_workbook.books.ooxml.table import Table

        if name not in (tables := self.tables):
            raise CannotPatch(f"{self.name} has no table named {name!r}.")
        return Table(self, tables[name].part, tables[name].sheet)

    def _table_info(self, sheet: str, part: str) -> TableInfo:
        root = self.root(part)
        name = unescape_text(root.get("displayName") or root.get("name") or "")
        try:
            area = Area.parse(root.get("ref", ""))
            header_rows = int(root.get("headerRowCount", "1"))
            totals_rows = int(root.get("totalsRowCount", "0"))
        except (CannotPatch, ValueError):
            raise NotAWorkbook(f"{self.name} is damaged: {part} has no valid area.") from None
        columns = tuple(
            unescape_text(column.get("name", ""))
            for column in children(child(root, "tableColumns"), "tableColumn")
        )
        info = TableInfo(name, sheet, area, columns, part, header_rows, totals_rows)
        if len(columns) != area.right - area.left + 1 or info.body.height < 1:
            raise NotAWorkbook(
                f"{self.name} is damaged: table {name!r} is said to be at {area}, "
                f"which does not fit its {len(columns)} columns and its header."
            )
        return info

    @cached_property
    def date1904(self) -> bool:
        """Whether the workbook counts days from 1904, as old Excel for Mac did."""
        properties = child(self.workbook, "workbookPr")
        return properties is not None and is_true(properties.get("date1904"))

    @cached_property
    def shared_strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        part = self._shared_strings_part
        return shared_strings(self.read(part), f"{self.name}: {part}") if part else []

    def take_shared_strings(self, other: Package) -> None:
        """Have another package's rather than read them, where both hold them in the same bytes."""
        ours, theirs = self._shared_strings_part, other._shared_strings_part
        if ours and theirs and self.packed(ours) == other.packed(theirs):
            self.shared_strings = other.shared_strings

    @property
    def _shared_strings_part(self) -> str | None:
        return next(iter(self.related(self.workbook_part, "sharedStrings")), None)

    @cached_property
    def styles(self) -> Styles:
        """The cell formats, and the looks of conditional formats."""
        parts = self.related(self.workbook_part, "styles")
        if not parts:
            raise CannotPatch(f"{self.name} has no styles. Open it in Excel and save it again.")
        return Styles(self.root(parts[0]))

    @property
    def is_template(self) -> bool:
        """Whether the file is an .xltx or .xltm, whatever its name."""
        return self.content_type(self.workbook_part) in _WORKBOOK_OF_TEMPLATE

    @property
    def has_macros(self) -> bool:
        """Whether the file holds macros, and must therefore be named .xlsm (or .xltm)."""
        return ".macroEnabled." in self.content_type(self.workbook_part)

    def as_workbook(self) -> None:
        """Make a template a workbook, so that it can be saved as .xlsx or .xlsm."""
        kind = _WORKBOOK_OF_TEMPLATE.get(self.content_type(self.workbook_part))
        if kind is None:
            return
        self.declare(self.workbook_part, kind)

    @property
    def _signature(self) -> set[str]:
        """The parts of a digital signature, as long as it is there."""
        signed = (m for m in self._archive.members if m.casefold().startswith(_SIGNATURES))
        return {*signed, *self.related("", "origin")} - self._dropped

    def drop_signature(self) -> None:
        """Take a digital signature off, where there is one."""
        for part in self._signature:
            self.drop(part, "")

    # ---- saving

    def refuse_if_signed(self) -> None:
        """Raise :class:`CannotPatch` if it has changed under its digital signature."""
        if self._signature and self.changed:
            raise CannotPatch(
                f"{self.name} is digitally signed, and any change would break the signature. Take "
                "it off in Excel (File, Info, View Signatures), or have a new workbook made, which "
                "is not signed (--output)."
            )

    def write(self, target: IO[bytes]) -> None:
        """Write the workbook to a binary file, unless its signature forbids it."""
        self.refuse_if_signed()
        super().write(target)

    def changes(self) -> dict[str, bytes]:
        """The parts that differ from the file that was read, with their new content."""
        sheets = dict(self._changed_sheets())
        if sheets:
            self._let_excel_calculate()
        return {**super().changes(), **sheets}

    @property
    def changed(self) -> bool:
        """Whether writing would give anything else than the file that was read."""
        return super().changed or any(self._changed_sheets())

    def _changed_sheets(self) -> Iterator[tuple[str, bytes]]:
        for sheet in self._sheets.values():
            if (rewritten := sheet.changed_content()) is not None:
                yield sheet.part, rewritten

    def _let_excel_calculate(self) -> None:
        """Have formulas worked out on opening; a calculation chain may name cells without one."""
        ensure_child(self.workbook, "calcPr", WORKBOOK_ORDER).set("fullCalcOnLoad", "1")
        if self.formula_removed:
            for part in self.related(self.workbook_part, "calcChain"):
                self.drop(part, self.workbook_part)
