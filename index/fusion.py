"""Two rankings into one: standard scores of both sides over a common pool, added with weights."""

from __future__ import annotations

import numpy as np

from index.packed_model import Matrix

# Policy notices like 0.5 and more, lay questions on statutes 0.3: a point between them, flat on both sides.
LEXICAL_WEIGHT = 0.45
# Passages of notices run on from one to the next: .847 to .859 recall@5 on policy-qa. More of it costs statutes, whose
# articles stand alone.
NEIGHBOUR_WEIGHT = 0.05


def standardised(scores: Matrix) -> Matrix:
    """(score - mean) / standard deviation; zeros where all are equal."""
    if not len(scores):
        return scores
    deviation = float(scores.std())
    if deviation < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - scores.mean()) / deviation, dtype=np.float32)


def fuse(lexical: Matrix, dense: Matrix) -> Matrix:
    """Fused scores of a pool, entry by entry; both arrays belong to the same rows."""
    return np.asarray(
        LEXICAL_WEIGHT * standardised(lexical) + (1 - LEXICAL_WEIGHT) * standardised(dense), dtype=np.float32
    )


def with_neighbour(own: Matrix, beside: Matrix) -> Matrix:
    """A clause's scores with a little of those of the better clause beside it; both belong to the same rows."""
    return np.asarray(own + NEIGHBOUR_WEIGHT * beside, dtype=np.float32)
