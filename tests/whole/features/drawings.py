"""Pictures, shapes, charts and slicers that float over sheets."""

from __future__ import annotations

import base64

from tests.whole.features.kinds import (
    DRAWING_TYPE,
    MICROSOFT,
    MICROSOFT_LINKS,
    OFFICE,
)
from tests.whole.features.sources import defined_name
from tests.whole.workbook import MAIN, SPACES, Workbook

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


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
