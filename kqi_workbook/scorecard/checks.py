"""What a person has to put right: one function a check, in the one mapping ``CHECKS``.

Each check takes everything that the scorecard was built from and gives findings. Rows that could
not be read have their findings already, from where they were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kqi_workbook import layout
from kqi_workbook.scorecard.board import Row, Scorecard
from kqi_workbook.scorecard.model import Finding, Judgement, Place, Severity
from kqi_workbook.scorecard.quarters import month_label
from kqi_workbook.scorecard.tables import Tables
from kqi_workbook.scorecard.words import counted

ORDER = tuple(Severity)


@dataclass(frozen=True)
class Checked:
    """What the checks look at: the scorecard, the tables behind it, and the quarter's judgements,
    complete or not."""

    scorecard: Scorecard
    tables: Tables
    judgements: tuple[Judgement, ...]


Check = Callable[[Checked], Iterable[Finding]]


def no_commentary(checked: Checked) -> Iterator[Finding]:
    """A KQI without commentary this quarter."""
    for row in checked.scorecard.rows:
        if not row.commentary:
            yield _about(
                row,
                Severity.ERROR,
                f"KQI {row.kqi.number} has no commentary for {checked.scorecard.quarter}.",
                "Add a point to the Commentary tab with this quarter and KQI.",
                Place(layout.COMMENTARY.sheet),
            )


def no_action(checked: Checked) -> Iterator[Finding]:
    """A KQI without an action this quarter."""
    for row in checked.scorecard.rows:
        if not row.actions:
            yield _about(
                row,
                Severity.ERROR,
                f"KQI {row.kqi.number} has no action for {checked.scorecard.quarter}.",
                "Add what is to be done to get to GOOD to the Actions tab.",
                Place(layout.ACTIONS.sheet),
            )


def measure_without_data(checked: Checked) -> Iterator[Finding]:
    """A measure that has no value this quarter."""
    for result in checked.scorecard.measures:
        if result.now.value is None:
            sheet = layout.TABLES[result.measure.table].sheet
            yield Finding(
                "",
                Severity.WARNING,
                f"'{result.measure.name}' has no value for {checked.scorecard.quarter}: "
                f"{result.now.reason}.",
                f"Add its rows to the {sheet} tab, or say in the commentary why there are none.",
                result.measure.place,
                ", ".join(result.measure.kqis),
            )


def source_without_rows(checked: Checked) -> Iterator[Finding]:
    """An evidence source with nothing this quarter, or with a month missing."""
    for row in checked.scorecard.rows:
        for result in row.evidence:
            evidence = result.evidence
            sheet = layout.TABLES[evidence.table].sheet
            if not result.rows and evidence.table == layout.REPORTS.name:
                what = f"No report presented: {evidence.source}."
            elif not result.rows:
                what = f"'{evidence.source}' has no rows for {checked.scorecard.quarter}."
            elif result.missing_months:
                months = " and ".join(month_label(month) for month in result.missing_months)
                what = f"'{evidence.source}' is expected monthly and has no rows for {months}."
            else:
                continue
            todo = f"Add its rows to the {sheet} tab, or say in the commentary why there are none."
            yield _about(row, Severity.WARNING, what, todo, evidence.place)


def judgement_incomplete(checked: Checked) -> Iterator[Finding]:
    """A judgement that cannot count because something of it is missing."""
    for judgement in checked.judgements:
        if judgement.missing:
            missing = " and no ".join(judgement.missing)
            yield Finding(
                "",
                Severity.ERROR,
                f"The judgement on KQI {judgement.kqi} has no {missing}, so the proposal stands.",
                "Fill it in, or delete the row to keep the proposal.",
                judgement.place,
                judgement.kqi,
            )


CHECKS: Mapping[str, Check] = {
    "no-commentary": no_commentary,
    "no-action": no_action,
    "no-data": measure_without_data,
    "no-evidence": source_without_rows,
    "judgement-incomplete": judgement_incomplete,
}


def check(checked: Checked, found: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Run every check, add what was found while reading, and put the most severe first."""
    findings = list(found)
    for code, run in CHECKS.items():
        findings += [replace(finding, code=code) for finding in run(checked)]
    kqis = [row.kqi.number for row in checked.scorecard.rows]

    def order(finding: Finding) -> tuple[int, int]:
        known = finding.kqi in kqis
        return ORDER.index(finding.severity), kqis.index(finding.kqi) if known else len(kqis)

    return tuple(sorted(dict.fromkeys(findings), key=order))


def ready_to_share(findings: Iterable[Finding]) -> bool:
    """Whether no error stands in the way."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def verdict(findings: Sequence[Finding]) -> str:
    """``Not ready to share: 1 error, 3 warnings``, in the words of every place that says it."""
    numbers = Counter(finding.severity for finding in findings)
    counts = [counted(numbers[s], s.value.lower()) for s in Severity if numbers[s]]
    ready = "Ready to share" if ready_to_share(findings) else "Not ready to share"
    return f"{ready}: {', '.join(counts) or 'nothing to put right'}"


def _about(row: Row, severity: Severity, what: str, todo: str, place: Place) -> Finding:
    return Finding("", severity, what, todo, place, row.kqi.number)
