"""Records to table rows and back, and the fingerprint of what a file became.

Lists are stored as JSON. Nothing is interpreted here: what goes in comes out, character for character.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ingest.correction_json import anchor_from, anchor_json, change_from, change_json
from ingest.corrections import Correction
from ingest.records import Clause, Document, Fact, Notice, ParsedDocument, Reading, Requirement, Span, Step

SqlRow = Sequence[Any]

DOCUMENT_FACTS = (
    "title, doc_number, issuer, issued_on, effective_on, expires_on, status, rank, source_file, sha256, notes"
)
DOCUMENT_COLUMNS = f"versions.version, {DOCUMENT_FACTS}"
CLAUSE_COLUMNS = (
    "clause_id, ord, kind, path, breadcrumb, locator, text, lead_in, span_start, span_end, body_start, page"
)
REQUIREMENT_COLUMNS = (
    "requirement_id, clause_id, span_start, span_end, sentence, subject, audience, modality, action, "
    "frequency, quantity, deadline, modal_word, lead_units, support_units, condition, exception, readings, "
    "object, sanction"
)
NOTICE_COLUMNS = "kind, message, source_offset, line, context, subject"
FACT_COLUMNS = "name, value, quote, source_offset"
CORRECTION_COLUMNS = "number, anchor, change, made_on, undone_on"


def document_row(document: Document) -> tuple[Any, ...]:
    """The values of ``DOCUMENT_COLUMNS``."""
    return (
        document.version,
        document.title,
        document.doc_number,
        document.issuer,
        document.issued_on,
        document.effective_on,
        document.expires_on,
        document.status,
        document.rank,
        document.source_file,
        document.sha256,
        _json(document.notes),
    )


def document_from(doc_id: str, row: SqlRow) -> Document:
    """The document whose ``DOCUMENT_COLUMNS`` are ``row``."""
    version, *facts, notes = row
    title, doc_number, issuer, issued_on, effective_on, expires_on, status, rank, source_file, sha256 = facts
    return Document(
        doc_id=doc_id,
        title=title,
        doc_number=doc_number,
        issuer=issuer,
        issued_on=issued_on,
        effective_on=effective_on,
        expires_on=expires_on,
        status=status,
        rank=rank,
        source_file=source_file,
        sha256=sha256,
        version=version,
        notes=_words(notes),
    )


def clause_row(clause: Clause) -> tuple[Any, ...]:
    """The values of ``CLAUSE_COLUMNS``."""
    return (
        clause.clause_id,
        clause.order,
        clause.kind,
        _json([[step.code, step.number, step.suffix, step.label, step.title, step.guessed] for step in clause.path]),
        _json(clause.breadcrumb),
        clause.locator,
        clause.text,
        clause.lead_in,
        clause.span.start,
        clause.span.end,
        clause.body_start,
        clause.page,
    )


def clause_from(doc_id: str, row: SqlRow) -> Clause:
    """The clause whose ``CLAUSE_COLUMNS`` are ``row``."""
    clause_id, order, kind, path, breadcrumb, locator, text, lead_in, start, end, body_start, page = row
    return Clause(
        clause_id=clause_id,
        doc_id=doc_id,
        order=order,
        kind=kind,
        path=tuple(Step(*step) for step in json.loads(path)),
        breadcrumb=_words(breadcrumb),
        locator=locator,
        text=text,
        lead_in=lead_in,
        span=Span(start, end),
        body_start=body_start,
        page=page,
    )


def requirement_row(requirement: Requirement) -> tuple[Any, ...]:
    """The values of ``REQUIREMENT_COLUMNS``."""
    return (
        requirement.requirement_id,
        requirement.clause_id,
        requirement.span.start,
        requirement.span.end,
        requirement.sentence,
        requirement.subject,
        _json(requirement.audience),
        requirement.modality,
        requirement.action,
        requirement.frequency,
        requirement.quantity,
        requirement.deadline,
        requirement.modal_word,
        _json(requirement.lead_units),
        _json(requirement.support_units),
        requirement.condition,
        requirement.exception,
        _json([[r.field, r.words, r.where, r.span.start, r.span.end] for r in requirement.readings]),
        requirement.object,
        requirement.sanction,
    )


def requirement_from(doc_id: str, row: SqlRow) -> Requirement:
    """The requirement whose ``REQUIREMENT_COLUMNS`` are ``row``."""
    requirement_id, clause_id, start, end, sentence, subject, audience, modality, action, *measured = row
    frequency, quantity, deadline, modal_word, lead_units, support_units, *limits = measured
    condition, exception, readings, object_, sanction = limits
    return Requirement(
        requirement_id=requirement_id,
        clause_id=clause_id,
        doc_id=doc_id,
        span=Span(start, end),
        sentence=sentence,
        subject=subject,
        audience=_words(audience),
        modality=modality,
        action=action,
        frequency=frequency,
        quantity=quantity,
        deadline=deadline,
        modal_word=modal_word,
        lead_units=_words(lead_units),
        support_units=_words(support_units),
        condition=condition,
        exception=exception,
        readings=tuple(Reading(field, words, where, Span(*at)) for field, words, where, *at in json.loads(readings)),
        object=object_,
        sanction=sanction,
    )


def notice_row(notice: Notice) -> tuple[Any, ...]:
    """The values of ``NOTICE_COLUMNS``."""
    return (notice.kind, notice.message, notice.offset, notice.line, notice.context, notice.subject)


def notice_from(row: SqlRow) -> Notice:
    """The notice whose ``NOTICE_COLUMNS`` are ``row``."""
    kind, message, offset, line, context, subject = row
    return Notice(kind=kind, message=message, offset=offset, line=line, context=context, subject=subject)


def fact_row(fact: Fact) -> tuple[Any, ...]:
    """The values of ``FACT_COLUMNS``."""
    return (fact.name, fact.value, fact.quote, fact.offset)


def fact_from(row: SqlRow) -> Fact:
    """The fact whose ``FACT_COLUMNS`` are ``row``."""
    name, value, quote, offset = row
    return Fact(name=name, value=value, quote=quote, offset=offset)


def correction_row(correction: Correction) -> tuple[Any, ...]:
    """The values of ``CORRECTION_COLUMNS``."""
    anchor, change = anchor_json(correction.anchor), change_json(correction.change)
    return (correction.number, _json(anchor), _json(change), correction.made_on, correction.undone_on)


def correction_from(row: SqlRow) -> Correction:
    """The correction whose ``CORRECTION_COLUMNS`` are ``row``."""
    number, anchor, change, made_on, undone_on = row
    return Correction(anchor_from(json.loads(anchor)), change_from(json.loads(change)), number, made_on, undone_on)


def leavings_text(leavings: Iterable[Span]) -> str:
    """Spans as JSON."""
    return _json([[span.start, span.end] for span in leavings])


def leavings_from(text: str) -> tuple[Span, ...]:
    """Spans out of JSON."""
    return tuple(Span(start, end) for start, end in json.loads(text))


def fingerprint(parsed: ParsedDocument) -> str:
    """SHA-256 over everything a reading gave, except its version and the file's name.

    A renamed file is the same text, and the version is counted by the store.
    """
    version, *facts, source_file, sha256, notes = document_row(parsed.document)
    parts = [
        [*facts, sha256, notes],
        parsed.source,
        leavings_text(parsed.leavings),
        [clause_row(clause) for clause in parsed.clauses],
        [requirement_row(requirement) for requirement in parsed.requirements],
        [notice_row(notice) for notice in parsed.notices],
        [fact_row(fact) for fact in parsed.facts],
        *([parsed.layout] if parsed.layout else []),  # readings of older programs have none
    ]
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def with_doc_id(parsed: ParsedDocument, doc_id: str) -> ParsedDocument:
    """The same reading under another ``doc_id``; the ids of clauses and requirements follow."""
    old = parsed.document.doc_id
    if old == doc_id:
        return parsed

    def renamed(identifier: str) -> str:
        return doc_id + identifier[len(old) :] if identifier.startswith(f"{old}.") else identifier

    return replace(
        parsed,
        document=replace(parsed.document, doc_id=doc_id),
        clauses=tuple(replace(c, doc_id=doc_id, clause_id=renamed(c.clause_id)) for c in parsed.clauses),
        requirements=tuple(
            replace(r, doc_id=doc_id, clause_id=renamed(r.clause_id), requirement_id=renamed(r.requirement_id))
            for r in parsed.requirements
        ),
    )


def _json(words: Sequence[Any] | dict[str, Any]) -> str:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
