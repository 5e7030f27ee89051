"""The Word file with comments: a DOCX keeps its words and its formats, any other file becomes one."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from qa.drafts.checking import check_draft
from qa.drafts.reading import draft_from_bytes
from qa.drafts.report import phrases
from qa.drafts.sources import Library
from qa.drafts.word_comments import word_file

ZH = phrases("zh")
Make = Callable[[bytes, str], Any]


def bytes_of(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def commented(library: Library) -> Make:
    def make(content: bytes, name: str) -> Any:
        check = check_draft(draft_from_bytes(content, name), library)
        return docx.Document(io.BytesIO(word_file(check, content, ZH)))

    return make


def marked(document: Any) -> list[str]:
    """The words between the marks of each comment, in the order of the comments."""
    found = []
    body = document.element.body
    for comment in document.comments:
        inside, words = False, ""
        for element in body.iter():
            if element.tag == qn("w:commentRangeStart") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = True
            elif element.tag == qn("w:commentRangeEnd") and element.get(qn("w:id")) == str(comment.comment_id):
                inside = False
            elif inside and element.tag == qn("w:t"):
                words += element.text or ""
        found.append(words)
    return found


def texts(document: Any) -> list[str]:
    return ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))]


def sample() -> Any:
    document = docx.Document()
    document.add_heading("工作汇报", 1)
    paragraph = document.add_paragraph("根据《校园")
    paragraph.add_run("安全法》第三十条").bold = True
    paragraph.add_run("，按《校园安全法》第一条和《某办法》第二条办理。")
    document.add_paragraph("第一项工作", style="List Number")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "依据"
    table.cell(0, 1).text = "《校园安全法》第八十条"
    document.add_paragraph("《校园安全法》第二条规定“学校应当每学期至少组织五次安全演练”。")
    return document


def test_a_word_draft_keeps_its_words_and_gets_comments(commented: Make) -> None:
    original = sample()
    result = commented(bytes_of(original), "draft.docx")
    assert texts(result) == texts(original)
    assert marked(result) == [
        "工作汇报",
        "《校园安全法》第三十条",
        "《某办法》第二条",
        "《校园安全法》第八十条",
        "学校应当每学期至少组织五次安全演练",
    ]
    comments = [comment.text for comment in result.comments]
    assert comments[0].startswith("核对了《draft.docx》")
    assert comments[1].startswith("【有误】《中华人民共和国校园安全法》没有第三十条。最后一条是第七条。")
    assert "［-五次-］［+两次+］" in comments[4]


def test_formats_survive_the_cut(commented: Make) -> None:
    result = commented(bytes_of(sample()), "draft.docx")
    runs = result.paragraphs[1].runs
    assert "".join(run.text for run in runs if run.bold) == "安全法》第三十条"
    assert result.paragraphs[2].style.name == "List Number"


def test_any_other_format_becomes_a_word_file(commented: Make) -> None:
    text = "工作汇报\n\n根据《校园安全法》第三十条办理。\n第二段。\n"
    result = commented(text.encode("gb18030"), "draft.txt")
    assert texts(result) == ["工作汇报", "根据《校园安全法》第三十条办理。", "第二段。"]
    assert marked(result) == ["工作汇报", "《校园安全法》第三十条"]


def test_the_same_words_twice_are_marked_where_they_stand(commented: Make) -> None:
    document = docx.Document()
    document.add_paragraph("汇报")
    document.add_paragraph("见《校园安全法》第一条。又见《校园安全法》第三十条。")
    document.add_paragraph("再见《校园安全法》第三十条。")
    result = commented(bytes_of(document), "draft.docx")
    second, third = result.paragraphs[1], result.paragraphs[2]
    assert [len(p._p.findall(qn("w:commentRangeStart"))) for p in (second, third)] == [1, 1]


def test_a_change_that_was_struck_out_is_not_marked(commented: Make) -> None:
    document = docx.Document()
    document.add_paragraph("汇报")
    paragraph = document.add_paragraph("按")
    deleted = paragraph.add_run("旧法")._r
    struck = paragraph._p.makeelement(qn("w:del"), {qn("w:id"): "1", qn("w:author"): "x"})
    deleted.addprevious(struck)
    struck.append(deleted)
    for t in struck.iter(qn("w:t")):
        t.tag = qn("w:delText")
    paragraph.add_run("《校园安全法》第三十条办。")
    assert marked(commented(bytes_of(document), "draft.docx"))[1:] == ["《校园安全法》第三十条"]
