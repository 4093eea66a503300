"""Checks on what is said this quarter: missing, stale, copied, or at odds with the figures."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.board import MeasureResult, Row
from kqi_workbook.scorecard.build import commentary_of
from kqi_workbook.scorecard.checks.checked import Checked, Said, about, saying, without
from kqi_workbook.scorecard.checks.quoted import quoted, says
from kqi_workbook.scorecard.checks.wording import alike, stems, words
from kqi_workbook.scorecard.fields import as_field, fields
from kqi_workbook.scorecard.model import Finding, Point, Severity, Trend
from kqi_workbook.scorecard.nearest import did_you_mean

TURNED_BY = 3
"""Words before "improvement" among which "need", "no" or "to" turn it into none."""

AWAITED_WITHIN = 6
"""Words after it among which "needed" or "expected" does so too."""

_BETTER = ("improv", "better", "strengthen", "stronger")
_WORSE = ("worse", "deteriorat", "slipp", "weaker", "weaken", "poorer")
_UNSAID = frozenset(
    """
    no not nothing never nor little hardly without cannot can't isn't hasn't haven't need needs
    needed needing require requires required requiring should must could would will may might to
    yet if until unless whether for further immediate continuous rather or
    """.split()
)
_UNSAID_AFTER = frozenset("board needed required plan plans notice notices is are still".split())
_STILL_TO_COME = frozenset("needed required expected awaited planned".split())


def no_commentary(checked: Checked) -> Iterator[Finding]:
    """A KQI without commentary this quarter."""
    if layout.COMMENTARY.name not in checked.tables:
        return
    for row in checked.scorecard.rows:
        if not saying(row.commentary):
            todo = "Add a point to the Commentary tab with this quarter and KQI."
            yield without(
                "commentary", row, checked.quarter, row.commentary, todo, layout.COMMENTARY
            )


def as_last_quarter(checked: Checked) -> Iterator[Finding]:
    """Commentary word for word, or nearly, as the quarter before."""
    last = checked.quarter.previous
    before = {r.measure.name: as_field(r.measure, r.before) for r in checked.scorecard.measures}
    old = commentary_of(checked.tables, last, before)
    for row in checked.scorecard.rows:
        for point in saying(row.commentary):
            if any(alike(point.text, other.text) for other in old.get(row.kqi.number, ())):
                yield about(
                    row,
                    Severity.WARNING,
                    f"{checked.quote(point)} says the same as in {last}.",
                    "Say what is new this quarter, or take the point out.",
                    point.place,
                )


def said_twice(checked: Checked) -> Iterator[Finding]:
    """The same point under two KQIs, or twice under one."""
    seen: list[tuple[Row, Point]] = []
    for row in checked.scorecard.rows:
        for point in saying(row.commentary):
            first = next((r for r, other in seen if alike(point.text, other.text)), None)
            if first is None or _points_elsewhere(point.text):
                seen.append((row, point))
                continue
            todo = "Keep it once."
            if first is not row:
                todo = f"Say what it means for KQI {row.kqi.number}, or keep it under one of them."
            yield about(
                row,
                Severity.WARNING,
                f"{checked.quote(point)} stands under KQI {first.kqi.number} already.",
                todo,
                point.place,
            )


def unknown_field(checked: Checked) -> Iterator[Finding]:
    """A field in braces, in commentary or an action, that names no measure."""
    names = [result.measure.name for result in checked.scorecard.measures]
    for row in checked.scorecard.rows:
        said = [(point.text, point.place) for point in row.commentary]
        said += [(action.text, action.place) for action in row.actions]
        for text, place in said:
            for field in fields(text):
                named = checked.quote(Said(row.kqi.number, "field", f"{{{field}}}", place))
                yield about(
                    row,
                    Severity.WARNING,
                    f"{named} is not the name of a measure, so no figure was filled in.",
                    f"Write a measure's name as the Measures tab has it"
                    f"{did_you_mean(field, names)}, or leave out the braces.",
                    place,
                )


def against_the_arrow(checked: Checked) -> Iterator[Finding]:
    """Commentary that tells of better things under a falling arrow, or of worse under a rising.

    A KQI has many measures, so commentary that tells of both is left alone.
    """
    against = {Trend.WORSENING: 1, Trend.IMPROVING: -1}
    for row in checked.scorecard.rows:
        told = [(point, way) for point in row.commentary if (way := _way(point.text))]
        if told and all(way == against.get(row.trend) for _, way in told):
            point, way = told[0]
            yield about(
                row,
                Severity.NOTE,
                f"{checked.quote(point)} tells of things getting "
                f"{'better' if way > 0 else 'worse'}, and the arrow says {row.trend.value}.",
                "Say what the figures show, or record a judgement with its reason.",
                point.place,
            )


def off_the_subject(checked: Checked) -> Iterator[Finding]:
    """Commentary that mentions none of its KQI's measures or evidence."""
    for row in checked.scorecard.rows:
        points = saying(row.commentary)
        if points and not any(_on_subject(point.text, row) for point in points):
            yield about(
                row,
                Severity.NOTE,
                f"The commentary on KQI {row.kqi.number} mentions none of its measures or its "
                "evidence.",
                "Say what they show this quarter.",
                points[0].place,
            )


def _points_elsewhere(text: str) -> bool:
    """``See KQI 3``, ``As for KQI 3``: one may stand under several KQIs."""
    said = words(text)
    return len(said) <= 4 and said[:1] in (["see"], ["as"])


def _way(text: str) -> int:
    """1 where a point tells of things getting better, -1 of worse, 0 of neither or both."""
    said = words(text)
    ways = set()
    for i, word in enumerate(said):
        way = word.startswith(_BETTER) - word.startswith(_WORSE)
        before, after = said[max(0, i - TURNED_BY) : i], said[i + 1 : i + 1 + AWAITED_WITHIN]
        if _UNSAID.intersection(before) or _UNSAID_AFTER.intersection(after[:1]):
            continue
        if way and not _STILL_TO_COME.intersection(after):
            ways.add(way)
    return ways.pop() if len(ways) == 1 else 0


def _on_subject(text: str, row: Row) -> bool:
    subject = frozenset[str]().union(
        *(stems(result.measure.name) for result in row.measures),
        *(stems(result.evidence.source) for result in row.evidence),
    )
    if stems(text) & subject or not subject:
        return True
    return any(_quotes(text, result) for result in row.measures)


def _quotes(text: str, result: MeasureResult) -> bool:
    return any(says(figure, result.measure, result.now) for figure in quoted(text))
