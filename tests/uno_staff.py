"""Do to a workbook's sheets what staff do, and save it as .xlsx. Runs under `uno`'s Python.

Arguments: the file, and where to save it. Two sheets go; one is renamed, moved and restyled, with
rows put in above its grid.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.uno_documents import opened, properties


def main(url: str, file: str, target: str) -> None:
    with opened(url, file) as document:
        sheets = document.Sheets
        for name in ("By team", "Team funnel"):
            sheets.removeByName(name)
        trends = sheets.getByName("Trends")
        trends.Rows.insertByIndex(2, 2)
        body = trends.getCellRangeByName("A7:I20")
        body.CharHeight, body.CellBackColor = 16, 0xFFFFCC
        trends.setName("Month by month")
        sheets.moveByName("Month by month", len(sheets.ElementNames))
        xlsx = properties(FilterName="Calc MS Excel 2007 XML")
        document.storeToURL(Path(target).as_uri(), xlsx)


if __name__ == "__main__":
    main(*sys.argv[1:])
