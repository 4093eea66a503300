from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from kqi_workbook.books.ooxml.addresses import Area, cell_name
from kqi_workbook.books.ooxml.formulas import has_relative_reference, relocate, shift, stretch
from kqi_workbook.errors import CannotPatch


@pytest.mark.parametrize(
    ("formula", "moved"),
    [
        ("A1+B2", "B3+C4"),
        ("$A1+A$1+$A$1", "$A3+B$1+$A$1"),
        ("SUM(A1:B$9)", "SUM(B3:C$9)"),
        ("'My A1 sheet'!C3", "'My A1 sheet'!D5"),
        ("'It''s'!C3", "'It''s'!D5"),
        ("Data!A:A", "Data!B:B"),
        ("$3:3", "$3:5"),
        ('IF(A1="A1","B2 said ""C3""",1)', 'IF(B3="A1","B2 said ""C3""",1)'),
        ("Table1[[#This Row],[Q1]]*A1", "Table1[[#This Row],[Q1]]*B3"),
        ("Table1[Q1]", "Table1[Q1]"),
        ("[1]Data!A1", "[1]Data!B3"),
        ("LOG10(A1)+A1B", "LOG10(B3)+A1B"),
        ("Sheet1:Sheet3!A1", "Sheet1:Sheet3!B3"),
        ("1E5+TRUE", "1E5+TRUE"),
        ("A1#", "B3#"),
    ],
)
def test_a_formula_moves_as_when_it_is_copied(formula: str, moved: str) -> None:
    assert shift(formula, 2, 1) == moved


def test_a_reference_that_would_leave_the_sheet_is_refused() -> None:
    with pytest.raises(CannotPatch, match="beyond the edge"):
        shift("A1", -1)


cells = st.builds(
    lambda column, row, a, b: f"{a}{cell_name(row, column)[: -len(str(row))]}{b}{row}",
    st.integers(20, 800),
    st.integers(20, 5_000),
    st.sampled_from(["", "$"]),
    st.sampled_from(["", "$"]),
)
operands = st.one_of(
    cells,
    st.builds("{}:{}".format, cells, cells),
    st.builds("'A1 & co'!{}".format, cells),
    st.builds("Data!{}".format, cells),
    st.sampled_from(['"A1"', "12.5", "T[Q1]", "TRUE", "my_name", "SUM(AB30,4)"]),
)
formulas = st.lists(operands, min_size=1, max_size=6).map("+".join)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(formulas, st.integers(-15, 15), st.integers(-15, 15))
def test_it_moves_as_another_library_moves_it(formula: str, rows: int, columns: int) -> None:
    origin, there = cell_name(50, 50), cell_name(50 + rows, 50 + columns)
    theirs = Translator("=" + formula, origin=origin).translate_formula(there)
    assert "=" + shift(formula, rows, columns) == theirs


@pytest.mark.parametrize(
    ("formula", "relative"),
    [("$A$1+T[Q]", False), ("A$1", True), ("$A1", True), ("A1048576", True), ("1+2", False)],
)
def test_relative_references_are_noticed(formula: str, relative: bool) -> None:
    assert has_relative_reference(formula) is relative


BODY = Area.parse("A4:D6")


@pytest.mark.parametrize(
    ("formula", "own_sheet", "stretched"),
    [
        ("SUM(B4:B6)", "Data", "SUM(B4:B8)"),
        ("SUM(Data!$B$4:$B$6)", "Other", "SUM(Data!$B$4:$B$8)"),
        ("SUM(data!B4:B6)", "Other", "SUM(data!B4:B8)"),
        ("SUM(B3:B6)", "Data", "SUM(B3:B8)"),  # with the header
        ("SUM(B4:B6)", "Other", "SUM(B4:B6)"),  # another sheet's
        ("SUM(B5:B6)", "Data", "SUM(B5:B6)"),  # not all rows
        ("SUM(B4:B7)", "Data", "SUM(B4:B7)"),  # more than the body
        ("SUM(D4:E6)", "Data", "SUM(D4:E6)"),  # wider than the table
        ("B6", "Data", "B6"),
        ('"B4:B6"', "Data", '"B4:B6"'),
    ],
)
def test_a_reference_to_the_whole_body_follows_it(
    formula: str, own_sheet: str, stretched: str
) -> None:
    assert stretch(formula, "Data", own_sheet, BODY, 8) == stretched


@pytest.mark.parametrize(
    ("print_area", "stretched"),
    [
        ("Data!$A$1:$F$6", "Data!$A$1:$F$8"),
        ("Data!$B$4:$Z$6", "Data!$B$4:$Z$8"),
        ("Data!$A$5:$D$6", "Data!$A$5:$D$6"),  # not from the first row
        ("Data!$F$1:$G$6", "Data!$F$1:$G$6"),  # beside the table
        ("Data!$A$1:$F$7", "Data!$A$1:$F$7"),
    ],
)
def test_a_print_area_to_the_last_row_follows_it_however_wide(
    print_area: str, stretched: str
) -> None:
    assert stretch(print_area, "Data", "", BODY, 8, loosely=True) == stretched


@pytest.mark.parametrize(
    ("sheet", "written"), [("Purple book", "'Purple book'"), ("It's ours", "'It''s ours'")]
)
def test_a_sheet_is_known_by_its_name_though_a_formula_writes_it_in_quotes(
    sheet: str, written: str
) -> None:
    formula = f"SUM({written}!$B$4:$B$6)"
    assert stretch(formula, sheet, "Other", BODY, 8) == f"SUM({written}!$B$4:$B$8)"
    assert relocate(formula, sheet, "Other", BODY, 3) == f"SUM({written}!$B$7:$B$9)"


@pytest.mark.parametrize(
    ("formula", "own_sheet", "moved"),
    [
        ("A10+$B$11", "Data", "A13+$B$14"),
        ("Data!A10", "Other", "Data!A13"),
        ("A10", "Other", "A10"),
        ("SUM(A2:A10)", "Data", "SUM(A2:A13)"),  # ends in the block: grows
        ("SUM(A2:A99)", "Data", "SUM(A2:A99)"),  # holds it before and after
        ("A9+A12", "Data", "A9+A12"),
        ("Data!$A$1:$Z$11", "", "Data!$A$1:$Z$14"),  # a print area
        ("Data!$A$10:$B$10", "", "Data!$A$13:$B$13"),
        ("Data!$A$10:$C$10", "", "Data!$A$10:$C$10"),  # wider than what moves
        ("Data!$C$10", "", "Data!$C$10"),
    ],
)
def test_references_go_with_cells_that_move(formula: str, own_sheet: str, moved: str) -> None:
    assert relocate(formula, "Data", own_sheet, Area.parse("A10:B11"), 3) == moved


def test_a_name_wider_than_what_moves_up_keeps_all_its_rows() -> None:
    name = "Data!$A$1:$C$11"
    assert relocate(name, "Data", "", Area.parse("A10:B11"), -3) == name


@pytest.mark.parametrize("block", ["A10:B11", "B10:C11"])
def test_a_reference_of_which_only_a_part_moves_is_refused(block: str) -> None:
    with pytest.raises(CannotPatch, match="only a part would move"):
        relocate("SUM(A10:C10)", "Data", "Data", Area.parse(block), 3)
