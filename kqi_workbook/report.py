"""What a refresh found as plain data, for ``--json`` and for whoever reads it."""

from __future__ import annotations

from typing import Any

from kqi_workbook.refreshing import Refreshed
from kqi_workbook.scorecard.board import MeasureResult, Row
from kqi_workbook.scorecard.model import Finding


def as_data(done: Refreshed) -> dict[str, Any]:
    """The scorecard, findings, changes and notes, in words and numbers that JSON can hold."""
    return {
        "council": done.scorecard.council,
        "quarter": done.scorecard.quarter.label,
        "quarter_is_over": done.scorecard.is_over,
        "ready_to_share": done.ready,
        "scorecard": [_row(row) for row in done.scorecard.rows],
        "findings": [_finding(finding) for finding in done.findings],
        "changes": list(done.changes),
        "notes": list(done.notes),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "kqi": row.kqi.number,
        "title": row.kqi.title,
        "rag": row.rag.value,
        "trend": row.trend.value,
        "judged": row.judged,
        "proposed_rag": row.proposal.rag.value,
        "proposed_trend": row.proposed_trend.value,
        "why": row.why,
        "measures": [_measure(result) for result in row.measures],
        "evidence": [
            {"source": e.evidence.source, "rows": e.rows, "says": e.line} for e in row.evidence
        ],
        "commentary": [point.text for point in row.commentary],
        "actions": [
            {
                "action": action.text,
                "who": action.who,
                "due": action.due.isoformat() if action.due else None,
                "status": action.status,
            }
            for action in row.actions
        ],
    }


def _measure(result: MeasureResult) -> dict[str, Any]:
    return {
        "measure": result.measure.name,
        "value": result.now.value,
        "unit": result.measure.unit,
        "numerator": result.now.numerator,
        "denominator": result.now.denominator,
        "why_no_value": result.now.reason,
        "last_quarter": result.before.value,
        "rag": result.rag.value,
        "trend": result.movement.trend.value,
        "trend_note": result.movement.note,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "kqi": finding.kqi,
        "sheet": finding.place.sheet,
        "cell": finding.place.cell,
        "what": finding.what,
        "todo": finding.todo,
    }
