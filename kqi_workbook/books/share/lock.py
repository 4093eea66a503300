"""One refresh at a time: a lock file beside the workbook that says who, where and when.

It is made by exclusive creation and kept open, so the system itself knows whether its holder still
lives: the lock of a run that died is taken over by the next without asking.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from kqi_workbook.books.share.files import Busy, CannotTell, FileOps, Held
from kqi_workbook.books.share.here import Here
from kqi_workbook.books.share.words import since
from kqi_workbook.errors import InUse

# Others may take or leave the lock while we look at it; each of them gets further, so we need not.
_TRIES = 5


@dataclass(frozen=True)
class LockInfo:
    """What a lock file says; None where it is damaged. ``when`` is local time."""

    who: str | None
    machine: str | None
    process: int | None
    when: dt.datetime | None
    token: str | None

    def sentence(self, now: dt.datetime) -> str:
        """Such as "ann on PC-7 since 09:12 (process 4711)"."""
        machine = f" on {self.machine}" if self.machine else ""
        process = f" (process {self.process})" if self.process else ""
        return f"{self.who or 'somebody'}{machine}{since(self.when, now)}{process}"


@dataclass(frozen=True)
class RefreshLock:
    """The lock, held. ``left_by`` is whom it was taken over from, None if it was free."""

    path: PurePath
    token: str
    held: Held
    left_by: LockInfo | None

    def is_ours(self, files: FileOps) -> bool:
        """Whether nobody has taken the lock from us meanwhile."""
        info = read_lock(self.path, files)
        return info is not None and info.token == self.token

    def release(self) -> None:
        """Let go. If the share has gone, the lock stays behind and the next run takes it over."""
        with contextlib.suppress(OSError):
            self.held.release()


def lock_path(path: PurePath) -> PurePath:
    """Where a workbook's refresh lock lies."""
    return path.with_name(f"{path.name}.kqi-lock")


def read_lock(lock: PurePath, files: FileOps) -> LockInfo | None:
    """What the lock file says, or None if there is none."""
    try:
        data = files.read(lock)
    except FileNotFoundError:
        return None
    try:
        fields = json.loads(data)
    except ValueError:
        fields = None
    return _info(fields if isinstance(fields, dict) else {})


def take_lock(path: PurePath, files: FileOps, here: Here) -> RefreshLock:
    """Take the refresh lock of a workbook.

    Raises InUse while another run has it, OSError when the folder cannot be written to.
    """
    lock = lock_path(path)
    token = secrets.token_hex(4)
    text = _text(here, token)
    left_by: LockInfo | None = None
    refusal: PermissionError | None = None
    for _ in range(_TRIES):
        try:
            try:
                return RefreshLock(lock, token, files.hold(lock, text), left_by)
            except FileExistsError:
                left_by = _take_from_the_dead(path, files, here) or left_by
        except PermissionError as error:
            # Windows keeps a removed file's name, and refuses it to all, until it is closed.
            if lock.name in files.names(lock.parent):
                raise InUse(f"Another refresh is just letting go of {path.name!r}.") from error
            refusal = error
    if refusal is not None:
        raise refusal
    raise InUse(f"{path.name!r} is being refreshed by others in quick turns. Try again.")


def unlock(path: PurePath, files: FileOps, here: Here) -> LockInfo | None:
    """Remove the lock that a dead run left, and tell whose it was; None if there is none.

    Raises InUse while its holder lives, as far as this machine can tell.
    """
    info = read_lock(lock_path(path), files)
    if info is not None:
        try:
            files.remove_unheld(lock_path(path))
        except Busy as error:
            raise InUse(f"{_being_refreshed(path, info, here)} That run is still alive.") from error
        except CannotTell:
            files.remove(lock_path(path))
        except FileNotFoundError:
            return None
    return info


def _take_from_the_dead(path: PurePath, files: FileOps, here: Here) -> LockInfo | None:
    """Remove the lock that stands in our way if its holder is dead, else raise InUse."""
    lock = lock_path(path)
    info = read_lock(lock, files)
    if info is None:
        return None
    held = _being_refreshed(path, info, here)
    maybe_dead = f'{held} If that run has died, remove its lock with: kqi unlock "{path}"'
    # A share may keep locks for each machine alone: another machine's then looks unheld.
    if not files.sees_every_handle and info.machine not in {None, here.machine}:
        raise InUse(maybe_dead)
    try:
        files.remove_unheld(lock)
    except Busy as error:
        raise InUse(held) from error
    except CannotTell as error:
        raise InUse(maybe_dead) from error
    except FileNotFoundError:
        return None
    return info


def _being_refreshed(path: PurePath, info: LockInfo, here: Here) -> str:
    return f"{path.name!r} is being refreshed by {info.sentence(here.now())}."


def _text(here: Here, token: str) -> bytes:
    fields = {
        "who": here.who,
        "machine": here.machine,
        "process": here.process,
        "when": here.now().isoformat(timespec="seconds"),
        "token": token,
    }
    return json.dumps(fields, ensure_ascii=False, indent=1).encode()


def _info(fields: Mapping[str, object]) -> LockInfo:
    def text(key: str) -> str | None:
        value = fields.get(key)
        return value if isinstance(value, str) and value else None

    process = fields.get("process")
    try:
        when = dt.datetime.fromisoformat(text("when") or "")
    except ValueError:
        when = None
    return LockInfo(
        text("who"),
        text("machine"),
        process if isinstance(process, int) else None,
        when,
        text("token"),
    )
