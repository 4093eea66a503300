"""LibreOffice in Excel's place, for as long as the test runs take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings

from tests.live.libreoffice_engine import WORKER, Calc, Engine
from tests.live.workbooks import make_workbook
from tests.support.libreoffice import LibreOffice


@pytest.fixture(scope="session")
def running_calc(libreoffice: LibreOffice) -> Iterator[Calc]:
    libreoffice.run_script(WORKER)  # without requests: it only has LibreOffice started
    calc = Calc(libreoffice.python, libreoffice.url)
    yield calc
    calc.stop()


@pytest.fixture
def calc(running_calc: Calc) -> Iterator[Calc]:
    """LibreOffice as the only Excel that xlwings knows of, with no workbook open yet."""
    before = xlwings.engines.active
    xlwings.main.Engine(impl=Engine(running_calc)).activate()
    settings = dict(running_calc.settings)
    yield running_calc
    running_calc.refuse = lambda do: None
    running_calc.close_books()
    running_calc.settings.update(settings)
    running_calc.said.clear()
    running_calc.read_only = False
    running_calc.hidden.clear()
    xlwings.engines.active = before


@pytest.fixture
def workbook(calc: Calc, tmp_path: Path) -> xlwings.Book:
    """A small scorecard workbook, open."""
    return calc.open(make_workbook(tmp_path / "Scorecard 2014.xlsx"))
