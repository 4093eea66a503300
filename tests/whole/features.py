"""What staff put into a workbook, one function a feature, written as Excel writes it.

Each adds to the workbook and says nothing: whoever calls holds the file before a refresh against
the file after. They lie where a refresh is most likely to harm them: on the sheets that it writes.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TypeAlias

from lxml import etree

from kqi_workbook.books.ooxml.addresses import cell_name
from tests.whole.workbook import MAIN, SPACES, Workbook, element

Feature: TypeAlias = Callable[[Workbook], None]

OFFICE = "application/vnd.openxmlformats-officedocument"
SHEETS = f"{OFFICE}.spreadsheetml"
MICROSOFT = "application/vnd.ms-excel"
DRAWING_TYPE = f"{OFFICE}.drawing+xml"
VML_TYPE = f"{OFFICE}.vmlDrawing"
MICROSOFT_LINKS = "http://schemas.microsoft.com/office"

PERSON = "{11111111-2222-4333-8444-555555555555}"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# ---- notes and comments


def threaded_comments(book: Workbook) -> None:
    sheet = book.sheet("Scorecard")
    thread = "{21111111-2222-4333-8444-555555555555}"
    answer = "{31111111-2222-4333-8444-555555555555}"
    space = f"{MICROSOFT_LINKS}/spreadsheetml/2018/threadedcomments"
    person = book.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{space}" xmlns:x="{MAIN}"><person displayName="A Reader" '
        f'id="{PERSON}" userId="reader" providerId="None"/></personList>',
        f"{MICROSOFT}.person+xml",
    )
    book.link("xl/workbook.xml", f"{MICROSOFT_LINKS}/2017/10/relationships/person", person)
    threads = book.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}" xmlns:x="{MAIN}">'
        f'<threadedComment ref="F5" dT="2014-04-02T12:46:23.49" personId="{PERSON}" id="{thread}">'
        f"<text>Why is this Amber?</text></threadedComment>"
        f'<threadedComment ref="F5" dT="2014-04-02T13:00:00.00" personId="{PERSON}" id="{answer}" '
        f'parentId="{thread}"><text>See the plan.</text></threadedComment></ThreadedComments>',
        f"{MICROSOFT}.threadedcomments+xml",
    )
    kind = f"{MICROSOFT_LINKS}/2017/10/relationships/threadedComment"
    book.link(sheet, kind, threads)
    _notes(book, sheet, {"F5": "[Threaded comment] Why is this Amber?"}, author=f"tc={thread}")


def notes_on_cells(book: Workbook) -> None:
    _notes(book, book.sheet("Checks"), {"A4": "Sorted by how bad it is.", "D5": "Seen on Monday."})
    _notes(book, book.sheet("Court"), {"B6": "Checked with the court's list."})


def _notes(book: Workbook, sheet: str, notes: dict[str, str], author: str = "A Reader") -> None:
    number = book.number("xl/comments")
    comments = "".join(
        f'<comment ref="{cell}" authorId="0" shapeId="0"><text><r><rPr><b/><sz val="9"/></rPr>'
        f"<t>{text}</t></r></text></comment>"
        for cell, text in notes.items()
    )
    part = book.add(
        f"xl/comments{number}.xml",
        f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors>'
        f"<commentList>{comments}</commentList></comments>",
        f"{SHEETS}.comments+xml",
    )
    book.link(sheet, "comments", part)
    book.declare_extension("vml", VML_TYPE)
    shapes = "".join(
        f'<v:shape id="_x0000_s{1024 * number + i}" type="#_x0000_t202" '
        "style='position:absolute;width:96pt;height:55pt;visibility:hidden' o:insetmode=\"auto\">"
        '<v:textbox><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>1, 16, {i}, 1, 3, 16, {i + 4}, 7</x:Anchor><x:Row>{i}</x:Row>"
        "<x:Column>0</x:Column></x:ClientData></v:shape>"
        for i in range(len(notes))
    )
    vml = book.add(
        f"xl/drawings/vmlDrawing{book.number('xl/drawings/vmlDrawing')}.vml",
        (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n'
            ' xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n'
            f' <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/>'
            "</o:shapelayout>"
            '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
            'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype>'
            f"{shapes}</xml>"
        ).encode(),
    )
    book.insert(sheet, f'<legacyDrawing r:id="{book.link(sheet, "vmlDrawing", vml)}"/>')


# ---- drawings


def _draw(book: Workbook, sheet: str, *anchored: str, at: int = 30) -> str:
    """Draw on a sheet that has no drawing yet; gives the drawing's part."""
    anchors = "".join(
        "<xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{at + 12 * i}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        "<xdr:to><xdr:col>4</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{at + 12 * i + 10}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        f"{what}<xdr:clientData/></xdr:twoCellAnchor>"
        for i, what in enumerate(anchored)
    )
    part = book.add(
        f"xl/drawings/drawing{book.number('xl/drawings/drawing')}.xml",
        f'<xdr:wsDr xmlns:xdr="{SPACES["xdr"]}" xmlns:a="{SPACES["a"]}" '
        f'xmlns:r="{SPACES["r"]}" xmlns:mc="{SPACES["mc"]}">{anchors}</xdr:wsDr>',
        DRAWING_TYPE,
    )
    book.insert(sheet, f'<drawing r:id="{book.link(sheet, "drawing", part)}"/>')
    return part


def _frame(name: str, number: int, graphic: str) -> str:
    return (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{number}" name="{name}"/>'
        "<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm>'
        f"<a:graphic>{graphic}</a:graphic></xdr:graphicFrame>"
    )


_BOX = (
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="9" name="Box"/><xdr:cNvSpPr/>'
    '</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp>'
)
"""What programs show that do not know a newer kind of shape."""


def shapes_on_the_scorecard(book: Workbook) -> None:
    body = (
        '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm>'
        '<a:prstGeom prst="wedgeRectCallout"><a:avLst/></a:prstGeom></xdr:spPr>'
        '<xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="en-GB"/>'
        "<a:t>Board meets on Friday</a:t></a:r></a:p></xdr:txBody>"
    )
    linked = (
        '<xdr:sp macro="" textlink="Scorecard!$A$2"><xdr:nvSpPr>'
        '<xdr:cNvPr id="2" name="Callout 1" descr="When the board meets"/><xdr:cNvSpPr/>'
        f"</xdr:nvSpPr>{body}</xdr:sp>"
    )
    chosen = (
        '<mc:AlternateContent><mc:Choice xmlns:a14="http://schemas.microsoft.com/office/drawing/'
        '2010/main" Requires="a14"><xdr:sp macro="" textlink=""><xdr:nvSpPr>'
        '<xdr:cNvPr id="3" name="Callout 2"/><xdr:cNvSpPr/></xdr:nvSpPr>'
        f"{body}</xdr:sp></mc:Choice><mc:Fallback>{_BOX}</mc:Fallback></mc:AlternateContent>"
    )
    _draw(book, book.sheet("Scorecard"), linked, chosen)


def a_picture(book: Workbook) -> None:
    sheet = book.sheet("Checks")
    drawing = _draw(
        book,
        sheet,
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Crest"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rIdOwn1"/><a:stretch><a:fillRect/></a:stretch>'
        '</xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>',
    )
    book.declare_extension("png", "image/png")
    assert book.link(drawing, "image", book.add("xl/media/image1.png", PIXEL)) == "rIdOwn1"


def a_chart_of_the_history(book: Workbook) -> None:
    """On the History sheet, of all rows of its table, with the parts for its style and colours."""
    sheet = book.sheet("History")
    chart = book.add(
        f"xl/charts/chart{book.number('xl/charts/chart')}.xml",
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        f'xmlns:a="{SPACES["a"]}" xmlns:r="{SPACES["r"]}"><c:chart><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>History!$H$4</c:f>'
        '</c:strRef></c:tx><c:invertIfNegative val="0"/><c:val><c:numRef>'
        "<c:f>History!$H$5:$H$5</c:f></c:numRef></c:val></c:ser>"
        '<c:axId val="111"/><c:axId val="222"/></c:barChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:crossAx val="222"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="l"/><c:crossAx val="111"/></c:valAx>'
        "</c:plotArea></c:chart></c:chartSpace>",
        f"{OFFICE}.drawingml.chart+xml",
    )
    looks = "http://schemas.microsoft.com/office/drawing/2012/chartStyle"
    for kind, name, root in (
        ("chartColorStyle", "colors1", f'<cs:colorStyle xmlns:cs="{looks}" meth="cycle" id="10">'
         f'<a:schemeClr xmlns:a="{SPACES["a"]}" val="accent1"/></cs:colorStyle>'),
        ("chartStyle", "style1", _chart_style(looks)),
    ):  # fmt: skip
        part = book.add(f"xl/charts/{name}.xml", root, f"{MICROSOFT.replace('excel', 'office')}."
                        f"{kind.lower()}+xml")  # fmt: skip
        book.link(chart, f"{MICROSOFT_LINKS}/2011/relationships/{kind}", part)
    graphic = (
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'r:id="rIdOwn1"/></a:graphicData>'
    )
    drawing = _draw(book, sheet, _frame("Chart 1", 2, graphic))
    assert book.link(drawing, "chart", chart) == "rIdOwn1"


def _chart_style(space: str) -> str:
    entries = (
        "axisTitle categoryAxis chartArea dataLabel dataLabelCallout dataPoint dataPoint3D "
        "dataPointLine dataPointMarker dataPointMarkerLayout dataPointWireframe dataTable downBar "
        "dropLine errorBar floor gridlineMajor gridlineMinor hiLoLine leaderLine legend plotArea "
        "plotArea3D seriesAxis seriesLine title trendline trendlineLabel upBar valueAxis wall"
    )
    written = "".join(
        f'<cs:{name} symbol="circle" size="5"/>'
        if name == "dataPointMarkerLayout"
        else f'<cs:{name}><cs:lnRef idx="0"/><cs:fillRef idx="0"/><cs:effectRef idx="0"/>'
        f'<cs:fontRef idx="minor"/></cs:{name}>'
        for name in entries.split()
    )
    return (
        f'<cs:chartStyle xmlns:cs="{space}" xmlns:a="{SPACES["a"]}" id="201">'
        f"{written}</cs:chartStyle>"
    )


def a_slicer_on_a_data_table(book: Workbook) -> None:
    """It filters the Permanence table by its first column, and floats over that sheet."""
    sheet = book.sheet_of("Permanence")
    _, table = book.table("Permanence")
    cache = book.add(
        "xl/slicerCaches/slicerCache1.xml",
        f'<slicerCacheDefinition xmlns="{SPACES["x14"]}" xmlns:mc="{SPACES["mc"]}" '
        f'mc:Ignorable="x" xmlns:x="{MAIN}" name="Slicer_first" sourceName="Plan"><extLst>'
        f'<x:ext xmlns:x15="{SPACES["x15"]}" uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}">'
        f'<x15:tableSlicerCache tableId="{table.get("id")}" column="1"/></x:ext></extLst>'
        "</slicerCacheDefinition>",
        f"{MICROSOFT}.slicerCache+xml",
    )
    slicer = book.add(
        "xl/slicers/slicer1.xml",
        f'<slicers xmlns="{SPACES["x14"]}" xmlns:mc="{SPACES["mc"]}" mc:Ignorable="x" '
        f'xmlns:x="{MAIN}"><slicer name="Plan" cache="Slicer_first" caption="Plan" '
        'rowHeight="241300"/></slicers>',
        f"{MICROSOFT}.slicer+xml",
    )
    kind = f"{MICROSOFT_LINKS}/2007/relationships/slicer"
    link = book.link("xl/workbook.xml", f"{kind}Cache", cache)
    book.extend(
        "xl/workbook.xml",
        "{46BE6895-7355-4a93-B00E-2C351335B9C9}",
        f'<x15:slicerCaches><x14:slicerCache r:id="{link}"/></x15:slicerCaches>',
    )
    defined_name(book, "Slicer_first", "#N/A")
    book.extend(
        sheet,
        "{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}",
        f'<x14:slicerList><x14:slicer r:id="{book.link(sheet, kind, slicer)}"/></x14:slicerList>',
    )
    frame = _frame(
        "Plan",
        2,
        f'<a:graphicData uri="{MICROSOFT_LINKS}/drawing/2010/slicer"><sle:slicer '
        f'xmlns:sle="{MICROSOFT_LINKS}/drawing/2010/slicer" name="Plan"/></a:graphicData>',
    )
    _draw(
        book,
        sheet,
        f'<mc:AlternateContent xmlns:sle15="{MICROSOFT_LINKS}/drawing/2012/slicer">'
        f'<mc:Choice Requires="sle15">{frame}</mc:Choice><mc:Fallback>{_BOX}</mc:Fallback>'
        "</mc:AlternateContent>",
    )


# ---- formats, validations, sparklines


def an_extended_validation(book: Workbook) -> None:
    """A list from another sheet, as Excel 2010 wrote it, over a table that grows."""
    for name in ("Commentary", "Scorecard"):
        book.extend(
            book.sheet(name),
            "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",
            '<x14:dataValidations count="1"><x14:dataValidation type="list" allowBlank="1" '
            'showInputMessage="1" showErrorMessage="1"><x14:formula1><xm:f>KQIs!$A$5:$A$11</xm:f>'
            "</x14:formula1><xm:sqref>BB5:BB20</xm:sqref></x14:dataValidation>"
            "</x14:dataValidations>",
        )


def a_data_bar(book: Workbook) -> None:
    """The new kind, in its two halves: one beside our rules, one in the sheet's extensions."""
    sheet = book.sheet("Scorecard")
    bar = "{DA7ABA51-AAAA-BBBB-0001-000000000001}"
    extension = (
        f'<extLst><ext xmlns:x14="{SPACES["x14"]}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}">'
        f"<x14:id>{bar}</x14:id></ext></extLst>"
    )
    book.insert(
        sheet,
        '<conditionalFormatting sqref="L5:L11"><cfRule type="dataBar" priority="8"><dataBar>'
        '<cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar>'
        f"{extension}</cfRule></conditionalFormatting>",
    )
    book.extend(
        sheet,
        "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
        "<x14:conditionalFormattings><x14:conditionalFormatting>"
        f'<x14:cfRule type="dataBar" id="{bar}"><x14:dataBar minLength="0" maxLength="100">'
        '<x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/><x14:negativeFillColor '
        'rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        "<xm:sqref>L5:L11</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>",
    )


def rules_of_staff_beside_ours(book: Workbook) -> None:
    """One before ours that stops, one over the same cells with another look, one below."""
    looks = book.tree("xl/styles.xml").find(f"{{{MAIN}}}dxfs")
    assert looks is not None
    first = len(looks)
    looks.append(element("<dxf><font><b/><i/></font></dxf>"))
    looks.append(
        element('<dxf><fill><patternFill><bgColor rgb="FF00FFFF"/></patternFill></fill></dxf>')
    )
    looks.set("count", str(len(looks)))
    sheet = book.sheet("Scorecard")
    for rule in book.tree(sheet).iter(f"{{{MAIN}}}cfRule"):
        rule.set("priority", str(int(rule.get("priority", "0")) + 1))
    for areas, rule in (
        ("A5:K11", f'<cfRule type="expression" dxfId="{first}" priority="1" stopIfTrue="1">'
         "<formula>$A5=3</formula></cfRule>"),
        ("F5:F11", f'<cfRule type="expression" dxfId="{first + 1}" priority="20">'
         '<formula>LEFT(F5,1)="R"</formula></cfRule>'),
        ("F5:F11", '<cfRule type="colorScale" priority="21"><colorScale><cfvo type="min"/>'
         '<cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF00FF00"/></colorScale></cfRule>'),
        ("B5:B11", f'<cfRule type="containsText" dxfId="{first}" priority="22" '
         'operator="containsText" text="plan"><formula>NOT(ISERROR(SEARCH("plan",B5)))</formula>'
         "</cfRule>"),
    ):  # fmt: skip
        book.insert(sheet, f'<conditionalFormatting sqref="{areas}">{rule}</conditionalFormatting>')


def formats_of_staff(book: Workbook) -> None:
    """Fonts, fills and number formats on cells that a refresh writes; widths; hidden columns."""
    sheet = book.sheet("Scorecard")
    font = '<font><b/><sz val="14"/><color rgb="FF7030A0"/><name val="Georgia"/></font>'
    fill = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFFCC"/></patternFill></fill>'
    loud = book.style(font=font, fill=fill)
    for address in ("A1", "B5", "C6", "G7", "L5"):
        book.cell(sheet, address).set("s", loud)
    number = book.style(code="0.0&quot; of all&quot;")
    for row in range(5, 12):
        book.cell(sheet, cell_name(row, 13)).set("s", number)
    row = book.cell(sheet, "A6").getparent()
    assert row is not None
    row.set("ht", "111")
    row.set("customHeight", "1")
    for span in book.tree(sheet).iter(f"{{{MAIN}}}col"):
        if int(span.get("min", "0")) >= 12:
            span.set("hidden", "1")
            span.set("outlineLevel", "1")
        span.set("width", "33")


def sheet_settings(book: Workbook) -> None:
    """Protection, page breaks, ignored errors, a header's picture, views, a printer's settings."""
    sheet = book.sheet("Checks")
    for xml in (
        '<sheetProtection sheet="0" objects="1" scenarios="1"/>',
        '<rowBreaks count="1" manualBreakCount="1"><brk id="20" max="16383" man="1"/></rowBreaks>',
        '<ignoredErrors><ignoredError sqref="B5:B99" numberStoredAsText="1"/></ignoredErrors>',
        '<printOptions horizontalCentered="1" gridLines="1"/>',
    ):
        book.insert(sheet, xml)
    book.declare_extension("bin", f"{SHEETS}.printerSettings")
    for number, name in enumerate(("Scorecard", "Checks", "Court"), start=1):
        part = book.add(f"xl/printerSettings/printerSettings{number}.bin", bytes(range(256)) * 4)
        setup = next(book.tree(book.sheet(name)).iter(f"{{{MAIN}}}pageSetup"))
        setup.set(f"{{{SPACES['r']}}}id", book.link(book.sheet(name), "printerSettings", part))


# ---- data from elsewhere, labels, names


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


# ---- staff's own sheets, columns and formulas


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
        new = etree.Element(
            old.tag, nsmap={**old.nsmap, "x14ac": x14ac, "xr": xr, "mc": SPACES["mc"]}
        )
        new.set(f"{{{SPACES['mc']}}}Ignorable", "x14ac xr")
        new.set(f"{{{xr}}}uid", f"{{00000000-0001-0000-0000-{number:012d}}}")
        new.extend(list(old))
        book._trees[part] = new
        for row in new.iter(f"{{{MAIN}}}row"):
            row.set(f"{{{x14ac}}}dyDescent", "0.25")
        for form in new.iter(f"{{{MAIN}}}sheetFormatPr"):
            form.set(f"{{{x14ac}}}dyDescent", "0.25")


FEATURES: tuple[Feature, ...] = (
    threaded_comments,
    notes_on_cells,
    shapes_on_the_scorecard,
    a_picture,
    a_chart_of_the_history,
    a_slicer_on_a_data_table,
    an_extended_validation,
    a_data_bar,
    rules_of_staff_beside_ours,
    formats_of_staff,
    sheet_settings,
    a_query_behind_a_data_table,
    custom_xml,
    a_sensitivity_label,
    names_of_staff,
    a_sheet_of_their_own,
    a_dynamic_array,
    notes_beside_our_grids,
    columns_of_staff,
    saved_by_excel,
)


def all_of_them(book: Workbook) -> None:
    for feature in FEATURES:
        feature(book)
