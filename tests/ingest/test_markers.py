from __future__ import annotations

import pytest

from ingest.markers import find_marks
from ingest.numerals import parse_numeral, roman_value, to_chinese, to_roman


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("一百", 100), ("一百零五", 105),
        ("一百一十", 110), ("一千零八十八", 1088), ("一千二百六十", 1260), ("二百九十一", 291), ("二〇二三", 2023),
        ("两百", 200), ("一千", 1000),
        ("12", 12), ("１２", 12), ("③", 3), ("⑵", 2), ("⒊", 3), ("㈡", 2), ("", 0), ("某", 0), ("甲乙", 0),
    ],
)  # fmt: skip
def test_numerals(numeral: str, value: int) -> None:
    assert parse_numeral(numeral) == value


@pytest.mark.parametrize("number", [*range(1, 100), 100, 101, 110, 999, 1000, 1001, 1088, 1110, 9999])
def test_chinese_numerals_read_back(number: int) -> None:
    assert parse_numeral(to_chinese(number)) == number


def marks_of(text: str) -> list[str]:
    found = []
    for mark in find_marks(text):
        suffix = f"-{mark.suffix}" if mark.suffix else ""
        found.append(f"{mark.code}{mark.number}{suffix}{'' if mark.place == 'line' else '~' + mark.place}")
    return found


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("一、总体要求", ["n1"]),
        ("十二、附则", ["n12"]),
        ("（三）服务", ["i3"]),
        ("(三)服务", ["i3"]),
        ("（ 三 ）服务", ["i3"]),
        ("㈢服务", ["i3"]),
        ("1.机制", ["r1"]),
        ("１．机制", ["r1"]),
        ("12、机制", ["r12"]),
        ("⒈机制", ["r1"]),
        ("（1）做法", ["q1"]),
        ("（１２）做法", ["q12"]),
        ("⑴做法", ["q1"]),
        ("1）做法", ["v1"]),
        ("①做法", ["o1"]),
        ("第一编 总则", ["b1"]),
        ("第一部分 总则", ["d1"]),
        ("第二章　总 则", ["c2"]),
        ("第 二 章 总则", ["c2"]),
        ("第三节 激励", ["s3"]),
        ("第十条 为了安全", ["a10"]),
        ("第10条 为了安全", ["a10"]),
        ("第一千零八十八条 扶养", ["a1088"]),
        ("第二百九十一条之一 投放", ["a291-1"]),
        ("第五条本办法自今日起施行", ["a5"]),
        ("第三条 规定由市政府公布的事项", ["a3"]),
        ("附件", ["x1"]),
        ("附件2", ["x2"]),
        ("附 件 2：清单", ["x2"]),
        ("美满姻缘1.搭建平台", ["r1~glued"]),
        ("有关问题。(四)提升水平", ["i4~sentence"]),
        ("如下方案一、总体要求", ["n1~glued"]),
        ("行动方案十一、保障", ["n11~glued", "n1~glued"]),
        ("总量10.深化", ["r10~glued", "r0~glued"][:1]),
        ("1.1 目的\n1.2 范围\n2.1.1 职责", ["f1", "f2", "g1"]),
        ("1 总则\n1.1 目的\n1.2 范围\n2.1 机构", ["e1", "f1", "f2", "f1"]),
    ],
)
def test_marks(text: str, marks: list[str]) -> None:
    assert marks_of(text) == marks


@pytest.mark.parametrize(
    "text",
    [
        "“三个离不开”思想",
        "达到8个、教育基地1个",
        "不少于2次。",
        "党的十九大和“八五”普法",
        "增长1.5倍",
        "1.5米以下儿童免票",
        "第三条规定的事项",
        "第三条、第四条的事项",
        "依照第三条执行",
        "根据本办法第十条 处理",
        "《某某法》第十条 处理",
        "第三人提出异议",
        "第一款所称学校",
        "违反第（一）项规定",
        "前款（一）、（二）项",
        "第一、二、三产业",
        "一、二、三等奖",
        "“第三条 公园免费开放”",
        "“一、二类”",
        "2023年4月",
        "100人以上",
        "3.1.2版本",
        "共(3)项",
        "第二章的规定",
        "某网1.com/index",
        "附件所列的清单由教育部门另行公布并且向全社会公开，接受全体家长和社会各界长期监督，同时抄送本级人民政府办公室和司法局备案",
    ],
)
def test_what_is_no_mark(text: str) -> None:
    assert all(mark.place == "glued" and mark.doubt >= 0.6 for mark in find_marks(text)), marks_of(text)


def test_what_is_blocked_is_left_out_and_ends_a_line() -> None:
    text = "某某市停车办法第一章总则"
    assert [(mark.start, mark.place) for mark in find_marks(text, [(0, 7)])] == [(7, "line")]


@pytest.mark.parametrize(
    ("text", "orphan"),
    [
        ("争当楷模。进企业1.深化宣传", "进企业"),
        ("第一段。\n组织保障\n1.加强领导", "组织保障"),
        ("争当楷模。1.深化宣传", ""),
        ("做到人人参与,家家知晓1.深化宣传", ""),
        ("争当楷模。这一句太长了不会是标题因为它说了很多话1.深化宣传", ""),
        ("做法。进企业2.深化宣传", ""),
    ],
)
def test_words_that_may_be_a_heading_without_its_number(text: str, orphan: str) -> None:
    mark = find_marks(text)[-1]
    assert (text[mark.orphan : mark.start].strip() if mark.orphan >= 0 else "") == orphan


def test_a_name_that_the_document_lists_is_a_heading_even_in_mid_sentence() -> None:
    text = "做到人人参与进宿舍1.落实值守"
    mark = find_marks(text, names=("进宿舍",))[-1]
    assert text[mark.orphan : mark.start] == "进宿舍"


def test_an_announced_list() -> None:
    assert [mark.introduced for mark in find_marks("需提交下列材料：\n1.身份证\n2.户口簿")] == [True, False]


@pytest.mark.parametrize(
    ("numeral", "value"), [("Ⅳ", 4), ("IX", 9), ("XIV", 14), ("IIII", 0), ("VX", 0), ("A", 0), ("", 0)]
)
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value


@pytest.mark.parametrize("number", range(1, 40))
def test_roman_numerals_read_back(number: int) -> None:
    assert roman_value(to_roman(number)) == number
