"""What `pip install` brings: every module, the template and the macros, and what they need."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.resources
import shutil
import subprocess
import sys
import zipfile
from configparser import RawConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.needs import require

ROOT = Path(__file__).resolve().parent.parent
AT_THE_TOP = {f"kqi_workbook.{folder}": folder for folder in ("examples", "macros", "templates")}


def declared(section: str, key: str) -> list[str]:
    config = RawConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config[section][key].split("\n")
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of a copy of the sources, with one more workbook and one more macro."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in ("kqi_workbook", *AT_THE_TOP.values()):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignore)
    for file in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, copy)
    (copy / "templates" / "Added.xlsx").write_bytes(b"a workbook")
    (copy / "macros" / "Added.bas").write_bytes(b"a macro")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", copy, copy], check=True, timeout=300)
    (built,) = copy.glob("*.whl")
    return zipfile.ZipFile(built)


def test_setup_cfg_lists_every_package() -> None:
    folders = {path.parent for path in (ROOT / "kqi_workbook").rglob("*.py")}
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(declared("options", "packages")) == packages | set(AT_THE_TOP)


def test_every_module_and_data_file_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    files = {path for path in (ROOT / "kqi_workbook").rglob("*") if path.is_file()}
    sources = {path for path in files if path.suffix != ".pyc"}
    assert {path.relative_to(ROOT).as_posix() for path in sources} <= set(wheel.namelist())


def test_what_lies_at_the_top_of_the_repository_goes_with_the_package(
    wheel: zipfile.ZipFile,
) -> None:
    assert wheel.read("kqi_workbook/templates/Added.xlsx") == b"a workbook"
    assert wheel.read("kqi_workbook/macros/Added.bas") == b"a macro"


def test_every_workbook_and_macro_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    paths = [path for path in [*ROOT.glob("macros/*"), *ROOT.glob("*/*.xls?")] if path.is_file()]
    for path in paths:
        if not path.name.startswith(("~$", ".")):
            name = f"kqi_workbook/{path.parent.name}/{path.name}"
            assert wheel.read(name) == path.read_bytes()


def test_the_wheel_puts_nothing_beside_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kqi_workbook"}


def test_the_wheel_gives_the_kqi_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "kqi = kqi_workbook.cli:main" in wheel.read(entry_points).decode()
    assert any(name.endswith("LICENSE") for name in wheel.namelist())


@pytest.mark.parametrize("package", AT_THE_TOP)
def test_an_editable_install_finds_them_where_they_lie(package: str, tmp_path: Path) -> None:
    require(
        any(importlib.metadata.distributions(name="kqi_workbook")),
        "an installed kqi_workbook",
        "pip install -e .",
    )
    code = f"import importlib.resources as r; print(r.files('{package}') / '__init__.py')"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).exists()


@pytest.mark.parametrize(
    ("platform", "python", "wanted"),
    [
        ("win32", "3.11", True),
        ("win32", "3.13", True),
        ("darwin", "3.13", True),
        ("linux", "3.13", False),
        ("win32", "3.10", False),  # no xlwings that we can use installs there
    ],
)
def test_xlwings_comes_where_excel_is(platform: str, python: str, wanted: bool) -> None:
    (line,) = [line for line in declared("options", "install_requires") if "xlwings" in line]
    marker = Requirement(line).marker
    assert marker is not None
    assert marker.evaluate({"sys_platform": platform, "python_version": python}) is wanted


def test_every_library_that_the_package_imports_is_declared() -> None:
    lines = [
        *declared("options", "install_requires"),
        *declared("options.extras_require", "make"),
        *declared("options.extras_require", "dask"),
        *declared("options.extras_require", "export"),
    ]
    known = {_normal(Requirement(line).name) for line in lines}
    distributions = importlib.metadata.packages_distributions()
    for path in sorted((ROOT / "kqi_workbook").rglob("*.py")):
        for library in _libraries(path):
            owners = {_normal(name) for name in distributions.get(library, [library])}
            assert owners & known, f"{path.relative_to(ROOT)} imports {library}: not in setup.cfg"


def _libraries(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"kqi_workbook"}


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")
