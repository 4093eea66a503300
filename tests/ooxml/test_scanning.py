"""Scanning a sheet's bytes: what a parser would say, whatever became of the bytes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest

from kqi_workbook.books.cells import Value
from kqi_workbook.books.ooxml import scanning
from kqi_workbook.books.ooxml.sheet_cells import NUMBER, OTHER, SHARED, TRUTH, SheetCells
from kqi_workbook.errors import NotAWorkbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW = (
    '<row r="{0}" spans="1:3"><c r="A{0}" s="1"><v>4{0}7</v></c><c r="B{0}" t="s"><v>{0}</v></c>'
    '<c r="C{0}"><f>A{0}*2</f><v>8.5</v></c><c r="D{0}" t="str"><f>B{0}</f><v>x y</v></c>'
    '<c r="E{0}" t="e"><v>#N/A</v></c><c r="F{0}" s="3"/><c r="AA{0}" t="b"><v>1</v></c>'
    '<c r="AAA{0}" t="inlineStr"><is><t>A&amp;A</t></is></c><c r="AAB{0}" s="12345" t="inlineStr">'
    '<is><t xml:space="preserve"> x </t></is></c><c r="AAC{0}"><v>123456789012</v></c></row>'
)
SHEET = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="{MAIN}">'
    '<dimension ref="A1:AAC9"/><sheetData>{}</sheetData></worksheet>'
)


def sheet(rows: int) -> bytes:
    return SHEET.format("".join(ROW.format(row) for row in range(1, rows + 1))).encode()


def scan(part: bytes, *, cuts: Sequence[int] = ()) -> SheetCells:
    edges = [0, *sorted(cuts), len(part)]
    return scanning.scan(lambda: [part[a:b] for a, b in pairwise(edges) if a < b], "sheet")


def by_parser(part: bytes) -> SheetCells:
    """The same part scanned as a tree, for which a comment is enough."""
    return scan(part.replace(b"<sheetData>", b"<sheetData><!-- -->", 1))


def said(cells: SheetCells) -> list[tuple[int, int, int, int, Value]]:
    found = []
    for i, kind in enumerate(cells.kinds.tolist()):
        number = float(cells.numbers[i])
        value = cells.others[int(number)] if kind == OTHER else number
        place = int(cells.rows[i]), int(cells.columns[i]), int(cells.styles[i])
        found.append((*place, kind, value))
    return sorted(found, key=str)


def test_cells_are_found_with_place_style_and_kind() -> None:
    found = said(scan(sheet(1)))
    assert [(row, column, style, kind) for row, column, style, kind, _ in found] == [
        (1, 1, 1, NUMBER),
        (1, 2, 0, SHARED),
        (1, 27, 0, TRUTH),
        (1, 3, 0, NUMBER),
        (1, 4, 0, OTHER),
        (1, 5, 0, OTHER),
        (1, 703, 0, OTHER),
        (1, 704, 12345, OTHER),
        (1, 705, 0, NUMBER),
    ]
    assert {" x ", 123456789012.0} <= {value for *_, value in found}


@pytest.mark.parametrize("seed", range(8))
def test_a_part_says_the_same_however_it_comes_in_pieces(seed: int) -> None:
    part = sheet(40)
    chance = random.Random(seed)
    cuts = chance.sample(range(len(part)), chance.choice([1, 5, 50]))
    assert said(scan(part, cuts=cuts)) == said(scan(part))


def test_a_part_may_be_cut_in_any_of_its_tags() -> None:
    part = sheet(3)
    whole = said(scan(part))
    for cut in range(part.index(b"<sheetData>"), len(part)):
        assert said(scan(part, cuts=[cut])) == whole


def test_a_part_whose_rows_do_not_end_is_left_to_the_parser() -> None:
    part = sheet(3)
    with pytest.raises(NotAWorkbook, match="damaged"):
        scan(part[: part.index(b"</sheetData>")], cuts=[500])


def test_a_part_longer_than_a_piece_is_read_whole() -> None:
    part = sheet(7_000)
    assert len(part) > 2 << 20
    assert said(scan(part, cuts=range(0, len(part), 1 << 20))) == said(by_parser(part))


def test_a_row_longer_than_a_piece_is_read_whole() -> None:
    text = "word " * 300_000
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'
    part = SHEET.format(row + ROW.format(2)).encode()
    found = said(scan(part, cuts=range(0, len(part), 1 << 18)))
    assert (1, 1, 0, OTHER, text) in found
    assert len(found) == 10


def test_rows_without_cells_are_passed_over() -> None:
    part = SHEET.format('<row r="1"/><row r="2"></row>' + ROW.format(3) + '<row r="4"/>').encode()
    assert {row for row, *_ in said(scan(part))} == {3}


@pytest.mark.parametrize("number", ["2x", "x", "0", "1048577", "12345678", "-1"])
def test_a_row_without_a_number_that_excel_knows_is_damage(number: str) -> None:
    part = sheet(3).replace(b'<row r="2"', f'<row r="{number}"'.encode())
    with pytest.raises(NotAWorkbook, match="damaged"):
        scan(part)


def test_texts_with_an_ampersand_are_read_without_a_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def row(number: int, text: str) -> str:
        cell = f'<c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        return f'<row r="{number}">{cell}</row>'

    written = ["Bears &amp; Co", "&lt;b&gt;", "&quot;so&apos;", "&amp;lt;"]
    by_itself = "line&#10;two"
    part = SHEET.format("".join(map(row, range(1, 6), [*written, by_itself]))).encode()
    monkeypatch.setattr(scanning, "add_cell", lambda *_: None)
    texts = [value for *_, value in said(scan(part))]
    assert sorted(map(str, texts)) == sorted(["Bears & Co", "<b>", "\"so'", "&lt;"])


@pytest.mark.parametrize("text", ["a & b", "a &foo; b", "a &amp b", "&#xZ;"])
def test_an_entity_that_xml_does_not_know_is_damage(text: str) -> None:
    part = sheet(2).replace(b"A&amp;A", text.encode(), 1)
    with pytest.raises(NotAWorkbook, match="damaged"):
        scan(part)


def test_what_is_neither_true_nor_false_is_damage() -> None:
    part = sheet(2).replace(b't="b"><v>1<', b't="b"><v>9<', 1)
    with pytest.raises(NotAWorkbook, match="9 is neither true nor false"):
        scan(part)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_read_as_a_parser_reads_them_or_are_refused(seed: int) -> None:
    chance = random.Random(seed)
    whole = sheet(3)
    for _ in range(250):
        part = _damaged(whole, chance)
        try:
            found = said(scan(part))
        except NotAWorkbook:
            continue
        try:
            expected = said(by_parser(part))
        except NotAWorkbook:
            continue  # damaged where no value stands
        assert found == expected, part


def _damaged(part: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(part)
    for _ in range(chance.choice([1, 1, 2, 3])):
        at, other = chance.randrange(len(damaged)), chance.randrange(len(damaged))
        match chance.randrange(4):
            case 0:
                damaged[at] = chance.choice(b'<>/"= &crvs19\x00\xff;')
            case 1:
                del damaged[at : at + chance.randrange(1, 12)]
            case 2:
                damaged[at:at] = damaged[other : other + chance.randrange(1, 30)]
            case _:
                damaged[at] ^= 1 << chance.randrange(8)
    return bytes(damaged)
