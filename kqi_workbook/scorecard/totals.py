"""Names in a column of teams that are no team's, but those of totals or of comparisons."""

from __future__ import annotations

from kqi_workbook.scorecard.nearest import plain

_NO_TEAM = frozenset(
    "all|all areas|all services|all teams|authority|council|england|local authority|national|"
    "overall|total|totals|whole authority|whole council|whole service|whole services".split("|")
)


def is_total(team: str) -> bool:
    """Whether a name stands for all teams (``Total``, ``Whole service``, ``Grand total``) or for
    others altogether (``England``): its figures beside the teams' own would count twice."""
    name = plain(team).rstrip(":. ")
    return name in _NO_TEAM or name.endswith(" total")
