"""Fit the answering confidence (``qa/evidence.py``) to judged questions.

Every candidate clause of every searched question is one example: does it answer, yes or no. Logistic regression with
an L2 penalty over the few features; questions are weighed equally, answering clauses as much together as the others
together. What is reported is measured by cross-validation over questions, never on the questions fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.answers import documents_of, names
from evaluation.judged import JudgedQuestion
from ingest.errors import BadQuery, InputError
from qa.applying import FEATURES as CASE_FEATURES
from qa.applying import Applied, CaseCalibration
from qa.engine import Engine
from qa.evidence import FEATURES, Evidence
from qa.records import Citation

FOLDS = 10
PENALTY = 0.3  # inverse strength of the L2 penalty: ten features, a few hundred questions
POSITIVE_WEIGHT = 4.0  # a question has one answering clause among twenty candidates
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """The candidates of one searched question."""

    judged: JudgedQuestion
    features: Floats  # (candidates, len(FEATURES))
    answers: NDArray[np.bool_]  # must be cited
    allowed: NDArray[np.bool_]  # must or may be cited
    shows: NDArray[np.bool_]  # says what the question expects


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does, measured on questions that were not fitted to."""

    threshold: float
    answerable: int
    answered: int
    right: int  # answered, and the best clause is one that may be cited
    unanswerable: int
    refused: int


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights for all examples, and the cross-validated trade-off."""

    weights: tuple[float, ...]
    bias: float
    curve: tuple[Point, ...]


def examples(engine: Engine, questions: Sequence[JudgedQuestion]) -> list[Example]:
    """The examples of those questions that are answered by search."""
    found = []
    for judged in questions:
        try:
            weighed = engine.evidence(judged.question, doc_ids=documents_of(judged, engine))
        except BadQuery:
            continue
        if weighed and weighed.evidence:
            found.append(_example(engine, judged, weighed.evidence))
    return found


def case_examples(engine: Engine, questions: Sequence[JudgedQuestion]) -> list[Example]:
    """The examples of those questions that tell a case, each also as if the table recognised nothing in it.

    The second kind keeps the weights honest for cases that nobody thought of.
    """
    found = []
    for judged in questions:
        for recognised in (True, False):
            applied = engine.case_clauses(judged.question, doc_ids=documents_of(judged, engine), recognised=recognised)
            if applied:
                found.append(_example(engine, judged, applied))
    return found


def _example(engine: Engine, judged: JudgedQuestion, evidence: Sequence[Evidence] | Sequence[Applied]) -> Example:
    documents = {document.doc_id: document for document in engine.documents()}
    citations = [Citation(e.clause, documents[e.clause.doc_id], e.quotes, e.confidence) for e in evidence]
    # Where a question has no answer, also_ok names what a refusal may point to: not an answer.
    required = judged.locators if judged.answered else ()
    permitted = (*judged.locators, *judged.also_ok) if judged.answered else ()
    return Example(
        judged=judged,
        features=np.array([e.features for e in evidence]),
        answers=np.array([any(names(name, c) for name in required) for c in citations]),
        allowed=np.array([any(names(name, c) for name in permitted) for c in citations]),
        shows=np.array([not isinstance(e, Evidence) or e.shows_expected for e in evidence]),
    )


def fit(found: Sequence[Example], thresholds: Sequence[float] = THRESHOLDS) -> Fit:
    """Fit to all examples; measure each threshold by cross-validation.

    Raises:
        InputError: fewer questions than folds, or none with (or without) an answer.
    """
    if len(found) < FOLDS or len({bool(e.answers.any()) for e in found}) < 2:
        raise InputError(
            f"只有 {len(found)} 个可用的问题，或缺少有答案（无答案）的问题，不够校准。请给出更多评判过的问题。"
        )
    held_out: list[Floats] = [np.zeros(0)] * len(found)
    for fold in range(FOLDS):
        weights, bias = _regress([e for at, e in enumerate(found) if at % FOLDS != fold])
        for at in range(fold, len(found), FOLDS):
            held_out[at] = _confidence(found[at], weights, bias)
    weights, bias = _regress(found)
    curve = tuple(_point(found, held_out, threshold) for threshold in thresholds)
    return Fit(tuple(float(weight) for weight in weights), bias, curve)


def _regress(found: Sequence[Example]) -> tuple[Floats, float]:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise InputError("没有安装 scikit-learn，无法校准。请先运行 pip install -r requirements-dev.txt。") from error
    rows, labels, importance = [], [], []
    for example in found:
        # A clause that may but need not be cited teaches nothing either way.
        used = example.answers | ~example.allowed
        rows.append(example.features[used])
        labels.append(example.answers[used])
        importance.append(np.where(example.answers[used], POSITIVE_WEIGHT, 1.0))
    model = LogisticRegression(C=PENALTY, max_iter=5000)
    model.fit(np.concatenate(rows), np.concatenate(labels), sample_weight=np.concatenate(importance))
    return np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0])


def _confidence(example: Example, weights: Floats, bias: float) -> Floats:
    confidence: Floats = 1 / (1 + np.exp(-(example.features @ weights + bias)))
    return np.where(example.shows, confidence, 0.0)


def _point(found: Sequence[Example], held_out: Sequence[Floats], threshold: float) -> Point:
    answered = [confidence.max() >= threshold for confidence in held_out]
    answerable = [e.judged.answered for e in found]
    right = [
        a and bool(e.allowed[int(confidence.argmax())])
        for e, confidence, a in zip(found, held_out, answered, strict=True)
    ]
    return Point(
        threshold=threshold,
        answerable=sum(answerable),
        answered=sum(a for a, can in zip(answered, answerable, strict=True) if can),
        right=sum(right),
        unanswerable=len(found) - sum(answerable),
        refused=sum(not a for a, can in zip(answered, answerable, strict=True) if not can),
    )


def fit_text(fitted: Fit, features: Sequence[str] = FEATURES) -> str:
    """The weights and the trade-off, for people."""
    lines = [f"{name:24}{weight:8.3f}" for name, weight in zip(features, fitted.weights, strict=True)]
    lines += [f"{'bias':24}{fitted.bias:8.3f}", "", "门槛   有答案的问题：回答、首条答对   无答案的问题：拒答"]
    lines += [
        f"{p.threshold:.2f}   {p.answered}/{p.answerable}、{p.right}/{p.answerable}   {p.refused}/{p.unanswerable}"
        for p in fitted.curve
    ]
    return "\n".join(lines)


def write_calibration(path: Path, fitted: Fit, threshold: float, companion: float) -> None:
    """Write ``fitted`` as the table that ``qa/evidence.py`` reads."""
    lines = [
        "# Weights of the answering confidence (features as in qa/evidence.py), fitted on judged questions by",
        "# `python -m evaluation calibrate`; logistic regression, L2. Do not edit by hand.",
        f"bias = {fitted.bias:.4f}",
        f"threshold = {threshold}  # a clause is cited from this confidence",
        f"companion = {companion}  # a further clause is cited from this share of the best confidence",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(FEATURES, fitted.weights, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_case_calibration(path: Path, fitted: Fit, in_use: CaseCalibration) -> None:
    """Write ``fitted`` as the table that ``qa/applying.py`` reads; what is no weight stays as it is."""
    lines = [
        "# Weights of the confidence that a clause applies to a case (features as in qa/applying.py), fitted on judged",
        "# cases by `python -m evaluation calibrate --cases`; logistic regression, L2. Do not edit by hand.",
        f"bias = {fitted.bias:.4f}",
        f"threshold = {in_use.threshold}  # a clause is cited from this confidence",
        f"companion = {in_use.companion}  # a further clause is cited from this share of the best confidence",
        f"most = {in_use.most}  # clauses of a case of one matter",
        f"most_a_fact = {in_use.most_a_fact}  # clauses of each fact of a longer case",
        "",
        "[weights]",
        *(f"{name} = {weight:.4f}" for name, weight in zip(CASE_FEATURES, fitted.weights, strict=True)),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
