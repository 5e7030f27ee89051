"""Fit the answerability (``qa/answerable.py``) to the groups of a refusal measurement.

Logistic regression with an L2 penalty; bases count alike, and within a base the kinds of questions by ``SHARES``,
however many questions there are. What is reported is measured with each base left out of the fit in turn, so that it
holds for a knowledge base that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.refusal import ANSWERABLE, Group, Kind, highest
from ingest.errors import InputError
from qa.answerable import FEATURES
from qa.weights import logistic

# What a kind weighs in a base. The answerable as much as all others together: a wrong refusal costs, too.
SHARES: dict[Kind, float] = {
    "answerable": 4.0,
    "out_of_domain": 1.5,
    "law_missing": 1.0,
    "unstated": 1.0,
    "everyday": 0.5,
}
ENOUGH = 20  # questions from which a kind has its whole share
PENALTY = 0.3  # inverse strength of the L2 penalty

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RefusalFit:
    """Weights for all groups, the threshold, and the groups as scored by weights fitted without their base."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    held_out: tuple[Group, ...]


def fit_answerability(groups: Sequence[Group], *, allowed: float) -> RefusalFit:
    """Fit to all groups; the threshold refuses at most ``allowed`` of the answerable, on average over left-out bases.

    Questions that the features do not decide (no clause says what is asked) are left out of that share: no threshold
    changes them.

    Raises:
        InputError: fewer than two bases, or none with (or without) an answer.
    """
    bases = list(dict.fromkeys(group.base for group in groups))
    kinds = {group.kind for group in groups if any(group.rows)}
    if len(bases) < 2 or ANSWERABLE not in kinds or len(kinds) < 2:
        raise InputError(
            f"只有 {len(bases)} 个知识库的问题，或缺少有答案（没有答案）的问题，不够拟合。请用 --set 或文件夹再给一些。"
        )
    held_out: list[Group] = []
    for base in bases:
        weights, bias = _regress([group for group in groups if group.base != base])
        held_out += [_scored(group, weights, bias) for group in groups if group.base == base]
    decided = [_decided(group) for group in held_out if group.kind == ANSWERABLE and any(group.rows)]
    threshold = highest(lambda each: float(np.mean([group.refused(each) for group in decided])), allowed)
    weights, bias = _regress(groups)
    return RefusalFit(weights, bias, threshold, tuple(held_out))


def _decided(group: Group) -> Group:
    kept = tuple(score for score, row in zip(group.scores, group.rows, strict=True) if row)
    return replace(group, scores=kept, rows=tuple(row for row in group.rows if row))


def _regress(groups: Sequence[Group]) -> tuple[tuple[float, ...], float]:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise InputError("没有安装 scikit-learn，无法拟合。请先运行 pip install -r requirements-dev.txt。") from error
    rows: list[tuple[float, ...]] = []
    labels: list[bool] = []
    importance: list[float] = []
    for group in map(_decided, (group for group in groups if any(group.rows))):
        share = SHARES[group.kind] * min(1.0, len(group.rows) / ENOUGH) / len(group.rows)
        rows += group.rows
        labels += [group.kind == ANSWERABLE] * len(group.rows)
        importance += [share] * len(group.rows)
    weighed = np.asarray(importance) * len(rows) / sum(importance)
    model = LogisticRegression(C=PENALTY, max_iter=5000).fit(np.asarray(rows), labels, sample_weight=weighed)
    return tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0])


def _scored(group: Group, weights: Sequence[float], bias: float) -> Group:
    """The group with the scores that these weights give, where the features decide."""
    scores = tuple(
        logistic(bias + float(np.dot(row, weights))) if row else score
        for score, row in zip(group.scores, group.rows, strict=True)
    )
    return replace(group, scores=scores)


def write_answerability(path: Path, fitted: RefusalFit) -> None:
    """Write ``fitted`` as the table that ``qa/answerable.py`` reads."""
    lines = [
        "# Weights of the answerability of a question (features as in qa/answerable.py), fitted on judged questions by",
        "# `python -m evaluation refusal … --fit`; logistic regression, L2. Do not edit by hand.",
        f"bias = {fitted.bias:.4f}",
        f"threshold = {fitted.threshold:.3f}  # a question is answered from this score",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(FEATURES, fitted.weights, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
