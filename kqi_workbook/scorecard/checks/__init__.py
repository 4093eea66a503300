"""What a person has to put right: one function a check, in the one mapping ``CHECKS``.

Each check takes everything that the scorecard was built from and gives findings; its name in the
mapping is their code. Rows that cannot be right are found before that, by ``ROW_CHECKS``, and
rows that could not be read where they were read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kqi_workbook.scorecard.checks.actions import (
    no_action,
    no_date_to_do_it_by,
    nobody_to_do_it,
    overdue,
)
from kqi_workbook.scorecard.checks.benchmarks import (
    limits_do_not_fit,
    limits_out_of_scale,
    no_benchmark_source,
)
from kqi_workbook.scorecard.checks.checked import Check, Checked
from kqi_workbook.scorecard.checks.commentary import (
    against_the_arrow,
    as_last_quarter,
    no_commentary,
    off_the_subject,
    said_twice,
    unknown_field,
)
from kqi_workbook.scorecard.checks.data import (
    measure_without_data,
    months_missing,
    small_sample,
    source_without_rows,
)
from kqi_workbook.scorecard.checks.judgements import judged_otherwise, judgement_incomplete
from kqi_workbook.scorecard.checks.mistyped import mistyped, of_another_tab
from kqi_workbook.scorecard.checks.pasted import pasted_twice
from kqi_workbook.scorecard.checks.records import records_missing
from kqi_workbook.scorecard.checks.restated import restated
from kqi_workbook.scorecard.checks.rows import ROW_CHECKS, believable
from kqi_workbook.scorecard.checks.stale import figure_of_last_quarter
from kqi_workbook.scorecard.checks.texts import looks_like_a_child, residue
from kqi_workbook.scorecard.checks.unanswered import unanswered
from kqi_workbook.scorecard.gathering import gathered
from kqi_workbook.scorecard.model import Finding, Severity
from kqi_workbook.scorecard.words import counted

__all__ = [
    "CHECKS",
    "ROW_CHECKS",
    "Checked",
    "believable",
    "check",
    "ready_to_share",
    "verdict",
]

ORDER = tuple(Severity)

CHECKS: Mapping[str, Check] = {
    "no-commentary": no_commentary,
    "no-action": no_action,
    "no-who": nobody_to_do_it,
    "no-due-date": no_date_to_do_it_by,
    "overdue": overdue,
    "same-as-last-quarter": as_last_quarter,
    "said-twice": said_twice,
    "stale-figure": figure_of_last_quarter,
    "against-the-arrow": against_the_arrow,
    "off-the-subject": off_the_subject,
    "unknown-field": unknown_field,
    "no-data": measure_without_data,
    "months-missing": months_missing,
    "records-missing": records_missing,
    "no-evidence": source_without_rows,
    "small-sample": small_sample,
    "unanswered": unanswered,
    "mistyped": mistyped,
    "other-source": of_another_tab,
    "pasted-twice": pasted_twice,
    "judgement-incomplete": judgement_incomplete,
    "judged-otherwise": judged_otherwise,
    "residue": residue,
    "identity": looks_like_a_child,
    "restated": restated,
    "no-benchmark-source": no_benchmark_source,
    "limits-do-not-fit": limits_do_not_fit,
    "limits-out-of-scale": limits_out_of_scale,
}


def check(checked: Checked, found: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """Run every check, add what was found while reading, and put the most severe first.

    Many of one kind in one column are told as :mod:`gathering` has it.
    """
    findings = list(found)
    for code, run in CHECKS.items():
        findings += [replace(finding, code=code) for finding in run(checked)]
    kqis = [row.kqi.number for row in checked.scorecard.rows]

    def order(finding: Finding) -> tuple[int, int]:
        known = finding.kqi in kqis
        return ORDER.index(finding.severity), kqis.index(finding.kqi) if known else len(kqis)

    return tuple(sorted(gathered(dict.fromkeys(findings)), key=order))


def ready_to_share(findings: Iterable[Finding]) -> bool:
    """Whether no error stands in the way."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def verdict(findings: Sequence[Finding]) -> str:
    """``Not ready to share: 1 error, 3 warnings``, in the words of every place that says it."""
    numbers = Counter(finding.severity for finding in findings)
    counts = [counted(numbers[s], s.value.lower()) for s in Severity if numbers[s]]
    ready = "Ready to share" if ready_to_share(findings) else "Not ready to share"
    return f"{ready}: {', '.join(counts) or 'nothing to put right'}"
