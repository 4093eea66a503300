"""Checks on every text that goes on the scorecard: does it tell who a child is, or hold leftovers?

Findings on a child's identity name its kind and the cell and never repeat what was found: the
Checks sheet is read by as many people as the scorecard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kqi_workbook.scorecard.checks.checked import Checked
from kqi_workbook.scorecard.model import Finding, Severity

RESIDUE: Mapping[str, re.Pattern[str]] = {
    "HTML": re.compile(
        r"</?(?:a|b|blockquote|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|span|strong|style|"
        r"sub|sup|table|tbody|td|th|thead|tr|u|ul|[a-z]\w*:[a-z]\w*)(?:\s[^<>]*)?/?>|<!--"
        r"|&(?:amp|apos|bull|gt|hellip|lt|mdash|middot|nbsp|ndash|pound|quot|[lr][ds]quo|#\d{2,6}|"
        r"#x[0-9a-f]{2,5});",
        re.IGNORECASE,
    ),
    "a bullet": re.compile(r"(?:^|\n)\s*(?:[•·▪▫■□●○◦‣⁃➢➤✓✔]|[*\-–—o]\s+\S)|[\uf0a0-\uf0ff]"),
    "a coded line break": re.compile(r"_x000[0-9a-fA-F]_"),
}
"""What other programs leave in a text that is copied out of them, as a message names it. The
scorecard sets bullets of its own."""


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


def residue(checked: Checked) -> Iterator[Finding]:
    """HTML or bullet residue in a text that goes on the scorecard. The text is never altered."""
    for said in checked.texts:
        kinds = [kind for kind, form in RESIDUE.items() if form.search(said.text)]
        if kinds:
            yield Finding(
                "",
                Severity.WARNING,
                f"{checked.quote(said)} holds {' and '.join(kinds)} left over "
                "from another program.",
                "Take it out: type the words alone, one point a row.",
                said.place,
                said.kqi,
            )
