"""Type into cells, as staff would, and read others after that. Runs under `uno`'s Python.

Arguments: the file, and a JSON list of [sheet, cell, text, [cells to read]]. Prints a JSON list of
what those cells then show, one list a pick.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def main(url: str, file: str, picks: str) -> None:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(url)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (hidden,))
    shown = []
    try:
        document.calculateAll()
        for name, cell, text, wanted in json.loads(picks):
            sheet = document.Sheets.getByName(name)
            sheet.getCellRangeByName(cell).setString(text)  # recalculates what depends on it
            shown.append([sheet.getCellRangeByName(at).String for at in wanted])
    finally:
        document.close(True)
    print(json.dumps(shown))


if __name__ == "__main__":
    main(*sys.argv[1:])
