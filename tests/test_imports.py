"""The floors of the house: what each part of the package may know of, read from its imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "kqi_workbook"


@dataclass(frozen=True)
class Floor:
    """What a module, or every module of a package, may import beside the standard library.

    A name stands for itself and all below it. What is `deferred` may be imported within a
    function alone, so that it is not needed until that function is called; what is `typed`, for
    type checking alone, so that it is never needed.
    """

    ours: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()


class When(Enum):
    """When an import takes place."""

    LOADED = "as the module is loaded"
    CALLED = "as a function is called"
    CHECKED = "for type checking"


GROUND = ("errors", "layout", "scorecard.model", "scorecard.quarters")
FRAMES = ("numpy", "pandas")
ON_PAPER = (  # what a closed file and an open workbook have in common
    "books.book",
    "books.by_name",
    "books.cells",
    "books.draft",
    "books.fills",
    "books.ooxml",
    "books.plan",
    "books.sameness",
    "books.worked_out",
    "scorecard.nearest",
)
SHARED = ("scorecard.gathering", "scorecard.nearest", "scorecard.tables")

# Every module falls under the longest name that fits it. Names are within the package.
FLOORS: Mapping[str, Floor] = {
    "errors": Floor(),
    "layout": Floor(GROUND),
    "scorecard.model": Floor(GROUND),
    "scorecard.quarters": Floor(GROUND),
    "scorecard": Floor((*GROUND, "scorecard"), FRAMES),
    "scorecard.checks": Floor((*GROUND, "scorecard"), FRAMES, deferred=("rapidfuzz",)),
    "books.cells": Floor(GROUND, ("numpy",)),
    "books.ooxml": Floor(
        ("errors", "books.by_name", "books.cells", "books.ooxml"), (*FRAMES, "lxml", "openpyxl")
    ),
    "books.share": Floor(("errors", "books.share")),
    "books": Floor((*GROUND, "books.cells")),
    "books.typed": Floor((*GROUND, "books.cells", "books.conversions", *SHARED), FRAMES),
    "books.draft": Floor((*GROUND, *ON_PAPER)),
    "books.plan": Floor((*GROUND, *ON_PAPER)),
    "books.file_book": Floor((*GROUND, *ON_PAPER)),
    "books.worked_out": Floor(("errors", "books.cells", "books.ooxml")),
    "books.live": Floor((*GROUND, *ON_PAPER, "books.live"), typed=("xlwings",)),
    "books.live.excel": Floor(
        (*GROUND, "books.cells", "books.live", "scorecard.nearest"),
        deferred=("xlwings",),
        typed=("xlwings",),
    ),
    "pages": Floor(("errors", "layout", "scorecard", "books.book", "books.cells", "pages")),
    "making": Floor(
        # of pages: what a refresh will write, for the chart's formulas to look for
        (*GROUND, "books", "making", "pages", "scorecard"),
        (*FRAMES, "lxml", "openpyxl", "xlsxwriter"),
    ),
    "making.example": Floor(  # its History is what refreshes of its earlier quarters leave
        (*GROUND, "books", "making", "scorecard", "refreshing")
    ),
    "contents": Floor((*GROUND, "books.book", "books.cells", "books.typed", "scorecard"), FRAMES),
    "changes": Floor(
        (
            *GROUND,
            *("books.book", "books.cells", "books.conversions", "books.sameness"),
            *("scorecard", "pages"),
        )
    ),
    "cut_off": Floor((*GROUND, "books.book", "books.cells", "pages", "scorecard")),
    "machine": Floor(),
    "doctor": Floor(("machine",)),
    "typed_in": Floor(
        (*GROUND, "books.book", "books.cells", "books.conversions", "pages", "scorecard"), FRAMES
    ),
    "refreshing": Floor(
        (*GROUND, "books", "scorecard", "pages", "contents", "changes", "cut_off", "typed_in"),
        FRAMES,
    ),
    "report": Floor((*GROUND, "scorecard", "refreshing"), FRAMES),
    "refresh_log": Floor((*GROUND, "books", "refreshing")),
    "files": Floor((*GROUND, "books", "scorecard", "refreshing", "refresh_log"), FRAMES),
    "live": Floor((*GROUND, "books", "scorecard", "refreshing", "refresh_log")),
    "moving_on": Floor((*GROUND, "books", "contents", "pages", "scorecard", "refreshing")),
    "batch": Floor((*GROUND, "books", "files", "batch"), deferred=("distributed",)),
    "export": Floor((*GROUND, "books", "pages", "scorecard", "export"), ("jinja2",)),
    "export.exporting": Floor((*GROUND, "books", "files", "scorecard", "export")),
    "export.office": Floor(("errors", "books.ooxml", "machine"), deferred=("xlwings",)),
    "export.pictures": Floor(("errors",), deferred=("PIL", "pypdfium2")),
    "show_batch": Floor((*GROUND, "batch"), ("rich",)),
    "show": Floor((*GROUND, "scorecard", "refreshing"), ("rich",)),
    "show_doctor": Floor(("doctor",), ("rich",)),
    "cli": Floor(
        (
            *GROUND,
            "scorecard",
            "refreshing",
            "files",
            "live",
            "moving_on",
            "batch",
            "doctor",
            "machine",
            "report",
            "show",
            "show_batch",
            "show_doctor",
            "books.share",
        ),
        ("click", "rich"),
        deferred=("export",),
    ),
    "__main__": Floor(("cli",)),
    "": Floor(  # public names
        (*GROUND, "scorecard", "refreshing", "files", "live", "moving_on", "batch")
    ),
}


@dataclass(frozen=True)
class Import:
    """One imported module, by its full name."""

    target: str
    line: int
    when: When


class ImportReader(ast.NodeVisitor):
    """Collects the imports of one module."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.imports: list[Import] = []
        self._when = When.LOADED

    def _add(self, target: str, node: ast.stmt) -> None:
        self.imports.append(Import(target, node.lineno, self._when))

    def _visit(self, nodes: list[ast.stmt], when: When) -> None:
        around, self._when = self._when, when
        for node in nodes:
            self.visit(node)
        self._when = around

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self._add(name.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        parents = self.package.split(".")
        base = parents[: len(parents) - node.level + 1] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        # "from package import name" may bring in a module of that name
        for name in node.names:
            self._add(f"{source}.{name.name}", node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit(node.body, When.CALLED)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit(node.body, When.CALLED)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            self._visit(node.body, When.CHECKED)
            self._visit(node.orelse, self._when)
        else:
            self.generic_visit(node)


def imports_of(source: str, package: str) -> list[Import]:
    """The imports of a module's source; `package` is the full name of the package it is in."""
    reader = ImportReader(package)
    reader.visit(ast.parse(source))
    return reader.imports


def floor_of(module: str) -> Floor | None:
    """The floor of a module, by its name within the package."""
    names = [name for name in FLOORS if name and is_within(module, (name,))]
    if module == "":
        return FLOORS[""]
    return FLOORS[max(names, key=len)] if names else None


def is_within(name: str, above: tuple[str, ...]) -> bool:
    return any(name == top or name.startswith(f"{top}.") for top in above)


def broken_floors(module: str, imports: list[Import]) -> list[str]:
    """One sentence for each import that the module's floor does not allow."""
    floor = floor_of(module)
    if floor is None:
        return [f"{module or PACKAGE} stands on no floor: give it one in FLOORS"]
    return [
        f"{module or PACKAGE}, line {found.line}: imports {found.target}"
        for found in imports
        if not allowed(floor, found)
    ]


def allowed(floor: Floor, found: Import) -> bool:
    top, _, inside = found.target.partition(".")
    if top in sys.stdlib_module_names:
        return True
    at_times = {When.LOADED: (), When.CALLED: floor.deferred, When.CHECKED: floor.typed}
    name, always = (inside, floor.ours) if top == PACKAGE else (top, floor.libraries)
    return is_within(name, (*always, *at_times[found.when]))


def modules() -> Iterator[tuple[str, str, Path]]:
    """Each module of the package: its name within, the full name of its package, its file."""
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        folders = path.relative_to(ROOT / PACKAGE).parent.parts
        own = () if path.stem == "__init__" else (path.stem,)
        yield ".".join((*folders, *own)), ".".join((PACKAGE, *folders)), path


@pytest.mark.parametrize(
    ("module", "package", "path"), [pytest.param(*found, id=found[0]) for found in modules()]
)
def test_a_module_imports_only_what_its_floor_allows(module: str, package: str, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert broken_floors(module, imports_of(source, package)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("errors", "import pandas"),
        ("errors", "from kqi_workbook.layout import SHEETS"),
        ("layout", "from kqi_workbook.scorecard import rag"),
        ("scorecard.model", "import numpy as np"),
        ("scorecard.quarters", "def f():\n    import pandas"),
        ("scorecard.rag", "from kqi_workbook.books.book import Book"),
        ("scorecard.rag", "from ..books import book"),
        ("scorecard.rag", "from .. import refreshing"),
        ("scorecard.rag", "from kqi_workbook import cli"),
        ("scorecard.rag", "import openpyxl"),
        ("scorecard.rag", "if TYPE_CHECKING:\n    from kqi_workbook.books.book import Book"),
        ("books.file_book", "from kqi_workbook.scorecard.rag import rate"),
        ("books.file_book", "from kqi_workbook.scorecard import RAG"),
        ("books.file_book", "from lxml import etree"),
        ("books.file_book", "def f():\n    import xlwings"),
        ("books.file_book", "from kqi_workbook.books.live.cells import plain"),
        ("books.draft", "from kqi_workbook.books.live.cells import plain"),
        ("books.live.rules", "from kqi_workbook.books.file_book import FileBook"),
        ("books.live.book", "def f():\n    import xlwings"),
        ("books.live.excel", "import xlwings as xw"),
        ("books.live.excel", "try:\n    import xlwings\nexcept ImportError:\n    pass"),
        ("books.live.excel", "class Live:\n    import xlwings"),
        ("books.live.excel", "if TYPE_CHECKING:\n    pass\nelse:\n    import xlwings"),
        ("books.ooxml.sheet", "from kqi_workbook import layout"),
        ("books.ooxml.sheet", "import xlsxwriter"),
        ("books.share.save", "import kqi_workbook.books.file_book"),
        ("pages.trends", "from kqi_workbook.books.file_book import FileBook"),
        ("pages.trends", "import pandas"),
        ("scorecard.board", "from kqi_workbook.pages import trends"),
        ("refreshing", "from kqi_workbook.making import template"),
        ("refreshing", "def f():\n    from kqi_workbook.making import template"),
        ("refreshing", "import kqi_workbook.cli"),
        ("files", "def f():\n    from kqi_workbook.making.example import make_example"),
        ("batch", "from .cli import main"),
        ("cli", "from kqi_workbook.books.file_book import FileBook"),
        ("making.template", "from kqi_workbook.refreshing import refresh"),
        ("", "from kqi_workbook.cli import main"),
        ("attic", "import re"),
        ("scorecardish", "import re"),
    ],
)
def test_a_broken_floor_is_seen(module: str, source: str) -> None:
    package = ".".join([PACKAGE, *module.split(".")[:-1]])
    assert len(broken_floors(module, imports_of(source, package))) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("errors", "import dataclasses, os.path"),
        ("scorecard.model", "from kqi_workbook.scorecard.quarters import Quarter"),
        ("scorecard.model", "from .quarters import Quarter"),
        ("scorecard.rag", "from . import model, trend\nimport pandas as pd"),
        ("books.file_book", "from kqi_workbook import errors, layout"),
        ("books.file_book", "from kqi_workbook.scorecard import model"),
        ("books.live.excel", "def f():\n    import xlwings as xw"),
        ("books.live.book", "if TYPE_CHECKING:\n    import xlwings"),
        ("books.ooxml.sheet", "from lxml import etree\nfrom openpyxl.styles import PatternFill"),
        ("", "from kqi_workbook.refreshing import refresh"),
    ],
)
def test_an_allowed_import_passes(module: str, source: str) -> None:
    package = ".".join([PACKAGE, *module.split(".")[:-1]])
    assert broken_floors(module, imports_of(source, package)) == []


def test_a_refresh_loads_neither_excel_nor_what_makes_the_template_or_the_page() -> None:
    """As it runs, not as it reads: whatever is imported on the way counts too."""
    code = f"import sys, {PACKAGE}.files; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert f"{PACKAGE}.files" in loaded
    assert loaded.isdisjoint(
        {
            "xlwings",
            "xlsxwriter",
            "jinja2",
            f"{PACKAGE}.books.live",
            f"{PACKAGE}.export",
            f"{PACKAGE}.making",
        }
    )
