"""The scorecard and its findings in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kqi_workbook.refreshing import Refreshed
from kqi_workbook.scorecard.model import RAG, Finding, Severity

_RAG_STYLE = {
    RAG.RED: "black on #ffc7ce",
    RAG.AMBER: "black on #ffeb9c",
    RAG.GREEN: "black on #c6efce",
    RAG.NOT_RATED: "dim",
}
_SEVERITY_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def show_scorecard(console: Console, done: Refreshed) -> None:
    """One line a KQI: RAG letter and word, arrow and word, and the sentence that says why."""
    board = done.scorecard
    table = Table(title=Text(", ".join(filter(None, (board.council, board.period)))))
    table.add_column("KQI", justify="right")
    table.add_column("Key Quality Indicator", ratio=3)
    table.add_column("RAG", no_wrap=True)
    table.add_column("Trend", no_wrap=True)
    table.add_column("Why", ratio=4)
    for row in board.rows:
        mark = f" {row.rag.letter} {row.rag.value} " + ("(judged) " if row.judged else "")
        table.add_row(
            row.kqi.number,
            Text(row.kqi.title),
            Text(mark, _RAG_STYLE[row.rag]),
            f"{row.trend.arrow or ' '} {row.trend.value}",
            Text(row.why),
        )
    console.print(table, markup=False)


def show_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Every finding, the most severe first, with where it is and what to do."""
    for finding in findings:
        line = Text()
        line.append(f"{finding.severity.value}: ", _SEVERITY_STYLE[finding.severity])
        if finding.kqi and f"KQI {finding.kqi} " not in finding.what:
            line.append(f"KQI {finding.kqi}: ")
        line.append(f"{finding.what} {finding.todo} ")
        line.append(f"[{finding.place}]", "dim")
        console.print(line)
