"""Whether one method is better than another on the same queries, or only luckier.

Takes the value of each query under both methods; gives the mean difference, its bootstrap interval, and the p-value
of the paired randomisation test: were the methods alike, each query's two values could as well be swapped, so the
difference is compared with those under random swaps (Smucker, Allan, Carterette 2007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluation.metrics import SEED, Values, interval

SWAPS = 10_000
AT_ONCE = 1_000  # rows of random signs held in memory together

Scores = Mapping[str, Mapping[str, float]]  # {measure: {query_id: value}}


@dataclass(frozen=True, slots=True)
class Comparison:
    """``second`` against ``first`` under one measure; ``difference`` is second minus first.

    ``p_value`` is two-sided; one small by itself among many tests proves little.
    """

    first: str
    second: str
    measure: str
    difference: float
    low: float
    high: float
    p_value: float
    better: int  # queries for which the second has the higher value
    worse: int


def compare(first: str, first_scores: Scores, second: str, second_scores: Scores) -> tuple[Comparison, ...]:
    """One comparison for each measure, over the queries of ``first_scores``, all of which ``second_scores`` has."""
    return tuple(
        _compared(
            first,
            second,
            measure,
            np.array([second_scores[measure][query_id] - value for query_id, value in by_query.items()]),
        )
        for measure, by_query in first_scores.items()
    )


def _compared(first: str, second: str, measure: str, differences: Values) -> Comparison:
    low, high = interval(differences)
    return Comparison(
        first=first,
        second=second,
        measure=measure,
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_value=swap_test(differences),
        better=int((differences > 0).sum()),
        worse=int((differences < 0).sum()),
    )


def swap_test(differences: Values, swaps: int = SWAPS) -> float:
    """The two-sided p-value of the paired randomisation test, 1 where no query differs.

    The observed arrangement counts as one of the swaps, so the value is never 0.
    """
    moving = differences[differences != 0]
    if not len(moving):
        return 1.0
    observed = abs(moving.sum()) - 1e-12  # equal sums must count as equal whatever the order of addition
    random = np.random.default_rng(SEED)
    as_large = 0
    for start in range(0, swaps, AT_ONCE):
        signs = random.integers(0, 2, size=(min(AT_ONCE, swaps - start), len(moving)), dtype=np.int8) * 2 - 1
        as_large += int((np.abs(signs @ moving) >= observed).sum())
    return (as_large + 1) / (swaps + 1)
