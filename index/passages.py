"""What of a clause is indexed: its document's title, the headings above it, its lead-in, its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.records import Clause, Document

# A lead-in of a page would drown the clause; its end introduces the list.
LONGEST_LEAD_IN = 120


def searchable(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses that are searched, in their order: a bare heading says nothing that could be cited."""
    return [clause for clause in clauses if clause.kind == "clause"]


def passage_of(clause: Clause, document: Document) -> str:
    """The text that stands for a clause in both indexes; its own heading is part of ``clause.text``."""
    parents = " ".join(clause.breadcrumb[:-1])
    parts = (document.title, parents, clause.lead_in[-LONGEST_LEAD_IN:], clause.text)
    return "\n".join(part for part in parts if part.strip())


def passages_of(clauses: Sequence[Clause], documents: Mapping[str, Document]) -> list[str]:
    """The passages of ``clauses``, in their order."""
    return [passage_of(clause, documents[clause.doc_id]) for clause in clauses]
