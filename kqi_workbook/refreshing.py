"""The refresh, on one page: read the tables, build the scorecard, check it, write it.

The button, the command line, a batch and a notebook all come through here and get the same cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kqi_workbook import layout, typed_in
from kqi_workbook.books.book import Book, Update, Written
from kqi_workbook.books.conversions import clean, shown
from kqi_workbook.changes import broken_colours, changes, emptied, mended
from kqi_workbook.contents import Contents, read_contents
from kqi_workbook.cut_off import cut_off
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.layout import Refers
from kqi_workbook.pages import present, render
from kqi_workbook.scorecard.board import Scorecard
from kqi_workbook.scorecard.build import build_scorecard, judgements_of
from kqi_workbook.scorecard.checks import Checked, believable, check, ready_to_share
from kqi_workbook.scorecard.definitions import define
from kqi_workbook.scorecard.model import Definitions, Finding, Settings
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.scorecard.tables import DataTable, resolve


@dataclass(frozen=True)
class Refreshed:
    """What a refresh found, and what it wrote or would write.

    ``findings`` are those of the Checks sheet, and notes of what writing mends: an Excel error
    among the Scorecard's words, and a sheet whose colours or arrows were broken up. ``changes``
    tells in short what differs from the scorecard that was there before; ``written`` is None for a
    dry run. ``settings`` are those that counted; ``log_columns`` those of the Refresh log that are
    there; ``notes`` tell of locks that earlier runs left on the file.
    """

    scorecard: Scorecard
    findings: tuple[Finding, ...]
    changes: tuple[str, ...]
    updates: tuple[Update, ...]
    written: Written | None
    settings: Settings
    log_columns: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the scorecard can be shared: no error stands in the way."""
        return ready_to_share(self.findings)


def refresh(
    book: Book,
    quarter: Quarter | None = None,
    *,
    dry_run: bool = False,
    today: dt.date | None = None,
) -> Refreshed:
    """Fill a workbook's scorecard for a quarter, by default the one in its Settings tab.

    ``today`` is the day from which it is seen, by default the quarter's last: what falls due later
    has not been missed. Everything is built before the first cell is written, so an error leaves
    the book as it was.

    Raises LayoutError when a table that the scorecard cannot do without is missing or renamed,
    CannotPatch when something of the workbook would be lost by writing, and KQIWorkbookError when
    no quarter is named or no KQI is listed.
    """
    contents = read_contents(book)
    definitions, findings = define(contents.tables)
    quarter = quarter or quarter_of(book, definitions, findings)
    past = contents.cells.get(layout.HISTORY.name)
    was = typed_in.quarter_shown(book.says(layout.Name.SCORECARD_TITLE.value), past)
    typed, unsure = typed_in.typed_lines(contents.cells, contents.tables, was, quarter)
    if moved := typed_in.moved(typed):
        contents = read_contents(book, moved, contents)
    resolved, unknown = _resolve(contents, definitions, quarter)
    tables, left_out = believable(resolved, definitions, quarter, today)
    board = build_scorecard(definitions, tables, quarter, today)
    checked = Checked(board, tables, judgements_of(tables, quarter), today)
    fillable = typed_in.fillable(contents.cells, contents.tables, unsure)
    words = (*typed_in.findings(checked, unsure), *cut_off(book, board, fillable))
    found = check(checked, [*contents.findings, *findings, *unknown, *left_out, *words])
    updates = present((*moved, *render(board, found, past)), book, fillable)
    log = contents.cells.get(layout.REFRESH_LOG.name)
    told = changes(contents.cells, was, board, found, updates)
    written = None if dry_run else book.write(updates)
    outcome = written or book.foresee(updates)
    return Refreshed(
        board,
        (*found, *typed_in.errors(contents.cells), *broken_colours(outcome.broken)),
        (*told, *typed_in.late(typed, quarter), *emptied(outcome), *mended(outcome)),
        updates,
        written,
        definitions.settings,
        tuple(c.name for c in layout.REFRESH_LOG.columns if log and c.name in log.columns),
    )


def quarter_of(book: Book, definitions: Definitions, findings: Sequence[Finding]) -> Quarter:
    """The quarter in a workbook's Settings tab, of whose reading these are the findings.

    Raises KQIWorkbookError when it names none, with what it says in its place.
    """
    if definitions.settings.quarter:
        return definitions.settings.quarter
    says = (f"In {f.place}, {f.what}" for f in findings if f.what.startswith("Quarter is "))
    todo = "Write it into the Settings tab, like 'Q4 2013-14'."
    raise KQIWorkbookError(f"{book.name} does not say which quarter it is for. {next(says, todo)}")


def _resolve(
    contents: Contents, definitions: Definitions, quarter: Quarter
) -> tuple[dict[str, DataTable], list[Finding]]:
    """The tables with names as the definitions have them; a definition that could not be read has
    its own finding, and its name is known all the same. So is what a source of Evidence picks, and
    of rows before the quarter what History remembers."""
    known = {
        Refers.KQI: [*_listed(contents, layout.KQIS, "KQI"), *(k.number for k in definitions.kqis)],
        Refers.MEASURE: [
            *(e.picks for e in definitions.evidence if e.table == layout.PURPLE_BOOK.name),
            *_listed(contents, layout.MEASURES, "Measure"),
            *(measure.name for measure in definitions.measures),
        ],
        Refers.TEAM: definitions.settings.teams,
    }
    history = contents.tables.get(layout.HISTORY.name)
    past = [record for _, record in history.records()] if history else []
    former = {
        Refers.KQI: {str(record["KQI"]) for record in past if not record["Measure"]},
        Refers.MEASURE: {str(record["Measure"]) for record in past if record["Measure"]},
    }
    resolved: dict[str, DataTable] = {}
    findings: list[Finding] = []
    for name, table in contents.tables.items():
        if table.layout in layout.DATA_TABLES + layout.WORD_TABLES:
            table, unknown = resolve(table, known, former, quarter)
            findings += unknown
        resolved[name] = table
    return resolved, findings


def _listed(contents: Contents, table: layout.Table, column: str) -> list[str]:
    cells = contents.cells[table.name].columns[column]
    return [clean(shown(value)) for value in cells if value is not None]
