"""A fault in any file operation: the old workbook or the new one stands, and somebody is told.

Each refresh runs in a child, for a run that lost its lock file holds it until its process ends.
"""

from __future__ import annotations

import errno
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kqi_workbook.books.share import LOCAL, Busy, FileOps, look, unlock
from kqi_workbook.errors import FileTrouble, KQIWorkbookError
from tests.share.children import needs_fork, told_by
from tests.share.making import (
    KEPT,
    NEW,
    NEXT,
    OLD,
    Stepped,
    backups,
    litter,
    refresh,
    refreshed_before,
)

pytestmark = needs_fork

FAULTS = {
    errno.ENOSPC: "the disk is full",
    errno.EACCES: "permission is denied",
    errno.EROFS: "the disk can only be read",
    errno.EIO: "the disk reports a fault",
    errno.ENOENT: "it is not there",
    errno.ECONNRESET: "the network share does not answer",
}
BESIDE = re.compile(r"KQIs \(refreshed [-0-9 ]+\)\.xlsx")


def fresh(folder: Path) -> Path:
    """A folder with a workbook and as many backups as are kept."""
    return refreshed_before(folder, KEPT)


def faulty(code: int, moment: str, when: Callable[[int], bool]) -> Stepped:
    """Operations that fail with a code, where ``when`` says so of the operation's number."""

    def strike(number: int, name: str, now: str) -> None:
        if (code, name, now) == (errno.EACCES, "replace", "after"):
            return  # no system refuses what it has done
        if now == moment and when(number):
            raise OSError(code, "an injected fault")

    return Stepped(LOCAL, strike)


def operations(folder: Path) -> int:
    """How many file operations a refresh takes."""
    counted = Stepped(LOCAL, lambda *_: None)
    refresh(fresh(folder), files=counted.ops)
    return counted.count


def assert_whole_and_told(path: Path, files: FileOps) -> str:
    """Refresh on these files; return what was said, empty if the refresh was done all the same."""
    told = told_by(lambda: refresh(path, files=files))
    standing = path.read_bytes()
    assert standing in (OLD, NEW)
    if told:
        assert re.match("(InUse|FileTrouble): .*KQIs.xlsx", told)
    if standing == NEW:
        assert not told or "The new workbook stands." in told or "the old one or the new" in told
    else:
        assert told
    refresh(path, NEXT)
    assert path.read_bytes() == NEXT
    assert 1 <= len(backups(path.parent)) <= KEPT
    return told


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("moment", ["before", "halfway", "after"])
def test_one_fault_in_any_operation(tmp_path: Path, code: int, moment: str) -> None:
    said = []
    for number in range(operations(tmp_path / "counted")):
        path = fresh(tmp_path / str(number))
        told = assert_whole_and_told(path, faulty(code, moment, number.__eq__).ops)
        assert not told or told.startswith("InUse") or FAULTS[code] in told
        kept = litter(path.parent)
        assert all(BESIDE.fullmatch(name) and repr(name) in told for name in kept)
        assert all((path.parent / name).read_bytes() == NEW for name in kept)
        said.append(told)
    assert sum(FAULTS[code] in told for told in said) >= (2 if moment == "halfway" else 8)


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_every_operation_fails_from_some_moment_on(tmp_path: Path, code: int, moment: str) -> None:
    """As when a disk stays full, rights are withdrawn, or the share is gone."""
    for number in range(operations(tmp_path / "counted")):
        path = fresh(tmp_path / str(number))
        assert_whole_and_told(path, faulty(code, moment, number.__le__).ops)
        assert all(BESIDE.fullmatch(name) for name in litter(path.parent))


def test_a_workbook_that_its_owner_lets_nobody_read_is_not_said_to_be_forbidden(
    tmp_path: Path,
) -> None:
    def refuse(number: int, name: str, when: str) -> None:
        if (name, when) == ("read", "before"):
            raise Busy(errno.EACCES, "as Windows refuses it")

    with pytest.raises(FileTrouble, match="somebody has it open"):
        look(fresh(tmp_path / "board"), files=Stepped(LOCAL, refuse).ops)


def test_a_replace_that_was_done_although_the_answer_was_lost_counts(tmp_path: Path) -> None:
    path = fresh(tmp_path / "board")

    def lose_the_answer(number: int, name: str, when: str) -> None:
        if (name, when) == ("replace", "after") and path.read_bytes() == NEW:
            raise ConnectionResetError(errno.ECONNRESET, "the share is gone")

    refresh(path, files=Stepped(LOCAL, lose_the_answer).ops)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("question", [look, unlock])
def test_a_question_that_the_disk_cannot_answer_says_why(
    tmp_path: Path, code: int, question: Callable[..., object]
) -> None:
    path = fresh(tmp_path / "board")
    for number in itertools.count():
        files = faulty(code, "before", number.__eq__)
        try:
            question(path, files=files.ops)
        except KQIWorkbookError as error:
            assert "KQIs.xlsx" in str(error)
        if files.count <= number:
            break
