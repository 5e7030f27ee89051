"""Ranking measures over judged queries, each with a bootstrap interval.

Takes ``Qrels`` ``{query_id: {passage_id: grade}}`` and a ``Run`` ``{query_id: {passage_id: score}}``. One denominator
for every measure: all judged queries; a query for which nothing was found, or that is absent from the run, counts 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.beir import Qrels
from ingest.errors import InputError

Run = dict[str, dict[str, float]]

MEASURES = ("recall@1", "recall@5", "recall@10", "recall@100", "MRR@10", "nDCG@10")
DEPTH = 100  # as deep as the deepest measure looks
RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 20240401  # any fixed number: the interval must not change between two runs of the same command


@dataclass(frozen=True, slots=True)
class Measured:
    """The mean of one measure and the interval that holds it in 95 of 100 resamplings of the queries."""

    measure: str
    mean: float
    low: float
    high: float


def score_queries(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """``{measure: {query_id: value}}``, every judged query present under every measure."""
    try:
        import ir_measures
        from ir_measures import RR, R, nDCG
    except ImportError as error:
        message = "没有安装 ir-measures，无法计算指标。请先运行 pip install -r requirements-dev.txt。"
        raise InputError(message) from error
    known = dict(zip(MEASURES, (R @ 1, R @ 5, R @ 10, R @ 100, RR @ 10, nDCG @ 10), strict=True))
    names = {str(measure): name for name, measure in known.items()}
    values = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    for found in ir_measures.iter_calc(list(known.values()), qrels, run):
        values[names[str(found.measure)]][found.query_id] = float(found.value)
    return values


def summarise(values: Mapping[str, Mapping[str, float]]) -> tuple[Measured, ...]:
    """Mean and bootstrap interval of each measure; the same queries are drawn for all, so the rows compare."""
    count = len(next(iter(values.values())))
    draws = np.random.default_rng(SEED).integers(0, count, size=(RESAMPLES, count), dtype=np.int32)
    return tuple(_measured(name, list(by_query.values()), draws) for name, by_query in values.items())


def _measured(name: str, values: Sequence[float], draws: np.ndarray[tuple[int, int], np.dtype[np.int32]]) -> Measured:
    array = np.asarray(values)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(array[draws].mean(axis=1), [tail, 1 - tail])
    return Measured(name, float(array.mean()), float(low), float(high))
