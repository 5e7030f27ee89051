"""Readers of the formats that offices have; ``read`` finds the type from the bytes and calls its reader."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import cast

from ingest.errors import UnreadableFile
from ingest.formats.detect import detect
from ingest.formats.limits import MAX_TEXT, check_size
from ingest.formats.reading import Reading

Reader = Callable[[bytes, str], Reading]

# The module of each type, loaded when the first file of the type comes.
_READERS = {
    "docx": "ingest.formats.docx",
    "ole": "ingest.formats.office",
    "pdf": "ingest.formats.pdf",
    "ofd": "ingest.formats.ofd",
    "image": "ingest.formats.image",
    "html": "ingest.formats.html",
    "text": "ingest.formats.text",
}
FEWEST_LETTERS = 2  # one character says nothing that could be cited
_NAMES = {"docx": "Word 文档（DOCX）", "ole": "旧版 Word 或 WPS 文档", "pdf": "PDF", "ofd": "OFD", "image": "图片"}


def read(content: bytes, name: str) -> Reading:
    """The text of a file and what its format says about it.

    Raises:
        UnreadableFile: empty, damaged, protected, without text, or of a type that cannot be read.
    """
    check_size(len(content), name)
    kind = detect(content, name)
    if kind == "zip":
        raise UnreadableFile(f"文件“{name}”是压缩包。请解压后再选，或用 add 收录，其中的文件会逐份读取。")
    reading = _reader(kind, name)(content, name)
    if len(reading.text) > MAX_TEXT:
        raise UnreadableFile(f"文件“{name}”有 {len(reading.text)} 字，最多可读 {MAX_TEXT} 字。请拆分后再试。")
    if not reading.text.strip():
        raise UnreadableFile(f"文件“{name}”里没有文字。请换一个有正文的文件。")
    letters = sum(char.isalnum() for char in reading.text)
    if letters < FEWEST_LETTERS:
        raise UnreadableFile(f"文件“{name}”只有 {letters} 个字，不像一份文件。请检查是否选对了文件。")
    return reading


def _reader(kind: str, name: str) -> Reader:
    try:
        module = importlib.import_module(_READERS[kind])
    except ModuleNotFoundError as error:
        found = _NAMES.get(kind, kind)
        raise UnreadableFile(f"文件“{name}”是{found}，读取它的组件没有安装。请另存为 TXT 或网页后再试。") from error
    return cast(Reader, module.read)
