"""Refresh a copy of the example workbook through the Python API, and say what it shows.

    python examples/refresh_example.py [FOLDER]

The quarter before comes first, so that the scorecard can show where each KQI came from.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import kqi_workbook

EXAMPLE = Path(__file__).parent / "Q4 2013-14 scorecard.xlsx"


def main(folder: Path) -> None:
    """Copy the example into a folder, refresh it, and print what came of it."""
    folder.mkdir(parents=True, exist_ok=True)
    workbook = Path(shutil.copy(EXAMPLE, folder))
    kqi_workbook.refresh(workbook, "Q3 2013-14")
    done = kqi_workbook.refresh(workbook, "Q4 2013-14")

    print(done.scorecard.to_frame()[["RAG", "Trend", "Why"]].to_string())
    for finding in done.findings:
        where = f"KQI {finding.kqi}, {finding.place}" if finding.kqi else finding.place
        print(f"{finding.severity.value}: {finding.what} {finding.todo} ({where})")
    print(f"Ready to share: {'yes' if done.ready else 'no'}. See {workbook}.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "kqi-example"))
