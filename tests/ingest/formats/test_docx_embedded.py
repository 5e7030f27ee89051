"""Files within a DOCX: saved pages in their encodings, HTML, text, other DOCX; each taken in once."""

from __future__ import annotations

import base64
import quopri

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import docx as reader
from ingest.formats.docx_embedded import MAX_NESTED
from tests.ingest.formats.docx_files import docx, p

PAGE = (
    "<html><head><title>x</title><style>p{}</style></head><body><h1>示范条例</h1>"
    "<p>第一条 学校应当<b>开展</b>教育。<br/>（一）甲；</p><h2>第二章</h2>"
    "<table><tr><th>单位</th><th>职责</th></tr><tr><td>学校</td><td>教育</td></tr></table></body></html>"
)
TEXT = "示范条例\n第一条 学校应当开展教育。\n（一）甲；\n第二章\n单位｜职责\n学校｜教育\n"


def embedded(path: str) -> str:
    return f'<w:altChunk r:id="{path}"/>'


def mht(body: bytes, encoding: str, charset: str, end: str = "--x--") -> bytes:
    head = (
        'MIME-Version: 1.0\nContent-Type: multipart/related;\n    type="text/html"; boundary="x"\n\n--x\n'
        f'Content-Type: text/html; charset="{charset}"\nContent-Transfer-Encoding: {encoding}\n\n'
    )
    return head.encode() + body + f"\n{end}\n".encode()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.mht", mht(quopri.encodestring(PAGE.encode()), "quoted-printable", "utf-8")),
        ("a.mht", mht(PAGE.replace("=", "=3D").encode(), "quoted-printable", "utf-8")),
        ("a.mht", mht(base64.encodebytes(PAGE.encode("gb18030")), "base64", "gb2312")),
        (
            "a.mht",
            mht(base64.encodebytes(PAGE.encode("utf-16")), "base64", "utf-16"),
        ),
        ("a.mht", mht(PAGE.encode("gbk"), "8bit", "gbk")),
        ("a.mht", mht(PAGE.encode(), "8bit", "no-such-charset")),
        ("a.htm", PAGE.encode()),
        ("a.htm", PAGE.encode("gb18030")),
        ("a.htm", PAGE.encode("utf-8-sig")),
    ],
)
def test_a_page_within_reads_the_same_in_every_encoding(path: str, content: bytes) -> None:
    found = reader.read(docx(embedded(path), parts={path: ("aFChunk", content)}), "甲.docx")
    assert found.text == TEXT
    assert (found.title, found.file_type) == ("示范条例", "docx")
    assert [(found.text[offset : offset + 3], depth) for offset, depth in found.headings] == [
        ("示范条", 1),
        ("第二章", 2),
    ]
    assert [found.text[span.start : span.end] for span in found.tables] == ["单位｜职责\n学校｜教育\n"]


def test_files_within_stand_at_their_place_and_headings_move_with_them() -> None:
    parts: dict[str, tuple[str, str | bytes]] = {
        "a.htm": ("aFChunk", "<html><h2>二、乙</h2></html>"),
        "a.txt": ("aFChunk", "丙\r\n丁"),
    }
    found = reader.read(docx(p("一、甲") + embedded("a.htm") + p("尾") + embedded("a.txt"), parts=parts), "甲.docx")
    assert found.text == "一、甲\n二、乙\n尾\n丙\n丁\n"
    assert found.headings == ((4, 2),)


def test_word_within_word() -> None:
    inner = docx(p("里"))
    assert (
        reader.read(docx(p("外") + embedded("b.docx"), parts={"b.docx": ("aFChunk", inner)}), "甲.docx").text
        == "外\n里\n"
    )


def test_word_within_word_has_an_end() -> None:
    content = docx(p("底"))
    for _ in range(MAX_NESTED + 1):
        content = docx(p("层") + embedded("b.docx"), parts={"b.docx": ("aFChunk", content)})
    with pytest.raises(UnreadableFile, match=f"超过 {MAX_NESTED} 层"):
        reader.read(content, "甲.docx")


def test_all_documents_within_share_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = docx(p("字" * 2000))
    parts: dict[str, tuple[str, str | bytes]] = {f"b{place}.docx": ("aFChunk", inner) for place in range(9)}
    content = docx(p("外") + "".join(map(embedded, parts)), parts=parts)
    assert reader.read(content, "甲.docx").text.count("字") == 18_000
    monkeypatch.setattr("ingest.formats.docx._Terms.__init__.__defaults__", (50_000, False))
    with pytest.raises(UnreadableFile, match="解压后超过"):
        reader.read(content, "甲.docx")


def test_a_file_within_is_taken_in_once_and_a_missing_one_is_told() -> None:
    parts: dict[str, tuple[str, str | bytes]] = {"a.txt": ("aFChunk", "丙")}
    found = reader.read(docx(p("甲") + embedded("a.txt") * 3 + embedded("nowhere"), parts=parts), "甲.docx")
    assert found.text == "甲\n丙\n"
    assert [notice.message for notice in found.notices if "嵌入的内容有 3 处" in notice.message]


def test_a_page_that_ends_too_early_is_told() -> None:
    content = docx(embedded("a.mht"), parts={"a.mht": ("aFChunk", mht(PAGE.encode(), "8bit", "utf-8", end=""))})
    kinds = [(notice.kind, notice.context) for notice in reader.read(content, "甲.docx").notices]
    assert kinds == [("truncated", "学校｜教育")]


@pytest.mark.parametrize("content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", mht(b"", "8bit", "utf-8")])
def test_a_file_within_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="甲.docx"):
        reader.read(docx(p("甲") + embedded("a"), parts={"a": ("aFChunk", content)}), "甲.docx")
