"""Complete lists: everything that binds somebody, nothing else, and what is said beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.storage import Store
from qa.base import Base, read_base
from qa.questions import read_question
from qa.records import Answer
from qa.register import RESIDUE_WEIGHT, answer_list, cite, is_plain_list, may_be_unmeant, topic_terms
from qa.terms import Term
from qa.wording import Wording

STARS = """星河区阅读办法（试行）

一、管理
机关应当设置书架。党委要带头读书。教师应当指导阅读。鼓励企业捐赠图书。
二、效力
本办法自2024年1月1日起施行。力争三年内建成书香城区。
"""


def asked(question: str, base: Base, *, doc_ids: tuple[str, ...] = (), language: str = "zh") -> Answer:
    return answer_list(read_question(question), base, doc_ids, Wording(language))


def sentences(answer: Answer) -> list[str]:
    return [requirement.sentence for requirement in answer.requirements]


SCHOOLS = [
    "学校应当每周开放书库不少于3次。",
    "严禁向读者收取押金。",
    "各学校要把阅读指导纳入教师培训。",
    "学校应当在周末开放操场，并安排专人值守，做好记录和",
]


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("学校必须做什么", SCHOOLS),
        ("what must schools do", SCHOOLS),
        ("学校禁止做什么", ["严禁向读者收取押金。"]),
        ("老师要做什么", SCHOOLS),  # nothing binds teachers alone, so all that binds their schools,
        (
            "社区要做什么",
            ["社区要设置书屋，", "鼓励居民捐赠图书。", "严禁以衣着为由拒绝读者入馆。", "各社区要在春季补种树木。"],
        ),
        ("社区和乡镇不得做什么", ["严禁以衣着为由拒绝读者入馆。"]),
        ("乡镇要做什么", ["乡镇要安排流动书车，定期进村。"]),
    ],
)
def test_a_list_is_complete_and_in_the_order_of_the_texts(base: Base, question: str, listed: list[str]) -> None:
    answer = asked(question, base)
    assert answer.answered and answer.reason is None and answer.route == "register"
    assert sorted(sentences(answer)) == sorted(listed)
    in_order = [one.sentence for one in base.requirements if one.sentence in listed]
    assert sentences(answer) == in_order


def test_each_clause_is_cited_once_with_the_sentences_of_its_requirements(base: Base) -> None:
    answer = asked("学校必须做什么", base)
    assert [one.quote for one in answer.citations if one.clause.doc_id == "library"] == [
        SCHOOLS[0] + SCHOOLS[1],
        SCHOOLS[2],
    ]
    assert all(one.score == 1.0 for one in answer.citations)
    assert "共 4 条，出自 3 个条款" in answer.summary


def test_a_wider_audience_includes_those_within_it(home: Home, put: Callable[[str, str], None]) -> None:
    put("stars", STARS)
    base = read_base(home)
    assert "党委要带头读书。" in sentences(asked("机关要做什么", base))
    assert "教师应当指导阅读。" in sentences(asked("学校要做什么", base))
    assert sentences(asked("党委要做什么", base)) == ["党委要带头读书。"]


def test_where_nothing_binds_the_narrow_audience_the_wider_one_is_listed_and_named(base: Base) -> None:
    answer = asked("幼儿园要做什么", base)
    assert len(answer.requirements) == 4
    assert "对学校的要求共 4 条" in answer.summary
    assert "文本没有单独对幼儿园提要求，以下是对学校的要求" in answer.summary


def test_the_modality_filter_reaches_the_wider_audience(base: Base) -> None:
    answer = asked("老师不得做什么", base)
    assert sentences(answer) == ["严禁向读者收取押金。"]
    assert "“禁止”类要求共 1 条" in answer.summary and "以下是对学校的要求" in answer.summary


def test_without_an_audience_everything_that_binds_is_listed_but_no_goal_and_no_statement(
    home: Home, put: Callable[[str, str], None]
) -> None:
    put("stars", STARS)
    answer = asked("这个方案要求做什么", read_base(home), doc_ids=("stars",))
    assert sentences(answer) == ["机关应当设置书架。", "党委要带头读书。", "教师应当指导阅读。", "鼓励企业捐赠图书。"]
    assert answer.summary.startswith("知识库中的要求共 4 条")


def test_only_the_named_documents_are_listed_and_warned_about(base: Base) -> None:
    answer = asked("学校必须做什么", base, doc_ids=("library",))
    assert sentences(answer) == SCHOOLS[:3]
    assert "中断" not in answer.summary
    assert sentences(asked("学校必须做什么", base, doc_ids=("garden",))) == SCHOOLS[3:]


def test_a_source_that_breaks_off_inside_the_list_is_told(base: Base) -> None:
    assert "《星河区公园管理通知》的来源文本在二处中断" in asked("学校必须做什么", base).summary
    assert "breaks off at 二" in asked("what must schools do", base, language="en").summary
    assert "中断" not in asked("社区要做什么", base).summary  # the clause that breaks off binds schools


@pytest.mark.parametrize(
    ("question", "language", "reason"),
    [
        ("企业要做什么", "zh", "知识库中没有对企业的要求。"),
        ("党委要做什么", "zh", "知识库中没有对党委（党组）的要求。"),
        ("what must enterprises do", "en", "The knowledge base has no requirement for enterprises."),
        ("企业和寺庙要做什么", "zh", "知识库中没有对企业、宗教活动场所的要求。"),
    ],
)
def test_nobody_bound_is_a_refusal(base: Base, question: str, language: str, reason: str) -> None:
    answer = asked(question, base, language=language)
    assert not answer.answered and answer.route == "refused"
    assert (answer.reason, answer.summary) == (reason, reason)
    assert not answer.citations and not answer.requirements


def test_every_listed_sentence_is_verbatim_in_its_clause(base: Base) -> None:
    for one in asked("学校必须做什么", base).requirements:
        assert base.clauses[one.clause_id].text[one.span.start : one.span.end] == one.sentence
    assert cite((), base) == ()


@pytest.mark.parametrize(
    ("question", "terms", "plain"),
    [
        ("学校必须做什么", (Term("学校", 5.0),), True),
        ("学校必须落实哪些要求", (Term("学校", 5.0), Term("落实", 5.0)), True),
        ("学校在书库必须做什么", (Term("学校", 5.0), Term("书库", 9.0)), False),  # a subject of its own
        ("我管书库，学校必须做什么", (Term("学校", 5.0), Term("书库", 9.0)), True),  # talk before the question
        ("学校必须做什么", (Term("学校", 5.0), Term("工程", RESIDUE_WEIGHT - 0.1)), True),
        ("高等学校要做什么", (Term("高等", 5.0), Term("学校", 5.0)), True),  # parts of the audience's name
        ("必须做什么", (), False),  # for whom?
        ("这个方案要求做什么", (), True),
        ("what does the plan require schools to do", (), True),
        ("哪些条款要求学校做什么", (), True),
        ("书库每周开放几次", (), False),
    ],
)
def test_a_plain_list_has_an_audience_and_no_subject(question: str, terms: tuple[Term, ...], plain: bool) -> None:
    assert is_plain_list(read_question(question), terms) is plain


@pytest.mark.parametrize(
    ("question", "term", "narrows"),
    [
        ("各村要做什么", "各村", False),
        ("乡镇在城镇化中要做什么", "城镇化", True),
        ("社区居委会要做什么", "社区居委会", False),
        ("学校要做什么", "中小学校", False),
    ],
)
def test_the_name_of_the_audience_narrows_nothing(question: str, term: str, narrows: bool) -> None:
    assert bool(topic_terms(read_question(question), (Term(term, 9.0),))) is narrows


def test_topic_terms_are_what_narrows_a_list() -> None:
    question = read_question("学校在书库任务提到必须做什么")
    books = Term("书库", 9.0)
    assert topic_terms(question, (Term("学校", 5.0), Term("任务", 5.0), Term("提到", 5.0), books)) == [books]


def test_the_share_of_clauses_is_measured_on_folded_texts_with_their_paths(base: Base) -> None:
    size = sum(clause.kind == "clause" for clause in base.clauses.values())
    assert base.share_of_clauses(["进学校"]) == 3 / size  # two by their heading, one names it
    assert base.share_of_clauses(["树木", "书车"]) == 2 / size
    assert base.share_of_clauses(["火箭"]) == base.share_of_clauses([]) == 0


def test_the_audience_of_a_clause_is_that_of_its_requirements_else_of_its_path(base: Base) -> None:
    assert base.audience_of(base.clauses["library.n2.i1.r2"]) == {"school"}
    assert base.audience_of(base.clauses["library.n2.i2"]) == {"community"}  # a heading has no requirement
    assert base.audience_of(base.clauses["library.n1"]) == frozenset()


def test_an_empty_knowledge_base_has_no_shares(tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty")
    Store.open(empty, write=True).close()
    assert read_base(empty).share_of_clauses(["书库"]) == 0


@pytest.mark.parametrize(
    ("question", "words", "titles", "plain"),
    [
        ("学校要做什么", (), (), True),
        ("企业", (), (), True),  # a bare name asks for everything
        ("七进对学校的要求", ("七进",), ("“七进”活动行动方案",), True),  # the title's word names the document
        ("七进对学校的要求", ("七进",), ("办法",), False),
        ("学校不需要做什么", (), (), False),
        ("学校每年几次", (), (), False),  # expects a number
    ],
)
def test_what_is_a_plain_list(question: str, words: tuple[str, ...], titles: tuple[str, ...], plain: bool) -> None:
    terms = [Term(word, 9.0) for word in words]
    assert is_plain_list(read_question(question), terms, titles) is plain


def test_a_theme_of_the_texts_does_not_narrow_a_list() -> None:
    question = read_question("学校怎么落实团结")
    assert topic_terms(question, [Term("团结", 9.0, share=0.5)]) == []
    assert topic_terms(question, [Term("团结", 9.0, share=0.1)]) != []


def test_asked_for_in_full_words_that_no_text_holds_narrow_nothing() -> None:
    question = read_question("请把学校的全部要求逐项梳理出来")
    unknown, known = Term("出来", 9.0), Term("逐项", 9.0, share=0.1)
    assert topic_terms(question, [unknown]) == []
    assert topic_terms(question, [known]) == [known]


def test_a_long_list_that_was_not_asked_for_in_plain_words_is_not_meant(base: Base) -> None:
    soft, plain = read_question("学校怎么做"), read_question("学校必须做什么")
    listed = asked("学校必须做什么", base)
    long = replace(listed, citations=listed.citations * 9)
    assert may_be_unmeant(soft, long)
    assert not may_be_unmeant(plain, long)
    assert not may_be_unmeant(soft, listed)


def test_a_case_told_before_the_question_is_searched() -> None:
    question = read_question("学生受了欺凌，家长投诉，学校必须做什么")
    told = [Term("欺凌", 9.0, share=0.01), Term("投诉", 9.0, share=0.01)]
    assert not is_plain_list(question, told)
    assert is_plain_list(question, told[:1])
