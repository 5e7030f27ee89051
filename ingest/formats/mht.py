"""A page saved with its images in one file (MHT): the HTML inside it."""

from __future__ import annotations

import codecs
import email
import email.policy
from email.message import Message

from ingest.errors import UnreadableFile
from ingest.formats.limits import MAX_DEPTH

_UTF8_STATEMENT = b'<meta charset="utf-8">'


def page_of(content: bytes, name: str) -> bytes:
    """The first HTML part of ``content``, in UTF-8 with a statement of it before the page.

    Raises:
        UnreadableFile: there is no HTML part, or parts are nested too deep.
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        part = _html_part(message)
    except RecursionError as error:
        raise UnreadableFile(f"网页文件“{name}”的部分嵌套超过 {MAX_DEPTH} 层，没有打开。") from error
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise UnreadableFile(f"网页文件“{name}”（MHT）里没有网页正文，可能不完整。请在浏览器里重新另存后再试。")
    charset = part.get_content_charset()
    if charset is None or charset.startswith("utf-8"):
        return payload
    try:
        text = payload.decode("gb18030" if charset in ("gb2312", "gbk") else charset)
    except (LookupError, UnicodeDecodeError):
        return payload
    return _UTF8_STATEMENT + text.removeprefix(codecs.BOM_UTF8.decode()).encode("utf-8", "replace")


def _html_part(message: Message) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
