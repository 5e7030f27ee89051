"""DOCX files: the text that Word shows, with automatic numbers written out, headings, tables, notes.

Pages are not known: Word makes them when it opens the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.formats.docx_embedded import MAX_NESTED, read_embedded
from ingest.formats.docx_inline import InlineReader, fields_balanced
from ingest.formats.docx_lines import Line, joined, laid_out, lines_of
from ingest.formats.docx_notices import Tally
from ingest.formats.docx_numbering import read_lists
from ingest.formats.docx_package import Package
from ingest.formats.docx_story import Story
from ingest.formats.docx_styles import Styles
from ingest.formats.docx_xml import attribute, child, children, name_of
from ingest.formats.limits import MAX_UNPACKED
from ingest.formats.reading import Reading
from ingest.records import Notice

if TYPE_CHECKING:
    from lxml.etree import _Element

_MORE_CONTENTS = 20  # lines: contents longer than the text they list are no contents, their end mark is lost
_NOTES = {"footnotes": ("w:footnote", "w:footnoteReference"), "endnotes": ("w:endnote", "w:endnoteReference")}


def read(content: bytes, name: str) -> Reading:
    """The text of a DOCX as Word shows it, changes taken as accepted.

    Raises:
        UnreadableFile: damaged, encrypted, too large, unsafe, or without any text.
    """
    return _read(content, name, 0, _Terms())


def read_converted(content: bytes, name: str) -> Reading:
    """The text of a DOCX that LibreOffice made of another file.

    LibreOffice forgets that 第X条 counts through all chapters (``w:lvlRestart``), so it is taken for granted.

    Raises:
        UnreadableFile: as ``read``.
    """
    return _read(content, name, 0, _Terms(converted=True))


@dataclass(slots=True)
class _Terms:
    """How one file is read, the DOCX within it included: what they may still unpack to, and who made it."""

    left: int = MAX_UNPACKED
    converted: bool = False


def _read(content: bytes, name: str, nested: int, terms: _Terms) -> Reading:
    if nested > MAX_NESTED:
        raise UnreadableFile(f"文件“{name}”里一层套一层的 Word 文档超过 {MAX_NESTED} 层，没有打开。请另存后再试。")
    package = Package(content, name)
    terms.left -= package.unpacked
    if terms.left < 0:
        allowed = MAX_UNPACKED // 1024 // 1024
        raise UnreadableFile(f"文件“{name}”连同里面嵌入的 Word 文档，解压后超过 {allowed} MB，没有打开。请拆分后再试。")
    body = child(package.xml(package.main), "w:body")
    if body is None:
        raise UnreadableFile(f"文件“{name}”里没有 Word 正文，可能不完整。请用 Word 打开后另存为 DOCX 再试。")
    reader = _Reader(package, body, nested, terms, fields_usable=fields_balanced(body))
    lines = reader.story.read(body)
    if reader.tally.count("contents") > len(lines) + _MORE_CONTENTS:
        reader = _Reader(package, body, nested, terms, fields_usable=False)
        lines = reader.story.read(body)
    reader.tally_around()
    text, headings, tables = laid_out(lines)
    if not text:
        raise UnreadableFile(_without_text(name, reader.tally))
    title = joined(line.text for line in _title_lines(lines)) or None
    notices = (*reader.tally.notices(), *reader.notices)
    return Reading(text, "docx", (), headings, tables, title, told=reader.told, notices=notices)


class _Reader:
    """One opened document: its story, and what the files within it said."""

    def __init__(self, package: Package, body: _Element, nested: int, terms: _Terms, *, fields_usable: bool) -> None:
        self._package, self._nested, self._terms = package, nested, terms
        self._parts = {relation.relation_id: relation.part for relation in package.relations(package.main)}
        self.tally = Tally()
        self.notices: tuple[Notice, ...] = ()
        self.told: tuple[tuple[str, str], ...] = ()
        styles = Styles(package.related("styles"))
        lists = read_lists(package.related("numbering"), styles, articles_run_on=terms.converted)
        if not fields_usable:
            self.tally.add("broken_field")
        inline = InlineReader(styles, self.tally, fields_usable=fields_usable)
        self.story = Story(styles, lists, inline, self.tally, dict(_notes(package)), self._embedded)

    def _embedded(self, relation_id: str) -> list[Line]:
        part = self._parts.pop(relation_id, "")  # taken in once, however often it is pointed to
        if not part or not self._package.has(part):
            self.tally.add("embedded", relation_id)
            return []
        deeper = partial(_read, nested=self._nested + 1, terms=self._terms)
        reading = read_embedded(self._package.content(part), self._package.name, deeper)
        self.told += reading.told
        self.notices += tuple(replace(notice, offset=None, line=None) for notice in reading.notices)
        return lines_of(reading, self.story.next_table(len(reading.tables)))

    def tally_around(self) -> None:
        """Count what stands in headers and footers."""
        relations = self._package.relations(self._package.main)
        for part in sorted({relation.part for relation in relations if relation.kind in ("header", "footer")}):
            if not self._package.has(part):
                continue
            words = "".join(inner.text or "" for inner in self._package.xml(part).iter("{*}t"))
            if any(character.isalpha() for character in words):
                self.tally.add("header", words)


def _title_lines(lines: list[Line]) -> Iterator[Line]:
    """The first lines in the title's style: a title of two paragraphs is one."""
    for line in dropwhile(lambda line: not line.is_title, lines):
        if not line.is_title:
            return
        yield line


def _notes(package: Package) -> Iterator[tuple[tuple[str, str], _Element]]:
    for kind, (element_name, reference_name) in _NOTES.items():
        root = package.related(kind)
        for note in children(root, element_name):
            if name_of(note) == element_name and attribute(note, "w:type") in (None, "normal"):
                yield (reference_name, attribute(note, "w:id") or ""), note


def _without_text(name: str, tally: Tally) -> str:
    images = tally.count("image")
    if images:
        return f"文件“{name}”里只有图片（{images} 张），没有可读的文字。请把它另存为 PDF，或把图片另存后再收录。"
    return f"文件“{name}”里没有文字。请检查是否选对了文件。"
