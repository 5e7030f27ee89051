"""Damaged and hostile DOCX: one clear sentence, in bounded time and memory."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import docx as reader
from tests.ingest.formats.docx_files import W, cell, definition, docx, level, numbered, p, root, row, run, style, table

GOOD = docx(p("第一条 学校应当开展教育。" * 50))


def repacked(change: Callable[[str, bytes], bytes | None]) -> bytes:
    """``GOOD`` with its members changed; ``None`` leaves one out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return packed.getvalue()


def with_body(document: bytes) -> bytes:
    return repacked(lambda name, content: document if name == "word/document.xml" else content)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def document(body: str, before: str = "") -> bytes:
    """A document part with ``before`` in front of its root."""
    return f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


BOMB = document("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", f'<!DOCTYPE d [<!ENTITY l0 "哈哈">{LAUGHS}]>')
OUTSIDE = document("<w:p><w:r><w:t>&f;</w:t></w:r></w:p>", '<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/hostname">]>')
DEEP = document("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD[: len(GOOD) // 2], "损坏或不完整"),
        (GOOD[:-1], "损坏或不完整"),
        (GOOD[:30], "损坏或不完整"),
        (b"PK\x03\x04", "损坏或不完整"),
        (b"", "损坏或不完整"),
        (repacked(lambda name, content: None if name == "word/document.xml" else content), "没有 Word 正文"),
        (with_body(b""), "损坏或不完整"),
        (with_body(b"<w:document"), "损坏或不完整"),
        (with_body(root("w:document", "").encode()), "没有 Word 正文"),
        (with_body(BOMB), "损坏|实体定义"),
        (with_body(OUTSIDE), "损坏|实体定义"),
        (with_body(DEEP), "损坏|嵌套"),
        (with_body(b"<a>" + b" " * 100_000_000 + b"</a>"), "压缩炸弹"),
    ],
)
def test_damage_is_refused_in_one_sentence(content: bytes, words: str) -> None:
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match=words) as refusal:
        reader.read(content, "甲.docx")
    assert "甲.docx" in str(refusal.value)
    assert "root:" not in str(refusal.value)
    assert time.monotonic() - began < 5


def test_every_flipped_byte_is_read_or_refused() -> None:
    for place in range(0, len(GOOD), 7):
        content = GOOD[:place] + bytes([GOOD[place] ^ 0x5A]) + GOOD[place + 1 :]
        try:
            reader.read(content, "甲.docx")
        except UnreadableFile:
            continue


def test_deep_nesting_within_the_limit_is_read() -> None:
    nested = p("底")
    for _ in range(60):
        nested = table(row(cell(inside=nested)))
    assert reader.read(docx(nested), "甲.docx").text == "底\n"
    boxes = p("框")
    for _ in range(45):
        boxes = p(inside=f"<w:r><w:pict><v:textbox><w:txbxContent>{boxes}</w:txbxContent></v:textbox></w:pict></w:r>")
    assert reader.read(docx(boxes), "甲.docx").text == "框\n"
    wrapped = p(inside="<w:ins>" * 200 + run("插") + "</w:ins>" * 200)
    assert reader.read(docx(wrapped), "甲.docx").text == "插\n"


def test_styles_in_a_circle_and_lists_in_a_circle_end() -> None:
    styles = style("a", "甲", based_on="b") + style("b", "乙", based_on="a")
    styles += style("L", "列表", kind="numbering", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr>')
    numbering = definition("0", level(0, "%1."), more='<w:numStyleLink w:val="L"/>') + numbered("1", "0")
    assert reader.read(docx(p("丙", style="a", num="1"), styles=styles, numbering=numbering), "甲.docx").text.endswith(
        "丙\n"
    )


def test_little_text_cannot_be_made_much() -> None:
    note = root("w:footnotes", f'<w:footnote w:id="2">{p("注" * 10_000)}</w:footnote>')
    marks = '<w:r><w:footnoteReference w:id="2"/></w:r>' * 2000
    long_mark = definition("0", level(0, "第%1条" * 5000)) + numbered("1", "0")
    on = row(cell("", "<w:vMerge/>"), "乙") * 2000
    body = p("甲", inside=marks) + p("乙", num="1") * 2000
    body += table(row(cell("长" * 10_000, '<w:vMerge w:val="restart"/>'), "甲"), on)
    body += p("丙", more="<w:rPr><w:del/></w:rPr>") * 30_000
    content = docx(body, numbering=long_mark, parts={"f.xml": ("footnotes", note)}, compression=zipfile.ZIP_STORED)
    found = reader.read(content, "甲.docx")
    assert len(found.text) < 500_000


def test_a_long_document_takes_seconds() -> None:
    numbering = definition("0", level(0, "第%1条", "chineseCountingThousand")) + numbered("1", "0")
    body = p("学校应当开展教育。", num="1") * 5000
    began = time.monotonic()
    assert reader.read(docx(body, numbering=numbering), "甲.docx").text.endswith("第五千条 学校应当开展教育。\n")
    assert time.monotonic() - began < 10
