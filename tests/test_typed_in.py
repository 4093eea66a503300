from __future__ import annotations

import copy
from pathlib import Path

import openpyxl
import pytest

import kqi_workbook
from kqi_workbook.books.cells import CellError, Value
from kqi_workbook.layout import Name
from kqi_workbook.refreshing import Refreshed, refresh
from kqi_workbook.scorecard.model import Severity
from kqi_workbook.scorecard.quarters import Quarter
from kqi_workbook.typed_in import MARK
from tests.support.memory_book import HEADER_ROW, Line, MemoryBook
from tests.support.small_council import QUARTER, council
from tests.support.small_file import save_as_xlsx

COMMENTARY = "Commentary points this quarter"
ACTIONS = "To get to GOOD, every social worker and ATM needs to focus on"


def type_into(book: MemoryBook, column: str, text: Value, row: int = 0) -> Refreshed:
    """Refresh, then replace a cell of the Scorecard, then refresh again."""
    refresh(book)
    book.lines["Scorecard"][row][column] = text
    return refresh(book)


@pytest.mark.parametrize("bullet", ["• ", "- ", "* ", "  ", ""])
def test_a_line_typed_into_the_commentary_is_moved_into_its_tab(bullet: str) -> None:
    book = council()
    refresh(book)
    cell = f"{book.lines['Scorecard'][0][COMMENTARY]}\n{bullet}Two families moved away."
    book.lines["Scorecard"][0][COMMENTARY] = cell
    done = refresh(book)
    assert book.lines["Commentary"][-1] == {
        "Quarter": QUARTER.label,
        "KQI": 1,
        "Point": "Two families moved away.",
        "Author": MARK,
        "Date": None,
    }
    assert book.lines["Scorecard"][0][COMMENTARY] == (
        "• Reviews on time are steady.\n• Two families moved away."
    )
    assert [(f.code, str(f.place)) for f in done.findings] == [("typed-in", "Commentary C7")]


def test_nothing_is_doubled_by_the_next_refresh() -> None:
    book = council()
    type_into(book, COMMENTARY, "Two families moved away.")
    before = (list(book.lines["Commentary"]), dict(book.lines))
    assert refresh(book).changes == ()
    assert (book.lines["Commentary"], book.lines) == before


def test_an_action_typed_in_is_moved_too() -> None:
    book = council()
    type_into(book, ACTIONS, "• Plan visits ahead.\n• Write on the day.", row=1)
    assert [line["Action"] for line in book.lines["Actions"]] == [
        "Hold reviews early.",
        "Plan visits ahead.",
        "Write on the day.",
    ]


def test_an_action_typed_in_is_moved_though_the_commentary_tab_is_missing() -> None:
    book = council()
    refresh(book)
    del book.lines["Commentary"]
    book.lines["Scorecard"][1][ACTIONS] = "Write on the day."
    refresh(book)
    assert book.lines["Actions"][-1]["Action"] == "Write on the day."


@pytest.mark.parametrize(
    "text", [None, "", "• ", "• Reviews on time are steady.", "reviews  on time are STEADY."]
)
def test_what_a_refresh_wrote_is_not_taken_for_typed_text(text: str | None) -> None:
    book = council()
    assert type_into(book, COMMENTARY, text).findings == ()
    assert len(book.lines["Commentary"]) == 2


def test_a_point_that_was_deleted_from_its_tab_does_not_come_back() -> None:
    book = council()
    refresh(book)
    book.lines["Commentary"][0]["Point"] = "Reviews are held in time."
    assert refresh(book).findings == ()
    assert book.lines["Scorecard"][0][COMMENTARY] == "• Reviews are held in time."


def test_text_typed_last_quarter_counts_for_last_quarter() -> None:
    """The Scorecard still shows the quarter that was refreshed last."""
    book = council()
    refresh(book, QUARTER.previous)
    book.lines["Scorecard"][0][COMMENTARY] = "A late word."
    done = refresh(book)
    assert book.lines["Commentary"][-1]["Quarter"] == QUARTER.previous.label
    assert done.scorecard.rows[0].commentary[0].text == "Reviews on time are steady."
    assert "Scorecard E5: typed in, moved to Commentary under Q3 2013-14" in done.changes
    (note,) = done.findings
    assert note.what.startswith("'A late word.' was typed into the Scorecard while it showed Q3")
    assert note.todo.startswith("If it is of Q4 2013-14, change its Quarter there.")
    assert refresh(book).findings == done.findings


@pytest.mark.parametrize(
    ("columns", "noted"),
    [
        ({}, True),
        ({"Status": "In progress"}, True),
        ({"Status": "Done"}, False),
        ({"Status": "In progress", "Quarters open": 3}, False),
    ],
)
def test_an_action_of_last_quarter_may_belong_to_this_one_until_it_is_done_or_ran_longer(
    columns: Line, noted: bool
) -> None:
    """One that came along then was typed in before that; one that is done is not to be moved."""
    book = council()
    typed: Line = {"Quarter": QUARTER.previous.label, "KQI": 1, "Action": "Hold reviews at once."}
    book.lines["Actions"].append({**typed, "Who": MARK, **columns})
    assert [found.code for found in refresh(book).findings] == ["typed-in"] * noted


def test_an_action_that_came_along_is_noted_under_its_new_quarter_alone() -> None:
    book = council()
    refresh(book, QUARTER.previous)
    book.lines["Scorecard"][0][ACTIONS] = "Hold reviews at once."
    book.lines["Actions"].append(
        {"Quarter": QUARTER.label, "KQI": 1, "Action": "Hold reviews at once.", "Who": "ATMs"}
    )
    refresh(book)
    assert [line["Who"] for line in book.lines["Actions"]] == ["ATMs", "ATMs", "ATMs", MARK]
    assert "typed-in" not in {finding.code for finding in refresh(book).findings}


@pytest.mark.parametrize(
    ("column", "tab", "name"),
    [(COMMENTARY, "Commentary", "Point"), (ACTIONS, "Actions", "Action")],
)
def test_words_of_an_earlier_quarter_that_are_typed_again_are_moved_again(
    column: str, tab: str, name: str
) -> None:
    book = council()
    for line in (*book.lines["Commentary"], *book.lines["Actions"]):
        line["Quarter"] = QUARTER.previous.label
    refresh(book, QUARTER.previous)
    words = str(book.lines["Scorecard"][0][column])
    refresh(book)
    assert book.lines["Scorecard"][0][column] is None
    book.lines["Scorecard"][0][column] = words
    refresh(book)
    assert book.lines["Scorecard"][0][column] == words
    assert (book.lines[tab][-1]["Quarter"], f"• {book.lines[tab][-1][name]}") == (
        QUARTER.label,
        words,
    )


@pytest.mark.parametrize("refreshed_last", [QUARTER, QUARTER.previous])
def test_the_quarter_shown_is_found_however_history_is_sorted(refreshed_last: Quarter) -> None:
    book = council()
    for quarter in (QUARTER.previous.previous, QUARTER.previous, QUARTER, refreshed_last):
        book.lines["Commentary"].append(
            {"Quarter": quarter.label, "KQI": 1, "Point": f"Of {quarter}.", "Author": "A Author"}
        )
        refresh(book, quarter)
    book.lines["History"].sort(key=lambda line: Quarter.parse(str(line["Quarter"])), reverse=True)
    book.lines["Scorecard"][0][COMMENTARY] = f"• Of {refreshed_last}.\n• A late word."
    done = refresh(book, refreshed_last)
    assert book.lines["Commentary"][-1]["Quarter"] == refreshed_last.label
    assert done.scorecard.rows[0].commentary[-1].text == "A late word."


def test_of_quarters_with_the_same_words_the_title_says_which_is_shown() -> None:
    book = council(Commentary=[], Actions=[])
    for quarter in (QUARTER, QUARTER.previous):
        refresh(book, quarter)
    book.lines["History"].reverse()
    book.lines["Scorecard"][0][COMMENTARY] = "A late word."
    done = refresh(book, QUARTER.previous)
    assert book.lines["Commentary"][-1]["Quarter"] == QUARTER.previous.label
    assert done.changes == ("KQI 1 commentary", "2 findings new, 1 mended")


@pytest.mark.parametrize("title", ["Our scorecard", QUARTER.next.words, None])
def test_where_the_title_names_no_quarter_on_file_the_last_one_filled_is_shown(
    title: str | None,
) -> None:
    book = council(Commentary=[], Actions=[])
    for quarter in (QUARTER, QUARTER.previous):
        refresh(book, quarter)
    book.cells[Name.SCORECARD_TITLE.value] = title
    book.lines["Scorecard"][0][COMMENTARY] = "A late word."
    refresh(book)
    assert book.lines["Commentary"][-1]["Quarter"] == QUARTER.previous.label


def test_a_scorecard_kept_by_hand_until_now_loses_nothing() -> None:
    book = council(Commentary=[], Actions=[])
    book.lines["Scorecard"] = [{"KQI": 1, COMMENTARY: "• One.\n• Two.", ACTIONS: "Three."}]
    refresh(book)
    assert [line["Point"] for line in book.lines["Commentary"]] == ["One.", "Two."]
    assert [line["Action"] for line in book.lines["Actions"]] == ["Three."]


def test_a_line_of_a_row_without_a_kqi_is_moved_and_waits_for_one() -> None:
    book = council()
    refresh(book)
    book.lines["Scorecard"].append({COMMENTARY: "Two families moved away."})
    done = refresh(book)
    assert (book.lines["Commentary"][-1]["KQI"], book.lines["Commentary"][-1]["Author"]) == (
        None,
        MARK,
    )
    assert [(f.code, str(f.place)) for f in done.findings] == [("blank-cell", "Commentary B7")]
    before = copy.deepcopy(book.lines)
    refresh(book)
    assert book.lines == before


def test_a_line_of_an_unknown_kqi_is_told_at_once_and_not_twice() -> None:
    book = council()
    refresh(book)
    book.lines["Scorecard"].append({"KQI": 9, COMMENTARY: "Two families moved away."})
    assert [finding.code for finding in refresh(book).findings] == ["unknown-kqi"]
    before = copy.deepcopy(book.lines)
    refresh(book)
    assert book.lines == before


def test_blank_rows_with_a_column_of_staffs_own_are_filled_first(tmp_path: Path) -> None:
    """The link in Checks leads to the very row, so the next refresh has nothing to change."""
    book = council()
    book.headers["Commentary"].append("Length")
    book.lines["Commentary"] += [{"Length": 0}, {"Length": 0}]
    path = save_as_xlsx(book, tmp_path / "KQIs.xlsx")
    kqi_workbook.refresh(path, QUARTER)
    workbook = openpyxl.load_workbook(path)
    workbook["Scorecard"]["E5"].value += "\n• Two families moved away."
    workbook.save(path)
    done = kqi_workbook.refresh(path, QUARTER)
    (note,) = (finding for finding in done.findings if finding.code == "typed-in")
    cell = openpyxl.load_workbook(path)["Commentary"][note.place.cell]
    assert (note.place.cell, cell.value) == ("C7", "Two families moved away.")
    assert not kqi_workbook.refresh(path, QUARTER).changes


@pytest.mark.parametrize(("row", "named"), [(7, "A8:E9"), (8, "A9:E10"), (9, "A9:E10")])
def test_rows_pasted_below_the_tab_are_named_where_moved_lines_push_them(
    row: int, named: str, tmp_path: Path
) -> None:
    path = save_as_xlsx(council(), tmp_path / "KQIs.xlsx")
    kqi_workbook.refresh(path, QUARTER)
    workbook = openpyxl.load_workbook(path)
    workbook["Scorecard"]["E5"].value += "\n• Two families moved away."
    for pasted in (row, row + 1):
        workbook["Commentary"].cell(pasted, 1, QUARTER.label)
        workbook["Commentary"].cell(pasted, 2, 1)
        workbook["Commentary"].cell(pasted, 3, "Pasted.")
    workbook.save(path)
    done = kqi_workbook.refresh(path, QUARTER)
    (told,) = (finding for finding in done.findings if finding.code == "below-table")
    assert told.what.startswith(f"Commentary: {named} is filled below the table")
    assert openpyxl.load_workbook(path)["Commentary"][told.place.cell].value == QUARTER.label
    assert not kqi_workbook.refresh(path, QUARTER).changes


def test_an_error_is_no_text_and_is_told_once() -> None:
    book = council()
    refresh(book)
    before = copy.deepcopy(book.lines)
    book.lines["Scorecard"][0][ACTIONS] = CellError("#N/A")
    (note,) = refresh(book).findings
    assert (note.code, str(note.place), note.kqi) == ("error-typed", "Scorecard H5", "1")
    assert note.what.startswith("Scorecard H5 held #N/A")
    assert book.lines == before
    assert refresh(book).findings == ()


def test_words_are_moved_as_their_cell_shows_them() -> None:
    book = council()
    type_into(book, COMMENTARY, True)
    assert book.lines["Commentary"][-1]["Point"] == "TRUE"


def test_a_row_whose_kqi_is_an_error_keeps_its_own_words() -> None:
    book = council()
    refresh(book)
    before = copy.deepcopy(book.lines)
    book.lines["Scorecard"][1]["KQI"] = CellError("#REF!")
    assert refresh(book).changes == ("KQI 2 new",)
    assert book.lines == before


def forgetful() -> MemoryBook:
    """The council without a History tab: nothing remembers what a refresh wrote."""
    book = council()
    book.lines["Commentary"][0]["Point"] = "Reviews were {CP reviews on time} on time."
    del book.lines["History"]
    return book


def test_without_history_a_refreshs_own_figures_are_not_taken_for_typed_text() -> None:
    book = forgetful()
    refresh(book)
    assert book.lines["Scorecard"][0][COMMENTARY] == "• Reviews were 85.3% on time."
    book.lines["PurpleBook"].clear()
    assert "in-no-tab" not in {finding.code for finding in refresh(book).findings}
    assert book.lines["Scorecard"][0][COMMENTARY] == (
        "• Reviews were [x] no data for Q4 2013-14 on time."
    )
    assert "in-no-tab" not in {finding.code for finding in refresh(book).findings}
    assert len(book.lines["Commentary"]) == 2


def test_without_history_a_point_of_another_kqi_is_not_this_ones() -> None:
    book = forgetful()
    refresh(book)
    book.lines["Scorecard"][0][COMMENTARY] = "• Visits on time are steady."
    found = refresh(book).findings
    assert [finding.kqi for finding in found if finding.code == "in-no-tab"] == ["1"]


def test_without_history_what_is_in_no_tab_stays_and_is_an_error(tmp_path: Path) -> None:
    book = forgetful()
    refresh(book)
    book.lines["Scorecard"][1][COMMENTARY] = "• Two families moved away."
    book.lines["Actions"][0]["Action"] = "Hold reviews at once."
    book.lines["Scorecard"][0][ACTIONS] = None
    path = save_as_xlsx(book, tmp_path / "KQIs.xlsx")
    for _ in range(2):
        done = kqi_workbook.refresh(path)
        (finding,) = (f for f in done.findings if f.severity is Severity.ERROR)
        told = (finding.code, str(finding.place), finding.kqi)
        assert told == ("in-no-tab", "Scorecard E6", "2")
        sheets = openpyxl.load_workbook(path)
        assert sheets["Scorecard"]["E6"].value == "• Two families moved away."
        assert sheets["Scorecard"]["H5"].value == "• Hold reviews at once."
        assert sheets["Commentary"]["C7"].value is None


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """A refreshed workbook: an action is typed into the Scorecard, its tab's header renamed."""
    path = save_as_xlsx(council(), tmp_path / "KQIs.xlsx")
    kqi_workbook.refresh(path, QUARTER)
    workbook = openpyxl.load_workbook(path)
    scorecard = workbook["Scorecard"]
    cell = next(cell for row in scorecard for cell in row if cell.value == "• Hold reviews early.")
    cell.value = f"{cell.value}\n• Write on the day."
    rename(workbook, "Action", "What we do")
    workbook.save(path)
    return path


def rename(workbook: openpyxl.Workbook, old: str, new: str) -> None:
    sheet = workbook["Actions"]
    next(cell for cell in sheet[HEADER_ROW] if cell.value == old).value = new
    columns = sheet.tables["Actions"].tableColumns
    next(column for column in columns if column.name == old).name = new


def test_what_is_typed_stays_while_its_tab_cannot_be_read(renamed: Path) -> None:
    done = kqi_workbook.refresh(renamed, QUARTER)
    assert "missing-table" in {finding.code for finding in done.findings}
    texts = [cell.value for row in openpyxl.load_workbook(renamed)["Scorecard"] for cell in row]
    assert "• Hold reviews early.\n• Write on the day." in texts


def test_and_is_moved_once_it_can(renamed: Path) -> None:
    kqi_workbook.refresh(renamed, QUARTER)
    workbook = openpyxl.load_workbook(renamed)
    rename(workbook, "What we do", "Action")
    workbook.save(renamed)
    kqi_workbook.refresh(renamed, QUARTER)
    texts = [row[2].value for row in openpyxl.load_workbook(renamed)["Actions"]]
    assert texts.count("Hold reviews early.") == 1
    assert texts.count("Write on the day.") == 1
