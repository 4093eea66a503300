"""A real SMB server on this machine, and a client for it that needs no mount."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import getpass
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any

import smbclient
from smbclient._os import _set_basic_information
from smbprotocol.exceptions import SMBException, SMBOSError
from smbprotocol.header import NtStatus
from smbprotocol.open import CreateOptions, FilePipePrinterAccessMask

from kqi_workbook.books.share import Busy, FileState, Held

SHARE = "board papers"
START_LIMIT = 20  # seconds

_CONFIG = """
[global]
  server role = standalone server
  smb ports = {port}
  interfaces = 127.0.0.1/8
  bind interfaces only = yes
  disable netbios = yes
  private dir = {home}/private
  lock directory = {home}/lock
  state directory = {home}/state
  cache directory = {home}/cache
  pid directory = {home}/pid
  ncalrpc dir = {home}/ncalrpc
  log file = {home}/log
  passdb backend = tdbsam:{home}/private/passdb.tdb
  server min protocol = SMB2
  load printers = no
  disable spoolss = yes
[{share}]
  path = {folder}
  read only = no
  store dos attributes = yes
"""


class SmbServer:
    """Debian's smbd, serving one folder on a free port of the loopback, as the present user."""

    def __init__(self, smbd: Path, home: Path) -> None:
        self.folder = home / "served"
        self.user, self.password = getpass.getuser(), secrets.token_hex(8)
        self.port = 0
        self._smbd, self._home = smbd, home
        self._process: subprocess.Popen[bytes] | None = None
        self.folder.mkdir()
        for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
            (home / name).mkdir()

    @property
    def root(self) -> PureWindowsPath:
        """The share as its clients call it."""
        return PureWindowsPath(rf"\\127.0.0.1\{SHARE}")

    def start(self) -> None:
        """Start on a free port, or on the one of before."""
        self.port = self.port or _free_port()
        config = self._home / "smb.conf"
        config.write_text(
            _CONFIG.format(port=self.port, home=self._home, folder=self.folder, share=SHARE)
        )
        pdbedit = shutil.which("pdbedit", path=f"{os.environ['PATH']}:/usr/bin") or "pdbedit"
        subprocess.run(
            [pdbedit, "-s", config, "-a", "-t", "-u", self.user],
            input=f"{self.password}\n{self.password}\n".encode(),
            check=True,
            capture_output=True,
            timeout=START_LIMIT,
        )
        self._process = subprocess.Popen(
            [self._smbd, "--foreground", "--no-process-group", "-s", config],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End it and what it started at once, as a server does that loses its power."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped since."""
        return self._process is not None

    def client(self) -> SmbFiles:
        """A client with a connection of its own."""
        return SmbFiles(self.user, self.password, self.port)

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + START_LIMIT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > end or (self._process and self._process.poll() is not None):
                    raise
                time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class _SmbHeld:
    file: Any

    def release(self) -> None:
        with _as_os_error(PurePath(self.file.name)):
            self.file.close()


@dataclass(frozen=True)
class SmbFiles:
    """FileOps on a share, by the requests that Windows itself would send for them."""

    user: str
    password: str
    port: int
    cache: dict[str, Any] = field(default_factory=dict)

    sees_every_handle = True

    def real(self, path: PurePath) -> PurePath:
        return path

    def state(self, path: PurePath) -> FileState:
        with _as_os_error(path):
            found = smbclient.stat(str(path), **self._login)
        read_only = bool(found.st_file_attributes & stat.FILE_ATTRIBUTE_READONLY)
        return FileState(dt.datetime.fromtimestamp(found.st_mtime), read_only, found.st_size)

    def names(self, folder: PurePath) -> list[str]:
        try:
            with _as_os_error(folder):
                return list(smbclient.listdir(str(folder), **self._login))
        except FileNotFoundError:
            return []

    def read(self, path: PurePath) -> bytes:
        with self.open(path, "rb", sharing="rwd") as file:
            return bytes(file.read())

    def write_new(self, path: PurePath, data: bytes) -> None:
        with self.open(path, "xb", sharing="rw") as file:
            file.write(data)
            file.flush()

    def keep_look(self, source: PurePath, target: PurePath) -> None:
        with _as_os_error(target):
            found = smbclient.stat(str(source), **self._login)
            kept = found.st_file_attributes & ~stat.FILE_ATTRIBUTE_READONLY
            kept = kept or stat.FILE_ATTRIBUTE_NORMAL
            _set_basic_information(str(target), file_attributes=kept, **self._login)

    def replace(self, source: PurePath, target: PurePath) -> None:
        with _as_os_error(target):
            smbclient.replace(str(source), str(target), **self._login)

    def remove(self, path: PurePath) -> None:
        with _as_os_error(path):
            smbclient.remove(str(path), **self._login)

    def make_folder(self, folder: PurePath) -> None:
        with _as_os_error(folder), contextlib.suppress(FileExistsError):
            smbclient.makedirs(str(folder), exist_ok=True, **self._login)

    def sync_folder(self, folder: PurePath) -> None:
        """The server's affair."""

    def probe(self, path: PurePath) -> None:
        with self.open(path, "r+b", sharing=""):
            pass

    def read_alone(self, path: PurePath) -> bytes:
        with self.open(path, "r+b", sharing="") as file:
            return bytes(file.read())

    def hold(self, path: PurePath, data: bytes) -> Held:
        file = self._open(
            path,
            "xb",
            "r",
            buffering=0,
            create_options=CreateOptions.FILE_DELETE_ON_CLOSE,
            desired_access=FilePipePrinterAccessMask.FILE_WRITE_DATA
            | FilePipePrinterAccessMask.DELETE,
        )
        with _as_os_error(path):
            file.write(data)
            file.flush()
        return _SmbHeld(file)

    def remove_unheld(self, path: PurePath) -> None:
        options = CreateOptions.FILE_DELETE_ON_CLOSE
        access = FilePipePrinterAccessMask.FILE_READ_DATA | FilePipePrinterAccessMask.DELETE
        with self.open(path, "rb", "", create_options=options, desired_access=access, buffering=0):
            pass

    # -- not of FileOps: what other people's programs do ------------------------------------

    @contextlib.contextmanager
    def open(self, path: PurePath, mode: str, sharing: str, **more: Any) -> Iterator[Any]:
        """Open as any program may: ``sharing`` is what others may do beside it, of "rwd"."""
        file = self._open(path, mode, sharing, **more)
        try:
            with _as_os_error(path):
                yield file
        finally:
            with _as_os_error(path):
                file.close()

    def put(self, path: PurePath, data: bytes, attributes: int = 0) -> None:
        """Write the file, over what is there."""
        with self.open(path, "wb", sharing="r", file_attributes=attributes or None) as file:
            file.write(data)

    def notice_that_the_server_is_gone(self) -> None:
        """Wait until the client has seen the end of its connection.

        A request that it sends in that very moment would wait for an answer forever.
        """
        for connection in self.cache.values():
            if connection._t_worker is not None:
                connection._t_worker.join(START_LIMIT)

    def disconnect(self) -> None:
        """Close the connection; what was held by it is free."""
        with contextlib.suppress(Exception):
            smbclient.reset_connection_cache(fail_on_error=False, connection_cache=self.cache)
        self.cache.clear()

    def _open(self, path: PurePath, mode: str, sharing: str, **more: Any) -> Any:
        with _as_os_error(path):
            return smbclient.open_file(
                str(path), mode=mode, share_access=sharing, **more, **self._login
            )

    @property
    def _login(self) -> dict[str, Any]:
        return {
            "username": self.user,
            "password": self.password,
            "port": self.port,
            "connection_cache": self.cache,
            "connection_timeout": START_LIMIT,
        }


_ERRNO = {
    NtStatus.STATUS_ACCESS_DENIED: errno.EACCES,
    NtStatus.STATUS_DELETE_PENDING: errno.EACCES,
    NtStatus.STATUS_CANNOT_DELETE: errno.EACCES,
    NtStatus.STATUS_DISK_FULL: errno.ENOSPC,
}


@contextlib.contextmanager
def _as_os_error(path: PurePath) -> Iterator[None]:
    """Turn the client's errors into those that Python would raise for a path on Windows."""
    try:
        yield
    except SMBOSError as error:
        if error.ntstatus == NtStatus.STATUS_SHARING_VIOLATION:
            raise Busy(errno.EACCES, "open elsewhere", str(path)) from error
        number = _ERRNO.get(error.ntstatus, error.errno) or errno.EIO
        raise OSError(number, error.strerror, str(path)) from error
    except OSError as error:
        if isinstance(error, TimeoutError) or error.errno in _SOCKET_GONE:
            raise _gone(error, path) from error
        raise
    except (SMBException, ValueError) as error:  # ValueError: it could not connect
        raise _gone(error, path) from error


# The client closes its socket in another thread while a request is about to use it.
_SOCKET_GONE = {errno.EBADF, errno.EPIPE, errno.ENOTCONN, errno.ENOTSOCK}


def _gone(error: Exception, path: PurePath) -> ConnectionResetError:
    why = f"the share is gone ({type(error).__name__})"
    return ConnectionResetError(errno.ECONNRESET, why, str(path))
