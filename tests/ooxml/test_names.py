from __future__ import annotations

from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.books.ooxml.names import named_areas
from kqi_workbook.books.ooxml.package import Package
from tests.ooxml.workbooks import edited, make

NAMES = """
<definedName name="Title" localSheetId="0">Data!$A$9</definedName>
<definedName name="Title">Data!$A$1</definedName>
<definedName name="Title" localSheetId="0">Data!$A$9</definedName>
<definedName name="Only_here" localSheetId="0">Data!$B$2</definedName>
<definedName name="Grid">'O''Neil &amp; co'!$A$4:$C$9</definedName>
<definedName name="Columns">Data!$A:$C</definedName>
<definedName name="Gone">#REF!</definedName>
<definedName name="Gone_too">Data!#REF!</definedName>
<definedName name="Two">Data!$A$1,Data!$A$3</definedName>
"""


def test_names_of_the_whole_workbook_that_point_to_cells_are_known() -> None:
    """Not those that hold on one sheet alone, which Excel adds where a tab is copied."""
    end = "</sheets>"
    data = edited(make(), "xl/workbook.xml", (end, f"{end}<definedNames>{NAMES}</definedNames>"))
    assert dict(named_areas(Package.of_bytes(data))) == {
        "Title": ("Data", Area(1, 1, 1, 1)),
        "Grid": ("O'Neil & co", Area(4, 1, 9, 3)),
        "Columns": ("Data", Area.parse("A:C")),
    }
