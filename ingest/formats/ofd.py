"""OFD, the national format for official documents: text in reading order, pages of pictures by OCR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from ingest.errors import UnreadableFile
from ingest.formats.image import open_picture, unpack
from ingest.formats.layout import compose
from ingest.formats.layout_records import Glyph, PageMarks
from ingest.formats.ocr import FEW, FULL_PICTURE, INSTALL, SOME_PICTURE, Recogniser, is_available, name_pages, shrink
from ingest.formats.ofd_package import Package, Resources
from ingest.formats.ofd_pages import Picture, read_page
from ingest.formats.pdf_health import is_garbled, visible
from ingest.formats.reading import Reading
from ingest.records import Notice

_ORGAN = re.compile(r".{2,14}(?:部|委|局|厅|院|会|府|办|室|署|行)")


@dataclass(slots=True)
class _Pages:
    """What was found page by page."""

    recogniser: Recogniser
    with_ocr: bool
    count: int = 0
    pictures: list[int] = field(default_factory=list)  # pages of pictures that were not read
    damaged: list[int] = field(default_factory=list)  # pages with a picture that cannot be opened
    garbled: list[int] = field(default_factory=list)


def read(content: bytes, name: str) -> Reading:
    """The text of the OFD ``content``.

    Raises:
        UnreadableFile: damaged, encrypted, without text, or of pictures only while OCR is missing.
    """
    package = Package(content, name)
    with closing(Recogniser(name)) as recogniser:
        pages = _Pages(recogniser, is_available())
        composed = compose(_read_pages(package, pages))
    if not composed.text.strip():
        raise _without_text(pages, name)
    headings = () if pages.recogniser.pages else composed.headings
    notices = (*composed.notices, *_notices(pages), *pages.recogniser.notices())
    title = _title(package, composed.text)
    return Reading(composed.text, "ofd", composed.page_starts, headings, composed.tables, title=title, notices=notices)


def _read_pages(package: Package, pages: _Pages) -> Iterator[PageMarks]:
    for resources, found in package.documents():
        for page in found:
            pages.count += 1
            marks, pictures = read_page(page, resources)
            text = "".join(glyph.text for glyph in marks.glyphs)
            if is_garbled(text):
                pages.garbled.append(pages.count)
            shown = _scans(pictures, marks, len(visible(text)))
            yield _recognise(package, pages, resources, shown, marks) if shown else marks


def _scans(pictures: list[Picture], marks: PageMarks, characters: int) -> list[Picture]:
    """The pictures that hold the text of a page, from the top down; none where the page has text of its own."""
    if characters > FEW:
        return []
    least = (FULL_PICTURE if characters else SOME_PICTURE) * marks.width * marks.height
    large = [picture for picture in pictures if picture.width * picture.height >= least]
    return sorted(large, key=lambda picture: (picture.top, picture.x0))


def _recognise(
    package: Package, pages: _Pages, resources: Resources, pictures: list[Picture], marks: PageMarks
) -> PageMarks:
    if not pages.with_ocr:
        pages.pictures.append(pages.count)
        return marks
    glyphs: list[Glyph] = []
    if pages.recogniser.has_room(pages.count):
        for picture in pictures:
            try:
                stored = package.bytes_of(resources.pictures.get(picture.resource, "?"))
                image = shrink(unpack(open_picture(stored, package.name), package.name))
            except UnreadableFile:
                pages.damaged.append(pages.count)
                continue
            seen = pages.recogniser.recognise(image, pages.count, picture.width)
            glyphs += [_moved(glyph, picture.x0, picture.top) for glyph in seen.glyphs]
    return replace(marks, glyphs=tuple(glyphs))


def _moved(glyph: Glyph, right: float, down: float) -> Glyph:
    return replace(glyph, x0=glyph.x0 + right, x1=glyph.x1 + right, top=glyph.top + down, bottom=glyph.bottom + down)


def _title(package: Package, text: str) -> str | None:
    """The stated title where the text has it as a line and it is no office's name: writers fill in anything."""
    title = package.title()
    if title is None or _ORGAN.fullmatch(title):
        return None
    lines = {visible(line) for line in text.split("\n")[:40]}
    return title if visible(title) in lines else None


def _without_text(pages: _Pages, name: str) -> UnreadableFile:
    if pages.pictures:
        return UnreadableFile(f"OFD 文件“{name}”的 {pages.count} 页都是图片，没有文字，可能是扫描件。{INSTALL}。")
    if pages.damaged:
        return UnreadableFile(f"OFD 文件“{name}”里的图片打不开，读不出内容。请另存为 PDF 后再试。")
    if pages.recogniser.pages:
        return UnreadableFile(f"OFD 文件“{name}”是扫描件，没有识别出文字。请换一份清晰的扫描件后再试。")
    return UnreadableFile(f"OFD 文件“{name}”的 {pages.count} 页里没有文字。请换一个有正文的文件。")


def _notices(pages: _Pages) -> list[Notice]:
    told = []
    if pages.pictures:
        message = f"{name_pages(pages.pictures)}是图片，没有文字，可能是扫描页，没有收录。{INSTALL}。"
        told.append(Notice("gap", message))
    if pages.damaged:
        told.append(Notice("gap", f"{name_pages(pages.damaged)}有图片打不开，其中的文字没有收录。请核对原件。"))
    if pages.garbled:
        told.append(Notice("guess", f"{name_pages(pages.garbled)}的文字像是乱码。请核对原件，或另存为 PDF 后再试。"))
    return told
