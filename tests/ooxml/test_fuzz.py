"""Random values, tables and damage: no crash, no hang, no file that is not whole.

The seeds are fixed and the budget small. ``KQI_FUZZ=50`` makes it fifty times as long, by hand.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from kqi_workbook.books.book import AddRows, SetRows
from kqi_workbook.books.cells import CellError, Value
from kqi_workbook.books.ooxml.addresses import cell_name
from kqi_workbook.books.ooxml.looks import Look
from kqi_workbook.books.ooxml.package import Package
from kqi_workbook.books.ooxml.rules import FormulaRule, IconRule, lay_rules
from kqi_workbook.errors import CannotPatch, KQIWorkbookError

from .test_table import commentary, with_notes, with_totals
from .workbooks import again, by_openpyxl, make, saved, with_parts, written

LONGER = int(os.environ.get("KQI_FUZZ", "1"))
MEMORY = 1 << 30


def fuzz(examples: int) -> settings:
    return settings(
        derandomize=LONGER == 1,
        max_examples=examples * LONGER,
        deadline=dt.timedelta(seconds=10),
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module", autouse=True)
def memory_limit() -> Iterator[None]:
    """Whoever asks for another gigabyte gets a MemoryError, which no test expects."""
    if sys.platform != "linux":
        yield
        return
    import resource

    with open("/proc/self/statm") as statm:
        used = int(statm.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


# ---- values

texts = st.text(st.characters(codec="utf-8"), max_size=40)
values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.sampled_from(["=1+1", "+1", "@x", "\t=1", "_x000B_", " a ", "\r\n", "1", "TRUE", "#N/A"]),
    st.dates(dt.date(1904, 1, 2)),
    st.datetimes(dt.datetime(1904, 1, 2), dt.datetime(9999, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.sampled_from([CellError("#N/A"), CellError("#DIV/0!")]),
)
cells = st.dictionaries(
    st.tuples(st.integers(1, 60), st.integers(1, 40)), values, min_size=1, max_size=25
)


@fuzz(100)
@given(cells, st.booleans())
def test_any_values_come_back(written: dict[tuple[int, int], Value], date1904: bool) -> None:
    data = make(date_1904=date1904)
    package = Package.of_bytes(data)
    sheet = package.sheet("Data")
    for (row, column), value in written.items():
        sheet.set(cell_name(row, column), value)
    after = again(package)
    for (row, column), value in written.items():
        back = after.sheet("Data").value_at(row, column)
        if value == "" or value is None:
            assert back is None
        elif isinstance(value, dt.datetime):
            moment = back if isinstance(back, dt.datetime) else dt.datetime.combine(back, dt.time())  # type: ignore[arg-type]
            assert abs(moment - value) <= dt.timedelta(milliseconds=1)
        else:
            assert back == value
            assert isinstance(back, str) is isinstance(value, str)
        after.sheet("Data").set(cell_name(row, column), value)
    assert not after.changed
    theirs = by_openpyxl(after.data)
    for (row, column), value in written.items():
        if isinstance(value, (bool, int, float)):
            assert theirs.cell(row, column).value == value
        assert theirs.cell(row, column).data_type != "f"


# ---- tables

rows = st.lists(st.tuples(texts, st.integers(0, 99)), max_size=8)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("set_rows"), rows),
        st.tuples(st.just("append"), rows),
        st.tuples(st.just("resize"), st.integers(0, 9)),
        st.tuples(st.just("save"), st.none()),
    ),
    min_size=1,
    max_size=6,
)


@fuzz(60)
@given(st.sampled_from([commentary, with_totals, with_notes]), deeds)
def test_tables_stay_whole(fill: Callable[[Any, Any], None], todo: list[tuple[str, Any]]) -> None:
    package = Package.of_bytes(_made(fill))
    held: list[list[Value]] | None = None
    for deed, what in todo:
        table = package.table("Points")
        columns = table.info.columns[:2]
        try:
            if deed == "set_rows":
                package = written(package, SetRows("Points", columns, tuple(what)))
                held = [[text or None, number] for text, number in what]
            elif deed == "append":
                package = written(package, AddRows("Points", columns, tuple(what)))
                held = None if held is None else held + [[t or None, n] for t, n in what]
            elif deed == "resize":
                table.resize(what)
            else:
                package = again(package)
        except CannotPatch as refusal:
            assert deed == "resize", refusal
    data = saved(package)
    after = Package.of_bytes(data)
    info = after.tables["Points"]
    assert by_openpyxl(data).tables["Points"].ref == str(info.area)
    if held is not None:
        read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Data")
        lines = read.to_python(skip_empty_area=False)
        top, left = info.body.top - 1, info.body.left - 1
        found = [[cell or None for cell in line[left : left + 1]] for line in lines[top:]]
        assert [line[0] for line in found[: len(held)]] == [line[0] for line in held]
    if info.totals_rows:
        assert after.sheet("Data").value_at(info.area.bottom, info.area.left) == "Total"
    if fill is with_notes:
        notes = [c.value for column in by_openpyxl(data).columns for c in column]
        assert {"A note of staff", "merged", "a link", "beside it"} <= set(notes)


@cache
def _made(fill: Callable[[Any, Any], None]) -> bytes:
    return make(fill)


# ---- damage


def use(data: bytes) -> None:
    """Do to a workbook all that a refresh does; it may be refused, but nothing else."""
    try:
        package = Package.of_bytes(data)
        for name, table in package.tables.items():
            added = AddRows(name, table.columns[:1], (("new",), (dt.date(2014, 3, 31),)))
            package = written(package, added, SetRows(name, table.columns[1:2], ((1,),) * 3))
        for name in package.sheet_names:
            sheet = package.sheet(name)
            for address in ("A1", "B4", "C9", "AA100"):
                sheet.value(address)
                sheet.formula(address)
                sheet.set(address, "text")
                sheet.set(address, dt.datetime(2014, 3, 31))
            look = Look(fill="FFC7CE")
            lay_rules(
                sheet,
                {
                    "B2:B9": [FormulaRule('B2="R"', look)],
                    "C2:C9": [IconRule("3Arrows", (("percent", 0), ("num", 0), ("num", 1)))],
                },
            )
        content = saved(package)
    except KQIWorkbookError as refusal:
        assert str(refusal)
        assert "\n" not in str(refusal)
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in package.changes():
            etree.fromstring(archive.read(part))
    Package.of_bytes(content)


@dataclass
class Victim:
    """A workbook that something was done to."""

    data: bytes = field(repr=False)
    story: list[str]


@cache
def _victims() -> list[bytes]:
    def noted(book: Any, sheet: Any) -> None:
        with_notes(book, sheet)
        sheet.write_comment("F1", "note")

    return [_made(commentary), _made(with_totals), _made(noted)]


@st.composite
def damaged_files(draw: st.DrawFn) -> Victim:
    """A workbook with some bytes flipped, cut out, doubled or put in."""
    which = draw(st.integers(0, len(_victims()) - 1))
    data, story = bytearray(_victims()[which]), [f"victim {which}"]
    for _ in range(draw(st.integers(1, 4))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        length = draw(st.integers(1, 64))
        how = draw(st.sampled_from(["flip", "cut", "double", "fill", "end"]))
        story.append(f"{how} {length} at {at}")
        if how == "flip":
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "cut":
            del data[at : at + length]
        elif how == "double":
            data[at:at] = data[at : at + length]
        elif how == "fill":
            data[at : at + length] = draw(st.sampled_from([b"\x00", b"\xff"])) * length
        else:
            del data[max(at, 1) :]
    return Victim(bytes(data), story)


@fuzz(400)
@given(damaged_files())
def test_damaged_files_are_refused_or_used(victim: Victim) -> None:
    use(victim.data)


ODD = ["", "-1", "0", "A1", "A1:XFD1048576", "A1048576", "99999999999999999999", "NaN", "\u0660"]
ODD += ["A0", "ZZZZ1", "B2:A1", "1:1", "A:A", "A1 B2", "#REF!", "=", "shared", "s", "x" * 300]


def spoil(draw: st.DrawFn, root: etree._Element) -> str:
    """Change one thing in a tree that its schema does not allow, or hardly; say which."""
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    element = draw(st.sampled_from(elements))
    how = draw(st.sampled_from(["attribute", "text", "remove", "double", "move", "rename", "drop"]))
    parent = element.getparent()
    names = sorted(str(name) for name in element.attrib)
    before = etree.tostring(element, with_tail=False).decode()
    if how == "attribute" and names:
        element.set(draw(st.sampled_from(names)), draw(st.sampled_from(ODD)))
    elif how == "drop" and names:
        del element.attrib[draw(st.sampled_from(names))]
    elif how == "text":
        element.text = draw(st.sampled_from(ODD))
    elif how == "rename":
        element.tag = "{urn:odd}" + etree.QName(element).localname
    elif parent is not None:
        if how == "remove":
            parent.remove(element)
        elif how == "double":
            element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))
        elif how == "move" and draw(st.booleans()):
            parent.insert(0, element)
    after = etree.tostring(element, with_tail=False).decode()
    return f"{how}: {before[:300]} -> {after[:300]}"


@st.composite
def spoiled_workbooks(draw: st.DrawFn) -> Victim:
    """A workbook whose zip file is whole and whose parts say odd things."""
    data, story = draw(st.sampled_from(_victims())), []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("docProps/")]
        parts: dict[str, bytes | str | None] = {}
        for _ in range(draw(st.integers(1, 3))):
            name = draw(st.sampled_from(names))
            if draw(st.integers(0, 19)) == 0:
                parts[name] = draw(st.sampled_from([None, b"", b"<x/>", b"\xff\xfe", b"<"]))
                story.append(f"{name} is {parts[name]!r}")
                continue
            before = parts.get(name) or archive.read(name)
            assert isinstance(before, bytes)
            try:
                root = etree.fromstring(before)
            except etree.XMLSyntaxError:
                continue
            story.append(f"{name}, {spoil(draw, root)}")
            parts[name] = etree.tostring(root)
    return Victim(with_parts(data, parts), story)


@fuzz(500)
@given(spoiled_workbooks())
def test_spoiled_workbooks_are_refused_or_used(victim: Victim) -> None:
    use(victim.data)


def test_a_use_of_a_whole_workbook_is_not_refused() -> None:
    for data in _victims():
        package = Package.of_bytes(data)
        package.sheet("Data").set("AA100", 1)
        assert openpyxl.load_workbook(io.BytesIO(saved(package)))["Data"]["AA100"].value == 1
