"""The command line as a person or a program runs it: a process, its words and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TIME_LIMIT = 300  # seconds
ENVIRONMENT = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
"""A wide terminal without colours."""


def command(*arguments: str | Path) -> list[str]:
    """What starts ``kqi`` with these arguments."""
    return [sys.executable, "-m", "kqi_workbook", *map(str, arguments)]


def kqi(
    *arguments: str | Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``kqi`` to its end, in a folder and with more environment variables."""
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=folder,
        env={**ENVIRONMENT, **(environment or {})},
        timeout=TIME_LIMIT,
    )
