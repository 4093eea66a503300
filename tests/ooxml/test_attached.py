from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kqi_workbook.books.ooxml.attached import Place, move_attached
from kqi_workbook.books.ooxml.package import Package
from tests.conftest import Validator
from tests.ooxml.workbooks import by_openpyxl, edited, make, part_of, saved, with_parts
from tests.support.validator import new_faults

COMMENTS = "xl/comments1.xml"
DRAWING = "xl/drawings/vmlDrawing1.vml"
LINKS = "xl/worksheets/_rels/sheet1.xml.rels"
THREADS = "xl/threadedComments/threadedComment1.xml"
MICROSOFT = "http://schemas.microsoft.com/office"
D4, D5, D6, D7 = (4, 4), (5, 4), (6, 4), (7, 4)
SWAPPED = {D4: D5, D5: D4}


def noted(book: Any, sheet: Any) -> None:
    sheet.write_comment("D4", "about four")
    sheet.write_comment("D5", "about five")
    sheet.write_comment("E5", "beside it")
    sheet.write_url("D5", "https://example.org/5", string="five")


def moved(data: bytes, moves: dict[Place, Place]) -> bytes:
    package = Package.of_bytes(data)
    move_attached(package.sheet("Data"), moves)
    return saved(package)


def notes(data: bytes) -> dict[str, str]:
    cells = (cell for row in by_openpyxl(data) for cell in row if cell.comment)
    return {cell.coordinate: cell.comment.text.splitlines()[-1] for cell in cells}


def boxes(data: bytes) -> list[tuple[str, ...]]:
    """Top, bottom, row and column of each note's box."""
    pattern = r"<x:Anchor>\s*\d+, \d+, (\d+), \d+, \d+, \d+, (\d+), \d+</x:Anchor>.*?"
    pattern += r"<x:Row>(\d+)</x:Row>\s*<x:Column>(\d+)<"
    return re.findall(pattern, part_of(data, DRAWING), re.DOTALL)


def test_a_note_its_box_and_a_link_go_together() -> None:
    before = make(noted)
    after = moved(before, SWAPPED)
    assert notes(after) == {"D4": "about five", "D5": "about four", "E5": "beside it"}
    assert boxes(before) == [("2", "6", "3", "3"), ("3", "7", "4", "3"), ("3", "7", "4", "4")]
    assert boxes(after) == [("3", "7", "4", "3"), ("2", "6", "3", "3"), ("3", "7", "4", "4")]
    assert by_openpyxl(after)["D4"].hyperlink.target == "https://example.org/5"
    assert moved(after, {D4: D4, D5: D5}) == after


def test_what_lies_where_another_cell_goes_takes_a_place_left_free() -> None:
    after = moved(make(noted), {D5: D4, D6: D5})
    assert notes(after) == {"D4": "about five", "D6": "about four", "E5": "beside it"}


def test_what_takes_a_free_place_stays_in_its_column() -> None:
    def fill(book: Any, sheet: Any) -> None:
        for cell in ("D4", "E5", "E6", "D7"):
            sheet.write_comment(cell, f"from {cell}")

    after = moved(make(fill), {D4: D7, (5, 5): (6, 5)})
    assert notes(after) == {"D7": "from D4", "E6": "from E5", "E5": "from E6", "D4": "from D7"}


def test_a_thread_goes_with_its_note() -> None:
    thread = '<threadedComment ref="D4" id="{21111111-2222-4333-8444-555555555555}"/>'
    space = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
    parts = {THREADS: f'<ThreadedComments xmlns="{space}">{thread}</ThreadedComments>'}
    link = (
        f'<Relationship Id="rId9" Target="../threadedComments/threadedComment1.xml" '
        f'Type="{MICROSOFT}/2017/10/relationships/threadedComment"/></Relationships>'
    )
    data = edited(with_parts(make(noted), parts), LINKS, ("</Relationships>", link))
    assert 'ref="D5"' in part_of(moved(data, SWAPPED), THREADS)


@pytest.mark.parametrize(
    "change",
    [
        ("<x:Row>3</x:Row>", "<x:Row>8</x:Row>"),
        ("<x:Row>3</x:Row>", "<x:Row>?</x:Row>"),
        ("<x:Row>3</x:Row>", ""),
        ("</xml>", "<br></xml>"),
    ],
)
def test_notes_whose_boxes_are_odd_stay_where_they_are(change: tuple[str, str]) -> None:
    data = edited(make(noted), DRAWING, change)
    after = moved(data, SWAPPED)
    assert [part_of(after, part) for part in (COMMENTS, DRAWING)] == [
        part_of(data, part) for part in (COMMENTS, DRAWING)
    ]


def test_a_drawing_that_says_nothing_of_where_a_box_is_drawn_is_no_hindrance() -> None:
    anchors = re.findall("<x:Anchor>.*?</x:Anchor>", part_of(make(noted), DRAWING), re.DOTALL)
    data = edited(make(noted), DRAWING, *((anchor, "") for anchor in set(anchors)))
    assert "D5" in notes(moved(data, {D4: D5, D5: D7}))


def test_the_file_is_as_valid_as_before(validator: Validator, tmp_path: Path) -> None:
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(make(noted))
    after.write_bytes(moved(make(noted), SWAPPED))
    assert new_faults(validator(before), validator(after)) == []
