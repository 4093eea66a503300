"""Checks on judgements: incomplete, or other than the measures propose."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked, about
from kqi_workbook.scorecard.model import RAG, Finding, Severity, Trend


def judgement_incomplete(checked: Checked) -> Iterator[Finding]:
    """A judgement that cannot count because something of it is missing."""
    for judgement in checked.judgements:
        if judgement.missing:
            missing = " and no ".join(judgement.missing)
            yield Finding(
                "",
                Severity.ERROR,
                f"The judgement on KQI {judgement.kqi} has no {missing}, so the proposal stands.",
                "Fill it in, or delete the row to keep the proposal.",
                checked.beside(judgement.place, layout.JUDGEMENTS, judgement.missing[0]),
                judgement.kqi,
            )


def judged_otherwise(checked: Checked) -> Iterator[Finding]:
    """A judgement that contradicts what the measures propose.

    Where they propose nothing (Not rated, Not comparable) there is nothing to contradict.
    """
    for row in checked.scorecard.rows:
        if row.judgement is None or not row.judged:
            continue
        for column, judged, proposed, nothing in (
            ("RAG", row.rag, row.proposal.rag, RAG.NOT_RATED),
            ("Trend", row.trend, row.proposed_trend, Trend.NOT_COMPARABLE),
        ):
            if judged is not proposed and proposed is not nothing:
                yield about(
                    row,
                    Severity.NOTE,
                    f"KQI {row.kqi.number} is judged {judged.value}; its measures propose "
                    f"{proposed.value}.",
                    "Nothing, if the reason says why: readers see both.",
                    checked.beside(row.judgement.place, layout.JUDGEMENTS, column),
                )
