"""Compression as oletools, which is not ours, undoes it; and the specification's own examples."""

from __future__ import annotations

import random

import pytest
from oletools.olevba import decompress_stream

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.making.vba_compression import compress


def decompress(data: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(data)))


# [MS-OVBA] 3.2.1 and 3.2.3; its 3.2.2 is not what its own algorithm gives
@pytest.mark.parametrize(
    ("text", "container"),
    [
        (b"abcdefghijklmnopqrstuv.", "0119B000616263646566676800696A6B6C6D6E6F70007172737475762E"),
        (b"a" * 73, "0103B002614500"),
    ],
    ids=["nothing repeats", "one letter repeats"],
)
def test_the_specifications_examples(text: bytes, container: str) -> None:
    assert compress(text) == bytes.fromhex(container)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4095, 4096, 4097, 8191, 8192, 8193, 50_000])
def test_text_of_any_length_comes_back(size: int) -> None:
    words = random.Random(size).choices([b"Public ", b"Sub ", b"x = 1\r\n", b"' note\r\n"], k=size)
    text = b"".join(words)[:size]
    assert decompress(compress(text)) == text


@pytest.mark.parametrize("period", [1, 2, 3, 15, 16, 17, 31, 32, 33, 2047, 2048, 2049, 4095])
def test_repeats_at_any_distance_come_back(period: int) -> None:
    """The bits of a copy's offset grow at each power of two."""
    text = (random.Random(period).randbytes(period) * 5000)[:6000].ljust(8192, b" ")
    assert decompress(compress(text)) == text


def test_a_chunk_that_would_grow_is_kept_as_it_is() -> None:
    noise = random.Random(1).randbytes(4096)
    assert decompress(compress(noise)) == noise
    assert len(compress(noise)) == 1 + 2 + 4096


def test_a_last_chunk_that_would_gain_bytes_is_refused() -> None:
    with pytest.raises(KQIWorkbookError, match="cannot be compressed"):
        compress(random.Random(1).randbytes(4095))


def test_source_code_gets_much_smaller() -> None:
    assert len(compress(b"    Dim problem As String\r\n" * 500)) < 1000
