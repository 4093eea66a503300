"""Every fault of the list, planted in a clean workbook: found once, and on the right cell."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.refreshing import refresh
from kqi_workbook.scorecard.checks import CHECKS, ROW_CHECKS
from kqi_workbook.scorecard.model import Severity
from tests.scorecard.checks.clean import add, cell, clean, find, line, name
from tests.support.memory_book import MemoryBook
from tests.support.small_council import MONTHS, PLANS, QUARTER, measure, months
from tests.support.small_file import save_as_xlsx
from tests.whole.workbook import Workbook

Plant = Callable[[MemoryBook], str]
"""Plants one fault, and says where it is to be found."""


def no_commentary(book: MemoryBook) -> str:
    del book.lines["Commentary"][find(book, "Commentary", **line("1"))]
    book.lines["Commentary"].append({})  # so that the rows below keep their places
    return "Commentary"


def no_action(book: MemoryBook) -> str:
    book.lines["Actions"][find(book, "Actions", **line("2"))] = {}
    return "Actions"


def placeholder(table: str, kqi: str, column: str) -> Plant:
    def plant(book: MemoryBook) -> str:
        index = find(book, table, **line(kqi))
        book.lines[table][index][column] = "TBC"
        return cell(book, table, index, column)

    return plant


def action(**columns: Value) -> Callable[[MemoryBook], int]:
    row = line("3", Action="Hold reviews early.", Who="ATMs", Due=dt.date(2014, 6, 30)) | columns

    def plant(book: MemoryBook) -> int:
        book.lines["Actions"].append(row)
        return len(book.lines["Actions"]) - 1

    return plant


def nobody(book: MemoryBook) -> str:
    return cell(book, "Actions", action(Who=None)(book), "Who")


def no_due_date(book: MemoryBook) -> str:
    return cell(book, "Actions", action(Due=None)(book), "Due")


def overdue(book: MemoryBook) -> str:
    late = action(Due=dt.date(2014, 3, 30), Status="In progress")
    return cell(book, "Actions", late(book), "Due")


def point(kqi: str, text: str) -> Plant:
    return lambda book: add(book, "Commentary", line(kqi, Point=text), "Point")


def as_last_quarter(book: MemoryBook) -> str:
    text = "Conferences are held on the day that the parents can come to, as they had asked for."
    last = QUARTER.previous.label
    add(book, "Commentary", {"Quarter": last, "KQI": 4, "Point": text}, "Point")
    return point("4", text.replace("as they had asked", "as they have asked"))(book)


def said_twice(book: MemoryBook) -> str:
    text = "Views of the child are recorded at reviews and conferences."
    add(book, "Commentary", line("3", Point=text), "Point")
    return point("4", text.upper())(book)


def against_the_arrow(book: MemoryBook) -> str:
    """March falls from 86 to 70 a team, far below the lower control limit."""
    for row in book.lines["PurpleBook"]:
        if (row["Month"], row["Measure"]) == (MONTHS[-1], name("6")):
            row["Numerator"] = 70
    return point("6", "Health checks have improved.")(book)


def off_the_subject(book: MemoryBook) -> str:
    index = find(book, "Commentary", **line("7"))
    book.lines["Commentary"][index]["Point"] = "Caseloads are high."
    return cell(book, "Commentary", index, "Point")


def no_data(book: MemoryBook) -> str:
    return add(book, "Measures", measure("Escalations on time", "2"), "Measure")


def months_missing(book: MemoryBook) -> str:
    """South's February is gone from a measure that is entered monthly."""
    odd = months("Odd months", [85] * 24, 100)
    gone = (QUARTER.months[1], "South")
    book.lines["PurpleBook"] += [row for row in odd if (row["Month"], row["Team"]) != gone]
    return add(book, "Measures", measure("Odd months", "2"), "Measure")


def records_missing(book: MemoryBook) -> str:
    """Of five staff a team, March's supervisions are not in the tab."""
    due: dict[str, Value] = {"Held": None, "Reflective": None}
    book.lines["Supervision"] += [
        due | {"Staff ref": f"{team} {staff}", "Team": team, "Due": month}
        for month in MONTHS[:-1]
        for team in ("North", "South")
        for staff in range(5)
    ]
    held = measure("Supervisions held", "7", Source="Supervision", Calculation="Held")
    return add(book, "Measures", held, "Measure")


def no_evidence(book: MemoryBook) -> str:
    source = {"KQI": 5, "Source": "QAPB report", "Expected": "Quarterly"}
    source |= {"Tab": "Reports", "Filter value": "QAPB"}
    return add(book, "Evidence", source, "Source")


def small_sample(book: MemoryBook) -> str:
    """Two files in February; the sample is of three."""
    month = QUARTER.months[1]
    book.lines["FileChecks"][find(book, "FileChecks", Month=month)] = {}
    return cell(book, "Evidence", 0, "Source")


def mistyped(book: MemoryBook) -> str:
    row = dict(book.lines["FileChecks"][0]) | {"Check": "Case flies", "File ref": "F9"}
    return add(book, "FileChecks", row, "Check")


def of_another_tab(book: MemoryBook) -> str:
    """A figure in the Purple book of a measure out of the Supervision tab."""
    due: dict[str, Value] = {"Staff ref": "S1", "Team": "North", "Held": dt.date(2014, 1, 9)}
    book.lines["Supervision"].append(due | {"Due": dt.date(2014, 1, 10)})
    held = measure("Supervision held", "7", Source="Supervision", Calculation="Held")
    add(book, "Measures", held, "Measure")
    return purple("Measure", Measure="Supervision held")(book)


def pasted_twice(book: MemoryBook) -> str:
    """Five Core Groups of different days, and all of them again further down."""
    said: dict[str, Value] = {"Team": "North", "Plan SMART": "Yes", "Parents know what to do": "No"}
    block = [said | {"Date": dt.date(2014, 3, day)} for day in (3, 4, 5, 6, 7)]
    book.lines["CoreGroups"] += [*block, block[0] | {"Plan SMART": "No"}, *block]
    return cell(book, "CoreGroups", len(book.lines["CoreGroups"]) - len(block), "Date")


def judgement(kqi: str, reason: str | None) -> Callable[[MemoryBook], None]:
    day = dt.date(2014, 4, 9)
    row = line(kqi, RAG="Red", Reason=reason, By="A Director", Date=day)
    return lambda book: book.lines["Judgements"].append(row)


def judgement_incomplete(book: MemoryBook) -> str:
    judgement("3", None)(book)
    return cell(book, "Judgements", len(book.lines["Judgements"]) - 1, "Reason")


def judged_otherwise(book: MemoryBook) -> str:
    judgement("4", "Two audits.")(book)
    return cell(book, "Judgements", len(book.lines["Judgements"]) - 1, "RAG")


def judgement_of_another_year(book: MemoryBook) -> str:
    row = line("5", RAG="Red", Reason="Two audits.", By="A Director", Date=dt.date(2014, 4, 9))
    return add(book, "Judgements", row | {"Quarter": "Q4 2014-15"}, "Quarter")


def trend_that_is_none(book: MemoryBook) -> str:
    row = line("5", RAG="A >", Trend="sideways", Reason="Two audits.", By="A Director")
    return add(book, "Judgements", row | {"Date": dt.date(2014, 4, 9)}, "Trend")


def unanswered(book: MemoryBook) -> str:
    add(book, "Supervision", SUPERVISED | {"Staff ref": "S1", "Reflective": "Yes"}, "Due")
    add(book, "Supervision", SUPERVISED | {"Staff ref": "S2"}, "Due")
    reflective = measure("Reflective", "7", Source="Supervision", Calculation="Reflective")
    return add(book, "Measures", reflective, "Measure")


def restated(book: MemoryBook) -> str:
    """October's first row was 84 of 100 when the last quarter was refreshed."""
    month = QUARTER.previous.months[0]
    index = find(book, "PurpleBook", Month=month, Measure=name("7"))
    assert book.lines["PurpleBook"][index]["Numerator"] == 84
    book.lines["PurpleBook"][index]["Numerator"] = 85
    return cell(book, "PurpleBook", index, "Numerator")


def another_measure(column: str, **changes: Value) -> Plant:
    """A measure with data and one thing odd about it."""

    def plant(book: MemoryBook) -> str:
        odd = f"Odd {column}"
        book.lines["PurpleBook"] += [dict(row) for row in months(odd, [85] * 24, 100)]
        return add(book, "Measures", measure(odd, "2") | changes, column)

    return plant


def purple(column: str, **changes: Value) -> Plant:
    """One more row of Visits in January, with something wrong in a column."""
    row = {"Month": QUARTER.months[0], "Team": "North", "Measure": name("2")}
    row |= {"Numerator": 84, "Denominator": 100}
    return lambda book: add(book, "PurpleBook", row | changes, column)


def average_of_nought(book: MemoryBook) -> str:
    book.lines["PurpleBook"] += months("Odd days", [30] * 24, 1)
    add(book, "Measures", measure("Odd days", "2", Calculation="Average"), "Measure")
    return purple("Denominator", Measure="Odd days", Denominator=0)(book)


def audit(column: str, **changes: Value) -> Plant:
    row: dict[str, Value] = {"Date": dt.date(2014, 1, 9), "Audit": "Case audit", "KQI": 1}
    row |= {"Team": "North", "Grade": "Good"}
    return lambda book: add(book, "Audits", row | changes, column)


def child(column: str, **changes: Value) -> Plant:
    """A child's way to adoption, with something wrong in a column."""
    row: dict[str, Value] = {"Child ref": "C1", "Team": "North"}
    row |= {"Entered care": dt.date(2012, 5, 1), "Placement order": dt.date(2013, 5, 1)}
    return lambda book: add(book, "Permanence", row | changes, column)


def missing_table(book: MemoryBook) -> str:
    del book.lines["Court"]
    return "Court"


SUPERVISED: dict[str, Value] = {"Team": "North", "Due": dt.date(2014, 1, 9)}
SUPERVISED |= {"Held": dt.date(2014, 1, 9)}
LOW: dict[str, Value] = {"Good is": "Low", "Green from": None, "Amber from": None}

FAULTS: dict[str, tuple[str, Plant]] = {
    "a KQI without commentary": ("no-commentary", no_commentary),
    "a KQI without an action": ("no-action", no_action),
    "commentary to be confirmed": ("no-commentary", placeholder("Commentary", "2", "Point")),
    "an action to be confirmed": ("no-action", placeholder("Actions", "4", "Action")),
    "an action that is nobody's": ("no-who", nobody),
    "an action without a date": ("no-due-date", no_due_date),
    "an action overdue": ("overdue", overdue),
    "a point nearly as last quarter": ("same-as-last-quarter", as_last_quarter),
    "a point under two KQIs": ("said-twice", said_twice),
    "a figure of last quarter": (
        "stale-figure",
        point("5", "Assessments on time now stand at 84.7%."),
    ),
    "words against the arrow": ("against-the-arrow", against_the_arrow),
    "commentary on something else": ("off-the-subject", off_the_subject),
    "a field of no measure": ("unknown-field", point("5", "Plans are {Number of CPplans}.")),
    "a measure without data": ("no-data", no_data),
    "a team's month missing": ("months-missing", months_missing),
    "a month's records missing": ("records-missing", records_missing),
    "a question left open": ("unanswered", unanswered),
    "a report not presented": ("no-evidence", no_evidence),
    "a sample too small": ("small-sample", small_sample),
    "rows of a mistyped check": ("mistyped", mistyped),
    "a figure of a measure out of another tab": ("other-source", of_another_tab),
    "a block pasted twice": ("pasted-twice", pasted_twice),
    "a judgement without a reason": ("judgement-incomplete", judgement_incomplete),
    "a judgement that differs": ("judged-otherwise", judged_otherwise),
    "HTML in a point": ("residue", point("5", "Assessments:<br>most are done.")),
    "a bullet in a point": ("residue", point("5", "• Assessments of siblings are done.")),
    "an NHS number": ("identity", point("5", "Assessment of 999 000 0018 is outstanding.")),
    "a past figure changed": ("restated", restated),
    "a benchmark without a source": (
        "no-benchmark-source",
        another_measure("Benchmark source", **{"Benchmark source": None}),
    ),
    "High with only a Green to": (
        "limits-do-not-fit",
        another_measure("Green to", **{"Green from": None, "Green to": 90, "Amber from": None}),
    ),
    "judged without limits": (
        "limits-do-not-fit",
        another_measure("Green from", **{"Green from": None, "Amber from": None}),
    ),
    "Low with Green and Amber swapped": (
        "limits-do-not-fit",
        another_measure("Amber to", **LOW, **{"Green to": 90, "Amber to": 80}),
    ),
    "limits typed as 90%": (
        "limits-out-of-scale",
        another_measure("Amber from", **{"Amber from": 0.8}),
    ),
    "a month of another century": ("month-off-file", purple("Month", Month=dt.date(2041, 1, 1))),
    "a judgement of another year": ("quarter-off-file", judgement_of_another_year),
    "a day of another century": ("unlikely-date", child("Matched", Matched=dt.date(2113, 9, 2))),
    "a match before the placement order": (
        "dates-out-of-order",
        child("Matched", Matched=dt.date(2012, 9, 2)),
    ),
    "a negative number": ("negative", purple("Numerator", Numerator=-84)),
    "a percentage above 100": ("above-denominator", purple("Numerator", Numerator=101)),
    "a share for a numerator": ("share-typed", purple("Numerator", Numerator=0.85)),
    "a percentage of nothing": ("no-denominator", purple("Denominator", Denominator=None)),
    "an average of nought": ("no-denominator", average_of_nought),
    "a row pasted twice": ("repeated-row", purple("Measure")),
    "an impossible date": ("unreadable-cell", purple("Month", Month="31/02/2014")),
    "text for a number": ("unreadable-cell", purple("Numerator", Numerator="about 84")),
    "an unknown team": ("unknown-team", purple("Team", Team="Nroth")),
    "an unknown measure": ("unknown-measure", purple("Measure", Measure="CP visit on time")),
    "an unknown KQI": ("unknown-kqi", audit("KQI", KQI=9)),
    "a trend that is none": ("unreadable-cell", trend_that_is_none),
    "an unknown grade": ("unreadable-cell", audit("Grade", Grade="Goodish")),
    "a missing table": ("missing-table", missing_table),
}

COLOURS: dict[str, tuple[str, str, str]] = {
    "colours split by pasting": ("Scorecard F5", 'sqref="F5:F11"', 'sqref="F5:F7 F9:F11"'),
    "arrows not over every row": ("Scorecard G5", 'sqref="G5:G11"', 'sqref="G5:G9"'),
    "colours of another sheet gone": ("By team A4", 'sqref="A4:AZ60"', 'sqref="BA4:BA60"'),
}
"""Faults that only a file can have: where each is found, and what it is made by."""

SEVERITIES = {
    "no-commentary": Severity.ERROR,
    "no-action": Severity.ERROR,
    "judgement-incomplete": Severity.ERROR,
    "missing-table": Severity.ERROR,
    "against-the-arrow": Severity.NOTE,
    "off-the-subject": Severity.NOTE,
    "judged-otherwise": Severity.NOTE,
    "colours-mended": Severity.NOTE,
    "no-benchmark-source": Severity.NOTE,
    "limits-do-not-fit": Severity.NOTE,
}
"""All others are warnings."""


def test_a_clean_workbook_has_nothing_to_put_right() -> None:
    assert refresh(clean()).findings == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_once_and_on_its_cell(fault: str) -> None:
    code, plant = FAULTS[fault]
    book = clean()
    place = plant(book)
    (finding,) = refresh(book).findings
    assert (finding.code, str(finding.place)) == (code, place)
    assert finding.severity is SEVERITIES.get(code, Severity.WARNING)
    assert finding.what.endswith((".", "?")) and finding.todo.endswith(".")


def test_all_faults_together_are_each_found_once() -> None:
    book = clean()
    planted = Counter((code, plant(book)) for code, plant in FAULTS.values())
    found = Counter((finding.code, str(finding.place)) for finding in refresh(book).findings)
    assert found == planted


def in_a_file(book: MemoryBook, folder: Path) -> bytes:
    """The workbook as a file, filled by a refresh."""
    file = FileBook(save_as_xlsx(book, folder / "KQIs.xlsx").read_bytes(), "KQIs.xlsx")
    refresh(file)
    return file.content()


def broken(content: bytes, *faults: str) -> FileBook:
    book = Workbook(content)
    for place, old, new in map(COLOURS.__getitem__, faults):
        part = book.sheet(place.rpartition(" ")[0])
        assert old in book.parts[part].decode()
        book.parts[part] = book.parts[part].replace(old.encode(), new.encode())
    return FileBook(book.content(), "KQIs.xlsx")


@pytest.mark.parametrize("fault", COLOURS)
def test_broken_colours_are_found_once_and_on_their_cell(fault: str, tmp_path: Path) -> None:
    content = in_a_file(clean(), tmp_path)
    assert refresh(FileBook(content, "KQIs.xlsx")).findings == ()
    book = broken(content, fault)
    (foreseen,) = refresh(book, dry_run=True).findings
    (finding,) = refresh(book).findings
    assert finding == foreseen
    assert (finding.code, str(finding.place)) == ("colours-mended", COLOURS[fault][0])
    assert finding.severity is SEVERITIES["colours-mended"]
    assert finding.what.endswith(".") and finding.todo.endswith(".")
    assert refresh(book).findings == ()


def test_all_faults_together_are_each_found_once_in_a_file_too(tmp_path: Path) -> None:
    memory = clean()
    planted = Counter((code, plant(memory)) for code, plant in FAULTS.values())
    a_fault_a_sheet = ("colours split by pasting", "colours of another sheet gone")
    planted += Counter(("colours-mended", COLOURS[fault][0]) for fault in a_fault_a_sheet)
    file = broken(in_a_file(memory, tmp_path), *COLOURS)
    found = Counter((finding.code, str(finding.place)) for finding in refresh(file).findings)
    assert found == planted


def test_every_check_has_a_fault_planted_for_it() -> None:
    assert {*CHECKS, *ROW_CHECKS} <= {code for code, _ in FAULTS.values()}


def test_a_faulty_row_is_left_out_and_the_rest_still_counts() -> None:
    book, good = clean(), refresh(clean()).scorecard
    rows = ("a negative number", "a percentage above 100", "a percentage of nothing")
    for fault in (*rows, "a row pasted twice", "a month of another century"):
        FAULTS[fault][1](book)
    assert refresh(book).scorecard.measures == good.measures


def test_a_second_refresh_finds_and_writes_the_same() -> None:
    book = clean()
    for _, plant in FAULTS.values():
        plant(book)
    first = refresh(book)
    before = (dict(book.lines), dict(book.cells), dict(book.areas))
    again = refresh(book)
    assert again.findings == first.findings
    assert (book.lines, book.cells, book.areas) == before


def test_a_number_of_plans_is_no_percentage_and_may_lack_a_denominator() -> None:
    book = clean()
    plans = {"Month": QUARTER.months[2], "Team": "East", "Measure": PLANS, "Numerator": 70}
    add(book, "Settings", {"Setting": "Team", "Value": "East"}, "Value")
    add(book, "PurpleBook", plans, "Numerator")
    assert refresh(book).findings == ()
