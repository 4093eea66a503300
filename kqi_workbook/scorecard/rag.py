"""RAG: a value against its limits, and what a KQI's measures together propose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kqi_workbook.scorecard.model import RAG, GoodIs, Limits, Measure, Range
from kqi_workbook.scorecard.words import counted, figure, good


@dataclass(frozen=True)
class Rated:
    """A measure and its value for the quarter, as shown; None when there is none."""

    measure: Measure
    value: float | None

    @property
    def rag(self) -> RAG:
        """Where the value stands against the measure's limits."""
        return rate(self.value, self.measure.limits)


@dataclass(frozen=True)
class Proposal:
    """What a KQI's measures propose, and the one sentence that says why."""

    rag: RAG
    sentence: str


def rate(value: float | None, limits: Limits) -> RAG:
    """Rate a value that is already rounded as shown. Limits are inclusive.

    A value between the Amber and the Green limits (Amber 80 to 89, Green from 90, value 89.5) is
    Amber: limits typed with a gap must not turn a better value Red. Without Amber limits whatever
    is not Green is Red. Without Green limits there is no GOOD to compare with: Not rated. Limits
    typed inside out (from 15 to 10) count as none.
    """
    green, amber = limits.green.usable, limits.amber.usable
    if value is None or limits.good_is is GoodIs.NOT_JUDGED or not green:
        return RAG.NOT_RATED
    if value in green:
        return RAG.GREEN
    if amber and value in _hull(green, amber):
        return RAG.AMBER
    return RAG.RED


def propose(rated: Sequence[Rated]) -> Proposal:
    """A KQI's RAG from its measures, quantitative and qualitative alike.

    Measures that are Not judged inform the reader and are left out of every count. A key measure
    that could not be rated is not Green, so that its KQI cannot be Green.
    """
    counting = [r for r in rated if r.measure.limits.good_is is not GoodIs.NOT_JUDGED]
    if not counting:
        why = "its measures are shown and not judged" if rated else "it has no measures"
        return Proposal(RAG.NOT_RATED, f"{RAG.NOT_RATED.value}: {why}.")
    rag = _propose(counting)
    return Proposal(rag, _sentence(rag, counting))


def _hull(a: Range, b: Range) -> Range:
    low = None if a.low is None or b.low is None else min(a.low, b.low)
    high = None if a.high is None or b.high is None else max(a.high, b.high)
    return Range(low, high)


def _propose(counting: Sequence[Rated]) -> RAG:
    rags = [r.rag for r in counting if r.rag is not RAG.NOT_RATED]
    keys = [r.rag for r in counting if r.measure.key]
    if 2 * len(rags) < len(counting):
        return RAG.NOT_RATED
    reds, greens = rags.count(RAG.RED), rags.count(RAG.GREEN)
    if RAG.RED in keys or 2 * reds >= len(rags):
        return RAG.RED
    if not reds and all(rag is RAG.GREEN for rag in keys) and 2 * greens >= len(rags):
        return RAG.GREEN
    return RAG.AMBER


def _sentence(rag: RAG, counting: Sequence[Rated]) -> str:
    rated = [r for r in counting if r.rag is not RAG.NOT_RATED]
    could = f"{_of(len(rated), len(counting))} could be rated"
    if all(r.value is None for r in counting):
        return f"{rag.value}: {could}, as none has a value."
    if rag is RAG.NOT_RATED:
        return f"{rag.value}: {could}{_named(r for r in counting if r not in rated)}."
    rags = [r.rag for r in rated]
    tally = [f"{_of(rags.count(RAG.GREEN), len(rags))} Green"]
    tally += [f"{rags.count(c)} {c.value}" for c in (RAG.AMBER, RAG.RED) if c in rags]
    some_missing = f"; {could}" if len(rated) < len(counting) else ""
    return f"{rag.value}: {', '.join(tally)}{_named(_deciding(rag, counting))}{some_missing}."


def _deciding(rag: RAG, counting: Sequence[Rated]) -> list[Rated]:
    """The measures that kept the KQI from Green, key ones first."""
    if rag is RAG.GREEN:
        return []
    reds = [r for r in counting if r.rag is RAG.RED]
    keys = [r for r in counting if r.measure.key and r.rag is not RAG.GREEN]
    ambers = [r for r in counting if r.rag is RAG.AMBER]
    return sorted(reds or keys or ambers, key=lambda r: not r.measure.key)


def _of(part: int, whole: int) -> str:
    return f"{part} of {counted(whole, 'measure')}"


def _named(measures: Iterable[Rated]) -> str:
    named = "; ".join(map(_name, measures))
    return f" ({named})" if named else ""


def _name(rated: Rated) -> str:
    measure = rated.measure
    name = f"key measure {measure.name}" if measure.key else measure.name
    if rated.value is None:
        return f"{name} has no value"
    if rated.rag is RAG.NOT_RATED:
        return f"{name} has no GOOD limits"
    value = figure(rated.value, measure.unit, measure.decimals)
    return f"{name} {value}, GOOD is {good(measure.limits, measure.unit)}"
