"""Whole files that a DOCX takes in (``w:altChunk``): saved pages, HTML, text, other DOCX.

Word shows them as part of the text when it opens the file; some systems put the whole text there.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.errors import UnreadableFile
from ingest.formats.reading import Reading
from ingest.records import Notice

MAX_NESTED = 4  # DOCX within DOCX
_NO_TEXT = frozenset({"script", "style", "head", "title", "template", "noscript"})


def read_chunk(content: bytes, name: str, read_docx: Callable[[bytes, str], Reading]) -> Reading:
    """The text of a part that stands for a whole file; its type comes from its bytes.

    Raises:
        UnreadableFile: damaged, or of a type that cannot be read.
    """
    from ingest.formats.detect import detect, is_mht
    from ingest.formats.mht import page_of

    if content.startswith(b"{\\rtf"):
        from ingest.formats import office

        return office.read(content, name)
    if is_mht(content):
        return _page(page_of(content, name), name)
    kind = detect(content, name)
    if kind == "docx":
        return read_docx(content, name)
    if kind == "html":
        return _page(content, name)
    if kind == "text":
        from ingest.formats.text import read

        return read(content, name)
    raise UnreadableFile(f"文件“{name}”里嵌入的内容不是网页、文本或 Word，读不出来。请用 Word 打开后另存为 DOCX 再试。")


def _page(content: bytes, name: str) -> Reading:
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
    return Reading(found.text(), "html", (), found.heading_places(), found.table_spans(), title, notices=tuple(notices))
