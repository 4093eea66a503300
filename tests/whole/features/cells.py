"""Staff's own sheets, columns and formulas, and the marks of the program that saved them."""

from __future__ import annotations

from lxml import etree

from tests.whole.features.kinds import (
    SHEETS,
)
from tests.whole.workbook import MAIN, SPACES, Workbook, element


def a_sheet_of_their_own(book: Workbook) -> None:
    """Formulas into data tables and our sheets, shared ones too, sparklines, a calc chain."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Our own view</t></is></c></row>'
        '<row r="2"><c r="A2"><f>SUM(PurpleBook[Numerator])</f><v>1</v></c>'
        '<c r="B2"><f>COUNTIF(Scorecard[RAG for GOOD benchmark],"A*")</f><v>0</v></c>'
        '<c r="C2" t="str"><f>Scorecard!F5&amp;" "&amp;Checks!A2</f><v>x</v></c></row>'
        '<row r="3"><c r="A3"><f t="shared" ref="A3:A5" si="0">ROW(A3)*2</f><v>6</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" si="0"/><v>8</v></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="0"/><v>10</v></c></row>'
    )
    part = book.add_sheet("Our view", rows)
    book.extend(
        part,
        "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
        '<x14:sparklineGroups><x14:sparklineGroup displayEmptyCellsAs="gap">'
        '<x14:colorSeries rgb="FF376092"/><x14:sparklines><x14:sparkline>'
        "<xm:f>Scorecard!L5:AI5</xm:f><xm:sqref>D2</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup></x14:sparklineGroups>",
    )
    number = part.removeprefix("xl/worksheets/sheet").removesuffix(".xml")
    cells = "".join(f'<c r="{cell}" i="{number}"/>' for cell in ("A2", "B2", "C2", "A3", "A4"))
    chain = book.add(
        "xl/calcChain.xml",
        f'<calcChain xmlns="{MAIN}">{cells}</calcChain>',
        f"{SHEETS}.calcChain+xml",
    )
    book.link("xl/workbook.xml", "calcChain", chain)


def a_dynamic_array(book: Workbook) -> None:
    """On a sheet of staff's own, and on the Scorecard beside the table."""
    metadata = book.add(
        "xl/metadata.xml",
        f'<metadata xmlns="{MAIN}" xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/'
        '2017/dynamicarray"><metadataTypes count="1"><metadataType name="XLDAPR" '
        'minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" '
        'splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" '
        'cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
        '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties '
        'fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
        '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>',
        f"{SHEETS}.sheetMetadata+xml",
    )
    book.link("xl/workbook.xml", "sheetMetadata", metadata)
    for sheet in (book.add_sheet("Lists", ""), book.sheet("Scorecard")):
        cell = book.cell(sheet, "BA5")
        cell.set("cm", "1")
        cell.append(element('<f t="array" ref="BA5:BA7">_xlfn.SEQUENCE(3)</f>'))
        cell.append(element("<v>1</v>"))
        for row, value in ((6, 2), (7, 3)):
            book.set(sheet, f"BA{row}", value)


def notes_beside_our_grids(book: Workbook) -> None:
    """Within the cells that By team and Trends may fill, a gap away from those that they do."""
    sheet = book.sheet("By team")
    book.set(sheet, "P4", "Our note")
    book.set(sheet, "P6", "Ask North.")
    book.set(sheet, "Q6", 2, formula="COUNTA(D5:D30)")
    book.set(sheet, "B100", "Seen by the board")
    book.set(book.sheet("Trends"), "C110", "Seen by the board")


def columns_of_staff(book: Workbook) -> None:
    """Typed and calculated columns at the right of data tables and of the Scorecard."""
    column, rows = book.add_column("PurpleBook", "Checked by")
    for row in range(rows.top, rows.top + 20):
        book.set(book.sheet_of("PurpleBook"), f"{column}{row}", f"Reader {row}")
    formula = "PurpleBook[[#This Row],[Numerator]]*2"
    column, rows = book.add_column("PurpleBook", "Twice", formula)
    for row in range(rows.top, rows.bottom + 1):
        book.set(book.sheet_of("PurpleBook"), f"{column}{row}", 0, formula=formula)
    column, rows = book.add_column("Scorecard", "Director's note")
    for row in range(rows.top, rows.bottom + 1):
        book.set(book.sheet("Scorecard"), f"{column}{row}", f"About KQI {row - 4}")
    formula = 'Scorecard[[#This Row],[KQI]]&amp;" of 7"'
    column, rows = book.add_column("Scorecard", "Of how many", formula)
    for row in range(rows.top, rows.bottom + 1):
        book.set(book.sheet("Scorecard"), f"{column}{row}", f"{row - 4} of 7", formula=formula)


def saved_by_excel(book: Workbook) -> None:
    """What Excel adds to every sheet that it saves: revision marks, line heights, a scroll bar."""
    x14ac = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
    xr = "http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
    for number, part in enumerate(p for p in list(book.parts) if p.startswith("xl/worksheets/s")):
        old = book.tree(part)
        spaces = {"x14ac": x14ac, "xr": xr, "mc": SPACES["mc"]}
        new = etree.Element(old.tag, nsmap={**spaces, **old.nsmap})  # type: ignore[dict-item]
        new.set(f"{{{SPACES['mc']}}}Ignorable", "x14ac xr")
        new.set(f"{{{xr}}}uid", f"{{00000000-0001-0000-0000-{number:012d}}}")
        new.extend(list(old))
        book.replace(part, new)
        for row in new.iter(f"{{{MAIN}}}row"):
            row.set(f"{{{x14ac}}}dyDescent", "0.25")
        for form in new.iter(f"{{{MAIN}}}sheetFormatPr"):
            form.set(f"{{{x14ac}}}dyDescent", "0.25")
