"""Row heights as a file states them, and as LibreOffice would have them. Runs under `uno`'s Python.

Arguments: the file and a sheet. Prints a JSON list of [stated, fitted] in points, row by row.
"""

from __future__ import annotations

import json
import sys

from tests.support.uno_documents import opened

POINT = 2540 / 72  # in hundredths of a millimetre


def main(url: str, file: str, name: str) -> None:
    with opened(url, file) as document:
        sheet = document.Sheets.getByName(name)
        used = sheet.createCursor()
        used.gotoEndOfUsedArea(False)
        rows = [sheet.Rows.getByIndex(at) for at in range(used.RangeAddress.EndRow + 1)]
        stated = [row.Height for row in rows]
        sheet.Rows.OptimalHeight = True
        fitted = [row.Height for row in rows]
    print(json.dumps([[a / POINT, b / POINT] for a, b in zip(stated, fitted, strict=True)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
