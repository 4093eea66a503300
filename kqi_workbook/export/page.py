"""The board's page: a scorecard as one HTML file that needs nothing else, not even a script."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from kqi_workbook.export.a3 import print_layout
from kqi_workbook.export.charts import control_chart, sparkline
from kqi_workbook.pages.by_team import cell
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard
from kqi_workbook.scorecard.checks import ready_to_share, verdict
from kqi_workbook.scorecard.marks import Mark, quarter_mark
from kqi_workbook.scorecard.model import RAG, Finding, Severity, Trend
from kqi_workbook.scorecard.quarters import day_words
from kqi_workbook.scorecard.words import figure, good


def page(board: Scorecard, findings: Sequence[Finding], source: str) -> str:
    """Lay a scorecard out as HTML, for a phone, a wide screen and one A3 page.

    ``source`` is the name of the workbook, for the foot of the page. The same scorecard gives the
    same bytes. Whatever staff have typed stays text: the template escapes it.
    """
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            board=board,
            source=source,
            verdict=verdict(findings),
            ready=ready_to_share(findings),
            findings=[f for f in findings if f.severity is not Severity.NOTE],
            a3=print_layout(board),
        )
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kqi_workbook", "export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day_words}
    environment.globals |= {
        "benchmark": _benchmark,
        "by_team": _by_team,
        "control_chart": control_chart,
        "figures": _figures,
        "groups": _groups,
        "Mark": Mark,
        "noted": _noted,
        "quarter_mark": quarter_mark,
        "RAG": RAG,
        "see": _see,
        "sparkline": sparkline,
        "Trend": Trend,
    }
    return environment


def _groups(row: Row) -> list[tuple[str, list[MeasureResult]]]:
    """A row's measures, the quantitative first, each group with its heading."""
    kinds = (("Quantitative measures", False), ("Qualitative measures", True))
    groups = [(name, [r for r in row.measures if r.measure.qualitative is k]) for name, k in kinds]
    return [(name, results) for name, results in groups if results]


def _figures(result: MeasureResult) -> str:
    """``84.1%``, or the reason why there is no figure."""
    if result.now.value is None:
        return result.now.reason
    return figure(result.now.value, result.measure.unit, result.measure.decimals)


def _benchmark(result: MeasureResult) -> str:
    return good(result.measure.limits, result.measure.unit)


def _see(result: MeasureResult, row: Row) -> str:
    """The other KQI whose measure this is, in the first place."""
    first = result.measure.kqis[0]
    return first if first != row.kqi.number else ""


def _noted(result: MeasureResult, mark: Mark | None) -> str:
    """What decided the trend: ``Special cause: improvement (7 points rising, Mar 2014)``.

    Why there is no figure stands in its place already.
    """
    note = result.movement.note if result.movement.note != result.now.reason else ""
    if mark in (None, Mark.CHANCE):
        return note
    return f"{mark.words} ({note})" if note else mark.words


def _by_team(result: MeasureResult, teams: Sequence[str]) -> list[tuple[str, RAG]]:
    """The authority's figure and each team's, as on the By team sheet, with its RAG status."""
    standings = [(result.now, result.rag)]
    standings += [(result.teams[team].reading, result.teams[team].rag) for team in teams]
    return [(cell(reading, rag, result.measure), rag) for reading, rag in standings]
