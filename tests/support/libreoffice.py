"""A real LibreOffice for the tests: converts, draws, and reads workbooks back, recalculated.

One headless LibreOffice serves many files. It has a profile and a pipe of its own, so that test
processes side by side do not meet, and it works on copies: the files handed in are never touched.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kqi_workbook.machine import find_libreoffice

WORKER = Path(__file__).with_name("uno_worker.py")
ROOT = Path(__file__).resolve().parents[2]
UNO_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
"""For a script under `uno`'s Python, so that it finds `tests.support.uno_documents`."""
START_LIMIT = 90  # seconds, on a machine busy with other tests
Format = Literal["pdf", "xlsx", "ods", "csv", "html"]


class LibreOfficeError(Exception):
    """LibreOffice could not do as asked, or not in time."""


@dataclass(frozen=True)
class Cell:
    """A cell as LibreOffice holds and shows it, after a recalculation.

    `value` is a float, a text, or None for a blank or an error (whose name is in `text`); a date
    is its serial number. `text` is what a person reads. `fill` and `font_colour` ("#RRGGBB") have
    the conditional formats applied, colour scales, data bars and icons excepted: draw those.
    """

    value: float | str | None
    text: str
    formula: str | None
    number_format: str
    fill: str | None
    font_colour: str | None


@cache
def find_soffice() -> Path | None:
    """The LibreOffice that the product would find."""
    return find_libreoffice(os.environ, Path.home())


@cache
def find_uno_python() -> Path | None:
    """A Python that can `import uno`: seldom the one that runs the tests."""
    soffice = find_soffice()
    beside = soffice.resolve().with_name("python") if soffice else None
    for candidate in (os.environ.get("KQI_UNO_PYTHON"), "/usr/bin/python3", beside):
        if candidate and shutil.which(candidate) and _has_uno(str(candidate)):
            return Path(candidate)
    return None


def _has_uno(python: str) -> bool:
    tried = subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60)
    return tried.returncode == 0


class LibreOffice:
    """One LibreOffice, started when first used. Use as a context manager, or `stop` it."""

    def __init__(self, soffice: Path, python: Path, time_limit: float = 120) -> None:
        self.python = python
        self.time_limit = time_limit
        self.folder = Path(tempfile.mkdtemp(prefix="kqi-libreoffice-"))
        self.pipe = f"kqi-{uuid.uuid4().hex}"
        self._soffice = soffice
        self._worker: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where a UNO script of your own finds this LibreOffice."""
        return f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext"

    def __enter__(self) -> LibreOffice:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def convert(self, path: Path, to: Format, outdir: Path, sheet: str | None = None) -> Path:
        """Recalculate and save as another format: `outdir`/<stem>.<to>. A csv is one sheet.

        With `sheet`, the others are hidden, which keeps them off a pdf's pages.
        """
        outdir.mkdir(parents=True, exist_ok=True)
        out = (outdir / f"{path.stem}.{to}").resolve()
        if out == path.resolve():
            raise ValueError(f"{path} would be written over")
        self._on_copy(path, do="convert", to=to, out=str(out), sheet=sheet)
        return out

    def render_png(
        self,
        path: Path,
        outdir: Path,
        sheet: str | None = None,
        dpi: int = 80,
        most_pages: int = 20,
    ) -> list[Path]:
        """The printed pages as pictures, by pdftoppm: of every visible sheet, or of `sheet`."""
        pdf = self.convert(path, "pdf", outdir, sheet)
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(dpi), "-l", str(most_pages), pdf, pdf.with_suffix("")],
            check=True,
            timeout=self.time_limit,
        )
        return sorted(outdir.glob(f"{pdf.stem}-*.png"))

    def read(self, path: Path, *sheets: str) -> dict[str, dict[str, Cell]]:
        """Every cell with content or fill, as {sheet: {"B4": Cell}}: of `sheets`, or of all.

        Rows and columns that are hidden or filtered out are read too, their `text` as if all were
        shown. Of merged cells, the first.
        """
        found = self._on_copy(path, do="read", sheets=sheets, scratch=str(self.folder))
        return {
            sheet: {address: Cell(**cell) for address, cell in cells.items()}
            for sheet, cells in found.items()
        }

    def run_script(self, script: Path, *arguments: str) -> str:
        """What a UNO script of your own prints. It gets `url` as its first argument."""
        self._start()
        try:
            done = subprocess.run(
                [self.python, script, self.url, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=self.time_limit,
                env=UNO_ENVIRONMENT,
            )
        except subprocess.TimeoutExpired as error:
            self.stop()
            raise LibreOfficeError(f"{script.name} took over {self.time_limit} s") from error
        if done.returncode:
            raise LibreOfficeError(f"{script.name} failed:\n{done.stderr}")
        return done.stdout

    def stop(self) -> str:
        """End LibreOffice and all that it started, and say what it said on its error stream.

        The next request starts a new one.
        """
        worker, self._worker = self._worker, None
        if worker is None:
            return ""
        try:
            return worker.communicate(timeout=15)[1]  # its input closed, it ends by itself
        except subprocess.TimeoutExpired:
            _kill_group(worker)
            return worker.communicate()[1]

    def _on_copy(self, path: Path, **request: Any) -> Any:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            copy = shutil.copy(path, folder)
            return self._ask({"path": str(copy), **request}, self.time_limit)

    def _start(self) -> None:
        if self._worker is None:
            self._worker = subprocess.Popen(
                [self.python, WORKER, self._soffice, self.folder / "profile", self.pipe],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=UNO_ENVIRONMENT,
                start_new_session=True,
            )
            self._ask({"do": "ready"}, START_LIMIT)

    def _ask(self, request: dict[str, Any], time_limit: float) -> Any:
        self._start()
        worker = self._worker
        assert worker is not None and worker.stdin is not None and worker.stdout is not None
        alarm = threading.Timer(time_limit, _kill_group, [worker])
        alarm.start()
        try:
            worker.stdin.write(json.dumps(request) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            alarm.cancel()
        if not line:
            raise LibreOfficeError(
                f"LibreOffice stopped, or took over {time_limit} s. {self.stop()}"
            )
        answer = json.loads(line)
        if "error" in answer:
            raise LibreOfficeError(answer["error"])
        return answer["result"]


def _kill_group(worker: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
