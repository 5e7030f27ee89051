"""A short question told in everyday words, widened by the official words for what happens in it.

Takes a question, its terms and the table ``corpus/tables/cases.toml`` (``cases.py``), which knows that "打手心" is
体罚. A whole case is read by ``cases.py`` and ``applying.py``; this is for the question that tells as much in one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.records import Filters, Hit, ScoreParts
from index.searcher import Searcher
from qa.cases import Matter, case_tables
from qa.questions import Question
from qa.terms import Term

MOST_MATTERS = 6  # more is a story, of which every part would count for every clause
LONGEST_VIEW = 400  # characters of question and official words


def matters_in(question: Question) -> tuple[tuple[str, Matter], ...]:
    """What the table recognises in a Chinese question: the words that tell it, and the matter."""
    if question.english:
        return ()
    found = [
        (match.group(), matter)
        for matter in case_tables().matters
        if (match := matter.spoken.search(question.folded)) is not None
    ]
    return tuple(found[:MOST_MATTERS])


def with_official(question: Question, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms, each that tells of a matter with the official words for it as further forms."""
    told = matters_in(question)
    if not told:
        return tuple(terms)
    return tuple(
        replace(term, synonyms=tuple(dict.fromkeys((*term.synonyms, *_official(term.word, told))))) for term in terms
    )


def _official(word: str, told: Sequence[tuple[str, Matter]]) -> list[str]:
    return [form for said, matter in told if word in said for form in matter.words if " " not in form]


def search_both(question: Question, searcher: Searcher, top_k: int, filters: Filters) -> list[Hit]:
    """The hits of the question as asked, then those that only its official words find, on the same scale."""
    hits = searcher.search(question.searched, top_k=top_k, filters=filters)
    words = dict.fromkeys(form for _, matter in matters_in(question) for form in matter.words)
    if not hits or not words:
        return hits
    view = " ".join((question.searched, *words))[:LONGEST_VIEW]
    wider = searcher.search(view, top_k=top_k, filters=filters)
    known = {hit.clause.clause_id for hit in hits}
    return [*hits, *(_rescaled(hit, hits, wider) for hit in wider if hit.clause.clause_id not in known)]


def _rescaled(hit: Hit, asked: Sequence[Hit], wider: Sequence[Hit]) -> Hit:
    """A hit of the wider search as if the question had found it: as far below the best as it is there."""
    most = max(other.parts.lexical for other in wider)
    lexical = hit.parts.lexical / most * max(other.parts.lexical for other in asked) if most > 0 else 0.0
    fused = asked[0].parts.fused - (wider[0].parts.fused - hit.parts.fused)
    nearness = hit.parts.dense - max(other.parts.dense for other in wider)
    dense = max(other.parts.dense for other in asked) + nearness
    return replace(hit, parts=ScoreParts(lexical, dense, fused))
