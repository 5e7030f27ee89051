"""What people read in a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.errors import InputError
from qa.engine import Engine
from qa.report import answer_text


def test_an_answer_lists_clauses_with_their_path_and_each_sentence_with_its_modality(engine: Engine) -> None:
    answer = engine.ask("学校必须做什么", doc_ids=["library"])
    assert answer_text(answer, "zh").splitlines() == [
        answer.summary,
        "",
        "1. 《星河区图书馆服务行动方案》二（一）1〔是否有效：未知〕",
        "   二、具体要求 > （一）进学校 > 1.开放书库",
        "   [必须] “学校应当每周开放书库不少于3次。”",
        "   [禁止] “严禁向读者收取押金。”",
        "",
        "2. 《星河区图书馆服务行动方案》二（一）2〔是否有效：未知〕",
        "   二、具体要求 > （一）进学校 > 2.培训教师",
        "   [必须] “各学校要把阅读指导纳入教师培训。”",
    ]


def test_items_stand_below_the_words_that_introduce_them_and_these_are_said_once(engine: Engine) -> None:
    answer = engine.ask("学校必须做什么", doc_ids=["library"])
    first, second = (replace(each, clause=replace(each.clause, lead_in="学校应当：")) for each in answer.citations)
    lines = answer_text(replace(answer, citations=(first, second)), "zh").splitlines()
    assert lines[lines.index("   二、具体要求 > （一）进学校 > 1.开放书库") + 1] == "   承接上文：“学校应当：”"
    assert sum("承接上文" in line for line in lines) == 1


def test_a_refusal_shows_the_nearest_clauses_as_such(engine: Engine) -> None:
    answer = engine.ask("进连队有什么要求")
    assert answer_text(answer, "zh").splitlines() == [
        answer.reason,
        "",
        "以下条款较接近，不作为答案，供核对：",
        "   《星河区图书馆服务行动方案》二〔是否有效：未知〕：深入开展图书服务“进学校、进社区、进乡镇、进连队”活动。",
    ]


def test_a_refusal_without_a_near_clause_is_one_line(engine: Engine) -> None:
    assert answer_text(engine.ask(""), "zh") == "没有读到可以查询的文字。请输入一个问题，例如“学校必须做什么”。"


def test_english_words_around_the_chinese_text(engine: Engine) -> None:
    text = answer_text(engine.ask("what must schools do", language="en"), "en")
    assert "[must not] “严禁向读者收取押金。”" in text
    assert "These clauses come near" in answer_text(engine.ask("火箭", language="en"), "en")


def test_a_language_that_is_not_spoken_is_an_error(engine: Engine) -> None:
    with pytest.raises(InputError):
        answer_text(engine.ask("学校必须做什么"), "fr")
