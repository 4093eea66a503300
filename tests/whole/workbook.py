"""A workbook file as its parts, to add to what Excel would have added: parts, links, elements."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from kqi_workbook.books.ooxml.addresses import Area, cell_name, column_letters, parse_cell
from kqi_workbook.books.ooxml.markup import (
    WORKBOOK_ORDER,
    WORKSHEET_ORDER,
    Element,
    child,
    descendants,
    dump,
    insert_in_order,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = {
    "": MAIN,
    "r": LINKS,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "x15": "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
DECLARED = " ".join(f'xmlns{":" if p else ""}{p}="{uri}"' for p, uri in SPACES.items())
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "[Content_Types].xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES_SPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_LINKS_SPACE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_NO_LINKS = f'<Relationships xmlns="{_LINKS_SPACE[1:-1]}"/>'.encode()
_WHEN = (2014, 3, 31, 12, 0, 0)


def members(content: bytes) -> dict[str, bytes]:
    """Each member of a zip file, unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed_members(content: bytes) -> dict[str, bytes]:
    """Each member's bytes as they lie compressed in the zip file."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            lengths = content[info.header_offset + 26 : info.header_offset + 30]
            name, extra = (int.from_bytes(lengths[i : i + 2], "little") for i in (0, 2))
            start = info.header_offset + 30 + name + extra
            found[info.filename] = content[start : start + info.compress_size]
    return found


class Workbook:
    """The parts of a workbook, changed in place; ``content`` zips them."""

    def __init__(self, content: bytes) -> None:
        self.parts = members(content)
        self._trees: dict[str, Element] = {}

    # ---- parts

    def tree(self, part: str) -> Element:
        """A part to change."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def replace(self, part: str, tree: Element) -> None:
        """Another tree for a part."""
        self._trees[part] = tree

    def add(self, part: str, content: str | bytes, content_type: str = "") -> str:
        """A new part; one without a type of its own has its extension's."""
        assert part not in self.parts
        self.parts[part] = (XML + content).encode() if isinstance(content, str) else content
        if content_type:
            self._declare("Override", PartName=f"/{part}", ContentType=content_type)
        return part

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Say once what parts with an extension are."""
        known = {e.get("Extension") for e in descendants(self.tree(TYPES), "Default")}
        if extension not in known:
            self._declare("Default", Extension=extension, ContentType=content_type)

    def _declare(self, name: str, **attributes: str) -> None:
        new = etree.SubElement(self.tree(TYPES), _TYPES_SPACE + name, attributes)
        if name == "Default":
            self.tree(TYPES).insert(0, new)

    def link(self, owner: str, kind: str, target: str) -> str:
        """Link a part (``""`` is the file) to another; gives the link's id."""
        folder, name = posixpath.split(owner)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        if links not in self.parts:
            self.parts[links] = _NO_LINKS
        root = self.tree(links)
        new = etree.SubElement(root, f"{_LINKS_SPACE}Relationship")
        new.set("Id", f"rIdOwn{len(root)}")
        new.set("Type", kind if "://" in kind else f"{LINKS}/{kind}")
        new.set("Target", posixpath.relpath(target, folder or "."))
        return new.get("Id", "")

    def drop(self, part: str) -> None:
        """Take a part out that nothing links to."""
        del self.parts[part]
        self._trees.pop(part, None)

    def links_of(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind and target of a part's links."""
        folder, name = posixpath.split(part)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        for link in self.tree(links) if links in self.parts else ():
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
            yield link.get("Id", ""), link.get("Type", "").rpartition("/")[2], target[1:]

    # ---- sheets

    @property
    def book(self) -> Element:
        return self.tree("xl/workbook.xml")

    def sheet(self, name: str) -> str:
        """The part of the sheet of that name."""
        targets = {link: target for link, _, target in self.links_of("xl/workbook.xml")}
        for sheet in descendants(self.book, "sheet"):
            if sheet.get("name") == name:
                return targets[sheet.get(f"{{{LINKS}}}id", "")]
        raise KeyError(name)

    def add_sheet(self, name: str, rows: str, after: str = "") -> str:
        """A sheet of staff's own with these rows."""
        number = 1 + sum(part.startswith("xl/worksheets/sheet") for part in self.parts)
        part = self.add(
            f"xl/worksheets/sheet{number}.xml",
            f"<worksheet {DECLARED}><sheetData>{rows}</sheetData>{after}</worksheet>",
            SHEET_TYPE,
        )
        sheets = child(self.book, "sheets")
        assert sheets is not None
        new = etree.SubElement(sheets, f"{{{MAIN}}}sheet")
        new.set("name", name)
        new.set("sheetId", str(number))
        new.set(f"{{{LINKS}}}id", self.link("xl/workbook.xml", "worksheet", part))
        return part

    def insert(self, part: str, xml: str) -> Element:
        """An element into a sheet or the workbook, where the schema wants it."""
        new = element(xml)
        order = WORKBOOK_ORDER if part == "xl/workbook.xml" else WORKSHEET_ORDER
        insert_in_order(self.tree(part), new, order)
        return new

    def extend(self, part: str, uri: str, xml: str) -> None:
        """An extension of a sheet or the workbook, beside those that it has."""
        extensions = child(self.tree(part), "extLst")
        if extensions is None:
            extensions = self.insert(part, "<extLst/>")
        extensions.append(element(f'<ext uri="{uri}">{xml}</ext>'))

    def table(self, name: str) -> tuple[str, Element]:
        """A table's part and tree."""
        for part in self.parts:
            if part.startswith("xl/tables/") and self.tree(part).get("displayName") == name:
                return part, self.tree(part)
        raise KeyError(name)

    def cell(self, part: str, address: str) -> Element:
        """A cell, made in its place if it is not there."""
        number, column = parse_cell(address)
        rows = child(self.tree(part), "sheetData")
        assert rows is not None
        row = _placed(rows, "row", str(number), number)
        return _placed(row, "c", address, column)

    def set(self, part: str, address: str, value: str | float, *, formula: str = "") -> Element:
        """Put a text or number into a cell, its format kept; or a formula that shows it."""
        cell = self.cell(part, address)
        for inside in list(cell):
            cell.remove(inside)
        if "t" in cell.attrib:
            del cell.attrib["t"]
        if formula:
            cell.append(element(f"<f>{formula}</f>"))
        if isinstance(value, str) and not formula:
            cell.set("t", "inlineStr")
            cell.append(element(f"<is><t>{value}</t></is>"))
        else:
            if isinstance(value, str):
                cell.set("t", "str")
            cell.append(element(f"<v>{value}</v>"))
        return cell

    def add_column(self, table: str, header: str, formula: str = "") -> tuple[str, Area]:
        """A column of staff's at the right of a table: its letters, and its data rows."""
        _, root = self.table(table)
        area = Area.parse(root.get("ref", ""))
        columns = child(root, "tableColumns")
        assert columns is not None
        ids = [int(column.get("id", "0")) for column in columns]
        new = etree.SubElement(columns, f"{{{MAIN}}}tableColumn", id=str(max(ids) + 1), name=header)
        columns.set("count", str(len(columns)))
        if formula:
            new.append(element(f"<calculatedColumnFormula>{formula}</calculatedColumnFormula>"))
        wider = Area(area.top, area.left, area.bottom, area.right + 1)
        root.set("ref", str(wider))
        if (filtered := child(root, "autoFilter")) is not None:
            filtered.set("ref", str(wider))
        sheet = self.sheet_of(table)
        self.set(sheet, cell_name(area.top, wider.right), header)
        return column_letters(wider.right), Area(
            area.top + 1, wider.right, area.bottom, wider.right
        )

    def sheet_of(self, table: str) -> str:
        """The part of the sheet that a table is on."""
        part, _ = self.table(table)
        for sheet in self.parts:
            if sheet.startswith("xl/worksheets/sheet"):
                if part in {target for _, _, target in self.links_of(sheet)}:
                    return sheet
        raise KeyError(table)

    def number(self, folder: str) -> int:
        """A number that no part of a folder such as ``xl/drawings/drawing`` has yet."""
        return 1 + sum(part.startswith(folder) for part in self.parts)

    # ---- styles

    def style(self, **changes: str) -> str:
        """A cell format: the plain one with a font, fill or number format added to the styles.

        ``font``, ``fill`` are XML; ``code`` is a number format's.
        """
        root = self.tree("xl/styles.xml")

        def added(group: str, xml: str) -> str:
            parent = child(root, group)
            assert parent is not None
            parent.append(element(xml))
            parent.set("count", str(len(parent)))
            return str(len(parent) - 1)

        marks = {"fontId": "0", "fillId": "0", "numFmtId": "0"}
        if "font" in changes:
            marks["fontId"] = added("fonts", changes["font"])
        if "fill" in changes:
            marks["fillId"] = added("fills", changes["fill"])
        if "code" in changes:
            marks["numFmtId"] = "199"
            added("numFmts", f'<numFmt numFmtId="199" formatCode="{changes["code"]}"/>')
        stated = " ".join(f'{name}="{value}"' for name, value in marks.items())
        applied = 'applyFont="1" applyFill="1" applyNumberFormat="1"'
        return added("cellXfs", f'<xf {stated} borderId="0" xfId="0" {applied}/>')

    # ---- the file

    def content(self) -> bytes:
        """The workbook as a file."""
        for part, tree in self._trees.items():
            self.parts[part] = dump(tree)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in self.parts.items():
                archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
        return target.getvalue()


def element(xml: str) -> Element:
    """An element written with the prefixes of ``SPACES``."""
    (new,) = etree.fromstring(f"<x {DECLARED}>{xml}</x>")
    return new


def _placed(parent: Element, name: str, mark: str, place: int) -> Element:
    def stands_at(sibling: Element) -> int:
        here = sibling.get("r", "")
        return int(here) if name == "row" else parse_cell(here)[1]

    after = next((sibling for sibling in parent if stands_at(sibling) >= place), None)
    if after is not None and stands_at(after) == place:
        return after
    new = etree.Element(f"{{{MAIN}}}{name}", r=mark)
    if after is None:
        parent.append(new)
    else:
        after.addprevious(new)
    return new
