"""What a new text of a document takes over from the one before, and which facts differ from it.

A text that states less than the one on hand (a law as plain Markdown, beside the same law with its status) must not
make known facts unknown in silence: where both are of one day they are one text, and it keeps what it does not say.
Otherwise every fact that changes is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingest.records import Document, ParsedDocument

NAMES = ("title", "doc_number", "issuer", "issued_on", "effective_on", "expires_on", "status", "rank")
_KEPT = ("doc_number", "issuer", "effective_on", "expires_on", "status")
_UNKNOWN = (None, "unknown")


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact of a document (a name of ``Document``) that differs from the version before."""

    name: str
    before: str | None
    after: str | None


def with_known_facts(parsed: ParsedDocument, before: Document) -> ParsedDocument:
    """``parsed`` with the facts that it does not state and ``before``, a text of the same day, has; a note says so."""
    document = parsed.document
    if document.issued_on is None or document.issued_on != before.issued_on:
        return parsed
    kept = {
        name: getattr(before, name)
        for name in _KEPT
        if getattr(document, name) in _UNKNOWN and getattr(before, name) not in _UNKNOWN
    }
    if not kept:
        return parsed
    note = (
        f"这份文件没有写明的效力、文号等事实，沿用第 {before.version} 版的：两版的发布日期相同（{before.issued_on}）。"
    )
    return replace(parsed, document=replace(document, notes=(*document.notes, note), **kept))


def changed_facts(before: Document, after: Document) -> tuple[ChangedFact, ...]:
    """The facts that differ, in the order in which they are shown."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in NAMES]
    return tuple(ChangedFact(name, old, new) for name, old, new in pairs if old != new)
