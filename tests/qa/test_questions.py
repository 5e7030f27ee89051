"""How questions are read, one line a case."""

from __future__ import annotations

from typing import Any

import pytest

from ingest import tables
from ingest.errors import BadQuery, TableError
from qa.questions import MAX_QUESTION, fold, question_tables, read_question


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("（五）", "(五)"),
        ("  学校\t\n 必须　做 ", "学校 必须 做"),
        ("School", "school"),
        ("", ""),
    ],
)
def test_fold_makes_forms_case_and_blanks_equal(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("学校必须做什么", False),
        ("what must schools do", True),
        ("WHAT MUST SCHOOLS DO？", True),
        ("what does 三（五）1 say", False),
        ("12345", True),
    ],
)
def test_a_question_without_chinese_characters_is_english(text: str, english: bool) -> None:
    assert read_question(text).english is english


@pytest.mark.parametrize(
    ("text", "audiences", "words"),
    [
        ("学校必须做什么", ("school",), ("学校",)),
        ("党委理论学习中心组一年学几次", ("party",), ("党委理论学习中心组",)),
        ("高等学校要做什么", ("university",), ("高等学校",)),
        ("宗教院校要做什么", ("religious_site",), ("宗教院校",)),
        ("企事业单位要做什么", ("enterprise",), ("企事业单位",)),
        ("事业单位要做什么", ("public_institution",), ("事业单位",)),
        ("社区居委会要做什么", ("community",), ("社区居委会",)),
        ("中小学教师要做什么", ("primary_secondary", "teacher"), ("中小学", "教师")),
        ("老师和校长要做什么", ("principal", "teacher"), ("校长", "老师")),
        ("社区、学校和企业要做什么", ("enterprise", "community", "school"), ("企业", "社区", "学校")),
        ("在企业社区学校要做什么", ("enterprise", "community", "school"), ("企业", "社区", "学校")),
        ("村干部要做什么", ("township",), ("村干部",)),
        ("森林防火怎么做", (), ()),
        ("what must schools do", ("school",), ("schools",)),
        ("What must a PARTY COMMITTEE do?", ("party",), ("party committee",)),
        ("duties of residents' committee", ("community",), ("residents' committee",)),
        ("preschools in townships", ("township", "kindergarten"), ("townships", "preschools")),
        ("scholarly officers", (), ()),
    ],
)
def test_audiences_are_named_by_their_longest_words_in_the_order_of_the_table(
    text: str, audiences: tuple[str, ...], words: tuple[str, ...]
) -> None:
    question = read_question(text)
    assert question.audiences == audiences
    assert question.audience_words == words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("学校必须做什么", True),
        ("中小学要做哪些事", True),
        ("社区要落实哪些", True),
        ("企业有哪些义务", True),
        ("企业有什么具体要求", True),
        ("列出学校的全部要求", True),
        ("给我社区任务清单", True),
        ("学校的要求一共有几条", True),
        ("社区不得做什么", True),
        ("学校怎么落实", True),
        ("这个方案要求做什么", True),
        ("条例要求学校做到哪些", True),
        ("what must schools do", True),
        ("list all requirements for schools", True),
        ("What are enterprises required to do?", True),
        ("obligations of schools", True),
        ("党委理论学习中心组一年要学几次", False),
        ("宾馆拒绝客人入住，违反哪一条", False),
        ("书库每周开放几次", False),
        ("how often must the study group meet", False),
        ("三（五）1", False),
    ],
)
def test_a_question_wants_a_list_or_one_thing(text: str, wanted: bool) -> None:
    assert read_question(text).wants_list is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("哪几条讲了培训", True),
        ("哪些条款提到书库", True),
        ("书库在哪几处写了", True),
        ("which clauses mention training", True),
        ("where does the plan mention training", True),
        ("书库每周开放几次", False),
        ("学校必须做什么", False),
    ],
)
def test_a_question_wants_every_clause_of_a_topic(text: str, wanted: bool) -> None:
    assert read_question(text).wants_topic is wanted


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("学校禁止做什么", "must_not"),
        ("社区不能做什么", "must_not"),
        ("有哪些红线", "must_not"),
        ("what must not schools do", "must_not"),
        ("what are schools forbidden to do", "must_not"),
        ("鼓励企业做什么", "encouraged"),
        ("what are enterprises encouraged to do", "encouraged"),
        ("学校必须做什么", None),
        ("what must schools do", None),
    ],
)
def test_a_question_may_ask_for_one_modality_only(text: str, modality: str | None) -> None:
    assert read_question(text).modality == modality


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("一年要学几次", ["frequency"]),
        ("多久开一次会", ["frequency"]),
        ("how often must they meet", ["frequency"]),
        ("经费给多少钱", ["money"]),
        ("个人所得税起征点是多少", ["money"]),
        ("贷款利率", ["money"]),
        ("罚多少", ["money", "penalty"]),
        ("什么时候完成", ["deadline"]),
        ("多久内答复", ["deadline"]),
        ("几天内要给答复", ["deadline"]),
        ("应在多少日内答复", ["deadline"]),
        ("多少天以内要去交", ["deadline"]),
        ("最长能问多久", ["deadline"]),
        ("要办几天", ["quantity"]),
        ("when must it be done", ["deadline"]),
        ("每学期要上几节课", ["quantity"]),
        ("要建多少个书屋", ["quantity"]),
        ("how many libraries are needed", ["quantity"]),
        ("联系电话是什么", ["contact"]),
        ("what is the phone number", ["contact"]),
        ("不开放会受什么处罚", ["penalty"]),
        ("完不成会怎么样", ["consequence"]),
        ("这项工作由谁牵头", ["lead_unit"]),
        ("哪个部门负责", ["lead_unit"]),
        ("who is responsible for the libraries", ["lead_unit"]),
        ("是哪三馆", ["enumeration"]),
        ("受处分多少次要追究", ["frequency", "penalty"]),
    ],
)
def test_a_question_expects_a_kind_of_thing(text: str, kinds: list[str]) -> None:
    assert [expectation.kind for expectation in read_question(text).expectations] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "好几个学生没去",
        "这几个人怎么安排",
        "好几年没修",
        "书库怎么开放",
        "几个方面的工作",
        "怎么处理邻里纠纷",
        "哪一条管宾馆",
        "学校必须做什么",
        "要求有几条",
    ],
)
def test_words_of_number_in_other_senses_expect_nothing(text: str) -> None:
    assert read_question(text).expectations == ()


@pytest.mark.parametrize(
    ("kind", "sentence", "shown"),
    [
        ("frequency", "每年至少安排一次。", True),
        ("frequency", "开展三场讲座。", True),
        ("frequency", "加强学习。", False),
        ("money", "处五百元罚款。", True),
        ("money", "覆盖率百分之八十。", True),
        ("money", "安排3名人员。", False),
        ("deadline", "在十五个工作日内答复。", True),
        ("deadline", "2025年完成。", True),
        ("deadline", "尽快完成。", False),
        ("deadline", "每日二十二时以后。", True),
        ("quantity", "设置三个书屋。", True),
        ("quantity", "设置书屋。", False),
        ("contact", "联系电话：0123-4567890。", True),
        ("contact", "请电话联系。", False),
        ("penalty", "依法给予处分。", True),
        ("penalty", "开放书库。", False),
        ("lead_unit", "由文化局组织实施。", True),
        ("lead_unit", "开放书库。", False),
        ("consequence", "对未完成的单位予以通报。", True),
        ("consequence", "开放书库。", False),
        ("enumeration", "图书馆、文化馆、博物馆。", True),
        ("enumeration", "图书馆和文化馆。", False),
    ],
)
def test_a_sentence_shows_what_is_expected(kind: str, sentence: str, shown: bool) -> None:
    by_kind = {expectation.kind: expectation for expectation in question_tables().expectations}
    assert bool(by_kind[kind].shows.search(fold(sentence))) is shown


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("三馆是什么", True),
        ("什么是七进", True),
        ("三馆指的是哪些", True),
        ("what is the meaning of the three halls", True),
        ("what is the budget", False),
        ("书库每周开放几次", False),
    ],
)
def test_a_question_asks_for_a_meaning(text: str, asked: bool) -> None:
    assert read_question(text).asks_meaning is asked


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("学\x00校\x01必须做什么", "学校必须做什么"),
        ("\u200b学校\ufeff必须\u202e做什么", "学校必须做什么"),
        ("  学校\n必须做什么  ", "学校\n必须做什么"),
        ("学校\ud800必须做什么", "学校必须做什么"),
        ("学校必须做什么😀", "学校必须做什么😀"),
        ("（五）１", "（五）１"),
    ],
)
def test_control_characters_are_not_searched_and_the_text_is_kept(text: str, searched: str) -> None:
    question = read_question(text)
    assert question.searched == searched
    assert question.text == text


@pytest.mark.parametrize("text", ["", "   ", "？？？", "😀😀", "\x00\x01", "\u200b\u200b", "——……", "\ud800", "\n\t"])
def test_nothing_to_search_is_a_bad_query(text: str) -> None:
    with pytest.raises(BadQuery, match="没有读到可以查询的文字.*学校必须做什么"):
        read_question(text)


def test_a_question_that_is_too_long_says_how_long() -> None:
    assert read_question("学" * MAX_QUESTION).english is False
    with pytest.raises(BadQuery, match=f"{MAX_QUESTION + 1} 个字，最多 {MAX_QUESTION} 个字"):
        read_question("学" * (MAX_QUESTION + 1))


def test_every_expectation_has_a_kind_of_its_own_and_says_what_is_missing_in_both_languages() -> None:
    expectations = question_tables().expectations
    assert len({expectation.kind for expectation in expectations}) == len(expectations)
    for expectation in expectations:
        assert expectation.missing_zh.startswith("没有")
        assert expectation.missing_en.startswith("do not ")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "questions.toml 缺少字段 'expects'"),
        ({"expects": [{"kind": "money", "asks": ["元"]}]}, "questions.toml 缺少字段 'shows'"),
        ({"expects": [{"kind": "money", "asks": ["("], "shows": []}]}, "questions.toml 里的表达式.*写错了"),
    ],
)
def test_a_malformed_table_is_named(monkeypatch: pytest.MonkeyPatch, table: dict[str, Any], message: str) -> None:
    monkeypatch.setattr(tables, "read_toml", lambda name: table)
    with pytest.raises(TableError, match=message):
        question_tables.__wrapped__()


def test_an_english_period_must_stand_in_the_text_in_chinese() -> None:
    assert read_question("How many lessons must a school give each semester?").stated == ("每学期",)
    assert read_question("Who reports monthly?").stated == ("每月",)
    assert read_question("Who reports within a month?").stated == ()


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [("设几个办公室", True), ("几岁可以上学", True), ("几户村民私建小庙，依据哪条处理", False)],
)
def test_a_number_is_asked_for_where_no_other_word_asks(text: str, is_asked: bool) -> None:
    assert ("quantity" in [each.kind for each in read_question(text).expectations]) is is_asked


def test_a_thing_within_another_word_is_not_asked_for() -> None:
    assert read_question("班主任打学生手心可以吗").things == ()
    assert read_question("领导小组主任由谁担任").things == ("主任",)
