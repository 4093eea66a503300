"""Compress a VBA project's text the way Office does ([MS-OVBA] 2.4.1).

Our own, because the package for it on PyPI (ms-ovba-compression 1.0.1) cannot itself read back what
it makes of an ordinary module of 4 KB. Section numbers are of [MS-OVBA].
"""

from __future__ import annotations

import struct

from kqi_workbook.errors import KQIWorkbookError

CHUNK = 4096  # uncompressed bytes a chunk (2.4.1.1.4)
SIGNATURE = b"\x01"  # of a compressed container (2.4.1.1.1)
COMPRESSED_CHUNK = 0xB000  # header flag and signature (2.4.1.1.5)
RAW_CHUNK = 0x3000
SHORTEST_COPY = 3


def compress(data: bytes) -> bytes:
    """The compressed container of these bytes (2.4.1.3.6)."""
    chunks = (data[start : start + CHUNK] for start in range(0, len(data), CHUNK))
    return SIGNATURE + b"".join(map(_compressed_chunk, chunks))


def _compressed_chunk(chunk: bytes) -> bytes:
    """One chunk with its header; as it is where compressing would make it longer (2.4.1.3.7)."""
    tokens = _token_sequences(chunk)
    if len(tokens) <= CHUNK:
        return struct.pack("<H", COMPRESSED_CHUNK | (len(tokens) - 1)) + tokens
    if len(chunk) < CHUNK:  # a raw chunk is always full: it would gain zero bytes
        raise KQIWorkbookError("A VBA module ends in bytes that cannot be compressed.")
    return struct.pack("<H", RAW_CHUNK | (CHUNK - 1)) + chunk


def _token_sequences(chunk: bytes) -> bytes:
    """Literal bytes and copies of what came before, eight to a flag byte (2.4.1.3.8)."""
    packed, at = bytearray(), 0
    while at < len(chunk):
        flags, tokens = 0, bytearray()
        for bit in range(8):
            length, offset = _longest_copy(chunk, at)
            if length:
                flags |= 1 << bit
                tokens += _copy_token(at, length, offset)
            else:
                length = 1
                tokens += chunk[at : at + 1]
            at += length
            if at >= len(chunk):
                break
        packed.append(flags)
        packed += tokens
    return bytes(packed)


def _offset_bits(at: int) -> int:
    """How many of a copy token's bits hold its offset: enough to reach 0 (2.4.1.3.19.1)."""
    return max(4, (at - 1).bit_length())


def _longest_copy(chunk: bytes, at: int) -> tuple[int, int]:
    """Length and offset of the longest earlier run that goes on from here (2.4.1.3.19.4).

    (0, 0) where none is long enough to be worth a token.
    """
    if at == 0:
        return 0, 0
    longest = min((0xFFFF >> _offset_bits(at)) + SHORTEST_COPY, len(chunk) - at)
    length, found = 0, at
    for wanted in range(SHORTEST_COPY, longest + 1):
        start = chunk.rfind(chunk[at : at + wanted], 0, at + wanted - 1)
        if start < 0:
            break
        length, found = wanted, start
    return (length, at - found) if length else (0, 0)


def _copy_token(at: int, length: int, offset: int) -> bytes:
    """A copy token (2.4.1.3.19.3)."""
    length_bits = 16 - _offset_bits(at)
    return struct.pack("<H", (offset - 1) << length_bits | (length - SHORTEST_COPY))
