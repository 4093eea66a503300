"""Checks on the GOOD benchmarks: without a source, in the wrong column, or on another scale."""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook import layout
from kqi_workbook.scorecard.calculations import CALCULATIONS
from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import (
    RAG,
    Finding,
    GoodIs,
    Limits,
    Measure,
    Range,
    Severity,
)
from kqi_workbook.scorecard.rag import rate

A_SHARE = 0.5
"""A percentage whose highest limit is below it has limits typed as shares of 1. Limits of 0.5% and
1% occur where Low is good; where High is, no limit is as low as 1%."""


def no_benchmark_source(checked: Checked) -> Iterator[Finding]:
    """Limits that nobody can say the origin of."""
    for result in checked.scorecard.measures:
        limits = result.measure.limits
        if limits.good_is is not GoodIs.NOT_JUDGED and limits.green and not limits.source:
            yield _found(
                checked,
                Severity.NOTE,
                result.measure,
                "Benchmark source",
                f"The GOOD benchmark of '{result.measure.name}' has no source.",
                "Say who set it and when; 'Local default' will do.",
            )


def limits_do_not_fit(checked: Checked) -> Iterator[Finding]:
    """Limits that do not go with what Good is, so that the measure is rated oddly or not at all.

    Those on another scale are told as such: swapping them would not put them right.
    """
    for result in checked.scorecard.measures:
        odd = _odd(result.measure)
        if odd and not _out_of_scale(result.measure):
            column, what, todo = odd
            what = f"'{result.measure.name}' {what}."
            yield _found(checked, Severity.NOTE, result.measure, column, what, todo)


def limits_out_of_scale(checked: Checked) -> Iterator[Finding]:
    """Limits of a percentage that are no percentages: Excel keeps what is typed as 90% as 0.9."""
    for result in checked.scorecard.measures:
        measure = result.measure
        for column, limit in _out_of_scale(measure)[:1]:
            what, todo = f"{column} {limit:,.12g}, which no percentage reaches", "Correct it."
            if limit <= 1:
                percent = f"{100 * limit:.12g}"
                what = f"{column} {limit:.12g}, which was probably meant as {percent}%"
                todo = f"Give the cell the number format General, and type {percent} without a %."
            what = f"'{measure.name}' is a percentage and has {what}."
            yield _found(checked, Severity.WARNING, measure, column, what, todo)


def _out_of_scale(measure: Measure) -> list[tuple[str, float]]:
    judged = measure.limits.good_is is not GoodIs.NOT_JUDGED
    if not (judged and CALCULATIONS[measure.calculation].is_percentage):
        return []
    green, amber = measure.limits.green, measure.limits.amber
    given = {
        "Green from": green.low,
        "Green to": green.high,
        "Amber from": amber.low,
        "Amber to": amber.high,
    }
    limits = [(column, limit) for column, limit in given.items() if limit]
    high = measure.limits.good_is is GoodIs.HIGH
    shares = high or max((limit for _, limit in limits), default=0) < A_SHARE
    return [(c, limit) for c, limit in limits if limit > 100 or (shares and 0 < limit <= 1)]


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
    if not green:
        what = "Amber limits and no Green ones" if amber else "no limits"
        return (
            "Green from",
            f"is good when {good_is.value} and has {what}, so it cannot be rated",
            "Give the Green limits, or set Good is to Not judged.",
        )
    if (green.usable, amber.usable) != (green, amber):
        return None  # limits inside out are an error, told where they are read
    possible = CALCULATIONS[measure.calculation].possible
    return (
        _odd_green(good_is, green, possible)
        or _odd_amber(good_is, green, amber)
        or _nothing_red(measure.limits, possible)
    )


def _odd_green(good_is: GoodIs, green: Range, possible: Range) -> tuple[str, str, str] | None:
    """A Green limit on the good side, with better values beyond it, or no other beside it."""
    if good_is is GoodIs.HIGH and green.high is not None:
        if green.low is None:
            return (
                "Green to",
                "is good when High and has only a Green to, so low values are Green",
                "Move the limit to Green from, or make it good when Low.",
            )
        if possible.high is None or green.high < possible.high:
            return (
                "Green to",
                f"is good when High, and values above its Green to of {green.high:,.12g} are not "
                "Green",
                "Leave Green to blank, or make it good when In range.",
            )
    if good_is is GoodIs.LOW and green.low is not None:
        if green.high is None:
            return (
                "Green from",
                "is good when Low and has only a Green from, so high values are Green",
                "Move the limit to Green to, or make it good when High.",
            )
        if possible.low is None or green.low > possible.low:
            return (
                "Green from",
                f"is good when Low, and values below its Green from of {green.low:,.12g} are not "
                "Green",
                "Leave Green from blank, or make it good when In range.",
            )
    return None


def _odd_amber(good_is: GoodIs, green: Range, amber: Range) -> tuple[str, str, str] | None:
    """Amber limits that leave nothing Red, or that lie within Green and leave nothing Amber."""
    in_range = good_is is GoodIs.IN_RANGE
    for side, values, limit, wanted in (
        ("from", "low", amber.low, good_is is GoodIs.HIGH or (in_range and green.low is not None)),
        ("to", "high", amber.high, good_is is GoodIs.LOW or (in_range and green.high is not None)),
    ):
        if amber and wanted and limit is None:
            return (
                f"Amber {side}",
                f"is good when {good_is.value} and has no Amber {side}, so {values} values cannot "
                "be Red",
                f"Give the limit beyond which it is Red as Amber {side}.",
            )
    within = {
        GoodIs.HIGH: _above(amber.low, green.low),
        GoodIs.LOW: _above(green.high, amber.high),
        GoodIs.IN_RANGE: _above(amber.low, green.low) and _above(green.high, amber.high),
    }
    if within.get(good_is):
        return (
            f"Amber {'to' if good_is is GoodIs.LOW else 'from'}",
            "has Amber limits within the Green ones, so nothing can be Amber",
            "Swap the Green and the Amber limits, if they have changed places.",
        )
    return None


def _nothing_red(limits: Limits, possible: Range) -> tuple[str, str, str] | None:
    """Limits that the worst value there can be meets, such as Amber from 0."""
    good_is = limits.good_is
    worst = {
        GoodIs.HIGH: (possible.low,),
        GoodIs.LOW: (possible.high,),
        GoodIs.IN_RANGE: (possible.low, possible.high),
    }[good_is]
    if any(value is None or rate(value, limits) is RAG.RED for value in worst):
        return None
    colour = "Amber" if limits.amber else "Green"
    side = "to" if good_is is GoodIs.LOW else "from"
    return (
        f"{colour} {side}",
        f"is good when {good_is.value} and has limits that all values meet, so nothing can be Red",
        f"Give the limit beyond which it is Red as {colour} {side}.",
    )


def _above(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and one > other


def _found(
    checked: Checked, severity: Severity, measure: Measure, column: str, what: str, todo: str
) -> Finding:
    place = checked.beside(measure.place, layout.MEASURES, column)
    return Finding("", severity, what, todo, place, ", ".join(measure.kqis))
