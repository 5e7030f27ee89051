"""The shipped plan, asked as staff ask it, with the real model: what must be cited, quoted, listed or refused."""

from __future__ import annotations

import pytest

from ingest.home import Home
from qa.contract import answer_json
from qa.engine import Engine

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def engine(model_home: Home) -> Engine:
    return Engine.open(model_home)


def locators(engine: Engine, question: str) -> list[str]:
    return [citation.clause.locator for citation in engine.ask(question).citations]


@pytest.mark.parametrize("question", ["学校必须做什么", "what must schools do", "中小学要做哪些事"])
def test_a_question_for_everything_gets_the_complete_list(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert [c.clause.locator for c in answer.citations] == ["三（五）1", "三（五）2"]
    assert len(answer.requirements) == 4
    for requirement in answer.requirements:
        clause = next(c.clause for c in answer.citations if c.clause.clause_id == requirement.clause_id)
        assert clause.text[requirement.span.start : requirement.span.end] == requirement.sentence
    assert "中断" in answer.summary  # the source breaks off inside this section, and the list says so


@pytest.mark.parametrize(
    ("question", "locator", "quoted"),
    [
        ("党委理论学习中心组一年要学几次", "三（一）1", "每年至少安排一次"),
        ("宾馆以民族为由拒绝客人入住，违反哪一条", "三（三）2", "拒住"),
        ("房东拒租给少数民族违反哪一条", "三（三）2", "拒租"),
        ("延伸拓展单位要达到几个", "一", "达到8个"),
        ("A hotel turned away guests because of their ethnicity. Which clause forbids this?", "三（三）2", "拒住"),
    ],
)
def test_a_question_about_one_thing_gets_its_clause_alone(
    engine: Engine, question: str, locator: str, quoted: str
) -> None:
    answer = engine.ask(question)
    assert [c.clause.locator for c in answer.citations] == [locator]
    assert quoted in answer.citations[0].quote


def test_a_quotation_is_verbatim_and_the_citation_names_document_and_place(engine: Engine) -> None:
    (citation,) = engine.ask("党委理论学习中心组一年要学几次").citations
    assert citation.quote in engine.source(citation.document.doc_id)
    assert citation.reference == "《全区深化民族团结进步创建“七进”活动行动方案》三（一）1"


@pytest.mark.parametrize(
    ("question", "section"), [("进连队具体要求是什么", "进连队"), ("寺庙要做什么", "进宗教活动场所")]
)
def test_a_missing_section_is_refused_and_shown_where_it_is_named(engine: Engine, question: str, section: str) -> None:
    answer = engine.ask(question)
    assert not answer.answered
    assert not answer.citations
    assert section in (answer.reason or "")
    assert [near.clause.locator for near in answer.near_misses] == ["引言"]
    assert section in answer.near_misses[0].quote


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("个人所得税起征点是多少", "知识库中没有"),
        ("学校每学期要上几节民族团结课", "每学期"),
        ("创建经费给多少钱", "知识库中没有"),
        ("asdfghjkl", "知识库中没有"),
        ("", "没有读到"),
        ("？？？", "没有读到"),
        ("😀😀", "没有读到"),
        ("\x00\x01", "没有读到"),
        ("三（五）9", "没有"),
        ("《刑法》第一条", "刑法"),
    ],
)
def test_what_the_texts_do_not_say_is_refused_with_a_reason(engine: Engine, question: str, words: str) -> None:
    answer = engine.ask(question)
    assert not answer.answered
    assert not answer.citations
    assert words in (answer.reason or "")


def test_a_named_clause_is_looked_up(engine: Engine) -> None:
    assert locators(engine, "三（五）1") == ["三（五）1"]
    assert locators(engine, "进社区第2条") == ["三（三）2"]


def test_the_contract_holds_for_an_answer_and_a_refusal(engine: Engine) -> None:
    keys = {"question", "answered", "reason", "summary", "citations", "requirements", "near_misses"}
    cited = {"clause_id", "doc_id", "document", "locator", "breadcrumb", "text", "quote", "score"}
    for question in ("学校必须做什么", "个人所得税起征点是多少"):
        row = answer_json(engine.ask(question))
        assert keys <= set(row)
        for citation in (*row["citations"], *row["near_misses"]):
            assert cited <= set(citation)


def test_a_document_that_is_not_there_is_an_error(engine: Engine) -> None:
    with pytest.raises(ValueError, match="没有"):
        engine.ask("学校必须做什么", doc_ids=["nothing"])
