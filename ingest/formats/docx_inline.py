"""The words of one paragraph as a reader sees them.

Kept: insertions, the results of fields, symbols, soft breaks (as line feeds), tabs. Left out: deletions, moved text
at its old place, hidden text, field instructions, tables of contents. Text boxes and notes are handed over as found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.formats.docx_notices import Tally
from ingest.formats.docx_styles import Styles
from ingest.formats.docx_symbols import UNKNOWN, plain, symbol
from ingest.formats.docx_xml import attribute, child, choice, inside, name_of, switch, value
from ingest.formats.numbering_formats import circled

if TYPE_CHECKING:
    from lxml.etree import _Element

_BREAKS = {"w:br": "\n", "w:cr": "\n", "w:tab": "\t", "w:ptab": "\t", "w:noBreakHyphen": "-"}
_TEXTS = ("w:t", "m:t")
_LEFT_OUT = ("w:pPr", "w:rPr", "w:sdtPr", "w:rt", "w:rubyPr", "w:instrText", "w:delInstrText", "w:delText", "w:tblPr")
_DELETIONS = ("w:del", "w:moveFrom")
_INSERTIONS = ("w:ins", "w:moveTo")
_PICTURES = {
    "pic:pic": "image", "v:imagedata": "image", "c:chart": "graphic", "dgm:relIds": "graphic", "o:OLEObject": "object",
    "w:commentReference": "comment", "w:control": "object",
}  # fmt: skip
_CONTENTS = re.compile(r"\s*(?:TOC|TOA|INDEX)\b", re.IGNORECASE)
_ENCLOSED = re.compile(r"\s*EQ\s*\\o(?:\\a[clr])?\s*\(\s*[○◯]\s*[,，]\s*(?P<inner>[^,，()]{1,4}?)\s*\)", re.IGNORECASE)
_CHECKBOX = re.compile(r"\s*FORMCHECKBOX\b", re.IGNORECASE)


@dataclass(slots=True)
class Field:
    """An open field: its instruction, then its result."""

    begin: _Element
    instruction: str = ""
    in_result: bool = False

    @property
    def is_contents(self) -> bool:
        """Whether the result is a table of contents."""
        return _CONTENTS.match(self.instruction) is not None


@dataclass(slots=True)
class Inline:
    """The words of a paragraph and what hangs on it."""

    parts: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, str, bool]] = field(default_factory=list)  # (element name, id, has a mark of its own)
    contents: bool = False  # words of a table of contents were left out

    @property
    def text(self) -> str:
        """The words."""
        return "".join(self.parts)


class InlineReader:
    """Reads paragraphs in order; remembers the fields that are open between them."""

    def __init__(self, styles: Styles, tally: Tally, *, fields_usable: bool = True) -> None:
        self._styles = styles
        self._tally = tally
        self._fields: list[Field] = []
        self._fields_usable = fields_usable
        self._notes = 0

    def read(self, paragraph: _Element, style_id: str | None) -> Inline:
        """The words of ``paragraph``, whose style is ``style_id``."""
        inline = Inline()
        hidden = self._styles.hidden(style_id)
        self._walk(paragraph, inline, self._styles.all_hidden if hidden is None else hidden)
        return inline

    def _walk(self, element: _Element, inline: Inline, hidden: bool) -> None:
        for inner in element:
            name = name_of(inner)
            if not name or name in _LEFT_OUT:
                continue
            if name in _DELETIONS:
                self._tally.add("deleted", _words(inner))
            elif name == "w:r":
                self._run(inner, inline, hidden)
            elif name == "mc:AlternateContent":
                branch = choice(inner)
                if branch is not None:
                    self._walk(branch, inline, hidden)
            elif name == "w:fldSimple" and _CONTENTS.match(attribute(inner, "w:instr") or ""):
                inline.contents = True
            elif name == "w:sdt" and child(inner, "w:sdtPr", "w:showingPlcHdr") is not None:
                self._tally.add("placeholder", _words(inner))
            elif not self._token(inner, name, inline, "", hidden):
                if name in _INSERTIONS:
                    self._tally.add("inserted", _words(inner))
                self._walk(inner, inline, hidden)

    def _run(self, run: _Element, inline: Inline, hidden: bool) -> None:
        properties = child(run, "w:rPr")
        own = switch(properties, "w:vanish")
        if own is None:
            own = self._styles.hidden(value(properties, "w:rStyle"))
        hidden = hidden if own is None else own
        font = attribute(child(properties, "w:rFonts"), "w:ascii") or ""
        if hidden and self._shown and (words := _words(run)):
            self._tally.add("hidden", words)
        for inner in run:
            name = name_of(inner)
            if name == "w:fldChar":
                self._field(inner, inline, hidden)
            elif name == "w:instrText" and self._fields and not self._fields[-1].in_result:
                self._fields[-1].instruction += inner.text or ""
            elif name and name not in _LEFT_OUT and not self._token(inner, name, inline, font, hidden):
                if name == "mc:AlternateContent":
                    branch = choice(inner)
                    inner = inner if branch is None else branch
                self._walk(inner, inline, hidden)

    def _token(self, element: _Element, name: str, inline: Inline, font: str, hidden: bool) -> bool:
        """Take an element that is words or stands for something; whether it was one."""
        if name in _TEXTS:
            self._write(_text(element), inline, hidden, font)
        elif name in _BREAKS:
            self._write(_BREAKS[name], inline, hidden)
        elif name == "w:sym":
            code = attribute(element, "w:char") or ""
            written = symbol(int(code, 16), attribute(element, "w:font") or "") if _is_hex(code) else UNKNOWN
            self._write(written, inline, hidden)
        elif name in ("w:footnoteReference", "w:endnoteReference"):
            self._note(element, name, inline, hidden)
        elif name == "w:txbxContent":
            inline.boxes += [] if hidden else [element]
        elif name == "v:textpath":
            self._write(attribute(element, "string") or "", inline, hidden)
        elif name in _PICTURES:
            self._tally.add(_PICTURES[name])
        else:
            return False
        return True

    def _note(self, element: _Element, name: str, inline: Inline, hidden: bool) -> None:
        if hidden or not self._shown:
            return
        own_mark = attribute(element, "w:customMarkFollows") in ("1", "true", "on")
        self._notes += 1
        inline.notes.append((name, attribute(element, "w:id") or "", own_mark))
        if not own_mark:
            self._write(f"（注{self._notes}）", inline, hidden)

    @property
    def notes_met(self) -> int:
        """How many footnotes and endnotes were met so far."""
        return self._notes

    @property
    def _shown(self) -> bool:
        """Whether the words at this place are displayed: not in an instruction or a table of contents."""
        if not self._fields_usable:
            return True
        return all(opened.in_result and not opened.is_contents for opened in self._fields)

    def _write(self, words: str, inline: Inline, hidden: bool, font: str = "") -> None:
        if hidden:
            return
        if not self._shown:
            inline.contents = inline.contents or any(opened.is_contents for opened in self._fields)
            return
        words, unknown = plain(words, font)
        unknown += words == UNKNOWN
        if unknown:
            self._tally.add("symbol", count=int(unknown))
        inline.parts.append(words)

    def _field(self, element: _Element, inline: Inline, hidden: bool) -> None:
        kind = attribute(element, "w:fldCharType")
        if kind == "begin":
            self._fields.append(Field(element))
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.in_result:
                self._write(_without_result(ended), inline, hidden)


def fields_balanced(root: _Element) -> bool:
    """Whether every field that begins also ends; otherwise a lost end mark would swallow the rest of the text."""
    depth = 0
    for element in root.iter("{*}fldChar"):
        if inside(element, *_DELETIONS, "mc:Fallback"):
            continue
        kind = attribute(element, "w:fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        if depth < 0:
            return False
    return depth == 0


def _without_result(ended: Field) -> str:
    """What a field shows that keeps no result: a check box, a number in a circle (how ⑪ and beyond are typed)."""
    if _CHECKBOX.match(ended.instruction):
        box = child(ended.begin, "w:ffData", "w:checkBox")
        checked = switch(box, "w:checked")
        return "☑" if (switch(box, "w:default") if checked is None else checked) else "□"
    enclosed = _ENCLOSED.match(ended.instruction)
    if enclosed is None:
        return ""
    inner = enclosed.group("inner")
    return circled(int(inner)) if inner.isascii() and inner.isdigit() else f"（{inner}）"


def _text(element: _Element) -> str:
    text = element.text or ""
    if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
        text = text.strip(" \t\r\n")
    return re.sub(r"[\t\r\n]+", " ", text)


def _words(element: _Element) -> str:
    """The words within, for a notice."""
    return "".join(inner.text or "" for inner in element.iter("{*}t", "{*}delText"))


def _is_hex(code: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) is not None
