from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from kqi_workbook.books.ooxml.archive import Archive
from kqi_workbook.errors import NotAWorkbook
from tests.ooxml.workbooks import make, with_parts


def rewritten(data: bytes, **changed: bytes) -> bytes:
    target = io.BytesIO()
    Archive(data, "a.xlsx").write(
        target, {k.replace("__", "/"): v for k, v in changed.items()}, set()
    )
    return target.getvalue()


def test_an_archive_without_changes_is_written_back_to_the_byte() -> None:
    data = make()
    assert rewritten(data) == data


def test_real_archives_are_written_back_to_the_byte(corpus: list[Path]) -> None:
    for path in corpus:
        assert rewritten(path.read_bytes()) == path.read_bytes(), path.name


def test_a_changed_member_keeps_its_name_place_time_and_attributes() -> None:
    data = make()
    after = rewritten(data, **{"docProps/core.xml": b"<new/>"})
    with zipfile.ZipFile(io.BytesIO(data)) as a, zipfile.ZipFile(io.BytesIO(after)) as b:
        assert b.testzip() is None
        assert a.namelist() == b.namelist()
        for old, new in zip(a.infolist(), b.infolist(), strict=True):
            assert (old.date_time, old.external_attr) == (new.date_time, new.external_attr)
            assert (old.CRC == new.CRC) is (old.filename != "docProps/core.xml")
        assert b.read("docProps/core.xml") == b"<new/>"


class Unseekable(io.RawIOBase):
    """What a zip file is streamed into: sizes then follow the data, as data descriptors."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.data += data
        return len(data)


@pytest.mark.parametrize("zip64", [False, True])
def test_streamed_members_keep_their_descriptors(zip64: bool) -> None:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "a.xml", "b.xml"):
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=zip64) as member:
                member.write(b"<x/>" * 50)
    data = bytes(stream.data)
    after = rewritten(data, **{"a.xml": b"<y/>"})
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.testzip() is None
        assert [archive.read(name) for name in archive.namelist()] == [
            b"<x/>" * 50,
            b"<y/>",
            b"<x/>" * 50,
        ]
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        start = old.getinfo("b.xml").header_offset
        assert data[start : old.start_dir] in after


def test_odd_extra_fields_comments_and_stored_members_are_kept() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("a.xml")
        info.extra = struct.pack("<2H", 0xA220, 4) + b"pads"
        info.comment = b"a member's comment"
        archive.writestr(info, b"<x/>")
        archive.writestr("b.xml", b"<x/>")
        archive.comment = b"the file's comment"
    assert rewritten(target.getvalue()) == target.getvalue()
    after = zipfile.ZipFile(io.BytesIO(rewritten(target.getvalue(), **{"b.xml": b"<y/>"})))
    assert after.getinfo("a.xml").extra == info.extra
    assert after.getinfo("a.xml").comment == info.comment
    assert after.comment == b"the file's comment"


def test_a_large_member_comes_in_pieces_and_is_held_against_its_checksum() -> None:
    content = random.Random(1).randbytes(5 << 20)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.xml", content)
    data = target.getvalue()
    pieces = list(Archive(data, "a.xlsx").pieces("a.xml"))
    assert len(pieces) > 1
    assert b"".join(pieces) == content == Archive(data, "a.xlsx").read("a.xml")
    spoilt = data.replace(content[-100:], bytes(100))
    with pytest.raises(NotAWorkbook, match=r"a\.xml cannot be unpacked"):
        list(Archive(spoilt, "a.xlsx").pieces("a.xml"))


def test_a_program_in_front_of_the_zip_file_does_not_confuse() -> None:
    data = make()
    assert rewritten(b"#!stub\n" + data) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"Month,Team\n", "is not an Excel workbook"),
        (b"<html>", "is not an Excel workbook"),
        (make()[:-100], "is damaged or only partly copied"),
        (b"PK\x03\x04", "is damaged or only partly copied"),
    ],
)
def test_what_is_no_zip_file_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(NotAWorkbook, match=rf"a\.xlsx {message}"):
        Archive(data, "a.xlsx")


def compound_file(*streams: str) -> bytes:
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + names


@pytest.mark.parametrize(
    ("streams", "message"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "locked by a password"),
        (("EncryptedPackage", "\x06DataSpaces", "DRMEncryptedDataSpace"), "sensitivity label"),
        (("Workbook",), "an old .xls workbook"),
        (("Book",), "an old .xls workbook"),
        (("WordDocument",), "some other Office file"),
    ],
)
def test_locked_and_old_files_are_told_apart(streams: tuple[str, ...], message: str) -> None:
    with pytest.raises(NotAWorkbook, match=message):
        Archive(compound_file(*streams), "a.xlsx")


def test_a_member_twice_is_refused_whatever_its_case() -> None:
    target = io.BytesIO(make())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("XL/Workbook.xml", b"<x/>")
    with pytest.raises(NotAWorkbook, match=r"XL/Workbook\.xml twice"):
        Archive(target.getvalue(), "a.xlsx")


def test_a_zip_file_with_a_password_is_refused() -> None:
    data = bytearray(make())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    with pytest.raises(NotAWorkbook, match="locked by a password"):
        Archive(bytes(data), "a.xlsx")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_parts(make(), {"xl/bomb.xml": b" " * (64 << 20)})
    archive = Archive(bomb, "a.xlsx")
    with pytest.raises(NotAWorkbook, match=r"would unpack from 65,\d+ to 67,108,864 bytes"):
        archive.read("xl/bomb.xml")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(with_parts(make(), {"xl/liar.xml": b" " * (64 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1000)
    with pytest.raises(NotAWorkbook, match=r"xl/liar\.xml cannot be unpacked"):
        Archive(bytes(data), "a.xlsx").read("xl/liar.xml")


def test_members_that_overlap_are_refused() -> None:
    data = bytearray(make())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    struct.pack_into("<I", data, second + 42, 10)
    with pytest.raises(NotAWorkbook, match="overlap"):
        Archive(bytes(data), "a.xlsx")


def test_a_damaged_member_is_named() -> None:
    data = bytearray(make())
    at = data.index(b"xl/workbook.xml") + 40
    data[at : at + 20] = bytes(20)
    with pytest.raises(NotAWorkbook, match=r"xl/workbook\.xml cannot be unpacked"):
        Archive(bytes(data), "a.xlsx").read("xl/workbook.xml")
