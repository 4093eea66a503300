"""Write a workbook where there is none yet."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from kqi_workbook.books.share.local import system_path
from kqi_workbook.books.share.read_back import check_read_back
from kqi_workbook.books.share.words import told
from kqi_workbook.errors import FileTrouble

_NOTHING_DONE = "Nothing was changed."


def save_new(
    path: Path, content: bytes, check: Callable[[BinaryIO], None] = lambda back: None
) -> None:
    """Write a workbook that is not there yet, whole or not at all.

    ``check`` is given what the disk gives back, and raises if it is not what was meant.

    Raises FileTrouble when there is something of that name already, or the disk fails.
    """
    place = system_path(path)
    with told(f"write {str(path)!r}", _NOTHING_DONE):
        try:
            file = open(place, "x+b")
        except FileExistsError:
            raise FileTrouble(
                f"'{path}' is there already, and nothing was changed. Choose another name."
            ) from None
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
        except BaseException:
            os.remove(place)
            raise
