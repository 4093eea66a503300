"""Checks on what the quarter rests on: measures and sources without data, samples too small."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from kqi_workbook import layout
from kqi_workbook.layout import Setting
from kqi_workbook.scorecard.board import MeasureResult, Scorecard
from kqi_workbook.scorecard.checks.checked import Checked, about, about_measure
from kqi_workbook.scorecard.evidence import rows_of_evidence
from kqi_workbook.scorecard.model import Finding, Period, Severity
from kqi_workbook.scorecard.quarters import month_label
from kqi_workbook.scorecard.words import CONFIDENTIAL

_SAMPLE = re.compile(
    r"\bsampl\w*\b[^\d]*\b(\d{1,3})\b"
    r"(?!\s*(?:%|per\s?cent|areas?\b|teams?\b|days?\b|weeks?\b|months?\b|quarters?\b))",
    re.IGNORECASE,
)
"""How many files a source promises: "Sample monthly check of 10 case files", "sample of 10". A
year, a share, or a number of teams or months is no such promise."""

_SAMPLED_BY: Mapping[str, str] = {
    layout.FILE_CHECKS.name: "File ref",
    layout.AUDITS.name: "Case ref",
}


def measure_without_data(checked: Checked) -> Iterator[Finding]:
    """A measure that has no value this quarter.

    Where its table is missing, or its source has no rows at all, that is said once, there.
    """
    for result in checked.scorecard.measures:
        measure = result.measure
        if result.now.value is not None or measure.table not in checked.tables:
            continue
        if not _is_due(result, checked) or _source_is_empty(result, checked.scorecard):
            continue
        yield about_measure(
            measure,
            f"'{measure.name}' has no value for {checked.quarter}: {result.now.reason}.",
            _to_have_a_value(result),
        )


def _is_due(result: MeasureResult, checked: Checked) -> bool:
    """Rows are wanted once a month of the quarter is over, and enough of them once all of it is."""
    first, _, last = checked.quarter.months
    if result.now.reason.startswith(CONFIDENTIAL):
        return checked.expects(last)
    return result.now.numerator is not None or checked.expects(first)


def _to_have_a_value(result: MeasureResult) -> str:
    """What to do, by the reason why there is no value."""
    now, sheet = result.now, layout.TABLES[result.measure.table].sheet
    if now.numerator is None:
        return f"Add its rows to the {sheet} tab, or say in the commentary why there are none."
    if now.reason.startswith(CONFIDENTIAL):
        return f"Add what the {sheet} tab lacks, or say in the commentary why there are so few."
    if now.denominator is None:
        return (
            f"Fill in the denominator of each of its rows in the {sheet} tab, or leave them all "
            f"blank and write the {Setting.CHILD_POPULATION.value} into the "
            f"{layout.SETTINGS.sheet} tab."
        )
    return (
        f"Correct its denominators in the {sheet} tab, or say in the commentary that there was "
        "nothing to count."
    )


def months_missing(checked: Checked) -> Iterator[Finding]:
    """A Purple-book measure whose figure lacks a month that is over, or a team in any month.

    A month is expected only of measures that are entered monthly: with rows in two months running
    of this quarter and the last. Of others, a team is that had rows last quarter. A team, or the
    measure as a whole, has to have rows before what it lacks.
    """
    for result in checked.scorecard.measures:
        measure = result.measure
        if result.now.value is None or measure.table != layout.PURPLE_BOOK.name:
            continue
        lacking = _lacking(result, checked)
        if lacking:
            yield about_measure(
                measure,
                f"'{measure.name}' has no rows for {'; '.join(lacking)}. Its figure is that of "
                "the other rows.",
                f"Add the rows to the {layout.PURPLE_BOOK.sheet} tab, with 0 where there was "
                "nothing to count, or say in the commentary why there are none.",
            )


def _lacking(result: MeasureResult, checked: Checked) -> list[str]:
    """``South in Mar 2014``, ``any team in Mar 2014``: what a measure's figure goes without."""
    quarter = checked.quarter
    before = quarter.previous.months
    months = (*before, *quarter.months)
    teams = [result.reported.get(month, frozenset()) for month in months]
    counts_from = len(before)
    if not any(one and other for one, other in pairwise(teams)):
        last, now = frozenset().union(*teams[:counts_from]), frozenset().union(*teams[counts_from:])
        gone = last - now
        return [f"{_named(gone, checked)} in {quarter}"] if gone else []
    if result.measure.period is Period.END:
        counts_from = max(i for i, some in enumerate(teams) if some)
    lacking = []
    for i in range(counts_from, len(months)):
        gone = frozenset().union(*teams[:i]) - teams[i]
        if gone and (teams[i] or checked.expects(months[i])):
            who = _named(gone, checked) if teams[i] else "any team"
            lacking.append(f"{who} in {month_label(months[i])}")
    return lacking


def _named(teams: frozenset[str], checked: Checked) -> str:
    return " and ".join(team for team in checked.scorecard.teams if team in teams)


def source_without_rows(checked: Checked) -> Iterator[Finding]:
    """An evidence source with nothing once it is due, or with a month missing that is over.

    One that is expected monthly is due once a month of the quarter is over, others once it is.
    """
    first, _, last = checked.quarter.months
    for row in checked.scorecard.rows:
        for result in row.evidence:
            evidence = result.evidence
            missing = [month for month in result.missing_months if checked.expects(month)]
            if evidence.table not in checked.tables:
                continue
            if not (result.rows or checked.expects(first if evidence.monthly else last)):
                continue
            if not result.rows and evidence.table == layout.REPORTS.name:
                what = f"No report presented: {evidence.source}."
            elif not result.rows:
                what = f"'{evidence.source}' has no rows for {checked.quarter}."
            elif missing:
                months = " and ".join(map(month_label, missing))
                what = f"'{evidence.source}' is expected monthly and has no rows for {months}."
            else:
                continue
            sheet = layout.TABLES[evidence.table].sheet
            todo = f"Add its rows to the {sheet} tab, or say in the commentary why there are none."
            yield about(row, Severity.WARNING, what, todo, evidence.place)


def small_sample(checked: Checked) -> Iterator[Finding]:
    """Fewer files in a month that is over than a source's own name promises ("a sample of 10").

    A month without any is a missing month, and said as such.
    """
    for row in checked.scorecard.rows:
        for result in row.evidence:
            evidence = result.evidence
            promised = _SAMPLE.search(evidence.source)
            column = _SAMPLED_BY.get(evidence.table)
            if promised is None or column is None or not evidence.monthly or not result.rows:
                continue
            wanted = int(promised[1])
            rows = rows_of_evidence(evidence, checked.tables, checked.quarter)
            months = rows[layout.TABLES[evidence.table].dated].to_numpy().astype("datetime64[M]")
            few = [
                f"{files} in {month_label(month)}"
                for month in filter(checked.expects, checked.quarter.months)
                if 0 < (files := _files(rows[column][months == np.datetime64(month, "M")])) < wanted
            ]
            if few:
                yield about(
                    row,
                    Severity.WARNING,
                    f"'{evidence.source}' has fewer than {wanted} files: {', '.join(few)}.",
                    f"Add the missing files to the {layout.TABLES[evidence.table].sheet} tab, or "
                    "say in the commentary why there are fewer.",
                    evidence.place,
                )


def _files(refs: pd.Series[str]) -> int:
    """How many files the rows are of; one without a reference counts as a file of its own."""
    return refs[refs != ""].nunique() + int((refs == "").sum())


def _source_is_empty(result: MeasureResult, board: Scorecard) -> bool:
    measure = result.measure
    sources = [
        evidence
        for row in board.rows
        for evidence in row.evidence
        if row.kqi.number in measure.kqis
        and evidence.evidence.source.casefold() == measure.source.casefold()
    ]
    return measure.qualitative and bool(sources) and not any(e.rows for e in sources)
