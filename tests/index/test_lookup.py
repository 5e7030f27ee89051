"""Named clauses: what is a look-up, what it finds, and what is said where it finds nothing."""

from __future__ import annotations

import pytest

from index.directory import Directory
from index.lookup import NamedLookup, find_named
from ingest.records import Clause, Document, ParsedDocument

from .conftest import article_law, plan

PLAN = plan("plan", "全区深化民族团结进步创建“七进”活动行动方案")
CODE = article_law("code", "中华人民共和国民法典", [(3, 0), (291, 0), (291, 1), (1088, 0)])
SECTS = article_law("sects", "上海市宗教事务条例", [(1, 0), (2, 0), (10, 0)])


def look_up(query: str, *parsed: ParsedDocument) -> NamedLookup | None:
    documents: list[Document] = [one.document for one in parsed]
    clauses: list[Clause] = [clause for one in parsed for clause in one.clauses]
    return find_named(query, Directory(documents, clauses))


def ids(lookup: NamedLookup | None) -> list[str]:
    assert lookup is not None
    return [clause.clause_id.partition(".")[2] for clause in lookup.clauses]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("一（二）1", ["n1.i2.r1"]),
        ("一(二)1", ["n1.i2.r1"]),
        ("一、（二）、1.", ["n1.i2.r1"]),
        ("１（二）１", ["n1.i2.r1"]),
        ("一（二）1说了什么", ["n1.i2.r1"]),
        ("请问一（二）1的内容是什么？", ["n1.i2.r1"]),
        ("一（二）1有哪些要求", ["n1.i2.r1"]),
        ("What does 一（二）1 say?", ["n1.i2.r1"]),
        ("（二）1", ["n1.i2.r1"]),
        ("一（二）第1条", ["n1.i2.r1"]),
        ("第一部分第二项第2条", ["n1.i2.r2"]),
        ("第一部分（二）2", ["n1.i2.r2"]),
        ("第一部分第二节第一条", ["n1.i2.r1"]),
        ("第一部分第二节", ["n1.i2.r1", "n1.i2.r2"]),
        ("进学校第2条", ["n1.i2.r2"]),
        ("进学校第二条是什么", ["n1.i2.r2"]),
        ("进学校的第2点", ["n1.i2.r2"]),
        ("进学校2", ["n1.i2.r2"]),
        ("进学校（2）", []),
        ("一、具体要求（二）进学校1", ["n1.i2.r1"]),
        ("全区深化民族团结进步创建“七进”活动行动方案一（二）1", ["n1.i2.r1"]),
        ("《全区深化民族团结进步创建“七进”活动行动方案》一（二）1", ["n1.i2.r1"]),
        ("《全区深化民族团结进步创建七进活动行动方案》一（二）1", ["n1.i2.r1"]),
        ("七进方案进学校2", ["n1.i2.r2"]),
        ("《七进方案》一（二）2", ["n1.i2.r2"]),
        ("本方案一（二）2", ["n1.i2.r2"]),
        ("一（二）1和一（二）2", ["n1.i2.r1", "n1.i2.r2"]),
        ("进学校1和进学校2说了什么", ["n1.i2.r1", "n1.i2.r2"]),
        ("进学校第1条和第2条", ["n1.i2.r1", "n1.i2.r2"]),
        ("一（二）", ["n1.i2.r1", "n1.i2.r2"]),
        ("进学校", ["n1.i2.r1", "n1.i2.r2"]),
        ("进社区说了什么", ["n1.i3"]),
    ],
)
def test_outline_numbers(query: str, found: list[str]) -> None:
    assert ids(look_up(query, PLAN)) == found
    if found:
        assert ids(look_up(query, PLAN, CODE, SECTS)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("《民法典》第一千零八十八条", ["c1.a1088"]),
        ("民法典第1088条", ["c1.a1088"]),
        ("民法典1088条", ["c1.a1088"]),
        ("中华人民共和国民法典第１０８８条规定了什么", ["c1.a1088"]),
        ("请问民法典第三条", ["c1.a3"]),
        ("查民法典第三条", ["c1.a3"]),
        ("民法典第一章第三条", ["c1.a3"]),
        ("民法典第二百九十一条", ["c1.a291"]),
        ("民法典第二百九十一条之一", ["c1.a291-1"]),
        ("第1088条", ["c1.a1088"]),
        ("article 1088", ["c1.a1088"]),
        ("《上海市宗教事务条例》第十条", ["c1.a10"]),
        ("请问上海市宗教事务条例第十条", ["c1.a10"]),
        ("宗教事务条例第十条", ["c1.a10"]),
        ("第一章第十条第二款", ["c1.a10"]),
        ("第一章第十条二款", ["c1.a10"]),
        ("民法典第3条说的啥", ["c1.a3"]),
        ("民法典第3条和第1088条", ["c1.a3", "c1.a1088"]),
    ],
)
def test_articles(query: str, found: list[str]) -> None:
    assert ids(look_up(query, PLAN, CODE, SECTS)) == found


def test_a_chapter_is_all_its_articles() -> None:
    assert ids(look_up("民法典第一章", CODE, SECTS)) == ["c1.a3", "c1.a291", "c1.a291-1", "c1.a1088"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("民法典第3条第一款", "第3条 第3条第一段。"),
        ("民法典第3条第二款", "第二段有下列事项：\n（一）甲；\n（二）乙。"),
        ("民法典第3条第3款", "第三段。"),
    ],
)
def test_a_paragraph_is_a_place_in_its_article(query: str, words: str) -> None:
    lookup = look_up(query, CODE)
    assert lookup is not None and lookup.focus is not None
    assert lookup.clauses[0].text[lookup.focus.start : lookup.focus.end] == words


@pytest.mark.parametrize(
    ("query", "asked", "last"),
    [
        ("一（九）1", "一（九）1", "一（三）"),
        ("一（二）7", "一（二）7", "一（二）2"),
        ("进学校第9条", "进学校第9条", "一（二）2"),
        ("四（一）", "四（一）", "一"),
        ("民法典第1261条", "第1261条", "第一章第1088条"),
        ("民法典第三条之一", "第三条之一", "第一章第1088条"),
        ("民法典第3条第9款", "第3条第9款", "第一章第3条"),
    ],
)
def test_a_missing_clause_is_told_with_the_last_there_is(query: str, asked: str, last: str) -> None:
    lookup = look_up(query, PLAN, CODE)
    assert lookup is not None and lookup.document is not None and lookup.last is not None
    assert (lookup.clauses, lookup.asked, lookup.last.locator) == ((), asked, last)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("《民法典》第一千零八十八条", "民法典"),
        ("民法典第1088条", "民法典"),
        ("请问刑法第三条规定了什么", "刑法"),
        ("《教师法》说了什么", "教师法"),
        ("《宗教事务条例》第十条", "宗教事务条例"),
        ("广东省宗教事务条例第十条", "广东省宗教事务条例"),
        ("请问广东省上海市宗教事务条例第十条", "广东省上海市宗教事务条例"),
        ("事务条例第十条", "事务条例"),
    ],
)
def test_a_missing_document_is_told(query: str, asked: str) -> None:
    lookup = look_up(query, PLAN, SECTS)
    assert lookup is not None
    assert (lookup.document, lookup.clauses, lookup.asked) == (None, (), asked)


@pytest.mark.parametrize(
    "query",
    [
        "每年2次",
        "党委理论学习中心组一年要学几次",
        "学校必须做什么",
        "进学校有哪些要求",
        "进连队具体要求是什么",
        "2023年要做什么",
        "罚款500元以上怎么处理",
        "第一次违反怎么办",
        "三个月内要完成什么",
        "根据民法典第1088条，家务补偿怎么算",
        "《民法典》怎么规定离婚",
        "一个社区要几名工作人员",
        "互联网+行动",
        "二十大精神学习",
        "what must schools do",
        "",
        "？？？",
    ],
)
def test_questions_are_no_look_ups(query: str) -> None:
    assert look_up(query, PLAN, CODE, SECTS) is None


def test_an_article_that_several_documents_have_gives_all() -> None:
    other = article_law("other", "某市学校条例", [(10, 0)])
    lookup = look_up("第十条", SECTS, other)
    assert lookup is not None
    assert [clause.doc_id for clause in lookup.clauses] == ["sects", "other"]


def test_a_heading_that_several_documents_share_names_no_place() -> None:
    assert look_up("进学校", PLAN, plan("plan2", "另一方案")) is None


def test_a_name_inside_another_title_is_not_that_document() -> None:
    rules = article_law("rules", "国务院实施《中华人民共和国民族区域自治法》若干规定", [(1, 0)])
    higher = article_law("higher", "中华人民共和国高等教育法", [(1, 0)])
    for query in ("民族区域自治法第一条", "《民族区域自治法》第1条", "教育法第一条"):
        lookup = look_up(query, rules, higher)
        assert lookup is not None and lookup.document is None, query


def test_a_remark_after_a_title_may_be_left_out() -> None:
    law = article_law("law", "某市文明行为促进办法（试行）", [(1, 0)])
    assert ids(look_up("文明行为促进办法第一条", law, CODE)) == ["c1.a1"]
    assert ids(look_up("《某市文明行为促进办法》第1条", law, CODE)) == ["c1.a1"]


def test_an_empty_base_has_no_document() -> None:
    assert look_up("学校必须做什么") is None
    lookup = look_up("民法典第3条")
    assert lookup is not None and lookup.document is None


def test_an_article_that_every_document_has_names_no_place() -> None:
    laws = [article_law(f"law{number}", f"条例{number}", [(10, 0)]) for number in range(9)]
    assert look_up("第十条", *laws) is None


FIRM = article_law("firm", "公司法", [(1, 0), (3, 0)])
FIRM_RULES = article_law("firm-rules", "国务院关于实施《公司法》登记管理的规定", [(1, 0), (3, 0)])
PENAL = article_law("penal", "刑法", [(3, 0), (291, 0), (291, 1)])
READING = article_law("reading", "关于适用公司法的解释", [(3, 0)])
READING_TWO = article_law("reading-two", "关于适用公司法的解释（二）", [(3, 0)])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("国务院关于实施《公司法》登记管理的规定第三条", "firm-rules.c1.a3"),
        ("《国务院关于实施《公司法》登记管理的规定》第三条", "firm-rules.c1.a3"),
        ("《国务院关于实施〈公司法〉登记管理的规定》第3条", "firm-rules.c1.a3"),
        ("《公司法》第三条", "firm.c1.a3"),
        ("刑法291条之一", "penal.c1.a291-1"),
        ("刑法二百九十一条之一", "penal.c1.a291-1"),
        ("请问刑法第２９１条之一", "penal.c1.a291-1"),
        ("关于适用公司法的解释（二）第三条", "reading-two.c1.a3"),
        ("关于适用公司法的解释第三条", "reading.c1.a3"),
    ],
)
def test_titles_that_name_another_or_are_short_or_differ_in_a_remark(query: str, found: str) -> None:
    lookup = look_up(query, FIRM, FIRM_RULES, PENAL, READING_TWO, READING)
    assert lookup is not None
    assert [clause.clause_id for clause in lookup.clauses] == [found]


def test_two_characters_inside_other_words_name_no_law() -> None:
    assert look_up("违反刑法的人3条出路", PENAL) is None


def test_an_edition_in_brackets_is_the_same_text() -> None:
    newer = article_law("newer", "公司法（2023年修订）", [(3, 0)])
    lookup = look_up("公司法第三条", newer, FIRM)
    assert lookup is not None
    assert [clause.clause_id for clause in lookup.clauses] == ["firm.c1.a3", "newer.c1.a3"]


@pytest.mark.parametrize("query", ["未保法39条", "《未保法》第三十九条", "请问未成年保护法第39条说了什么"])
def test_a_nickname_of_the_table_means_the_law(query: str) -> None:
    law = article_law("minors", "中华人民共和国未成年人保护法", [(38, 0), (39, 0)])
    assert ids(look_up(query, law, CODE)) == ["c1.a39"]
    assert (found := look_up(query, CODE)) is None or found.document is None  # not taken for another law
