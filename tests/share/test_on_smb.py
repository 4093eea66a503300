"""Sharing on a real SMB server, where others open, change, lock and vanish.

The workbook lies on the server's own disk too, where the tests look at what really stands there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import pytest

from kqi_workbook.books.share import (
    BACKUP_FOLDER,
    here,
    look,
    refreshing,
    unlock,
)
from kqi_workbook.books.share.lock import lock_path
from kqi_workbook.books.share.owner import who_has
from kqi_workbook.errors import FileTrouble, InUse, KQIWorkbookError
from tests.share.making import (
    BESIDE,
    FIFTEEN_SECONDS_LATER,
    KEPT,
    NAME,
    NEW,
    NEXT,
    OLD,
    THEIRS,
    Stepped,
    accept,
    backups,
    excel_owner_file,
    litter,
    person,
    refreshed_before,
    workbook,
    writing,
)

if TYPE_CHECKING:
    from tests.share.smb import SmbFiles, SmbServer

EXCELS_SHARING = "r"


@dataclass
class Board:
    """A folder on the share: as clients see it, and as it lies on the server's disk."""

    server: SmbServer
    folder: Path
    ours: SmbFiles
    theirs: SmbFiles

    @property
    def path(self) -> PureWindowsPath:
        return self.server.root / self.folder.name / NAME

    @property
    def standing(self) -> bytes:
        return (self.folder / NAME).read_bytes()

    def refresh(self, content: bytes = NEW, files: Any = None, **options: Any) -> None:
        options = {"at": person(), **options}
        with refreshing(self.path, files=files or self.ours, **options) as turn:
            turn.save(writing(content), accept, keep_backups=KEPT)

    def told(self, deed: Callable[[], object]) -> str:
        """What a refresh is told when somebody does a deed in the middle."""
        with pytest.raises(InUse) as caught:
            with refreshing(self.path, files=self.ours, at=person()) as turn:
                deed()
                turn.save(writing(NEW), accept)
        return str(caught.value)

    @contextlib.contextmanager
    def open_in_excel(self, name: str = "Jo Bloggs") -> Iterator[Any]:
        """Hold the workbook as Excel does, with an owner file that goes when Excel does."""
        owner = self.path.with_name(f"~${NAME}")
        with self.theirs.open(self.path, "r+b", EXCELS_SHARING) as file:
            self.theirs.put(owner, excel_owner_file(name), stat.FILE_ATTRIBUTE_HIDDEN)
            try:
                yield file
            finally:
                self.theirs.remove(owner)


@pytest.fixture
def board(smb_server: SmbServer, request: pytest.FixtureRequest) -> Iterator[Board]:
    if not smb_server.running:  # a test that ended it has failed
        smb_server.start()
    number = len(list(smb_server.folder.iterdir()))
    folder = smb_server.folder / f"board {number}"
    refreshed_before(folder, 0)
    ours, theirs = smb_server.client(), smb_server.client()
    yield Board(smb_server, folder, ours, theirs)
    ours.disconnect()
    theirs.disconnect()


def test_a_refresh_on_a_share_leaves_the_new_workbook_and_a_backup(board: Board) -> None:
    board.refresh()
    assert board.standing == NEW
    assert backups(board.folder) == ["KQIs 2014-04-03 091205.xlsx"]
    assert not litter(board.folder)


@pytest.mark.parametrize("name", ["it's a = & b.xlsx", "Größe – карта 得点.xlsx", "two.dots.xlsx"])
def test_any_name_that_a_share_allows_works(board: Board, name: str) -> None:
    path = board.path.with_name("a folder & more") / name
    board.ours.make_folder(path.parent)
    board.ours.put(path, OLD)
    with refreshing(path, files=board.ours, at=person()) as turn:
        turn.save(writing(NEW), accept)
    assert board.ours.read(path) == NEW
    assert not litter(board.folder / "a folder & more", name)


def test_a_hidden_workbook_stays_hidden(board: Board) -> None:
    board.ours.remove(board.path)
    board.ours.put(board.path, OLD, stat.FILE_ATTRIBUTE_HIDDEN)
    board.refresh()
    import smbclient

    seen = smbclient.stat(str(board.path), **board.ours._login)
    assert seen.st_file_attributes & stat.FILE_ATTRIBUTE_HIDDEN
    assert board.standing == NEW


def test_a_read_only_workbook_is_refused(board: Board) -> None:
    board.ours.remove(board.path)
    board.ours.put(board.path, OLD, stat.FILE_ATTRIBUTE_READONLY)
    with pytest.raises(FileTrouble, match="is marked read-only"):
        board.refresh()
    assert board.standing == OLD
    assert not litter(board.folder)


def test_a_workbook_open_in_excel_is_named_with_its_user_and_can_be_looked_at(
    board: Board,
) -> None:
    with board.open_in_excel("Zoë Example"):
        owner = who_has(board.path, board.ours)
        assert owner is not None
        assert owner.name == "Zoë Example"
        assert look(board.path, files=board.ours).content == OLD
        with pytest.raises(InUse, match=r"^In use by Zoë Example since .*\. Have 'KQIs.xlsx' cl"):
            board.refresh()
    assert board.standing == OLD
    assert who_has(board.path, board.ours) is None
    board.refresh()
    assert board.standing == NEW


@pytest.mark.parametrize("sharing", ["", "r", "rw", "rwd"])
@pytest.mark.parametrize("mode", ["rb", "r+b"])
def test_whatever_others_do_with_it_is_seen_before_the_start(
    board: Board, mode: str, sharing: str
) -> None:
    with board.theirs.open(board.path, mode, sharing):
        with pytest.raises(InUse, match="In use by another person or program"):
            board.refresh()
    assert board.standing == OLD
    assert not litter(board.folder)


def test_a_passing_look_at_the_start_is_waited_for(board: Board) -> None:
    with contextlib.ExitStack() as passing:
        passing.enter_context(board.theirs.open(board.path, "rb", "r"))
        board.refresh(on_wait=lambda *_: passing.close())
    assert board.standing == NEW


@pytest.mark.parametrize("data", [excel_owner_file("Jo Bloggs"), b"", b"\xff" * 165])
def test_an_owner_file_beside_a_workbook_that_nobody_has_is_stale(
    board: Board, data: bytes
) -> None:
    (board.folder / f"~${NAME}").write_bytes(data)
    (board.folder / f".~lock.{NAME}#").write_bytes(b"Al Sample,al,PC-8,03.04.2014 09:12,x;")
    with refreshing(board.path, files=board.ours, at=person()) as turn:
        turn.save(writing(NEW), accept)
    assert board.standing == NEW
    assert len(turn.notes) == 2
    assert "Passed over a stale owner file of Al Sample: '.~lock.KQIs.xlsx#'." in str(turn.notes)


def test_opened_in_the_middle_and_closed_in_time_is_saved(board: Board) -> None:
    heard: list[str] = []

    def close_after_three(sentence: str, left: float) -> None:
        heard.append(sentence)
        if len(heard) == 3:
            excel.close()

    with contextlib.ExitStack() as excel:
        with refreshing(
            board.path, files=board.ours, at=person(), on_wait=close_after_three
        ) as turn:
            excel.enter_context(board.open_in_excel())
            turn.save(writing(NEW), accept)
    assert board.standing == NEW
    assert len(heard) == 3
    assert heard[0].startswith(
        "'KQIs.xlsx' was opened while it was being refreshed. In use by Jo Bloggs since "
    )
    assert not litter(board.folder)


def test_opened_in_the_middle_and_not_closed_keeps_both(board: Board) -> None:
    with contextlib.ExitStack() as excel:
        told = board.told(lambda: excel.enter_context(board.open_in_excel()))
        assert board.standing == OLD
    assert told.startswith(
        "'KQIs.xlsx' was opened while it was being refreshed. In use by Jo Bloggs since "
    )
    assert told.endswith(
        f"It was not touched. The refreshed one is beside it: {FIFTEEN_SECONDS_LATER!r}."
    )
    assert (board.folder / FIFTEEN_SECONDS_LATER).read_bytes() == NEW
    assert litter(board.folder) == {FIFTEEN_SECONDS_LATER}
    assert backups(board.folder) == []


@pytest.mark.parametrize("sharing", ["", "r", "rw", "rwd"])
@pytest.mark.parametrize("mode", ["rb", "r+b"])
def test_any_handle_in_the_middle_keeps_the_old_one_whole(
    board: Board, mode: str, sharing: str
) -> None:
    with contextlib.ExitStack() as other:
        told = board.told(lambda: other.enter_context(board.theirs.open(board.path, mode, sharing)))
        assert board.standing == OLD
    assert "In use by another person or program" in told
    assert litter(board.folder) == {FIFTEEN_SECONDS_LATER}


def test_changed_in_the_middle_keeps_both(board: Board) -> None:
    told = board.told(lambda: board.theirs.put(board.path, THEIRS))
    assert "'KQIs.xlsx' was changed at " in told
    assert board.standing == THEIRS
    assert (board.folder / BESIDE).read_bytes() == NEW
    assert litter(board.folder) == {BESIDE}


def test_saved_by_excel_in_the_middle_and_still_open_keeps_both(board: Board) -> None:
    def save(excel: contextlib.ExitStack) -> None:
        file = excel.enter_context(board.open_in_excel())
        file.write(THEIRS)
        file.truncate(len(THEIRS))
        file.flush()

    with contextlib.ExitStack() as excel:
        told = board.told(lambda: save(excel))
    assert "In use by Jo Bloggs" in told
    assert board.standing == THEIRS
    assert (board.folder / FIFTEEN_SECONDS_LATER).read_bytes() == NEW


def operations(board: Board) -> list[str]:
    """The file operations that a refresh takes."""
    names: list[str] = []

    def note(number: int, name: str, when: str) -> None:
        if when == "before":
            names.append(name)

    board.refresh(files=Stepped(board.ours, note))
    return names


def moments(board: Board) -> list[tuple[int, str]]:
    """Before each operation of a refresh, which is after the one ahead of it, and amid writing."""
    names = operations(board)
    amid = [(number, "halfway") for number, name in enumerate(names) if name == "write_new"]
    return sorted([*((number, "before") for number in range(len(names))), *amid])


def test_a_change_at_any_step_is_never_lost(board: Board) -> None:
    """At any but the very request that replaces: no server makes a look and a rename one step."""
    names = operations(board)
    replaces = max(number for number, name in enumerate(names) if name == "replace")
    told = 0
    for operation in set(range(len(names))) - {replaces}:
        board.theirs.put(board.path, OLD)
        for copy in (board.folder / BACKUP_FOLDER).iterdir():
            copy.unlink()

        def change(number: int, name: str, when: str, at: int = operation) -> None:
            if (number, when) == (at, "before"):
                board.theirs.put(board.path, THEIRS)

        try:
            board.refresh(files=Stepped(board.ours, change))
        except InUse as error:
            assert "was changed" in str(error)
            assert board.standing == THEIRS
            told += 1
        kept = [copy.read_bytes() for copy in (board.folder / BACKUP_FOLDER).iterdir()]
        assert THEIRS in [board.standing, *kept]
    assert told >= 5


def test_the_second_of_two_refreshes_is_told_who_has_the_first(board: Board) -> None:
    with refreshing(board.path, files=board.theirs, at=person("bob", "PC-8", 12)) as turn:
        with pytest.raises(InUse) as caught:
            board.refresh()
        with pytest.raises(InUse, match="That run is still alive"):
            unlock(board.path, files=board.ours)
        turn.save(writing(THEIRS), accept)
    assert str(caught.value) == (
        "'KQIs.xlsx' is being refreshed by bob on PC-8 since 09:12 (process 12)."
    )
    assert board.standing == THEIRS
    board.refresh()
    assert board.standing == NEW


def test_a_lock_goes_with_the_connection_of_its_holder(board: Board) -> None:
    turn = refreshing(board.path, files=board.theirs, at=person("bob"))
    turn.__enter__()
    assert lock_path(Path(NAME)).name in os.listdir(board.folder)
    board.theirs.disconnect()
    board.refresh(wait=20, at=here())
    assert board.standing == NEW
    assert not litter(board.folder)


def test_refreshes_of_many_processes_come_one_after_another(board: Board) -> None:
    """Each counts one further, which comes out right only if none works on what is outdated."""
    from tests.share.smb_jobs import COUNTS, begin, count_on, ended

    board.theirs.put(board.path, workbook("0"))
    others = [begin(count_on, board.server.client(), board.path) for _ in range(8)]
    assert [ended(other) for other in others] == [0] * 8
    assert COUNTS[board.standing] == 8
    assert len(backups(board.folder)) == KEPT
    assert not litter(board.folder)


def test_many_readers_never_see_half_a_workbook_and_never_lose_one(board: Board) -> None:
    known = {workbook(str(number)) for number in range(6)}
    board.theirs.put(board.path, workbook("0"))
    done, seen = threading.Event(), []

    def read_again_and_again(files: SmbFiles) -> None:
        while not done.is_set():
            with contextlib.suppress(PermissionError, FileNotFoundError):
                seen.append(files.read(board.path))
            done.wait(0.02)
        files.disconnect()

    clients = [board.server.client() for _ in range(5)]
    for files in clients:  # one login at a time: this client can wait forever for one of many
        files.read(board.path)
    readers = [
        threading.Thread(target=read_again_and_again, args=(files,), daemon=True)
        for files in clients
    ]
    for reader in readers:
        reader.start()
    saved, at = 0, here()
    try:
        for number in range(1, 6):
            before = board.standing
            try:
                board.refresh(workbook(str(number)), at=at, wait=10)
            except InUse:
                assert board.standing == before
            else:
                assert board.standing == workbook(str(number))
                saved += 1
    finally:
        done.set()
        for reader in readers:
            reader.join(timeout=30)
    assert saved >= 1
    assert seen
    assert set(seen) <= known


def test_a_share_that_goes_at_any_step_leaves_the_old_one_or_the_new(board: Board) -> None:
    standing = set()
    for moment in moments(board):
        (board.folder / NAME).write_bytes(OLD)

        def pull_the_plug(number: int, name: str, when: str, at: Any = moment) -> None:
            if (number, when) == at:
                board.server.stop()
                board.ours.notice_that_the_server_is_gone()

        try:
            board.refresh(files=Stepped(board.ours, pull_the_plug))
        except KQIWorkbookError as error:
            assert "KQIs.xlsx" in str(error)
            assert isinstance(error, FileTrouble)
            assert "the network share does not answer" in str(error)
        assert board.standing in (OLD, NEW)
        standing.add(board.standing)
        assert not board.server.running
        board.ours.disconnect()
        board.server.start()
        board.refresh(NEXT)
        assert board.standing == NEXT
        assert not litter(board.folder)
        assert len(backups(board.folder)) <= KEPT
    assert standing == {OLD, NEW}


def test_a_client_killed_at_any_step_leaves_the_old_one_or_the_new(board: Board) -> None:
    from tests.share.smb_jobs import begin, ended, refresh_and_be_killed

    standing = set()
    for moment in moments(board):
        (board.folder / NAME).write_bytes(OLD)
        other = begin(refresh_and_be_killed, board.server.client(), board.path, moment)
        assert ended(other) == -signal.SIGKILL
        assert board.standing in (OLD, NEW)
        standing.add(board.standing)
        board.refresh(NEXT, wait=20, at=here())
        assert board.standing == NEXT
        assert not litter(board.folder)
        assert len(backups(board.folder)) <= KEPT
    assert standing == {OLD, NEW}
