"""Whether a question has an answer at all: the features by hand, the limits, and the tables."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, cast

import pytest

from index.records import Spread
from ingest import tables
from ingest.errors import TableError
from qa import answerable, law_ties
from qa.answerable import FEATURES, Answerability, read_answerability, weigh_question
from qa.evidence import Evidence
from qa.law_ties import tied_elsewhere
from qa.terms import Term

TERMS = (Term("商标", 6.0), Term("注册", 2.0))
SPREAD = Spread(mean=0.825, best=0.90, tenth=0.85, lexical_place=3)
GOOD: dict[str, Any] = {"bias": -1, "threshold": 0.4, "weights": dict.fromkeys(FEATURES, 1)}


def found(confidence: float, coverage: float, *, shows: bool = True) -> Evidence:
    return cast(Evidence, SimpleNamespace(confidence=confidence, coverage=coverage, shows_expected=shows))


@pytest.fixture(autouse=True)
def ties(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"商标": {"商标法": 0.8}, "注册": {"商标法": 0.2, "公司法": 0.4}}
    monkeypatch.setattr(law_ties, "law_ties", lambda: known)


def test_the_features_are_what_they_say() -> None:
    weighed = weigh_question(TERMS, [found(0.75, 0.5), found(0.9, 0.6, shows=False)], SPREAD, {"公司法"})
    assert dict(zip(FEATURES, weighed.features, strict=True)) == {
        "best": pytest.approx(math.log(0.75 / 0.25)),
        "coverage": 0.6,
        "nearness": pytest.approx((0.825 - 0.80) * 40),
        "fall": pytest.approx((0.90 - 0.85) * 40),
        "disagreement": pytest.approx(math.log(4)),
        "elsewhere": pytest.approx((6 * 0.8 + 2 * 0.2) / 8 * 5),
    }


def test_the_score_is_the_weighed_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Answerability(tuple(float(name == "coverage") * 4 for name in FEATURES), bias=-2.0, threshold=0.5)
    monkeypatch.setattr(answerable, "read_answerability", lambda: known)
    assert weigh_question(TERMS, [found(0.3, 0.75)], SPREAD, ()).answerable == pytest.approx(1 / (1 + math.exp(-1)))


@pytest.mark.parametrize("evidence", [[], [found(0.99, 0.0)], [found(0.99, 1.0, shows=False)]])
def test_what_nothing_can_answer_scores_0(evidence: list[Evidence]) -> None:
    weighed = weigh_question(TERMS, evidence, SPREAD, ())
    assert (weighed.answerable, weighed.features) == (0.0, ())


def test_a_certain_clause_counts_no_more_than_the_limit() -> None:
    weighed = weigh_question(TERMS, [found(1.0, 1.0)], SPREAD, ())
    assert weighed.features[0] == answerable.MOST_ODDS


def test_a_law_that_is_there_is_not_elsewhere() -> None:
    assert tied_elsewhere(TERMS, {"商标法"}) == pytest.approx(2 * 0.4 / 8)
    assert tied_elsewhere(TERMS, {"商标法", "公司法"}) == 0
    assert tied_elsewhere((), ()) == 0


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (GOOD | {"weights": {name: 1 for name in FEATURES[1:]}}, f"{FEATURES[0]}.*refusal --fit"),
        ({name: value for name, value in GOOD.items() if name != "threshold"}, "缺少字段 'threshold'"),
    ],
)
def test_a_table_that_does_not_fit_the_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, table: dict[str, Any], message: str
) -> None:
    monkeypatch.setattr(tables, "read_toml", lambda name: table)
    with pytest.raises(TableError, match=message):
        read_answerability.__wrapped__()


def test_the_shipped_weights_point_the_right_way() -> None:
    shipped = read_answerability()
    signs = dict(zip(FEATURES, shipped.weights, strict=True))
    assert 0 < shipped.threshold < 1
    assert signs["best"] > 0 and signs["coverage"] > 0 and signs["elsewhere"] < 0
