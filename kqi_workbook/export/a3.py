"""How large the letters may be for a scorecard to fill one A3 page, without a script to measure.

A browser cannot shrink a page to fit by style alone, so the lines are counted here beforehand.
The numbers below were measured in Chromium on the example; tests print other pages too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard
from kqi_workbook.scorecard.words import figure, good

LARGEST, SMALLEST, STEP = 9.0, 5.0, 0.25  # points
OVER_MORE_PAGES = 7.0  # points
PAGE_HEIGHT = 281.0  # mm, all lengths are: A3 landscape within the style sheet's margins of 8
COLUMNS = {  # 386.5 in all; the five gutters of 3.5 make it 404
    "standing": 58.0,
    "chart": 40.0,
    "measures": 121.0,
    "evidence": 61.0,
    "commentary": 52.0,
    "actions": 54.5,
}
CHART_HEIGHT = 84 / 200 * COLUMNS["chart"]
MM = 0.3528  # of a point
LETTER = 0.465  # of the size: the mean width of Arial's letters, with what is lost at line ends
SMALL = 0.85  # of a letter: a letter of what stands beside a figure or a name
LINE = 1.2  # of the size
MEASURE_LINE = 1.12  # lines
PADDING = 0.7  # lines, around a row
BULLET = 2.0
SPARKLINE_WIDTH = 8.0
HEAD_AND_FOOT = 12.0  # lines: titles, headings and the legend
MOST_TEAMS_BESIDE = 8
"""With more teams than this, the table by team is too wide to stand in two columns."""
FEWEST_MEASURES_BESIDE = 12


@dataclass(frozen=True)
class PrintLayout:
    """The size of letters in points, the widths of columns, and in how many the teams stand."""

    size: float
    columns: str
    team_columns: int


def print_layout(board: Scorecard) -> PrintLayout:
    """The largest letters with which a scorecard takes one page.

    One with too much to say for that goes over to further pages, in letters easier to read.
    """
    sizes = [LARGEST - STEP * i for i in range(int((LARGEST - SMALLEST) / STEP) + 1)]
    fitting = (size for size in sizes if _height(board, size) <= PAGE_HEIGHT)
    widths = " ".join(f"{width}mm" for width in COLUMNS.values())
    return PrintLayout(next(fitting, OVER_MORE_PAGES), widths, _team_columns(board))


def _team_columns(board: Scorecard) -> int:
    narrow = len(board.teams) <= MOST_TEAMS_BESIDE
    return 2 if narrow and len(board.measures) >= FEWEST_MEASURES_BESIDE else 1


def _height(board: Scorecard, size: float) -> float:
    line = LINE * size * MM
    teams = ceil(len(board.measures) / _team_columns(board)) + 3.5
    return (HEAD_AND_FOOT + teams) * line + sum(_row_height(row, size) for row in board.rows)


def _row_height(row: Row, size: float) -> float:
    line = LINE * size * MM
    lines = {
        "standing": [row.kqi.title * 2, "", *row.why.split("\n")],
        "evidence": [f"{e.evidence.source} {e.line}" for e in row.evidence],
        "commentary": [point.text for point in row.commentary],
        "actions": [f"{a.text} {a.who} {a.status} 30 September" for a in row.actions],
    }
    tallest = max(
        _measure_lines(row.measures, size),
        *(_lines(texts, COLUMNS[name] - BULLET, size) for name, texts in lines.items()),
    )
    return max(tallest * line, CHART_HEIGHT + line) + PADDING * line


def _measure_lines(measures: Sequence[MeasureResult], size: float) -> float:
    """A measure's name and benchmark wrap in what its figures and its trend leave of the width."""
    if not measures:
        return 1
    letter = LETTER * size * MM
    figures = max(len(_figure(r)) + 3 + SMALL * len(r.movement.phrase) for r in measures) * letter
    trends = max(len(r.movement.trend.value) + 4 for r in measures) * letter + SPARKLINE_WIDTH
    names = [r.measure.name + " " * ceil(SMALL * (7 + len(_good(r)))) for r in measures]
    return 1 + MEASURE_LINE * _lines(names, COLUMNS["measures"] - figures - trends, size)


def _figure(result: MeasureResult) -> str:
    now, measure = result.now, result.measure
    return now.reason if now.value is None else figure(now.value, measure.unit, measure.decimals)


def _good(result: MeasureResult) -> str:
    return good(result.measure.limits, result.measure.unit)


def _lines(texts: Iterable[str], width: float, size: float) -> int:
    letters = max(width / (LETTER * size * MM), 1)
    return sum(max(1, ceil(len(text) / letters)) for text in texts)
