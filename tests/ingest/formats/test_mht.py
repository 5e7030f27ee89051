"""The HTML inside a saved page: which part, in which encoding; damage is refused."""

from __future__ import annotations

import base64

import pytest

from ingest.errors import UnreadableFile
from ingest.formats.mht import is_cut_off, page_of

HEAD = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"{more}\n\n'
PAGE = "<p>学校应当</p>"


def saved(*parts: tuple[str, bytes], more: str = "", end: str = "--x--\n") -> bytes:
    """A saved page: each part as its head lines and its body."""
    inside = b"".join(b"--x\n" + head.encode() + b"\n\n" + body + b"\n" for head, body in parts)
    return HEAD.format(more=more).encode() + inside + end.encode()


@pytest.mark.parametrize(
    ("charset", "encoding", "body"),
    [
        ("utf-8", "8bit", PAGE.encode()),
        ("GB2312", "base64", base64.encodebytes(PAGE.encode("gbk"))),
        ("gbk", "8bit", PAGE.encode("gbk")),
        ("big5", "base64", base64.encodebytes("<p>學校應當</p>".encode("big5"))),
        ("gbk\x00", "8bit", PAGE.encode()),
        ("idna", "8bit", PAGE.encode()),
    ],
)
def test_the_page_comes_out_in_utf8(charset: str, encoding: str, body: bytes) -> None:
    head = f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}"
    page = page_of(saved((head, body)), "甲.mht").decode()
    assert page.rstrip().endswith(("<p>学校应当</p>", "<p>學校應當</p>"))


def test_pictures_are_passed_over_and_the_named_start_comes_first() -> None:
    picture = ("Content-Type: image/png\nContent-Transfer-Encoding: base64", b"AAAA")
    frame = ("Content-Type: text/html; charset=utf-8\nContent-ID: <1>", b"<p>frame</p>")
    main = ("Content-Type: text/html; charset=utf-8\nContent-ID: <2>", PAGE.encode())
    assert "frame" in page_of(saved(picture, frame, main), "甲.mht").decode()
    assert "学校" in page_of(saved(picture, frame, main, more='; start="<2>"'), "甲.mht").decode()


def test_plain_text_serves_where_there_is_no_html() -> None:
    assert (
        page_of(saved(("Content-Type: text/plain; charset=gbk", "学校".encode("gbk"))), "甲.mht").decode().strip()
        == "学校"
    )


def test_a_missing_end_is_seen() -> None:
    part = ("Content-Type: text/html; charset=utf-8", PAGE.encode())
    assert not is_cut_off(saved(part))
    assert is_cut_off(saved(part, end=""))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (saved(("Content-Type: image/png", b"x")), "没有网页正文"),
        (saved(("Content-Type: text/html; charset=utf-8", b"   ")), "没有网页正文"),
        (saved(("Content-Type: text/html\nContent-Transfer-Encoding: base64", b"!!!!")), "没有网页正文|编码损坏"),
        (saved(("Content-Type: text/html\nContent-Transfer-Encoding: base64", b"AAECAwQFBgc=")), "编码损坏"),
        (saved(*[("Content-Type: image/png", b"x")] * 10_001), "超过 10000 个"),
    ],
)
def test_damage_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        page_of(content, "甲.mht")


def test_deep_nesting_is_refused() -> None:
    content = b""
    for depth in range(400):
        content += f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n'.encode()
    with pytest.raises(UnreadableFile):
        page_of(b"MIME-Version: 1.0\n" + content, "甲.mht")
