"""Whole files that a DOCX takes in (``w:altChunk``): saved pages, HTML, text, other DOCX.

Word shows them as part of the text when it opens the file; some systems put the whole text there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.errors import UnreadableFile
from ingest.formats.reading import Reading
from ingest.records import Notice

_MIME = re.compile(rb"\s*mime-version:", re.IGNORECASE)
MAX_NESTED = 4  # DOCX within DOCX
_NO_TEXT = frozenset({"script", "style", "head", "title", "template", "noscript"})


def read_embedded(content: bytes, name: str, read_docx: Callable[[bytes, str], Reading]) -> Reading:
    """The text of a part that stands for a whole file; its type comes from its bytes.

    Raises:
        UnreadableFile: damaged, or of a type that cannot be read.
    """
    from ingest.formats.detect import detect, is_mht
    from ingest.formats.mht import is_cut_off, page_of

    if content.startswith(b"{\\rtf"):
        from ingest.formats.office import read as read_office

        return read_office(content, name)
    if is_mht(content) or _MIME.match(content[:2048]):
        return _page(page_of(content, name), name, cut_off=is_cut_off(content))
    kind = detect(content, name)
    if kind == "docx":
        return read_docx(content, name)
    if kind == "html":
        return _page(content, name)
    if kind == "text":
        from ingest.formats.text import read as read_text

        return read_text(content, name)
    raise UnreadableFile(f"文件“{name}”里嵌入的内容不是网页、文本或 Word，读不出来。请用 Word 打开后另存为 DOCX 再试。")


def _page(content: bytes, name: str, *, cut_off: bool = False) -> Reading:
    """All the text of a page: nothing in it is a site's furniture, Word shows the whole."""
    from ingest.formats.blocks import lines_of_element
    from ingest.formats.html import parse
    from ingest.formats.text import decode

    found = lines_of_element(parse(decode(content, name)[0], name), _NO_TEXT)
    title = next((found.lines[line] for line, depth in found.headings if depth == 1), None)
    notices = []
    if found.numbered:
        message = f"嵌入的网页里自动编号的列表有 {found.numbered} 项，编号补成了文字。"
        notices.append(Notice("healed", message))
    if cut_off:
        message = "嵌入的网页没有结束标记，后面可能缺少文字。请与原件核对末尾。"
        notices.append(Notice("truncated", message, context="".join(found.lines[-1:])[-40:]))
    return Reading(found.text(), "html", (), found.heading_places(), found.table_spans(), title, notices=tuple(notices))
