"""The made workbooks as tests look at them: their parts, and their cells through openpyxl."""

from __future__ import annotations

import io
import warnings
import zipfile
from functools import cache
from pathlib import Path

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kqi_workbook.making.example import FILE_NAME, example
from kqi_workbook.making.template import Filling, make_workbook, template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "templates" / "KQI_template.xlsx"
EXAMPLE = ROOT / "examples" / FILE_NAME
SPACES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "x14": "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "xm": "http://schemas.microsoft.com/office/excel/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@cache
def made_template() -> bytes:
    return make_workbook(template())


@cache
def filled_example() -> Filling:
    """What the example holds; every call of ``example`` refreshes it for seven quarters."""
    return example()


@cache
def made_example() -> bytes:
    return make_workbook(filled_example())


def parts(content: bytes) -> dict[str, bytes]:
    """Every part of a workbook file, unpacked: another zlib packs the same parts otherwise."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def opened(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl would lose on saving
        return load_workbook(io.BytesIO(content))


def sheets() -> list[Worksheet]:
    return [one for one in opened(made_template()).worksheets if isinstance(one, Worksheet)]


@cache
def sheet_xml(name: str) -> etree._Element:
    """A sheet's part of the template, by the sheet's name."""
    at = opened(made_template()).sheetnames.index(name) + 1
    return etree.fromstring(parts(made_template())[f"xl/worksheets/sheet{at}.xml"])


def found(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path, whose prefixes are those of SPACES."""
    return list(element.iterfind(path, SPACES))
