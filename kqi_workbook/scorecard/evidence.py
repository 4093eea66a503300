"""What a qualitative source says this quarter: its rows counted and told in one line.

One small function a data tab, in the one mapping ``SUMMARIES``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.calculations import SMALLEST
from kqi_workbook.scorecard.model import Evidence
from kqi_workbook.scorecard.quarters import Quarter, day_words
from kqi_workbook.scorecard.tables import Tables
from kqi_workbook.scorecard.words import counted

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class EvidenceResult:
    """An evidence source's quarter: how many rows it has, the line that tells of them, and the
    months without any, for a source that is expected monthly."""

    evidence: Evidence
    rows: int
    line: str
    missing_months: tuple[dt.date, ...] = ()


def summarise(evidence: Evidence, tables: Tables, quarter: Quarter) -> EvidenceResult:
    """Count an evidence source's rows in the quarter and tell them in a line."""
    table = tables.get(evidence.table)
    if table is None:
        return EvidenceResult(evidence, 0, "[x] its table is missing")
    rows = rows_of_evidence(evidence, tables, quarter)
    if rows.empty:
        return EvidenceResult(evidence, 0, "[x] nothing this quarter")
    line = SUMMARIES[evidence.table](rows)
    missing = _months_without(rows[table.layout.dated], quarter) if evidence.monthly else ()
    return EvidenceResult(evidence, len(rows), line, missing)


def _months_without(dates: pd.Series[Any], quarter: Quarter) -> tuple[dt.date, ...]:
    if dates.dtype.kind != "M":  # it tells quarters, and no month of them
        return quarter.months
    present = set(dates.to_numpy().astype("datetime64[M]").tolist())
    return tuple(month for month in quarter.months if month not in present)


def rows_of_evidence(evidence: Evidence, tables: Tables, quarter: Quarter) -> pd.DataFrame:
    """An evidence source's rows in the quarter, from a table that must be there."""
    table = tables[evidence.table]
    rows = table.picked(evidence.picks)
    wanted = _in_quarter(rows, table.layout, quarter)
    if "KQI" in rows:
        wanted &= rows["KQI"].to_numpy() == evidence.kqi
    return rows[wanted]


def _in_quarter(rows: pd.DataFrame, table: layout.Table, quarter: Quarter) -> Mask:
    start, end = np.datetime64(quarter.start), np.datetime64(quarter.end)
    if table is layout.PERMANENCE:
        entered, adopted = (rows[name].to_numpy() for name in ("Entered care", "Adoption order"))
        return (entered <= end) & ~(adopted < start)
    dates = rows[table.dated].to_numpy()
    if table is layout.REPORTS:
        here: Mask = (dates == quarter.label) & rows["Presented"].notna().to_numpy()
        return here
    return (dates >= start) & (dates <= end)


def _purple_book(rows: pd.DataFrame) -> str:
    return f"{counted(len(rows), 'figure')} this quarter"


def _court(rows: pd.DataFrame) -> str:
    return f"{counted(len(rows), 'case')} concluded"


def _permanence(rows: pd.DataFrame) -> str:
    child, parent = (int((rows[f"{who}'s voice"] != "").sum()) for who in ("Child", "Parent"))
    children = counted(len(rows), "child", "children")
    return f"{children}: child's voice recorded for {child}, parent's for {parent}"


def _challenges(rows: pd.DataFrame) -> str:
    themes = [theme for theme in rows["Theme"].value_counts().index if theme]
    most = f"; most often {themes[0]}" if themes else ""
    return f"{counted(len(rows), 'challenge')}: {_yes(rows['Robust'])} robust{most}"


def _audits(rows: pd.DataFrame) -> str:
    good = int(rows["Grade"].isin(layout.GOOD_GRADES).sum())
    urgent = _yes(rows["Immediate improvement"])
    return (
        f"{counted(len(rows), 'case audit')}: {good} good or better; "
        f"{urgent} needed immediate improvement"
    )


def _surveys(rows: pd.DataFrame) -> str:
    answers, positive = int(rows["Responses"].sum()), int(rows["Positive"].sum())
    if answers < SMALLEST:
        return f"[c] fewer than {SMALLEST} answers"
    return f"{counted(answers, 'answer')}: {positive} positive"


def _core_groups(rows: pd.DataFrame) -> str:
    return (
        f"{counted(len(rows), 'Core Group')}: {_yes(rows['Plan SMART'])} found the plan SMART; "
        f"parents know what to do in {_yes(rows['Parents know what to do'])}"
    )


def _file_checks(rows: pd.DataFrame) -> str:
    files = len(rows[["Month", "File ref"]].drop_duplicates())
    return f"{counted(files, 'file')} checked: {_yes(rows['Met'])} of {len(rows)} criteria met"


def _supervision(rows: pd.DataFrame) -> str:
    held = int(rows["Held"].notna().sum())
    due = counted(len(rows), "supervision")
    return f"{due} due: {held} held, {_yes(rows['Reflective'])} reflective"


def _reports(rows: pd.DataFrame) -> str:
    last = rows.sort_values("Presented").iloc[-1]
    told = f"presented {day_words(last['Presented'])}"
    return f"{told}: {last['Headline']}" if last["Headline"] else told


SUMMARIES: Mapping[str, Callable[[pd.DataFrame], str]] = {
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
