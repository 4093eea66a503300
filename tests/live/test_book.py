"""LiveBook on a live sheet: what is read, what is written, and what stays as it was."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwings

from kqi_workbook.books.book import AddRows, Book, SetArea, SetCell, SetRows, SetRules, Update
from kqi_workbook.books.cells import CellError, length
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.live.book import LiveBook
from kqi_workbook.books.live.excel import CALL_REJECTED, ExcelBusy, ExcelNotReady, SheetsProtected
from kqi_workbook.errors import CannotPatch, LayoutError
from tests.live.libreoffice_engine import MEASURED, Calc, Refused
from tests.live.libreoffice_engine import Book as Opened
from tests.live.workbooks import ARROWS, CHECKS, FILLS, ROWS, make_workbook

ALL = (1, 1, 40, 12)


def cells(book: xlwings.Book, sheet: str) -> dict[str, Any]:
    """Everything on a sheet's corner: values and formulas."""
    area = book.sheets[sheet].range(ALL[:2], ALL[2:])
    return {"values": area.options(ndim=2, err_to_str=True).value, "formulas": area.formula}


def whole(book: xlwings.Book) -> dict[str, Any]:
    """Everything that a refresh could change."""
    return {
        "cells": {sheet.name: cells(book, sheet.name) for sheet in book.sheets},
        "tables": book.impl.ask("tables"),
        "names": book.impl.ask("names"),
        "selection": book.impl.ask("selection"),
        "calculation": book.app.calculation,
        "settings": dict(book.impl.calc.settings),
    }


# ---- reading


def test_it_is_a_book(workbook: xlwings.Book) -> None:
    book: Book = LiveBook(workbook)
    assert book.name == "Scorecard 2014.xlsx"
    assert book.sheets == ["Score card", "Checks", "Court", "Trends"]
    assert book.tables == {"Scorecard": "Score card", "Checks": "Checks", "Court": "Court"}
    assert sorted(book.names) == ["Scorecard_title", "Trends_grid"]


def test_a_table_is_read_with_its_types(workbook: xlwings.Book) -> None:
    court = LiveBook(workbook).read(["Court"])["Court"]
    assert (court.sheet, court.header_row, court.letters["Case ref"]) == ("Court", 2, "B")
    assert court.columns == {
        "Case ref": ["C-1", "=x", "007"],
        "Issued": [dt.date(2014, 1, 31), None, None],
        "Heard": [dt.datetime(2014, 1, 31, 14, 30), None, None],
        "At": [dt.time(9), None, None],
        "Share": [0.841, CellError("#DIV/0!"), None],
        "Plain": [153, CellError("#N/A"), None],
        "Sure": [True, None, None],
    }
    assert type(court.columns["Plain"][0]) is int


def test_names_are_the_same_in_any_case_as_in_excel(workbook: xlwings.Book) -> None:
    book = LiveBook(workbook)
    assert book.read(["COURT"])["COURT"].columns == book.read(["Court"])["Court"].columns
    book.write([SetCell("SCORECARD_TITLE", "New"), AddRows("checks", ("What",), (("x",),))])
    assert "New" in {value for row in cells(workbook, "Score card")["values"] for value in row}


def test_each_table_is_read_in_one_call(workbook: xlwings.Book, calc: Calc) -> None:
    LiveBook(workbook).read(["Scorecard", "Checks", "Court"])
    assert calc.calls["values"] == 3
    assert calc.calls["formulas"] == calc.calls["write"] == 0


@pytest.mark.parametrize(
    ("rows", "below"), [([], ""), (["a"], "A3:C3"), (["a", "b"], "A3:C6"), ([None, "b"], "")]
)
def test_what_was_typed_below_a_table_is_named(
    workbook: xlwings.Book, rows: list[str | None], below: str
) -> None:
    for row, text in enumerate(rows, 3):  # the note below stands in rows 5 and 6
        workbook.sheets["Checks"].range((row, 2)).value = text
    assert LiveBook(workbook).read(["Checks"])["Checks"].below == below


def test_a_missing_table_is_named_with_the_one_that_was_meant(workbook: xlwings.Book) -> None:
    with pytest.raises(LayoutError, match=r"no table 'Scorecrd'\. Is it 'Scorecard'\?"):
        LiveBook(workbook).read(["Scorecrd"])


# ---- writing


def test_a_block_is_written_in_one_call(workbook: xlwings.Book, calc: Calc) -> None:
    LiveBook(workbook).write([CHECKS])
    written = [what for do, what in calc.log if do == "write"]
    assert [what["edges"] for what in written] == [[2, 1, 6, 3]]
    assert calc.calls["values"] == 2  # what was there, and what is there now


def test_text_stays_text_and_values_keep_their_kind(workbook: xlwings.Book) -> None:
    book = LiveBook(workbook)
    book.write([CHECKS])
    read = book.read(["Checks"])["Checks"]
    assert read.columns["What"] == [row[0] for row in CHECKS.rows]
    assert read.columns["Where"] == ["Court B3", "1-2", "007", "true", "#N/A"]
    assert read.columns["When"] == [row[2] for row in CHECKS.rows]
    formulas = workbook.sheets["Checks"].range((2, 1), (2, 2)).formula
    assert tuple(formulas[0]) == ("=1+1", '=HYPERLINK("#\'Court\'!B3","Court B3")')


def test_a_table_grows_and_what_stands_below_moves_down(workbook: xlwings.Book) -> None:
    LiveBook(workbook).write([CHECKS])
    assert workbook.impl.ask("tables")["Checks"] == ["Checks", 1, 1, 6, 3]
    below = cells(workbook, "Checks")
    assert below["values"][8][0] == "Ask Sam before changing this tab."
    assert below["formulas"][9][1] == "=A9"


def test_a_table_shrinks_and_leaves_nothing_behind(workbook: xlwings.Book) -> None:
    book = LiveBook(workbook)
    book.write([CHECKS])
    book.write([SetRows("Checks", ("What", "Where", "When"), (("One", None, None),))])
    assert book.read(["Checks"])["Checks"].columns["What"] == ["One"]
    assert workbook.impl.ask("tables")["Checks"] == ["Checks", 1, 1, 2, 3]
    assert cells(workbook, "Checks")["values"][2] == [None] * 12


def test_staffs_cells_follow_their_row_and_formulas_stay_right(workbook: xlwings.Book) -> None:
    update = SetRows(
        "Scorecard",
        ("KQI", "RAG", "Trend"),
        ((3, "R\nRed", -1), (4, "-", 0), (1, "A\nAmber", 0)),
        key=("KQI",),
    )
    LiveBook(workbook).write([update])
    rows = workbook.sheets["Score card"].range((4, 1), (6, 5)).formula
    assert [row[2] for row in rows] == ["=A4+$A$5", "", "ring the team"]
    twice = workbook.sheets["Score card"].range((4, 5), (6, 5)).value
    assert twice == [6, 8, 2]


def test_only_what_changes_is_written(workbook: xlwings.Book, calc: Calc) -> None:
    book = LiveBook(workbook)
    assert book.write([ROWS]).cells == 4
    calc.log.clear()
    assert book.write([ROWS]).cells == 0
    assert [do for do, _ in calc.log if do in ("write", "resize", "insert")] == []


def table_and_a_name(path: Path, cell: str) -> Path:
    """A table T at A1:B3, and a cell named Said on the same sheet."""
    with xlsxwriter.Workbook(path) as book:
        columns = [{"header": "KQI"}, {"header": "Points"}]
        sheet = book.add_worksheet("Score card")
        sheet.add_table("A1:B3", {"columns": columns, "name": "T"})
        sheet.write(cell, "as it was")
        book.define_name("Said", f"='Score card'!{cell}")
    return path


MORE: list[Update] = [
    SetRows("T", ("KQI", "Points"), ((1, "a"), (2, "b"), (3, "c"))),
    SetCell("Said", "new"),
]


def test_what_is_refreshed_beside_a_table_that_grows_stays_there(
    calc: Calc, tmp_path: Path
) -> None:
    book = LiveBook(calc.open(table_and_a_name(tmp_path / "KQIs.xlsx", "$D$5")))
    book.write(MORE)
    assert book.says("Said") == "new"
    assert list(book.read(["T"])["T"].columns["Points"]) == ["a", "b", "c"]


def test_what_is_refreshed_below_a_table_that_grows_is_named(calc: Calc, tmp_path: Path) -> None:
    book = LiveBook(calc.open(table_and_a_name(tmp_path / "KQIs.xlsx", "$A$5")))
    with pytest.raises(CannotPatch, match="needs A4:B4 for new rows, and a named area"):
        book.write(MORE)
    assert book.says("Said") == "as it was"


def test_rows_are_added_below_the_last_one(workbook: xlwings.Book) -> None:
    book = LiveBook(workbook)
    for what in ("first", "second"):
        book.write([AddRows("Checks", ("When", "What"), ((dt.date(2014, 4, 1), what),))])
    assert book.read(["Checks"])["Checks"].columns == {
        "What": ["first", "second"],
        "Where": [None, None],
        "When": [dt.date(2014, 4, 1)] * 2,
    }


def test_areas_and_cells_are_found_by_name(workbook: xlwings.Book) -> None:
    rows = (("KQI", "Jan"), (1, 0.5))
    LiveBook(workbook).write([SetCell("Scorecard_title", "2014"), SetArea("Trends_grid", rows)])
    assert workbook.sheets["Score card"].range((1, 1)).value == "2014"
    assert workbook.sheets["Trends"].range((1, 2), (4, 4)).value == [
        ["KQI", "Jan", None],
        [1, 0.5, None],
        [None] * 3,
        [None] * 3,
    ]


@pytest.mark.parametrize("text", ["A word. " * 2_000, "\U0001f600" * 5_000])
def test_a_very_long_text_goes_by_itself(workbook: xlwings.Book, calc: Calc, text: str) -> None:
    LiveBook(workbook).write([SetRows("Checks", ("What", "Where"), ((text, "Court"),))])
    assert workbook.sheets["Checks"].range((2, 1), (2, 2)).value == [text, "Court"]
    blocks = [what["rows"] for do, what in calc.log if do == "write"]
    assert max(length(cell) for row in blocks[0] for cell in row if cell) < 8_204


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (SetCell("Scorecard_titel", "x"), r"no cells named 'Scorecard_titel'\. Is it 'Scorecard_t"),
        (AddRows("Check", ("What",), (("x",),)), "'Check'"),
        (AddRows("Checks", ("Wat",), (("x",),)), r"no column 'Wat'\. Is it 'What'\?"),
        (SetArea("Trends_grid", ((1,),) * 5), r"do not fit into Trends_grid, which is B1:D4"),
        (SetCell("Scorecard_title", "x" * 32_768), "32,768 characters"),
        (SetCell("Scorecard_title", float("nan")), "not a number that a cell can hold"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_first_cell(
    workbook: xlwings.Book, calc: Calc, update: Update, message: str
) -> None:
    with pytest.raises((CannotPatch, LayoutError), match=message):
        LiveBook(workbook).write([SetCell("Scorecard_title", "New"), update])
    assert calc.calls["write"] == 0


def test_a_merged_cell_that_swallows_a_value_stops_the_refresh(workbook: xlwings.Book) -> None:
    workbook.impl.ask("merge", sheet="Trends", edges=[1, 2, 1, 4])
    before = whole(workbook)
    with pytest.raises(CannotPatch, match=r"Trends C1: Excel does not keep 'Jan' there\. Is the"):
        LiveBook(workbook).write([SetArea("Trends_grid", (("KQI", "Jan"),))])
    assert whole(workbook) == before


def test_rows_that_a_filter_hides_are_written_one_by_one(
    workbook: xlwings.Book, calc: Calc
) -> None:
    calc.hidden |= {3, 5}
    book = LiveBook(workbook)
    book.write([CHECKS])
    read = book.read(["Checks"])["Checks"]
    assert read.columns["What"] == [row[0] for row in CHECKS.rows]
    assert read.columns["When"] == [row[2] for row in CHECKS.rows]


def test_protected_sheets_are_all_named_before_anything_is_written(
    workbook: xlwings.Book, calc: Calc
) -> None:
    for sheet in ("Checks", "Score card"):
        workbook.impl.ask("protected", sheet=sheet, value=True)
    with pytest.raises(SheetsProtected, match="to be written: Score card, Checks"):
        LiveBook(workbook).write([ROWS, CHECKS, SetArea("Trends_grid", ((1,),))])
    assert calc.calls["write"] == 0


def test_a_read_only_workbook_is_read_and_not_written(workbook: xlwings.Book, calc: Calc) -> None:
    calc.read_only = True
    book = LiveBook(workbook)
    assert book.read(["Checks"]) and book.foresee([ROWS]).changed
    with pytest.raises(CannotPatch, match=r"Scorecard 2014\.xlsx is open read-only.*Save As"):
        book.write([ROWS])
    assert calc.calls["write"] == 0


# ---- everything stays as it was


def test_selection_view_and_settings_stay(workbook: xlwings.Book, calc: Calc) -> None:
    workbook.impl.ask("selection", sheet="Court", edges=[3, 2, 4, 5])
    calc.settings["status_bar"] = "Staff's own message"
    workbook.app.calculation = "manual"
    before = whole(workbook)
    book = LiveBook(workbook)
    book.read(["Court"])
    book.write([ROWS, CHECKS])
    after = whole(workbook)
    for kept in ("selection", "calculation", "settings"):
        assert after[kept] == before[kept]
    assert "Refresh KQIs: reading Court (1 of 1)" in calc.said
    assert "Refresh KQIs: writing Checks (2 of 2)" in calc.said


def test_the_screen_stands_still_and_nobody_can_type_while_it_writes(
    workbook: xlwings.Book, calc: Calc
) -> None:
    seen = []

    def watch(do: str) -> None:
        if do == "write":
            seen.append((dict(calc.settings), workbook.impl.ask("automatic")))

    calc.refuse = watch
    LiveBook(workbook).write([ROWS])
    settings, automatic = seen[0]
    assert not automatic
    assert not any(
        settings[name]
        for name in ("screen_updating", "enable_events", "interactive", "display_alerts")
    )


def test_an_excel_without_a_setting_is_refreshed_all_the_same(
    workbook: xlwings.Book, calc: Calc
) -> None:
    calc.refuse = lambda do: RuntimeError("Not on a Mac") if do == "set interactive" else None
    assert LiveBook(workbook).write([ROWS]).cells == 4
    assert calc.settings["interactive"]
    assert calc.settings["screen_updating"]


def test_stopping_python_puts_the_cells_back(workbook: xlwings.Book, calc: Calc) -> None:
    before = whole(workbook)
    stop = iter([False, True])
    calc.refuse = lambda do: KeyboardInterrupt() if do == "write" and next(stop, False) else None
    with pytest.raises(KeyboardInterrupt):
        LiveBook(workbook).write([ROWS, CHECKS])
    assert whole(workbook) == before


UPDATES: list[Update] = [
    SetCell("Scorecard_title", "New title"),
    SetRows("Scorecard", ("KQI", "RAG", "Trend"), ((3, "G", 1), (9, "-", None)), key=("KQI",)),
    CHECKS,
    SetArea("Trends_grid", (("a", "1-2"),)),
]
STEPS = 12  # more than there are changes: see the last assertion


@pytest.mark.parametrize("step", range(1, STEPS))
def test_whichever_change_fails_all_cells_are_put_back(
    workbook: xlwings.Book, calc: Calc, step: int
) -> None:
    before = whole(workbook)
    left = step

    def fail(do: str) -> Exception | None:
        nonlocal left
        left -= do in ("write", "resize", "insert")
        if left == 0 and do in ("write", "resize", "insert"):
            left = -1
            return RuntimeError("The disk is on fire")
        return None

    calc.refuse = fail
    if step == STEPS - 1:
        LiveBook(workbook).write(UPDATES)
        assert left > 0, "there are more changes than steps tried"
        return
    try:
        LiveBook(workbook).write(UPDATES)
    except CannotPatch as error:
        assert "Excel refused a change to Scorecard 2014.xlsx: The disk is on fire" in str(error)
        calc.refuse = lambda do: None
        assert whole(workbook) == before
    else:
        assert left > 0


def test_when_nothing_can_be_put_back_it_says_to_close_without_saving(
    workbook: xlwings.Book, calc: Calc
) -> None:
    broken = False

    def fail(do: str) -> Exception | None:
        nonlocal broken
        broken = broken or (do == "values" and calc.calls["write"] == 1)
        return RuntimeError("Excel has gone") if broken and do != "automatic" else None

    calc.refuse = fail
    with pytest.raises(CannotPatch, match=r"could be put back .* without saving"):
        LiveBook(workbook).write([CHECKS])


# ---- a busy Excel


def test_a_busy_excel_is_waited_for(workbook: xlwings.Book, calc: Calc) -> None:
    refused = iter([True, True])
    calc.refuse = lambda do: Refused(CALL_REJECTED) if next(refused, False) else None
    assert LiveBook(workbook).write([ROWS]).cells == 4


def test_while_a_cell_is_edited_it_says_so_and_nothing_changes(
    workbook: xlwings.Book, calc: Calc, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1_000))
    monkeypatch.setattr("kqi_workbook.books.live.excel.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("kqi_workbook.books.live.excel.time.sleep", lambda seconds: None)
    book = LiveBook(workbook)
    calc.refuse = lambda do: Refused(CALL_REJECTED) if do.startswith("set ") else None
    with pytest.raises(ExcelBusy, match=r"a cell is being edited.*Press Enter or Esc"):
        book.write([ROWS])
    assert calc.calls["write"] == 0


# ---- measuring


def test_what_no_row_is_high_enough_for_is_told_as_of_the_file(calc: Calc, tmp_path: Path) -> None:
    path = tmp_path / "Points.xlsx"
    with xlsxwriter.Workbook(path) as made:
        wrapped = made.add_format({"text_wrap": True, "font_size": 12})
        sheet = made.add_worksheet()
        columns = [{"header": name} for name in ("KQI", "Note", "Points")]
        sheet.add_table("B2:D3", {"name": "T", "columns": columns})
        sheet.write("D3", "", wrapped)
        sheet.set_column("D:D", 30, wrapped)
    words = "Each child was seen alone in the month. "
    texts = [words * 10, words * 40]
    rows = SetRows("T", ("KQI", "Points", "Note"), tuple((1, text, text) for text in texts))
    expected = [[], ["Points"]]
    assert FileBook(path.read_bytes(), path.name).cut_off(rows) == expected
    assert LiveBook(calc.open(path)).cut_off(rows) == expected


# ---- finding the workbook


@pytest.mark.parametrize("name", ["scorecard 2014.xlsx", None])
def test_the_open_workbook_is_found_by_name_or_as_the_active_one(
    workbook: xlwings.Book, name: str | None
) -> None:
    assert LiveBook.attach(name).name == "Scorecard 2014.xlsx"


def test_a_workbook_that_is_not_open_is_not_found(workbook: xlwings.Book) -> None:
    with pytest.raises(ExcelNotReady, match=r"Did you mean 'Scorecard 2014\.xlsx'"):
        LiveBook.attach("Scorecard 2015.xlsx")


def test_a_namesake_from_another_folder_is_not_the_one(
    workbook: xlwings.Book, tmp_path: Path
) -> None:
    mine = tmp_path / "mine" / "Scorecard 2014.xlsx"
    mine.parent.mkdir()
    shutil.copy(workbook.fullname, mine)
    with pytest.raises(ExcelNotReady, match="another workbook of that name"):
        LiveBook.attach(str(mine))
    assert LiveBook.attach(workbook.fullname).name == mine.name


def test_an_address_that_no_disk_knows_is_taken_by_its_name(
    workbook: xlwings.Book, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As of a workbook that Excel has open from SharePoint."""
    monkeypatch.setattr(Opened, "fullname", "https://council.sharepoint.com/Scorecard 2014.xlsx")
    (tmp_path / "mine").mkdir()
    mine = Path(shutil.copy(tmp_path / "Scorecard 2014.xlsx", tmp_path / "mine"))
    assert LiveBook.attach(str(mine)).name == mine.name


def test_nothing_is_found_where_no_workbook_is_open(calc: Calc) -> None:
    with pytest.raises(ExcelNotReady, match="No workbook is open in Excel"):
        LiveBook.attach()


@pytest.mark.skipif(sys.platform == "win32", reason="there xlwings asks Windows for the window")
def test_the_caller_is_found_by_what_the_button_hands_over(
    calc: Calc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calc.open(make_workbook(tmp_path / "other.xlsx"))
    calc.open(make_workbook(tmp_path / "R & D's KQIs 2014.xlsm.xlsx"))
    button = ["kqi", "--wb=R & D's KQIs 2014.xlsm.xlsx", "--from_xl=1", "--hwnd=4321"]
    monkeypatch.setattr(sys, "argv", button)
    assert LiveBook.caller().name == "R & D's KQIs 2014.xlsm.xlsx"


def test_without_a_button_there_is_no_caller(
    workbook: xlwings.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["kqi"])
    with pytest.raises(ExcelNotReady, match="Press Refresh KQIs in the workbook"):
        LiveBook.caller()


def test_rules_that_are_right_cost_one_look(workbook: xlwings.Book, calc: Calc) -> None:
    rules = [SetRules("Scorecard", "RAG", FILLS), SetRules("Scorecard", "Trend", ARROWS)]
    assert LiveBook(workbook).write([ROWS, *rules]).mended == ()
    assert {do: calc.calls[do] for do in MEASURED} == {
        "values": 3,  # what was there, and what is in each block after it is written
        "formulas": 1,
        "write": 2,  # staff's own column stands between
        "resize": 0,
        "add_custom": 0,
        "add_arrows": 0,
        "delete_rule": 0,
    }
