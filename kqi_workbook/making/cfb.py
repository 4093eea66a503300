"""Write a compound file ([MS-CFB], version 3): the little file system that holds a VBA project.

Our own, because the one package for it on PyPI (ms-cfb) writes temporary files into the working
folder and places the allocation table wrongly beyond 64 KB. Section numbers are of [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

from kqi_workbook.errors import KQIWorkbookError

Storage: TypeAlias = Mapping[str, Union[bytes, "Storage"]]

SECTOR = 512
MINI_SECTOR = 64
MINI_STREAM_LIMIT = 4096  # a shorter stream lives in the mini stream (2.2)
HEADER_FAT_SECTORS = 109  # as many as the header lists; beyond that come DIFAT sectors (2.5)

END_OF_CHAIN = 0xFFFFFFFE  # 2.1
FAT_SECTOR = 0xFFFFFFFD
FREE = 0xFFFFFFFF
NO_STREAM = 0xFFFFFFFF  # 2.6.1

UNALLOCATED, STORAGE, STREAM, ROOT = 0, 1, 2, 5  # object types, 2.6.1
BLACK = 1


@dataclass
class _Entry:
    """A directory entry (2.6.1)."""

    name: str = ""
    kind: int = UNALLOCATED
    data: bytes = b""
    left: int = NO_STREAM
    right: int = NO_STREAM
    child: int = NO_STREAM
    start: int = 0

    def packed(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le") if self.name else b""
        tree = struct.pack("<BBIII", self.kind, BLACK, self.left, self.right, self.child)
        class_id_state_and_times = bytes(16 + 4 + 8 + 8)
        place = struct.pack("<IQ", self.start, len(self.data))
        return (
            name.ljust(64, b"\0")
            + struct.pack("<H", len(name))
            + tree
            + (class_id_state_and_times + place)
        )


@dataclass
class _Chains:
    """Sectors of one size with their allocation table (2.3): each names the next of its chain."""

    size: int
    body: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def add(self, data: bytes, padding: bytes = b"\0") -> int:
        """Append data as a chain of its own; gives the number of its first sector."""
        if not data:
            return END_OF_CHAIN
        first = len(self.table)
        count = -(-len(data) // self.size)
        self.body += data.ljust(count * self.size, padding)
        self.table += [*range(first + 1, first + count), END_OF_CHAIN]
        return first


def compound_file(root: Storage) -> bytes:
    """A compound file of these streams (bytes) and storages (mappings), by name.

    The same content gives the same bytes: times and class ids are left zero, as 2.6.1 allows.

    Raises
    ------
    KQIWorkbookError
        If the content needs more than the header's 109 allocation sectors (about 7 MB).
    """
    entries = _entries(root)
    sectors, minis = _Chains(SECTOR), _Chains(MINI_SECTOR)
    for entry in entries:
        if entry.kind == STREAM:
            chains = minis if len(entry.data) < MINI_STREAM_LIMIT else sectors
            entry.start = chains.add(entry.data)
    entries[0].data = bytes(minis.body)
    entries[0].start = sectors.add(entries[0].data)
    mini_table = sectors.add(_words(minis.table), padding=b"\xff")
    directory = sectors.add(_directory(entries))

    content_sectors = len(sectors.table)
    fat_sectors = _fat_sectors_for(content_sectors)
    fat = sectors.table + [FAT_SECTOR] * fat_sectors
    header = _header(
        directory=directory,
        mini_table=mini_table,
        mini_table_sectors=-(-len(minis.table) * 4 // SECTOR),
        fat=range(content_sectors, content_sectors + fat_sectors),
    )
    return header + bytes(sectors.body) + _words(fat).ljust(fat_sectors * SECTOR, b"\xff")


def _entries(root: Storage) -> list[_Entry]:
    """All directory entries, the root entry first, tied together by their numbers."""
    entries: list[_Entry] = []

    def add(name: str, kind: int, node: bytes | Storage) -> int:
        number = len(entries)
        entry = _Entry(name, kind)
        entries.append(entry)
        if isinstance(node, bytes):
            entry.data = node
        else:
            numbers = [
                add(child, STREAM if isinstance(node[child], bytes) else STORAGE, node[child])
                for child in sorted(node, key=_sort_key)
            ]
            entry.child = _tree(entries, numbers)
        return number

    add("Root Entry", ROOT, root)
    return entries


def _sort_key(name: str) -> tuple[int, str]:
    """Shorter names come first, then by upper case (2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()


def _tree(entries: list[_Entry], numbers: list[int]) -> int:
    """Tie sorted siblings into a balanced binary tree; gives its root.

    All nodes are black, the simplest tree that 2.6.4 allows.
    """
    if not numbers:
        return NO_STREAM
    middle = len(numbers) // 2
    node = entries[numbers[middle]]
    node.left = _tree(entries, numbers[:middle])
    node.right = _tree(entries, numbers[middle + 1 :])
    return numbers[middle]


def _directory(entries: list[_Entry]) -> bytes:
    """The directory's sectors: four entries each, the last filled up with unused ones."""
    unused = [_Entry()] * (-len(entries) % 4)
    return b"".join(entry.packed() for entry in [*entries, *unused])


def _fat_sectors_for(content_sectors: int) -> int:
    """How many sectors the allocation table takes, its own sectors being in it too (2.3)."""
    per_sector = SECTOR // 4
    count = 1
    while count * per_sector < content_sectors + count:
        count += 1
    if count > HEADER_FAT_SECTORS:
        raise KQIWorkbookError(
            f"The VBA project is {content_sectors * SECTOR:,} bytes; this writer stops at "
            f"{HEADER_FAT_SECTORS * per_sector * SECTOR:,}. Shorten the macros."
        )
    return count


def _header(directory: int, mini_table: int, mini_table_sectors: int, fat: range) -> bytes:
    """The first 512 bytes (2.2)."""
    signature_and_class_id = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    version_3_little_endian = struct.pack("<HHHHH6x", 0x003E, 3, 0xFFFE, 9, 6)
    tables = (0, len(fat), directory, 0, MINI_STREAM_LIMIT, mini_table, mini_table_sectors)
    difat = (END_OF_CHAIN, 0, *fat, *[FREE] * (HEADER_FAT_SECTORS - len(fat)))
    return signature_and_class_id + version_3_little_endian + _words([*tables, *difat])


def _words(numbers: list[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)
