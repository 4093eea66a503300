"""A whole refresh of an open workbook: the same cells as on the closed file, in few calls."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest

from kqi_workbook import layout
from kqi_workbook.books.book import AddRows, Book, SetArea, SetCell, SetRows, SetRules, Update
from kqi_workbook.books.cells import Content, Formula, Value
from kqi_workbook.books.file_book import FileBook
from kqi_workbook.books.live.book import LiveBook
from kqi_workbook.files import example_workbook
from kqi_workbook.refreshing import refresh
from tests.live.libreoffice_engine import MEASURED, Calc
from tests.live.workbooks import (
    ARROWS,
    CHECKS,
    FILLS,
    ROWS,
    make_workbook,
    write_council,
)
from tests.support.libreoffice import LibreOffice
from tests.support.small_council import council


@pytest.fixture
def council_file(tmp_path: Path) -> Path:
    return write_council(tmp_path / "Exampleshire.xlsx", council())


def reopened(book: FileBook) -> FileBook:
    saved = io.BytesIO()
    book.save(saved)
    return FileBook(saved.getvalue(), book.name)


def tables(book: Book) -> dict[str, dict[str, list[Value]]]:
    """Every table's columns as they are read."""
    return {
        name: {header: list(column) for header, column in table.columns.items()}
        for name, table in book.read(list(book.tables)).items()
    }


def held(book: FileBook | LiveBook, *tables: str) -> dict[str, list[list[Content]]]:
    """What these tables and the areas of the contract hold: formulas, and all other values."""
    areas = [name.value for name in layout.Name if name.value in book.names]
    drafts = {name: book._draft(name) for name in (*tables, *areas)}
    return {
        name: [[_formula(cell) for cell in row] for row in draft.old]
        for name, draft in drafts.items()
    }


def _formula(cell: Content) -> Content:
    return f"={cell.text}" if isinstance(cell, Formula) else cell


def test_a_refresh_gives_the_same_workbook_open_and_closed(calc: Calc, council_file: Path) -> None:
    file = FileBook(council_file.read_bytes(), council_file.name)
    live = LiveBook(calc.open(council_file))
    in_file, in_excel = refresh(file), refresh(live)
    assert in_excel.scorecard == in_file.scorecard
    assert in_excel.findings == in_file.findings
    assert in_excel.changes == in_file.changes
    assert in_excel.updates == in_file.updates
    assert in_excel.written == in_file.written
    file = reopened(file)
    assert tables(live) == tables(file)
    assert held(live, *live.tables) == held(file, *file.tables)


def test_a_refresh_writes_a_block_once_and_the_second_writes_nothing(
    calc: Calc, council_file: Path
) -> None:
    live = LiveBook(calc.open(council_file))
    done = refresh(live)
    written = Counter((what["sheet"], *what["edges"]) for do, what in calc.log if do == "write")
    assert set(written.values()) == {1}
    assert len(written) <= sum(not isinstance(update, SetRules) for update in done.updates)
    calc.calls.clear()
    again = refresh(live)
    assert again.written is not None
    assert (again.written.cells, again.written.mended, again.changes) == (0, (), ())
    changed = {do: calc.calls[do] for do in MEASURED if do not in ("values", "formulas")}
    assert set(changed.values()) == {0}


def test_each_table_of_the_contract_is_read_in_one_call(calc: Calc, council_file: Path) -> None:
    contents = LiveBook(calc.open(council_file)).read(list(layout.TABLES))
    assert calc.calls["values"] == len(contents) == len(layout.TABLES)


UPDATES: dict[str, list[Update]] = {
    "cells of a name and rows by key": [SetCell("Scorecard_title", "1-2"), ROWS],
    "a table that grows": [SetRows("Scorecard", ("KQI",), ((1,), (2,), (3,), ("4",)), ("KQI",))],
    "a table that shrinks": [SetRows("Scorecard", ("RAG", "KQI"), (("G", 3),), ("KQI",))],
    "no rows at all": [SetRows("Scorecard", ("KQI", "RAG", "Trend"), (), ("KQI",))],
    "rows in another order": [
        SetRows("Scorecard", ("KQI", "Trend"), ((3, 1), (1, None), (2, -1)), ("KQI",))
    ],
    "findings in a fresh table": [CHECKS],
    "rows added": [AddRows("Checks", ("What",), (("a",), ("b",)))],
    "an area": [SetArea("Trends_grid", (("=1", "2 of 3"), (1.5, True)))],
    "rules": [
        SetRules("Scorecard", "RAG", FILLS),
        SetRules("Trends_grid", "", FILLS),
        SetRules("Scorecard", "Trend", ARROWS),
    ],
}


@pytest.mark.parametrize("updates", UPDATES.values(), ids=UPDATES.keys())
def test_updates_give_the_same_cells_open_and_closed(
    calc: Calc, tmp_path: Path, updates: list[Update]
) -> None:
    path = make_workbook(tmp_path / "Scorecard 2014.xlsx")
    file = FileBook(path.read_bytes(), path.name)
    live = LiveBook(calc.open(path))
    assert live.write(updates) == file.write(updates)
    file = reopened(file)
    assert held(live, "Checks", "Scorecard") == held(file, "Checks", "Scorecard")


def test_the_example_is_and_looks_the_same_open_and_closed(
    calc: Calc, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """All that tables hold; and fills and texts of the Scorecard, as LibreOffice shows them."""
    path = example_workbook(tmp_path)
    file, live = FileBook(path.read_bytes(), path.name), LiveBook(calc.open(path))
    in_file, in_excel = refresh(file), refresh(live)
    assert in_excel.scorecard == in_file.scorecard
    assert in_excel.findings == in_file.findings
    assert in_excel.changes == in_file.changes
    assert in_excel.written == in_file.written
    names = [table.name for table in layout.TABLES.values()]
    assert held(live, *names) == held(reopened(file), *names)

    written = Counter((what["sheet"], *what["edges"]) for do, what in calc.log if do == "write")
    assert set(written.values()) == {1}

    closed, stored = tmp_path / "closed.xlsx", tmp_path / "stored.xlsx"
    closed.write_bytes(file.content())
    libreoffice.run_script(Path(__file__).with_name("uno_store.py"), str(path), str(stored))
    (closed_cells,) = libreoffice.read(closed, "Scorecard").values()
    (open_cells,) = libreoffice.read(stored, "Scorecard").values()
    for column in ("F", "G"):
        assert closed_cells[f"{column}5"].text
    assert {closed_cells[f"F{row}"].fill for row in range(5, 12)} == {"#FFEB9C"}
    for address, cell in closed_cells.items():
        shown = open_cells[address]
        assert (shown.text, shown.fill) == (cell.text, cell.fill), address
