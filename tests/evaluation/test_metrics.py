"""Measures with the expected value written as arithmetic; what was not found counts 0."""

from __future__ import annotations

from math import log2

import pytest

from evaluation.metrics import MEASURES, score_queries, summarise

QRELS = {"q1": {"a": 1, "b": 1}, "q2": {"c": 1}, "q3": {"d": 1}}
RUN = {
    "q1": {"a": 9.0, "x": 8.0, "b": 7.0},
    "q2": {f"x{rank}": 20.0 - rank for rank in range(1, 11)} | {"c": 1.0},  # rank 11
}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("recall@1", [1 / 2, 0, 0]),
        ("recall@5", [2 / 2, 0, 0]),
        ("recall@10", [1, 0, 0]),
        ("recall@100", [1, 1, 0]),
        ("MRR@10", [1, 0, 0]),
        ("nDCG@10", [(1 / log2(2) + 1 / log2(4)) / (1 / log2(2) + 1 / log2(3)), 0, 0]),
    ],
)
def test_a_measure_is_its_formula(measure: str, expected: list[float]) -> None:
    values = score_queries(QRELS, RUN)[measure]
    assert list(values) == ["q1", "q2", "q3"]
    assert list(values.values()) == pytest.approx(expected)


def test_the_mean_is_over_all_judged_queries() -> None:
    measured = {entry.measure: entry for entry in summarise(score_queries(QRELS, RUN))}
    assert tuple(measured) == MEASURES
    assert measured["recall@100"].mean == pytest.approx((1 + 1 + 0) / 3)
    assert measured["recall@100"].low <= measured["recall@100"].mean <= measured["recall@100"].high


def test_the_interval_is_the_same_at_every_run() -> None:
    values = score_queries(QRELS, RUN)
    assert summarise(values) == summarise(values)


def test_an_interval_without_spread_is_a_point() -> None:
    (found,) = summarise({"recall@1": {"q1": 1.0, "q2": 1.0}})
    assert (found.mean, found.low, found.high) == (1, 1, 1)


def test_an_empty_run_scores_nothing() -> None:
    assert all(entry.mean == 0 for entry in summarise(score_queries(QRELS, {})))
