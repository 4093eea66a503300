"""What the disk gives back is looked through, but for what is packed as it was before."""

from __future__ import annotations

import io
import zipfile

import pytest

from kqi_workbook.books.share.read_back import check_read_back
from kqi_workbook.errors import FileTrouble

PICTURE = b"picture " * 500


def packed(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2014, 4, 1, 9, 0, 0)), content)
    return file.getvalue()


def spoilt(data: bytes, name: str) -> bytes:
    """The file with a byte changed in the middle of a member's packed bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = archive.getinfo(name)
    at = member.header_offset + 30 + len(name) + member.compress_size // 2
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def test_a_member_that_was_damaged_before_stands_in_nobodys_way() -> None:
    old = spoilt(packed(sheet=b"old", picture=PICTURE), "picture")
    new = spoilt(packed(sheet=b"new", picture=PICTURE), "picture")
    check_read_back("KQIs.xlsx", new, new, "", old)


@pytest.mark.parametrize("old", [b"", b"no zip file", packed(sheet=b"old", picture=PICTURE)])
def test_a_member_that_was_whole_before_is_to_be_whole(old: bytes) -> None:
    new = spoilt(packed(sheet=b"new", picture=PICTURE), "picture")
    with pytest.raises(FileTrouble, match=r"came out damaged, in picture\. It is as it was"):
        check_read_back("KQIs.xlsx", new, new, "It is as it was.", old)


def test_a_member_that_was_written_is_to_be_whole() -> None:
    old = packed(sheet=b"old rows " * 500, picture=PICTURE)
    new = spoilt(packed(sheet=b"new rows " * 500, picture=PICTURE), "sheet")
    with pytest.raises(FileTrouble, match="came out damaged, in sheet"):
        check_read_back("KQIs.xlsx", new, new, "", old)
