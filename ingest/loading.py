"""A file's bytes to text. The type comes from the bytes, the name's ending only tells Markdown from plain text.

Takes a path, gives a ``LoadedFile``; what the text means is left to healing and parsing. A new type is a new
row in ``_FOREIGN`` made readable.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.errors import UnreadableFile

FileType = Literal["text", "markdown"]

# First bytes of types that are not text, and their names for people.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "Word（DOCX）、OFD 或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word 或 WPS（DOC、WPS）"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xbc\xaf", "压缩包（7z）"),
    (b"SQLite format 3", "数据库"),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HTML = re.compile(rb"^\s*(<!doctype html|<html|<\?xml|<head|<body)", re.IGNORECASE)
_MARKDOWN_ENDINGS = {".md", ".markdown"}
# The commonest characters of simplified and traditional prose: a wrong decoding hits few of them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义"
    "事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直"
    "題黨務員會經濟發國學應當規據個這為們來時對說產種後過動點從業與關間樣體機實現開還區縣辦條項導團結進員書處從總統農縣專聯"
)
_ENOUGH_COMMON = 0.08  # a share of the Chinese characters; real prose has 0.3, a wrong decoding under 0.03
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as text, line ends unchanged."""

    name: str
    text: str
    sha256: str
    encoding: str
    file_type: FileType


def load(path: Path) -> LoadedFile:
    """Read ``path`` as text.

    Raises:
        UnreadableFile: the file is missing, empty, not text, or of a type this version cannot read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"打不开文件“{path.name}”：{error.strerror or error}。请检查文件名和读取权限。") from error
    _refuse_foreign(content, path.name)
    text, encoding = decode(content, path.name)
    if not text.strip():
        raise UnreadableFile(f"文件“{path.name}”里没有文字。请换一个有正文的文件。")
    return LoadedFile(path.name, text, hashlib.sha256(content).hexdigest(), encoding, file_type_of(path.name))


def file_type_of(name: str) -> FileType:
    """Markdown where the name says so, otherwise plain text."""
    return "markdown" if Path(name).suffix.lower() in _MARKDOWN_ENDINGS else "text"


def decode(content: bytes, name: str) -> tuple[str, str]:
    """The text of ``content`` and the encoding it was in.

    UTF-8 and UTF-16 are recognised by their marks and their form; of GB18030 and Big5 the one is taken whose
    reading has the commoner characters.

    Raises:
        UnreadableFile: empty, or no encoding gives Chinese or plain text.
    """
    if not content:
        raise UnreadableFile(f"文件“{name}”是空的（0 字节）。请检查是否上传了正确的文件。")
    for encoding in _declared(content):
        text = _try(content, encoding)
        sure = encoding.startswith("utf-8")  # its form is proof enough; any bytes make UTF-16
        if text is not None and not _looks_binary(text) and (sure or _commonness(text) >= _ENOUGH_COMMON):
            return text, encoding
    readings = [(text, encoding) for encoding in ("gb18030", "big5") if (text := _try(content, encoding)) is not None]
    best = max(readings, key=lambda reading: _commonness(reading[0]), default=None)
    if best is None or _looks_binary(best[0]) or _commonness(best[0]) < _ENOUGH_COMMON:
        raise UnreadableFile(
            f"文件“{name}”不是可识别的文本（试过 UTF-8、UTF-16、GB18030、Big5）。请用记事本另存为 UTF-8 文本后再试。"
        )
    return best


def _declared(content: bytes) -> list[str]:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return [encoding]
    head = content[:4096]
    if b"\x00" in head:
        return ["utf-16-le", "utf-16-be"] if head[1::2].count(0) >= head[::2].count(0) else ["utf-16-be", "utf-16-le"]
    return ["utf-8"]


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _looks_binary(text: str) -> bool:
    return len(_CONTROL.findall(text)) * 200 > len(text)


def _commonness(text: str) -> float:
    chinese = [character for character in text[:20000] if ord(character) > 0x2E7F]
    return sum(character in _COMMON for character in chinese) / len(chinese) if chinese else 1.0


def _refuse_foreign(content: bytes, name: str) -> None:
    kind = next((label for start, label in _FOREIGN if content.startswith(start)), None)
    if kind is None and _HTML.match(content.removeprefix(codecs.BOM_UTF8)[:400]):
        kind = "网页（HTML）"
    if kind is not None:
        raise UnreadableFile(f"文件“{name}”是{kind}，本版只读文本（TXT）和 Markdown。请另存为 TXT 文本后再试。")
