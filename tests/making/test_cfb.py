"""A compound file as olefile, which is not ours, reads it back."""

from __future__ import annotations

import io
import random

import olefile  # type: ignore[import-untyped]
import pytest

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.making.cfb import Storage, compound_file


def read_back(data: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


# at the sizes where a mini sector, the mini stream, a sector and an allocation table end
@pytest.mark.parametrize(
    "size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 4608, 127 * 512, 128 * 512, 129 * 512, 1_000_000]
)
def test_a_stream_of_any_size_comes_back(size: int) -> None:
    content = random.Random(size).randbytes(size)
    assert read_back(compound_file({"content": content})) == {"content": content}


def test_storages_hold_streams_of_their_own() -> None:
    tree: Storage = {"VBA": {"dir": b"a", "Sheet1": b"b" * 5000}, "PROJECT": b"c", "Empty": b""}
    assert read_back(compound_file(tree)) == {
        "VBA/dir": b"a",
        "VBA/Sheet1": b"b" * 5000,
        "PROJECT": b"c",
        "Empty": b"",
    }


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 50])
def test_every_stream_is_found_by_its_name(count: int) -> None:
    tree = {f"{'x' * (number % 5)}Stream{number}": bytes([number]) for number in range(count)}
    assert read_back(compound_file(tree)) == tree


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 50])
def test_a_search_down_the_tree_finds_every_name(count: int) -> None:
    """Windows looks a name up by shorter first, then by upper case ([MS-CFB] 2.6.4)."""
    names = [f"{'xY_'[number % 3] * (number % 5)}{number}" for number in range(count)]
    with olefile.OleFileIO(compound_file(dict.fromkeys(names, b"1"))) as file:
        entries = {number: entry for number, entry in enumerate(file.direntries) if entry}
    for name in names:
        at = entries[0].sid_child
        while at in entries and entries[at].name != name:
            wanted, here = order(name), order(entries[at].name)
            at = entries[at].sid_left if wanted < here else entries[at].sid_right
        assert at in entries, name


def order(name: str) -> tuple[int, str]:
    return len(name), name.upper()


def test_the_same_content_gives_the_same_bytes() -> None:
    tree = {"a": b"1" * 100, "b": b"2" * 10_000}
    assert compound_file(tree) == compound_file(dict(reversed(tree.items())))


def test_what_the_header_cannot_list_is_refused() -> None:
    with pytest.raises(KQIWorkbookError, match="Shorten the macros"):
        compound_file({"content": bytes(8_000_000)})
