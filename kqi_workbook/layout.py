"""The contract with the workbook: its sheets, tables, columns and named cells. Named here once.

Tables are read and written by name, never by address, so staff may move them, sort and filter
them, reorder their columns and add columns of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kqi_workbook.scorecard.model import RAG, GoodIs, Period, Trend


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    DATE = "a date"
    MONTH = "a month"
    QUARTER = "a quarter, like Q4 2013-14"
    NUMBER = "a number"
    WHOLE = "a whole number"
    YES_NO = "Yes or No"
    RAG = "a RAG status"
    TREND = "a trend"


class Refers(Enum):
    """Where the values that a column may hold are listed."""

    TEAM = "the teams in Settings"
    MEASURE = "the Measures tab"
    KQI = "the KQIs tab"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    A row whose ``required`` column is blank or unreadable cannot be counted. ``choices`` are the
    words that may stand in it, and ``former`` words that are read as one of them; ``help`` is the
    input message that staff see on its cells. A ``planned`` day may lie ahead; any other date says
    what has happened.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    former: tuple[tuple[str, str], ...] = ()
    refers: Refers | None = None
    help: str = ""
    planned: bool = False


@dataclass(frozen=True)
class Table:
    """An Excel table: the sheet that the template puts it on, its name and its columns.

    ``key`` columns together name a row once. ``picks`` is the column that an evidence source
    filters by ("Audit" picks the quarterly external audit out of all audits), and ``dated`` the
    column that says which month a row belongs to.
    """

    sheet: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    picks: str = ""
    dated: str = ""

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
GOOD_GRADES = frozenset(GRADES[:2])
FORMER_GRADES = (("Adequate", GRADES[2]),)
"""From November 2013 what is less than good is "no longer judged adequate, but to 'require
improvement'" (Ofsted, New single framework for inspecting local authority services)."""
DONE = "Done"
STATUSES = ("Not started", "In progress", DONE)
RAG_WORDS = tuple(rag.value for rag in RAG if rag is not RAG.NOT_RATED)
TREND_WORDS = tuple(trend.value for trend in Trend if trend is not Trend.NOT_COMPARABLE)
GOOD_IS_WORDS = tuple(way.value for way in GoodIs)
PERIOD_WORDS = tuple(period.value for period in Period)
MONTHLY = "Monthly"
EXPECTED_WORDS = (MONTHLY, "Quarterly")

_TEAM = Column("Team", required=True, refers=Refers.TEAM, help="Pick a team from Settings.")
_KQI = Column("KQI", required=True, refers=Refers.KQI, help="The KQI's number.")
_QUARTER = Column("Quarter", Kind.QUARTER, required=True, help="Like Q4 2013-14.")
_MONTH = Column("Month", Kind.MONTH, required=True, help="Any day of the month.")

PURPLE_BOOK = Table(
    "Purple book",
    "PurpleBook",
    (
        _MONTH,
        _TEAM,
        Column(
            "Measure",
            required=True,
            refers=Refers.MEASURE,
            help="Pick a measure; new ones are added in the Measures tab.",
        ),
        Column("Numerator", Kind.NUMBER, required=True, help="How many, or the total to divide."),
        Column("Denominator", Kind.NUMBER, help="Out of how many. Leave blank for a count."),
    ),
    key=("Month", "Team", "Measure"),
    picks="Measure",
    dated="Month",
)
COURT = Table(
    "Court",
    "Court",
    (
        Column("Case ref", required=True, help="A case number, never a name."),
        _TEAM,
        Column("Issued", Kind.DATE, required=True, help="The day proceedings were issued."),
        Column("Final order", Kind.DATE, help="Leave blank until the final order is made."),
    ),
    key=("Case ref",),
    dated="Final order",
)
PERMANENCE = Table(
    "Permanence",
    "Permanence",
    (
        Column("Child ref", required=True, help="A reference, never a name."),
        _TEAM,
        Column("Entered care", Kind.DATE, required=True),
        Column("Placement order", Kind.DATE),
        Column("Matched", Kind.DATE),
        Column("Placed", Kind.DATE),
        Column("Adoption order", Kind.DATE),
        Column(
            "Assessment due",
            Kind.DATE,
            help="The day the adoption assessment is due.",
            planned=True,
        ),
        Column("Assessment done", Kind.DATE),
        Column(
            "Plan recorded at second review",
            Kind.YES_NO,
            help="Does the second review record the plan for permanency clearly?",
        ),
        Column("Child's voice", help="What the child said, in a sentence."),
        Column("Parent's voice", help="What the parent said, in a sentence."),
    ),
    key=("Child ref",),
    dated="Entered care",
)
CHALLENGES = Table(
    "Challenges",
    "Challenges",
    (
        Column("Raised", Kind.DATE, required=True),
        _TEAM,
        Column("Theme", help="What the IRO challenged."),
        Column("Robust", Kind.YES_NO, help="Was a robust challenge needed?"),
        Column("Resolved", Kind.DATE, help="Leave blank until resolved."),
    ),
    picks="Theme",
    dated="Raised",
)
AUDITS = Table(
    "Audits",
    "Audits",
    (
        Column("Date", Kind.DATE, required=True),
        Column("Audit", required=True, help="Which audit: see the Evidence tab."),
        Column("Case ref", help="A case number, never a name."),
        _TEAM,
        _KQI,
        Column("Grade", required=True, choices=GRADES, former=FORMER_GRADES),
        Column("Immediate improvement", Kind.YES_NO, help="Was immediate improvement needed?"),
        Column("Précis", help="The audit in a sentence or two, without names."),
    ),
    picks="Audit",
    dated="Date",
)
SURVEYS = Table(
    "Surveys",
    "Surveys",
    (
        _MONTH,
        Column("Survey", required=True, help="Which survey: see the Evidence tab."),
        Column("Asked of", help="Parents, children, carers."),
        Column("Question", required=True, help="The question, as it was asked."),
        Column("Positive", Kind.NUMBER, required=True, help="How many answered well."),
        Column("Responses", Kind.NUMBER, required=True, help="How many answered."),
    ),
    key=("Month", "Survey", "Asked of", "Question"),
    picks="Survey",
    dated="Month",
)
CORE_GROUPS = Table(
    "Core groups",
    "CoreGroups",
    (
        Column("Date", Kind.DATE, required=True),
        _TEAM,
        Column("Plan SMART", Kind.YES_NO, required=True),
        Column("Parents know what to do", Kind.YES_NO),
        Column("Feedback", help="What the Core Group said, without names."),
    ),
    dated="Date",
)
FILE_CHECKS = Table(
    "File checks",
    "FileChecks",
    (
        _MONTH,
        Column("Check", required=True, help="Which check: see the Evidence tab."),
        Column("File ref", required=True, help="A reference, never a name."),
        _TEAM,
        Column("Criterion", required=True, help="What the file was checked for."),
        Column("Met", Kind.YES_NO, required=True),
    ),
    key=("Month", "Check", "File ref", "Criterion"),
    picks="Check",
    dated="Month",
)
SUPERVISION = Table(
    "Supervision",
    "Supervision",
    (
        Column("Staff ref", required=True, help="A reference, never a name."),
        _TEAM,
        Column("Due", Kind.DATE, required=True, planned=True),
        Column("Held", Kind.DATE, help="Leave blank if it was not held."),
        Column("Reflective", Kind.YES_NO, help="Does the record show reflective discussion?"),
    ),
    key=("Staff ref", "Due"),
    dated="Due",
)
REPORTS = Table(
    "Reports",
    "Reports",
    (
        _QUARTER,
        Column("Report", required=True, help="Which report: see the Evidence tab."),
        Column("Presented", Kind.DATE, help="Leave blank until it is presented."),
        Column("Headline", help="What it found, in a sentence."),
    ),
    key=("Quarter", "Report"),
    picks="Report",
    dated="Quarter",
)
COMMENTARY = Table(
    "Commentary",
    "Commentary",
    (
        _QUARTER,
        _KQI,
        Column("Point", required=True, help="One point a row. It goes on the scorecard."),
        Column("Author", help="Who wrote it."),
        Column("Date", Kind.DATE),
    ),
)
ACTIONS = Table(
    "Actions",
    "Actions",
    (
        _QUARTER,
        _KQI,
        Column("Action", required=True, help="One action a row. It goes on the scorecard."),
        Column("Who", help="Who will see that it is done."),
        Column("Due", Kind.DATE, planned=True),
        Column("Status", choices=STATUSES),
        Column(
            "Quarters open",
            Kind.WHOLE,
            help="How many quarters it has run. kqi next-quarter fills it in.",
        ),
    ),
)
JUDGEMENTS = Table(
    "Judgements",
    "Judgements",
    (
        _QUARTER,
        _KQI,
        Column("RAG", Kind.RAG, choices=RAG_WORDS),
        Column("Trend", Kind.TREND, choices=TREND_WORDS),
        Column("Reason", help="Why it differs from what the measures propose."),
        Column("By", help="The accountable person."),
        Column("Date", Kind.DATE),
    ),
    key=("Quarter", "KQI"),
)
KQIS = Table(
    "KQIs",
    "KQIs",
    (
        Column("KQI", required=True, help="Its number on the scorecard."),
        Column("Title", required=True, help="As it stands on the scorecard."),
        Column("Owner", help="Who answers for it."),
    ),
    key=("KQI",),
)
MEASURES = Table(
    "Measures",
    "Measures",
    (
        Column("KQI", required=True, help="The KQI that it informs, or several, such as 3, 4."),
        Column("Measure", required=True, help="Its name, as the Purple book has it."),
        Column(
            "Source", required=True, help="A data tab, or one of this KQI's sources in Evidence."
        ),
        Column("Calculation", required=True, help="Pick one; the Calculations tab explains each."),
        Column("Unit", help="What the figure counts: %, plans, days."),
        Column(
            "Period",
            required=True,
            choices=PERIOD_WORDS,
            help="Total adds the quarter's months; End takes the last one (of Purple book, Audits, "
            "Surveys and File checks the last that has data).",
        ),
        Column("Good is", required=True, choices=GOOD_IS_WORDS),
        Column("Green from", Kind.NUMBER, help="GOOD: the lowest value that is Green."),
        Column("Green to", Kind.NUMBER, help="GOOD: the highest value that is Green."),
        Column("Amber from", Kind.NUMBER, help="The lowest value that is Amber."),
        Column("Amber to", Kind.NUMBER, help="The highest value that is Amber."),
        Column("Trend step", Kind.NUMBER, help="A smaller change than this is Steady."),
        Column("Key", Kind.YES_NO, help="A key measure decides the KQI's RAG and trend."),
        Column("Decimals", Kind.WHOLE, help="How many decimals are shown."),
        Column("Benchmark source", help="Who set the limits, and when."),
        Column("Definition", help="What exactly is counted."),
    ),
    key=("Measure",),
)
EVIDENCE = Table(
    "Evidence",
    "Evidence",
    (
        _KQI,
        Column("Source", required=True, help="Its name, as the scorecard shows it."),
        Column("Expected", required=True, choices=EXPECTED_WORDS),
        Column("Tab", required=True, help="The data tab that holds its rows."),
        Column("Filter value", help="Which of the tab's rows; blank for all of them."),
    ),
    key=("KQI", "Source"),
)
SETTINGS = Table(
    "Settings",
    "Settings",
    (
        Column("Setting", required=True, help="Its name is fixed. Add a Team row for each team."),
        Column("Value", help="What your council sets."),
        Column("What it does", help="What changes with it."),
    ),
)

DATA_TABLES = (
    PURPLE_BOOK,
    COURT,
    PERMANENCE,
    CHALLENGES,
    AUDITS,
    SURVEYS,
    CORE_GROUPS,
    FILE_CHECKS,
    SUPERVISION,
    REPORTS,
)
WORD_TABLES = (COMMENTARY, ACTIONS, JUDGEMENTS)
DEFINITION_TABLES = (KQIS, MEASURES, EVIDENCE, SETTINGS)
READ_TABLES = DEFINITION_TABLES + DATA_TABLES + WORD_TABLES
SOURCE_TABLES = (AUDITS, SURVEYS, FILE_CHECKS, REPORTS)
"""The data tabs whose rows each name the source that they are of, in the column that picks."""

# Written by a refresh, and never typed into.

TREND_LINE_MONTHS = 24
TREND_LINE = tuple(f"Month {i}" for i in range(1, TREND_LINE_MONTHS + 1))

HISTORY_STRIP = 8
"""Quarters before this one whose RAG the Scorecard shows, the last of them in its own column."""
QUARTERS_AGO = tuple(f"{ago} ago" for ago in range(HISTORY_STRIP, 1, -1))

SCORECARD = Table(
    "Scorecard",
    "Scorecard",
    (
        Column("KQI", required=True),
        Column("Key Quality Indicator", required=True),
        Column("Quantitative measures", required=True),
        Column("Qualitative measures", required=True),
        Column("Commentary points this quarter", required=True),
        Column("RAG for GOOD benchmark", required=True),
        Column("Trend", Kind.WHOLE, required=True),
        Column("To get to GOOD, every social worker and ATM needs to focus on", required=True),
        Column("Why this RAG"),
        *map(Column, QUARTERS_AGO),
        Column("Last quarter"),
        *(Column(name, Kind.NUMBER) for name in TREND_LINE),
    ),
    key=("KQI",),
)
CHECKS = Table(
    "Checks",
    "Checks",
    (
        Column("Severity", required=True),
        Column("KQI"),
        Column("Where", required=True),
        Column("What is wrong", required=True),
        Column("What to do", required=True),
        Column("Code"),
    ),
)
HISTORY = Table(
    "History",
    "History",
    (
        Column("Quarter", Kind.QUARTER, required=True),
        Column("KQI", required=True),
        Column("Measure"),
        Column("RAG"),
        Column("Trend"),
        Column("Numerator", Kind.NUMBER),
        Column("Denominator", Kind.NUMBER),
        Column("Value", Kind.NUMBER),
        Column("Commentary"),
        Column("Actions"),
    ),
    key=("Quarter", "KQI", "Measure"),
)
REFRESH_LOG = Table(
    "Refresh log",
    "RefreshLog",
    (
        Column("When", Kind.DATE),
        Column("Who"),
        Column("Machine"),
        Column("From"),
        Column("Quarter"),
        Column("What changed"),
        Column("Seconds", Kind.NUMBER),
    ),
)
WRITTEN_TABLES = (SCORECARD, CHECKS, HISTORY, REFRESH_LOG)

TABLES: Mapping[str, Table] = {t.name: t for t in READ_TABLES + WRITTEN_TABLES}


class Name(str, Enum):
    """Defined names of the cells and areas outside tables that a refresh writes to."""

    SCORECARD_TITLE = "Scorecard_title"
    SCORECARD_STATUS = "Scorecard_status"
    CHECKS_TITLE = "Checks_title"
    CHECKS_STATUS = "Checks_status"
    BY_TEAM_TITLE = "By_team_title"
    BY_TEAM_GRID = "By_team_grid"
    TEAM_FUNNEL_TITLE = "Team_funnel_title"
    TEAM_FUNNEL_GRID = "Team_funnel_grid"
    TRENDS_TITLE = "Trends_title"
    TRENDS_GRID = "Trends_grid"
    TRENDS_MARKS = "Trends_marks"


PLACES: Mapping[str, tuple[str, ...]] = {
    SCORECARD.sheet: (Name.SCORECARD_TITLE.value, Name.SCORECARD_STATUS.value),
    CHECKS.sheet: (CHECKS.name, Name.CHECKS_TITLE.value, Name.CHECKS_STATUS.value),
    "By team": (Name.BY_TEAM_TITLE.value, Name.BY_TEAM_GRID.value),
    "Team funnel": (Name.TEAM_FUNNEL_TITLE.value, Name.TEAM_FUNNEL_GRID.value),
    "Trends": (Name.TRENDS_TITLE.value, Name.TRENDS_GRID.value, Name.TRENDS_MARKS.value),
    HISTORY.sheet: (HISTORY.name,),
    REFRESH_LOG.sheet: (REFRESH_LOG.name,),
}
"""The tables and named cells that a refresh can do without, by their sheet in the template."""


class Setting(str, Enum):
    """The settings that the Settings tab holds; TEAM stands once a team."""

    COUNCIL = "Council"
    QUARTER = "Quarter"
    TEAM = "Team"
    CHILD_POPULATION = "Child population"
    TREND_METHOD = "Trend method"
    TREND_MONTHS = "Trend months"
    DECIMALS = "Decimals"
    BACKUPS = "Backups kept"
    PYTHON = "Python"


TREND_METHODS = ("Control chart", "Quarter on quarter")
BOUNDS: Mapping[Setting, tuple[int, int]] = {
    Setting.CHILD_POPULATION: (1, 100_000_000),
    Setting.TREND_MONTHS: (12, 120),
    Setting.DECIMALS: (0, 6),
    Setting.BACKUPS: (1, 1000),
}
"""The least and the most that a setting may be, where it is typed and where it is read."""
