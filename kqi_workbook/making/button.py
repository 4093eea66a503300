"""Make the macro workbook: the template and ``macros/`` give a .xlsm with a button and a tab.

    python -m kqi_workbook.making.button [WORKBOOK.xlsx MACRO_WORKBOOK.xlsm]

It works on the finished .xlsx, so that whoever makes the template needs to know nothing of macros.
"""

from __future__ import annotations

import io
import posixpath
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from kqi_workbook import layout
from kqi_workbook.books.ooxml.addresses import cell_name
from kqi_workbook.books.ooxml.markup import (
    MAIN,
    RELATIONSHIP_IDS,
    WORKBOOK_ORDER,
    WORKSHEET_ORDER,
    child,
    descendants,
    ensure_child,
    insert_in_order,
    namespace,
)
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.making.vba_project import (
    Module,
    ModuleKind,
    document_module,
    read_module,
    vba_project,
)

PROJECT = Path(__file__).resolve().parents[2]
MACROS = PROJECT / "macros"
TEMPLATE = PROJECT / "templates" / "KQI_template.xlsx"
MACRO_TEMPLATE = TEMPLATE.with_suffix(".xlsm")

VBA_PART = "xl/vbaProject.bin"
RIBBON_PART = "customUI/customUI.xml"
BUTTON_PART = "xl/drawings/vmlDrawing1.vml"

MACRO_WORKBOOK_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
VBA_TYPE = "application/vnd.ms-office.vbaProject"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
VBA_LINK = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON_LINK = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
VML_LINK = f"{RELATIONSHIP_IDS[MAIN]}/vmlDrawing"

LINK_ID = "rIdKQI"  # each part that gains a link gains one
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name


# Above this column of the Scorecard: past the words in the row above the table, and on the screen
# of a laptop. The row is in the pane that never scrolls.
BUTTON_COLUMN = "Qualitative measures"
BUTTON_WIDTH = 170  # pixels
ROW_HEIGHT = 32  # pixels
MARGIN = 3  # pixels
POINTS = 3 / 4  # a pixel


@dataclass(frozen=True)
class Place:
    """The cell that the button lies in; it is narrower than the column."""

    sheet: str
    row: int
    column: int

    @property
    def anchor(self) -> str:
        """Column, offset, row, offset of the top left, then of the bottom right; from 0."""
        column, row = self.column - 1, self.row - 1
        top_left = (column, MARGIN, row, MARGIN)
        bottom_right = (column, MARGIN + BUTTON_WIDTH, row, ROW_HEIGHT - MARGIN)
        return ", ".join(map(str, top_left + bottom_right))


def _above_the_table(package: Package) -> Place:
    table = package.tables[layout.SCORECARD.name]
    column = table.area.left + table.columns.index(BUTTON_COLUMN)
    return Place(table.sheet, table.area.top - 1, column)


def add_button(xlsx: bytes, macros: Path) -> bytes:
    """A macro workbook (.xlsm) of a workbook: with macros, the sheet's button and the ribbon tab.

    The button stands above the Scorecard's table. The same input gives the same bytes.

    Parameters
    ----------
    xlsx
        A finished workbook: no macros, and no comments or form controls on the Scorecard.
    macros
        The folder of the modules (``*.bas``) and the ribbon's ``customUI.xml``.

    Raises
    ------
    KQIWorkbookError
        If the workbook has macros already, or the button would cover text.
    """
    package = Package.of_bytes(xlsx, "the workbook")
    if package.has_macros:
        raise KQIWorkbookError("The workbook has macros already; give the .xlsx without them.")
    place = _above_the_table(package)
    _check_free(package, place)

    modules = [read_module(path) for path in sorted(macros.glob("*.bas"))]
    number = package.sheet_names.index(place.sheet) + 1
    added = {
        VBA_PART: vba_project([*_name_for_vba(package), *modules]),
        RIBBON_PART: (macros / "customUI.xml").read_bytes(),
        BUTTON_PART: _button(number, place).encode(),
    }
    package.declare(package.workbook_part, MACRO_WORKBOOK_TYPE)
    package.declare(VBA_PART, VBA_TYPE)
    package.declare(BUTTON_PART, VML_TYPE)
    _link(package, package.workbook_part, VBA_LINK, VBA_PART)
    _link(package, "", RIBBON_LINK, RIBBON_PART)
    _show_button(package, place)
    return _zip(xlsx, {**package.changes(), **added})


def _check_free(package: Package, place: Place) -> None:
    root = package.root(package.sheet_part(place.sheet))
    if child(root, "legacyDrawing") is not None:
        raise KQIWorkbookError(f"{place.sheet} has comments or controls; the button needs none.")
    address = cell_name(place.row, place.column)
    if any(cell.get("r") == address and len(cell) for cell in descendants(root, "c")):
        raise KQIWorkbookError(f"{place.sheet}!{address} holds text; the button would hide it.")


def _name_for_vba(package: Package) -> list[Module]:
    """Give the workbook and each sheet its code name; gives the modules that stand behind them."""
    properties = ensure_child(package.workbook, "workbookPr", WORKBOOK_ORDER)
    properties.set("codeName", "ThisWorkbook")
    modules = [document_module("ThisWorkbook", ModuleKind.WORKBOOK)]
    for number, sheet in enumerate(package.sheet_names, start=1):
        root = package.root(package.sheet_part(sheet))
        ensure_child(root, "sheetPr", WORKSHEET_ORDER).set("codeName", f"Sheet{number}")
        modules.append(document_module(f"Sheet{number}", ModuleKind.SHEET))
    return modules


def _link(package: Package, owner: str, kind: str, target: str) -> None:
    """Link a part that has links already (``""`` is the file) to a new one."""
    folder, name = posixpath.split(owner)
    links = package.root(posixpath.join(folder, "_rels", f"{name}.rels"))
    path = posixpath.relpath(target, folder or ".")
    attributes = {"Id": LINK_ID, "Type": kind, "Target": path}
    etree.SubElement(links, f"{{{namespace(links)}}}Relationship", attributes)


def _show_button(package: Package, place: Place) -> None:
    part = package.sheet_part(place.sheet)
    for row in descendants(package.root(part), "row"):
        if row.get("r") == str(place.row):
            row.set("ht", f"{ROW_HEIGHT * POINTS:g}")
            row.set("customHeight", "1")
    drawing = etree.Element(f"{{{MAIN}}}legacyDrawing")
    drawing.set(f"{{{RELATIONSHIP_IDS[MAIN]}}}id", LINK_ID)
    insert_in_order(package.root(part), drawing, WORKSHEET_ORDER)
    _link(package, part, VML_LINK, BUTTON_PART)


def _button(sheet_number: int, place: Place) -> str:
    """The button's VML, as Excel writes a form control. It is not printed.

    VML numbers the shapes of a workbook: 1024 for each sheet.
    """
    return f"""<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
 <o:shapelayout v:ext="edit">
  <o:idmap v:ext="edit" data="{sheet_number}"/>
 </o:shapelayout>
 <v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201"
  path="m,l,21600r21600,l21600,xe">
  <v:stroke joinstyle="miter"/>
  <v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/>
  <o:lock v:ext="edit" shapetype="t"/>
 </v:shapetype>
 <v:shape id="_x0000_s{1024 * sheet_number + 1}" type="#_x0000_t201" alt="Refresh KQIs"
  style="position:absolute;z-index:1;mso-wrap-style:tight" o:button="t"
  fillcolor="buttonFace [67]" strokecolor="windowText [64]" o:insetmode="auto">
  <v:fill color2="buttonFace [67]" o:detectmouseclick="t"/>
  <o:lock v:ext="edit" rotation="t"/>
  <v:textbox style="mso-direction-alt:auto" o:singleclick="f">
   <div style="text-align:center"><font face="Calibri" size="220" color="#000000"
    >Refresh KQIs</font></div>
  </v:textbox>
  <x:ClientData ObjectType="Button">
   <x:Anchor>{place.anchor}</x:Anchor>
   <x:PrintObject>False</x:PrintObject>
   <x:AutoFill>False</x:AutoFill>
   <x:FmlaMacro>[0]!RefreshKQIs</x:FmlaMacro>
   <x:TextHAlign>Center</x:TextHAlign>
   <x:TextVAlign>Center</x:TextVAlign>
  </x:ClientData>
 </v:shape>
</xml>
"""


def _zip(before: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The zip file with some members changed and others added, free of the clock and the system."""
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**content, **changed}.items():
            member = zipfile.ZipInfo(name, EARLIEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            archive.writestr(member, data)
    return out.getvalue()


def main(workbook: str = str(TEMPLATE), macro_workbook: str = str(MACRO_TEMPLATE)) -> None:
    """Make a macro workbook: by default the macro template from the template."""
    Path(macro_workbook).write_bytes(add_button(Path(workbook).read_bytes(), MACROS))
    print(f"Made {macro_workbook}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
