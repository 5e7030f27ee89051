"""When the product refuses: the share of answerable questions refused against that of unanswerable ones.

The decision of ``qa/answerable.py`` is one number and a threshold. Here the number of each question is given
(``refusal_asking.py`` asks); what every threshold would do follows from it. Unanswerable questions are made from judged
sets: questions asked of a base of another field, questions whose very law is taken out, questions of daily life, and
questions that people judged to have no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaluation.machine import Machine, this_machine
from evaluation.metrics import interval
from qa.answerable import read_answerability

Kind = Literal["answerable", "out_of_domain", "law_missing", "everyday", "unstated"]
ANSWERABLE: Kind = "answerable"
STEPS = 101  # thresholds from 0 to 1
OWN_ALLOWED = 0.03  # of a base's answerable questions
REFUSED_SHARES = (0.01, 0.03, 0.05, 0.10)  # of the answerable, for which the other side is told


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one kind asked of one base, with the answerability of each, 0..1.

    ``rows`` are the features of each, () of a question whose score they do not decide; without ``rows`` nothing can be
    fitted to the group.
    """

    base: str
    kind: Kind
    scores: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...] = ()

    def refused(self, threshold: float) -> float:
        """The share, 0..1, that this threshold refuses."""
        return sum(score < threshold for score in self.scores) / len(self.scores)


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a group refused at the chosen threshold, with its bootstrap interval.

    ``separation`` is the chance that a question of the group scores below an answerable one of the same base (the area
    under the curve; ties count half), ``None`` for the answerable themselves and where the base has none.
    ``own_refused`` is the share refused at ``own_threshold``, which refuses at most ``OWN_ALLOWED`` of the base's own
    answerable questions: what this base could have, were the threshold its own.
    """

    base: str
    kind: Kind
    questions: int
    refused: float
    low: float
    high: float
    separation: float | None
    own_threshold: float | None
    own_refused: float | None


@dataclass(frozen=True, slots=True)
class Trade:
    """The highest threshold that refuses at most ``allowed`` of the answerable, and what it refuses of each group."""

    allowed: float
    threshold: float
    refused: tuple[float, ...]  # in the order of the groups


@dataclass(frozen=True, slots=True)
class Refusal:
    """The whole measurement. ``curve[t][g]`` is the share of group ``g`` refused at ``thresholds[t]``."""

    threshold: float
    groups: tuple[Group, ...]
    shares: tuple[Share, ...]
    trades: tuple[Trade, ...]
    thresholds: tuple[float, ...]
    curve: tuple[tuple[float, ...], ...]
    model: str
    machine: Machine


def weigh_groups(groups: Sequence[Group], model: str, threshold: float | None = None) -> Refusal:
    """Every threshold's shares, and those at ``threshold``, or at the one in use."""
    threshold = read_answerability().threshold if threshold is None else threshold
    thresholds = tuple(float(each) for each in np.linspace(0, 1, STEPS))
    return Refusal(
        threshold=threshold,
        groups=tuple(groups),
        shares=tuple(_share(group, groups, threshold) for group in groups),
        trades=tuple(_trade(groups, allowed) for allowed in REFUSED_SHARES),
        thresholds=thresholds,
        curve=tuple(tuple(group.refused(each) for group in groups) for each in thresholds),
        model=model,
        machine=this_machine(),
    )


def _share(group: Group, groups: Sequence[Group], threshold: float) -> Share:
    refused = np.array([float(score < threshold) for score in group.scores])
    low, high = interval(refused)
    own = [each for each in groups if each.base == group.base and each.kind == ANSWERABLE]
    apart = separation(group.scores, own[0].scores) if own and group.kind != ANSWERABLE else None
    mean, best = float(refused.mean()), highest(own[0].refused, OWN_ALLOWED) if own else None
    own_refused = None if best is None else group.refused(best)
    return Share(group.base, group.kind, len(refused), mean, low, high, apart, best, own_refused)


def separation(lower: Sequence[float], upper: Sequence[float]) -> float:
    """The chance that one of ``lower`` is below one of ``upper``, ties counted half (Mann and Whitney 1947)."""
    first, second = np.asarray(lower)[:, None], np.asarray(upper)[None, :]
    return float((first < second).mean() + (first == second).mean() / 2)


def _trade(groups: Sequence[Group], allowed: float) -> Trade:
    """Groups of answerable questions count alike, however large they are."""
    own = [group for group in groups if group.kind == ANSWERABLE]
    threshold = highest(lambda each: float(np.mean([group.refused(each) for group in own])), allowed) if own else 0.0
    return Trade(allowed, threshold, tuple(group.refused(threshold) for group in groups))


def highest(refused: Callable[[float], float], allowed: float) -> float:
    """The highest threshold, in hundredths, at which ``refused`` is at most ``allowed``."""
    fitting = [each for each in np.linspace(0, 1, STEPS) if refused(float(each)) <= allowed]
    return float(max(fitting, default=0.0))
