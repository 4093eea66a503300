from __future__ import annotations

from dataclasses import replace

import pytest

from kqi_workbook.books.book import AddRows, CopyField, SetArea, SetRows
from kqi_workbook.books.cells import Content, Formula, Grid
from kqi_workbook.books.draft import Draft
from kqi_workbook.books.ooxml.addresses import Area
from kqi_workbook.errors import CannotPatch, LayoutError

HEADERS = ("KQI", "Note", "RAG", "Twice")


def twice(row: int) -> Formula:
    return Formula(f"A{row}*2", 0)


def draft() -> Draft:
    """Two rows in B3:E4; Note and Twice are staff's own, Twice is worked out."""
    rows: list[list[Content]] = [[1, "one", "R", twice(3)], [2, "two", "G", twice(4)]]
    return Draft("Scorecard", Area(3, 2, 4, 5), rows, HEADERS, "Scorecard")


def set_rows(*rows: tuple[Content, ...]) -> SetRows:
    return SetRows("Scorecard", ("KQI", "RAG"), rows, key=("KQI",))


def areas(paper: Draft) -> list[str]:
    return [str(block.area) for block in paper.blocks()]


def test_nothing_changed_is_nothing_written() -> None:
    paper = draft()
    paper.set_rows(set_rows((1, "R"), (2, "G")))
    assert paper.blocks() == []
    assert paper.grows is None


def test_one_changed_cell_is_one_cell() -> None:
    paper = draft()
    paper.set_rows(set_rows((1, "R"), (2, "A")))
    assert areas(paper) == ["D4"]


@pytest.mark.parametrize("kqi", [2, 2.0, "2", " 2 "])
def test_a_key_is_the_same_as_number_and_as_text(kqi: Content) -> None:
    paper = draft()
    paper.set_rows(set_rows((kqi, "G"), (1, "R")))
    assert [row[1] for row in paper.new] == ["two", "one"]


def test_equal_keys_are_matched_in_order() -> None:
    paper = draft()
    paper.old[1][0] = paper.new[1][0] = 1
    paper.set_rows(set_rows((1, "R"), (1, "G"), (1, "A")))
    assert [row[1] for row in paper.new] == ["one", "two", None]


def test_without_a_key_staffs_cells_stay_where_they_are() -> None:
    paper = draft()
    paper.set_rows(SetRows("Scorecard", ("KQI",), ((9,), (8,), (7,))))
    assert [row[1] for row in paper.new] == ["one", "two", None]


def test_formulas_that_fill_a_column_stay_and_new_rows_are_left_to_excel() -> None:
    paper = draft()
    paper.set_rows(set_rows((2, "G"), (1, "R"), (3, "A")))
    assert [row[3] for row in paper.new] == [twice(3), twice(4), None]


def proof(kqi: int) -> Formula:
    return Formula(f'HYPERLINK("kqi{kqi}.docx")', "proof")


def proven() -> Draft:
    """The same with a formula of its own in each note."""
    paper = draft()
    for kqi in (1, 2):
        paper.old[kqi - 1][1] = paper.new[kqi - 1][1] = proof(kqi)
    return paper


def test_formulas_that_differ_from_row_to_row_follow_their_key() -> None:
    paper = proven()
    paper.set_rows(set_rows((2, "G"), (1, "R")))
    assert [row[1] for row in paper.new] == [proof(2), proof(1)]


def test_a_value_typed_into_a_column_of_formulas_follows_its_key() -> None:
    paper = draft()
    for grid in (paper.old, paper.new):
        grid.append([3, "three", "A", "by hand"])
    paper.set_rows(set_rows((3, "A"), (1, "R"), (2, "G")))
    assert [row[3] for row in paper.new] == ["by hand", twice(4), twice(5)]


def test_a_row_that_goes_leaves_a_formula_of_its_own_behind() -> None:
    paper = proven()
    paper.set_rows(set_rows((2, "G")))
    assert paper.new == [[2, proof(2), "G", twice(3)], [None, proof(1), None, twice(4)]]


def test_a_formula_among_values_moves_as_if_sorted() -> None:
    paper = draft()
    paper.old[1][1] = paper.new[1][1] = Formula("B4&$B$2", "")
    paper.set_rows(set_rows((2, "G"), (1, "R")))
    assert paper.new[0][1] == Formula("B3&$B$2", "")


def test_a_formula_typed_over_a_cell_goes_with_a_row_that_is_carried_and_with_no_other() -> None:
    paper = draft()
    for number, row in enumerate(paper.new, 3):
        row[2] = Formula(f"F{number}", "")
    paper.set_rows(replace(set_rows((2, "G"), (1, "R")), carried=1))
    assert [row[2] for row in paper.new] == [Formula("F3", ""), "R"]


def test_a_formula_that_would_leave_the_sheet_is_refused() -> None:
    paper = draft()
    paper.old[1][1] = paper.new[1][1] = Formula("B1", "")
    with pytest.raises(CannotPatch, match=r"Scorecard C4: '=B1' moves 1 rows .* such as C\$1"):
        paper.set_rows(set_rows((2, "G"), (1, "R")))


def test_new_rows_need_the_cells_below() -> None:
    paper = draft()
    paper.set_rows(set_rows((1, "R"), (2, "G"), (3, "A"), (4, "A")))
    assert (str(paper.grows), str(paper.final), str(paper.over("RAG"))) == (
        "B5:E6",
        "B3:E6",
        "D3:D6",
    )
    assert areas(paper) == ["B5:B6", "D5:D6"]


def unnoted() -> Draft:
    """The same without staff's notes."""
    paper = draft()
    for row in (*paper.old, *paper.new):
        row[1] = None
    return paper


def test_rows_that_go_are_blanked_in_every_column() -> None:
    paper = unnoted()
    paper.set_rows(set_rows((1, "R")))
    assert areas(paper) == ["B4", "D4:E4"]
    assert all(block.new == [[None] * len(block.old[0])] for block in paper.blocks())


def test_a_row_that_goes_leaves_its_note_behind() -> None:
    paper = draft()
    paper.set_rows(set_rows((3, "R")))
    assert paper.new == [
        [3, None, "R", twice(3)],
        [None, "one", None, twice(4)],
        [None, "two", None, None],
    ]
    before = [list(row) for row in paper.new]
    paper.set_rows(set_rows((3, "R")))
    assert paper.new == before


@pytest.mark.parametrize(("ticked", "rows"), [(False, 1), (True, 2)])
def test_a_row_that_goes_is_kept_for_a_checkbox_that_is_ticked_alone(
    ticked: bool, rows: int
) -> None:
    paper = unnoted()
    paper.old[1][1] = paper.new[1][1] = ticked
    paper.set_rows(set_rows((1, "R")))
    assert len(paper.new) == rows


def test_no_rows_leave_one_blank_row_since_a_table_has_one() -> None:
    paper = unnoted()
    paper.set_rows(set_rows())
    assert paper.new == [[None, None, None, twice(3)]]


def test_columns_of_the_tools_own_are_bridged_and_staffs_are_not() -> None:
    paper = Draft("S", Area(1, 1, 1, 4), [[1, 2, 3, 4]], ("A", "B", "C", "D"), "T")
    paper.set_rows(SetRows("T", ("A", "B", "C"), ((0, 2, 0),)))
    assert areas(paper) == ["A1:C1"]
    paper = Draft("S", Area(1, 1, 1, 4), [[1, 2, 3, 4]], ("A", "B", "C", "D"), "T")
    paper.set_rows(SetRows("T", ("A", "C"), ((0, 0),)))
    assert areas(paper) == ["A1", "C1"]


def test_rows_are_added_below_what_is_filled_in() -> None:
    paper = draft()
    paper.new += [[None, None, None, twice(5)], [None, None, None, twice(6)]]
    paper.add_rows(AddRows("Scorecard", ("kqi",), ((3,),)))
    assert [row[0] for row in paper.new] == [1, 2, 3, None]
    paper.add_rows(AddRows("Scorecard", ("KQI",), ((4,), (5,))))
    assert [row[0] for row in paper.new] == [1, 2, 3, 4, 5]


def test_what_staffs_own_columns_hold_in_blank_rows_does_not_keep_rows_from_them() -> None:
    paper = draft()
    paper.new += [[None, "to be seen", "", twice(5)], [None, None, None, twice(6)]]
    paper.add_rows(AddRows("Scorecard", ("KQI", "RAG"), ((3, "A"),)))
    assert paper.new[2] == [3, "to be seen", "A", twice(5)]


def test_a_cell_is_copied_as_excel_copies_it_and_a_blank_one_changes_nothing() -> None:
    paper = draft()
    paper.new += [["3", "kept", None, None]]
    for column in ("Note", "RAG", "Twice"):
        paper.copy_field(CopyField("Scorecard", column, 2, 0))
    assert paper.new[2] == ["3", "one", "R", twice(5)]
    paper.new[1][1] = None
    paper.copy_field(CopyField("Scorecard", "Note", 2, 1))
    assert paper.new[2][1] == "one"


def test_rows_are_added_below_a_formula_that_shows_something_in_their_columns() -> None:
    paper = draft()
    paper.new += [[Formula("A4+1", 3), None, None, None]]
    paper.add_rows(AddRows("Scorecard", ("KQI", "RAG"), ((4, "A"),)))
    assert [row[0] for row in paper.new[3:]] == [4]


def test_an_area_is_filled_and_what_an_earlier_filling_left_is_blanked() -> None:
    paper = Draft("Trends", Area(1, 1, 2, 2), [[1, 2], [3, 4]])
    paper.set_area(SetArea("Grid", ((9,),)))
    assert paper.new == [[9, None], [None, None]]
    assert areas(paper) == ["A1:B2"]
    assert paper.emptied == [Area(1, 1, 1, 2), Area(2, 1, 2, 2)]
    paper.set_area(SetArea("Grid", ((9, 8), (7, 6))))
    assert paper.emptied == []


FILLED: Grid = [["KQI", "North", "South"], [1, "A 1%", "A 2%"], [2, "A 3%", "A 4%"]]


def grid(rows: Grid) -> Draft:
    """By team's cells in a sheet of 6 by 6 cells."""
    tall = [*rows, *[[]] * (6 - len(rows))]
    return Draft("By team", Area(4, 1, 9, 6), [[*row, *[None] * (6 - len(row))] for row in tall])


def test_rows_of_an_earlier_filling_are_known_by_their_names() -> None:
    """A quarter just begun has figures for fewer measures; that is nothing to look after."""
    names = frozenset({"Plans", "Visits"})
    paper = grid([FILLED[0], ["Plans", "A 1%"], ["Visits", "A 2%"], ["Ask North."]])
    paper.set_area(SetArea("Grid", (FILLED[0],), names))  # type: ignore[arg-type]
    assert [str(area) for area in paper.emptied] == ["A7"]
    assert [row[0] for row in paper.new] == ["KQI", *[None] * 5]


def test_a_column_that_is_gone_is_named_in_rows_of_an_earlier_filling_too() -> None:
    paper = grid([FILLED[0], ["Plans", 1, "Note"], ["Visits", 2, "Note"]])
    paper.set_area(SetArea("Grid", (("KQI", "North"), ("Plans", 1)), frozenset({"Visits"})))
    assert [str(area) for area in paper.emptied] == ["C4:C6"]


@pytest.mark.parametrize(("below", "named"), [([], []), ([None, None, "Ask."], ["C5"])])
def test_the_teams_that_a_new_workbook_comes_with_go_without_a_word(
    below: list[Content], named: list[str]
) -> None:
    paper = grid([FILLED[0], below])
    paper.set_area(SetArea("Grid", (("KQI", "West"), (1, "A 1%"))))
    assert paper.new[0][:3] == ["KQI", "West", None]
    assert [str(area) for area in paper.emptied] == named


@pytest.mark.parametrize("gap", [1, 2])
def test_a_blank_row_or_column_of_staffs_within_an_area_leaves_nothing_behind(gap: int) -> None:
    wanted = grid(FILLED).new
    spaced = grid([*FILLED[:gap], [], *FILLED[gap:]])
    apart = grid([[*row[:gap], None, *row[gap:]] for row in FILLED])
    for paper in (spaced, apart):
        for _ in range(2):  # the second finds nothing to do
            paper.set_area(SetArea("Grid", tuple(map(tuple, FILLED))))
            assert paper.new == wanted


@pytest.mark.parametrize(("header", "named"), [("Lead", "B4:B5"), ("South", "D4:D6")])
def test_a_column_of_staffs_among_an_areas_is_named_where_it_was(header: str, named: str) -> None:
    leads = (header, "Ann", None)  # which of two columns of one name is theirs, nobody can tell
    paper = grid([[row[0], lead, *row[1:]] for row, lead in zip(FILLED, leads, strict=True)])
    paper.set_area(SetArea("Grid", tuple(map(tuple, FILLED))))
    assert [str(area) for area in paper.emptied] == [named]


def test_a_note_past_the_gap_stays_when_an_area_becomes_larger() -> None:
    paper = grid([[*row, None, "Ask North."] for row in FILLED])
    paper.set_area(SetArea("Grid", tuple((*row, "West") for row in FILLED)))
    assert [row[3:5] for row in paper.new[:3]] == [["West", "Ask North."]] * 3
    assert paper.emptied == []


@pytest.mark.parametrize(
    ("grown", "named"),
    [
        ([*FILLED, [3, "A 5%", "A 6%"]], []),
        ([*FILLED, [3, "A 5%", "A 6%"], [4, "A 7%", "A 8%"]], ["A8:B8"]),
        ([*FILLED, *([n, "A 5%", "A 6%"] for n in (3, 4, 5))], ["A8:B8"]),
        ([[*row, "West"] for row in FILLED], []),
        ([[*row, "West", "East"] for row in FILLED], ["E6"]),
        ([row[:2] for row in FILLED[:2]], ["C4:C5", "A6:C6"]),
    ],
)
def test_notes_that_an_area_grows_over_are_named(grown: Grid, named: list[str]) -> None:
    noted: Grid = [*FILLED[:2], [*FILLED[2], None, Formula("1+1", 2)], [], ["Seen", "by the board"]]
    paper = grid(noted)
    paper.set_area(SetArea("Grid", tuple(map(tuple, grown))))
    assert [str(area) for area in paper.emptied] == named


def test_notes_of_staff_beside_and_below_an_areas_cells_stay() -> None:
    old: list[list[Content]] = [
        ["KQI", "North", None, "Our note"],
        [1, "A 80%", None, "Ask North."],
        [2, None, None, None],
        [None, None, None, None],
        ["Seen by the board", None, None, None],
    ]
    paper = Draft("By team", Area(4, 1, 8, 4), [list(row) for row in old])
    paper.set_area(SetArea("Grid", (("KQI",), (1,))))
    assert paper.new == [
        ["KQI", None, None, "Our note"],
        [1, None, None, "Ask North."],
        [None, None, None, None],
        [None, None, None, None],
        ["Seen by the board", None, None, None],
    ]
    assert areas(paper) == ["A4:B6"]
    paper.set_area(SetArea("Grid", (("KQI", "West"), (1, "A 81%"))))
    assert [row[:2] for row in paper.new[:3]] == [["KQI", "West"], [1, "A 81%"], [None, None]]


@pytest.mark.parametrize("rows", [((1, 2, 3),), ((1,), (2,), (3,))])
def test_an_area_too_small_is_refused(rows: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(CannotPatch, match=r"do not fit into Grid, which is A1:B2 \(2 by 2\)"):
        Draft("Trends", Area(1, 1, 2, 2), [[1, 2], [3, 4]]).set_area(SetArea("Grid", rows))


def test_a_missing_column_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(LayoutError, match=r"no column 'Notes'\. Is it 'Note'\?"):
        draft().add_rows(AddRows("Scorecard", ("Notes",), ((1,),)))
