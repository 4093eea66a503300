"""Anything in a text for the scorecard that looks like a child's identity.

Findings name the kind and the cell and never repeat what was found: the Checks sheet is read by
as many people as the scorecard.
"""

from __future__ import annotations

from collections.abc import Iterator

from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import Finding, Severity


def looks_like_a_child(checked: Checked) -> Iterator[Finding]:
    """A date of birth, an NHS number, a UPN or a case number in a text for the scorecard."""
    for said in checked.texts:
        kinds = checked.identities(said.text)
        if kinds:
            yield Finding(
                "",
                Severity.WARNING,
                f"The {said.kind} in {said.place} holds what looks like {' and '.join(kinds)}.",
                "Take it out: nothing on the scorecard may tell who a child is.",
                said.place,
                said.kqi,
            )
