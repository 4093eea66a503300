"""An ordinary turn at a workbook, and all that can meet it halfway, on this machine's own disk."""

from __future__ import annotations

import datetime as dt
import functools
import os
import resource
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

import pytest

from kqi_workbook.books.share import (
    BACKUP_FOLDER,
    LOCAL,
    Turn,
    is_by_product,
    look,
    refreshing,
)
from kqi_workbook.books.share.lock import lock_path, take_lock
from kqi_workbook.books.share.turn import LARGEST
from kqi_workbook.errors import FileTrouble, InUse
from tests.share.children import needs_fork, open_to_all, told_without_rights
from tests.share.making import (
    BESIDE,
    FIFTEEN_SECONDS_LATER,
    NAME,
    NEW,
    OLD,
    THEIRS,
    Clock,
    Stepped,
    accept,
    backups,
    excel_owner_file,
    litter,
    person,
    refresh,
    workbook,
    writing,
)


def during(path: Path, deed: Callable[[], object], **options: object) -> str:
    """Refresh while somebody does a deed in the middle, and return what they are told."""
    with pytest.raises(InUse) as caught, refreshing(path, at=person()) as turn:
        deed()
        turn.save(writing(NEW), accept)
    return str(caught.value)


def test_a_save_replaces_the_workbook_and_keeps_the_old_one_dated(path: Path) -> None:
    refresh(path)
    assert path.read_bytes() == NEW
    assert backups(path.parent) == ["KQIs 2014-04-03 091205.xlsx"]
    assert (path.parent / BACKUP_FOLDER / "KQIs 2014-04-03 091205.xlsx").read_bytes() == OLD
    assert not litter(path.parent)


def test_a_turn_may_save_more_than_once(path: Path) -> None:
    with refreshing(path, at=person()) as turn:
        assert turn.content == OLD
        turn.save(writing(NEW), accept)
        assert turn.content == NEW
        turn.save(writing(THEIRS), accept)
    assert path.read_bytes() == THEIRS
    assert backups(path.parent) == [
        "KQIs 2014-04-03 091205 (2).xlsx",
        "KQIs 2014-04-03 091205.xlsx",
    ]


def test_a_turn_without_a_save_changes_nothing(path: Path) -> None:
    with refreshing(path, at=person()):
        pass
    assert os.listdir(path.parent) == [NAME]


def test_a_look_takes_no_lock_and_writes_nothing(path: Path) -> None:
    with refreshing(path, at=person()):
        seen = look(path)
    assert (seen.path, seen.content) == (path, OLD)


@pytest.mark.parametrize(("keep", "kept"), [(1, 1), (3, 3), (10, 10), (20, 14)])
def test_the_last_backups_are_kept_and_no_others(path: Path, keep: int, kept: int) -> None:
    for number in range(14):
        at = person(clock=Clock(slept=number // 2))
        refresh(path, workbook(str(number)), at=at, keep=keep)
    names = backups(path.parent)
    assert len(names) == kept
    newest = path.parent / BACKUP_FOLDER / "KQIs 2014-04-03 091211 (2).xlsx"
    assert newest.read_bytes() == workbook("12")
    assert sum("091211" in name for name in names) == min(kept, 2)


def test_the_eleventh_backup_of_one_second_is_newer_than_the_second(path: Path) -> None:
    for number in range(12):
        refresh(path, workbook(str(number)), keep=2)
    assert backups(path.parent) == [
        "KQIs 2014-04-03 091205 (11).xlsx",
        "KQIs 2014-04-03 091205 (12).xlsx",
    ]


def test_what_else_lies_among_the_backups_is_left_alone(path: Path) -> None:
    others = {"KQIs.xlsx", "KQIs 2013.xlsx", "KQIs 2 2014-01-01 000000.xlsx", "notes.txt"}
    others |= {"KQIs 2014-01-01 000000.xlsm", "KQIs 2014-01-01 000000 Jo's.xlsx"}
    (path.parent / BACKUP_FOLDER).mkdir()
    for name in others:
        (path.parent / BACKUP_FOLDER / name).write_text("theirs")
    for _ in range(3):
        refresh(path, keep=1)
    assert others < set(backups(path.parent))
    assert len(backups(path.parent)) == len(others) + 1


def test_with_none_to_keep_no_backup_is_made(path: Path) -> None:
    refresh(path, keep=0)
    assert os.listdir(path.parent) == [NAME]


def test_a_change_in_the_middle_is_never_overwritten(path: Path) -> None:
    def change() -> None:
        path.write_bytes(THEIRS)
        os.utime(path, (dt.datetime(2014, 4, 3, 9, 14).timestamp(),) * 2)

    assert during(path, change) == (
        "'KQIs.xlsx' was changed at 09:14 while it was being refreshed. It was not touched. "
        f"The refreshed one is beside it: {BESIDE!r}."
    )
    assert path.read_bytes() == THEIRS
    assert (path.parent / BESIDE).read_bytes() == NEW
    assert litter(path.parent) == {BESIDE}
    assert backups(path.parent) == []


def test_a_change_that_keeps_size_and_time_is_seen_all_the_same(path: Path) -> None:
    stamp = path.stat()
    same_size = OLD[:-1] + bytes([OLD[-1] ^ 1])

    def change() -> None:
        path.write_bytes(same_size)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert "was changed" in during(path, change)
    assert path.read_bytes() == same_size


def test_a_touch_without_a_change_is_no_conflict(path: Path) -> None:
    with refreshing(path, at=person()) as turn:
        os.utime(path)
        turn.save(writing(NEW), accept)
    assert path.read_bytes() == NEW


def test_a_second_copy_kept_in_the_same_second_gets_a_number(path: Path) -> None:
    for change in (NEW, THEIRS):
        assert "was changed" in during(path, functools.partial(path.write_bytes, change))
    assert litter(path.parent) == {BESIDE, "KQIs (refreshed 2014-04-03 091205 (2)).xlsx"}


def test_a_workbook_that_was_moved_away_is_not_put_back(path: Path) -> None:
    told = during(path, lambda: path.rename(path.with_name("Moved.xlsx")))
    assert told.startswith("'KQIs.xlsx' was moved or deleted while it was being refreshed.")
    assert litter(path.parent) == {"Moved.xlsx", BESIDE}
    assert not path.exists()


def test_an_owner_file_that_appears_in_the_middle_stops_the_save_with_the_name(
    path: Path,
) -> None:
    if LOCAL.sees_every_handle:
        pytest.skip("here an owner file alone proves nothing")
    owner = path.with_name("~$KQIs.xlsx")
    told = during(path, lambda: owner.write_bytes(excel_owner_file("Jo Bloggs")))
    assert told.startswith("'KQIs.xlsx' was opened while it was being refreshed. In use by Jo Bl")
    assert backups(path.parent) == []  # what it would be of still stands
    assert path.read_bytes() == OLD
    assert litter(path.parent) == {owner.name, FIFTEEN_SECONDS_LATER}


def test_a_lock_that_was_taken_over_in_the_middle_stops_the_first_holder(path: Path) -> None:
    lock = Path(lock_path(path))

    def take_over() -> None:
        lock.unlink()
        take_lock(path, LOCAL, person("bob", "PC-8", 12))

    told = during(path, take_over)
    assert "The refresh of 'KQIs.xlsx' was taken over by bob on PC-8" in told
    assert path.read_bytes() == OLD


def test_a_lock_that_was_removed_in_the_middle_stops_its_holder(path: Path) -> None:
    assert "was removed while we were at work" in during(path, Path(lock_path(path)).unlink)


def test_waiting_ends_when_the_workbook_is_free(path: Path) -> None:
    owner = path.with_name("~$KQIs.xlsx")
    owner.write_bytes(excel_owner_file("Jo Bloggs"))
    heard: list[tuple[str, float]] = []

    def closed_after_a_while(sentence: str, left: float) -> None:
        heard.append((sentence, left))
        if len(heard) == 5:
            owner.unlink()

    clock = Clock()
    with refreshing(path, wait=60, on_wait=closed_after_a_while, at=person(clock=clock)) as turn:
        turn.save(writing(NEW), accept)
    assert path.read_bytes() == NEW
    assert all(sentence.startswith("In use by Jo Bloggs") for sentence, _ in heard)
    assert [round(left, 1) for _, left in heard] == [60.0, 59.9, 59.7, 59.3, 58.5]


def test_waiting_is_given_up_after_the_time_allowed(path: Path) -> None:
    path.with_name("~$KQIs.xlsx").write_bytes(excel_owner_file("Jo Bloggs"))
    clock = Clock()
    with pytest.raises(InUse, match="Jo Bloggs"), refreshing(path, wait=60, at=person(clock=clock)):
        pass
    assert clock.slept == pytest.approx(60)
    assert not list(path.parent.glob("*.kqi-*"))


def test_a_check_that_fails_leaves_everything_as_it_was(path: Path) -> None:
    def wrong(file: BinaryIO) -> None:
        raise ValueError("not what was meant")

    with pytest.raises(ValueError, match="not what was meant"), refreshing(path) as turn:
        turn.save(writing(NEW), wrong)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == [NAME]


def test_the_check_sees_what_the_disk_gives_back(path: Path) -> None:
    seen: list[bytes] = []
    with refreshing(path, at=person()) as turn:
        turn.save(writing(NEW), lambda file: seen.append(file.read()))
    assert seen == [NEW]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "came out damaged, in its list of parts"),
        (NEW[:-30], "came out damaged, in its list of parts"),
        (NEW.replace(b"new", b"nex"), "came out damaged, in mark.txt"),
    ],
)
def test_a_new_workbook_that_is_no_whole_zip_file_is_not_kept(
    path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(FileTrouble, match=told):
        refresh(path, content)
    assert os.listdir(path.parent) == [NAME]
    assert path.read_bytes() == OLD


def test_a_disk_that_gives_back_something_else_is_found_out(path: Path) -> None:
    def rot(number: int, operation: str, when: str) -> None:
        for temporary in path.parent.glob("*.kqi-tmp"):
            if (operation, when) == ("read", "before"):
                temporary.write_bytes(temporary.read_bytes()[:-1] + b"?")

    with (
        pytest.raises(FileTrouble, match="The disk gave back"),
        refreshing(path, files=Stepped(LOCAL, rot).ops, at=person()) as turn,
    ):
        turn.save(writing(NEW), accept)
    assert path.read_bytes() == OLD
    assert not litter(path.parent)


def test_a_write_that_fails_never_reaches_the_disk(path: Path) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(NEW[:100])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), refreshing(path, at=person()) as turn:
        turn.save(fail, accept)
    assert os.listdir(path.parent) == [NAME]


@pytest.mark.parametrize(
    "name",
    [
        "Board papers Q4.xlsx",
        'it\'s the "KQI" = a & b.xlsx',
        "Größe – Übersicht.xlsx",
        "得点表 карта.xlsm",
        "[draft] (1) {x} +~#%$;,!@^`.xlsx",
        "-rf.xlsx",
        ".hidden.xlsx",
        "no suffix",
        "two.dots.xlsx",
    ],
)
def test_any_name_works(tmp_path: Path, name: str) -> None:
    folder = tmp_path / f"folder of {name}"
    folder.mkdir()
    path = folder / name
    path.write_bytes(OLD)
    (folder / f"{name}.0123abcd.kqi-tmp").write_text("left by a killed run")
    for number in range(3):
        refresh(path, workbook(str(number)), keep=2)
    assert path.read_bytes() == workbook("2")
    assert len(backups(folder)) == 2
    assert not litter(folder, name)


def test_a_relative_path_is_of_the_present_folder(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    with refreshing(NAME, at=person()) as turn:
        monkeypatch.chdir("/")
        turn.save(writing(NEW), accept)
    assert path.read_bytes() == NEW


def test_of_a_link_the_target_is_replaced_and_the_link_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.xlsx"
    link.parent.mkdir()
    link.symlink_to(path)
    refresh(link)
    assert link.is_symlink()
    assert not path.is_symlink()
    assert path.read_bytes() == NEW
    assert os.listdir(link.parent) == ["link.xlsx"]


def test_two_links_to_one_workbook_share_its_lock(path: Path) -> None:
    link = path.with_name("link.xlsx")
    link.symlink_to(path)
    with refreshing(path, at=person()), pytest.raises(InUse), refreshing(link, at=person()):
        pass


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o666])
def test_permissions_stay_and_backups_are_no_more_open(path: Path, mode: int) -> None:
    path.chmod(mode)
    refresh(path)
    assert path.stat().st_mode & 0o777 == mode
    (backup,) = (path.parent / BACKUP_FOLDER).iterdir()
    assert backup.stat().st_mode & 0o777 == mode


def test_owner_and_group_stay_where_we_may_give_files_away(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give files away")
    os.chown(path, 1234, 4321)
    refresh(path)
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


def test_attributes_stay_and_the_time_is_new(path: Path) -> None:
    try:
        os.setxattr(path, "user.kqi", b"kept")
    except (OSError, AttributeError):
        pytest.skip("the disk keeps no attributes")
    os.utime(path, (0, 0))
    refresh(path)
    assert os.getxattr(path, "user.kqi") == b"kept"
    assert path.stat().st_mtime > 0


def test_a_workbook_marked_read_only_is_refused_before_any_work(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(FileTrouble) as caught, refreshing(path, at=person()):
        pass
    assert str(caught.value) == (
        "'KQIs.xlsx' is marked read-only. Take that mark off in its properties, then try again."
    )
    assert os.listdir(path.parent) == [NAME]


def test_a_mark_set_in_the_middle_does_not_stay_unsaid(path: Path) -> None:
    def refuse(number: int, operation: str, when: str) -> None:
        if operation == "replace" and when == "before" and not path.stat().st_mode & 0o222:
            raise PermissionError(13, "as Windows refuses it")

    with (
        pytest.raises(InUse, match="was marked read-only while"),
        refreshing(path, files=Stepped(LOCAL, refuse).ops, at=person()) as turn,
    ):
        path.chmod(0o444)
        turn.save(writing(NEW), accept, keep_backups=0)
    assert path.read_bytes() == OLD


@needs_fork
def test_a_folder_that_may_not_be_written_gives_a_clear_error(tmp_path: Path, path: Path) -> None:
    open_to_all(path.parent).chmod(0o555)
    path.chmod(0o666)
    told = told_without_rights(lambda: refresh(path))
    assert told == (
        f"FileTrouble: Could not lock 'KQIs.xlsx' by a file in {str(path.parent)!r}: "
        "permission is denied. Nothing was changed."
    )
    assert told_without_rights(lambda: look(path)) == ""


def test_a_look_keeps_nobody_out_and_needs_no_right_to_write(path: Path) -> None:
    asked = set()
    look(path, files=Stepped(LOCAL, lambda number, name, when: asked.add(name)).ops)
    assert asked == {"real", "state", "read"}  # and no probe, which opens it for us alone


@needs_fork
def test_a_workbook_that_only_others_may_write_gives_a_clear_error(path: Path) -> None:
    open_to_all(path.parent).chmod(0o777)
    path.chmod(0o644)
    told = told_without_rights(lambda: refresh(path))
    if os.geteuid() == 0:
        assert told == (
            "FileTrouble: Could not open 'KQIs.xlsx' for writing: permission is denied. "
            "Nothing was changed."
        )
        assert told_without_rights(lambda: look(path)) == ""
    assert os.listdir(path.parent) == [NAME]


@needs_fork
def test_a_backup_folder_that_may_not_be_written_stops_the_save(path: Path) -> None:
    open_to_all(path.parent).chmod(0o777)
    path.chmod(0o666)
    (path.parent / BACKUP_FOLDER).mkdir(mode=0o555)
    told = told_without_rights(lambda: refresh(path))
    assert told == (
        "FileTrouble: Could not back up 'KQIs.xlsx' in 'KQI backups': permission is denied. "
        "The workbook is as it was."
    )
    assert path.read_bytes() == OLD
    assert not litter(path.parent)


def test_a_real_limit_to_a_files_size_leaves_the_old_workbook(path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with refreshing(path, at=person()) as turn:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
        try:
            with pytest.raises(FileTrouble, match="larger than the disk allows"):
                turn.save(writing(workbook("big", 100_000)), accept)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert path.read_bytes() == OLD
    assert not litter(path.parent)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("not there.xlsx", "Could not find 'not there.xlsx' in .*: it is not there"),
        ("nowhere/KQIs.xlsx", "Could not find 'KQIs.xlsx' in .*nowhere': it is not there"),
        ("x" * 300 + ".xlsx", "its name or path is too long"),
        ("y" * 245 + ".xlsx", "its name or path is too long"),
        ("a folder", "Could not open 'a folder' for writing: it is a folder"),
    ],
)
def test_what_cannot_be_found_or_locked_is_said(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "a folder").mkdir()
    (tmp_path / ("y" * 245 + ".xlsx")).write_bytes(OLD)
    before = set(os.listdir(tmp_path))
    with pytest.raises(FileTrouble, match=told), refreshing(tmp_path / name, at=person()):
        pass
    assert set(os.listdir(tmp_path)) == before


def test_litter_of_killed_runs_goes_and_nothing_else_does(path: Path) -> None:
    ours = path.with_name("KQIs.xlsx.0123abcd.kqi-tmp")
    inner = path.parent / BACKUP_FOLDER / ours.name
    theirs = {"KQIs.xlsx.kqi-tmp", "KQIs.xlsx.0123ABCD.kqi-tmp", "Other.xlsx.0123abcd.kqi-tmp"}
    theirs |= {
        "KQIs.xlsx.0123abcd.kqi-tmp.bak",
        "KQIs.xlsx.0123abcd.tmp",
        "KQIsAxlsx.0123abcd.kqi-tmp",
    }
    inner.parent.mkdir()
    for made in (ours, inner, *map(path.with_name, theirs)):
        made.write_text("x")
    with refreshing(path, at=person()):
        assert litter(path.parent) == theirs | {"KQIs.xlsx.kqi-lock"}


@pytest.mark.parametrize(
    ("name", "by_product"),
    [
        ("KQIs.xlsx", False),
        ("KQIs 2014-04-03 091205.xlsx", False),
        ("KQIs (refreshed).xlsx", False),
        ("KQI backups.xlsx", False),
        ("KQI backups/KQIs 2014-04-03 091205.xlsx", True),
        ("KQIs (refreshed 2014-04-03 091205).xlsx", True),
        ("KQIs (refreshed 2014-04-03 091205 (2)).xlsm", True),
        ("~$KQIs.xlsx", True),
        (".~lock.KQIs.xlsx#", True),
        ("KQIs.xlsx.kqi-lock", True),
        ("KQIs.xlsx.0123abcd.kqi-tmp", True),
        ("._KQIs.xlsx", True),
    ],
)
def test_what_we_leave_beside_a_workbook_is_not_taken_for_one(name: str, by_product: bool) -> None:
    assert is_by_product(PurePosixPath("/board") / name) is by_product
    assert is_by_product(PureWindowsPath(r"\\server\board") / name) is by_product


def test_a_turn_names_what_a_link_points_to(path: Path) -> None:
    link = path.with_name("link.xlsx")
    link.symlink_to(path)
    with refreshing(link, at=person()) as turn:
        assert isinstance(turn, Turn)
        assert turn.path == path


def test_a_file_too_large_to_be_a_workbook_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "KQIs.xlsx"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)  # takes no room on the disk
    with pytest.raises(FileTrouble, match="a workbook of more than 268,435,456 is not read"):
        look(path)
    with pytest.raises(FileTrouble, match="a workbook of"), refreshing(path):
        pass
    assert os.listdir(tmp_path) == ["KQIs.xlsx"]
