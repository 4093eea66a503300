"""What lies outside the sheets: queries, labels, names, custom XML."""

from __future__ import annotations

from lxml import etree

from tests.whole.features.kinds import (
    MICROSOFT_LINKS,
    OFFICE,
    SHEETS,
)
from tests.whole.workbook import MAIN, Workbook


def a_query_behind_a_data_table(book: Workbook) -> None:
    """The Court table is loaded by Power Query: connection, query table, the query itself."""
    part, table = book.table("Court")
    table.set("tableType", "queryTable")
    names = []
    for column in table.iter(f"{{{MAIN}}}tableColumn"):
        number = column.get("id", "")
        column.set("uniqueName", number)
        column.set("queryTableFieldId", number)
        names.append(f'<queryTableField id="{number}" name="Field {number}" '
                     f'tableColumnId="{number}"/>')  # fmt: skip
    connections = book.add(
        "xl/connections.xml",
        f'<connections xmlns="{MAIN}"><connection id="1" keepAlive="1" name="Query - Court" '
        'type="5" refreshedVersion="8" background="1" saveData="1"><dbPr connection="Provider='
        'Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=Court" '
        'command="SELECT * FROM [Court]"/></connection></connections>',
        f"{SHEETS}.connections+xml",
    )
    book.link("xl/workbook.xml", "connections", connections)
    query = book.add(
        "xl/queryTables/queryTable1.xml",
        f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16" '
        'applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" '
        'applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="0">'
        f'<queryTableRefresh nextId="{len(names) + 1}"><queryTableFields count="{len(names)}">'
        f"{''.join(names)}</queryTableFields></queryTableRefresh></queryTable>",
        f"{SHEETS}.queryTable+xml",
    )
    book.link(part, "queryTable", query)
    custom_xml(book, "http://schemas.microsoft.com/DataMashup", "<DataMashup>AAAA</DataMashup>")


def custom_xml(book: Workbook, schema: str = "urn:council:records", body: str = "<keep/>") -> None:
    number = book.number("customXml/item")
    item = book.add(f"customXml/item{number}.xml", f'<x xmlns="{schema}">{body}</x>')
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    properties = book.add(
        f"customXml/itemProps{number}.xml",
        f'<ds:datastoreItem ds:itemID="{{62AB6B69-CE6F-4C8E-AA69-19158AF0814{number}}}" '
        f'xmlns:ds="{space}"><ds:schemaRefs><ds:schemaRef ds:uri="{schema}"/></ds:schemaRefs>'
        "</ds:datastoreItem>",
        f"{OFFICE}.customXmlProperties+xml",
    )
    book.link(item, "customXmlProps", properties)
    book.link("xl/workbook.xml", "customXml", item)


def a_sensitivity_label(book: Workbook) -> None:
    label = book.add(
        "docMetadata/LabelInfo.xml",
        '<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata">'
        '<clbl:label id="{b1c9b508-7c6e-42bd-bedf-000000000000}" enabled="1" method="Standard" '
        'siteId="{2882be50-2012-4d88-ac86-000000000000}" contentBits="1" removed="0"/>'
        "</clbl:labelList>",
        "application/vnd.ms-office.classificationlabels+xml",
    )
    book.link("", f"{MICROSOFT_LINKS}/2020/02/relationships/classificationlabels", label)
    custom = book.add(
        "docProps/custom.xml",
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
        'custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/'
        'docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" '
        'name="MSIP_Label_Name"><vt:lpwstr>Official - Sensitive</vt:lpwstr></property>'
        "</Properties>",
        f"{OFFICE}.custom-properties+xml",
    )
    book.link("", "custom-properties", custom)


def defined_name(book: Workbook, name: str, formula: str, **marks: str) -> None:
    names = book.book.find(f"{{{MAIN}}}definedNames")
    assert names is not None
    new = etree.SubElement(names, f"{{{MAIN}}}definedName", {"name": name, **marks})
    new.text = formula


def names_of_staff(book: Workbook) -> None:
    defined_name(book, "Own_area", "Scorecard!$B$5:$B$11")
    defined_name(book, "Own_formula", 'COUNTIF(PurpleBook[Team],"North")', hidden="1")
    defined_name(book, "Own_lambda", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x*2)", comment="Twice")
    defined_name(book, "Own_lost", "#REF!")
    defined_name(book, "Own_local", "Checks!$A$1:$F$1", localSheetId="2")
