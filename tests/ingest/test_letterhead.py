"""What stands above and below a title: the lines of a letterhead, and how a law was passed and amended."""

from __future__ import annotations

import pytest

from ingest.parsing import parse_text
from ingest.records import ParsedDocument

BODY = "各学校：\n现将有关事项通知如下。\n一、时间安排。活动自4月起。\n二、有关要求。各校要认真组织。\n"
SIGNED = "星河市教育局\n2024年4月2日\n"


def parsed(text: str) -> ParsedDocument:
    return parse_text(text, source_file="file.txt", sha256="0" * 64)


@pytest.mark.parametrize(
    "head",
    [
        "签发人：王小明\n星教发〔2024〕8号\n",
        "星河市教育局文件\n签发人：王小明\n星教发〔2024〕8号\n",
        "星教发〔2024〕8号　　　　签发人：李　明、赵　强\n",
        "000123\n机密★1年\n特急\n星河市教育局文件\n星教发〔2024〕8号\n签 发 人：李　明\n",
    ],
)
def test_a_letterhead_does_not_hide_the_title(head: str) -> None:
    found = parsed(f"{head}关于做好校园书香活动的通知\n{BODY}{SIGNED}")
    assert found.document.title == "关于做好校园书香活动的通知"
    assert found.document.doc_number == "星教发〔2024〕8号"
    assert found.clauses[0].text == "各学校：\n现将有关事项通知如下。"


def test_a_line_of_text_that_speaks_of_who_signs_stays_in_the_text() -> None:
    found = parsed(f"星河市教育局关于做好校园书香活动的通知\n签发人：各校校长应当亲自审阅。\n{BODY}")
    assert "签发人：各校校长应当亲自审阅。" in found.source[found.clauses[0].span.start :]


PASSED = "1995年3月18日星河市第八届人民代表大会第三次会议通过"
FIRST = "根据2009年8月27日星河市第十一届人民代表大会常务委员会第十次会议《关于修改部分法规的决定》第一次修正"
SECOND = "根据2015年12月27日星河市第十二届人民代表大会常务委员会第十八次会议"
SECOND_END = "《关于修改〈星河市图书馆条例〉的决定》第二次修正"
ARTICLES = "第一条　为了发展图书馆事业，制定本条例。\n第二条　本条例适用于本市的公共图书馆。\n"


@pytest.mark.parametrize(
    "history",
    [
        f"（{PASSED}\n{FIRST}\n{SECOND}{SECOND_END}）\n",
        f"（{PASSED}　{FIRST}\n{SECOND}\n{SECOND_END}）\n",
        f"{PASSED}\n{FIRST}\n{SECOND}\n{SECOND_END}\n",
        f"（{PASSED}）\n{FIRST}\n{SECOND}{SECOND_END}\n",
    ],
)
def test_a_history_over_several_lines_is_no_clause(history: str) -> None:
    found = parsed(f"星河市图书馆条例\n{history}{ARTICLES}")
    assert [clause.locator for clause in found.clauses] == ["第一条", "第二条"]
    assert found.document.issued_on == "2015-12-27"
    assert found.document.issuer == "星河市人民代表大会"  # who passed it, not who amended it


def test_a_first_sentence_that_begins_with_a_date_is_a_clause() -> None:
    found = parsed("星河市图书馆开放通知\n根据2024年3月1日市政府会议，\n图书馆延长开放时间。\n一、每天开放十小时。\n")
    assert "图书馆延长开放时间。" in found.clauses[0].text
