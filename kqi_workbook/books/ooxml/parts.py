"""An Office file as the parts it is made of: what is not changed is kept to the byte."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

from lxml import etree

from kqi_workbook.books.ooxml.archive import Archive
from kqi_workbook.books.ooxml.markup import Element, descendants, dump, namespace, parse
from kqi_workbook.errors import NotAWorkbook

_CONTENT_TYPES = "[Content_Types].xml"
_LARGEST_KEPT = 1 << 20  # bytes of a part that is unpacked once, however often it is asked for


@dataclass(frozen=True)
class Relationship:
    """A link from one part to another, or to something outside the file.

    ``kind`` is the last word of its type (``worksheet``, ``table``); ``target`` is the name of a
    member of the zip file, or as it stands where the target is outside or missing.
    """

    id: str
    kind: str
    target: str
    outside: bool


class Parts:
    """The parts of an Office file, what they are, and how they hang together.

    Parts are parsed only when somebody asks for them. Nothing is written until :meth:`write`.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._trees: dict[str, tuple[Element, bytes]] = {}
        self._contents: dict[str, bytes] = {}
        self._dropped: set[str] = set()
        if _CONTENT_TYPES not in archive.members:
            raise NotAWorkbook(f"{self.name} is a zip file, but not an Excel workbook.")

    @property
    def name(self) -> str:
        """The file's name, for messages."""
        return self._archive.name

    @property
    def data(self) -> bytes:
        """The whole file as it was read."""
        return self._archive.data

    def find(self, part: str) -> str | None:
        """The zip member that holds a part, whatever its case; None if it is missing."""
        for name in (part, unquote(part)):
            if name in self._archive.members:
                return self._archive.members[name].filename
        return None

    def size(self, part: str) -> int:
        """The part's declared size in bytes when unpacked."""
        return self._archive.members[part].file_size

    def read(self, part: str) -> bytes:
        """The part's content as it was when the file was read."""
        if part not in self._contents:
            content = self._archive.read(part)
            if len(content) > _LARGEST_KEPT:
                return content
            self._contents[part] = content
        return self._contents[part]

    def pieces(self, part: str) -> Iterator[bytes]:
        """The same piece by piece, for a part too large to be held as a whole."""
        if self.size(part) <= _LARGEST_KEPT:
            return iter([self.read(part)])
        return self._archive.pieces(part)

    def packed(self, part: str) -> bytes:
        """The part as it lies packed in the file that was read."""
        return self._archive.packed(part)

    def root(self, part: str) -> Element:
        """The part as a tree. What is changed in it is written: no need to hand it back."""
        if part not in self._trees:
            tree = parse(self.read(part), f"{self.name}: {part}")
            self._trees[part] = tree, dump(tree)
        return self._trees[part][0]

    def is_open(self, part: str) -> bool:
        """Whether a part has been asked for as a tree, and may have been changed."""
        return part in self._trees

    def relationships(self, part: str) -> list[Relationship]:
        """What a part links to; ``""`` asks for the links of the file itself."""
        links = self._relationships_part(part)
        if links is None:
            return []
        folder = posixpath.dirname(part)
        found = []
        for link in descendants(self.root(links), "Relationship"):
            target = link.get("Target", "").replace("\\", "/")
            outside = link.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                target = self.find(target) or target
            kind = link.get("Type", "").rpartition("/")[2]
            found.append(Relationship(link.get("Id", ""), kind, target, outside))
        return found

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of one kind that a part links to, those that exist."""
        return [
            link.target
            for link in self.relationships(part)
            if link.kind == kind and not link.outside and link.target in self._archive.members
        ]

    def content_type(self, part: str) -> str:
        """What the file says that a part is."""
        override = self._override(part)
        if override is not None:
            return override.get("ContentType", "")
        extension = part.rpartition(".")[2].casefold()
        for default in descendants(self.root(_CONTENT_TYPES), "Default"):
            if default.get("Extension", "").casefold() == extension:
                return default.get("ContentType", "")
        return ""

    def declare(self, part: str, content_type: str) -> None:
        """Say in the file what a part is."""
        override = self._override(part)
        if override is None:
            types = self.root(_CONTENT_TYPES)
            override = etree.SubElement(types, f"{{{namespace(types)}}}Override")
            override.set("PartName", f"/{part}")
        override.set("ContentType", content_type)

    def parts_of_type(self, *endings: str) -> list[str]:
        """The parts whose content type ends so."""
        overrides = descendants(self.root(_CONTENT_TYPES), "Override")
        names = (
            o.get("PartName", "")[1:]
            for o in overrides
            if o.get("ContentType", "").endswith(endings)
        )
        return [part for name in names if (part := self.find(name)) is not None]

    def _relationships_part(self, part: str) -> str | None:
        folder, base = posixpath.split(part)
        return self.find(posixpath.join(folder, "_rels", base + ".rels"))

    def drop(self, part: str, owner: str) -> None:
        """Leave a part out, with the owner's links to it and its content type."""
        self._dropped.add(part)
        links = self._relationships_part(owner)
        if links is not None:
            gone = {link.id for link in self.relationships(owner) if link.target == part}
            root = self.root(links)
            for link in list(root):
                if link.get("Id") in gone:
                    root.remove(link)
        override = self._override(part)
        if override is not None:
            self.root(_CONTENT_TYPES).remove(override)

    def _override(self, part: str) -> Element | None:
        """Where the file says what this very part is."""
        for override in descendants(self.root(_CONTENT_TYPES), "Override"):
            if unquote(override.get("PartName", "")).casefold() == f"/{part}".casefold():
                return override
        return None

    # ---- saving

    def changes(self) -> dict[str, bytes]:
        """The parts that differ from the file that was read, with their new content."""
        return dict(self._changed_trees())

    @property
    def changed(self) -> bool:
        """Whether writing would give anything else than the file that was read."""
        return bool(self._dropped) or any(self._changed_trees())

    def _changed_trees(self) -> Iterator[tuple[str, bytes]]:
        for part, (tree, before) in self._trees.items():
            if part not in self._dropped and (content := dump(tree)) != before:
                yield part, content

    def write(self, target: IO[bytes]) -> None:
        """Write the workbook to a binary file, which need not be seekable.

        Parts that did not change keep their compressed bytes, order, flags and times. Where
        nothing changed the file that was read is written again, byte for byte.
        """
        changes = self.changes()
        if changes or self._dropped:
            self._archive.write(target, changes, self._dropped)
        else:
            target.write(self.data)
