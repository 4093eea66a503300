"""What many places of a text say, against what Python says of each by itself."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kqi_workbook.books.ooxml.byte_words import LONGEST_DISTINCT, ROOM, ByteWords, Places


def joined(pieces: list[bytes]) -> tuple[ByteWords, Places, Places]:
    """The pieces in a row, each after sixteen bytes of something else: where they begin, where
    they end."""
    text, first, last = b"", [], []
    for piece in pieces:
        text += b"<c r='1' s='23'>"
        first.append(len(text))
        text += piece
        last.append(len(text))
    return ByteWords(text + ROOM), np.array(first, np.intp), np.array(last, np.intp)


def test_the_bytes_from_any_place_on_are_a_word() -> None:
    text = bytes(random.Random(1).randbytes(200))
    words = ByteWords(text + ROOM).at(np.arange(200))
    expected = [int.from_bytes((text + ROOM)[i : i + 8], "little") for i in range(200)]
    assert words.tolist() == expected


@pytest.mark.parametrize("digits", range(1, 16))
def test_numbers_are_read_up_to_where_they_end(digits: int) -> None:
    chance = random.Random(digits)
    pieces = [f"{chance.randrange(10**digits):0{digits}}".encode() for _ in range(50)]
    text, first, last = joined(pieces)
    numbers, whole = text.numbers_to(last, last - first)
    assert whole.all()
    assert numbers.tolist() == [float(piece) for piece in pieces]


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "1x",
        "x1",
        "1 ",
        "/",
        ":",
        "-1",
        "1.5",
        "1e5",
        "12345678x",
        "x12345678",
        "\x85",
        "1" * 16,
    ],
)
def test_what_is_not_digits_alone_is_no_whole_number(text: str) -> None:
    words, first, last = joined([text.encode("latin-1")])
    assert not words.numbers_to(last, last - first)[1].any()


@pytest.mark.parametrize(
    ("text", "number", "digits"),
    [(b'7"', 7, 1), (b'1048576"', 1048576, 7), (b"12x4", 12, 2), (b'"', 0, 0), (b"\xb212", 0, 0)],
)
def test_a_number_is_read_from_where_it_begins(text: bytes, number: int, digits: int) -> None:
    words, first, _ = joined([text])
    numbers, length = words.numbers_from(first)
    assert (numbers.tolist(), length.tolist()) == ([number], [digits])


def test_texts_of_any_length_are_told_apart() -> None:
    wanted = b' s="12345" t="inlineStr">'
    pieces = [wanted[:i] for i in range(len(wanted) + 1)] * 2
    text, first, _ = joined(pieces)
    assert text.says(first, wanted).tolist() == [piece == wanted for piece in pieces]


def test_different_pieces_are_found_and_each_place_has_its_own() -> None:
    chance = random.Random(7)
    known = [chance.randbytes(length) for length in range(1, LONGEST_DISTINCT + 1)]
    pieces = [chance.choice(known) for _ in range(500)]
    text, first, last = joined(pieces)
    which, found, certain = text.distinct(first, last - first)
    assert certain.all()
    assert [found[place] for place in which.tolist()] == pieces
    assert len(found) == len(set(pieces))
