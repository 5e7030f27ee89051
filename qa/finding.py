"""Answers found by search: candidates from the index, weighed, and only the clauses that matter cited."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from index.lookup_reading import bare_title
from index.records import Filters
from index.searcher import Searcher
from ingest import tables
from ingest.records import Requirement
from qa.answerable import Weighed, read_answerability, weigh_question
from qa.base import Base
from qa.cases import asks_several
from qa.evidence import LONG_QUESTION, Candidates, Evidence, read_calibration, weigh
from qa.penalties import with_penalties
from qa.questions import Question, fold, question_tables
from qa.records import Answer, Citation
from qa.spoken import search_both, with_official
from qa.terms import Term
from qa.wording import Wording

CANDIDATES = 20  # deep enough that the right clause is among them, few enough to embed their sentences at once
MOST_CITED = 3  # for a question about one thing
MOST_CITED_OF_A_TOPIC = 24  # for "哪几条讲了…", "关于…有哪些规定"
CANDIDATES_OF_A_TOPIC = 60
NEAR_MISSES = 3
TOPIC_COVERAGE = 0.64  # share of the best coverage from which a clause speaks of the topic, too
NAMED_WORDS = 3  # words named in a refusal
RELATED_COVERAGE = 0.4  # share of the question's terms from which a clause is on its matter
UNREAD_SHARE = 0.5  # of an English question by weight: without that much of it nothing is known of what it asks
TELLING_WEIGHT = 6.0  # lighter words ("互相", "办理") are everywhere and explain nothing


def answer_by_search(
    question: Question,
    terms: Sequence[Term],
    searcher: Searcher,
    base: Base,
    doc_ids: Collection[str],
    wording: Wording,
) -> Answer:
    """The clauses that answer, or a refusal with the reason and the nearest ones."""
    whole = question.wants_topic or _lists_a_subject(question, terms)
    if unread := _mostly_unread(question, terms):
        reason = wording.say("refused_unknown", words=wording.joined(f"“{word}”" for word in unread[:NAMED_WORDS]))
        return Answer(question.text, False, reason, reason, "refused")
    weighed = gather(question, terms, searcher, base, doc_ids, CANDIDATES_OF_A_TOPIC if whole else CANDIDATES)
    evidence, chosen = weighed.evidence, _citable(weighed)
    others = {found.clause.clause_id for found in chosen if base.written_for_others(question.audiences, found.clause)}
    if question.asks_duty and others:
        fitting = [found for found in chosen if found.clause.clause_id not in others]
        if not fitting:
            return _refuse_others(question, chosen, base, wording)
        chosen = fitting
    if not chosen:
        return _refuse(question, terms, evidence, base, wording)
    chosen = _defining(question, terms, chosen) or chosen
    cited = _topic(chosen, evidence) if whole else _focused(chosen)
    citations = tuple(_citation(found, base) for found in cited)
    return Answer(
        question=question.text,
        answered=True,
        reason=None,
        summary=_summary(question, citations, [f for f in cited if f.clause.clause_id in others], base, wording),
        route="search",
        citations=citations,
        requirements=tuple(_quoted_requirements(cited, base)),
    )


def _mostly_unread(question: Question, terms: Sequence[Term]) -> list[str]:
    """The English words that stand for nothing in the texts, where they are most of what the question says."""
    unread = [term for term in terms if question.english and not term.synonyms]
    outweighed = sum(term.weight for term in unread) > UNREAD_SHARE * sum(term.weight for term in terms)
    return [term.word for term in unread] if outweighed else []


def _citable(weighed: Weighed) -> list[Evidence]:
    """The candidates that may be cited, the best first; none where the question as a whole looks unanswerable."""
    if weighed.answerable < read_answerability().threshold:
        return []
    fitting = [found for found in weighed.evidence if found.shows_expected]
    # The question decides whether there is an answer; then the best candidate gives it, however sure by itself.
    floor = min(read_calibration().threshold, fitting[0].confidence) if fitting else 0.0
    return [found for found in fitting if found.confidence >= floor]


def _lists_a_subject(question: Question, terms: Sequence[Term]) -> bool:
    """Whether everything on a subject is wanted; a story that ends in "该怎么办" wants what fits it."""
    return question.wants_list and not question.soft_list and len(terms) < LONG_QUESTION


def _quoted_requirements(cited: Sequence[Evidence], base: Base) -> Iterator[Requirement]:
    """The requirements that stand within the quoted sentences."""
    for found in cited:
        for requirement in base.requirements_of.get(found.clause.clause_id, ()):
            start, end = requirement.span.start, requirement.span.end
            if any(quote.start <= start and end <= quote.end for quote in found.quotes):
                yield requirement


def _summary(
    question: Question, citations: Sequence[Citation], for_others: Sequence[Evidence], base: Base, wording: Wording
) -> str:
    said = [wording.say("answered", clauses=len(citations), locators=wording.locators(citations))]
    if for_others:
        names = wording.audience(sorted({key for found in for_others for key in base.audience_of(found.clause)}))
        said.append(wording.say("written_for", others=names))
    if asks_several(question.folded):
        said.append(wording.say("several_asked"))
    return (" " if wording.language == "en" else "").join(said)


def _refuse_others(question: Question, chosen: Sequence[Evidence], base: Base, wording: Wording) -> Answer:
    """A duty is supposed for somebody, and only others have it."""
    near = tuple(_citation(found, base) for found in chosen[:NEAR_MISSES])
    others = sorted({key for found in chosen[:1] for key in base.audience_of(found.clause)})
    reason = wording.say(
        "refused_others",
        audience=wording.audience(question.audiences),
        locators=wording.locators(near[:1]),
        others=wording.audience(others),
    )
    return Answer(question.text, False, reason, reason, "refused", near_misses=near)


def gather(
    question: Question,
    terms: Sequence[Term],
    searcher: Searcher,
    base: Base,
    doc_ids: Collection[str],
    candidates: int = CANDIDATES,
) -> Weighed:
    """The candidates for ``question``, weighed, the most confident first, and the question itself."""
    filters = Filters(doc_ids=frozenset(doc_ids))
    terms = with_official(question, terms)
    found = search_both(question, searcher, candidates, filters)
    # The index may already hold what another process changed since the base was read.
    kept = [hit for hit in found if base.clauses.get(hit.clause.clause_id) == hit.clause]
    hits, rules = with_penalties(question, kept, base)
    vector = searcher.query_vector(question.searched)
    weighed = Candidates(
        clauses=[hit.clause for hit in hits],
        cosines=np.array([hit.parts.dense for hit in hits], dtype=np.float32),
        lexical=np.array([hit.parts.lexical for hit in hits], dtype=np.float32),
        fused=np.array([hit.parts.fused for hit in hits], dtype=np.float32),
        question_vector=vector,
        embed=searcher.embed_passages,
        audience_of=base.audience_of,
        rules=rules,
    )
    spread = searcher.spread(question.searched, filters=filters)
    titles = {bare_title(d.title) for d in base.documents.values() if not doc_ids or d.doc_id in doc_ids}
    return weigh_question(terms, weigh(question, terms, weighed), spread, titles)


def _defining(question: Question, terms: Sequence[Term], chosen: Sequence[Evidence]) -> list[Evidence]:
    """Where the question asks what a word means: the clauses that define it."""
    if not question.asks_meaning:
        return []
    patterns = [
        tables.compile_pattern(shape.replace("{term}", re.escape(term.word)), "questions.toml")
        for term in terms
        for shape in question_tables().defining
    ]
    return [f for f in chosen if any(pattern.search(fold(f.clause.text)) for pattern in patterns)]


def _focused(chosen: Sequence[Evidence]) -> list[Evidence]:
    """The best clause, and those that answer nearly as surely."""
    floor = chosen[0].confidence * read_calibration().companion
    return [found for found in chosen if found.confidence >= floor][:MOST_CITED]


def _topic(chosen: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """Every clause that speaks of the topic, in the order of the texts.

    How many of its words a clause says decides; likeness to the question falls from clause to clause of one topic.
    """
    floor = max(found.coverage for found in chosen) * TOPIC_COVERAGE
    spoken = sorted((found for found in evidence if found.coverage >= floor), key=lambda found: -found.coverage)
    return sorted(spoken[:MOST_CITED_OF_A_TOPIC], key=lambda found: (found.clause.doc_id, found.clause.order))


def _refuse(
    question: Question,
    terms: Sequence[Term],
    evidence: Sequence[Evidence],
    base: Base,
    wording: Wording,
) -> Answer:
    near = tuple(_citation(found, base) for found in evidence[:NEAR_MISSES])
    reason = _reason(question, terms, evidence, wording)
    if near and evidence[0].coverage > 0:
        joiner = "" if wording.language == "zh" else " "
        reason = joiner.join((reason, wording.say("near", locators=wording.locators(near[:1]))))
    return Answer(question.text, False, reason, reason, "refused", near_misses=near)


def _reason(
    question: Question,
    terms: Sequence[Term],
    evidence: Sequence[Evidence],
    wording: Wording,
) -> str:
    sure = read_calibration().threshold
    related = [found for found in evidence if found.confidence >= sure or found.coverage >= RELATED_COVERAGE]
    unmet = [e for e in question.expectations if not any(found.shows_expected for found in related)]
    periods = [word for word in question.stated if not any(word in fold(f.clause.text) for f in related)]
    if related and periods:
        return wording.say("refused_stated", words=wording.joined(f"“{word}”" for word in periods))
    if related and unmet:
        missing = unmet[0].missing_zh if wording.language == "zh" else unmet[0].missing_en
        return wording.say("refused_expectation", missing=missing)
    nowhere = [
        term
        for term in terms
        if term.weight >= TELLING_WEIGHT
        and (question.english or not term.word.isascii())
        and all(term.word in found.missing for found in evidence)
    ]
    if nowhere:
        heaviest = sorted(nowhere, key=lambda term: -term.weight)[:NAMED_WORDS]
        words = [f"“{term.word}”" for term in nowhere if term in heaviest]
        return wording.say("refused_unknown", words=wording.joined(words))
    return wording.say("refused_weak")


def _citation(found: Evidence, base: Base) -> Citation:
    return Citation(found.clause, base.documents[found.clause.doc_id], found.quotes, found.confidence)
