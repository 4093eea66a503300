"""Everything that was read becomes the scorecard: figures, then readings, then rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from kqi_workbook import layout
from kqi_workbook.scorecard.board import MeasureResult, Row, Scorecard, TeamResult
from kqi_workbook.scorecard.evidence import EvidenceResult, summarise
from kqi_workbook.scorecard.fields import as_field, fill
from kqi_workbook.scorecard.lines import Seen
from kqi_workbook.scorecard.measures import Figures, figures, month_points, quarter_reading
from kqi_workbook.scorecard.model import (
    KQI,
    RAG,
    Action,
    Definitions,
    Judgement,
    Measure,
    Place,
    Point,
    Reading,
    Settings,
    parse_rag,
    parse_trend,
)
from kqi_workbook.scorecard.quarters import Quarter, months_to
from kqi_workbook.scorecard.rag import Rated, propose, rate
from kqi_workbook.scorecard.tables import DataTable, Tables, as_day, as_number
from kqi_workbook.scorecard.trend import kqi_trend, movement

_RAGS = {rag.value.casefold(): rag for rag in RAG}


def build_scorecard(
    definitions: Definitions, tables: Tables, quarter: Quarter, today: dt.date | None = None
) -> Scorecard:
    """Work out a quarter's scorecard from the definitions and the data tables.

    Nothing that falls due after ``today`` has been missed. (None: the quarter is over.)
    """
    day = min(today or quarter.end, quarter.end)
    settings = definitions.settings
    count = max(settings.trend_months, layout.TREND_LINE_MONTHS)
    months = months_to(quarter.end, count)
    seen = Seen(months, day)
    recorded = _recorded(tables, quarter, months)
    results = {
        measure.name: _result(
            measure, settings, tables, quarter, seen, recorded.get(measure.name, {})
        )
        for measure in definitions.measures
    }
    shown = {r.measure.name: as_field(r.measure, r.now) for r in results.values()}
    judgements = {judgement.kqi: judgement for judgement in judgements_of(tables, quarter)}
    past = _past_rags(tables)
    before = [quarter.plus(-ago).label for ago in range(layout.HISTORY_STRIP, 0, -1)]
    commentary = commentary_of(tables, quarter, shown)
    actions = _actions_of(tables, quarter, shown)
    rows = tuple(
        _row(
            kqi,
            tuple(results[measure.name] for measure in definitions.measures_of(kqi.number)),
            evidence=tuple(
                summarise(evidence, tables, quarter, day)
                for evidence in definitions.evidence_of(kqi.number)
            ),
            commentary=tuple(commentary.get(kqi.number, ())),
            actions=tuple(actions.get(kqi.number, ())),
            judgement=judgements.get(kqi.number),
            past=tuple(past.get((label, kqi.number)) for label in before),
        )
        for kqi in definitions.kqis
    )
    return Scorecard(
        council=settings.council,
        quarter=quarter,
        teams=settings.teams,
        months=months,
        rows=rows,
        measures=tuple(results.values()),
        as_of=day,
    )


def judgements_of(tables: Tables, quarter: Quarter) -> tuple[Judgement, ...]:
    """The quarter's judgements, complete or not, as they stand in the Judgements tab."""
    return tuple(
        _judgement(record, table.place(row, "KQI"))
        for table in _of_quarter(tables, layout.JUDGEMENTS, quarter)
        for row, record in table.records()
    )


def _judgement(record: Mapping[str, object], place: Place) -> Judgement:
    rag, arrow = parse_rag(str(record["RAG"])) or (None, None)
    return Judgement(
        kqi=str(record["KQI"]),
        rag=rag,
        trend=parse_trend(str(record["Trend"])) or arrow,
        reason=str(record["Reason"]),
        by=str(record["By"]),
        date=as_day(record["Date"]),
        place=place,
    )


def _result(
    measure: Measure,
    settings: Settings,
    tables: Tables,
    quarter: Quarter,
    seen: Seen,
    recorded: Mapping[Quarter, Reading],
) -> MeasureResult:
    population = settings.child_population
    worked_out = figures(measure, tables, seen)
    now = quarter_reading(worked_out, quarter, population)
    before = quarter_reading(worked_out, quarter.previous, population)
    points = month_points(worked_out, seen.months, population)
    teams: dict[str, TeamResult] = {}
    for team in settings.teams:
        reading = quarter_reading(worked_out, quarter, team=team)
        teams[team] = TeamResult(reading, rate(reading.value, measure.limits))
    return MeasureResult(
        measure=measure,
        now=now,
        before=before,
        rag=rate(now.value, measure.limits),
        movement=movement(measure, quarter, now, before, points, settings, seen.day),
        teams=teams,
        points=points,
        earlier=_earlier(worked_out, recorded, population),
        reported={month: frozenset(teams) for month, teams in worked_out.months.items()},
    )


def _earlier(
    of: Figures, recorded: Mapping[Quarter, Reading], population: float | None
) -> dict[Quarter, tuple[Reading, Reading]]:
    if of.missing:
        return {}
    return {q: (then, quarter_reading(of, q, population)) for q, then in recorded.items()}


def _row(
    kqi: KQI,
    results: tuple[MeasureResult, ...],
    *,
    evidence: tuple[EvidenceResult, ...],
    commentary: tuple[Point, ...],
    actions: tuple[Action, ...],
    judgement: Judgement | None,
    past: tuple[RAG | None, ...],
) -> Row:
    return Row(
        kqi=kqi,
        measures=results,
        evidence=evidence,
        commentary=commentary,
        actions=actions,
        proposal=propose([Rated(result.measure, result.now.value) for result in results]),
        proposed_trend=kqi_trend((result.measure, result.movement) for result in results),
        judgement=judgement,
        past=past,
    )


def commentary_of(
    tables: Tables, quarter: Quarter, shown: Mapping[str, str]
) -> dict[str, list[Point]]:
    """A quarter's commentary points by KQI, their fields filled by what measures show."""
    points: dict[str, list[Point]] = {}
    for table in _of_quarter(tables, layout.COMMENTARY, quarter):
        for row, record in table.records():
            point = Point(
                text=fill(str(record["Point"]), shown),
                author=str(record["Author"]),
                date=as_day(record["Date"]),
                place=table.place(row, "Point"),
            )
            points.setdefault(str(record["KQI"]), []).append(point)
    return points


def _actions_of(
    tables: Tables, quarter: Quarter, shown: Mapping[str, str]
) -> dict[str, list[Action]]:
    actions: dict[str, list[Action]] = {}
    for table in _of_quarter(tables, layout.ACTIONS, quarter):
        for row, record in table.records():
            action = Action(
                text=fill(str(record["Action"]), shown),
                who=str(record["Who"]),
                due=as_day(record["Due"]),
                status=str(record["Status"]),
                place=table.place(row, "Action"),
            )
            actions.setdefault(str(record["KQI"]), []).append(action)
    return actions


def _past_rags(tables: Tables) -> Mapping[tuple[str, str], RAG]:
    """Each KQI's RAG by quarter and KQI, as the History tab has it."""
    history = tables.get(layout.HISTORY.name)
    return {
        (str(record["Quarter"]), str(record["KQI"])): rag
        for _, record in (history.records() if history else ())
        if not record["Measure"] and (rag := _RAGS.get(str(record["RAG"]).casefold()))
    }


def _recorded(
    tables: Tables, quarter: Quarter, months: tuple[dt.date, ...]
) -> dict[str, dict[Quarter, Reading]]:
    """Each measure's readings of earlier quarters as the History tab has them.

    Only of quarters whose months are all among ``months``: others cannot be worked out again.
    """
    found: dict[str, dict[Quarter, Reading]] = {}
    history = tables.get(layout.HISTORY.name)
    for _, record in history.records() if history else ():
        then = Quarter.parse(str(record["Quarter"]))
        if record["Measure"] and then < quarter and set(then.months) <= set(months):
            parts = (as_number(record[name]) for name in ("Value", "Numerator", "Denominator"))
            value, numerator, denominator = parts
            reason = "" if value is not None else "no value"
            reading = Reading(value, numerator, denominator, reason)
            found.setdefault(str(record["Measure"]), {})[then] = reading
    return found


def _of_quarter(tables: Tables, wanted: layout.Table, quarter: Quarter) -> tuple[DataTable, ...]:
    """The quarter's rows of a table, or nothing where the workbook has no such table."""
    table = tables.get(wanted.name)
    return (table.of_quarter(quarter.label),) if table else ()
