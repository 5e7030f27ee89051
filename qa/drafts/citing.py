"""One citation against what it resolves to: does the document exist, the clause, and is it in force on the day."""

from __future__ import annotations

from typing import Any

from qa.drafts.mentions import Mention
from qa.drafts.places import Cited, find_place, place_words
from qa.drafts.records import OWN, Finding, Note, Source, Verdict
from qa.drafts.sources import Resolved

NOT_APPLICABLE = ("repealed", "expired", "not_yet")


def check_citation(mention: Mention, name: str, resolved: Resolved | None, as_of: str) -> Finding:
    """The finding for one citation; ``resolved`` is ``None`` where no document is named for its place."""
    if resolved is None:
        return citation(mention, "unnamed", {"place": mention.place})
    names = {"title": name, "place": mention.place}
    if resolved.outcome != "found":
        return _unresolved(mention, resolved, names)
    first = resolved.versions[0]
    names["title"] = first.document.title
    notes = (*resolved.notes, *_status_notes(first))
    if not mention.place:
        return _in_force(mention, resolved, Cited(), names, notes, as_of)
    cited = find_place(mention.place, first)
    notes = (*notes, *cited.notes)
    if cited.clause is not None:
        return _in_force(mention, resolved, cited, names, notes, as_of)
    if not resolved.sure:
        return citation(mention, "uncertain", {"candidates": f"《{first.document.title}》"}, first, notes=notes)
    for other in resolved.versions[1:]:
        there = find_place(mention.place, other)
        if there.clause is not None:
            names |= {"version": version_words(other), "this": version_words(first)}
            return citation(mention, "other_version", names, other, clause=there.clause, notes=notes)
    if cited.unread or first.incomplete:
        return citation(mention, "unread" if cited.unread else "incomplete", names, first, notes=notes)
    last = place_words(cited.last) if cited.last is not None else ""
    names |= {"last": last, "count": cited.count}
    return citation(mention, "no_clause", names, first, clause=cited.last, notes=notes)


def _unresolved(mention: Mention, resolved: Resolved, names: dict[str, str]) -> Finding:
    if resolved.outcome == "replaced" and resolved.former is not None:
        former = resolved.former
        names |= {"by": former.by, "since": former.since, "reason": former.reason}
        return citation(mention, "replaced", names, notes=resolved.notes)
    if resolved.outcome == "no_such_year":
        have = "、".join(dict.fromkeys(version_words(source) for source in resolved.versions))
        names |= {"year": mention.year, "have": have}
        return citation(mention, "no_such_year", names, resolved.versions[0], notes=resolved.notes)
    if resolved.outcome == "uncertain":
        candidates = "、".join(f"《{title}》" for title in resolved.candidates)
        return citation(mention, "uncertain", {**names, "candidates": candidates}, notes=resolved.notes)
    return citation(mention, "no_source", names, notes=resolved.notes)


def _in_force(
    mention: Mention, resolved: Resolved, cited: Cited, names: dict[str, str], notes: tuple[Note, ...], as_of: str
) -> Finding:
    source = resolved.versions[0]
    if source.document.doc_id == OWN:
        return citation(mention, "exists", names, source, clause=cited.clause, notes=notes)
    status = source.status
    newer = [each for each in resolved.versions[1:] if source.day < each.day <= as_of]
    if status in NOT_APPLICABLE or newer:
        names |= {"status": "superseded" if newer and status not in NOT_APPLICABLE else status}
        names |= {"version": version_words(newer[0]) if newer else ""}
        return citation(mention, "not_in_force", names, source, clause=cited.clause, notes=notes)
    return citation(mention, "exists", names, source, clause=cited.clause, text=cited.text, notes=notes)


def _status_notes(source: Source) -> tuple[Note, ...]:
    """What a reader must know of the document's validity: never that it is in force where that is not known."""
    if source.document.doc_id == OWN:
        return ()
    return (Note(f"status_{source.status}"),) if source.status in ("unknown", "amended") else ()


def version_words(source: Source) -> str:
    """How a version is named to people: its day, else its number."""
    return source.day or f"v{source.document.version}"


def citation(
    mention: Mention, verdict: Verdict, names: dict[str, str], source: Source | None = None, **rest: Any
) -> Finding:
    """A finding for a citation; its place in the draft is filled in later."""
    text = rest.pop("text", "")
    document = source.document if source is not None else None
    current = source.current if source is not None else True
    return Finding(
        "citation",
        verdict,
        mention.span,
        "",
        0,
        0,
        tuple(names.items()),
        document,
        current=current,
        source_words=text,
        **rest,
    )
