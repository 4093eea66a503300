"""What a qualitative source says this quarter: its rows counted and told in one line.

One small function a data tab, in the one mapping ``SUMMARIES``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.layout import Refers
from kqi_workbook.scorecard.calculations import SMALLEST
from kqi_workbook.scorecard.lines import fallen_due
from kqi_workbook.scorecard.model import Evidence, Measure, Period
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.quarters import Quarter, day_words
from kqi_workbook.scorecard.tables import Tables
from kqi_workbook.scorecard.words import CONFIDENTIAL, NOT_AVAILABLE, counted

Mask: TypeAlias = npt.NDArray[np.bool_]

_NOT_BY_MONTH = (layout.PERMANENCE, layout.REPORTS)
"""Tabs whose rows speak for a whole quarter: the children then in care, and its reports."""


@dataclass(frozen=True)
class Part:
    """One thing that a source's rows say (``8 good or better``), and the calculation whose
    numerator it counts, if there is one."""

    text: str
    calculation: str = ""


@dataclass(frozen=True)
class Summary:
    """What a source's rows say: how many there are (``12 case audits``), then what is in them."""

    head: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class EvidenceResult:
    """An evidence source's quarter: how many rows it has, what they say, and the months without
    any, for a source that is expected monthly."""

    evidence: Evidence
    rows: int
    summary: Summary
    missing_months: tuple[dt.date, ...] = ()

    @property
    def line(self) -> str:
        """``12 case audits: 8 good or better; 0 needed immediate improvement``."""
        return self.line_with({})

    def line_with(self, figures: Mapping[Part, str]) -> str:
        """The line with the figures of measures behind the parts that count the same."""
        parts = (
            ", ".join(filter(None, (part.text, figures.get(part)))) for part in self.summary.parts
        )
        return ": ".join(filter(None, (self.summary.head, "; ".join(parts))))

    def part_of(self, measure: Measure) -> Part | None:
        """The part that counts the same rows as a measure worked out from this source."""
        if not self._counts_rows_of(measure) or measure.period is not Period.TOTAL:
            return None
        parts = self.summary.parts
        return next((p for p in parts if p.calculation == measure.calculation), None)

    def informs(self, measure: Measure) -> bool:
        """Whether a measure is worked out from this source."""
        source = self.evidence.source.casefold()
        return measure.qualitative and measure.source.casefold() == source

    @property
    def says_why_not(self) -> bool:
        """Whether the line is the reason why there is nothing to tell (``[x] nothing ...``)."""
        return self.summary.head.startswith("[")

    def _counts_rows_of(self, measure: Measure) -> bool:
        """Whether a measure counts these rows and no others.

        Of a source that several KQIs name, a measure counts the rows that its first one picks,
        and where rows name their KQI, those of all its KQIs.
        """
        evidence = self.evidence
        if not self.informs(measure) or measure.picks.casefold() != evidence.picks.casefold():
            return False
        columns = layout.TABLES[evidence.table].columns
        told_apart = any(column.refers is Refers.KQI for column in columns)
        return not told_apart or set(measure.kqis) == {evidence.kqi}


def summarise(evidence: Evidence, tables: Tables, quarter: Quarter, day: dt.date) -> EvidenceResult:
    """Count an evidence source's rows in the quarter, seen from a day, and tell them in a line."""
    table = tables.get(evidence.table)
    if table is None:
        return EvidenceResult(evidence, 0, Summary(f"{NOT_AVAILABLE} its table is missing"))
    rows = rows_of_evidence(evidence, tables, quarter)
    dated = table.layout.column(table.layout.dated)
    if dated.planned:
        rows = fallen_due(rows, dated.name, day)
    if rows.empty:
        return EvidenceResult(evidence, 0, Summary(f"{NOT_AVAILABLE} nothing this quarter"))
    summary = SUMMARIES[evidence.table](rows)
    by_month = evidence.monthly and table.layout not in _NOT_BY_MONTH
    missing = _months_without(rows[dated.name], quarter) if by_month else ()
    return EvidenceResult(evidence, len(rows), summary, missing)


def _months_without(dates: pd.Series[Any], quarter: Quarter) -> tuple[dt.date, ...]:
    present = set(dates.to_numpy().astype("datetime64[M]").tolist())
    return tuple(month for month in quarter.months if month not in present)


def rows_of_evidence(evidence: Evidence, tables: Tables, quarter: Quarter) -> pd.DataFrame:
    """An evidence source's rows in the quarter, from a table that must be there."""
    table = tables[evidence.table]
    rows = table.picked(evidence.picks)
    wanted = in_quarter(rows, table.layout, quarter)
    if "KQI" in rows:
        wanted &= rows["KQI"].to_numpy() == evidence.kqi
    return rows[wanted]


def in_quarter(rows: pd.DataFrame, table: layout.Table, quarter: Quarter) -> Mask:
    """Which rows of a data table tell of the quarter."""
    start, end = np.datetime64(quarter.start), np.datetime64(quarter.end)
    if table is layout.PERMANENCE:
        entered, adopted = (rows[name].to_numpy() for name in ("Entered care", "Adoption order"))
        return (entered <= end) & ~(adopted < start)
    dates = rows[table.dated].to_numpy()
    if table is layout.REPORTS:
        here: Mask = (dates == quarter.label) & rows["Presented"].notna().to_numpy()
        return here
    return (dates >= start) & (dates <= end)


def _purple_book(rows: pd.DataFrame) -> Summary:
    return Summary(f"{counted(len(rows), 'figure')} this quarter")


def _court(rows: pd.DataFrame) -> Summary:
    return Summary(f"{counted(len(rows), 'case')} concluded")


def _permanence(rows: pd.DataFrame) -> Summary:
    child, parent = (int((rows[f"{who}'s voice"] != "").sum()) for who in ("Child", "Parent"))
    voices = Part(f"child's voice recorded for {child}, parent's for {parent}")
    return Summary(counted(len(rows), "child", "children"), (voices,))


def _challenges(rows: pd.DataFrame) -> Summary:
    robust = Part(f"{_yes_of(rows['Robust'], len(rows))} robust", "Robust challenges")
    often = _most_often([theme for theme in rows["Theme"] if theme])
    most = (Part(f"most often {' and '.join(often)}"),) if often else ()
    return Summary(counted(len(rows), "challenge"), (robust, *most))


def _most_often(themes: Sequence[str]) -> list[str]:
    """The theme that comes up most often, or those that do; none where all come up alike."""
    counts = Counter(map(plain, themes))
    most = max(counts.values(), default=0)
    written = {plain(theme): theme for theme in reversed(themes)}
    often = [written[name] for name, count in counts.items() if count == most]
    return often if len(often) < len(counts) or len(often) == 1 else []


def _audits(rows: pd.DataFrame) -> Summary:
    good = int(rows["Grade"].isin(layout.GOOD_GRADES).sum())
    urgent = _yes_of(rows["Immediate improvement"], len(rows))
    return Summary(
        counted(len(rows), "case audit"),
        (
            Part(f"{good} good or better", "Graded good or better"),
            Part(f"{urgent} needed immediate improvement", "Needing immediate improvement"),
        ),
    )


def _surveys(rows: pd.DataFrame) -> Summary:
    answers, positive = int(rows["Responses"].sum()), int(rows["Positive"].sum())
    if answers < SMALLEST:
        return Summary(f"{CONFIDENTIAL} fewer than {SMALLEST} answers")
    return Summary(counted(answers, "answer"), (Part(f"{positive} positive", "Answers positive"),))


def _core_groups(rows: pd.DataFrame) -> Summary:
    know = _yes_of(rows["Parents know what to do"], len(rows))
    return Summary(
        counted(len(rows), "Core Group"),
        (
            Part(f"{_yes(rows['Plan SMART'])} found the plan SMART", "Plans SMART"),
            Part(f"parents know what to do in {know}", "Parents know what to do"),
        ),
    )


def _file_checks(rows: pd.DataFrame) -> Summary:
    files = len(rows[["Month", "File ref"]].drop_duplicates())
    met = Part(f"{_yes(rows['Met'])} of {len(rows)} criteria met", "Criteria met")
    return Summary(f"{counted(files, 'file')} checked", (met,))


def _supervision(rows: pd.DataFrame) -> Summary:
    held = rows[rows["Held"].notna()]
    return Summary(
        f"{counted(len(rows), 'supervision')} due",
        (
            Part(f"{len(held)} held", "Held"),
            Part(f"{_yes_of(held['Reflective'], len(rows))} reflective", "Reflective"),
        ),
    )


def _reports(rows: pd.DataFrame) -> Summary:
    last = rows.sort_values("Presented").iloc[-1]
    return Summary(f"presented {day_words(last['Presented'])}", (Part(last["Headline"]),))


SUMMARIES: Mapping[str, Callable[[pd.DataFrame], Summary]] = {
    layout.PURPLE_BOOK.name: _purple_book,
    layout.COURT.name: _court,
    layout.PERMANENCE.name: _permanence,
    layout.CHALLENGES.name: _challenges,
    layout.AUDITS.name: _audits,
    layout.SURVEYS.name: _surveys,
    layout.CORE_GROUPS.name: _core_groups,
    layout.FILE_CHECKS.name: _file_checks,
    layout.SUPERVISION.name: _supervision,
    layout.REPORTS.name: _reports,
}


def _yes(answers: pd.Series[bool]) -> int:
    return int(answers.sum())


def _yes_of(answers: pd.Series[bool], count: int) -> str:
    """How many are Yes; and of how many, where that is not the number that the line begins with."""
    answered = int(answers.notna().sum())
    if not answered:
        return NOT_AVAILABLE
    return f"{_yes(answers)}" if answered == count else f"{_yes(answers)} of {answered}"
