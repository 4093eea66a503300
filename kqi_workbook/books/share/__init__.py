"""Taking turns at a workbook that several people share, and saving it so that nothing is lost.

    with refreshing(path, wait=60) as turn:
        new = refresh(turn.content)
        turn.save(new.write, new.check)

It knows of files, not of what is in them.
"""

from kqi_workbook.books.share.files import Busy, CannotTell, FileOps, FileState, Held
from kqi_workbook.books.share.here import Here, here
from kqi_workbook.books.share.lock import LockInfo
from kqi_workbook.books.share.new import save_new
from kqi_workbook.books.share.place import BACKUP_FOLDER, is_by_product
from kqi_workbook.books.share.save import OnWait
from kqi_workbook.books.share.turn import (
    LOCAL,
    Look,
    Turn,
    look,
    refreshing,
    unlock,
)

__all__ = [
    "BACKUP_FOLDER",
    "LOCAL",
    "Busy",
    "CannotTell",
    "FileOps",
    "FileState",
    "Held",
    "Here",
    "LockInfo",
    "Look",
    "OnWait",
    "Turn",
    "here",
    "is_by_product",
    "look",
    "refreshing",
    "save_new",
    "unlock",
]
