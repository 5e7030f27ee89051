"""The JSON contract: every key, its type, and nothing lost on the way through JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qa.contract import answer_json, citation_json, requirement_json
from qa.engine import Engine

ANSWER = {
    "question": str,
    "answered": bool,
    "reason": (str, type(None)),
    "summary": str,
    "route": str,
    "citations": list,
    "requirements": list,
    "near_misses": list,
    "as_of": str,
    "facts": list,
    "written": list,
}
CITATION = {
    "clause_id": str,
    "doc_id": str,
    "document": str,
    "locator": str,
    "breadcrumb": list,
    "text": str,
    "lead_in": str,
    "quote": str,
    "quote_spans": list,
    "reference": str,
    "page": (int, type(None)),
    "status": str,
    "rank": str,
    "score": float,
    "status_on": str,
    "status_since": (str, type(None)),
    "replaced_by": (str, type(None)),
}
REQUIREMENT = {
    "requirement_id": str,
    "clause_id": str,
    "doc_id": str,
    "locator": str,
    "sentence": str,
    "span": list,
    "subject": (str, type(None)),
    "audience": list,
    "modality": str,
    "modal_word": (str, type(None)),
    "action": str,
    "frequency": (str, type(None)),
    "quantity": (str, type(None)),
    "deadline": (str, type(None)),
    "lead_units": list,
    "support_units": list,
    "condition": str | None,
    "exception": str | None,
    "object": str | None,
    "sanction": str | None,
    "strength": str,
    "readings": list,
}


def fits(row: dict[str, Any], schema: dict[str, Any]) -> None:
    assert list(row) == list(schema)
    for key, kind in schema.items():
        assert isinstance(row[key], kind), key


@pytest.mark.parametrize(
    "question",
    ["学校必须做什么", "二（一）1", "书库每周开放几次", "进连队有什么要求", "火箭怎么发射", "企业要做什么", ""],
)
def test_every_answer_fits_the_schema_and_survives_json(engine: Engine, question: str) -> None:
    row = answer_json(engine.ask(question))
    assert json.loads(json.dumps(row, ensure_ascii=False)) == row
    assert json.loads(json.dumps(row)) == row
    fits(row, ANSWER)
    for citation in (*row["citations"], *row["near_misses"]):
        fits(citation, CITATION)
        assert all(isinstance(crumb, str) for crumb in citation["breadcrumb"])
        for start, end in citation["quote_spans"]:
            assert citation["text"][start:end] in citation["quote"]
    for requirement in row["requirements"]:
        fits(requirement, REQUIREMENT)


def test_values_are_those_of_the_records(engine: Engine) -> None:
    answer = engine.ask("书库每周开放几次")
    row = answer_json(answer)
    assert (row["answered"], row["reason"], row["route"]) == (True, None, "search")
    (cited,) = row["citations"]
    assert cited | {"score": 0.9} == {
        "clause_id": "library.n2.i1.r1",
        "doc_id": "library",
        "document": "星河区图书馆服务行动方案",
        "locator": "二（一）1",
        "breadcrumb": ["二、具体要求", "（一）进学校", "1.开放书库"],
        "text": "1.开放书库。学校应当每周开放书库不少于3次。严禁向读者收取押金。",
        "lead_in": "",
        "quote": "学校应当每周开放书库不少于3次。",
        "quote_spans": [[7, 23]],
        "reference": "《星河区图书馆服务行动方案》二（一）1",
        "page": None,
        "status": "unknown",
        "rank": "plan",
        "score": 0.9,
        "status_on": "unknown",
        "status_since": None,
        "replaced_by": None,
    }
    (duty,) = row["requirements"]
    assert duty["locator"] == "二（一）1"
    assert (duty["modality"], duty["modal_word"], duty["audience"]) == ("must", "应当", ["school"])
    assert (duty["sentence"], duty["span"]) == ("学校应当每周开放书库不少于3次。", [7, 23])


def test_a_score_has_four_decimals(engine: Engine) -> None:
    (citation,) = engine.ask("书库每周开放几次").citations
    assert citation_json(citation)["score"] == round(citation.score, 4)


def test_a_requirement_alone_has_the_place_that_is_given(engine: Engine) -> None:
    (first, *_) = engine.requirements_of("library")
    assert requirement_json(first, "")["locator"] == ""
