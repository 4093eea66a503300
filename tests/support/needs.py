"""A tool that a test needs and the machine lacks: a skip that says so, or a failure in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRE_ALL = "KQI_REQUIRE_ALL"


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the test for want of `what`; fail it instead where KQI_REQUIRE_ALL=1, as .ci/run sets.

    `remedy` completes the sentence: what to install, or why the tool cannot be had.
    """
    reason = f"{what} is not here: {remedy}"
    if os.environ.get(REQUIRE_ALL) == "1":
        pytest.fail(f"{reason} ({REQUIRE_ALL}=1 allows no such skip)", pytrace=False)
    pytest.skip(reason)


def require(present: bool, what: str, remedy: str) -> None:
    """Go on where `present`; otherwise as `missing`."""
    if not present:
        missing(what, remedy)


def require_program(program: str, remedy: str) -> Path:
    """The path of a program found on PATH; otherwise as `missing`."""
    found = shutil.which(program)
    if found is None:
        missing(program, remedy)
    return Path(found)
