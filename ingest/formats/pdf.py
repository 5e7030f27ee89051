"""PDF: the text layer where it is sound, OCR where a page is a picture or its text layer is noise.

PDFium serves one thread at a time, so every call of it is made under one lock; OCR runs outside it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import UnreadableFile
from ingest.formats.layout import compose
from ingest.formats.layout_records import PageMarks
from ingest.formats.limits import check_pages
from ingest.formats.ocr import (
    FEW,
    FULL_PICTURE,
    INSTALL,
    LONGEST_SIDE,
    SOME_PICTURE,
    Recogniser,
    is_available,
    is_too_large,
    name_pages,
)
from ingest.formats.pdf_health import is_garbled, visible
from ingest.formats.reading import Reading
from ingest.records import Notice

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_PDFIUM = threading.RLock()
_MOST_SECONDS = 300.0  # for the text layer of all pages
_MOST_OBJECTS = 100_000  # on one page: a page of newsprint has 20,000, PDFium takes a minute for a million
_MOST_MENDED = 50 * 1024 * 1024  # bytes of a file without its table of contents: PDFium reads all of it for a new one
_END_WITHIN = 2048  # bytes: %%EOF stands in the last of a complete file
_Kind = Literal["text", "garbled", "picture", "blank"]


@dataclass(slots=True)
class _Pages:
    """What was found page by page."""

    recogniser: Recogniser
    with_ocr: bool
    kinds: list[_Kind] = field(default_factory=list)
    unread: dict[_Kind, list[int]] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)
    crowded: list[int] = field(default_factory=list)


def read(content: bytes, name: str) -> Reading:
    """The text of the PDF ``content``.

    Raises:
        UnreadableFile: damaged, protected by a password, too long, without text, or a scan while OCR is missing.
    """
    document = _open(content, name)
    try:
        with closing(Recogniser(name, len(document))) as recogniser:
            pages = _Pages(recogniser, is_available())
            composed = compose(_read_pages(document, name, pages))
    finally:
        with _PDFIUM:
            document.close()
    if not composed.text.strip():
        raise _without_text(pages, name)
    notices = (*composed.notices, *_notices(pages), *pages.recogniser.notices(), *_cut_off(content))
    headings = () if pages.recogniser.pages else composed.headings  # OCR does not tell the size of type
    return Reading(composed.text, "pdf", composed.page_starts, headings, composed.tables, notices=notices)


def _open(content: bytes, name: str) -> PdfDocument:
    import pypdfium2
    from pypdfium2 import raw

    if len(content) > _MOST_MENDED and b"startxref" not in content[-_END_WITHIN:]:
        raise UnreadableFile(f"PDF 文件“{name}”不完整，缺少结尾的目录，打不开。请重新下载或另存后再试。")
    try:
        with _PDFIUM:
            document = pypdfium2.PdfDocument(content)
            count = len(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise UnreadableFile(f"PDF 文件“{name}”有密码保护，读不出内容。请去掉密码后再试。") from error
        raise UnreadableFile(f"PDF 文件“{name}”损坏或不完整，打不开。请重新下载或另存后再试。") from error
    if count == 0:
        document.close()
        raise UnreadableFile(f"PDF 文件“{name}”没有页面，可能不完整。请重新下载或另存后再试。")
    try:
        check_pages(count, name)
    except UnreadableFile:
        document.close()
        raise
    return document


def _read_pages(document: PdfDocument, name: str, pages: _Pages) -> Iterator[PageMarks]:
    spent = 0.0
    for number in range(1, len(document) + 1):
        started = time.monotonic()
        marks, kind, picture = _read_page(document, number, pages)
        spent += time.monotonic() - started
        if spent > _MOST_SECONDS:
            minutes = f"{_MOST_SECONDS / 60:.0f}"
            raise UnreadableFile(f"PDF 文件“{name}”读到第 {number} 页已超过 {minutes} 分钟，没有读完。请拆分后再试。")
        pages.kinds.append(kind)
        yield marks if picture is None else pages.recogniser.recognise(picture, number, marks.width)


def _read_page(document: PdfDocument, number: int, pages: _Pages) -> tuple[PageMarks, _Kind, Any]:
    """What the text layer says, what kind of page it is, and its picture where OCR is to read it."""
    import pypdfium2
    from pypdfium2 import raw

    from ingest.formats.pdf_pages import read_page

    empty = PageMarks(595.0, 842.0, ())
    with _PDFIUM:
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            pages.damaged.append(number)
            return empty, "blank", None
        try:
            if raw.FPDFPage_CountObjects(page.raw) > _MOST_OBJECTS:
                pages.crowded.append(number)
                return empty, "blank", None
            marks, unnamed = read_page(page)
            kind = _kind(page, marks, unnamed, pages)
            if kind in ("text", "blank"):
                return marks, kind, None
            nothing = PageMarks(marks.width, marks.height, ())
            if not pages.with_ocr or _is_too_large(page):
                pages.unread.setdefault(kind, []).append(number)
                return nothing, kind, None
            return nothing, kind, _picture(page) if pages.recogniser.has_room(number) else None
        except pypdfium2.PdfiumError:
            pages.damaged.append(number)
            return empty, "blank", None
        finally:
            page.close()


def _kind(page: PdfPage, marks: PageMarks, unnamed: float, pages: _Pages) -> _Kind:
    from ingest.formats.pdf_pages import picture_share

    text = "".join(glyph.text for glyph in marks.glyphs)
    if is_garbled(text, unnamed):
        return "garbled"
    count = len(visible(text))
    if count > FEW:
        return "text"
    if picture_share(page) >= (FULL_PICTURE if count else SOME_PICTURE):
        return "picture"
    if count and pages.kinds[-1:] == ["garbled"]:  # the last lines of a garbled text are too few to tell
        return "garbled"
    return "text" if count else "blank"


def _is_too_large(page: PdfPage) -> bool:
    """Whether a picture on the page would take too much memory to unpack."""
    from pypdfium2 import raw

    pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    return any(is_too_large(*picture.get_px_size()) for picture in pictures)


def _picture(page: PdfPage) -> Any:
    bitmap = page.render(scale=LONGEST_SIDE / max(*page.get_size(), 1.0), may_draw_forms=False)
    try:
        return bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()


def _without_text(pages: _Pages, name: str) -> UnreadableFile:
    count = len(pages.kinds)
    if pages.unread and pages.with_ocr:
        return UnreadableFile(f"PDF 文件“{name}”的图片过大，无法识别文字。请降低扫描分辨率后再试。")
    if pages.unread.get("garbled"):
        return UnreadableFile(f"PDF 文件“{name}”的文字层是乱码（{count} 页），要靠文字识别（OCR）读取。{INSTALL}。")
    if pages.unread:
        return UnreadableFile(f"PDF 文件“{name}”的 {count} 页都是图片，没有文字，可能是扫描件。{INSTALL}。")
    if pages.crowded:
        return UnreadableFile(f"PDF 文件“{name}”一页里的文字和图形过多，读不出来。请另存或拆分后再试。")
    if pages.damaged:
        return UnreadableFile(f"PDF 文件“{name}”的页面损坏，读不出内容。请重新下载或另存后再试。")
    if pages.recogniser.pages:
        return UnreadableFile(f"PDF 文件“{name}”是扫描件，没有识别出文字。请换一份清晰的扫描件后再试。")
    return UnreadableFile(f"PDF 文件“{name}”的 {count} 页里没有文字。请换一个有正文的文件。")


def _notices(pages: _Pages) -> list[Notice]:
    told = []
    for kind, found in (("picture", "是图片，没有文字，可能是扫描页"), ("garbled", "的文字层是乱码")):
        numbers = pages.unread.get(kind, [])  # type: ignore[call-overload]
        if numbers:
            message = f"{name_pages(numbers)}{found}，没有收录。{INSTALL}。"
            told.append(Notice("gap", message))
    garbled = [number for number, kind in enumerate(pages.kinds, 1) if kind == "garbled" and pages.with_ocr]
    if garbled:
        told.append(Notice("healed", f"{name_pages(garbled)}的文字层是乱码，改用图片识别（OCR）读取。"))
    if pages.crowded:
        told.append(Notice("gap", f"{name_pages(pages.crowded)}的文字和图形过多，没有收录。请核对原件，或另存后再试。"))
    if pages.damaged:
        told.append(Notice("gap", f"{name_pages(pages.damaged)}损坏，没有收录。请核对原件。"))
    return told


def _cut_off(content: bytes) -> list[Notice]:
    if b"%%EOF" in content[-_END_WITHIN:]:
        return []
    return [Notice("truncated", "文件末尾缺少 PDF 结束标记，可能没有下载完整。请核对页数。")]
