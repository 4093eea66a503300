"""Type into cells, as staff would, and read others after that. Runs under `uno`'s Python.

Arguments: the file, and a JSON list of [sheet, cell, text, [cells to read]]. Prints a JSON list of
what those cells then show, one list a pick.
"""

from __future__ import annotations

import json
import sys

from tests.support.uno_documents import opened


def main(url: str, file: str, picks: str) -> None:
    shown = []
    with opened(url, file) as document:
        document.calculateAll()
        for name, cell, text, wanted in json.loads(picks):
            sheet = document.Sheets.getByName(name)
            sheet.getCellRangeByName(cell).setString(text)  # recalculates what depends on it
            shown.append([sheet.getCellRangeByName(at).String for at in wanted])
    print(json.dumps(shown))


if __name__ == "__main__":
    main(*sys.argv[1:])
