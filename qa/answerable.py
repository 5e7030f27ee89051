"""Whether a question has an answer in the knowledge base at all, as one number in 0..1.

``evidence.py`` says of each candidate how well it answers, compared with the other candidates; one of them is always
the best, of a question on another matter, too. Here the whole result list speaks: how well the best candidate does,
how much of the question it says, how near the question lies to the texts as a whole, how far the nearest clause stands
out, whether words and vectors agree, and whether the words belong to a law that is not there. The collection's own
level is thus part of the score, so that one threshold serves a single plan and a thousand laws. The weights are data
(``corpus/tables/answerable.toml``), fitted by ``python -m evaluation refusal … --fit``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from index.records import Spread
from qa.evidence import Evidence
from qa.law_ties import tied_elsewhere
from qa.terms import Term
from qa.weights import logistic, read_weights

TABLE = "answerable.toml"
FEATURES = (
    "best",  # log-odds of the most confident clause that says what is asked
    "coverage",  # the most of the question's terms that one candidate says, by weight
    "nearness",  # mean cosine of the question with all clauses: does the collection speak of such things?
    "fall",  # cosine from the nearest clause to the tenth: does one clause stand out?
    "disagreement",  # place of the best clause by words among the nearest by vectors, as a logarithm
    "elsewhere",  # how strongly the terms are tied to a law that is not in the collection
)
MOST_ODDS = 5.0  # log-odds beyond are certain anyhow, and would outweigh everything else
# Cosines of the default model lie in a narrow band; these bring both features to the size of the others.
NEARNESS_LEVEL, NEARNESS_SCALE, FALL_SCALE, TIE_SCALE = 0.80, 40.0, 40.0, 5.0


@dataclass(frozen=True, slots=True)
class Answerability:
    """Weights of ``FEATURES``, the bias, and the score from which a question is answered."""

    weights: tuple[float, ...]
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates of a question, the most confident first, and how far it can be answered.

    ``features`` are those of ``FEATURES``, () where nothing can be answered whatever their weights.
    """

    evidence: tuple[Evidence, ...]
    features: tuple[float, ...]
    answerable: float


def weigh_question(
    terms: Sequence[Term], evidence: Sequence[Evidence], spread: Spread, titles: Collection[str]
) -> Weighed:
    """``evidence`` with the answerability of its question; 0 where no candidate may be cited.

    Likeness alone, without one word of the question in any candidate, is no ground for an answer; nor is a clause
    that does not say what is asked ("how much"). ``titles`` are the short titles of the documents that were searched.
    """
    best = max((found.confidence for found in evidence if found.shows_expected), default=0.0)
    coverage = max((found.coverage for found in evidence), default=0.0)
    if best == 0 or coverage == 0:
        return Weighed(tuple(evidence), (), 0.0)
    features = (
        _odds(best),
        coverage,
        (spread.mean - NEARNESS_LEVEL) * NEARNESS_SCALE,
        (spread.best - spread.tenth) * FALL_SCALE,
        math.log1p(spread.lexical_place),
        tied_elsewhere(terms, titles) * TIE_SCALE,
    )
    known = read_answerability()
    total = known.bias + sum(weight * value for weight, value in zip(known.weights, features, strict=True))
    return Weighed(tuple(evidence), features, logistic(total))


def _odds(confidence: float) -> float:
    inner = min(max(confidence, 1e-9), 1 - 1e-9)
    return min(max(math.log(inner / (1 - inner)), -MOST_ODDS), MOST_ODDS)


@cache
def read_answerability() -> Answerability:
    """``answerable.toml``, checked against ``FEATURES``.

    Raises:
        TableError: a feature has no weight, one is unknown, or a field is missing.
    """
    return read_weights(
        TABLE,
        FEATURES,
        "python -m evaluation refusal --fit",
        lambda weights, table: Answerability(
            weights=weights,
            bias=float(table["bias"]),
            threshold=float(table["threshold"]),
        ),
    )
