"""What paragraph and character styles say: heading depth, title, contents, hidden text, numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.formats.docx_xml import attribute, child, children, number, switch, value

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_CHAIN = 16  # styles based on one another; a circle ends there too
BODY_LEVEL = 9  # the outline level of body text
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*[1-9]|toc heading|目录标题|table of figures|图表目录", re.IGNORECASE)
_TITLES = ("title", "标题")


@dataclass(frozen=True, slots=True)
class Style:
    """One style; ``None`` is not said."""

    style_id: str
    name: str
    based_on: str | None
    outline: int | None
    list_id: str | None
    list_depth: int | None
    hidden: bool | None


class Styles:
    """The styles of a document, each with those it is based on."""

    def __init__(self, root: _Element | None) -> None:
        self._by_id: dict[str, Style] = {}
        self.default: str | None = None
        for element in children(root, "w:style"):
            style = _read(element)
            self._by_id.setdefault(style.style_id, style)
            if attribute(element, "w:default") in ("1", "true") and attribute(element, "w:type") == "paragraph":
                self.default = style.style_id
        self.all_hidden = switch(child(root, "w:docDefaults", "w:rPrDefault", "w:rPr"), "w:vanish") or False

    def chain(self, style_id: str | None) -> Iterator[Style]:
        """The style and those it is based on, nearest first; a circle ends."""
        for _ in range(_MAX_CHAIN):
            style = self._by_id.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.based_on

    def depth(self, style_id: str | None) -> int:
        """The depth of a heading from 1, 0 for body text."""
        for style in self.chain(style_id):
            if style.outline is not None:
                return style.outline + 1 if style.outline < BODY_LEVEL else 0
            if found := _HEADING.fullmatch(style.name):
                return int(found.group(1))
        return 0

    def is_title(self, style_id: str | None) -> bool:
        """Whether the style is the document title's."""
        return any(style.name.lower() in _TITLES for style in self.chain(style_id))

    def is_contents(self, style_id: str | None) -> bool:
        """Whether the style is for lines of a table of contents."""
        return any(_CONTENTS.fullmatch(style.name) for style in self.chain(style_id))

    def hidden(self, style_id: str | None) -> bool | None:
        """Whether text of the style is hidden; ``None`` where no style says so."""
        return next((style.hidden for style in self.chain(style_id) if style.hidden is not None), None)

    def list_of(self, style_id: str | None) -> str | None:
        """The numbered list of the style's paragraphs, "0" for none on purpose."""
        return next((style.list_id for style in self.chain(style_id) if style.list_id is not None), None)

    def list_depth(self, style_id: str | None) -> int | None:
        """The level of the style's paragraphs in their list."""
        return next((style.list_depth for style in self.chain(style_id) if style.list_depth is not None), None)


def _read(element: _Element) -> Style:
    paragraph = child(element, "w:pPr")
    return Style(
        attribute(element, "w:styleId") or "",
        (value(element, "w:name") or "").strip(),
        value(element, "w:basedOn"),
        number(paragraph, "w:outlineLvl"),
        value(paragraph, "w:numPr", "w:numId"),
        number(paragraph, "w:numPr", "w:ilvl"),
        switch(child(element, "w:rPr"), "w:vanish"),
    )
