"""A page saved with its images in one file (MHT): the HTML inside it.

The parts are those of a mail (RFC 2557): an encoding and a character set stand above each, and are not always true.
"""

from __future__ import annotations

import codecs
import email
import email.errors
import email.policy
from email.message import Message

from ingest.errors import UnreadableFile
from ingest.formats.limits import MAX_DEPTH

_UTF8_STATEMENT = b'<meta charset="utf-8">'
_GB = ("gb2312", "gbk", "gb_2312-80", "x-gbk")  # all of them are read as GB18030, which holds them
_MAX_PARTS = 10_000


def page_of(content: bytes, name: str) -> bytes:
    """The HTML of ``content``, in UTF-8 with a statement of it before the page; plain text where there is no HTML.

    Raises:
        UnreadableFile: there is no text part, its encoding is damaged, or parts are nested too deep or too many.
    """
    part = _text_part(_message(content, name), name)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise UnreadableFile(f"网页文件“{name}”（MHT）里没有网页正文，可能不完整。请在浏览器里重新另存后再试。")
    if part.get_content_type() == "text/html" and b"<" not in payload:
        raise UnreadableFile(f"网页文件“{name}”（MHT）的正文编码损坏，读不出来。请在浏览器里重新另存后再试。")
    charset = part.get_content_charset()
    if charset is None or charset.startswith("utf-8"):
        return payload
    try:
        text = payload.decode("gb18030" if charset in _GB else charset)
    except (LookupError, ValueError):  # no such set, or a name that is none
        return payload
    statement = _UTF8_STATEMENT if part.get_content_type() == "text/html" else b""
    return statement + text.removeprefix(codecs.BOM_UTF8.decode()).encode("utf-8", "replace")


def is_cut_off(content: bytes) -> bool:
    """Whether the file ends before its last part does."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    return any(isinstance(defect, email.errors.CloseBoundaryNotFoundDefect) for defect in message.defects)


def _message(content: bytes, name: str) -> Message:
    if content.count(b"\n--") > _MAX_PARTS:
        raise UnreadableFile(
            f"网页文件“{name}”（MHT）分成的部分超过 {_MAX_PARTS} 个，没有打开。请在浏览器里重新另存后再试。"
        )
    try:
        return email.message_from_bytes(content, policy=email.policy.compat32)
    except RecursionError as error:
        raise UnreadableFile(f"网页文件“{name}”的部分嵌套超过 {MAX_DEPTH} 层，没有打开。") from error


def _text_part(message: Message, name: str) -> Message | None:
    """The part that the file starts with, else the first HTML, else the first plain text."""
    try:
        parts = list(message.walk())
    except RecursionError as error:
        raise UnreadableFile(f"网页文件“{name}”的部分嵌套超过 {MAX_DEPTH} 层，没有打开。") from error
    start = str(message.get_param("start") or "")
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    named = (part for part in pages if start and part.get("Content-ID", "").strip() == start)
    texts = (part for part in parts if part.get_content_type() == "text/plain" and part.get("Content-Type"))
    return next(named, None) or next(iter(pages), None) or next(texts, None)
