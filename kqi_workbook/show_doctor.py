"""What `kqi doctor` found, in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from kqi_workbook.doctor import Result

_MARK = {True: "yes", False: "no", None: "-"}


def show(console: Console, results: Sequence[Result]) -> None:
    """One line a thing that was looked at: whether it is well, what was seen, what to do."""
    table = Table(show_lines=False)
    for heading in ("What", "OK", "Seen", "What to do"):
        table.add_column(heading, overflow="fold")  # a path is told whole
    for result in results:
        table.add_row(result.what, _MARK[result.ok], result.detail, result.todo)
    console.print(table, markup=False)
