"""The scorecard as it will stand on the sheet, whole, before the first cell is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kqi_workbook.scorecard.evidence import EvidenceResult
from kqi_workbook.scorecard.model import (
    KQI,
    RAG,
    Action,
    Judgement,
    Measure,
    Point,
    Reading,
    Trend,
)
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.rag import Proposal
from kqi_workbook.scorecard.trend import Movement

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class TeamResult:
    """A measure's reading for one team in the quarter, and where that stands."""

    reading: Reading
    rag: RAG


@dataclass(frozen=True)
class MeasureResult:
    """A measure's quarter: its reading now and the quarter before, its RAG, how it moved, its
    readings by team, and its monthly points, oldest first.

    ``earlier`` holds, for earlier quarters that were refreshed, the reading as it was then and as
    the data give it now; ``reported`` the teams that have rows, by month ('' where teams are not
    told apart).
    """

    measure: Measure
    now: Reading
    before: Reading
    rag: RAG
    movement: Movement
    teams: Mapping[str, TeamResult]
    points: tuple[tuple[dt.date, Reading], ...]
    earlier: Mapping[Quarter, tuple[Reading, Reading]] = field(default_factory=dict)
    reported: Mapping[dt.date, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One KQI's row of the scorecard.

    ``past`` holds the RAG of the quarters before, oldest first, as last refreshed: None where a
    quarter is not on file.
    """

    kqi: KQI
    measures: tuple[MeasureResult, ...]
    evidence: tuple[EvidenceResult, ...]
    commentary: tuple[Point, ...]
    actions: tuple[Action, ...]
    proposal: Proposal
    proposed_trend: Trend
    judgement: Judgement | None = None
    past: tuple[RAG | None, ...] = ()

    @property
    def last_rag(self) -> RAG | None:
        """The RAG status of the quarter before, or None if it is not on file."""
        return self.past[-1] if self.past else None

    @property
    def judged(self) -> bool:
        """Whether a complete judgement stands in the place of the proposal."""
        return self.judgement is not None and not self.judgement.missing

    @property
    def rag(self) -> RAG:
        """The RAG status that the scorecard shows: judged, or else proposed."""
        if self.judgement is not None and self.judgement.rag is not None and self.judged:
            return self.judgement.rag
        return self.proposal.rag

    @property
    def trend(self) -> Trend:
        """The trend that the scorecard shows: judged where a judgement gives one."""
        if self.judgement is not None and self.judgement.trend is not None and self.judged:
            return self.judgement.trend
        return self.proposed_trend

    @property
    def why(self) -> str:
        """The sentence that says why; a judgement's reason comes first, with the proposal after."""
        if not self.judged or self.judgement is None:
            return self.proposal.sentence
        return (
            f"Judged {self.rag.value} by {self.judgement.by}: {self.judgement.reason}\n"
            f"Proposed {self.proposal.sentence}"
        )

    @property
    def headline(self) -> MeasureResult | None:
        """Whose months make the row's trend line: its first key one, else its first."""
        key = (result for result in self.measures if result.measure.key)
        return next(key, self.measures[0] if self.measures else None)


@dataclass(frozen=True)
class Scorecard:
    """A quarter's scorecard: one row a KQI, and every measure once for the other sheets.

    ``as_of`` is the day from which it is seen: the quarter's last, or an earlier one while it runs.
    """

    council: str
    quarter: Quarter
    teams: tuple[str, ...]
    months: tuple[dt.date, ...]
    rows: tuple[Row, ...]
    measures: tuple[MeasureResult, ...]
    as_of: dt.date

    @property
    def is_over(self) -> bool:
        """Whether the quarter was, on the day that the scorecard was worked out."""
        return self.as_of == self.quarter.end

    @property
    def period(self) -> str:
        """What it tells of, for titles: ``Quarter 4, January to March 2014, so far``."""
        return self.quarter.words if self.is_over else f"{self.quarter.words}, so far"

    @property
    def running_note(self) -> str:
        """What is to be known of the figures of a quarter that is not over; '' once it is."""
        note = "The quarter is not over: what is due later is not counted yet."
        return "" if self.is_over else note

    @property
    def names(self) -> frozenset[str]:
        """The measures' names."""
        return frozenset(result.measure.name for result in self.measures)

    def to_frame(self) -> pd.DataFrame:
        """One line a KQI, indexed by its number: title, RAG, trend and what stands behind them."""
        import pandas as pd

        lines = [
            {
                "KQI": row.kqi.number,
                "Title": row.kqi.title,
                "RAG": row.rag.value,
                "Trend": row.trend.value,
                "Proposed RAG": row.proposal.rag.value,
                "Proposed trend": row.proposed_trend.value,
                "Judged": row.judged,
                "Why": row.why,
                "Commentary": [point.text for point in row.commentary],
                "Actions": [action.text for action in row.actions],
            }
            for row in self.rows
        ]
        return pd.DataFrame(lines).set_index("KQI")

    def measures_frame(self) -> pd.DataFrame:
        """One line a measure, indexed by its name: figures, limits, RAG and trend, and by team."""
        import pandas as pd

        results = self.measures
        columns = {
            "Measure": [result.measure.name for result in results],
            "KQIs": [", ".join(result.measure.kqis) for result in results],
            "Value": [result.now.value for result in results],
            "Unit": [result.measure.unit for result in results],
            "Numerator": [result.now.numerator for result in results],
            "Denominator": [result.now.denominator for result in results],
            "Last quarter": [result.before.value for result in results],
            "RAG": [result.rag.value for result in results],
            "Trend": [result.movement.trend.value for result in results],
            "Why no value": [result.now.reason for result in results],
            **{t: [result.teams[t].reading.value for result in results] for t in self.teams},
        }
        return pd.DataFrame(columns).set_index("Measure")
