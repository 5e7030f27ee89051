from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.formats.text import decode
from ingest.loading import load

SIMPLIFIED = "关于加强学校安全工作的通知\n一、各学校要建立健全安全管理制度，明确责任人。\n"
TRADITIONAL = "關於加強學校安全工作的通知\n一、各學校要建立健全安全管理制度，明確責任人。\n"


@pytest.mark.parametrize(
    ("text", "codec", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5"),
        ("plain words only\n", "ascii", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, text: str, codec: str, found: str) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(text.encode(codec))
    loaded = load(path)
    assert (loaded.reading.text, loaded.reading.file_type) == (text, "text")
    assert decode(path.read_bytes(), path.name) == (text, found)
    assert loaded.sha256 == hashlib.sha256(text.encode(codec)).hexdigest()


@pytest.mark.parametrize("name", ["a.md", "a.MARKDOWN"])
def test_markdown_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(SIMPLIFIED, encoding="utf-8")
    assert load(path).reading.file_type == "markdown"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "是空的"),
        (" \n\u3000".encode(), "没有文字"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04rest", "压缩结构损坏"),
        (b"Rar!\x1a\x07", "压缩包（RAR）"),
        (b"SQLite format 3\x00", "数据库"),
        (b"MZ\x90\x00", "程序"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "不完整"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "没有文字"),
        (bytes(range(1, 32)) * 20, "不是可识别的文本"),
        (b"\xff\xfe\xfd\xfc\xfb" * 40, "不是可识别的文本"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "文件.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="“文件.txt”") as refused:
        load(path)
    assert words in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"打不开文件“没有.txt”"):
        load(tmp_path / "没有.txt")
