"""Every tab in order: what it holds, as its A2 and the Read me say it, and who fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Owner(Enum):
    """Who fills a tab, in the Read me's words."""

    REFRESH = "Refresh"
    STAFF = "Staff"
    COUNCIL = "The council"
    NOBODY = "Nobody"


@dataclass(frozen=True)
class Tab:
    """One tab: the sheet's name, a sentence on what it holds, and who fills it."""

    name: str
    holds: str
    owner: Owner


TABS = (
    Tab("Scorecard", "One page for the board: a row is a KQI.", Owner.REFRESH),
    Tab("Checks", "Whether the scorecard is ready to share, and what to put right.", Owner.REFRESH),
    Tab(
        "By team",
        "Each measure this quarter: the whole authority first, then the teams.",
        Owner.REFRESH,
    ),
    Tab(
        "Team funnel",
        "A percentage this quarter, team by team, with limits that allow for chance: pick it in "
        "the blue cell below.",
        Owner.REFRESH,
    ),
    Tab(
        "Trends",
        "Each measure by month, oldest first, with the mean and limits of its control chart.",
        Owner.REFRESH,
    ),
    Tab(
        "Trend chart",
        "One measure's months and special causes, drawn: pick it in the blue cell below.",
        Owner.REFRESH,
    ),
    Tab(
        "Purple book",
        "A row is a measure, month and team: the monthly performance book and FWi reports.",
        Owner.STAFF,
    ),
    Tab("Court", "A row is a care case: when it was issued and concluded.", Owner.STAFF),
    Tab(
        "Permanence",
        "A row is a child with a permanence plan, from entering care to the adoption order (ALM).",
        Owner.STAFF,
    ),
    Tab("Challenges", "A row is a challenge by an IRO.", Owner.STAFF),
    Tab(
        "Audits",
        "A row is an audited case and KQI: routine, external and supervision audits.",
        Owner.STAFF,
    ),
    Tab(
        "Surveys",
        "A row is a question asked of a group in a month: straw polls and the LAC survey.",
        Owner.STAFF,
    ),
    Tab("Core groups", "A row is a Core Group's feedback.", Owner.STAFF),
    Tab(
        "File checks",
        "A row is a criterion checked on a file: the monthly samples of 10 case and staff files.",
        Owner.STAFF,
    ),
    Tab("Supervision", "A row is a supervision that fell due.", Owner.STAFF),
    Tab("Reports", "A row is a report presented: S&QA, ALM, QAPB.", Owner.STAFF),
    Tab("Commentary", "A row is a commentary point for a quarter and KQI.", Owner.STAFF),
    Tab("Actions", "A row is an action to get to GOOD.", Owner.STAFF),
    Tab(
        "Judgements",
        "A row is a decision on a KQI where it differs from what the measures propose.",
        Owner.STAFF,
    ),
    Tab("KQIs", "The rows of the scorecard.", Owner.COUNCIL),
    Tab(
        "Measures",
        "A row is a measure: where its figures come from, and within which limits it is GOOD.",
        Owner.COUNCIL,
    ),
    Tab("Evidence", "A row is a qualitative source that informs a KQI.", Owner.COUNCIL),
    Tab("Calculations", "What each calculation that Measures can pick does.", Owner.NOBODY),
    Tab("Settings", "Council, quarter, teams, and how trends are judged.", Owner.COUNCIL),
    Tab(
        "History",
        "Each quarter's RAG, trend and figures as last refreshed.",
        Owner.REFRESH,
    ),
    Tab("Refresh log", "Who refreshed when, and what changed.", Owner.REFRESH),
)

REMARKS: Mapping[Owner, str] = {
    Owner.REFRESH: "Written by Refresh KQIs; type in the Commentary and Actions tabs.",
    Owner.STAFF: "Filled by staff: type or paste below the last row. Add columns as you like.",
    Owner.COUNCIL: "Decided by the council: change it here, then refresh.",
    Owner.NOBODY: "For reference: figures are worked out in Python, never from this text.",
}

BY_NAME: Mapping[str, Tab] = {tab.name: tab for tab in TABS}
