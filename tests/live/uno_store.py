"""Store a copy of a workbook that is open. Runs under `uno`'s Python.

Arguments: the open file, and where the copy goes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def main(url: str, file: str, copy: str) -> None:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(url)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    xlsx = PropertyValue(Name="FilterName", Value="Calc MS Excel 2007 XML")
    documents = desktop.Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        if document.URL == Path(file).as_uri():
            document.storeToURL(Path(copy).as_uri(), (xlsx,))


if __name__ == "__main__":
    main(*sys.argv[1:])
