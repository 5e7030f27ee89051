"""Two rankings into one."""

from __future__ import annotations

import numpy as np
import pytest

from index.fusion import LEXICAL_WEIGHT, NEIGHBOUR_WEIGHT, fuse, standardised, with_neighbour


def test_standard_scores_have_mean_zero_and_deviation_one() -> None:
    scores = standardised(np.array([1, 2, 3, 6], dtype=np.float32))
    assert scores.mean() == pytest.approx(0, abs=1e-6) and scores.std() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("scores", [[], [5.0], [2.0, 2.0, 2.0]])
def test_scores_that_tell_nothing_apart_count_for_nothing(scores: list[float]) -> None:
    assert not standardised(np.array(scores, dtype=np.float32)).any()


def test_fusion_is_the_weighted_sum() -> None:
    # (0, 2) has mean 1, deviation 1; (3, 1) likewise with its order turned round.
    fused = fuse(np.array([0, 2], dtype=np.float32), np.array([3, 1], dtype=np.float32))
    expected = [-LEXICAL_WEIGHT + (1 - LEXICAL_WEIGHT), LEXICAL_WEIGHT - (1 - LEXICAL_WEIGHT)]
    np.testing.assert_allclose(fused, expected, atol=1e-6)


def test_without_words_the_vectors_decide() -> None:
    fused = fuse(np.zeros(3, dtype=np.float32), np.array([0.7, 0.9, 0.8], dtype=np.float32))
    assert np.argsort(-fused).tolist() == [1, 2, 0]


def test_a_neighbour_counts_a_little() -> None:
    scores = with_neighbour(np.array([4, 1], dtype=np.float32), np.array([1, 2], dtype=np.float32))
    np.testing.assert_allclose(scores, [4 + NEIGHBOUR_WEIGHT, 1 + 2 * NEIGHBOUR_WEIGHT])
