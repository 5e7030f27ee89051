"""The directory of places: found by number or heading, within the documents asked for."""

from __future__ import annotations

from index.directory import Directory
from index.lookup_reading import Headings, Part
from ingest.markers import ARTICLE, SECTION

from .conftest import article_law, plan

PLAN = plan("plan", "全区深化民族团结进步创建“七进”活动行动方案")
CODE = article_law("code", "中华人民共和国民法典", [(3, 0), (291, 0), (291, 1), (1088, 0)])
DIRECTORY = Directory([PLAN.document, CODE.document], [*PLAN.clauses, *CODE.clauses])


def test_a_number_leads_to_the_clauses_that_end_in_it() -> None:
    (code,) = DIRECTORY.holdings(["code"])
    article = frozenset({ARTICLE})
    assert [c.clause_id for c in code.ending_in(Part(article, 291))] == ["code.c1.a291"]
    assert [c.clause_id for c in code.ending_in(Part(article, 291, 1))] == ["code.c1.a291-1"]
    assert not list(code.ending_in(Part(article, 4)))


def test_a_holding_knows_how_its_document_numbers() -> None:
    plan_places, code = DIRECTORY.holdings()
    assert code.could_have(Part(frozenset({ARTICLE}), 9999))
    assert not code.could_have(Part(frozenset({SECTION}), 1))
    assert not plan_places.could_have(Part(frozenset({ARTICLE}), 1))
    assert plan_places.could_have(Part(title="进学校"))
    assert not plan_places.could_have(Part(title="进连队"))


def test_the_longest_heading_at_a_place_is_taken() -> None:
    headings = Headings(["进学校", "进学校食堂", "进机关"])
    assert headings.at("请看进学校食堂", 2) == "进学校食堂"
    assert headings.at("请看进学校操场", 2) == "进学校"
    assert headings.at("请看进学校", 0) is None
