"""Checks on the GOOD benchmarks: without a source, or typed in the wrong column."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import Finding, GoodIs, Measure, Severity


def no_benchmark_source(checked: Checked) -> Iterator[Finding]:
    """Limits that nobody can say the origin of."""
    for result in checked.scorecard.measures:
        limits = result.measure.limits
        if limits.good_is is not GoodIs.NOT_JUDGED and limits.green and not limits.source:
            yield _note(
                checked,
                result.measure,
                "Benchmark source",
                f"The GOOD benchmark of '{result.measure.name}' has no source.",
                "Say who set it and when; 'Local default' will do.",
            )


def limits_do_not_fit(checked: Checked) -> Iterator[Finding]:
    """Limits that do not go with what Good is, so that the measure is rated oddly or not at all."""
    for result in checked.scorecard.measures:
        odd = _odd(result.measure)
        if odd:
            column, what, todo = odd
            yield _note(checked, result.measure, column, f"'{result.measure.name}' {what}.", todo)


def _odd(measure: Measure) -> tuple[str, str, str] | None:
    good_is, green, amber = measure.limits.good_is, measure.limits.green, measure.limits.amber
    if good_is is GoodIs.NOT_JUDGED:
        if measure.key:
            return (
                "Key",
                "is Key and Not judged, so it decides nothing",
                "Say whether High, Low or In range is good, or set Key to No.",
            )
        return None
    if amber and not green:
        return (
            "Green from",
            "has Amber limits and no Green ones, so it cannot be rated",
            "Give the Green limits too.",
        )
    if good_is is GoodIs.HIGH and green.high is not None and green.low is None:
        return (
            "Green to",
            "is good when High and has only a Green to, so low values are Green",
            "Move the limit to Green from, or make it good when Low.",
        )
    if good_is is GoodIs.LOW and green.low is not None and green.high is None:
        return (
            "Green from",
            "is good when Low and has only a Green from, so high values are Green",
            "Move the limit to Green to, or make it good when High.",
        )
    return None


def _note(checked: Checked, measure: Measure, column: str, what: str, todo: str) -> Finding:
    place = checked.beside(measure.place, layout.MEASURES, column)
    return Finding("", Severity.NOTE, what, todo, place, ", ".join(measure.kqis))
