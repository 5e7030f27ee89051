"""Answers by search over a toy index: which clauses are cited, and why others are refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import pytest

from index.searcher import Searcher
from ingest.home import Home
from ingest.records import Clause, Span
from ingest.storage import Store
from qa import finding
from qa.base import Base, read_base
from qa.evidence import Evidence
from qa.finding import CANDIDATES, MOST_CITED, MOST_CITED_OF_A_TOPIC, NEAR_MISSES, answer_by_search, gather
from qa.questions import read_question
from qa.records import Answer
from qa.terms import Term
from qa.wording import Wording

from .conftest import ToySearcher

pytestmark = pytest.mark.usefixtures("by_coverage")


def terms(*words: str, weight: float = 8.0) -> tuple[Term, ...]:
    return tuple(Term(word, weight) for word in words)


def ask(
    question: str,
    asked: Sequence[Term],
    searcher: Searcher,
    base: Base,
    *,
    doc_ids: Sequence[str] = (),
    language: str = "zh",
) -> Answer:
    return answer_by_search(read_question(question), asked, searcher, base, doc_ids, Wording(language))


def locators(answer: Answer) -> list[str]:
    return [citation.clause.locator for citation in answer.citations]


def test_the_clause_that_answers_is_cited_alone_with_its_requirements(searcher: Searcher, base: Base) -> None:
    answer = ask("能收押金吗", terms("押金"), searcher, base)
    assert answer.answered and answer.reason is None and answer.route == "search"
    assert locators(answer) == ["二（一）1"]
    assert answer.citations[0].quote == "严禁向读者收取押金。"
    assert [one.modality for one in answer.requirements] == ["must_not"]
    assert answer.summary == "找到 1 个条款回答这个问题：《星河区图书馆服务行动方案》二（一）1。"
    assert 0.5 <= answer.citations[0].score <= 1


def test_the_search_is_asked_for_the_named_documents_only(toy: ToySearcher, searcher: Searcher, base: Base) -> None:
    answer = ask("开放\x00操场", terms("开放"), searcher, base, doc_ids=("garden",))
    assert locators(answer) == ["二"]
    query, top_k, filters = toy.asked[-1]
    assert (query, top_k, filters.doc_ids) == ("开放操场", CANDIDATES, {"garden"})


def test_a_clause_that_the_base_does_not_hold_is_no_candidate(toy: ToySearcher, searcher: Searcher, base: Base) -> None:
    changed = replace(toy.clauses[0], text="押金已经改了。")
    toy.clauses = [changed, replace(changed, clause_id="gone.n1", doc_id="gone"), *toy.clauses[1:]]
    held = {found.clause for found in gather(read_question("押金"), terms("押金"), searcher, base, ()).evidence}
    assert held == set(toy.clauses[2:])


@pytest.mark.parametrize(
    ("question", "asked", "reason"),
    [
        ("火箭怎么发射", terms("火箭"), "知识库中没有这方面的规定：没有条款提到“火箭”。"),
        ("火箭和卫星", terms("火箭", "卫星"), "知识库中没有这方面的规定：没有条款提到“火箭”、“卫星”。"),
        ("火箭怎么办理", (*terms("火箭"), Term("办理", 3.0)), "没有条款提到“火箭”。"),  # light words explain nothing
        ("怎么办理", (Term("办理", 3.0),), "知识库中没有能回答这个问题的条款。"),
        ("书屋多少钱", terms("书屋"), "知识库中没有。有相近的条款，但原文没有写明金额。"),
        ("书屋什么时候建", terms("书屋"), "知识库中没有。有相近的条款，但原文没有写明时间。"),
        ("火箭多少钱", terms("火箭"), "知识库中没有这方面的规定：没有条款提到“火箭”。"),  # nothing comes near
    ],
)
def test_a_refusal_gives_its_reason_and_the_nearest_clauses(
    searcher: Searcher, base: Base, question: str, asked: Sequence[Term], reason: str
) -> None:
    answer = ask(question, asked, searcher, base)
    assert not answer.answered and answer.route == "refused"
    assert not answer.citations and not answer.requirements
    assert reason in (answer.reason or "")
    assert answer.summary == answer.reason
    assert len(answer.near_misses) == NEAR_MISSES
    # A clause that holds no word of the question is shown below, but not named as the nearest.
    named = f"最接近的条款是{answer.near_misses[0].reference}，请自行核对。"
    assert (answer.reason or "").endswith(named) == ("书屋" in question)


def test_only_the_heaviest_missing_words_are_named_in_their_order(searcher: Searcher, base: Base) -> None:
    asked = (Term("火箭", 7.0), Term("卫星", 9.0), Term("飞船", 8.0), Term("探测器", 10.0))
    assert "提到“卫星”、“飞船”、“探测器”。" in (ask("火箭 卫星 飞船 探测器", asked, searcher, base).reason or "")


def test_likeness_without_one_word_is_no_ground(
    searcher: Searcher, base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = replace(finding.read_calibration(), bias=5.0)
    monkeypatch.setattr("qa.evidence.read_calibration", lambda: sure)
    assert not ask("火箭", terms("火箭"), searcher, base).answered
    assert ask("押金", terms("押金"), searcher, base).answered


def test_where_the_index_gives_nothing_nothing_is_said(base: Base, home: Home) -> None:
    nothing = ToySearcher(home)  # never filled
    answer = ask("押金", terms("押金"), cast(Searcher, nothing), base)
    assert not answer.answered and answer.near_misses == ()
    assert answer.reason == "知识库中没有这方面的规定：没有条款提到“押金”。"


def test_an_english_refusal_is_english_throughout(searcher: Searcher, base: Base) -> None:
    answer = ask("what does a bookroom cost", (Term("bookroom", 8.0, ("书屋",)),), searcher, base, language="en")
    assert answer.reason == (
        "The knowledge base does not say. Some clauses come near, but they do not state an amount. "
        "The nearest clause is 《星河区图书馆服务行动方案》二（二）1; please check it yourself."
    )


def test_a_defining_sentence_is_preferred_where_a_meaning_is_asked(home: Home, put: Callable[[str, str], None]) -> None:
    put("guide", "三馆开放指南\n\n一、时间\n三馆每天开放。\n二、卫生\n三馆每天打扫。\n")
    toy = ToySearcher(home)
    toy.refresh()
    searcher, base = cast(Searcher, toy), read_base(home)
    asked = terms("三馆")
    (found,) = ask("三馆是什么", asked, searcher, base).citations
    assert "所称的“三馆”，是指" in found.quote
    assert len(ask("三馆", asked, searcher, base).citations) == MOST_CITED
    assert len(ask("书屋是什么", terms("书屋"), searcher, base).citations) == 1  # used, never defined


def evidence(confidence: float, coverage: float, order: int = 0) -> Evidence:
    clause = Clause(f"d.n{order}", "d", order, "clause", (), (), f"{order}", "书库。", "", Span(0, 3), 0)
    return Evidence(clause, confidence, (), (Span(0, 3),), coverage, (), True)


@pytest.mark.parametrize(
    ("confidences", "cited"),
    [
        ([0.9], 1),
        ([0.9, 0.82, 0.80], 2),  # the floor is 0.9 * 0.9 = 0.81
        ([0.9, 0.9, 0.9, 0.9], MOST_CITED),
    ],
)
def test_a_question_about_one_thing_gets_the_best_and_its_equals(confidences: list[float], cited: int) -> None:
    chosen = [evidence(confidence, 1.0) for confidence in confidences]
    assert finding._focused(chosen) == chosen[:cited]


def test_a_topic_gets_every_clause_that_speaks_of_it_in_the_order_of_the_texts() -> None:
    # The floor is 0.8 * 0.64 = 0.512; the confidence of the others does not matter.
    found = [evidence(0.9, 0.8, 3), evidence(0.2, 0.51, 1), evidence(0.1, 0.52, 2)]
    assert finding._topic(found[:1], found) == [found[2], found[0]]
    many = [evidence(0.9, 1.0, order) for order in range(MOST_CITED_OF_A_TOPIC + 3)]
    assert finding._topic(many, many) == many[:MOST_CITED_OF_A_TOPIC]


@pytest.mark.parametrize(
    ("question", "words", "listed"),
    [
        ("关于书屋有哪些规定", ["书屋"], True),
        ("书屋怎么做", ["书屋"], False),
        ("书屋的门坏了，管理员又走了，读者进不去，该怎么办", list("书门员走读进"), False),
    ],
)
def test_everything_on_a_subject_is_wanted_or_what_fits_a_story(question: str, words: list[str], listed: bool) -> None:
    assert finding._lists_a_subject(read_question(question), terms(*words)) is listed


def test_the_clauses_of_a_topic_are_found(searcher: Searcher, base: Base) -> None:
    assert locators(ask("哪几条讲了读者", terms("读者"), searcher, base)) == ["二（一）1", "二（二）2"]


def test_the_base_is_the_one_that_the_store_holds(home: Home, base: Base) -> None:
    with Store.open(home) as store:
        assert base.revision == store.revision()
        assert list(base.clauses.values()) == store.clauses()
