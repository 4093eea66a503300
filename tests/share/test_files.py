"""Paths as Windows wants them, and the operations of this machine's own disk."""

from __future__ import annotations

import errno
import os
import sys
from functools import partial
from pathlib import Path

import pytest

from kqi_workbook.books.share import LOCAL, Busy
from kqi_workbook.books.share.files import LONGEST_PLAIN_PATH, extended

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="of mounted shares")

LONG = "\\".join(["folder of forty letters, more or less...."] * 6)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (r"C:\KQIs.xlsx", r"C:\KQIs.xlsx"),
        (r"KQIs.xlsx", r"KQIs.xlsx"),
        (r"\\server\board\KQIs.xlsx", r"\\server\board\KQIs.xlsx"),
        (rf"C:\{LONG}\KQIs.xlsx", rf"\\?\C:\{LONG}\KQIs.xlsx"),
        (rf"C:\x\..\{LONG}\.\KQIs.xlsx", rf"\\?\C:\{LONG}\KQIs.xlsx"),
        (rf"C:/{LONG}/KQIs.xlsx", rf"\\?\C:\{LONG}\KQIs.xlsx"),
        (rf"\\server\board\{LONG}\KQIs.xlsx", rf"\\?\UNC\server\board\{LONG}\KQIs.xlsx"),
        (rf"\\?\C:\{LONG}\KQIs.xlsx", rf"\\?\C:\{LONG}\KQIs.xlsx"),
    ],
)
def test_a_path_too_long_for_windows_gets_its_prefix(path: str, wanted: str) -> None:
    assert extended(path) == wanted


def test_the_prefix_begins_where_windows_stops() -> None:
    fits = "C:\\" + "x" * (LONGEST_PLAIN_PATH - 3)
    assert extended(fits) == fits
    assert extended(fits + "x") == "\\\\?\\" + fits + "x"


def test_a_new_file_never_writes_over_another(path: Path) -> None:
    with pytest.raises(FileExistsError):
        LOCAL.write_new(path, b"")


def test_a_folder_that_is_there_already_is_enough(path: Path) -> None:
    LOCAL.make_folder(path.parent)
    with pytest.raises(FileNotFoundError):
        LOCAL.make_folder(path.parent / "a" / "b")


def test_a_folder_that_is_not_there_has_no_names(path: Path) -> None:
    assert LOCAL.names(path.parent / "none") == []


def test_a_held_file_can_be_read_but_not_removed_by_others(path: Path) -> None:
    lock = path.with_name("lock")
    held = LOCAL.hold(lock, b"mine")
    assert LOCAL.read(lock) == b"mine"
    with pytest.raises(FileExistsError):
        LOCAL.hold(lock, b"theirs")
    with pytest.raises(Busy):
        LOCAL.remove_unheld(lock)
    held.release()
    assert not lock.exists()
    with pytest.raises(FileNotFoundError):
        LOCAL.remove_unheld(lock)


@on_posix
@pytest.mark.parametrize("operation", ["utime", "chmod"])
def test_a_share_that_calls_every_file_anothers_keeps_nobody_from_saving(
    path: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "as a share mounted by root for all refuses it")

    new = path.with_name("new")
    LOCAL.write_new(new, b"")
    monkeypatch.setattr(os, operation, refuse)
    LOCAL.keep_look(path, new)


@on_posix
def test_a_network_disk_that_cannot_force_names_to_the_disk_does_not_fail(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(code: int, _: int) -> None:
        raise OSError(code, "as the disk refuses it")

    monkeypatch.setattr(os, "fsync", partial(refuse, errno.EINVAL))
    LOCAL.sync_folder(path.parent)
    monkeypatch.setattr(os, "fsync", partial(refuse, errno.EIO))
    with pytest.raises(OSError, match="as the disk refuses it"):
        LOCAL.sync_folder(path.parent)
