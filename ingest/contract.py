"""What the ingest commands print for machines (``--json``). The keys are a contract: add to them, never rename."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ingest.intake import Intake, printable_name
from ingest.records import Clause, Document, Fact, Notice, ParsedDocument, Requirement
from ingest.storage import Added, Counts
from ingest.validity import Validity


def counts_of(parsed: ParsedDocument) -> Counts:
    """How much a reading holds."""
    clauses = sum(clause.kind == "clause" for clause in parsed.clauses)
    headings = len(parsed.clauses) - clauses
    return Counts(clauses, headings, len(parsed.requirements), len(parsed.notices))


def document_json(document: Document) -> dict[str, Any]:
    """The facts of a document."""
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "doc_number": document.doc_number,
        "issuer": document.issuer,
        "issued_on": document.issued_on,
        "effective_on": document.effective_on,
        "expires_on": document.expires_on,
        "status": document.status,
        "rank": document.rank,
        "source_file": document.source_file,
        "sha256": document.sha256,
        "version": document.version,
        "notes": list(document.notes),
    }


def counts_json(counts: Counts) -> dict[str, int]:
    """The counts of a document."""
    return {
        "clauses": counts.clauses,
        "headings": counts.headings,
        "requirements": counts.requirements,
        "notices": counts.notices,
    }


def list_json(
    documents: Sequence[Document], counts: dict[str, Counts], validities: Mapping[str, Validity], day: str
) -> list[dict[str, Any]]:
    """What ``list --json`` prints; ``validity`` is the status on ``day``."""
    return [
        document_json(document)
        | {
            "counts": counts_json(counts[document.doc_id]),
            "validity": {"day": day, **validity_json(validities[document.doc_id])},
        }
        for document in documents
    ]


def validity_json(validity: Validity) -> dict[str, Any]:
    """The status of a document on a day."""
    return {
        "status": validity.status,
        "since": validity.since,
        "until": validity.until,
        "replaced_by": validity.replaced_by,
        "quote": validity.quote,
    }


def preview_json(parsed: ParsedDocument) -> dict[str, Any]:
    """What ``preview --json`` prints; headings are in ``outline`` only."""
    return {
        "document": document_json(parsed.document),
        "counts": counts_json(counts_of(parsed)),
        "clauses": [_clause_json(clause) for clause in parsed.clauses if clause.kind == "clause"],
        "outline": [
            {
                "clause_id": clause.clause_id,
                "locator": clause.locator,
                "breadcrumb": list(clause.breadcrumb),
                "kind": clause.kind,
            }
            for clause in parsed.clauses
        ],
        "warnings": [_notice_json(notice) for notice in parsed.notices],
        "leavings": [parsed.source[span.start : span.end] for span in parsed.leavings],
        "facts": [_fact_json(fact) for fact in parsed.facts],
    }


def show_json(parsed: ParsedDocument, versions: Sequence[Document]) -> dict[str, Any]:
    """What ``show --json`` prints: the preview, the requirements, and all versions' facts."""
    return preview_json(parsed) | {
        "requirements": [requirement_json(requirement) for requirement in parsed.requirements],
        "versions": [document_json(version) for version in versions],
    }


def added_json(added: Added, counts: Counts) -> dict[str, Any]:
    """What ``update --json`` prints, and one row of ``add --json``."""
    return {
        "outcome": added.outcome,
        "doc_id": added.doc_id,
        "title": added.document.title,
        "version": added.document.version,
        "counts": counts_json(counts),
        "held_version": added.held,
        "changed_facts": [{"name": each.name, "before": each.before, "after": each.after} for each in added.changed],
    }


def intakes_json(intakes: Sequence[Intake], counts: dict[str, Counts]) -> dict[str, Any]:
    """What ``add --json`` prints: one row a file, and how many were read, unchanged and refused."""
    rows: list[dict[str, Any]] = []
    for intake in intakes:
        row = {"file": printable_name(str(intake.path))}
        if intake.added is None:
            rows.append(row | {"outcome": "refused", "reason": intake.refused})
        else:
            rows.append(row | added_json(intake.added, counts[intake.added.doc_id]))
    return {"files": rows, **tally(intakes)}


def tally(intakes: Iterable[Intake]) -> dict[str, int]:
    """How many files were read, unchanged and refused."""
    outcomes = [intake.added.outcome if intake.added else "refused" for intake in intakes]
    refused, unchanged = outcomes.count("refused"), outcomes.count("unchanged")
    return {"read": len(outcomes) - refused - unchanged, "unchanged": unchanged, "refused": refused}


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "clause_id": clause.clause_id,
        "locator": clause.locator,
        "breadcrumb": list(clause.breadcrumb),
        "text": clause.text,
        "page": clause.page,
        "lead_in": clause.lead_in,
        "guessed": any(step.guessed for step in clause.path),
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    return {"name": fact.name, "value": fact.value, "quote": fact.quote, "offset": fact.offset}


def _notice_json(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "message": notice.message,
        "line": notice.line,
        "offset": notice.offset,
        "context": notice.context,
        "subject": notice.subject,
    }


def requirement_json(requirement: Requirement) -> dict[str, Any]:
    """One requirement; ``span`` is its place in the clause's text."""
    return {
        "requirement_id": requirement.requirement_id,
        "clause_id": requirement.clause_id,
        "doc_id": requirement.doc_id,
        "sentence": requirement.sentence,
        "span": [requirement.span.start, requirement.span.end],
        "subject": requirement.subject,
        "audience": list(requirement.audience),
        "modality": requirement.modality,
        "modal_word": requirement.modal_word,
        "action": requirement.action,
        "frequency": requirement.frequency,
        "quantity": requirement.quantity,
        "deadline": requirement.deadline,
        "lead_units": list(requirement.lead_units),
        "support_units": list(requirement.support_units),
        "condition": requirement.condition,
        "exception": requirement.exception,
        "object": requirement.object,
        "sanction": requirement.sanction,
        "strength": requirement.strength,
        "readings": [
            {"field": r.field, "words": r.words, "where": r.where, "span": [r.span.start, r.span.end]}
            for r in requirement.readings
        ],
    }
