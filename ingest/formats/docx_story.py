"""The paragraphs and tables of one document in the order they are read.

Text boxes, footnotes and endnotes stand after the paragraph that they hang on. A paragraph whose end mark is deleted
goes on in the next one, as Word shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.formats.docx_inline import Inline, InlineReader
from ingest.formats.docx_lines import Line, joined, tidy
from ingest.formats.docx_notices import Tally
from ingest.formats.docx_numbering import list_of_paragraph
from ingest.formats.docx_styles import BODY_LEVEL, Styles
from ingest.formats.docx_tables import table_lines
from ingest.formats.docx_xml import attribute, child, children, choice, inside, name_of, number, switch, value
from ingest.formats.numbering import Counters, NumberedList

if TYPE_CHECKING:
    from lxml.etree import _Element

_WRAPPERS = ("w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")
_CONTENTS_GALLERY = "Table of Contents"
_CONTENTS_HEAD = re.compile(r"目\s*[录次]")
_MAX_CARRIED = 20_000  # characters of paragraphs that go on in one another
_MAX_HEADING = 100  # characters; a longer paragraph in a heading's style is text


class Story:
    """Reads containers of paragraphs and tables; numbers run through the whole document."""

    def __init__(
        self,
        styles: Styles,
        lists: dict[str, NumberedList],
        inline: InlineReader,
        tally: Tally,
        notes: dict[tuple[str, str], _Element],
        embedded: Callable[[str], list[Line]],
    ) -> None:
        self._styles, self._lists, self._inline, self._tally = styles, lists, inline, tally
        self._notes, self._embedded = notes, embedded
        self._counters = Counters(lists)
        self._tables = 0
        self._note_number = 0

    def read(self, container: _Element) -> list[Line]:
        """The lines of ``container``: a body, a cell, a text box, a note."""
        lines: list[Line] = []
        carried = self._blocks(container, lines, "")
        if tidy(carried):
            lines.append(Line(tidy(carried)))
        return lines

    def next_table(self, count: int = 1) -> int:
        """The number of the next table, ``count`` numbers being taken."""
        first = self._tables + 1
        self._tables += count
        return first

    def _blocks(self, container: _Element, lines: list[Line], carried: str) -> str:
        """Add the blocks of ``container``; words whose paragraph goes on in the next one are handed on."""
        for block in children(container):
            name = name_of(block)
            if name == "w:p":
                carried = self._paragraph(block, lines, carried)
            elif name == "w:tbl":
                self._table(block, lines)
            elif name == "w:sdt":
                carried = self._content_control(block, lines, carried)
            elif name == "w:altChunk":
                lines += self._embedded(attribute(block, "r:id") or "")
            elif name == "mc:AlternateContent" and (branch := choice(block)) is not None:
                carried = self._blocks(branch, lines, carried)
            elif name in _WRAPPERS:
                carried = self._blocks(block, lines, carried)
        return carried

    def _content_control(self, block: _Element, lines: list[Line], carried: str) -> str:
        content = child(block, "w:sdtContent")
        if value(block, "w:sdtPr", "w:docPartObj", "w:docPartGallery") == _CONTENTS_GALLERY:
            words = "".join(inner.text or "" for inner in block.iter("{*}t"))
            self._tally.add("contents", words, len(list(block.iter("{*}p"))))
            return carried
        if child(block, "w:sdtPr", "w:showingPlcHdr") is not None:
            self._tally.add("placeholder", "".join(inner.text or "" for inner in block.iter("{*}t")))
            return carried
        return carried if content is None else self._blocks(content, lines, carried)

    def _table(self, block: _Element, lines: list[Line]) -> None:
        if inside(block, "w:tc"):
            self._tally.add("nested")
        lines += table_lines(block, self.read, self.next_table())

    def _paragraph(self, paragraph: _Element, lines: list[Line], carried: str) -> str:
        properties = child(paragraph, "w:pPr")
        style_id = value(properties, "w:pStyle") or self._styles.default
        inline = self._inline.read(paragraph, style_id)
        text = carried + inline.text
        mark = child(properties, "w:rPr")
        deleted = child(mark, "w:del") is not None or child(mark, "w:moveFrom") is not None
        if deleted and len(text) < _MAX_CARRIED:
            self._hanging(inline, lines)
            return text
        if self._is_contents(inline, text, style_id):
            self._tally.add("contents", text)
            if lines and _CONTENTS_HEAD.fullmatch(lines[-1].text):
                lines.pop()
            return ""
        if tidy(text) or not (switch(mark, "w:vanish") or child(properties, "w:sectPr") is not None):
            text = self._numbered(properties, style_id, text, in_cell=inside(paragraph, "w:tc"))
        lines += self._written(properties, style_id, text)
        self._hanging(inline, lines)
        return ""

    def _is_contents(self, inline: Inline, text: str, style_id: str | None) -> bool:
        if inline.contents and not tidy(text):
            return True
        return bool(tidy(text)) and self._styles.is_contents(style_id)

    def _numbered(self, properties: _Element | None, style_id: str | None, text: str, *, in_cell: bool) -> str:
        place = list_of_paragraph(properties, style_id, self._styles, self._lists)
        mark = self._counters.next_mark(*place) if place is not None else None
        if mark is None:
            return text
        if mark.unknown_format:
            self._tally.add("number_format", mark.unknown_format)
        if mark.is_bullet:
            self._tally.add("bullet", tidy(text) if tidy(text) else "")
        elif mark.text.strip() and not tidy(text) and not in_cell:
            self._tally.add("empty_number", mark.text)
            return ""
        return mark.text + tidy(text)

    def _written(self, properties: _Element | None, style_id: str | None, text: str) -> list[Line]:
        words = [line for part in text.split("\n") if (line := tidy(part))]
        own = number(properties, "w:outlineLvl")
        depth = self._styles.depth(style_id) if own is None else (own + 1 if own < BODY_LEVEL else 0)
        title = self._styles.is_title(style_id)
        whole = joined(words)
        if words and (depth or title) and len(whole) <= _MAX_HEADING:
            return [Line(whole, 0 if title else depth, is_title=title)]
        return [Line(line) for line in words]

    def _hanging(self, inline: Inline, lines: list[Line]) -> None:
        """Text boxes and notes of a paragraph."""
        for box in inline.boxes:
            lines += self.read(box)
        for name, note_id, own_mark in inline.notes:
            self._note_number += 1
            note = self._notes.pop((name, note_id), None)  # told once, however often it is pointed to
            words = joined([line.text for line in self.read(note)]) if note is not None else ""
            self._tally.add("footnote", words)
            label = "注" if own_mark else f"注{self._note_number}"
            if words:
                lines.append(Line(f"（{label}：{words}）"))
