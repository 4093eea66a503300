"""Store a copy of a workbook that is open. Runs under `uno`'s Python.

Arguments: the open file, and where the copy goes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.uno_documents import properties, reach


def main(url: str, file: str, copy: str) -> None:
    xlsx = properties(FilterName="Calc MS Excel 2007 XML")
    documents = reach(url).Components.createEnumeration()
    while documents.hasMoreElements():
        document = documents.nextElement()
        if document.URL == Path(file).as_uri():
            document.storeToURL(Path(copy).as_uri(), xlsx)


if __name__ == "__main__":
    main(*sys.argv[1:])
