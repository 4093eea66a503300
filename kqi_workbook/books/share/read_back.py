"""What came back from the disk, held against what was written to it."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from kqi_workbook.errors import FileTrouble

_PIECE = 1 << 20
_NAME_AND_EXTRA = struct.Struct("<2H")  # their lengths, at 26 bytes into a member's own header
_HEADER = 30


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
    broken = _broken(back, _members(old))
    if broken is not None:
        raise FileTrouble(f"The new {name!r} came out damaged, in {broken}. {outcome}")


def _broken(data: bytes, kept: Mapping[str, object]) -> str | None:
    """The first member that cannot be unpacked whole, of those that are not kept."""
    packed = _members(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name in kept and kept[name] == packed.get(name):
                    continue
                try:
                    with archive.open(name) as member:
                        while member.read(_PIECE):
                            pass
                except (zipfile.BadZipFile, zlib.error, EOFError):
                    return name
    except zipfile.BadZipFile:
        return "its list of parts"
    return None


def _members(data: bytes) -> dict[str, object]:
    """How each member is packed, and the packed bytes; nothing of what is no zip file."""
    found: dict[str, object] = {}
    with (
        contextlib.suppress(zipfile.BadZipFile, struct.error),
        zipfile.ZipFile(io.BytesIO(data)) as archive,
    ):
        for member in archive.infolist():
            lengths = _NAME_AND_EXTRA.unpack_from(data, member.header_offset + 26)
            start = member.header_offset + _HEADER + sum(lengths)
            packed = data[start : start + member.compress_size]
            found[member.filename] = member.CRC, member.file_size, member.compress_type, packed
    return found
