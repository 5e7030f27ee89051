"""The answer to a question that names a clause: its text, or what is not there."""

from __future__ import annotations

from index.lookup import NamedLookup
from ingest.records import Clause, Span
from qa.base import Base
from qa.evidence import answer_spans
from qa.questions import Question
from qa.records import Answer, Citation
from qa.wording import Wording


def answer_lookup(question: Question, named: NamedLookup, base: Base, wording: Wording) -> Answer:
    """The named clauses whole, or a refusal that says what is not there."""
    if not named.clauses:
        reason = _lookup_reason(named, wording)
        near = (whole(named.last, base),) if named.last is not None else ()
        return Answer(question.text, False, reason, reason, "refused", near_misses=near)
    citations = tuple(whole(clause, base, named.focus) for clause in named.clauses)
    key = "lookup" if len(citations) == 1 else "lookup_section"
    reference = citations[0].reference if len(citations) == 1 else f"《{citations[0].document.title}》{named.asked}"
    return shown(question, citations, wording.say(key, reference=reference, clauses=len(citations)), base)


def shown(question: Question, citations: tuple[Citation, ...], summary: str, base: Base) -> Answer:
    """The answer that shows whole clauses, with all their requirements."""
    return Answer(
        question=question.text,
        answered=True,
        reason=None,
        summary=summary,
        route="lookup",
        citations=citations,
        requirements=tuple(r for c in citations for r in base.requirements_of.get(c.clause.clause_id, ())),
    )


def _lookup_reason(named: NamedLookup, wording: Wording) -> str:
    if named.document is None:
        return wording.say("refused_no_document", document=named.asked)
    title = named.document.title
    if named.last is None:
        return wording.say("refused_no_clause", document=title, asked=named.asked)
    return wording.say("refused_no_clause_last", document=title, asked=named.asked, last=named.last.locator)


def whole(clause: Clause, base: Base, focus: Span | None = None) -> Citation:
    """The clause quoted in full, or only the paragraph (款) that was asked for."""
    quotes = (focus,) if focus is not None else tuple(answer_spans(clause))
    return Citation(clause, base.documents[clause.doc_id], quotes, 1.0)
