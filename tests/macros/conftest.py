"""Wine, for the tests of what only Windows runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.macros.wine import LAUNCHER, Wine
from tests.support.needs import require, require_program


@pytest.fixture(scope="session")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    """A Wine for the whole run."""
    program = require_program("wine", "apt-get install wine wine64")
    require(LAUNCHER.exists(), "setuptools' launcher", "pip install --upgrade setuptools")
    windows = Wine(program, tmp_path_factory.mktemp("wine"))
    yield windows
    windows.stop()
