"""Write a workbook where there is none yet."""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from kqi_workbook.books.share.local import system_path, this_system
from kqi_workbook.books.share.place import temporary_name
from kqi_workbook.books.share.read_back import check_read_back
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import FileTrouble

_NOTHING_DONE = "Nothing was changed."


def save_new(
    path: Path, content: bytes, check: Callable[[BinaryIO], None] = lambda back: None
) -> None:
    """Write a workbook that is not there yet, whole or not at all.

    It gets its name when it is whole. ``check`` is given what the disk gives back, and raises if
    it is not what was meant.

    Raises FileTrouble when there is something of that name already, or the disk fails.
    """
    place = system_path(path)
    temporary = system_path(path.with_name(temporary_name(path.name, secrets.token_hex(4))))
    with told(f"write {str(path)!r}", _NOTHING_DONE):
        if os.path.lexists(place):
            raise _there_already(path)
        try:
            file = open(temporary, "x+b")
        except FileNotFoundError:
            raise FileTrouble(
                f"Could not write {str(path)!r}: its folder is not there. {_NOTHING_DONE}"
            ) from None
        try:
            with file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                back = file.read()
            check_read_back(path.name, back, content, _NOTHING_DONE)
            check(io.BytesIO(back))
            _name(temporary, place)
        except FileExistsError:
            raise _there_already(path) from None
        finally:
            with contextlib.suppress(OSError):
                os.remove(temporary)
    with told(f"make sure that {path.name!r} is on the disk", "The new workbook stands."):
        this_system().sync_folder(path.parent)


def _name(temporary: str, place: str) -> None:
    """Give a file a name that no file has. Raises FileExistsError when one has."""
    if sys.platform == "win32":
        os.rename(temporary, place)
        return
    try:
        os.link(temporary, place)
    except FileExistsError:
        raise
    except OSError:  # a disk that knows no second names
        if os.path.lexists(place):
            raise FileExistsError(place) from None
        os.rename(temporary, place)


def _there_already(path: Path) -> FileTrouble:
    return FileTrouble(f"'{path}' is there already, and nothing was changed. Choose another name.")
