"""The doors of the open workbook: the command line's, the add-in's and the button's."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kqi_workbook
from kqi_workbook import layout, live
from kqi_workbook.books.book import SetField
from kqi_workbook.books.live.book import LiveBook
from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.refreshing import Refreshed
from tests.live.libreoffice_engine import Calc
from tests.live.workbooks import write_council
from tests.support.small_council import council

NAME = "R & D's KQIs 2014.xlsx"

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="there xlwings asks Windows for the window"
)


@pytest.fixture
def book(calc: Calc, tmp_path: Path) -> LiveBook:
    """A workbook that was refreshed, and then opened and given another month's figures."""
    path = write_council(tmp_path / NAME, council())
    kqi_workbook.refresh(path)
    book = LiveBook(calc.open(path))
    last = len(council().lines["PurpleBook"]) - 1
    book.write([SetField("PurpleBook", "Numerator", last, 99)])
    return book


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """As Excel starts Python when the button is pressed; gives the user's own folder."""
    monkeypatch.setattr(sys, "argv", ["kqi", f"--wb={NAME}", "--from_xl=1", "--hwnd=4321"])
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "own"))
    return live.own_folder()


def logged(book: LiveBook) -> list[object]:
    """What the Refresh log says that each refresh since came from."""
    name = layout.REFRESH_LOG.name
    first, *others = list(book.read([name])[name].columns["From"])
    assert first == "Python"
    return [*others]


@pytest.mark.parametrize(
    ("door", "says"),
    [
        (live.refresh_live, "kqi refresh --live"),
        (live.refresh_caller, "xlwings add-in"),
    ],
)
def test_a_refresh_is_logged_with_its_door_and_one_without_a_change_is_not(
    door: Callable[[], Refreshed], says: str, book: LiveBook, pressed: Path
) -> None:
    written = [door().written, door().written]
    assert [found is not None and found.changed for found in written] == [True, False]
    assert logged(book) == [says]


def test_a_dry_run_writes_nothing(book: LiveBook) -> None:
    assert live.refresh_live(NAME, "Q3 2013-14", dry_run=True).updates
    assert logged(book) == []


def test_a_refresh_that_the_log_cannot_be_told_of_is_not_said_to_have_failed(
    book: LiveBook, calc: Calc
) -> None:
    calc.ask("protected", NAME, sheet="Refresh log", value=True)
    with pytest.raises(KQIWorkbookError) as caught:
        live.refresh_live(NAME)
    assert str(caught.value) == (
        "The scorecard was refreshed, but the Refresh log could not be told of it. Protected, and "
        "to be written: Refresh log. Choose Review, Unprotect Sheet on each and refresh again."
    )
    again = live.refresh_live(NAME)
    assert again.written is not None and not again.written.changed


def test_the_button_refreshes_and_leaves_no_message(book: LiveBook, pressed: Path) -> None:
    assert live.refresh_from_button() == 0
    assert logged(book) == ["Refresh KQIs button"]
    assert [path.name for path in pressed.iterdir()] == [live.LOG]
    assert "refreshed for Q4 2013-14" in (pressed / live.LOG).read_text()


def test_the_button_says_why_it_could_not(
    book: LiveBook, pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["kqi"])
    assert live.refresh_from_button() == 2
    message = (pressed / live.MESSAGE).read_text(encoding="utf-16")
    assert message.startswith("Python was not started by an open workbook.")
    assert message in (pressed / live.LOG).read_text()


def test_a_fault_of_ours_is_in_the_log_with_its_place(
    book: LiveBook, pressed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refresh(*_: object, **__: object) -> Refreshed:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(live, "refresh", refresh)
    assert live.refresh_from_button() == 2
    message = (pressed / live.MESSAGE).read_text(encoding="utf-16")
    assert message == "The refresh failed: division by zero. Please report this."
    assert "test_doors.py" in (pressed / live.LOG).read_text()
