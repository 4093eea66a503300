"""What LibreOffice makes of a workbook's data validations. Runs under the Python with `uno`.

Reads one JSON object from its arguments: the file, and entries to try as [sheet, cell, text].
Prints how many invalid cells each sheet has as it is, and whether each entry is valid.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.support.uno_documents import opened


def invalid_cells(sheet: Any) -> int:
    """How many cells of the sheet LibreOffice would draw a circle around."""
    sheet.showInvalid()
    circles = int(sheet.DrawPage.Count)
    sheet.clearArrows()
    return circles - int(sheet.DrawPage.Count)


def is_valid(document: Any, sheet: str, cell: str, text: str) -> bool:
    """Type a text into an empty cell as a person would, look, and clear the cell again."""
    there = document.Sheets.getByName(sheet)
    before = invalid_cells(there)
    there.getCellRangeByName(cell).setFormula(text)
    valid = invalid_cells(there) == before
    there.getCellRangeByName(cell).setFormula("")
    return valid


def main(url: str, asked: str) -> None:
    request = json.loads(asked)
    with opened(url, request["file"]) as document:
        document.calculateAll()
        sheets = [document.Sheets.getByName(name) for name in document.Sheets.ElementNames]
        answer = {
            "invalid": {sheet.Name: invalid_cells(sheet) for sheet in sheets},
            "entries": [is_valid(document, *entry) for entry in request["entries"]],
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
