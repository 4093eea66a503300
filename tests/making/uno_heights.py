"""Row heights as a file states them, and as LibreOffice would have them. Runs under `uno`'s Python.

Arguments: the file and a sheet. Prints a JSON list of [stated, fitted] in points, row by row.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

POINT = 2540 / 72  # in hundredths of a millimetre


def main(url: str, file: str, name: str) -> None:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(url)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (hidden,))
    try:
        sheet = document.Sheets.getByName(name)
        used = sheet.createCursor()
        used.gotoEndOfUsedArea(False)
        rows = [sheet.Rows.getByIndex(at) for at in range(used.RangeAddress.EndRow + 1)]
        stated = [row.Height for row in rows]
        sheet.Rows.OptimalHeight = True
        fitted = [row.Height for row in rows]
    finally:
        document.close(True)
    print(json.dumps([[a / POINT, b / POINT] for a, b in zip(stated, fitted, strict=True)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
