from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table, TableFormula

import kqi_workbook
from kqi_workbook import KQIWorkbookError, Quarter
from kqi_workbook.books.share import Here
from kqi_workbook.moving_on import move_on, next_quarter
from kqi_workbook.refreshing import refresh
from tests.support.memory_book import MemoryBook
from tests.support.small_council import QUARTER, VISITS, council, judgement
from tests.support.small_file import rename_header, save_as_xlsx


def test_the_quarter_moves_on_and_open_actions_come_along() -> None:
    book = council()
    book.lines["Actions"][1]["Status"] = "Done"
    assert move_on(book, QUARTER) == 1
    assert book.lines["Settings"][1]["Value"] == "Q1 2014-15"
    assert book.lines["Actions"][-1] == {
        "Quarter": "Q1 2014-15",
        "KQI": 1,
        "Action": "Hold reviews early.",
        "Who": "ATMs",
        "Due": dt.date(2014, 6, 30),
        "Status": None,
        "Quarters open": 2,
    }


def test_what_staff_wrote_beside_an_action_comes_along_as_it_stands() -> None:
    book = council()
    book.headers["Actions"].append("Theme")
    said = {"Due": "End of May half term", "Status": "On hold", "Theme": "IROs"}
    book.lines["Actions"][0] |= said
    assert move_on(book, QUARTER) == 2
    carried, next_one = book.lines["Actions"][-2:]
    assert {name: carried[name] for name in said} == said
    assert next_one.get("Theme") is None


def test_a_column_that_is_worked_out_goes_on_in_the_carried_rows(tmp_path: Path) -> None:
    """Its formula is in the new rows, and not what it showed in the old ones."""
    small = council()
    small.headers["Actions"] += ["Theme", "Letters"]
    small.lines["Actions"][0]["Theme"] = "IROs"
    path = save_as_xlsx(small, tmp_path / "Q4 2013-14.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Actions"]
    formula = TableFormula(attr_text="LEN(C5)")
    sheet.tables["Actions"].tableColumns[-1].calculatedColumnFormula = formula
    sheet["I5"], sheet["I6"] = "=LEN(C5)", "=LEN(C6)"
    book.save(path)
    carried = openpyxl.load_workbook(next_quarter(path).path)["Actions"]
    assert [[cell.value for cell in row[4:]] for row in carried["A7:I8"]] == [
        [dt.datetime(2014, 6, 30), None, 2, "IROs", "=LEN(C7)"],
        [dt.datetime(2014, 6, 30), None, 2, None, "=LEN(C8)"],
    ]


def test_formulas_formats_and_links_of_carried_actions_come_along(tmp_path: Path) -> None:
    """A formula as Excel copies it, whoever's column it is in; the old row keeps its own."""
    small = council()
    small.headers["Actions"].append("Minutes")
    book = openpyxl.load_workbook(save_as_xlsx(small, tmp_path / "Q4 2013-14.xlsx"))
    sheet = book["Actions"]
    sheet["E5"], sheet["E6"] = "=DATE(2014,6,30)", "=E5+7"
    sheet["H5"], sheet["H6"] = '=HYPERLINK("#A1",C5)', "3 May"
    sheet["H6"].hyperlink = "https://example.org/minutes"
    sheet["H6"].font = Font(italic=True)
    book.save(tmp_path / "Q4 2013-14.xlsx")
    new = next_quarter(tmp_path / "Q4 2013-14.xlsx").path
    sheet = openpyxl.load_workbook(new)["Actions"]
    assert [[row[0].value, row[3].value] for row in sheet["E5:H8"]] == [
        ["=DATE(2014,6,30)", '=HYPERLINK("#A1",C5)'],
        ["=E5+7", "3 May"],
        ["=DATE(2014,6,30)", '=HYPERLINK("#A1",C7)'],
        ["=E7+7", "3 May"],
    ]
    assert [cell.hyperlink and cell.hyperlink.target for (cell,) in sheet["H5:H8"]] == [
        None,
        "https://example.org/minutes",
    ] * 2
    assert [bool(cell.font.italic) for (cell,) in sheet["H5:H8"]] == [False, True] * 2


def test_commentary_and_judgements_stay_under_their_own_quarter() -> None:
    book = council(Judgements=[judgement()])
    commentary = list(book.lines["Commentary"])
    move_on(book, QUARTER)
    done = refresh(book)
    assert book.lines["Commentary"] == commentary
    assert not any(row.judged or row.commentary for row in done.scorecard.rows)


def test_a_year_keeps_its_history_its_actions_and_its_trends() -> None:
    book: MemoryBook = council()
    refresh(book)
    quarter = QUARTER
    for step in range(4):
        assert move_on(book, quarter) == 2
        quarter = quarter.next
        book.lines["PurpleBook"] += [
            {"Month": month, "Team": team, "Measure": VISITS, "Numerator": 95, "Denominator": 100}
            for month in quarter.months
            for team in ("North", "South")
        ]
        done = refresh(book)
        visits = done.scorecard.rows[1]
        assert done.scorecard.quarter == quarter
        assert visits.measures[0].now.value == 95.0
        assert visits.last_rag is not None
        assert visits.last_rag.value == ("Amber" if step == 0 else "Green")
        assert {line["Quarters open"] for line in book.lines["Actions"][-2:]} == {step + 2}
    quarters = [line["Quarter"] for line in book.lines["History"]]
    assert list(dict.fromkeys(quarters)) == [QUARTER.plus(i).label for i in range(5)]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = save_as_xlsx(council(), tmp_path / "Q4 2013-14 scorecard.xlsx")
    book = openpyxl.load_workbook(path)
    own = book.create_sheet("Team plan")
    own.append(["Week", "What"])
    own.append([1, "Audit"])
    own.add_table(Table(displayName="TeamPlan", ref="A1:B2"))
    book["Scorecard"].column_dimensions["B"].width = 71
    book.save(path)
    kqi_workbook.refresh(path)
    return path


def test_the_old_file_is_untouched_and_the_new_one_has_everything(workbook: Path) -> None:
    before = workbook.read_bytes()
    moved = next_quarter(workbook)
    assert workbook.read_bytes() == before
    assert moved.path.name == "Q1 2014-15 scorecard.xlsx"
    assert (moved.quarter, moved.actions) == (Quarter(2014, 1), 2)
    book = openpyxl.load_workbook(moved.path)
    assert book["Team plan"]["B2"].value == "Audit"
    assert book["Scorecard"].column_dimensions["B"].width == 71
    assert "Quarter 1, April to June 2014" in book["Scorecard"]["A1"].value
    header, first = (
        [cell.value for cell in row] for row in book["Scorecard"].iter_rows(min_row=4, max_row=5)
    )
    assert first[header.index("Last quarter")] == "A\nAmber"


def test_a_year_of_files_keeps_what_staff_have_of_their_own(workbook: Path) -> None:
    """A sheet, a column width and a number format are there after each of four steps."""
    book = openpyxl.load_workbook(workbook)
    book["Team plan"]["A2"].number_format = '"week "00'
    book["Team plan"].column_dimensions["B"].width = 33
    book["Purple book"]["D6"].number_format = "0.000"
    book.save(workbook)
    path = workbook
    for step in range(1, 5):
        moved = next_quarter(path)
        path, quarter = moved.path, QUARTER.plus(step)
        kqi_workbook.refresh(path)
        assert (moved.quarter, path.name) == (quarter, f"{quarter.label} scorecard.xlsx")
        book = openpyxl.load_workbook(path)
        plan = book["Team plan"]
        assert (plan["A2"].value, plan["B2"].value) == (1, "Audit")
        assert plan["A2"].number_format == '"week "00'
        assert plan.tables["TeamPlan"].ref == "A1:B2"
        assert plan.column_dimensions["B"].width == 33
        assert book["Scorecard"].column_dimensions["B"].width == 71
        assert book["Purple book"]["D6"].number_format == "0.000"
        history = {row[0] for row in book["History"].iter_rows(min_row=5, values_only=True)}
        assert history - {None} == {QUARTER.plus(i).label for i in range(step + 1)}


def test_what_falls_due_later_in_the_new_quarter_is_not_missed_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = council()
    for action in some.lines["Actions"]:
        action["Due"] = dt.date(2014, 6, 2)
    then = Here("Staff A", "PC 1", 1, now=lambda: dt.datetime(2014, 4, 10, 9, 30))
    monkeypatch.setattr("kqi_workbook.moving_on.here", lambda: then)
    monkeypatch.setattr("kqi_workbook.files.here", lambda: then)
    moved = next_quarter(save_as_xlsx(some, tmp_path / "KQIs.xlsx"))
    assert "overdue" not in {finding.code for finding in moved.refreshed.findings}
    assert kqi_workbook.check(moved.path).changes == ()


def test_what_stood_beside_the_figures_and_does_not_come_along_is_named(workbook: Path) -> None:
    assert next_quarter(workbook, workbook.with_name("one.xlsx")).emptied == ()
    book = openpyxl.load_workbook(workbook)
    book["By team"]["G4"] = "Ask North."
    book.save(workbook)
    assert next_quarter(workbook).emptied == ("By team G4",)


def test_an_action_typed_into_the_scorecard_comes_along(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet = book["Scorecard"]
    (cell,) = (cell for cell in sheet[5] if cell.value == "• Hold reviews early.")
    cell.value = "• Hold reviews early.\n• Typed in."
    book.save(workbook)
    moved = next_quarter(workbook)
    assert moved.actions == 3
    rows = openpyxl.load_workbook(moved.path)["Actions"].iter_rows(values_only=True)
    quarters = [row[0] for row in rows if "Typed in." in row]
    assert quarters == ["Q4 2013-14", "Q1 2014-15"]


def test_nothing_is_overwritten(workbook: Path) -> None:
    there = workbook.with_name("Q1 2014-15 scorecard.xlsx")
    there.write_text("somebody's", encoding="utf-8")
    with pytest.raises(KQIWorkbookError, match="is there already"):
        next_quarter(workbook)
    assert there.read_text(encoding="utf-8") == "somebody's"


def test_a_place_that_the_disk_refuses_is_named(workbook: Path) -> None:
    with pytest.raises(KQIWorkbookError, match="its name or path is too long"):
        next_quarter(workbook, workbook.with_name("x" * 300 + ".xlsx"))


@pytest.mark.parametrize("name", ["next.xlsm", "next.xls", "next.xltx", "next"])
def test_a_name_under_which_excel_would_not_open_it_is_refused(workbook: Path, name: str) -> None:
    with pytest.raises(KQIWorkbookError, match=rf"'{name}' has to end in \.xlsx.*has no macros"):
        next_quarter(workbook, workbook.with_name(name))
    assert [path.name for path in workbook.parent.glob("next*")] == []


def test_out_of_a_template_comes_a_workbook(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book.template = True
    template = workbook.with_name("KQIs.xltx")
    book.save(template)
    moved = next_quarter(template)
    assert moved.path.name == "KQIs Q1 2014-15.xlsx"
    assert not openpyxl.load_workbook(moved.path).template


def test_a_workbook_without_a_quarter_is_named(tmp_path: Path) -> None:
    path = save_as_xlsx(
        council(Settings=[{"Setting": "Team", "Value": "North"}]), tmp_path / "a.xlsx"
    )
    with pytest.raises(KQIWorkbookError, match="does not say which quarter"):
        next_quarter(path)


def test_headers_with_other_spaces_are_no_obstacle(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    rename_header(book["Settings"], "Value", "Value ")
    rename_header(book["Actions"], "Action", " action")
    book.save(workbook)
    moved = next_quarter(workbook)
    assert (moved.quarter, moved.actions) == (Quarter(2014, 1), 2)
    assert kqi_workbook.check(moved.path).scorecard.quarter == Quarter(2014, 1)


def test_nothing_is_made_while_the_actions_cannot_be_read(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    rename_header(book["Actions"], "Who", "Lead")
    book.save(workbook)
    with pytest.raises(KQIWorkbookError, match=r"could not come along\..* no column 'Who'"):
        next_quarter(workbook)
    assert [path.name for path in workbook.parent.glob("*.xlsx")] == [workbook.name]


def test_a_quarter_that_is_set_twice_moves_on_in_both_places() -> None:
    """The lower one counts: a file named after the next quarter must not show the last."""
    settings = [
        {"Setting": "Quarter", "Value": "Q3 2013-14"},
        {"Setting": "quarter\u200b", "Value": QUARTER.label},
        {"Setting": "Team", "Value": "North"},
    ]
    book = council(Settings=settings)
    assert refresh(book).scorecard.quarter == QUARTER
    move_on(book, QUARTER)
    assert refresh(book).scorecard.quarter == QUARTER.next
