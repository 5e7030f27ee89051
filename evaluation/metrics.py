"""Ranking measures over judged queries, each with a bootstrap interval.

Takes ``Qrels`` ``{query_id: {passage_id: grade}}`` and a ``Run`` ``{query_id: {passage_id: score}}``. One denominator
for every measure: all judged queries; a query for which nothing was found, or that is absent from the run, counts 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evaluation.beir import Qrels
from ingest.errors import InputError

Run = dict[str, dict[str, float]]
Values = npt.NDArray[np.float64]

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
    return tuple(_measured(name, np.fromiter(by_query.values(), float)) for name, by_query in values.items())


def interval(values: Values, statistic: Callable[[Values], Values] | None = None) -> tuple[float, float]:
    """The bootstrap interval of the mean of one value a query, or of another ``statistic`` of draws (rows)."""
    count = len(values)
    draws = np.random.default_rng(SEED).integers(0, count, size=(RESAMPLES, count), dtype=np.int32)
    drawn = values[draws]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn.mean(axis=1) if statistic is None else statistic(drawn), [tail, 1 - tail])
    return float(low), float(high)


def _measured(name: str, values: Values) -> Measured:
    low, high = interval(values)
    return Measured(name, float(values.mean()), low, high)
