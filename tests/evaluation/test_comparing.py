"""The paired test against arithmetic and against a second implementation, and the bootstrap interval."""

from __future__ import annotations

from itertools import product
from operator import mul

import numpy as np
import pytest

from evaluation.comparing import compare, swap_test
from evaluation.metrics import interval


def exact(differences: list[float]) -> float:
    """Every arrangement of swaps, counted."""
    sums = [abs(sum(map(mul, signs, differences))) for signs in product((-1, 1), repeat=len(differences))]
    return sum(each >= abs(sum(differences)) - 1e-12 for each in sums) / len(sums)


@pytest.mark.parametrize(
    "differences",
    [[1.0] * 6, [1.0, -1.0, 1.0, 1.0], [0.5, 0.25, -1.0, 0.2, 0.2, 0.7, 0.9, -0.1], [1.0]],
)
def test_the_random_swaps_agree_with_all_swaps(differences: list[float]) -> None:
    assert swap_test(np.array(differences)) == pytest.approx(exact(differences), abs=0.02)


def test_queries_that_do_not_differ_change_nothing() -> None:
    differences = np.array([1.0, 1.0, -1.0, 1.0])
    assert swap_test(np.concatenate([differences, np.zeros(50)])) == swap_test(differences)
    assert swap_test(np.zeros(5)) == 1


def test_the_difference_is_second_minus_first_on_the_same_queries() -> None:
    first = {"recall@1": {"a": 1.0, "b": 0.0, "c": 1.0, "d": 0.0}}
    second = {"recall@1": {"d": 1.0, "c": 1.0, "b": 1.0, "a": 0.0}}
    (row,) = compare("old", first, "new", second)
    assert (row.first, row.second, row.measure) == ("old", "new", "recall@1")
    assert (row.difference, row.better, row.worse) == ((3 - 2) / 4, 2, 1)
    assert row.low <= row.difference <= row.high


def test_the_interval_of_another_statistic_of_the_draws() -> None:
    assert interval(np.array([[1.0, 0.5]] * 4), lambda drawn: drawn.sum(axis=1)[:, 1]) == (4 * 0.5, 4 * 0.5)
