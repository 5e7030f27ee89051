"""When the product refuses: the share of answerable questions refused against that of unanswerable ones.

The decision of ``qa/finding.py`` is one number, the confidence of the best clause that may be cited, and a threshold.
Here the number is taken once for each question; what every threshold would do follows from it. Unanswerable questions
are made from judged sets: questions asked of a base of another field, questions whose very law is taken out, questions
of daily life, and questions that people judged to have no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from evaluation.answers import documents_of
from evaluation.beir import BeirFolder
from evaluation.judged import JudgedQuestion
from evaluation.machine import Machine, this_machine
from evaluation.metrics import interval
from evaluation.ranking import fill, open_searcher
from ingest.errors import BadQuery
from ingest.home import Home
from ingest.progress import Progress, track
from qa.evidence import Evidence, read_calibration

if TYPE_CHECKING:
    from index.encoder import Encoder
    from qa.engine import Engine

Kind = Literal["answerable", "out_of_domain", "law_missing", "everyday", "unstated"]
ANSWERABLE: Kind = "answerable"
SHIPPED = "KB_HOME"  # the base of judged questions
# Unanswerable categories of the judged sets that are of another field; the others are near the texts, and unstated.
FAR_CATEGORIES = frozenset({"unanswerable_far", "nonsense"})
STEPS = 101  # thresholds from 0 to 1
OWN_ALLOWED = 0.03  # of a base's answerable questions
REFUSED_SHARES = (0.01, 0.03, 0.05, 0.10)  # of the answerable, for which the other side is told


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one kind asked of one base, with the confidence of each, 0..1."""

    base: str
    kind: Kind
    scores: tuple[float, ...]

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


def answer_score(engine: Engine, question: str, doc_ids: Sequence[str] = ()) -> float:
    """The confidence on which the product decides to answer; 1 or 0 where it does not search, or cannot."""
    try:
        evidence = engine.evidence(question, doc_ids=doc_ids)
    except BadQuery:
        return 0.0
    if evidence is None:
        return float(engine.ask(question, doc_ids=doc_ids).answered)
    return best_citable(evidence)


def best_citable(evidence: Iterable[Evidence]) -> float:
    """The confidence of the best clause that says what is asked, 0 where no candidate has a word of the question."""
    found = list(evidence)
    if not any(each.coverage > 0 for each in found):
        return 0.0
    return max((each.confidence for each in found if each.shows_expected), default=0.0)


def sampled(queries: Mapping[str, str], size: int) -> dict[str, str]:
    """At most ``size`` queries, the same ones on every machine: those whose ids have the smallest hashes."""
    chosen = sorted(queries, key=lambda query_id: hashlib.sha256(query_id.encode()).digest())[:size]
    return {query_id: queries[query_id] for query_id in chosen}


def measure_folders(
    folders: Mapping[str, BeirFolder],
    everyday: Sequence[JudgedQuestion],
    *,
    sample: int,
    homes: Path,
    encoder: Encoder,
    progress: Progress,
) -> list[Group]:
    """Each folder's own questions, the other folders' questions, daily life, and its questions without their law."""
    from qa.engine import Engine

    asked = {name: sampled(folder.judged_queries, sample) for name, folder in folders.items()}
    groups = []
    for name, folder in folders.items():
        home = Home((homes / name).resolve())
        fill(home, folder.corpus)
        engine = Engine(home, open_searcher(home, encoder, progress))
        others = [text for other, queries in asked.items() if other != name for text in queries.values()]
        parts: dict[Kind, list[float]] = {
            ANSWERABLE: _scores(engine, asked[name].values(), progress, f"{name}：自己的问题"),
            "law_missing": _without_law(engine, folder, asked[name], progress, f"{name}：拿掉所问的法"),
            "out_of_domain": _scores(engine, others, progress, f"{name}：别的领域"),
            "everyday": _scores(engine, (each.question for each in everyday), progress, f"{name}：日常问题"),
        }
        groups += [Group(name, kind, tuple(scores)) for kind, scores in parts.items() if scores]
    return groups


def measure_judged(
    engine: Engine,
    judged: Sequence[JudgedQuestion],
    everyday: Sequence[JudgedQuestion],
    others: Iterable[str],
    progress: Progress,
) -> list[Group]:
    """Judged questions on the texts they were judged for, and questions of other fields and of daily life.

    Raises:
        InputError: a document that the questions were judged on is not in the knowledge base.
    """
    found: dict[Kind, list[float]] = {
        ANSWERABLE: [],
        "out_of_domain": _scores(engine, others, progress, f"{SHIPPED}：别的领域"),
        "unstated": [],
        "everyday": _scores(engine, (each.question for each in everyday), progress, f"{SHIPPED}：日常问题"),
    }
    for each in track(judged, progress, f"{SHIPPED}：评判过的问题", "题"):
        far: Kind = "out_of_domain" if each.category in FAR_CATEGORIES else "unstated"
        score = answer_score(engine, each.question, documents_of(each, engine))
        found[ANSWERABLE if each.answered else far].append(score)
    return [Group(SHIPPED, kind, tuple(scores)) for kind, scores in found.items() if scores]


def weigh_groups(groups: Sequence[Group], model: str) -> Refusal:
    """Every threshold's shares, and those at the threshold in use."""
    threshold = read_calibration().threshold
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


def _scores(engine: Engine, texts: Iterable[str], progress: Progress, label: str) -> list[float]:
    return [answer_score(engine, text) for text in track(list(texts), progress, label, "题")]


def _without_law(
    engine: Engine, folder: BeirFolder, queries: Mapping[str, str], progress: Progress, label: str
) -> list[float]:
    """Each question with the documents of its judged passages taken out; none where the corpus has no titles."""
    titles = {passage.passage_id: passage.title for passage in folder.corpus}
    if not any(titles.values()):
        return []
    documents = engine.documents()
    scores = []
    for query_id, text in track(list(queries.items()), progress, label, "题"):
        laws = {titles[passage_id] for passage_id, grade in folder.qrels[query_id].items() if grade > 0}
        left = tuple(document.doc_id for document in documents if document.title not in laws)
        scores.append(answer_score(engine, text, left))
    return scores


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
