"""The penalty that names its rule by number only is found with the rule, and weighed with the rule's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.records import Hit, ScoreParts
from ingest.home import Home
from qa.base import Base, read_base
from qa.penalties import penalties_for, says_penalty, with_penalties
from qa.questions import read_question

LAW = """星河区借阅管理办法

第一条 任何人不得在书库内生火。
读者不得带宠物入馆。
第二条 书库应当每周开放。
第三条 读者不得有下列行为：
（一）涂改图书；
（二）藏匿图书。
第四条 违反本办法第一条第一款规定的，处五百元罚款。
第五条 违反本办法第三条规定的，责令改正。
第六条 本办法第二条规定的开放时间应当公布。
"""


@pytest.fixture
def rules(put: Callable[[str, str], None], home: Home) -> Base:
    put("lending", LAW)
    return read_base(home)


def _hit(base: Base, locator: str, fused: float = 1.0) -> Hit:
    clause = next(c for c in base.clauses.values() if c.doc_id == "lending" and c.locator == locator)
    return Hit(clause, fused, ScoreParts(3.0, 0.9, fused), ())


@pytest.mark.parametrize(
    ("locator", "penalties"),
    [("第一条", ["第四条"]), ("第三条", ["第五条"]), ("第三条第（一）项", ["第五条"]), ("第二条", [])],
)
def test_the_penalties_for_a_clause_are_those_that_refer_to_it_or_to_its_article(
    rules: Base, locator: str, penalties: list[str]
) -> None:
    found = penalties_for(_hit(rules, locator).clause, rules)
    assert [penalty.clause.locator for penalty in found] == penalties


def test_a_penalty_joins_the_hits_with_the_score_and_the_words_of_its_rule(rules: Base) -> None:
    hits, words = with_penalties(read_question("在书库生火怎么处罚"), [_hit(rules, "第一条")], rules)
    assert [(hit.clause.locator, hit.parts.fused) for hit in hits] == [("第一条", 1.0), ("第四条", 1.0)]
    # Only the paragraph that is referred to counts, not the pets of the next one.
    (said,) = words.values()
    assert "生火" in said and "宠物" not in said


def test_a_penalty_found_by_itself_takes_the_better_score(rules: Base) -> None:
    question = read_question("在书库生火怎么处罚")
    hits, _ = with_penalties(question, [_hit(rules, "第一条", 2.0), _hit(rules, "第四条", 0.5)], rules)
    assert [hit.parts.fused for hit in hits] == [2.0, 2.0]


def test_a_question_that_asks_no_penalty_keeps_its_hits(rules: Base) -> None:
    asked = [_hit(rules, "第一条")]
    assert with_penalties(read_question("能在书库生火吗"), asked, rules) == (asked, {})


@pytest.mark.parametrize(
    ("locator", "penal"), [("第四条", True), ("第五条", True), ("第一条", False), ("第六条", False)]
)
def test_what_says_a_penalty(rules: Base, locator: str, penal: bool) -> None:
    assert says_penalty(_hit(rules, locator).clause) is penal
