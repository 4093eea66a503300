"""A workbook where there was none: whole, or not there."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from kqi_workbook.books.share import save_new
from kqi_workbook.books.share.place import is_by_product
from kqi_workbook.errors import FileTrouble
from tests.share.making import NAME, NEW, OLD, accept, workbook


def test_a_new_workbook_is_as_meant_and_as_open_to_others_as_any_file(tmp_path: Path) -> None:
    save_new(tmp_path / NAME, NEW, accept)
    (tmp_path / "any").touch()
    assert (tmp_path / NAME).read_bytes() == NEW
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_what_is_there_already_stays(path: Path) -> None:
    with pytest.raises(FileTrouble, match=r"KQIs\.xlsx' is there already, and nothing was changed"):
        save_new(path, NEW)
    assert path.read_bytes() == OLD


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "came out damaged, in its list of parts. Nothing was changed"),
        (NEW.replace(b"new", b"nex"), "came out damaged, in mark.txt"),
    ],
)
def test_what_is_no_whole_zip_file_does_not_stay(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(FileTrouble, match=told):
        save_new(tmp_path / NAME, content)
    assert not list(tmp_path.iterdir())


def test_what_is_not_as_meant_does_not_stay(tmp_path: Path) -> None:
    def wrong(file: BinaryIO) -> None:
        assert file.read() == NEW
        raise ValueError("not what was meant")

    with pytest.raises(ValueError, match="not what was meant"):
        save_new(tmp_path / NAME, NEW, wrong)
    assert not list(tmp_path.iterdir())


def test_what_a_full_disk_cuts_short_does_not_stay(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(FileTrouble, match=r"Could not write .*: the file is larger than"):
            save_new(tmp_path / NAME, workbook("big", 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_killed_leaves_no_workbook_by_that_name(tmp_path: Path) -> None:
    path = tmp_path / NAME
    if (child := os.fork()) == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        save_new(path, workbook("big", 100_000))
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert [is_by_product(left) for left in tmp_path.iterdir()] == [True]
    save_new(path, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("links", [True, False])
def test_what_comes_while_we_write_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def theirs(file: BinaryIO) -> None:
        (tmp_path / NAME).write_bytes(OLD)

    if not links:
        monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(FileTrouble, match="is there already"):
        save_new(tmp_path / NAME, NEW, theirs)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [OLD]


def test_a_disk_without_links_gets_the_workbook_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _no_links)
    save_new(tmp_path / NAME, NEW)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [NEW]


def _no_links(source: str, target: str) -> None:
    raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileTrouble, match=r"Could not write .*: its folder is not there"):
        save_new(tmp_path / "nowhere" / NAME, NEW)
