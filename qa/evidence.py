"""How well each candidate clause answers a question, as a calibrated confidence in 0..1.

Takes the question, its terms and the hits of the index; gives ``Evidence`` for each hit, best first, with the
sentences that carry the answer. The confidence is a logistic function of a few inspectable features
(``FEATURES``); the weights are data (``corpus/tables/calibration.toml``), fitted by
``python -m evaluation calibrate`` on judged questions.

Cosines of the default model lie in a narrow band (0.8 to 0.93 for Chinese), so features compare a clause with the
best of the candidates as well as with a fixed level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ingest import tables
from ingest.records import Clause, Span
from ingest.sentences import clause_sentences
from qa.cases import case_tables
from qa.questions import Question, fold, question_tables
from qa.terms import Coverage, Term, coverage, credit, synonyms_of
from qa.weights import logistic, read_weights

FEATURES = (
    "key_term",  # credit of the heaviest term: is the very subject there?
    "missing_weight",  # weight of the terms that are not there at all
    "unknown_word",  # 1 where no candidate holds one of the terms: the question may be about that very thing
    "unknown_in_case",  # the same in a long question, which tells much that no clause repeats
    "no_word",  # 1 where clause and path hold none of the terms
    "long_question",  # a case in many words, of which a clause repeats few
    "sentence_cosine",  # best sentence against the question
    "clause_coverage",  # share of the terms in clause and path
    "sentence_coverage",  # share of the terms in one sentence and the path
    "clause_cosine_gap",  # clause cosine below the best candidate's
    "sentence_cosine_gap",
    "sentence_coverage_gap",
    "lexical_gap",  # BM25 as a share of the best candidate's, below 1
    "rank_gap",  # fused search score below the best candidate's
    "other_matter",  # -1 for a clause on penalties where the question asks none
    "audience",  # 1 binds whom the question asks about, -1 binds somebody else, 0 not known
    "expectation",  # says what the question expects (a number, a date)
    "english",  # cosines of English questions on Chinese clauses lie lower
)
LONG_QUESTION = 6  # terms
COSINE_LEVEL = 0.87  # middle of the band in which the default model's cosines of related texts lie
ON_THE_MATTER = 0.5  # of the coverage of the clause's best sentence
MOST_SENTENCES = 40  # of one clause; more is a text without numbers, and would hold every question up
QUOTE_MARGIN = 0.12  # sentences whose strength is this close to the best one are quoted with it

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of ``FEATURES``, the bias, and the confidence from which a clause is cited."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    companion: float  # a further clause is cited from this share of the best confidence


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate clause, its confidence, and the sentences that answer (spans in ``clause.text``)."""

    clause: Clause
    confidence: float
    features: tuple[float, ...]
    quotes: tuple[Span, ...]
    coverage: float
    missing: tuple[str, ...]
    shows_expected: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the features are computed from: clauses, their cosines, and how to embed sentences."""

    clauses: Sequence[Clause]
    cosines: Vectors  # of each clause with the question
    lexical: Vectors  # BM25 of each clause
    fused: Vectors  # the search's own score of each clause
    question_vector: Vectors
    embed: Callable[[Sequence[str]], Vectors]
    audience_of: Callable[[Clause], frozenset[str]]
    rules: Mapping[str, str] = field(default_factory=dict)  # of a clause on penalties: what it refers to, by clause_id


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    cosine: float
    coverage: float
    shows: bool

    @property
    def strength(self) -> float:
        return self.coverage + 10 * (self.cosine - COSINE_LEVEL)


def weigh(question: Question, terms: Sequence[Term], candidates: Candidates) -> list[Evidence]:
    """Evidence for every candidate, the most confident first."""
    if not candidates.clauses:
        return []
    sentences = _sentences(question, terms, candidates)
    covers = [coverage(terms, _said(candidates, clause, clause.text)) for clause in candidates.clauses]
    rows = feature_rows(question, terms, candidates, sentences, covers)
    calibration = read_calibration()
    found = []
    for clause, of_clause, row, covered in zip(candidates.clauses, sentences, rows, covers, strict=True):
        found.append(
            Evidence(
                clause=clause,
                confidence=logistic(float(np.dot(row, calibration.weights)) + calibration.bias),
                features=tuple(float(value) for value in row),
                quotes=_quotes(of_clause, question, clause),
                coverage=covered.share,
                missing=covered.missing,
                shows_expected=_tells(of_clause) and names_things(question, clause),
            )
        )
    return sorted(found, key=lambda evidence: -evidence.confidence)


def feature_rows(
    question: Question,
    terms: Sequence[Term],
    candidates: Candidates,
    sentences: Sequence[Sequence[_Sentence]],
    covers: Sequence[Coverage],
) -> NDArray[np.float64]:
    """``(candidates, len(FEATURES))``, in the order of the candidates."""
    texts = [fold(_said(candidates, clause, clause.text)) for clause in candidates.clauses]
    heaviest = max(terms, key=lambda term: term.weight, default=None)
    clause_cover = np.array([covered.share for covered in covers])
    sentence_cover = np.array([max((s.coverage for s in row), default=0.0) for row in sentences])
    sentence_cosine = np.array([max((s.cosine for s in row), default=0.0) for row in sentences])
    cosines = np.asarray(candidates.cosines, dtype=np.float64)
    size = len(texts)
    unknown = float(any(all(credit(term, text) == 0 for text in texts) for term in terms))
    columns = [
        np.array([credit(heaviest, text) if heaviest else 0.0 for text in texts]) * 2,
        np.array([sum(t.weight for t in terms if credit(t, text) == 0) / 10 for text in texts]),
        np.full(size, unknown),
        np.full(size, unknown * (len(terms) >= LONG_QUESTION)),
        (clause_cover == 0).astype(np.float64),
        np.full(size, float(len(terms) >= LONG_QUESTION)),
        (sentence_cosine - COSINE_LEVEL) * 20,
        clause_cover * 3,
        sentence_cover * 3,
        (cosines - cosines.max()) * 40,
        (sentence_cosine - sentence_cosine.max()) * 40,
        (sentence_cover - sentence_cover.max()) * 3,
        _share_of_best(candidates.lexical) - 1,
        np.asarray(candidates.fused, dtype=np.float64) - float(np.max(candidates.fused)),
        _other_matter(question, candidates.clauses),
        np.array([_audience_agreement(question, candidates.audience_of(clause)) for clause in candidates.clauses]),
        np.array([2.0 if not question.demands or any(s.shows for s in row) else 0.0 for row in sentences]),
        np.full(size, float(question.english)),
    ]
    return np.stack(columns, axis=1)


def _share_of_best(values: Vectors) -> NDArray[np.float64]:
    best = float(np.max(values))
    return np.asarray(values, dtype=np.float64) / best if best > 0 else np.zeros(len(values))


def _other_matter(question: Question, clauses: Sequence[Clause]) -> NDArray[np.float64]:
    """-1 where a clause only says what follows a breach and the question asks what must be done, or the reverse.

    The reverse counts only where another candidate does say what follows.
    """
    known = question_tables()
    penal = np.array([bool(known.breach_said.search(fold(clause.lead_in + clause.text))) for clause in clauses])
    if question.asks_penalty and penal.any():
        return np.where(penal, 0.0, -1.0)
    return np.where(penal & (known.breach_asked.search(question.folded) is None), -1.0, 0.0)


def _audience_agreement(question: Question, bound: frozenset[str]) -> float:
    asked = {tables.audiences()[key].within or key for key in question.audiences}
    binds = {tables.audiences()[key].within or key for key in bound}
    if not asked or not binds:
        return 0.0
    return 1.0 if asked & binds else -1.0


def _sentences(question: Question, terms: Sequence[Term], candidates: Candidates) -> list[list[_Sentence]]:
    spans = [_likely_spans(clause, terms) for clause in candidates.clauses]
    texts = [
        clause.text[span.start : span.end]
        for clause, row in zip(candidates.clauses, spans, strict=True)
        for span in row
    ]
    cosines = iter(candidates.embed(texts) @ candidates.question_vector if texts else ())
    return [
        [
            _Sentence(
                span=span,
                cosine=float(next(cosines)),
                coverage=coverage(terms, _said(candidates, clause, clause.text[span.start : span.end])).share,
                shows=_shows(question, clause.lead_in + clause.text[span.start : span.end]),
            )
            for span in row
        ]
        for clause, row in zip(candidates.clauses, spans, strict=True)
    ]


def _likely_spans(clause: Clause, terms: Sequence[Term]) -> list[Span]:
    """The sentences worth a vector: all of an ordinary clause, of a very long one those that say most terms."""
    spans = answer_spans(clause)
    if len(spans) <= MOST_SENTENCES:
        return spans
    said = {span: coverage(terms, clause.text[span.start : span.end]).share for span in spans}
    likely = sorted(spans, key=lambda span: (-said[span], span.start))[:MOST_SENTENCES]
    return sorted(likely, key=lambda span: span.start)


def answer_spans(clause: Clause) -> list[Span]:
    """The sentences of a clause that can answer: those of its body, or its heading where that is all."""
    return clause_sentences(clause.text, clause.body_start)


def _tells(sentences: Sequence[_Sentence]) -> bool:
    """Whether a sentence that speaks of the matter, and not a stray one beside it, says what is expected."""
    best = max((sentence.coverage for sentence in sentences), default=0.0)
    return any(s.shows and s.coverage >= best * ON_THE_MATTER for s in sentences)


def names_things(question: Question, clause: Clause) -> bool:
    """Whether the clause or its path names every thing that the question asks after, or calls it otherwise."""
    text = fold(_with_path(clause, clause.lead_in + clause.text))
    return all(
        any(form in text for form in (thing, *synonyms_of(thing), *tables.glossary().get(thing, ())))
        for thing in question.things
    )


def _shows(question: Question, sentence: str) -> bool:
    folded = fold(sentence)
    expected = all(expectation.shows.search(folded) for expectation in question.expectations)
    return expected and all(period in folded for period in question.stated)


def _quotes(sentences: Sequence[_Sentence], question: Question, clause: Clause) -> tuple[Span, ...]:
    usable = [s for s in sentences if s.shows] if question.demands else list(sentences)
    usable = usable or list(sentences)
    if not usable:
        return ()
    best = max(sentence.strength for sentence in usable)
    chosen = [s.span for s in usable if s.strength >= best - QUOTE_MARGIN]
    return tuple(_continued(sentences, chosen, clause) if question.asks_penalty else chosen)


def _continued(sentences: Sequence[_Sentence], chosen: Sequence[Span], clause: Clause) -> Iterator[Span]:
    """The chosen sentences, and those that go on with them ("情节严重的，…"): half a penalty misleads."""
    taken = False
    for sentence in sentences:
        words = clause.text[sentence.span.start : sentence.span.end]
        taken = sentence.span in chosen or (taken and case_tables().continues.search(fold(words)) is not None)
        if taken:
            yield sentence.span


def _said(candidates: Candidates, clause: Clause, text: str) -> str:
    """What counts as said where ``text`` of the clause stands: its path, and the rules that it refers to."""
    return " ".join((_with_path(clause, text), candidates.rules.get(clause.clause_id, "")))


def _with_path(clause: Clause, text: str) -> str:
    return " ".join((*clause.breadcrumb, text))


@cache
def read_calibration() -> Calibration:
    """``calibration.toml``, checked against ``FEATURES``.

    Raises:
        TableError: a feature has no weight, one is unknown, or a field is missing.
    """
    return read_weights(
        "calibration.toml",
        FEATURES,
        "python -m evaluation calibrate",
        lambda weights, table: Calibration(
            weights=weights,
            bias=float(table["bias"]),
            threshold=float(table["threshold"]),
            companion=float(table["companion"]),
        ),
    )
