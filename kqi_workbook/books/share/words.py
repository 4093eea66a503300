"""How times and the system's refusals are said to a person."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
from collections.abc import Iterator

from kqi_workbook.books.share.files import Busy
from kqi_workbook.errors import FileTrouble

_REASONS = {
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EROFS: "the disk can only be read",
    errno.ENOSPC: "the disk is full",
    errno.EFBIG: "the file is larger than the disk allows",
    errno.ENOENT: "it is not there",
    errno.ENOTDIR: "its folder is not there",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "its name or path is too long",
    errno.EIO: "the disk reports a fault",
}
# Not every system knows all of these.
_REASONS |= {
    getattr(errno, name): "the network share does not answer"
    for name in (
        "ECONNABORTED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETRESET",
        "ENETUNREACH", "ENOTCONN", "ESTALE", "ETIMEDOUT",
    )
    if hasattr(errno, name)
}  # fmt: skip
if hasattr(errno, "EDQUOT"):
    _REASONS[errno.EDQUOT] = "the space allotted to you is used up"


def since(when: dt.datetime | None, now: dt.datetime) -> str:
    """`` since 09:12``, or with the date if that was not today; nothing if it is not known."""
    if when is None:
        return ""
    if when.date() == now.date():
        return f" since {when:%H:%M}"
    return f" since {when.day} {when:%B %Y, %H:%M}"


def reason(error: OSError) -> str:
    """What the system's refusal means, in a few words."""
    if isinstance(error, Busy):  # whose number is that of a denied permission on Windows
        return "somebody has it open"
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


@contextlib.contextmanager
def told(attempt: str, outcome: str) -> Iterator[None]:
    """Turn an OSError into FileTrouble: "Could not <attempt>: <reason>. <outcome>"."""
    try:
        yield
    except OSError as error:
        raise FileTrouble(f"Could not {attempt}: {reason(error)}. {outcome}") from error
