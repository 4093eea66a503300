"""Do to a workbook's sheets what staff do, and save it as .xlsx. Runs under `uno`'s Python.

Arguments: the file, and where to save it. Two sheets go; one is renamed, moved and restyled, with
rows put in above its grid.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def main(url: str, file: str, target: str) -> None:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(url)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (hidden,))
    try:
        sheets = document.Sheets
        for name in ("By team", "Team funnel"):
            sheets.removeByName(name)
        trends = sheets.getByName("Trends")
        trends.Rows.insertByIndex(2, 2)
        body = trends.getCellRangeByName("A7:I20")
        body.CharHeight, body.CellBackColor = 16, 0xFFFFCC
        trends.setName("Month by month")
        sheets.moveByName("Month by month", len(sheets.ElementNames))
        filter_ = PropertyValue(Name="FilterName", Value="Calc MS Excel 2007 XML")
        document.storeToURL(Path(target).as_uri(), (filter_,))
    finally:
        document.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
