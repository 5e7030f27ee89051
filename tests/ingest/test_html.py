from __future__ import annotations

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import read
from ingest.formats.detect import detect
from ingest.parsing import parse_reading
from ingest.records import ParsedDocument

BODY = (
    "<p>某教发〔2024〕3号</p><p>各市教育局：</p><p>为了加强校园安全，现通知如下。</p>"
    "<p>一、加强领导。各地要明确专人负责，建立台账。</p><p>二、抓好落实。各校要按时报送，不得迟报。</p>"
)
PAGE = (
    "<!doctype html><html><head><meta charset='utf-8'><title>某教育厅关于加强校园安全的通知-某某省教育厅网站</title>"
    "<meta name='ArticleTitle' content='某教育厅关于加强校园安全的通知'>"
    "<meta name='PubDate' content='2024-03-05 09:00'></head>"
    "<body><div class='head'><ul class='menu'><li><a href='/'>首页</a></li><li><a>政务公开</a></li></ul></div>"
    "<div class='crumb'>当前位置：<a>首页</a> &gt; <a>通知</a></div><h1>某教育厅关于加强校园安全的通知</h1>{}"
    "<div class='share'>分享到：微信</div><div class='footer'>版权所有：某某省教育厅 联系我们</div></body></html>"
)
TABLE = (
    "<table><tr><td colspan=3>补贴标准表</td></tr><tr><th>项目</th><th>标准</th><th>期限</th></tr>"
    "<tr><td rowspan=2>培训补贴</td><td>每人1000元</td><td>1.每年一次</td></tr>"
    "<tr><td>每人500元</td><td>半年</td></tr></table>"
)


def page(text: str) -> ParsedDocument:
    reading = read(text.encode(), "a.html")
    return parse_reading(reading, source_file="a.html", sha256="0" * 64)


def test_the_text_is_read_without_the_site() -> None:
    parsed = page(PAGE.format(f"<div>{BODY}</div>"))
    assert parsed.document.title == "某教育厅关于加强校园安全的通知"
    assert parsed.document.doc_number == "某教发〔2024〕3号"
    assert [clause.locator for clause in parsed.clauses] == ["引言", "一", "二"]
    for words in ("首页", "政务公开", "当前位置", "分享", "版权所有", "联系我们"):
        assert words not in parsed.source
    assert any(notice.kind == "removed" for notice in parsed.notices)


def test_a_known_container_is_taken_and_hidden_copies_are_not() -> None:
    hidden = f"<div style='display: none'>{BODY}</div>"
    reading = read(PAGE.format(f"<div id='UCAP-CONTENT'>{BODY}</div>{hidden}").encode(), "a.html")
    assert reading.text.count("各校要按时报送") == 1
    assert dict(reading.told)["published_on"] == "2024-03-05"


def test_labels_above_the_text_are_facts_with_their_words() -> None:
    labels = (
        "<table><tr><td><b>发文机关：</b></td><td>某教育厅</td><td><b>成文日期：</b></td><td>2024年03月01日</td></tr>"
        "<tr><td><b>标　　题：</b></td><td colspan=3>某教育厅关于加强校园安全的通知</td></tr>"
        "<tr><td><b>发文字号：</b></td><td>某教发〔2024〕3号</td><td>失效日期：</td><td>2029年2月28日</td></tr></table>"
    )
    parsed = page(f"<div>{labels}<div class='TRS_Editor'>{BODY}</div></div>")
    document = parsed.document
    assert (document.doc_number, document.issuer) == ("某教发〔2024〕3号", "某教育厅")
    assert (document.issued_on, document.expires_on) == ("2024-03-01", "2029-02-28")
    assert all("标注" in fact.quote for fact in parsed.facts if fact.name == "expires_on")
    assert "发文字号" not in parsed.source


def test_tables_keep_head_and_rows_and_are_never_marks() -> None:
    parsed = page(PAGE.format(f"<div>{BODY}{TABLE}<p>附注：以上标准按年调整。</p></div>"))
    table = next(clause for clause in parsed.clauses if clause.locator == "二 表1")
    assert table.text == "项目｜标准｜期限\n培训补贴｜每人1000元｜1.每年一次\n｜每人500元｜半年"
    assert [clause.locator for clause in parsed.clauses][-2:] == ["二 表1", "二第2段"]


def test_a_large_table_gives_a_row_each_with_its_head() -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>第{n}项工作要求：{'落实责任。' * 8}</td><td>2024年</td></tr>" for n in range(1, 9)
    )
    parsed = page(
        PAGE.format(f"<div>{BODY}<table><tr><th>序号</th><th>任务</th><th>时限</th></tr>{rows}</table></div>")
    )
    found = [clause for clause in parsed.clauses if "第3行" in clause.locator]
    assert [(clause.locator, clause.lead_in) for clause in found] == [("二 表1第3行", "序号｜任务｜时限")]


def test_automatic_numbers_of_a_list_are_written_out() -> None:
    reading = read(
        PAGE.format(f"<div>{BODY}<ol start=3><li>按时上报情况。</li><li>做好总结。</li></ol></div>").encode(), "a"
    )
    assert "3. 按时上报情况。\n4. 做好总结。\n" in reading.text


@pytest.mark.parametrize("codec", ["gb18030", "utf-8", "utf-16"])
def test_the_encoding_is_found(codec: str) -> None:
    text = PAGE.format(f"<div>{BODY}</div>").replace("utf-8", "gb2312" if codec == "gb18030" else codec)
    assert "各校要按时报送" in read(text.encode(codec), "a.html").text


def test_a_wrong_statement_of_the_encoding_does_no_harm() -> None:
    text = PAGE.format(f"<div>{BODY}</div>").replace("utf-8", "gb2312")
    assert "各校要按时报送" in read(text.encode("utf-8"), "a.html").text


def test_mht_is_a_page() -> None:
    import base64

    inner = base64.encodebytes(PAGE.format(f"<div>{BODY}</div>").encode("gb18030")).decode()
    mht = (
        'From: <saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="B"\n\n'
        f'--B\nContent-Type: text/html; charset="gb2312"\nContent-Transfer-Encoding: base64\n\n{inner}\n--B--\n'
    ).encode()
    assert detect(mht, "a") == "html"
    assert "各校要按时报送" in read(mht, "a.txt").text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<html><body>" + "".join(f"<li><a>关于某某事项的公告之{n}</a></li>" for n in range(20)) + "</body></html>",
            "链接的目录",
        ),
        ("<div>" * 5000 + "文字", "嵌套超过"),
        ("<html></html>", "没有"),
    ],
)
def test_pages_without_a_text_are_refused(text: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read(text.encode(), "a.html")


def test_a_cell_that_spans_rows_is_in_each_of_them() -> None:
    rows = (
        "<tr><th>类别</th><th>项目</th><th>标准</th><th>依据</th></tr>"
        f"<tr><td rowspan=2>学前</td><td>伙食</td><td rowspan=3>每人4元</td><td rowspan=3>{'长' * 201}</td></tr>"
        "<tr><td>交通</td></tr><tr><td>小学</td><td>伙食</td></tr><tr><td>中学</td><td>伙食</td><td></td><td>无</td></tr>"
    )
    reading = read(PAGE.format(f"<div>{BODY}<table>{rows}</table></div>").encode(), "a.html")
    (table,) = reading.tables
    assert reading.text[table.start : table.end].splitlines() == [
        "类别｜项目｜标准｜依据",
        f"学前｜伙食｜每人4元｜{'长' * 201}",
        "｜交通｜每人4元｜",  # what stands at the start goes on from above, and a long text is said once
        "小学｜伙食｜每人4元｜",
        "中学｜伙食｜｜无",
    ]


@pytest.mark.parametrize(
    ("stated", "head", "expected"),
    [
        ("通知公告_某教育局", "某教育局关于开展阅读活动的通知", "某教育局关于开展阅读活动的通知"),
        ("某教育局", "某教育局关于开展阅读活动的通知", "某教育局关于开展阅读活动的通知"),
        ("某教育局关于开展阅读活动的通知", "通知公告", "某教育局关于开展阅读活动的通知"),
        ("某教育局关于开展阅读活动的通知", "某教育局政务网", "某教育局关于开展阅读活动的通知"),
        ("首页", "政务公开", "首页"),
    ],
)
def test_the_title_may_stand_in_a_heading_outside_the_text(stated: str, head: str, expected: str) -> None:
    page = (
        f"<html><head><title>{stated}</title></head><body><h1>{head}</h1>"
        f"<div class='TRS_Editor'>{BODY}</div></body></html>"
    )
    assert read(page.encode(), "a.html").title == expected


def test_a_list_within_a_list_has_marks_of_its_own() -> None:
    items = "<ol><li>报名<ol><li>交表<ol><li>写明姓名</li></ol></li><li>审表</li></ol></li><li>检查</li></ol>"
    text = read(PAGE.format(f"<div>{BODY}{items}</div>").encode(), "a.html").text
    assert "1. 报名\n（1）交表\n①写明姓名\n（2）审表\n2. 检查\n" in text
