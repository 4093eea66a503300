"""What came back from the disk, held against what was written to it."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TypeAlias

from kqi_workbook.errors import FileTrouble

_PIECE = 1 << 20
_Packed: TypeAlias = tuple[int, int, int, bytes]


def check_read_back(name: str, back: bytes, meant: bytes, outcome: str, old: bytes = b"") -> None:
    """Check what the disk gave back: equal bytes speak for the disk, a whole zip file for us.

    A member packed as in the ``old`` workbook is as whole as it was there: one that was damaged
    before, and that nobody needed, keeps nobody from refreshing the rest.

    Raises FileTrouble, which ends with the ``outcome``.
    """
    if back != meant:
        raise FileTrouble(
            f"The disk gave back {len(back)} bytes for the new {name!r} that are not the "
            f"{len(meant)} written to it. {outcome} Try again; if it happens again, have the "
            "disk looked at."
        )
    broken = _broken(back, old)
    if broken is not None:
        raise FileTrouble(f"The new {name!r} came out damaged, in {broken}. {outcome}")


def _broken(data: bytes, old: bytes) -> str | None:
    """The first member that cannot be unpacked whole, of those that are not as in the old file."""
    kept = _members(old)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if kept.get(info.filename) == _packed(data, info):
                    continue
                try:
                    with archive.open(info) as member:
                        while member.read(_PIECE):
                            pass
                except (zipfile.BadZipFile, zlib.error, EOFError):
                    return info.filename
    except zipfile.BadZipFile:
        return "its list of parts"
    return None


def _members(data: bytes) -> dict[str, _Packed]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {info.filename: _packed(data, info) for info in archive.infolist()}
    except zipfile.BadZipFile:
        return {}


def _packed(data: bytes, info: zipfile.ZipInfo) -> _Packed:
    """A member's checksum, size, way of packing and packed bytes."""
    at = info.header_offset
    name, extra = (int.from_bytes(data[i : i + 2], "little") for i in (at + 26, at + 28))
    start = at + 30 + name + extra
    packed = data[start : start + info.compress_size]
    return info.CRC, info.file_size, info.compress_type, packed
