"""Everything that was read becomes the scorecard: figures, then readings, then rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

from kqi_workbook import layout
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard, TeamResult
from kqi_workbook.scorecard.evidence import summarise
from kqi_workbook.scorecard.measures import figures, month_points, quarter_reading
from kqi_workbook.scorecard.model import (
    KQI,
    RAG,
    Action,
    Definitions,
    Judgement,
    Measure,
    Point,
    Trend,
)
from kqi_workbook.scorecard.quarters import Quarter, months_to
from kqi_workbook.scorecard.rag import Rated, propose, rate
from kqi_workbook.scorecard.tables import DataTable, Tables
from kqi_workbook.scorecard.trend import kqi_trend, movement


def build_scorecard(definitions: Definitions, tables: Tables, quarter: Quarter) -> Scorecard:
    """Work out a quarter's scorecard from the definitions and the data tables."""
    settings = definitions.settings
    count = max(settings.trend_months, layout.TREND_LINE_MONTHS)
    months = months_to(quarter.end, count)
    results = {
        measure.name: _result(measure, definitions, tables, quarter, months)
        for measure in definitions.measures
    }
    judgements = {judgement.kqi: judgement for judgement in judgements_of(tables, quarter)}
    last = _last_rags(tables, quarter.previous)
    rows = tuple(
        _row(
            kqi,
            tuple(results[measure.name] for measure in definitions.measures_of(kqi.number)),
            definitions,
            tables,
            quarter,
            judgements.get(kqi.number),
            last.get(kqi.number),
        )
        for kqi in definitions.kqis
    )
    return Scorecard(
        settings.council, quarter, settings.teams, months, rows, tuple(results.values())
    )


def judgements_of(tables: Tables, quarter: Quarter) -> tuple[Judgement, ...]:
    """The quarter's judgements, complete or not, as they stand in the Judgements tab."""
    return tuple(
        Judgement(
            kqi=str(record["KQI"]),
            rag=_word(RAG, record["RAG"]),
            trend=_word(Trend, record["Trend"]),
            reason=str(record["Reason"]),
            by=str(record["By"]),
            date=_day(record["Date"]),
            place=table.place(row, "KQI"),
        )
        for table in _of_quarter(tables, layout.JUDGEMENTS, quarter)
        for row, record in table.records()
    )


def _result(
    measure: Measure,
    definitions: Definitions,
    tables: Tables,
    quarter: Quarter,
    months: tuple[dt.date, ...],
) -> MeasureResult:
    settings = definitions.settings
    population = settings.child_population
    worked_out = figures(measure, tables, months)
    now = quarter_reading(worked_out, quarter, population)
    before = quarter_reading(worked_out, quarter.previous, population)
    points = month_points(worked_out, months, population)
    teams: dict[str, TeamResult] = {}
    for team in settings.teams:
        reading = quarter_reading(worked_out, quarter, team=team)
        teams[team] = TeamResult(reading, rate(reading.value, measure.limits))
    return MeasureResult(
        measure=measure,
        now=now,
        before=before,
        rag=rate(now.value, measure.limits),
        movement=movement(measure, quarter, now, before, points, settings),
        teams=teams,
        points=points,
    )


def _row(
    kqi: KQI,
    results: tuple[MeasureResult, ...],
    definitions: Definitions,
    tables: Tables,
    quarter: Quarter,
    judgement: Judgement | None,
    last_rag: RAG | None,
) -> Row:
    proposal = propose([Rated(result.measure, result.now.value) for result in results])
    trend = kqi_trend((result.measure, result.movement) for result in results)
    return Row(
        kqi=kqi,
        measures=results,
        evidence=tuple(
            summarise(evidence, tables, quarter) for evidence in definitions.evidence_of(kqi.number)
        ),
        commentary=_commentary(tables, kqi, quarter),
        actions=_actions(tables, kqi, quarter),
        proposal=proposal,
        proposed_trend=trend,
        judgement=judgement,
        last_rag=last_rag,
    )


def _commentary(tables: Tables, kqi: KQI, quarter: Quarter) -> tuple[Point, ...]:
    return tuple(
        Point(
            text=str(record["Point"]),
            author=str(record["Author"]),
            date=_day(record["Date"]),
            place=table.place(row, "Point"),
        )
        for table in _of_quarter(tables, layout.COMMENTARY, quarter)
        for row, record in table.records()
        if record["KQI"] == kqi.number
    )


def _actions(tables: Tables, kqi: KQI, quarter: Quarter) -> tuple[Action, ...]:
    return tuple(
        Action(
            text=str(record["Action"]),
            who=str(record["Who"]),
            due=_day(record["Due"]),
            status=str(record["Status"]),
            place=table.place(row, "Action"),
        )
        for table in _of_quarter(tables, layout.ACTIONS, quarter)
        for row, record in table.records()
        if record["KQI"] == kqi.number
    )


def _last_rags(tables: Tables, quarter: Quarter) -> Mapping[str, RAG]:
    return {
        str(record["KQI"]): rag
        for table in _of_quarter(tables, layout.HISTORY, quarter)
        for _, record in table.records()
        if not record["Measure"] and (rag := _word(RAG, record["RAG"]))
    }


def _of_quarter(tables: Tables, wanted: layout.Table, quarter: Quarter) -> tuple[DataTable, ...]:
    """The quarter's rows of a table, or nothing where the workbook has no such table."""
    table = tables.get(wanted.name)
    return (table.of_quarter(quarter.label),) if table else ()


Word = TypeVar("Word", RAG, Trend)


def _word(words: type[Word], text: object) -> Word | None:
    return next((w for w in words if w.value.casefold() == str(text).casefold()), None)


def _day(value: object) -> dt.date | None:
    return value.date() if isinstance(value, pd.Timestamp) else None
