"""The tools of the tests, tried where the answer is known."""

from __future__ import annotations

import datetime as dt
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.conftest import Validator
from tests.support import needs
from tests.support.libreoffice import Cell, LibreOffice, LibreOfficeError
from tests.support.validator import Fault, new_faults


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sheets with each kind of cell that a reader could get wrong."""
    path = tmp_path_factory.mktemp("support") / "each kind.xlsx"
    book = xlsxwriter.Workbook(path)
    amber = book.add_format({"bg_color": "#FFEB9C", "num_format": "0.0%"})
    red = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Kinds & more")
    sheet.write("B2", 0.841, amber)
    sheet.write_formula("B3", "=B2*2", None, 99)  # 99 is stale: Excel would recalculate
    sheet.write_string("B4", "=1+1")
    sheet.write_formula("B5", "=1/0")
    sheet.write_datetime("B6", dt.datetime(2014, 3, 31), date)
    sheet.write_string("B7", "two  spaces,\ntwo lines <b>&</b>")
    sheet.write_comment("B7", "a note is not the cell's text")
    sheet.merge_range("B8:C9", "merged", amber)
    sheet.write("D9", "after the merged cells")
    sheet.write_row("D2", ["R", "G"])
    sheet.conditional_format(
        "D2:F2", {"type": "cell", "criteria": "==", "value": '"R"', "format": red}
    )
    sheet.write("B11", "in a hidden row")
    sheet.set_row(10, None, None, {"hidden": True})
    other = book.add_worksheet("Other")
    other.write_formula("A1", "=SUBTOTAL(109,A2:A3)")
    other.write_column("A2", [3, 4])
    other.set_row(2, None, None, {"hidden": True})
    book.close()
    return path


@pytest.fixture(scope="module")
def kinds(libreoffice: LibreOffice, workbook: Path) -> dict[str, Cell]:
    return libreoffice.read(workbook)["Kinds & more"]


@pytest.mark.parametrize(
    ("address", "value", "text", "formula", "number_format"),
    [
        pytest.param("B2", 0.841, "84.1%", None, "0.0%", id="a percentage"),
        pytest.param("B3", 1.682, "1.682", "=B2*2", "General", id="a formula, recalculated"),
        pytest.param("B4", "=1+1", "=1+1", None, "General", id="a text like a formula"),
        pytest.param("B5", None, "#DIV/0!", "=1/0", "General", id="an error"),
        pytest.param("B6", 41729.0, "31/03/2014", None, "DD/MM/YYYY", id="a date"),
        pytest.param(
            "B7",
            "two  spaces,\ntwo lines <b>&</b>",
            "two  spaces,\ntwo lines <b>&</b>",
            None,
            "General",
            id="a text of two lines",
        ),
        pytest.param("D9", *["after the merged cells"] * 2, None, "General", id="after merged"),
        pytest.param("B11", *["in a hidden row"] * 2, None, "General", id="a hidden row"),
    ],
)
def test_libreoffice_reads_a_cell_as_it_holds_and_shows_it(
    kinds: dict[str, Cell],
    address: str,
    value: float | str | None,
    text: str,
    formula: str | None,
    number_format: str,
) -> None:
    cell = kinds[address]
    shown = (cell.value, cell.text, cell.formula, cell.number_format)
    assert shown == (value, text, formula, number_format)


@pytest.mark.parametrize(
    ("address", "fill", "font_colour"),
    [
        pytest.param("B2", "#FFEB9C", "#000000", id="its own fill"),
        pytest.param("D2", "#FFC7CE", "#9C0006", id="a conditional format that applies"),
        pytest.param("E2", None, "#000000", id="one that does not apply"),
        pytest.param("B8", "#FFEB9C", "#000000", id="merged"),
    ],
)
def test_libreoffice_gives_colours_with_conditional_formats_applied(
    kinds: dict[str, Cell], address: str, fill: str | None, font_colour: str
) -> None:
    assert (kinds[address].fill, kinds[address].font_colour) == (fill, font_colour)


def test_blank_cells_are_left_out(kinds: dict[str, Cell]) -> None:
    assert kinds.keys().isdisjoint({"A1", "C8", "F2"})


def test_values_are_read_before_hidden_rows_are_shown(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    other = libreoffice.read(workbook, "Other")["Other"]
    assert (other["A1"].value, other["A3"].value) == (3.0, 4.0)


def test_reading_leaves_the_workbook_and_its_folder_as_they_were(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    before = workbook.read_bytes()
    libreoffice.read(workbook, "Other")
    assert workbook.read_bytes() == before
    assert list(workbook.parent.iterdir()) == [workbook]


def test_a_sheet_is_drawn_alone(libreoffice: LibreOffice, workbook: Path, tmp_path: Path) -> None:
    pages = libreoffice.render_png(workbook, tmp_path, sheet="Other")
    assert [page.read_bytes()[:4] for page in pages] == [b"\x89PNG"]
    assert len(libreoffice.render_png(workbook, tmp_path / "all")) == 2


def test_a_conversion_holds_recalculated_values(
    libreoffice: LibreOffice, workbook: Path, tmp_path: Path
) -> None:
    csv = libreoffice.convert(workbook, "csv", tmp_path).read_text(encoding="utf-8")
    assert ",1.682," in csv
    assert zipfile.is_zipfile(libreoffice.convert(workbook, "xlsx", tmp_path))


def test_a_conversion_refuses_to_write_over_its_input(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    with pytest.raises(ValueError, match="written over"):
        libreoffice.convert(workbook, "xlsx", workbook.parent)


def test_a_failure_says_why_and_the_next_request_works(
    libreoffice: LibreOffice, workbook: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.xlsx"
    text.write_text("not a workbook")
    with pytest.raises(LibreOfficeError, match=r"cannot open text\.xlsx"):
        libreoffice.read(text)
    with pytest.raises(LibreOfficeError, match=r"no sheet .*Nowhere.*'Kinds & more', 'Other'"):
        libreoffice.read(workbook, "Nowhere")
    assert "A1" in libreoffice.read(workbook, "Other")["Other"]


def test_a_script_of_ones_own_reaches_the_same_libreoffice(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, uno\n"
        "local = uno.getComponentContext()\n"
        "create = local.ServiceManager.createInstance\n"
        "office = create('com.sun.star.bridge.UnoUrlResolver').resolve(sys.argv[1])\n"
        "print(type(office).__name__, sys.argv[2])\n"
    )
    assert libreoffice.run_script(script, "and more") == "pyuno and more\n"


def test_a_libreoffice_that_takes_too_long_is_ended_and_started_anew(
    libreoffice: LibreOffice, workbook: Path
) -> None:
    assert libreoffice._soffice is not None
    with LibreOffice(libreoffice._soffice, libreoffice.python) as hurried:
        hurried.read(workbook, "Other")
        hurried.time_limit = 0
        with pytest.raises(LibreOfficeError, match="took over 0 s"):
            hurried.read(workbook, "Other")
        hurried.time_limit = 60
        assert "A1" in hurried.read(workbook, "Other")["Other"]
    assert not hurried.folder.exists()


def test_the_validator_accepts_a_valid_workbook(validator: Validator, workbook: Path) -> None:
    assert validator(workbook) == []


def test_the_validator_names_a_fault(validator: Validator, workbook: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(workbook) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = content.replace(b"<sheetData>", b"<sheetDate/><sheetData>")
            copy.writestr(name, content)
    (fault,) = validator(broken)
    assert (fault.kind, fault.part) == ("Schema", "/xl/worksheets/sheet2.xml")
    assert "sheetDate" in str(fault)


def test_the_validator_says_when_a_file_cannot_be_opened(
    validator: Validator, tmp_path: Path
) -> None:
    text = tmp_path / "text.xlsx"
    text.write_text("not a workbook")
    assert [fault.kind for fault in validator(text)] == ["Exception"]


def test_new_faults_are_counted_wherever_they_are() -> None:
    def fault(description: str, place: str) -> Fault:
        return Fault("Schema", "Sch", "/xl/styles.xml", description, place)

    before = [fault("font", "/font[1]"), fault("font", "/font[2]")]
    moved = [fault("font", "/font[3]"), fault("font", "/font[4]")]
    assert new_faults(before, moved) == []
    more = [*moved, fault("font", "/font[5]"), fault("fill", "/fill[1]")]
    assert new_faults(before, more) == more[2:]


def test_a_missing_tool_skips_its_test_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(needs.REQUIRE_ALL, raising=False)
    with pytest.raises(pytest.skip.Exception, match="Excel is not here: only Windows has it"):
        needs.missing("Excel", "only Windows has it")


def test_a_missing_tool_fails_its_test_where_all_are_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(needs.REQUIRE_ALL, "1")
    with pytest.raises(pytest.fail.Exception, match="Excel is not here"):
        needs.missing("Excel", "only Windows has it")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not here"):
        needs.require_program("no-such-program", "it does not exist")
    needs.require(True, "Excel", "only Windows has it")
    assert needs.require_program(sys.executable, "it runs this test") == Path(sys.executable)
