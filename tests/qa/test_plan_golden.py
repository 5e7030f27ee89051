"""The shipped plan, whose validity is unknown, answers as it did before answers knew a day: the same clauses cited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.home import Home
from qa.engine import Engine

DEV = Path(__file__).resolve().parents[2] / "evaluation" / "sets" / "plan" / "dev.jsonl"
# The cited clauses by the question's id, "" for a refusal; written down before validity was looked at.
CITED = {
    "dev-fact-01": "p0",
    "dev-fact-02": "n3.i1.r1",
    "dev-fact-03": "n3.i1.r1",
    "dev-fact-04": "n1",
    "dev-fact-05": "",
    "dev-fact-06": "n3.i3.r2",
    "dev-fact-07": "n3.i5.r1",
    "dev-fact-08": "n3.i1.r3",
    "dev-fact-09": "n3.i3.r3",
    "dev-fact-10": "n3.i4.r1",
    "dev-fact-11": "n2.i5",
    "dev-fact-12": "n3.i4.r2",
    "dev-fact-13": "n2.i6",
    "dev-fact-14": "n2.i3 n2.i4 n2.i5 n3.i1.r1 n3.i3.r2",
    "dev-fact-15": "n2.i3",
    "dev-fact-16": "n2.i2",
    "dev-fact-17": "n3.i2.r2",
    "dev-fact-18": "",
    "dev-fact-19": "n3.i5.r2",
    "dev-fact-20": "n3.i3.r1",
    "dev-fact-21": "n3.i4.r2",
    "dev-fact-22": "n3.i2.r3",
    "dev-fact-23": "n2.i1",
    "dev-fact-24": "n3",
    "dev-unanswerable_near-07": "",
    "dev-unanswerable_near-08": "",
    "dev-unanswerable_near-09": "",
    "dev-unanswerable_unstated-01": "",
    "dev-unanswerable_unstated-02": "",
    "dev-unanswerable_unstated-03": "",
    "dev-unanswerable_unstated-04": "",
    "dev-unanswerable_unstated-05": "",
    "dev-unanswerable_unstated-06": "",
    "dev-unanswerable_unstated-07": "",
    "dev-unanswerable_unstated-08": "n2.i6",
    "dev-nonsense-01": "",
    "dev-nonsense-02": "",
    "dev-nonsense-03": "",
}


@pytest.mark.model
def test_the_day_changes_nothing_where_no_document_is_out_of_force(
    model_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.dates.today", lambda: "2026-01-01")
    engine = Engine.open(model_home)
    rows = {row["id"]: row["question"] for row in map(json.loads, DEV.read_text(encoding="utf-8").splitlines())}
    found = {}
    for key in CITED:
        answer = engine.ask(rows[key], doc_ids=["qijin-plan-2023"])
        assert all(each.validity is not None and each.validity.status == "unknown" for each in answer.citations)
        found[key] = " ".join(each.clause.clause_id.removeprefix("qijin-plan-2023.") for each in answer.citations)
    assert found == CITED
