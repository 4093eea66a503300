"""Who has a workbook open, from the small files that Excel and LibreOffice leave beside it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePath

from kqi_workbook.books.share.files import Busy, FileOps
from kqi_workbook.books.share.words import since

# Excel's owner file, 165 bytes: the name's length and the name in the writer's code page, padded
# with blanks; then, from 55, the same in UTF-16 with its length in a word of two bytes.
_WIDE_LENGTH, _WIDE_NAME, _EXCEL_SIZE = 55, 57, 165
# The code page is the writer's own and not recorded; this one is Western Windows'.
_CODE_PAGE = "cp1252"

_LIBREOFFICE_TIME = "%d.%m.%Y %H:%M"


@dataclass(frozen=True)
class Owner:
    """Somebody who has a workbook open; None where it could not be found out.

    ``program`` is "Excel" or "LibreOffice", None if no owner file tells; ``file`` is the name of
    the owner file; ``since`` is local time.
    """

    name: str | None = None
    since: dt.datetime | None = None
    machine: str | None = None
    program: str | None = None
    file: str | None = None

    def sentence(self, now: dt.datetime) -> str:
        """Such as "In use by Jo Bloggs since 09:12."."""
        if self.name:
            return f"In use by {self.name}{since(self.since, now)}."
        if self.program:
            return (
                f"In use by somebody in {self.program}{since(self.since, now)} "
                f"({self.file!r} does not say who)."
            )
        return "In use by another person or program; none has left a name."


def who_has(path: PurePath, files: FileOps) -> Owner | None:
    """Who has the workbook open, or None if nobody has.

    Where the system sees every handle its word is final, and an owner file beside a workbook that
    nobody holds is stale. Elsewhere an owner file is believed.

    Raises OSError when the file cannot be opened for another reason.
    """
    try:
        files.probe(path)
    except Busy:
        return next(iter(owner_files(path, files)), Owner())
    if files.sees_every_handle:
        return None
    return next(iter(owner_files(path, files)), None)


def owner_files(path: PurePath, files: FileOps) -> list[Owner]:
    """What the owner files beside the workbook say, true or stale, the latest first."""
    found = [_excel(path, files), _libreoffice(path, files)]
    return sorted(
        (owner for owner in found if owner), key=lambda o: o.since or dt.datetime.min, reverse=True
    )


def excel_name(data: bytes) -> str | None:
    """The name in an Excel owner file's bytes, None if it is damaged or empty."""
    length = int.from_bytes(data[_WIDE_LENGTH:_WIDE_NAME], "little")
    wide = data[_WIDE_NAME : _WIDE_NAME + 2 * length]
    if len(wide) == 2 * length and 0 < length <= (_EXCEL_SIZE - _WIDE_NAME) // 2:
        try:
            return _clean(wide.decode("utf-16-le"))
        except UnicodeDecodeError:
            pass
    if data and len(data) > data[0]:
        return _clean(data[1 : 1 + data[0]].decode(_CODE_PAGE, errors="replace"))
    return None


def libreoffice_fields(data: bytes) -> list[str]:
    """The fields of a LibreOffice lock: name, account, machine, time, profile.

    They are parted by commas; a backslash takes the meaning from a comma, semicolon or backslash.
    """
    text = data.decode("utf-8", errors="replace").partition("\0")[0]
    fields = re.findall(r"((?:[^\\,;]|\\.)*)[,;]", text + ";", flags=re.DOTALL)
    return [re.sub(r"\\(.)", r"\1", field, flags=re.DOTALL) for field in fields]


def _excel(path: PurePath, files: FileOps) -> Owner | None:
    beside = path.with_name(f"~${path.name}")
    try:
        written = files.state(beside).modified
    except OSError:
        return None
    try:
        name = excel_name(files.read(beside))
    except OSError:
        name = None
    return Owner(name, written, program="Excel", file=beside.name)


def _libreoffice(path: PurePath, files: FileOps) -> Owner | None:
    beside = path.with_name(f".~lock.{path.name}#")
    try:
        written = files.state(beside).modified
    except OSError:
        return None
    try:
        fields = libreoffice_fields(files.read(beside))
    except OSError:
        fields = []
    name, account, machine, time = ([_clean(field) for field in fields] + [None] * 4)[:4]
    try:
        written = dt.datetime.strptime(time or "", _LIBREOFFICE_TIME)
    except ValueError:
        pass  # the file's own time is near enough
    return Owner(name or account, written, machine, "LibreOffice", beside.name)


def _clean(name: str) -> str | None:
    """A name fit to be read out: one line, nothing unprintable, None if nothing is left."""
    undecodable = "\ufffd"
    printable = "".join(
        letter if letter.isprintable() and letter != undecodable else " " for letter in name
    )
    return " ".join(printable.split()) or None
