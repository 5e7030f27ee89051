"""The JSON contract of an answer. Fields are added, never renamed or removed.

{"question", "answered", "reason", "summary", "route", "as_of",
"citations": [{"clause_id", "doc_id", "document", "locator", "breadcrumb", "text", "lead_in", "quote", "quote_spans",
               "reference", "page", "status", "rank", "score", "status_on", "status_since", "replaced_by"}],
"requirements": [{"requirement_id", "clause_id", "doc_id", "locator", "sentence", "span", "subject", "audience",
                  "modality", "modal_word", "action", "frequency", "quantity", "deadline", "lead_units",
                  "support_units", "condition", "exception", "object", "sanction", "strength",
                  "readings": [{"field", "words", "where", "span"}]}],
"near_misses": [as citations],
"facts": [{"fact", "clauses": [{"clause_id", "reference", "rank", "effects", "matched", "needs"}]}],
"written": [{"sentence", "clause_ids"}]}

``facts`` is filled for a case told in sentences; its clauses stand among the citations.
``written`` is filled by an optional language model (``summary.py``): sentences and the ids of the citations they cite.
``as_of`` is the day as of which was asked, ``status_on`` the document's status on it, ``replaced_by`` the id of the
document that took its place. Spans are pairs of character offsets: ``quote_spans`` and ``span`` in the clause's text.
"""

from __future__ import annotations

from typing import Any

from ingest import contract
from ingest.records import Requirement
from qa.records import Answer, CaseFact, Citation


def answer_json(answer: Answer) -> dict[str, Any]:
    """``answer`` as the JSON object of the contract."""
    locators = {citation.clause.clause_id: citation.clause.locator for citation in answer.citations}
    return {
        "question": answer.question,
        "answered": answer.answered,
        "reason": answer.reason,
        "summary": answer.summary,
        "route": answer.route,
        "citations": [citation_json(citation) for citation in answer.citations],
        "requirements": [
            requirement_json(requirement, locators.get(requirement.clause_id, ""))
            for requirement in answer.requirements
        ],
        "near_misses": [citation_json(citation) for citation in answer.near_misses],
        "as_of": answer.as_of,
        "facts": [fact_json(fact) for fact in answer.facts],
        "written": [{"sentence": each.text, "clause_ids": list(each.clause_ids)} for each in answer.written],
    }


def fact_json(fact: CaseFact) -> dict[str, Any]:
    """One fact of a case, and what each clause does to it."""
    return {
        "fact": fact.text,
        "clauses": [
            {
                "clause_id": applied.citation.clause.clause_id,
                "reference": applied.citation.reference,
                "rank": applied.citation.document.rank,
                "effects": list(applied.effects),
                "matched": list(applied.matched),
                "needs": list(applied.needs),
            }
            for applied in fact.clauses
        ],
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """One citation; ``text`` is the whole clause, ``quote`` its answering sentences, both verbatim."""
    clause, document = citation.clause, citation.document
    return {
        "clause_id": clause.clause_id,
        "doc_id": clause.doc_id,
        "document": document.title,
        "locator": clause.locator,
        "breadcrumb": list(clause.breadcrumb),
        "text": clause.text,
        "lead_in": clause.lead_in,
        "quote": citation.quote,
        "quote_spans": [[span.start, span.end] for span in citation.quotes],
        "reference": citation.reference,
        "page": clause.page,
        "status": document.status,
        "rank": document.rank,
        "score": round(citation.score, 4),
        "status_on": citation.validity.status if citation.validity else "unknown",
        "status_since": citation.validity.since if citation.validity else None,
        "replaced_by": citation.validity.replaced_by if citation.validity else None,
    }


def requirement_json(requirement: Requirement, locator: str) -> dict[str, Any]:
    """One requirement with the place of its clause."""
    row = contract.requirement_json(requirement)
    ids = {key: row.pop(key) for key in ("requirement_id", "clause_id", "doc_id")}
    return {**ids, "locator": locator, **row}
