"""A browser and pages to open in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kqi_workbook
from kqi_workbook.refreshing import Refreshed
from tests.support.needs import missing, require

if TYPE_CHECKING:
    from tests.support.browser import Browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "Q4 2013-14 scorecard.xlsx"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole run; with xdist, one for each process."""
    try:
        from tests.support.browser import AXE, Browser, find_chromium, find_driver
    except ImportError:
        missing("selenium", "pip install selenium")
    chromium, driver = find_chromium(), find_driver()
    if chromium is None or driver is None:
        missing("Chromium with its driver", "apt-get install chromium chromium-driver")
    require(AXE.exists(), "axe", "npm install --prefix tests/support")
    with Browser(chromium, driver) as browser:
        yield browser


@pytest.fixture(scope="session")
def example() -> Refreshed:
    """The example council's quarter."""
    return kqi_workbook.check(EXAMPLE)
