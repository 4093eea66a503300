"""An xlwings engine over a live LibreOffice: the few objects and calls that LiveBook uses.

Written from xlwings' `base_classes` with its Windows engine as a guide, both under the BSD licence.
Each request to LibreOffice is counted by what it does; `refuse` has chosen ones fail as in Excel.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import xlwings
from xlwings import base_classes

from kqi_workbook.books.cells import ERRORS
from kqi_workbook.books.live.cells import FIRST_ERROR
from kqi_workbook.books.ooxml.addresses import LAST_COLUMN, LAST_ROW, Area
from tests.support.libreoffice import UNO_ENVIRONMENT

WORKER = Path(__file__).with_name("calc_worker.py")
TIME_LIMIT = 120  # seconds for one request
NUMBERS = {code: FIRST_ERROR + number for number, code in ERRORS.items()}
MEASURED = ("values", "formulas", "write", "resize", "add_custom", "add_arrows", "delete_rule")


class Refused(Exception):
    """An error as pywin32 raises it: Excel's answer is in `hresult`."""

    def __init__(self, hresult: int, text: str = "Call was rejected by callee.") -> None:
        super().__init__(hresult, text, None, None)
        self.hresult = hresult


class Calc:
    """The worker process, and what was asked of it."""

    def __init__(self, python: Path, url: str) -> None:
        self.calls: Counter[str] = Counter()
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.refuse: Callable[[str], BaseException | None] = lambda do: None
        self.books: dict[str, Book] = {}
        self.settings: dict[str, Any] = {
            "screen_updating": True,
            "display_alerts": True,
            "enable_events": True,
            "interactive": True,
            "status_bar": False,
        }
        self.said: list[str] = []
        self.read_only = False
        self.hidden: set[int] = set()  # rows that a block passes over, as if a filter hid them
        self._process = subprocess.Popen(
            [python, WORKER, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=UNO_ENVIRONMENT,
        )

    def ask(self, do: str, book: str, **what: Any) -> Any:
        if error := self.refuse(do):
            raise error
        self.calls[do] += 1
        self.log.append((do, what))
        alarm = threading.Timer(TIME_LIMIT, self._process.kill)
        alarm.start()
        try:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps({"do": do, "book": book, **what}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        finally:
            alarm.cancel()
        if not line:
            raise RuntimeError(f"LibreOffice ended, or took over {TIME_LIMIT} s, at {do} {what}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def open(self, path: Path) -> xlwings.Book:
        book = Book(self, path)
        book.ask("open", path=str(path))
        self.books[path.name] = book
        self.calls.clear()
        self.log.clear()
        return xlwings.Book(impl=book)

    def close_books(self) -> None:
        for book in self.books.values():
            book.ask("close")
        self.books.clear()

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(TIME_LIMIT)


class Engine:
    name = "libreoffice"
    type = "desktop"

    def __init__(self, calc: Calc) -> None:
        self.apps = Apps(calc)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Any, dates: Any, empty: Any, numbers: Any, err_to_str: bool
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty
            if type(value) is int:
                known = {number: code for code, number in NUMBERS.items() if code in KNOWN}
                return known.get(value, value) if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


# xlwings turns these into text and hands over the number of any other error
KNOWN = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")


class Apps(base_classes.Apps):
    def __init__(self, calc: Calc) -> None:
        self.app = App(calc)

    def keys(self) -> list[int]:
        return [self.app.pid]

    def __iter__(self) -> Iterator[App]:
        yield self.app

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app


def _setting(name: str) -> property:
    def get(self: App) -> Any:
        return self.calc.settings[name]

    def set_(self: App, value: Any) -> None:
        if error := self.calc.refuse(f"set {name}"):
            raise error
        if name == "status_bar":
            self.calc.said.append(value)
        self.calc.settings[name] = value

    return property(get, set_)


class App(base_classes.App):
    pid = hwnd = 4321
    version = "16.0"

    def __init__(self, calc: Calc) -> None:
        self.calc = calc

    @property
    def engine(self) -> Engine:
        return Engine(self.calc)

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def calculation(self) -> str:
        automatic = [book.ask("automatic") for book in self.calc.books.values()]
        return "automatic" if all(automatic) else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        for book in self.calc.books.values():
            book.ask("automatic", value=value == "automatic")

    screen_updating = _setting("screen_updating")
    display_alerts = _setting("display_alerts")
    enable_events = _setting("enable_events")
    interactive = _setting("interactive")
    status_bar = _setting("status_bar")


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def active(self) -> Book:
        return next(iter(self.app.calc.books.values()))

    def __call__(self, name: str | int) -> Book:
        found = list(self.app.calc.books.values())
        if isinstance(name, int):
            return found[name - 1]
        return next(book for book in found if book.name.lower() == name.lower())

    def __len__(self) -> int:
        return len(self.app.calc.books)

    def __iter__(self) -> Iterator[Book]:
        yield from self.app.calc.books.values()


NAME = property(lambda self: self._name)  # where xlwings also lets a name be set


class Native:
    """What the product asks of Excel's own objects, under Excel's own names."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


class Book(base_classes.Book):
    def __init__(self, calc: Calc, path: Path) -> None:
        self.calc = calc
        self._path = path

    def ask(self, do: str, **what: Any) -> Any:
        return self.calc.ask(do, self.name, **what)

    @property
    def api(self) -> Native:
        return Native(ReadOnly=self.calc.read_only)

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def fullname(self) -> str:
        return str(self._path)

    @property
    def app(self) -> App:
        return App(self.calc)

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book
        self.names = book.ask("sheets")

    def __call__(self, name: str | int) -> Sheet:
        text = self.names[name - 1] if isinstance(name, int) else name
        if text not in self.names:
            raise KeyError(name)
        return Sheet(self.book, text)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, name) for name in self.names)


class Sheet(base_classes.Sheet):
    def __init__(self, book: Book, name: str) -> None:
        self._book = book
        self._name = name

    name = NAME

    @property
    def book(self) -> Book:
        return self._book

    @property
    def api(self) -> Native:
        return Native(ProtectContents=self._book.ask("protected", sheet=self._name))

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, LAST_ROW, LAST_COLUMN))

    def range(self, first: Any, last: Any = None) -> Range:
        top, left, bottom, right = (*_cell(first, 0), *_cell(first if last is None else last, -1))
        return Range(self, Area(top, left, bottom, right))


def _cell(cell: Any, corner: int) -> tuple[int, int]:
    if isinstance(cell, Range):
        edges = cell.edges
        return (edges[0], edges[1]) if corner == 0 else (edges[2], edges[3])
    assert isinstance(cell, tuple)
    return cell


class Range(base_classes.Range):
    def __init__(self, sheet: Sheet, area: Area) -> None:
        self.sheet = sheet
        self.area = area
        self.edges = [area.top, area.left, area.bottom, area.right]

    def ask(self, do: str, **what: Any) -> Any:
        return self.sheet.book.ask(do, sheet=self.sheet.name, edges=self.edges, **what)

    @property
    def api(self) -> Native:
        return Native(Address=str(self.area))

    @property
    def row(self) -> int:
        return self.area.top

    @property
    def column(self) -> int:
        return self.area.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.area.height, self.area.right - self.area.left + 1

    def __call__(self, arg1: int, arg2: int = 1) -> Range:
        top, left = self.area.top + arg1 - 1, self.area.left + arg2 - 1
        return Range(self.sheet, Area(top, left, top, left))

    @property
    def raw_value(self) -> Any:
        return _as_com([[_decoded(value) for value in row] for row in self.ask("values")])

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        rows = data if isinstance(data, list) else [[data]]
        encoded = [[_encoded(value) for value in row] for row in rows]
        hidden = self.sheet.book.calc.hidden
        if len(rows) > 1 and hidden & set(range(self.area.top, self.area.bottom + 1)):
            for row, cells in enumerate(encoded, self.area.top):
                if row not in hidden:
                    Range(self.sheet, replace(self.area, top=row, bottom=row)).ask(
                        "write", rows=[cells]
                    )
        else:
            self.ask("write", rows=encoded)

    formula = property(lambda self: _as_com(self.ask("formulas")))
    width = property(lambda self: self.ask("look")["width"])
    wrap_text = property(lambda self: self.ask("look")["wraps"])
    font = property(lambda self: Native(size=self.ask("look")["size"]))

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        assert shift == "down"
        self.ask("insert")

    def delete(self, shift: str | None = None) -> None:
        assert shift == "up"
        self.ask("delete")

    @property
    def conditional_formats(self) -> ConditionalFormats:
        return ConditionalFormats(self)


def _as_com(rows: list[list[Any]]) -> Any:
    """Tuples of tuples; of a single cell, what it holds."""
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))


def _encoded(value: Any) -> Any:
    if type(value) is int:
        raise TypeError("COM refuses integers of more than 32 bits in a block: hand over floats")
    return {"date": value.isoformat()} if isinstance(value, dt.datetime) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        if "error" in value:
            return NUMBERS[value["error"]]
        return dt.datetime.fromisoformat(value["date"]).replace(tzinfo=dt.timezone.utc)
    return value


class Tables(base_classes.Collection, base_classes.Tables):
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.found = {
            name: area for name, area in sheet.book.ask("tables").items() if area[0] == sheet.name
        }

    def __call__(self, name: str | int) -> Table:
        return Table(self.sheet, list(self.found)[name - 1] if isinstance(name, int) else name)

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Table]:
        return (Table(self.sheet, name) for name in self.found)


class Table(base_classes.Table):
    show_headers = True
    show_totals = False

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet = sheet
        self._name = name

    name = NAME

    @property
    def parent(self) -> Sheet:
        return self.sheet

    @property
    def range(self) -> Range:
        _, *edges = self.sheet.book.ask("tables")[self._name]
        return Range(self.sheet, Area(*edges))

    def resize(self, range: xlwings.Range) -> None:
        self.sheet.book.ask("resize", table=self._name, edges=range.impl.edges)


class Names(base_classes.Names):
    def __init__(self, book: Book) -> None:
        self.book = book
        self.found = book.ask("names")

    def __call__(self, name: str | int) -> Name:
        text = list(self.found)[name - 1] if isinstance(name, int) else name
        return Name(self.book, text, self.found[text])

    def __len__(self) -> int:
        return len(self.found)

    def contains(self, name: str | int) -> bool:
        return name in self.found


class Name(base_classes.Name):
    def __init__(self, book: Book, name: str, found: list[Any] | None) -> None:
        self.book = book
        self._name = name
        self.found = found

    name = NAME

    def _refers_to(self) -> str:
        if self.found is None:
            return "=0.5"
        address = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", str(Area(*self.found[1:])))
        return f"='{self.found[0]}'!{address}"

    refers_to = property(_refers_to)

    @property
    def refers_to_range(self) -> Range:
        assert self.found is not None
        sheet, *edges = self.found
        return Range(Sheet(self.book, sheet), Area(*edges))


class ConditionalFormats(base_classes.ConditionalFormats):
    def __init__(self, cells: Range) -> None:
        self.cells = cells

    def _found(self) -> list[ConditionalFormat]:
        sheet = self.cells.sheet
        rules = [
            ConditionalFormat(sheet, rule) for rule in sheet.book.ask("rules", sheet=sheet.name)
        ]
        return [rule for rule in rules if any(a.meets(self.cells.area) for a in rule.areas)]

    def __call__(self, place: int) -> ConditionalFormat:
        return self._found()[place - 1]

    def __len__(self) -> int:
        return len(self._found())

    def __iter__(self) -> Iterator[ConditionalFormat]:
        yield from self._found()

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        self.cells.ask(
            "add_custom",
            formula=spec["formula"],
            fill=_colour(spec["fill_color"]),
            font=_colour(spec["font_color"]),
        )
        return self(1)

    def add_icon_set(self, spec: dict[str, Any]) -> ConditionalFormat:
        assert (spec["icon_set"], spec["show_value"]) == ("3_arrows", True)
        assert set(spec["threshold_types"]) == {"number"}
        self.cells.ask("add_arrows", thresholds=spec["thresholds"])
        return self(1)


def _colour(rgb: tuple[int, int, int]) -> int:
    return int.from_bytes(bytes(rgb), "big")


def _rgb(colour: int) -> tuple[int, ...] | None:
    return tuple(colour.to_bytes(3, "big")) if colour >= 0 else None


class ConditionalFormat(base_classes.ConditionalFormat):
    stop_if_true = False

    def __init__(self, sheet: Sheet, rule: dict[str, Any]) -> None:
        self.sheet = sheet
        self.rule = rule
        self.areas = [Area(*edges) for edges in rule["areas"]]

    @property
    def api(self) -> Native:
        where = Native(Address=",".join(map(str, self.areas)))
        fill = _rgb(self.rule["fill"]) if self.rule["type"] == "begins_with" else None
        if fill is None:
            return Native(Type=None, AppliesTo=where)
        return Native(
            Type=9,
            TextOperator=2,
            Text=self.rule["formula"].strip('"'),
            Interior=Native(Color=int.from_bytes(bytes(fill), "little")),
            AppliesTo=where,
        )

    @property
    def type(self) -> str:
        known = ("icon_set", "custom")
        return self.rule["type"] if self.rule["type"] in known else "unknown"

    @property
    def formula(self) -> str | None:
        return f"={self.rule['formula']}" if self.type == "custom" else None

    @property
    def fill_color(self) -> tuple[int, ...] | None:
        return _rgb(self.rule["fill"]) if self.type == "custom" else None

    @property
    def icon_set(self) -> str | None:
        return "3_arrows" if self.rule.get("arrows") else "3_flags"

    @property
    def reverse_order(self) -> bool:
        return bool(self.rule["reverse"])

    @property
    def show_value(self) -> bool:
        return bool(self.rule["show_value"])

    @property
    def threshold_types(self) -> tuple[str, ...]:
        return ("number" if self.rule["numbers"] else "percent",) * 2

    @property
    def thresholds(self) -> tuple[str, ...]:
        return tuple(self.rule["thresholds"])

    def delete(self) -> None:
        self.sheet.book.ask("delete_rule", sheet=self.sheet.name, id_=self.rule["id"])
