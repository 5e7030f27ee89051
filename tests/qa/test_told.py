"""A question about a clause that it names itself is answered with that clause, and never with another number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.home import Home
from qa.base import Base, read_base
from qa.questions import read_question
from qa.told import answer_told
from qa.wording import Wording

LENDING = """星河区借阅管理办法

第一条 任何人不得在书库内生火。
读者不得带宠物入馆。
第二条 书库应当每周开放。
第三条 违反本办法第一条第一款规定的，处五百元罚款。
"""
GREETING = """星河区问候管理办法

第一条 值班人员应当问候来访的读者。
第二条 问候应当使用敬语。
"""


@pytest.fixture
def rules(put: Callable[[str, str], None], home: Home) -> Base:
    put("lending", LENDING)
    put("greeting", GREETING)
    return read_base(home)


@pytest.mark.parametrize(
    ("asked", "cited"),
    [
        ("根据星河区借阅管理办法第二条，书库多久开放一次", ["lending 第二条"]),
        ("星河区借阅管理办法第一条和星河区问候管理办法第二条", ["lending 第一条", "greeting 第二条"]),
        ("星河区问候管理办法第二条；星河区借阅管理办法第2条", ["greeting 第二条", "lending 第二条"]),
        ("星河区借阅管理办法第一条、第二条是对谁的要求", ["lending 第一条", "lending 第二条"]),
        ("违反星河区借阅管理办法第一条怎么处罚", ["lending 第一条", "lending 第三条"]),
        ("星河区借阅管理办法第三条的处罚是什么", ["lending 第三条"]),
    ],
)
def test_the_named_clauses_are_cited_and_no_others(rules: Base, asked: str, cited: list[str]) -> None:
    answer = answer_told(read_question(asked), rules, (), Wording("zh"))
    assert answer is not None and answer.answered
    assert [f"{c.clause.doc_id} {c.clause.locator}" for c in answer.citations] == cited


def test_a_clause_that_is_not_there_refuses_the_whole(rules: Base) -> None:
    asked = read_question("星河区借阅管理办法第一条和星河区问候管理办法第九条说的一样吗")
    answer = answer_told(asked, rules, (), Wording("zh"))
    assert answer is not None and not answer.answered and not answer.citations
    assert "第9条" in str(answer.reason) or "第九条" in str(answer.reason)


@pytest.mark.parametrize("asked", ["书库多久开放一次", "星河区借阅管理办法里第二条以外的要求", "第二条是什么意思"])
def test_a_question_that_names_no_clause_of_a_document_is_searched(rules: Base, asked: str) -> None:
    assert answer_told(read_question(asked), rules, (), Wording("zh")) is None
