"""The zip file around a workbook: read with guards, written back member by member as it was.

Members that do not change keep their local header, compressed bytes and place. Nothing is taken
from the clock, so that the same changes give the same bytes.
"""

from __future__ import annotations

import copy
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from kqi_workbook.books.by_name import ByName
from kqi_workbook.errors import NotAWorkbook

LARGEST_PART = 320 << 20  # 600,000 rows of 12 columns; patching takes three times its size
MOST_MEMBERS = 65_535
LARGEST_RATIO = 250  # beside deflate's ceiling of 1032; sheets of one repeated row reach about 100
RATIO_COUNTS_FROM = 8 << 20

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DESCRIPTOR_FOLLOWS = 0x08
_LOCKED = 0x01
_NAME_IS_UTF8 = 0x800
_ZIP64 = 1
_PIECE = 2 << 20  # bytes unpacked at once: smaller ones are slower to scan, larger ones no faster
_LEVEL = 4  # 100,000 rows by 12: 0.6 s, where level 6 takes 1.5 s and saves 6% of the bytes


class Archive:
    """The members of a zip file, as they stood when it was read.

    The file is read whole and let go at once: no handle stays open, and what a refresh reads and
    what it writes come from the same moment.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        if data.startswith(_COMPOUND_FILE):
            raise NotAWorkbook(_what_compound_file(data, name))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise NotAWorkbook(_why_not_zip(data, name)) from error
        self.order = self._zip.infolist()
        self._refuse_what_is_unsafe()
        self.members = ByName({member.filename: member for member in self.order})

    def _refuse_what_is_unsafe(self) -> None:
        if len(self.order) > MOST_MEMBERS:
            raise NotAWorkbook(f"{self.name} holds {len(self.order):,} members; it is not read.")
        seen: set[str] = set()
        reached = 0
        for member in sorted(self.order, key=lambda m: m.header_offset):
            name = member.filename.casefold()
            if name in seen:
                raise NotAWorkbook(
                    f"{self.name} holds {member.filename} twice, so that programs disagree on "
                    "what it says. Open it in Excel and save it again."
                )
            seen.add(name)
            if member.flag_bits & _LOCKED:
                raise NotAWorkbook(f"{self.name} is a zip file locked by a password.")
            if member.header_offset < reached:
                raise NotAWorkbook(f"{self.name} is damaged: its members overlap.")
            reached = member.header_offset + _LOCAL.size + member.compress_size
        if reached > len(self.data):
            raise NotAWorkbook(f"{self.name} is damaged: it ends too early. Get a fresh copy.")

    def check_size(self, member: str) -> None:
        """Refuse a member whose declared size is more than a workbook's part ever is."""
        info = self.members[member]
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > LARGEST_PART or (
            info.file_size > RATIO_COUNTS_FROM and ratio > LARGEST_RATIO
        ):
            raise NotAWorkbook(
                f"{self.name}: {info.filename} would unpack from {info.compress_size:,} to "
                f"{info.file_size:,} bytes, more than a workbook's part ever does; it is not read."
            )

    def read(self, member: str) -> bytes:
        """The member's content."""
        return b"".join(self.pieces(member))

    def pieces(self, member: str) -> Iterator[bytes]:
        """The member's content, unpacked bit by bit: a large one is never in memory as a whole.

        That it is whole and undamaged is certain only when the last piece has come.
        """
        info = self.members[member]
        self.check_size(member)
        try:
            with self._zip.open(info) as packed:
                while piece := packed.read(_PIECE):
                    yield piece
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            ValueError,
            struct.error,
            RuntimeError,
        ) as error:
            raise NotAWorkbook(
                f"{self.name} is damaged: {info.filename} cannot be unpacked ({error})."
            ) from error

    def packed(self, member: str) -> bytes:
        """The member as it lies in the file, its header included."""
        local = self._local(self.members[member])
        return self.data[local.start : local.end]

    def write(self, target: IO[bytes], changed: Mapping[str, bytes], dropped: set[str]) -> None:
        """Write the archive with some members' content changed and some left out."""
        at, directory, count = 0, bytearray(), 0
        for member in self.order:
            if member.filename in dropped:
                continue
            local = self._local(member)
            if member.filename in changed:
                member, record = local.pack(changed[member.filename])
            else:
                record = self.data[local.start : local.end]
            directory += _central_record(member, local.raw_name, at)
            target.write(record)
            at += len(record)
            count += 1
        target.write(directory)
        comment = self._zip.comment
        end = (b"PK\x05\x06", 0, 0, count, count, len(directory), at, len(comment))
        target.write(_END.pack(*end) + comment)

    def _local(self, member: zipfile.ZipInfo) -> _Local:
        start = member.header_offset
        header = self.data[start : start + _LOCAL.size]
        if len(header) == _LOCAL.size and header[:4] == b"PK\x03\x04":
            _, _, flags, *_, name_length, extra_length = _LOCAL.unpack(header)
            name_from = start + _LOCAL.size
            data_from = name_from + name_length + extra_length
            end = data_from + member.compress_size
            if flags & _DESCRIPTOR_FOLLOWS:
                extra = self.data[data_from - extra_length : data_from]
                end += _descriptor_size(self.data[end : end + 8], extra, member.CRC)
            if end <= len(self.data):
                raw_name = self.data[name_from : name_from + name_length]
                return _Local(member, start, end, raw_name)
        raise NotAWorkbook(f"{self.name} is damaged at its member {member.filename}.")


@dataclass(frozen=True)
class _Local:
    """Where a member lies in the file, its header and any data descriptor included."""

    member: zipfile.ZipInfo
    start: int
    end: int
    raw_name: bytes

    def pack(self, content: bytes) -> tuple[zipfile.ZipInfo, bytes]:
        """The member with other content, its name, time and attributes kept."""
        squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        data = squeeze.compress(content) + squeeze.flush()
        member = copy.copy(self.member)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.flag_bits &= _NAME_IS_UTF8
        member.CRC, member.compress_size, member.file_size = (
            zlib.crc32(content),
            len(data),
            len(content),
        )
        header = _LOCAL.pack(
            b"PK\x03\x04",
            20,
            member.flag_bits,
            member.compress_type,
            *_dos_time(member),
            member.CRC,
            member.compress_size,
            member.file_size,
            len(self.raw_name),
            0,
        )
        return member, header + self.raw_name + data


def _central_record(member: zipfile.ZipInfo, raw_name: bytes, at: int) -> bytes:
    extra = b"".join(
        struct.pack("<2H", kind, len(body)) + body
        for kind, body in _extra_fields(member.extra)
        if kind != _ZIP64  # sizes and offsets fit their own fields: no file here reaches 4 GB
    )
    return (
        _CENTRAL.pack(
            b"PK\x01\x02",
            member.create_version | member.create_system << 8,
            member.extract_version,
            member.flag_bits,
            member.compress_type,
            *_dos_time(member),
            member.CRC,
            member.compress_size,
            member.file_size,
            len(raw_name),
            len(extra),
            len(member.comment),
            0,
            member.internal_attr,
            member.external_attr,
            at,
        )
        + raw_name
        + extra
        + member.comment
    )


def _dos_time(member: zipfile.ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = member.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        yield kind, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _descriptor_size(found: bytes, extra: bytes, crc: int) -> int:
    size = 20 if _ZIP64 in dict(_extra_fields(extra)) else 12
    return size + 4 if found == b"PK\x07\x08" + struct.pack("<I", crc) else size


def _what_compound_file(data: bytes, name: str) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("DRMEncrypted"):
        return f"{name} is encrypted by a sensitivity label. Save a copy without the label's lock."
    if holds("EncryptedPackage"):
        return (
            f"{name} is locked by a password. In Excel: File, Info, Protect Workbook, "
            "Encrypt with Password, empty the box, and save."
        )
    if holds("Workbook") or holds("Book"):
        return f"{name} is an old .xls workbook. In Excel, save it as an Excel Workbook (.xlsx)."
    return f"{name} is not an Excel workbook (.xlsx or .xlsm), but some other Office file."


def _why_not_zip(data: bytes, name: str) -> str:
    if not data:
        return f"{name} is empty (0 bytes)."
    if data.startswith(b"PK"):
        return f"{name} is damaged or only partly copied: its zip file cannot be read."
    return f"{name} is not an Excel workbook (.xlsx or .xlsm), whatever its name says."
