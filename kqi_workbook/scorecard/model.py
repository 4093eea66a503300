"""The scorecard's words as frozen records: what page after page of the workbook means.

Enum values are the words on the sheet.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum

from kqi_workbook.scorecard.quarters import Quarter


class RAG(Enum):
    """Where a value or a KQI stands against the GOOD benchmark."""

    RED = "Red"
    AMBER = "Amber"
    GREEN = "Green"
    NOT_RATED = "Not rated"

    @property
    def letter(self) -> str:
        """The letter that the sheet shows: R, A, G, or - for not rated."""
        return "-" if self is RAG.NOT_RATED else self.value[0]


class Trend(Enum):
    """Whether things get better or worse: never whether a figure goes up or down."""

    IMPROVING = "Improving"
    STEADY = "Steady"
    WORSENING = "Worsening"
    NOT_COMPARABLE = "Not comparable"

    @property
    def arrow(self) -> str:
        """The arrow to set before its word where there are no icons; '' if it has none."""
        return _ARROWS.get(self, [""])[0]


_ARROWS = {
    Trend.IMPROVING: "↑ ^ ▲ △ ⬆ ↗ 1".split(),
    Trend.STEADY: "→ > ► ▶ ▷ ➡ ↔ 0".split(),
    Trend.WORSENING: "↓ v ▼ ▽ ⬇ ↘ -1".split(),
}
_TRENDS = {arrow: trend for trend, arrows in _ARROWS.items() for arrow in arrows}
_TRENDS |= {trend.value.lower(): trend for trend in Trend}
_RAGS = {rag.letter.lower(): rag for rag in (RAG.RED, RAG.AMBER, RAG.GREEN)}
_RAG_AND_TREND = re.compile(
    r"(?P<rag>(?:r\s+)?red|(?:a\s+)?amber|(?:g\s+)?green|[rag])"
    r"(?:[\s,]*(?P<trend>[^\s,\d-].*))?",
    re.DOTALL,
)


def parse_trend(text: str) -> Trend | None:
    """Read a trend from its word, an arrow (``^ > v`` or a glyph) or its number; None if neither.

    Arrows are read as they are written: up is Improving, whatever the measure.
    """
    return _TRENDS.get(text.strip().strip("\ufe0e\ufe0f").lower())


def parse_rag(text: str) -> tuple[RAG, Trend | None] | None:
    """Read a RAG status from its word or letter, with a trend after it or none; else None.

    The scorecards that councils have kept until now write both in one cell, such as ``A >``; ours
    shows letter and word.

    >>> parse_rag("A >")
    (<RAG.AMBER: 'Amber'>, <Trend.STEADY: 'Steady'>)
    """
    found = _RAG_AND_TREND.fullmatch(text.strip().lower())
    if found is None:
        return None
    rag, arrow = _RAGS[found["rag"][0]], found["trend"]
    trend = parse_trend(arrow) if arrow else None
    return None if arrow and trend in (None, Trend.NOT_COMPARABLE) else (rag, trend)


class GoodIs(Enum):
    """Which way is better for a measure."""

    HIGH = "High"
    LOW = "Low"
    IN_RANGE = "In range"
    NOT_JUDGED = "Not judged"


class Period(Enum):
    """How months make a quarter: a flow is added up, a stock is taken at the last month."""

    TOTAL = "Total"
    END = "End"


class Arithmetic(Enum):
    """How a numerator and a denominator make a value."""

    PERCENTAGE = "Percentage"
    COUNT = "Count"
    AVERAGE = "Average"
    RATE = "Rate per 10,000"


class Severity(Enum):
    """An error means that the scorecard is not ready to share."""

    ERROR = "Error"
    WARNING = "Warning"
    NOTE = "Note"


@dataclass(frozen=True)
class Place:
    """A cell of the workbook; ``cell`` is '' for the sheet as a whole."""

    sheet: str
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet} {self.cell}".strip()


@dataclass(frozen=True)
class Finding:
    """One thing for a person to put right."""

    code: str
    severity: Severity
    what: str
    todo: str
    place: Place
    kqi: str = ""


@dataclass(frozen=True)
class Range:
    """Limits, both inclusive; None leaves that side open."""

    low: float | None = None
    high: float | None = None

    def __contains__(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def usable(self) -> Range:
        """Itself; no limits at all if they stand inside out (from 15 to 10)."""
        inside_out = self.low is not None and self.high is not None and self.low > self.high
        return Range() if inside_out else self


@dataclass(frozen=True)
class Limits:
    """A measure's GOOD benchmark: Green within ``green``, else Amber within ``amber``, else Red."""

    good_is: GoodIs
    green: Range = Range()
    amber: Range = Range()
    source: str = ""


@dataclass(frozen=True)
class KQI:
    """One row of the scorecard."""

    number: str
    title: str
    owner: str = ""
    place: Place = Place("KQIs")


@dataclass(frozen=True)
class Measure:
    """A named calculation that informs one KQI or several.

    ``table`` is the data table it is worked out from, and ``picks`` the value that filters it
    ('' for all rows). It is ``qualitative`` when its source is one of its KQI's evidence. ``step``
    is the smallest change that counts as a trend, in the measure's own unit.
    """

    name: str
    kqis: tuple[str, ...]
    source: str
    table: str
    picks: str
    calculation: str
    unit: str
    period: Period
    limits: Limits
    step: float
    key: bool
    decimals: int
    qualitative: bool = False
    definition: str = ""
    place: Place = Place("Measures")


@dataclass(frozen=True)
class Evidence:
    """A qualitative source that informs a KQI: which rows of which data table it is."""

    kqi: str
    source: str
    monthly: bool
    table: str
    picks: str = ""
    place: Place = Place("Evidence")


@dataclass(frozen=True)
class Settings:
    """What the Settings tab says, with the defaults for what it leaves blank."""

    council: str = ""
    quarter: Quarter | None = None
    teams: tuple[str, ...] = ()
    child_population: float | None = None
    control_chart: bool = True
    trend_months: int = 24
    decimals: int = 1
    backups: int = 10


@dataclass(frozen=True)
class Definitions:
    """What the council has decided: its KQIs, measures, evidence and settings."""

    kqis: tuple[KQI, ...]
    measures: tuple[Measure, ...]
    evidence: tuple[Evidence, ...]
    settings: Settings

    def measures_of(self, kqi: str) -> tuple[Measure, ...]:
        """The measures that inform a KQI, in the order of the Measures tab."""
        return tuple(m for m in self.measures if kqi in m.kqis)

    def evidence_of(self, kqi: str) -> tuple[Evidence, ...]:
        """The sources that inform a KQI, in the order of the Evidence tab."""
        return tuple(e for e in self.evidence if e.kqi == kqi)


@dataclass(frozen=True)
class Reading:
    """A measure's value for one team, or for all, in one month or quarter.

    ``value`` is in the measure's unit, rounded as shown, and None when there is none: ``reason``
    then says why, and is never empty. A missing value is never 0.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Point:
    """A commentary point as it stands in the Commentary tab."""

    text: str
    author: str = ""
    date: dt.date | None = None
    place: Place = Place("Commentary")


@dataclass(frozen=True)
class Action:
    """An action as it stands in the Actions tab."""

    text: str
    who: str = ""
    due: dt.date | None = None
    status: str = ""
    place: Place = Place("Actions")


@dataclass(frozen=True)
class Judgement:
    """What the accountable person decided on a KQI. It counts only when it is complete."""

    kqi: str
    rag: RAG | None
    trend: Trend | None
    reason: str
    by: str
    date: dt.date | None
    place: Place = Place("Judgements")

    @property
    def missing(self) -> tuple[str, ...]:
        """What it still needs before it can replace the proposal, in the tab's own words."""
        parts = {"RAG": self.rag, "Reason": self.reason, "By": self.by, "Date": self.date}
        return tuple(name for name, value in parts.items() if not value)
