"""The tools that tests ask for by name. Each is skipped with its reason where it is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.libreoffice import LibreOffice, find_soffice, find_uno_python
from tests.support.needs import missing, require_program
from tests.support.validator import Fault, find_validator, validate

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("KQI_CORPUS") or ROOT.parent / "shared" / "corpus")
NO_CORPUS = f"no corpus of real workbooks at {CORPUS}: it is not ours to share (see KQI_CORPUS)"


def _corpus() -> list[Path]:
    return sorted(path for path in CORPUS.glob("*.xls?") if not path.name.startswith("~$"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `corpus_file` runs once for each workbook of the corpus."""
    if "corpus_file" in metafunc.fixturenames:
        absent = pytest.param(None, marks=pytest.mark.skip(reason=NO_CORPUS), id="no corpus")
        files = [pytest.param(path, id=path.name) for path in _corpus()]
        metafunc.parametrize("corpus_file", files or [absent])


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Every workbook of the corpus. Nobody can install it, so that its absence never fails."""
    files = _corpus()
    if not files:
        pytest.skip(NO_CORPUS)
    return files


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[LibreOffice]:
    """A LibreOffice for the whole run; with xdist, one for each process."""
    if os.name != "posix":
        missing("LibreOffice's test harness", "it is written for Linux and Mac")
    soffice = find_soffice()
    if soffice is None:
        missing("LibreOffice", "apt-get install libreoffice-calc, or set KQI_SOFFICE")
    python = find_uno_python()
    if python is None:
        missing("LibreOffice's Python bridge", "apt-get install python3-uno")
    require_program("pdftoppm", "apt-get install poppler-utils")
    with LibreOffice(soffice, python) as office:
        yield office


class Validator:
    """Microsoft's validator, as a fixture that is called: `validator(path)`."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def __call__(self, path: Path) -> list[Fault]:
        """Every fault of the workbook at `path`."""
        return validate(path, self.program)


@pytest.fixture(scope="session")
def validator() -> Validator:
    """Microsoft's Open XML SDK validator: `validator(path) == []` for a valid workbook."""
    program = find_validator()
    if program is None:
        missing(
            "Microsoft's validator", "npm install --prefix tests/support, with Node.js 18 or newer"
        )
    return Validator(program)
