"""Stands in for the package where a test presses the button: says what it was asked, and where.

What to do beside that stands in orders.json in the folder that KQI_TEST_FOLDER names: write a cell
of the open workbook, as a live refresh does while the macro waits; leave a message; fail.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["KQI_TEST_FOLDER"])


def open_workbook(office: str, name: str) -> Any:
    """The workbook of that name that LibreOffice has open."""
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    context = resolver.resolve(office)
    desktop = context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
    documents = desktop.Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        if uno.fileUrlToSystemPath(document.URL) == str(FOLDER / name):
            return document
    raise LookupError(f"{name} is not open")


def main(arguments: list[str]) -> int:
    asked = {"arguments": arguments, "folder": os.getcwd(), "program": sys.executable}
    (FOLDER / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    orders = json.loads((FOLDER / "orders.json").read_text(encoding="utf-8"))
    if orders["write"]:
        name = next(a.removeprefix("--wb=") for a in arguments if a.startswith("--wb="))
        sheet = open_workbook(orders["office"], name).Sheets.getByName("Scorecard")
        sheet.getCellRangeByName(orders["write"]).String = "Refreshed"
    if orders["message"]:
        Path("message.txt").write_text(orders["message"], encoding="utf-16")
    return int(orders["exit_code"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
