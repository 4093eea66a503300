"""File operations on Windows, where every handle says what it lets others do beside it.

Python's own ``open`` cannot say that: it lets others read and write, but not delete. Excel deletes
its owner file by closing it, so ``open`` may not even read it; hence CreateFile.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import sys
from ctypes import wintypes
from dataclasses import dataclass
from pathlib import PurePath

from kqi_workbook.books.share.files import Busy, Held
from kqi_workbook.books.share.local import LocalFiles, system_path, write_all

assert sys.platform == "win32"
import msvcrt  # noqa: E402  (after the assertion, which tells the type checker where it is)

# winnt.h and fileapi.h
READ, WRITE, DELETE = 0x80000000, 0x40000000, 0x00010000
SHARE_NONE, SHARE_READ, SHARE_ALL = 0, 1, 7
CREATE_NEW, OPEN_EXISTING = 1, 3
ATTRIBUTE_NORMAL, DELETE_ON_CLOSE = 0x80, 0x04000000
DACL = 0x4
SHARING_VIOLATION, LOCK_VIOLATION = 32, 33
INVALID_HANDLE = ctypes.c_void_p(-1).value

KEPT_ATTRIBUTES = (
    stat.FILE_ATTRIBUTE_HIDDEN
    | stat.FILE_ATTRIBUTE_SYSTEM
    | stat.FILE_ATTRIBUTE_ARCHIVE
    | stat.FILE_ATTRIBUTE_NOT_CONTENT_INDEXED
)

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
_kernel32.CreateFileW.restype = wintypes.HANDLE
_kernel32.CreateFileW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.LPVOID,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.HANDLE,
)
_kernel32.SetFileAttributesW.argtypes = (wintypes.LPCWSTR, wintypes.DWORD)
_advapi32.GetFileSecurityW.argtypes = (
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.LPVOID,
    wintypes.DWORD,
    wintypes.LPDWORD,
)
_advapi32.SetFileSecurityW.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, wintypes.LPVOID)


@dataclass(frozen=True)
class _WindowsHeld:
    descriptor: int

    def release(self) -> None:
        os.close(self.descriptor)  # the file was opened to go when its handle does


class WindowsFiles(LocalFiles):
    """FileOps on Windows, on a local disk or a share."""

    sees_every_handle = True

    def read(self, path: PurePath) -> bytes:
        with open(_open(path, READ, SHARE_ALL, OPEN_EXISTING), "rb") as file:
            return file.read()

    def keep_look(self, source: PurePath, target: PurePath) -> None:
        with contextlib.suppress(OSError):
            _copy_access_list(system_path(source), system_path(target))
        attributes = os.stat(system_path(source)).st_file_attributes & KEPT_ATTRIBUTES
        if not _kernel32.SetFileAttributesW(system_path(target), attributes or ATTRIBUTE_NORMAL):
            raise _last_error(target)

    def sync_folder(self, folder: PurePath) -> None:
        """Nothing to do: the file system journals its names itself."""

    def probe(self, path: PurePath) -> None:
        os.close(_open(path, READ | WRITE, SHARE_NONE, OPEN_EXISTING))

    def read_alone(self, path: PurePath) -> bytes:
        with open(_open(path, READ | WRITE, SHARE_NONE, OPEN_EXISTING), "rb") as file:
            return file.read()

    def hold(self, path: PurePath, data: bytes) -> Held:
        # Gone with its handle: a killed run leaves no lock behind, on a share neither.
        descriptor = _open(path, WRITE | DELETE, SHARE_READ, CREATE_NEW, DELETE_ON_CLOSE)
        try:
            write_all(descriptor, data)
            os.fsync(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return _WindowsHeld(descriptor)

    def remove_unheld(self, path: PurePath) -> None:
        os.close(_open(path, READ | DELETE, SHARE_NONE, OPEN_EXISTING, DELETE_ON_CLOSE))


def _open(path: PurePath, access: int, sharing: int, disposition: int, flags: int = 0) -> int:
    """A file descriptor on the file, opened as CreateFile opens it."""
    handle = _kernel32.CreateFileW(
        system_path(path), access, sharing, None, disposition, ATTRIBUTE_NORMAL | flags, None
    )
    if handle == INVALID_HANDLE:
        raise _last_error(path)
    mode = os.O_RDWR if access & WRITE else os.O_RDONLY
    return msvcrt.open_osfhandle(handle, mode | os.O_BINARY)


def _last_error(path: PurePath) -> OSError:
    code = ctypes.get_last_error()
    text = ctypes.FormatError(code)
    if code in {SHARING_VIOLATION, LOCK_VIOLATION}:
        return Busy(13, text, str(path), code)
    return OSError(0, text, str(path), code)  # Python picks the subclass by the Windows code


def _copy_access_list(source: str, target: str) -> None:
    """Copy who may do what; the owner stays us, for only an administrator may give files away."""
    size = wintypes.DWORD()
    _advapi32.GetFileSecurityW(source, DACL, None, 0, ctypes.byref(size))
    descriptor = ctypes.create_string_buffer(size.value)
    if not _advapi32.GetFileSecurityW(source, DACL, descriptor, size, ctypes.byref(size)):
        raise ctypes.WinError(ctypes.get_last_error())
    if not _advapi32.SetFileSecurityW(target, DACL, descriptor):
        raise ctypes.WinError(ctypes.get_last_error())
