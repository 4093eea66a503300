"""The refresh lock: one at a time, named, and taken over from the dead."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import time
from pathlib import Path

import pytest

from kqi_workbook.books.share import LOCAL, FileOps, refreshing, unlock
from kqi_workbook.books.share.lock import LockInfo, RefreshLock, lock_path, read_lock, take_lock
from kqi_workbook.errors import InUse
from tests.share.children import ended, needs_fork, start
from tests.share.making import NAME, NINE_TWELVE, Stepped, litter, person

ANN, BOB = person("ann"), person("bob", machine="PC-8", process=12)


def lock_file(path: Path) -> Path:
    return Path(lock_path(path))


def left_behind(path: Path, **changes: object) -> None:
    """A lock file that no process holds."""
    fields = {"who": "al", "machine": "PC-7", "process": 9, "when": "2014-04-02T17:05:00"}
    lock_file(path).write_text(json.dumps({**fields, "token": "00000000", **changes}))


def killed_while_holding(path: Path) -> None:
    """Take the lock in another process, and kill it."""

    def take_and_die() -> None:
        take_lock(path, LOCAL, ANN)
        os.kill(os.getpid(), signal.SIGKILL)

    assert ended(start(take_and_die)) == -signal.SIGKILL


def test_the_lock_says_who_where_and_when(path: Path) -> None:
    lock = take_lock(path, LOCAL, ANN)
    info = LockInfo("ann", "PC-7", 4711, NINE_TWELVE, lock.token)
    assert read_lock(lock.path, LOCAL) == info
    assert info.sentence(NINE_TWELVE) == "ann on PC-7 since 09:12 (process 4711)"
    lock.release()
    assert read_lock(lock.path, LOCAL) is None


def test_the_second_refresh_is_told_who_has_the_first(path: Path) -> None:
    with refreshing(path, at=ANN):
        with pytest.raises(InUse) as caught, refreshing(path, at=person("al")):
            pass
    assert str(caught.value) == (
        "'KQIs.xlsx' is being refreshed by ann on PC-7 since 09:12 (process 4711)."
    )


def test_the_lock_goes_even_when_the_refresh_fails(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), refreshing(path, at=ANN):
        raise ZeroDivisionError
    assert [found.name for found in path.parent.iterdir()] == [NAME]


def test_another_workbook_in_the_same_folder_is_not_locked(path: Path) -> None:
    other = path.with_name("Other.xlsx")
    other.write_bytes(path.read_bytes())
    with refreshing(path, at=ANN), refreshing(other, at=BOB):
        pass


@needs_fork
def test_a_lock_whose_holder_was_killed_is_taken_over_and_reported(path: Path) -> None:
    killed_while_holding(path)
    assert lock_file(path).exists()
    with refreshing(path, at=person("bob")) as turn:
        assert turn.notes == (
            "Took over from a refresh that never ended: ann on PC-7 since 09:12 (process 4711).",
        )
    assert not lock_file(path).exists()


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff\xfe", b'{"who": 3, "process": "x"}'])
def test_a_damaged_lock_that_nobody_holds_is_taken_over(path: Path, text: bytes) -> None:
    lock_file(path).write_bytes(text)
    with refreshing(path, at=ANN) as turn:
        assert turn.notes == ("Took over from a refresh that never ended: somebody.",)


def test_a_lock_of_another_machine_is_left_to_a_person_to_judge(path: Path) -> None:
    if LOCAL.sees_every_handle:
        pytest.skip("here the system itself says whether another machine holds it")
    left_behind(path, machine="PC-9")
    with pytest.raises(InUse) as caught, refreshing(path, at=ANN):
        pass
    assert str(caught.value) == (
        "'KQIs.xlsx' is being refreshed by al on PC-9 since 2 April 2014, 17:05 (process 9). "
        f'If that run has died, remove its lock with: kqi unlock "{path}"'
    )
    info = unlock(path, at=ANN)
    assert info is not None
    assert (info.who, info.machine) == ("al", "PC-9")
    with refreshing(path, at=ANN) as turn:
        assert turn.notes == ()


def test_unlocking_what_is_not_locked_finds_nothing(path: Path) -> None:
    assert unlock(path) is None


def test_a_living_refresh_cannot_be_unlocked(path: Path) -> None:
    with refreshing(path, at=ANN):
        with pytest.raises(InUse, match=r"refreshed by ann on PC-7.* That run is still alive\."):
            unlock(path, at=BOB)
        assert lock_file(path).exists()


def test_somebody_who_took_our_lock_keeps_it_when_we_let_go(path: Path) -> None:
    lost = take_lock(path, LOCAL, ANN)
    lock_file(path).unlink()
    taken = take_lock(path, LOCAL, BOB)
    assert not lost.is_ours(LOCAL)
    lost.release()
    assert taken.is_ours(LOCAL)
    taken.release()


def test_a_lock_that_is_let_go_while_we_read_it_is_ours(path: Path) -> None:
    first = take_lock(path, LOCAL, ANN)

    def let_go(number: int, operation: str, when: str) -> None:
        if operation == "read" and when == "before":
            first.release()

    take_lock(path, Stepped(LOCAL, let_go).ops, ANN).release()


def no_locks(descriptor: int, operation: int) -> None:
    raise OSError(errno.ENOLCK, "No locks available")


def test_a_disk_without_locks_still_keeps_the_second_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pytest.importorskip("fcntl"), "flock", no_locks)
    with refreshing(path, at=ANN):
        with pytest.raises(InUse, match="kqi unlock"):
            take_lock(path, LOCAL, ANN)
    left_behind(path)
    assert unlock(path) is not None
    assert not lock_file(path).exists()


@pytest.mark.parametrize("operation", ["hold", "read", "remove_unheld"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_two_who_find_a_dead_lock_never_both_get_it(
    path: Path, operation: str, moment: str
) -> None:
    """The other runs through at the very moment when we look, remove or make."""
    left_behind(path)
    holders: list[RefreshLock] = []

    def barge_in(number: int, done: str, when: str) -> None:
        if (done, when) == (operation, moment) and not holders:
            try_to_hold(LOCAL)

    def try_to_hold(files: FileOps) -> None:
        with contextlib.suppress(InUse):
            holders.append(take_lock(path, files, ANN))

    try_to_hold(Stepped(LOCAL, barge_in).ops)
    assert len(holders) == 1
    assert holders[0].is_ours(LOCAL)
    holders[0].release()


@needs_fork
def test_many_processes_that_want_it_get_it_one_after_another(path: Path) -> None:
    """Each reads a number from the workbook and writes the next, which only turns get right."""
    path.write_text("0")

    def add_one() -> None:
        with refreshing(path, wait=60) as turn:
            number = int(turn.content)
            time.sleep(0.01)
            path.write_text(str(number + 1))

    children = [start(add_one) for _ in range(10)]
    assert [ended(child) for child in children] == [0] * 10
    assert path.read_text() == "10"
    assert not litter(path.parent)
