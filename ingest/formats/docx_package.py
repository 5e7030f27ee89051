"""The parts of a DOCX: a zip of XML files that point to each other by relationships (ECMA-376, part 2)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.errors import UnreadableFile
from ingest.formats.docx_xml import attribute, name_of
from ingest.formats.limits import open_zip, parse_xml, read_member

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIN = "word/document.xml"
_MAX_PART = 64 * 1024 * 1024  # bytes of one XML part; ten thousand pages are a third of it


@dataclass(frozen=True, slots=True)
class Relation:
    """A pointer from one part to another; ``kind`` is the last word of its type ("footnotes", "aFChunk")."""

    relation_id: str
    kind: str
    part: str  # empty where it points outside the file


class Package:
    """An opened DOCX."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open ``content``; ``name`` is for messages.

        Raises:
            UnreadableFile: damaged, encrypted, too large, or not a Word document.
        """
        self.name = name
        self._archive = open_zip(content, name)
        self._members = {member.filename.lstrip("/").lower(): member for member in self._archive.infolist()}
        self.main = next((relation.part for relation in self.relations("") if relation.kind == "officeDocument"), _MAIN)
        if not self.has(self.main):
            raise UnreadableFile(
                f"文件“{name}”里没有 Word 正文（{_MAIN}），可能不完整。请用 Word 打开后另存为 DOCX 再试。"
            )

    @property
    def unpacked(self) -> int:
        """The bytes of all parts."""
        return sum(member.file_size for member in self._members.values())

    def has(self, part: str) -> bool:
        """Whether the part is there."""
        return part.lower() in self._members

    def content(self, part: str) -> bytes:
        """The bytes of a part.

        Raises:
            UnreadableFile: missing or damaged.
        """
        member = self._members.get(part.lower())
        return read_member(self._archive, member if member is not None else part, self.name)

    def xml(self, part: str) -> _Element:
        """The root element of a part.

        Raises:
            UnreadableFile: missing, damaged, or unsafe.
        """
        content = self.content(part)
        if len(content) > _MAX_PART:
            found, allowed = len(content) // 1024 // 1024, _MAX_PART // 1024 // 1024
            raise UnreadableFile(f"文件“{self.name}”的正文数据有 {found} MB，最多可读 {allowed} MB。请拆分后再试。")
        return parse_xml(content, self.name)

    def relations(self, part: str) -> list[Relation]:
        """The pointers that start from ``part``; from the file as a whole for an empty name."""
        folder, base = posixpath.split(part)
        beside = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(beside):
            return []
        return [_relation(element, folder) for element in self.xml(beside) if name_of(element)]

    def related(self, kind: str) -> _Element | None:
        """The root of the main part's only relation of ``kind``; ``None`` where there is none."""
        part = next((relation.part for relation in self.relations(self.main) if relation.kind == kind), "")
        return self.xml(part) if part and self.has(part) else None


def _relation(element: _Element, folder: str) -> Relation:
    target = unquote(attribute(element, "Target") or "")
    outside = (attribute(element, "TargetMode") or "").lower() == "external"
    path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    part = "" if outside or not target else posixpath.normpath(path).lstrip("./")
    return Relation(attribute(element, "Id") or "", (attribute(element, "Type") or "").rpartition("/")[2], part)
