"""Which clauses apply to a case: candidates for each fact and for the whole, weighed for cases.

Takes a ``Case`` (``cases.py``), its terms and the searcher; gives ``Applied`` clauses, the surest first. Words of talk
("前台", "一上午") say nothing against a clause. What counts is whether one of its sentences speaks, in official words,
of what the case tells, how rare those words are in the collection, likeness of meaning, and whether the clause is
about parties that take part. The confidence is a logistic function of ``FEATURES``; the weights are data
(``case_calibration.toml``), fitted by ``python -m evaluation calibrate --cases``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from index.records import Filters, Hit
from index.searcher import Searcher
from ingest.records import Clause, Span
from qa.base import Base
from qa.cases import Case, Fact, Matter, case_tables
from qa.evidence import answer_spans
from qa.questions import fold
from qa.terms import Term, coverage, credit
from qa.weights import logistic, read_weights

FEATURES = (
    "matter",  # the clause's rarest official words for what the case tells
    "matter_more",  # further ones
    "matter_gap",  # below the best candidate's
    "unrecognised",  # 1 where the table recognises nothing in the case
    "told",  # the same, times the coverage: then the case's own words must do
    "coverage",  # weight of the case's words that texts know, in clause and path
    "coverage_gap",
    "sentence_cosine",  # the best sentence against the best fact
    "cosine_gap",  # below the best candidate's
    "rank_gap",  # the search's own score below the best candidate's
    "parties",  # parties of the case in the clause
    "strangers",  # parties of the clause that the case does not name
    "dispute",  # the case turns on a matter (退货) that the clause does not speak of
)
TABLE = "case_calibration.toml"
VIEW_CANDIDATES = 12  # of each fact; the whole adds its own
ONE_MATTER = 3  # facts; a longer case tells of several matters, each with its own clauses
WEIGHED = 24  # clauses whose sentences are compared by meaning
MORE_A_FACT = 4  # further clauses for each further fact
COSINE_LEVEL = 0.86  # middle of the band in which the default model's cosines of related texts lie
LONGEST_VIEW = 400  # characters of the whole that are searched; the facts are searched one by one
MANY = 1_000  # clauses of an ordinary collection
RAREST = 8.0  # weight of words that no sampled clause holds
QUOTE_SHARE = 0.6  # sentences that say this share of the best one's matters are quoted with it

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Applied:
    """A clause, how surely it applies, and what of the case it speaks of.

    ``strengths`` has one number a fact: how much the clause says of it; ``speaks`` says for each fact whether the
    clause holds official words for it. ``quotes`` are spans in ``clause.text``,
    ``matched`` the official words in them.
    """

    clause: Clause
    confidence: float
    features: tuple[float, ...]
    quotes: tuple[Span, ...]
    matched: tuple[str, ...]
    strengths: tuple[float, ...]
    speaks: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CaseCalibration:
    """Weights of ``FEATURES``, the bias, and from which confidence a clause is cited.

    ``companion`` is the share of the best confidence that a further clause needs.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    companion: float
    most: int  # clauses cited in all, for a case of one fact
    most_a_fact: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    clause: Clause
    fused: float
    texts: tuple[str, ...]  # folded sentences, the lead-in before each
    spans: tuple[Span, ...]
    said: tuple[Mapping[str, float], ...]  # official words in each sentence, with their weights
    covered: float
    cosines: NDArray[np.float64]  # (facts, sentences)

    @property
    def whole(self) -> Mapping[str, float]:
        return {word: weight for row in self.said for word, weight in row.items()}


def apply_clauses(
    case: Case, terms: Sequence[Term], searcher: Searcher, base: Base, doc_ids: Collection[str]
) -> list[Applied]:
    """The candidate clauses for a case, the surest first."""
    hits = _hits(case, searcher, base, doc_ids)
    if not hits:
        return []
    candidates = _candidates(case, terms, hits, searcher, base)
    rows = feature_rows(case, candidates)
    calibration = read_case_calibration()
    found = [_applied(case, candidate, row, calibration) for candidate, row in zip(candidates, rows, strict=True)]
    return sorted(found, key=lambda applied: -applied.confidence)


def _applied(case: Case, candidate: _Candidate, row: NDArray[np.float64], calibration: CaseCalibration) -> Applied:
    value = float(np.dot(row, calibration.weights)) + calibration.bias
    quotes, matched = _quotes(candidate)
    return Applied(
        clause=candidate.clause,
        confidence=logistic(value),
        features=tuple(float(number) for number in row),
        quotes=quotes,
        matched=matched,
        strengths=tuple(_strength(fact, n, candidate) for n, fact in enumerate(case.facts)),
        speaks=tuple(
            any(word in candidate.whole for matter in fact.matters for word in _official_words(matter))
            for fact in case.facts
        ),
    )


def _strength(fact: Fact, number: int, candidate: _Candidate) -> float:
    """How much the clause says of one fact: the weight of its matters there, and the likeness of meaning."""
    whole = candidate.whole
    words = {word for matter in fact.matters for word in _official_words(matter)}
    cosine = float(candidate.cosines[number].max()) if candidate.cosines.size else 0.0
    return sum(weight for word, weight in whole.items() if word in words) / 4 + 20 * (cosine - COSINE_LEVEL)


def _hits(case: Case, searcher: Searcher, base: Base, doc_ids: Collection[str]) -> dict[str, tuple[Hit, float]]:
    """The hits of every view (each fact, the whole, the official words) with their best share of a view's score."""
    filters = Filters(doc_ids=frozenset(doc_ids))
    found: dict[str, tuple[Hit, float]] = {}
    for view in _views(case):
        hits = searcher.search(view, top_k=VIEW_CANDIDATES, filters=filters)
        for hit in hits:
            # The index may already hold what another process changed since the base was read.
            if base.clauses.get(hit.clause.clause_id) != hit.clause:
                continue
            gap = hit.parts.fused - hits[0].parts.fused
            known = found.get(hit.clause.clause_id)
            if known is None or gap > known[1]:
                found[hit.clause.clause_id] = (hit, gap)
    return found


def _views(case: Case) -> list[str]:
    """What is searched: the whole, each fact, and each fact in official words."""
    views = [case.told[:LONGEST_VIEW]]
    for fact in case.facts:
        words = " ".join(word for matter in fact.matters for word in matter.words)
        views += [fact.text] if len(case.facts) > 1 else []
        views += [f"{fact.text} {words}"[:LONGEST_VIEW], words[:LONGEST_VIEW]] if words else []
    return list(dict.fromkeys(views))


def _candidates(
    case: Case, terms: Sequence[Term], hits: Mapping[str, tuple[Hit, float]], searcher: Searcher, base: Base
) -> list[_Candidate]:
    known = [term for term in terms if term.share > 0]
    roughly = []
    for hit, gap in hits.values():
        clause = hit.clause
        spans = tuple(answer_spans(clause))
        texts = tuple(fold(clause.lead_in + " " + clause.text[span.start : span.end]) for span in spans)
        said = tuple(_said(case, text, base) for text in texts)
        covered = coverage(known, " ".join((*clause.breadcrumb, clause.lead_in, clause.text))).share if known else 0.0
        empty = np.zeros((len(case.facts), 0))
        candidate = _Candidate(clause, gap, texts, spans, said, covered, empty)
        roughly.append((_top(candidate.whole) + 3 * covered + gap, candidate))
    roughly.sort(key=lambda pair: -pair[0])
    most = WEIGHED + MORE_A_FACT * max(0, len(case.facts) - ONE_MATTER)
    return _with_cosines(case, [candidate for _, candidate in roughly[:most]], searcher)


def _with_cosines(case: Case, candidates: list[_Candidate], searcher: Searcher) -> list[_Candidate]:
    searcher.embed_queries([fact.text for fact in case.facts])  # all at once; each is then remembered
    vectors = np.stack([searcher.query_vector(fact.text) for fact in case.facts])
    texts = [c.clause.text[span.start : span.end] for c in candidates for span in c.spans]
    cosines = vectors @ searcher.embed_passages(texts).T if texts else np.zeros((len(case.facts), 0))
    filled, at = [], 0
    for c in candidates:
        own = np.asarray(cosines[:, at : at + len(c.spans)], dtype=np.float64)
        filled.append(_Candidate(c.clause, c.fused, c.texts, c.spans, c.said, c.covered, own))
        at += len(c.spans)
    return filled


def feature_rows(case: Case, candidates: Sequence[_Candidate]) -> NDArray[np.float64]:
    """``(candidates, len(FEATURES))``, in the order of the candidates."""
    groups = _groups(case, candidates)
    top = np.array([_top(c.whole) for c in candidates])
    more = np.array([_more(c.whole, case) for c in candidates])
    covered = np.array([c.covered for c in candidates])
    cosine = np.array([float(c.cosines.max()) if c.cosines.size else 0.0 for c in candidates])
    fused = np.array([c.fused for c in candidates])
    sure = top + more / 2
    columns = [
        top / 3,
        more / 3,
        _below_best(sure, groups) / 3,
        np.full(len(candidates), float(not case.matters)),
        covered * 3 * (not case.matters),
        covered * 3,
        _below_best(covered, groups) * 3,
        (cosine - COSINE_LEVEL) * 20,
        _below_best(cosine, groups) * 20,
        fused,
        np.array([_parties(case, c)[0] for c in candidates], dtype=np.float64),
        np.array([_parties(case, c)[1] for c in candidates], dtype=np.float64),
        np.array([-_disputes(case, c) for c in candidates], dtype=np.float64),
    ]
    return np.stack(columns, axis=1)


def _groups(case: Case, candidates: Sequence[_Candidate]) -> NDArray[np.int64]:
    """With which candidates each is compared: all in a short case, those of the same fact in one of many matters."""
    if len(case.facts) <= ONE_MATTER:
        return np.zeros(len(candidates), dtype=np.int64)
    facts = [max(range(len(case.facts)), key=lambda n: _strength(case.facts[n], n, c)) for c in candidates]
    return np.array(facts, dtype=np.int64)


def _below_best(values: NDArray[np.float64], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far each value lies below the best of its group; 0 for the best."""
    best = {group: values[groups == group].max() for group in np.unique(groups).tolist()}
    return np.asarray(values - np.array([best[group] for group in groups.tolist()]), dtype=np.float64)


def _official_words(matter: Matter) -> tuple[str, ...]:
    return tuple(pattern.pattern for pattern in matter.official)


def _said(case: Case, text: str, base: Base) -> dict[str, float]:
    """The official words for the case's matters that ``text`` holds, with their weights."""
    return {
        pattern.pattern: _weight(pattern, base)
        for matter in case.matters
        for pattern in matter.official
        if pattern.search(text)
    }


def _weight(pattern: re.Pattern[str], base: Base) -> float:
    return _rarity(base.revision, pattern, base.sample)


@lru_cache(maxsize=4096)
def _rarity(revision: str, pattern: re.Pattern[str], sample: tuple[str, ...]) -> float:
    """-ln of the share of clauses that hold the words, from 0 (everywhere) to ``RAREST``.

    In a small collection one clause is a large share and yet the only one that speaks of it: the first is not counted,
    and the share is at least that of one clause among ``MANY``.
    """
    held = sum(bool(pattern.search(text)) for text in sample)
    share = max((held + 0.5) / (MANY + 1), (held - 1) / max(1, len(sample)))
    return min(RAREST, -math.log(share))


def _top(said: Mapping[str, float]) -> float:
    return max(said.values(), default=0.0)


def _more(said: Mapping[str, float], case: Case) -> float:
    """The weight of a second and third matter; two words for one matter count once."""
    best = sorted(
        (max((said.get(word, 0.0) for word in _official_words(matter)), default=0.0) for matter in case.matters),
        reverse=True,
    )
    return sum(weight / (n + 1) for n, weight in enumerate(best[1:3]))


def _parties(case: Case, candidate: _Candidate) -> tuple[int, int]:
    """How many parties of the case the clause names, and how many specific ones that are not in the case."""
    text = fold(" ".join((candidate.clause.lead_in, candidate.clause.text)))
    present = {party.key for party in case.parties}
    named = [party for party in case_tables().parties if party.official.search(text)]
    shared = sum(party.key in present for party in named)
    return shared, sum(party.specific and party.key not in present for party in named)


def _disputes(case: Case, candidate: _Candidate) -> float:
    text = fold(candidate.clause.text)
    return min(2.0, float(sum(credit(Term(word, 6.0), text) < 1 for word in case.disputes)))


def _quotes(candidate: _Candidate) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """The sentences that say most of the matters, and the words that match in them."""
    if not candidate.spans:
        return (), ()
    weights = [sum(row.values()) for row in candidate.said]
    likeness = candidate.cosines.max(axis=0) if candidate.cosines.size else np.zeros(len(candidate.spans))
    strength = [
        weight / 4 + 20 * float(cosine - COSINE_LEVEL) for weight, cosine in zip(weights, likeness, strict=True)
    ]
    best = int(np.argmax(strength))
    chosen = [
        n for n, weight in enumerate(weights) if n == best or (weight > 0 and weight >= QUOTE_SHARE * weights[best])
    ]
    matched = _matched(candidate, chosen)
    return tuple(candidate.spans[n] for n in _continued(candidate, chosen)), tuple(_longest(matched))


def _continued(candidate: _Candidate, chosen: Sequence[int]) -> list[int]:
    """The chosen sentences with those that go on with them."""
    continues, text = case_tables().continues, candidate.clause.text
    taken = set(chosen)
    for n, span in enumerate(candidate.spans):
        if n - 1 in taken and continues.search(fold(text[span.start : span.end])):
            taken.add(n)
    return sorted(taken)


def _matched(candidate: _Candidate, chosen: Sequence[int]) -> list[str]:
    """The official words in the chosen sentences, verbatim."""
    matched: list[str] = []
    for n in chosen:
        text = candidate.clause.lead_in + candidate.clause.text[candidate.spans[n].start : candidate.spans[n].end]
        for word in candidate.said[n]:
            match = re.search(word, text)
            matched += [match.group()] if match else []
    return matched


def _longest(words: Sequence[str]) -> list[str]:
    """Each word once, and none that stands inside another."""
    once = list(dict.fromkeys(words))
    return [word for word in once if not any(word != other and word in other for other in once)]


@cache
def read_case_calibration() -> CaseCalibration:
    """``case_calibration.toml``, checked against ``FEATURES``.

    Raises:
        TableError: a feature has no weight, one is unknown, or a field is missing.
    """
    return read_weights(
        TABLE,
        FEATURES,
        "python -m evaluation calibrate --cases",
        lambda weights, table: CaseCalibration(
            weights=weights,
            bias=float(table["bias"]),
            threshold=float(table["threshold"]),
            companion=float(table["companion"]),
            most=int(table["most"]),
            most_a_fact=int(table["most_a_fact"]),
        ),
    )
