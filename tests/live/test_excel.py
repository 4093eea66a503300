from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kqi_workbook.books.live import excel
from kqi_workbook.books.live.book import LiveBook
from kqi_workbook.books.live.excel import (
    CALL_REJECTED,
    NOT_NOW,
    RETRY_LATER,
    TRIES_OF_XLWINGS,
    ExcelBusy,
    ExcelNotReady,
    as_grid,
    is_read_only,
    open_book,
    patiently,
    values,
)


class ComError(Exception):
    """An error as pywin32 raises it."""

    def __init__(self, hresult: int, scode: int | None = None) -> None:
        details = (0, "Excel", "", None, 0, scode) if scode is not None else None
        super().__init__(hresult, "Exception occurred.", details, None)
        self.hresult = hresult


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses made, on a clock that only they move."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    monkeypatch.setattr(time, "monotonic", lambda: sum(pauses))
    return pauses


@pytest.mark.parametrize(
    "error",
    [
        ComError(CALL_REJECTED),
        ComError(RETRY_LATER),
        ComError(-2147352567, NOT_NOW),
        type("ExcelBusyError", (Exception,), {})(),
    ],
)
def test_a_busy_excel_is_asked_again_and_then_named(waits: list[float], error: Exception) -> None:
    def refuse() -> None:
        raise error

    with pytest.raises(ExcelBusy, match="Press Enter or Esc in Excel"):
        patiently(refuse, patience=1)
    assert sum(waits) == pytest.approx(1, abs=excel.PAUSE)


def test_any_other_error_is_told_at_once(waits: list[float]) -> None:
    def fail() -> None:
        raise ComError(-2147352567, -2146827284)

    with pytest.raises(ComError):
        patiently(fail)
    assert waits == []


def test_xlwings_own_endless_retries_are_bounded_and_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows = SimpleNamespace(N_COM_ATTEMPTS=0)
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", windows)
    assert patiently(lambda: windows.N_COM_ATTEMPTS) == TRIES_OF_XLWINGS
    assert windows.N_COM_ATTEMPTS == 0


@pytest.mark.parametrize(
    ("found", "shape", "rows"),
    [
        (5.0, (1, 1), [[5.0]]),
        (None, (1, 1), [[None]]),
        (((1.0, 2.0), (3.0, 4.0)), (2, 2), [[1.0, 2.0], [3.0, 4.0]]),
        (((1.0, 2.0),), (1, 2), [[1.0, 2.0]]),
        ([1.0, 2.0], (1, 2), [[1.0, 2.0]]),
        ([1.0, 2.0], (2, 1), [[1.0], [2.0]]),
        (((1.0,), (2.0,)), (2, 1), [[1.0], [2.0]]),
    ],
)
def test_cells_come_as_rows_however_excel_hands_them_over(
    found: Any, shape: tuple[int, int], rows: list[list[Any]]
) -> None:
    assert as_grid(found, shape) == rows


def test_on_a_mac_errors_are_found_in_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    texts = [["1", "#N/A"], ["#N/A", ""]]
    cells: Any = SimpleNamespace(
        shape=(2, 2),
        api=SimpleNamespace(string_value=SimpleNamespace(get=lambda: texts)),
        options=lambda ndim: SimpleNamespace(value=[[1.0, None], ["#N/A", None]]),
    )
    assert values(cells) == [[1.0, -2146826246], ["#N/A", None]]


@pytest.mark.parametrize("found", [True, False])
def test_a_read_only_workbook_is_known_on_windows_and_on_a_mac(found: bool) -> None:
    mac = SimpleNamespace(read_only=SimpleNamespace(get=lambda: found))
    for api in (SimpleNamespace(ReadOnly=found), mac):
        book: Any = SimpleNamespace(api=api)
        assert is_read_only(book) is found


def test_of_namesakes_in_two_excels_the_one_of_the_folder_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One Excel opens no two workbooks of the same name, so that staff start another for it."""
    paths = [tmp_path / folder / "KQIs.xlsm" for folder in ("North", "South")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    books = [SimpleNamespace(name=path.name, fullname=str(path)) for path in paths]
    running = SimpleNamespace(
        engines=SimpleNamespace(active=True), apps=[SimpleNamespace(books=[one]) for one in books]
    )
    monkeypatch.setattr(excel, "_xlwings", lambda: running)
    assert [open_book(str(path)) for path in paths] == books


def test_without_xlwings_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 0))
    monkeypatch.setitem(sys.modules, "xlwings", None)
    with pytest.raises(ExcelNotReady, match=r"xlwings is missing.*pip install"):
        LiveBook.attach()


def test_on_an_older_python_it_asks_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(ExcelNotReady, match=r"needs Python 3\.11 or newer.*kqi refresh FILE"):
        LiveBook.attach()


def test_without_excel_it_says_how_to_refresh_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    xlwings = pytest.importorskip("xlwings")
    monkeypatch.setattr(xlwings.engines, "active", None)
    with pytest.raises(ExcelNotReady, match="or refresh the closed file: kqi refresh FILE"):
        LiveBook.attach("Scorecard.xlsm")
