from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from kqi_workbook.books.cells import ERRORS, CellError, Formula, Value
from kqi_workbook.books.ooxml.text import escape_text, from_markup, plain_text, unescape_text
from kqi_workbook.books.ooxml.values import from_serial, serial, write_value
from kqi_workbook.errors import CannotPatch


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize(
    "day",
    [
        dt.date(1904, 1, 2),
        dt.date(1900, 2, 28),
        dt.date(1900, 3, 1),
        dt.date(2014, 3, 31),
        dt.datetime(2014, 3, 31, 13, 45, 30),
        dt.datetime(2014, 3, 31, 23, 59, 59, 999000),
        dt.date(9999, 12, 31),
    ],
)
def test_days_are_counted_as_another_library_counts_them(day: dt.date, date1904: bool) -> None:
    if date1904 and day.year < 1904:
        with pytest.raises(CannotPatch, match="before the first day"):
            serial(day, date1904, "Data, A1")
        return
    epoch = CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900
    moment = day if isinstance(day, dt.datetime) else dt.datetime.combine(day, dt.time())
    theirs = to_excel(moment, epoch)  # type: ignore[no-untyped-call]
    assert serial(day, date1904, "A1") == pytest.approx(theirs, abs=1e-9)
    assert from_serial(serial(day, date1904, "A1"), date1904) == day


def test_the_first_days_of_1900_are_counted_as_excel_does() -> None:
    assert serial(dt.date(1900, 1, 1), False, "A1") == 1
    assert serial(dt.date(1900, 2, 28), False, "A1") == 59
    assert serial(dt.date(1900, 3, 1), False, "A1") == 61
    assert from_serial(60, False) == 60  # 29 February 1900, which never was
    assert from_serial(-1.0, False) == -1.0  # Excel shows ####


def test_a_number_beyond_the_last_day_stays_a_number() -> None:
    assert from_serial(2_958_465.0, False) == dt.date(9999, 12, 31)
    assert from_serial(2_958_466.0, False) == 2_958_466.0
    assert from_serial(1e15, True) == 1e15


def test_a_day_before_the_calendar_or_with_a_time_zone_is_refused() -> None:
    with pytest.raises(CannotPatch, match=r"Data, A1: 1899-12-31 is before"):
        serial(dt.date(1899, 12, 31), False, "Data, A1")
    with pytest.raises(CannotPatch, match="time zone"):
        serial(dt.datetime(2014, 1, 1, tzinfo=dt.timezone.utc), False, "Data, A1")


@pytest.mark.parametrize(
    ("value", "kind", "inside"),
    [
        (None, "", ""),
        (True, "b", "<v>1</v>"),
        (153, "", "<v>153</v>"),
        (84.1, "", "<v>84.1</v>"),
        (-0.0, "", "<v>0</v>"),
        (10**20, "", "<v>1e+20</v>"),
        (dt.time(12), "", "<v>0.5</v>"),
        *((CellError(code), "e", f"<v>{code}</v>") for code in ERRORS.values()),
        ("=1+1", "inlineStr", "<is><t>=1+1</t></is>"),
        ("a & <b>", "inlineStr", "<is><t>a &amp; &lt;b&gt;</t></is>"),
        (" a", "inlineStr", '<is><t xml:space="preserve"> a</t></is>'),
        ("a\nb", "inlineStr", '<is><t xml:space="preserve">a\nb</t></is>'),
        ("a\x0bb", "inlineStr", "<is><t>a_x000B_b</t></is>"),
        ("_x000B_", "inlineStr", "<is><t>_x005F_x000B_</t></is>"),
        ("_x0032_x0020_", "inlineStr", "<is><t>_x005F_x0032_x005F_x0020_</t></is>"),
        ("\ud800", "inlineStr", "<is><t>_xD800_</t></is>"),
        (Formula("A1&B1", "x"), "str", "<f>A1&amp;B1</f><v>x</v>"),
        (Formula("A1+1", 2.5), "", "<f>A1+1</f><v>2.5</v>"),
    ],
)
def test_a_value_is_written_as_what_it_is(value: Value, kind: str, inside: str) -> None:
    assert write_value(value, "", False, "Data, A1") == (kind, inside)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "nan is not a number"),
        (float("inf"), "inf is not a number"),
        (10**400, "is not a number"),
        ("x" * 32_768, "32,768 characters"),
        ("\U0001f600" * 16_384, "32,768 characters"),  # Excel counts it as two each
        (CellError("oops"), "not an error value"),
        (Formula("", 1), "not a formula"),
        (b"x", "cannot hold"),
        ([1], "cannot hold"),
    ],
)
def test_what_no_cell_can_hold_is_refused(value: Value, message: str) -> None:
    with pytest.raises(CannotPatch, match=message) as refusal:
        write_value(value, "", False, "Data, A1")
    assert str(refusal.value).startswith("Data, A1: ")


def test_the_longest_text_fits() -> None:
    assert write_value("x" * 32_767, "", False, "A1")[0] == "inlineStr"


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_any_text_comes_back_as_it_went(text: str) -> None:
    assert unescape_text(escape_text(text, "A1")) == text
    markup = write_value(text, "x:", False, "A1")[1]
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("Well done _xD83D__xDE00_", "Well done \U0001f600"),
        ("Well _xD83D_ done _xDE00_", "Well \ud83d done \ude00"),
        ("_xDE00__xD83D__xD83D__xDE00_", "\ude00\ud83d\U0001f600"),
    ],
)
def test_an_emoji_kept_as_two_escapes_is_one_character(kept: str, text: str) -> None:
    assert unescape_text(kept) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a&#10;b&#x41;&quot;&apos;", "a\nbA\"'"),
        ("&unknown; &#x110000;", "&unknown; &#x110000;"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_entities_are_read(markup: str, text: str) -> None:
    assert from_markup(markup) == text


def test_runs_are_joined_and_phonetic_hints_left_out() -> None:
    markup = "<r><rPr><b/></rPr><t>a </t></r><r><t>b</t></r><rPh sb='0' eb='1'><t>x</t></rPh>"
    assert plain_text(markup) == "a b"
