"""The type of a file, found from its bytes and never from its name.

A new type is a row of a table here and a module of the same name with ``read``.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Literal

from ingest.errors import UnreadableFile
from ingest.formats.limits import open_zip

FileType = Literal["docx", "ofd", "zip", "ole", "pdf", "html", "image", "text"]

_FIRST_BYTES: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "ole"),  # read by the same program
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)
# Types that are known and not read, with the way out.
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"Rar!", "压缩包（RAR）", "解压，或改为 ZIP"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）", "解压，或改为 ZIP"),
    (b"\x1f\x8b", "压缩包（GZIP）", "解压"),
    (b"SQLite format 3", "数据库", "换成文件本身"),
    (b"MZ", "程序", "换成文件本身"),
    (b"\x7fELF", "程序", "换成文件本身"),
)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# What a zip holds tells what it is.
_ZIP_MEMBERS: tuple[tuple[str, FileType], ...] = (("word/document.xml", "docx"), ("OFD.xml", "ofd"))
_ZIP_REFUSED = (("xl/workbook.xml", "Excel 表格"), ("ppt/presentation.xml", "演示文稿"), ("content.xml", "ODF 文档"))
_PDF_WITHIN = 1024  # bytes: some systems put a few lines of their own before the PDF
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|section|article|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_MHT_HEADERS = re.compile(rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.ASCII)
_MHT_TYPE = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def detect(content: bytes, name: str) -> FileType:
    """The type of ``content``; ``name`` is for messages only.

    Raises:
        UnreadableFile: empty, or a type that cannot be read.
    """
    if not content:
        raise UnreadableFile(f"文件“{name}”是空的（0 字节）。请检查是否上传了正确的文件。")
    known = next((kind for start, kind in _FIRST_BYTES if content.startswith(start)), None)
    if known is not None:
        return known
    if content.startswith(_ZIP_STARTS):
        return _in_zip(content, name)
    refused = next(((label, way) for start, label, way in _REFUSED if content.startswith(start)), None)
    if refused is not None:
        raise UnreadableFile(f"文件“{name}”是{refused[0]}，不能直接读取。请{refused[1]}后再试。")
    if _is_bitmap(content) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "image"
    if _is_html(content):
        return "html"
    if _is_json(content):
        raise UnreadableFile(f"文件“{name}”是程序用的数据（JSON），不是政策文本。请换成文件本身。")
    return "pdf" if b"%PDF-" in content[:_PDF_WITHIN] else "text"


def is_mht(content: bytes) -> bool:
    """Whether ``content`` is a page saved with its images in one file (MHT)."""
    headers = _MHT_HEADERS.match(content[:8192])
    return headers is not None and _MHT_TYPE.search(headers.group()) is not None


def _in_zip(content: bytes, name: str) -> FileType:
    with open_zip(content, name) as archive:
        members = set(archive.namelist())
    for member, label in _ZIP_REFUSED:
        if member in members:
            raise UnreadableFile(f"文件“{name}”是{label}，不能直接读取。请另存为 DOCX 或 PDF 后再试。")
    return next((kind for member, kind in _ZIP_MEMBERS if member in members), "zip")


def _is_bitmap(content: bytes) -> bool:
    return content[:2] == b"BM" and len(content) > 14 and content[6:10] == b"\x00\x00\x00\x00"


def _is_json(content: bytes) -> bool:
    """Whether the whole file is one JSON object or list."""
    if content.lstrip()[:1] not in (b"{", b"["):
        return False
    try:
        return isinstance(json.loads(content), dict | list)
    except (ValueError, RecursionError):
        return False


def _is_html(content: bytes) -> bool:
    if is_mht(content):
        return True
    head = content[:8192]
    if b"\x00" in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.replace(b"\x00", b"").removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    return _HTML.match(head.removeprefix(codecs.BOM_UTF8)) is not None
