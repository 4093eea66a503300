"""Cells under the contract: typed columns, and a finding for every cell that does not fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from string import ascii_uppercase

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kqi_workbook import layout
from kqi_workbook.books.cells import CellError, TableCells, Value
from kqi_workbook.books.conversions import BLANK, MISFIT, convert
from kqi_workbook.books.typed import typed
from kqi_workbook.errors import LayoutError
from kqi_workbook.layout import Column, Kind, Table
from kqi_workbook.scorecard.gathering import MOST_LISTED
from kqi_workbook.scorecard.model import Finding, Place, Severity

MONTH = Column("Month", Kind.MONTH, required=True)
TEAM = Column("Team", required=True, help="Pick a team from Settings.")
NUMERATOR = Column("Numerator", Kind.NUMBER)
STATUS = Column("Status", choices=("Not started", "In progress", "Done"))
MET = Column("Met", Kind.YES_NO)
BOOK = Table("Purple book", "PurpleBook", (MONTH, TEAM, NUMERATOR))
MARCH = dt.date(2014, 3, 1)


def cells(**columns: Sequence[Value]) -> TableCells:
    letters = {header: ascii_uppercase[i + 1] for i, header in enumerate(columns)}
    return TableCells("Purple book", "PurpleBook", 3, letters, columns)


def one(column: Column, *values: Value) -> tuple[list[object], list[Finding]]:
    """What a table of one column holds after typing, and the findings."""
    data, findings = typed(
        cells(**{column.name: values, "Row": [1] * len(values)}),
        Table("Purple book", "PurpleBook", (column, Column("Row"))),
    )
    return data.rows[column.name].tolist(), findings


def test_columns_have_the_types_of_the_contract() -> None:
    table = Table(
        "Purple book",
        "PurpleBook",
        (
            Column("Text"),
            Column("Quarter", Kind.QUARTER),
            Column("Date", Kind.DATE),
            MONTH,
            NUMERATOR,
            Column("Whole", Kind.WHOLE),
            MET,
        ),
    )
    data, findings = typed(
        cells(
            Text=["a", None],
            Quarter=["Q4 2013/14", None],
            Date=[dt.datetime(2014, 3, 31, 9), None],
            Month=["Mar-14", "Apr-14"],
            Numerator=[84, None],
            Whole=[2, None],
            Met=["yes", None],
        ),
        table,
    )
    assert findings == []
    assert data.rows["Text"].tolist() == ["a", ""]
    assert data.rows["Quarter"].tolist() == ["Q4 2013-14", ""]
    assert data.rows["Date"].tolist() == [pd.Timestamp(2014, 3, 31), pd.NaT]
    assert data.rows["Month"].tolist() == [pd.Timestamp(2014, 3, 1), pd.Timestamp(2014, 4, 1)]
    assert data.rows["Numerator"].equals(pd.Series([84, np.nan], index=[4, 5]))
    assert data.rows["Met"].equals(pd.Series([True, None], index=[4, 5], dtype="boolean"))
    kinds = [str(kind) for kind in data.rows.dtypes.iloc[2:]]
    assert kinds == ["datetime64[us]", "datetime64[us]", "float64", "float64", "boolean"]


def test_a_table_without_rows_keeps_its_types() -> None:
    full, _ = typed(cells(Month=[MARCH], Team=["North"], Numerator=[1]), BOOK)
    empty, findings = typed(cells(Month=[], Team=[], Numerator=[]), BOOK)
    assert empty.rows.dtypes.equals(full.rows.dtypes)
    assert (len(empty.rows), findings) == (0, [])


def test_rows_are_known_by_their_number_on_the_sheet() -> None:
    data, _ = typed(
        cells(Month=[MARCH, None, MARCH], Team=["North", None, "South"], Numerator=[1, None, 2]),
        BOOK,
    )
    assert data.rows.index.tolist() == [4, 6]
    assert data.rows["Team"].to_dict() == {4: "North", 6: "South"}
    assert data.place(6, "Team") == Place("Purple book", "C6")


def test_a_blank_row_is_passed_over_even_where_staff_have_a_column_of_their_own() -> None:
    data, findings = typed(
        cells(Month=[None, " "], Team=[None, ""], Numerator=[None, "\u00a0"], Note=["x", "y"]), BOOK
    )
    assert (len(data.rows), findings) == (0, [])
    assert "Note" not in data.rows


def test_a_row_with_an_unreadable_required_cell_is_left_out_and_the_rest_still_counts() -> None:
    data, findings = typed(
        cells(
            Month=[MARCH, "31/02/2014", MARCH],
            Team=["North", "South", "East"],
            Numerator=[1, 2, 3],
        ),
        BOOK,
    )
    assert data.rows["Team"].tolist() == ["North", "East"]
    assert findings == [
        Finding(
            code="unreadable-cell",
            severity=Severity.WARNING,
            what="Purple book, row 5, Month: found '31/02/2014', expected a month. "
            "The row was left out.",
            todo="Type a month such as Mar 2014.",
            place=Place("Purple book", "B5"),
        )
    ]


def test_an_unreadable_cell_that_a_row_can_do_without_counts_as_blank() -> None:
    data, (finding,) = typed(cells(Month=[MARCH], Team=["North"], Numerator=["about 5"]), BOOK)
    assert data.rows["Numerator"].isna().tolist() == [True]
    assert finding.what == (
        "Purple book, row 4, Numerator: found 'about 5', expected a number. "
        "The cell counts as blank."
    )


def test_headers_pasted_along_with_their_rows_are_one_row_to_delete() -> None:
    months: list[Value] = [MARCH, "Month", MARCH]
    numerators: list[Value] = [5, "NUMERATOR ", "Numerator"]
    pasted = cells(Month=months, Team=["North", " team", "South"], Numerator=numerators)
    data, (headers, unreadable) = typed(pasted, BOOK)
    assert data.rows["Team"].tolist() == ["North", "South"]
    assert headers == Finding(
        "headers-again",
        Severity.WARNING,
        "Purple book, row 5: the headers again, as copying brings them along. The row was left "
        "out.",
        "Delete the row.",
        Place("Purple book", "B5"),
    )
    assert unreadable.place.cell == "D6"


def test_a_header_in_one_column_alone_is_an_answer_that_does_not_fit() -> None:
    """A record whose Met says Met is to be put right, and not to be deleted."""
    row = {one.name: [one.name] for one in layout.FILE_CHECKS.columns}
    _, (headers,) = typed(cells(**row), layout.FILE_CHECKS)
    assert headers.code == "headers-again"
    _, (answer,) = typed(cells(**row | {"Month": [MARCH]}), layout.FILE_CHECKS)
    assert (answer.code, answer.todo) == ("unreadable-cell", "Pick Yes or No.")


def test_a_blank_required_cell_is_named() -> None:
    data, (finding,) = typed(cells(Month=[MARCH], Team=[None], Numerator=[5]), BOOK)
    assert len(data.rows) == 0
    assert (finding.code, finding.place.cell) == ("blank-cell", "C4")
    assert finding.what == (
        "Purple book, row 4, Team: found nothing, expected text. The row was left out."
    )
    assert finding.todo == "Fill it in. Pick a team from Settings."


def test_a_row_that_holds_only_what_does_not_fit_is_not_blank() -> None:
    _, findings = typed(cells(Month=[None], Team=[None], Numerator=["n/a"]), BOOK)
    assert [finding.place.cell for finding in findings] == ["B4", "C4", "D4"]


def test_an_error_cell_is_named_and_never_a_silent_blank() -> None:
    values, (finding,) = one(Column("Theme"), "a", CellError("#N/A"))
    assert values == ["a", ""]
    assert (finding.code, finding.place.cell) == ("cell-error", "B5")
    assert finding.what == (
        "Purple book, row 5, Theme: found #N/A, expected text. The cell counts as blank."
    )


def test_findings_stand_in_the_order_of_the_rows() -> None:
    _, findings = typed(cells(Month=["x", "y"], Team=[None, "a"], Numerator=["?", "?"]), BOOK)
    assert [f.place.cell for f in findings] == ["B4", "C4", "D4", "B5", "D5"]


@pytest.mark.parametrize(
    ("table", "column", "todo"),
    [
        (layout.PURPLE_BOOK, "Numerator", "Type how many there were, and not what percentage."),
        (layout.SURVEYS, "Positive", "Type how many there were, and not what percentage."),
        (layout.MEASURES, "Green from", "Type the number alone: 84, not 84% or 'about 84'."),
    ],
)
def test_a_percentage_is_no_number_of_how_many(table: Table, column: str, todo: str) -> None:
    """85 in the place of 85% of 120 would be a figure that nobody could tell to be wrong."""
    row = {one.name: ["85%" if one.name == column else None] for one in table.columns}
    _, findings = typed(cells(**row), table)
    assert [found.todo for found in findings if "85%" in found.what] == [todo]


def test_a_number_in_a_day_column_is_asked_for_a_date_format() -> None:
    _, (finding,) = one(Column("Due", Kind.DATE), 41729)
    assert finding.what.startswith("Purple book, row 4, Due: found '41729', expected a date.")
    assert "date format" in finding.todo


def test_a_long_text_is_shown_in_short() -> None:
    _, (finding,) = one(Column("Due", Kind.DATE), "word " * 100)
    assert len(finding.what) < 150
    assert "word ...'" in finding.what


def test_choices_are_found_whatever_their_case_and_spaces() -> None:
    values, findings = one(STATUS, "done", " In  Progress", "Not\u00a0started", None)
    assert values == ["Done", "In progress", "Not started", ""]
    assert findings == []


def test_a_former_grade_is_read_as_the_one_that_took_its_place() -> None:
    values, findings = one(layout.AUDITS.column("Grade"), "Adequate", "adequate ", "Inadequate")
    assert values == ["Requires improvement", "Requires improvement", "Inadequate"]
    assert findings == []


def test_a_word_that_is_not_a_choice_is_named_with_the_nearest() -> None:
    values, (near, far) = one(STATUS, "In progess", "Cancelled")
    assert values == ["", ""]
    assert "found 'In progess', expected one of Not started, In progress, Done." in near.what
    assert near.todo == ("Did you mean In progress? Pick one of Not started, In progress, Done.")
    assert far.todo == "Pick one of Not started, In progress, Done."


@pytest.mark.parametrize(
    ("column", "found", "what", "todo"),
    [
        (
            "Trend",
            "improved",
            "found 'improved', expected one of Improving, Steady, Worsening.",
            "Did you mean Improving? Pick one of Improving, Steady, Worsening.",
        ),
        (
            "RAG",
            "A ?",
            "found 'A ?', expected one of Red, Amber, Green.",
            "Pick one of Red, Amber, Green.",
        ),
    ],
)
def test_what_is_no_rag_status_and_no_trend_is_named(
    column: str, found: str, what: str, todo: str
) -> None:
    (value,), (finding,) = one(layout.JUDGEMENTS.column(column), found)
    assert value == ""
    assert what in finding.what
    assert finding.todo == todo


def test_true_is_not_one_and_false_is_not_nought() -> None:
    values, findings = one(MET, 1, True, 0, False, "yes", True)
    assert values == [pd.NA, True, pd.NA, False, True, True]
    assert [f.place.cell for f in findings] == ["B4", "B6"]
    numbers, findings = one(NUMERATOR, True, 1, 1.0, False, 0)
    assert numbers[1:3] == [1, 1]
    assert [f.place.cell for f in findings] == ["B4", "B7"]


@pytest.mark.parametrize("header", ["team", "TEAM", " Team ", "Team\u00a0", "Te\u200bam"])
def test_a_header_matches_whatever_its_case_and_spaces(header: str) -> None:
    data, findings = typed(cells(Month=[MARCH], **{header: ["North"]}, Numerator=[1]), BOOK)
    assert data.rows["Team"].tolist() == ["North"]
    assert data.letters == {"Month": "B", "Team": "C", "Numerator": "D"}
    assert findings == []


def test_an_exact_header_goes_before_one_that_is_nearly_so() -> None:
    data, _ = typed(cells(Month=[MARCH], team=["wrong"], Team=["North"], Numerator=[1]), BOOK)
    assert data.rows["Team"].tolist() == ["North"]


def test_columns_may_stand_in_any_order() -> None:
    data, _ = typed(cells(Numerator=[5], Own=["x"], Team=["North"], Month=[MARCH]), BOOK)
    assert data.rows.columns.tolist() == ["Month", "Team", "Numerator"]
    assert data.place(4, "Month").cell == "E4"


def test_a_renamed_column_stops_with_the_header_that_it_probably_has() -> None:
    with pytest.raises(LayoutError) as stop:
        typed(cells(Month=[MARCH], Team=["North"], Numerater=[1]), BOOK)
    assert str(stop.value) == (
        "The Purple book tab has no column 'Numerator' (did you mean 'Numerater'?). "
        "Give the column that name back, or add it to the table."
    )


def test_every_missing_column_is_named_at_once() -> None:
    with pytest.raises(LayoutError, match=r"no columns 'Month', 'Numerator'\. Give them"):
        typed(cells(Team=["North"]), BOOK)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.0, 1.0, 2.5, 1e20]),
    st.sampled_from(["", " ", "1", "yes", "84%", "Mar-14", "31/03/2014", "Done", "Q4 2013-14"]),
    st.sampled_from([MARCH, dt.datetime(2014, 3, 1), dt.time(9), CellError("#REF!")]),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(Kind), st.lists(VALUES, max_size=12))
def test_every_cell_is_its_value_or_blank_or_a_finding(kind: Kind, values: list[Value]) -> None:
    column = Column("Column", kind)
    read, findings = one(column, *values)
    named = {finding.place.cell for finding in findings}
    assert len(read) == len(values)
    for index, (value, got) in enumerate(zip(values, read, strict=True)):
        expected = convert(kind, value)
        assert (f"B{4 + index}" in named) == (expected is MISFIT)
        if expected in (BLANK, MISFIT):
            assert got is pd.NA or got == "" or pd.isna(got)  # type: ignore[call-overload]
        elif isinstance(expected, dt.date):
            assert got == pd.Timestamp(expected)
        else:
            assert got == expected


def test_a_column_that_nobody_can_read_is_listed_in_part() -> None:
    many = ["about 5"] * 1_000
    _, findings = typed(cells(Month=[MARCH] * 1_000, Team=["North"] * 1_000, Numerator=many), BOOK)
    assert len(findings) == MOST_LISTED + 1
    assert findings[-1].what == (
        "Purple book, column D: 980 more like the 20 that are listed, in rows 24 to 1003."
    )


def test_each_thing_wrong_in_a_column_is_listed_for_itself() -> None:
    values: list[Value] = ["about 5", CellError("#N/A")] * MOST_LISTED
    count = len(values)
    _, findings = typed(
        cells(Month=[MARCH] * count, Team=["North"] * count, Numerator=values), BOOK
    )
    assert [finding.code for finding in findings] == ["unreadable-cell", "cell-error"] * MOST_LISTED
