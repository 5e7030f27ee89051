"""One question in, one answer out, by the first way that fits; over a real store and a toy index."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.searcher import Searcher
from ingest.correction_desk import save_corrections, try_correction
from ingest.corrections import Change, Fields, Heading
from ingest.errors import BadQuery, InputError, UnknownDocument
from ingest.home import Home
from ingest.storage import Store
from qa import engine as engine_room
from qa.base import Base, Gap
from qa.contract import answer_json
from qa.engine import Engine
from qa.questions import MAX_QUESTION, read_question
from qa.records import Answer
from qa.wording import Wording

from .conftest import ToySearcher

QUESTIONS = (
    "学校必须做什么",
    "学校禁止做什么",
    "幼儿园要做什么",
    "二（一）1",
    "进社区",
    "进连队有什么要求",
    "书库每周开放几次",
    "哪几条讲了读者",
    "三馆是什么",
    "火箭怎么发射",
    "《夜空法》第一条",
    "what must schools do",
)


def locators(answer: Answer) -> list[str]:
    return [citation.clause.locator for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "route", "cited"),
    [
        ("二（一）1", "lookup", ["二（一）1"]),
        ("《星河区图书馆服务行动方案》二（二）2", "lookup", ["二（二）2"]),
        ("进社区第2条", "lookup", ["二（二）2"]),
        ("进社区", "lookup", ["二（二）1", "二（二）2"]),
        ("《夜空法》第一条", "refused", []),
        ("图书馆服务行动方案二（一）9", "refused", []),
        ("二（一）9", "refused", []),  # in neither of two documents that number alike
        ("进连队有什么要求", "section_missing", []),
        ("连队要做什么", "section_missing", []),
        ("乡镇必须做什么", "register", ["二（三）1"]),
        ("what must townships do", "register", ["二（三）1"]),
        ("企业必须做什么", "refused", []),
        ("书库每周开放几次", "search", ["二（一）1"]),
        ("社区怎么对待穿着衣着随便的读者", "search", ["二（二）2"]),
        ("哪几条讲了读者", "search", ["二（一）1", "二（二）2"]),
        ("三馆是什么", "search", ["一"]),
        ("火箭怎么发射", "refused", []),
        ("嗯", "refused", []),
        ("的", "refused", []),
        ("？", "refused", []),
        ("", "refused", []),
    ],
)
def test_a_question_goes_the_first_way_that_fits(engine: Engine, question: str, route: str, cited: list[str]) -> None:
    answer = engine.ask(question)
    assert (answer.route, locators(answer)) == (route, cited)
    assert answer.answered is bool(cited)
    assert answer.question == question
    assert bool(answer.reason) is not answer.answered
    assert answer.summary


def test_a_looked_up_clause_is_quoted_whole_with_its_requirements(engine: Engine) -> None:
    answer = engine.ask("二（一）1")
    assert answer.summary == "《星河区图书馆服务行动方案》二（一）1的原文如下。"
    assert answer.citations[0].quote == "学校应当每周开放书库不少于3次。严禁向读者收取押金。"
    assert [one.modality for one in answer.requirements] == ["must", "must_not"]
    assert "下有 2 个条款" in engine.ask("进社区").summary


@pytest.mark.parametrize(
    ("question", "language", "reason", "near"),
    [
        ("图书馆服务行动方案二（一）9", "zh", "没有二（一）9，同级最后一条是二（一）2。", ["二（一）2"]),
        ("《夜空法》第一条", "zh", "知识库中没有《夜空法》。", []),
        ("《夜空法》第一条", "en", "《夜空法》 is not in the knowledge base.", []),
        ("进连队有什么要求", "zh", "《星河区图书馆服务行动方案》在二提到了它，但现有文本没有这一节", ["二"]),
        ("进连队有什么要求", "en", "names it at 二, but the text on hand has no such section", ["二"]),
    ],
)
def test_what_is_not_there_is_said_and_shown_where_it_would_be(
    engine: Engine, question: str, language: str, reason: str, near: list[str]
) -> None:
    answer = engine.ask(question, language=language)
    assert reason in (answer.reason or "")
    assert [citation.clause.locator for citation in answer.near_misses] == near


def test_a_missing_section_is_quoted_where_it_is_named(engine: Engine) -> None:
    (near,) = engine.ask("进连队有什么要求").near_misses
    assert near.quote == "深入开展图书服务“进学校、进社区、进乡镇、进连队”活动。"
    assert engine.ask("进连队有什么要求", doc_ids=["garden"]).route != "section_missing"


def test_a_section_that_is_named_outside_the_clauses_is_refused_without_a_place(base: Base) -> None:
    gap = Gap(base.documents["library"], "进军营", None)
    answer = engine_room._answer_gap(read_question("进军营"), gap, Wording("zh"))
    assert (
        answer.reason == "知识库中没有“进军营”的具体内容：《星河区图书馆服务行动方案》提到了它，但现有文本没有这一节。"
    )
    assert answer.near_misses == ()


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        ("", "没有读到可以查询的文字", "There is no text to search for"),
        ("😀\x00", "没有读到可以查询的文字", "There is no text to search for"),
        ("学" * (MAX_QUESTION + 1), "问题有 2001 个字，最多 2000 个字", "2001 characters; 2000 is the most"),
        ("的", "没有读懂这个问题", "This question could not be understood"),
    ],
)
def test_a_question_that_cannot_be_searched_is_refused_in_either_language(
    engine: Engine, question: str, zh: str, en: str
) -> None:
    assert zh in (engine.ask(question).reason or "")
    assert en in (engine.ask(question, language="en").reason or "")


def test_only_the_named_documents_answer(engine: Engine) -> None:
    assert locators(engine.ask("学校必须做什么", doc_ids=["garden"])) == ["二"]
    assert locators(engine.ask("第二部分", doc_ids=["garden"])) == ["二"]
    assert not engine.ask("树木", doc_ids=["library"]).answered
    assert locators(engine.ask("树木", doc_ids=["library", "garden"])) == ["一"]


def test_a_document_that_is_not_there_and_a_language_that_is_not_spoken_are_errors(engine: Engine) -> None:
    with pytest.raises(UnknownDocument, match="nothing"):
        engine.ask("学校必须做什么", doc_ids=["library", "nothing"])
    with pytest.raises(InputError, match="fr"):
        engine.ask("学校必须做什么", language="fr")


def test_an_empty_knowledge_base_says_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "empty")
    Store.open(home, write=True).close()
    engine = Engine(home, cast(Searcher, ToySearcher(home)))
    assert engine.ask("学校必须做什么").reason == "知识库中还没有文件。"
    assert engine.documents() == []


def test_what_another_process_changes_is_taken_over(
    engine: Engine, toy: ToySearcher, home: Home, put: Callable[[str, str], None]
) -> None:
    assert not engine.ask("火箭").answered
    assert toy.refreshed == 1
    put("rocket", "火箭发射通知\n\n一、发射\n企业要在清晨发射火箭。\n")
    assert locators(engine.ask("火箭")) == ["一"]
    assert locators(engine.ask("企业必须做什么")) == ["一"]
    assert toy.refreshed == 2  # once a change
    with Store.open(home, write=True) as store:
        store.remove("rocket")
    assert not engine.ask("火箭").answered
    with pytest.raises(UnknownDocument):
        engine.ask("火箭", doc_ids=["rocket"])


def test_a_correction_shows_in_the_next_answer(engine: Engine) -> None:
    assert locators(engine.ask("学校禁止做什么")) == ["二（一）1"]
    sentence = "严禁向读者收取押金。"
    correct(engine, sentence, Fields(sentence, (("audience", "community"),)))
    assert locators(engine.ask("学校禁止做什么")) == []
    assert not engine.ask("二（一）3").answered
    correct(engine, "各学校要把", Heading("r", "3"))
    assert engine.ask("二（一）3").citations[0].clause.text == "各学校要把阅读指导纳入教师培训。"


def correct(engine: Engine, words: str, change: Change) -> None:
    with Store.open(engine.home, write=True) as store:
        trial = try_correction(store, "library", store.source("library").index(words), change)
        save_corrections(store, "library", [trial.correction])


def test_a_refresh_that_fails_is_tried_again(
    engine: Engine, toy: ToySearcher, put: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> bool:
        raise InputError("索引正在更新")

    put("rocket", "火箭发射通知\n\n一、发射\n企业要在清晨发射火箭。\n")
    with monkeypatch.context() as broken:
        broken.setattr(toy, "refresh", fails)
        with pytest.raises(InputError):
            engine.ask("火箭")
    assert engine.ask("火箭").answered


def test_documents_and_their_parts_are_read_from_the_store(engine: Engine) -> None:
    assert {document.doc_id for document in engine.documents()} == {"library", "garden"}
    assert engine.document("garden").title == "星河区公园管理通知"
    assert [clause.kind for clause in engine.outline("library")].count("heading") == 3
    assert [notice.kind for notice in engine.notices("garden")] == ["truncated"]
    assert len(engine.requirements_of("garden")) == 2
    for clause in engine.outline("garden"):
        assert engine.source("garden")[clause.span.start : clause.span.end] == clause.text
    for read in (engine.document, engine.outline, engine.source, engine.notices, engine.requirements_of):
        with pytest.raises(UnknownDocument):
            read("nothing")


def test_evidence_is_given_where_the_answer_comes_from_search(engine: Engine) -> None:
    found = engine.evidence("书库每周开放几次")
    assert found is not None and found.evidence[0].clause.locator == "二（一）1"
    confidences = [one.confidence for one in found.evidence]
    assert confidences == sorted(confidences, reverse=True)
    assert engine.evidence("学校必须做什么") is None
    assert engine.evidence("二（一）1") is None
    with pytest.raises(BadQuery):
        engine.evidence("？")


def test_a_word_of_every_clause_weighs_less(engine: Engine, put: Callable[[str, str], None]) -> None:
    def weight(question: str) -> float:
        (term,) = engine._terms(read_question(question), engine._current())
        return term.weight

    before = weight("书库")
    lines = "".join(f"{mark}、书库\n书库的书库。\n" for mark in "一二三四五六七八九")
    put("books", f"书库通知\n\n{lines}")
    assert weight("书库") < before


def test_threads_share_one_engine(engine: Engine) -> None:
    expected = [engine.ask(question) for question in QUESTIONS]
    given_answers: list[list[Answer]] = []
    threads = [
        threading.Thread(target=lambda: given_answers.append([engine.ask(question) for question in QUESTIONS]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given_answers == [expected] * 4


@pytest.fixture(scope="module")
def shared_engine(shipped_home: Home) -> Engine:
    """For many questions that change nothing; with the shipped calibration."""
    return Engine(shipped_home, cast(Searcher, ToySearcher(shipped_home)))


def check_contract(answer: Answer) -> None:
    """What holds for every answer: quotations are verbatim, a refusal has a reason and cites nothing."""
    for citation in (*answer.citations, *answer.near_misses):
        assert citation.quotes
        for span in citation.quotes:
            assert 0 <= span.start < span.end <= len(citation.clause.text)
        for part in citation.quote.split("……"):
            assert part and part in citation.clause.text
        assert 0 <= citation.score <= 1
        assert citation.clause.kind == "clause"
    assert answer.answered is bool(answer.citations)
    assert (answer.reason is None) is answer.answered
    assert answer.answered or not answer.requirements
    assert not (answer.answered and answer.near_misses)
    cited = {citation.clause.clause_id: citation.clause for citation in answer.citations}
    for one in answer.requirements:
        assert cited[one.clause_id].text[one.span.start : one.span.end] == one.sentence
    answer_json(answer)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_holds_for_every_answer(engine: Engine, question: str, language: str) -> None:
    check_contract(engine.ask(question, language=language))


PIECES = st.sampled_from(
    [
        "学校",
        "社区",
        "必须",
        "做什么",
        "书库",
        "押金",
        "读者",
        "几次",
        "哪几条",
        "讲了",
        "二（一）",
        "1",
        "第二条",
        "进连队",
    ]
    + ["多少钱", "是什么", "《", "》", "方案", "schools", "must", "what ", "三馆", "{term}", "%s", "\\", "["]
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=6).map("".join))
def test_questions_made_of_telling_pieces_are_answered_or_refused(shared_engine: Engine, question: str) -> None:
    check_contract(shared_engine.ask(question))


ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(ANY_TEXT, st.sampled_from(["zh", "en"]))
def test_no_text_whatever_raises(shared_engine: Engine, question: str, language: str) -> None:
    check_contract(shared_engine.ask(question, language=language))
