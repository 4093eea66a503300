"""How cells look and what they take: formats, rules, validations, settings."""

from __future__ import annotations

from kqi_workbook.books.ooxml.addresses import cell_name
from tests.whole.features.kinds import (
    SHEETS,
)
from tests.whole.workbook import MAIN, SPACES, Workbook, element


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
    for ours in book.tree(sheet).iter(f"{{{MAIN}}}cfRule"):
        ours.set("priority", str(int(ours.get("priority", "0")) + 1))
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
    for at in range(5, 12):
        book.cell(sheet, cell_name(at, 13)).set("s", number)
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
