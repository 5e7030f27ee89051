"""Plain text and Markdown: bytes to text in whatever encoding they are."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Literal

from ingest.errors import UnreadableFile
from ingest.formats.limits import check_text
from ingest.formats.reading import Reading

TextType = Literal["text", "markdown"]

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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


def read(content: bytes, name: str) -> Reading:
    """The text of ``content``, line ends unchanged; the name's ending only tells Markdown from plain text.

    Raises:
        UnreadableFile: empty, too long, or not text.
    """
    check_text(content, name)
    return Reading(decode(content, name)[0], file_type_of(name))


def file_type_of(name: str) -> TextType:
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
