"""One quotation against its source: the same words, other words, words of another clause, or of none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.records import Clause
from qa.changes import bare, word_changes
from qa.drafts.citing import version_words
from qa.drafts.passages import Comparison, Passages, Place, compare
from qa.drafts.places import find_place, place_words
from qa.drafts.quotations import Quotation
from qa.drafts.records import OWN, Finding, Note, Source, Verdict
from qa.drafts.sources import Resolved

SHORTEST_CLAIM = 8  # words that nothing introduces as a quotation: shorter ones that fit nowhere are a term
MOST_PLACES = 3  # named for words that stand in many clauses
Meant = tuple[str, Resolved | None, str]  # name, what it resolves to, place


def check_quotation(quotation: Quotation, meant: Sequence[Meant], passages: Passages) -> Finding | None:
    """The finding for one quotation; ``None`` where it turns out to be a term and no quotation.

    Args:
        quotation: the quoted words.
        meant: the documents and places that the draft gives as their source, none for none.
        passages: all clauses of the base.
    """
    known = [(resolved, place) for _, resolved, place in meant if resolved is not None and resolved.versions]
    if not meant or any(resolved.versions[0].document.doc_id == OWN for resolved, _ in known):
        return _without_source(quotation, passages)
    if not known:
        return _unknown_source(quotation, meant[0][0], passages)
    found = _at_source(quotation, known)
    if found is None and not quotation.introduced and len(bare(quotation.words)) < SHORTEST_CLAIM:
        return None
    return found or _not_at_source(quotation, known, passages)


def _at_source(quotation: Quotation, known: Sequence[tuple[Resolved, str]]) -> Finding | None:
    """The words stand where the draft says, in the version that counts or in another one."""
    for resolved, place in known:
        for source in resolved.versions:
            found = _there(quotation.words, source, place)
            if found is None:
                continue
            if source is not resolved.versions[0]:
                return _in_other_version(quotation, resolved, place, found)
            verdict: Verdict = "identical" if found.comparison.likeness == "identical" else "punctuation"
            return _finding(quotation, verdict, found, _names(found))
    return None


def _there(words: str, source: Source, place: str) -> Place | None:
    """The words in the cited clause, or anywhere in a document that is cited as a whole."""
    if not place:
        return next(iter(Passages([source]).exact(words)), None)
    cited = find_place(place, source)
    if cited.clause is None:
        return None
    comparison = compare(words, cited.text)
    same = comparison.likeness in ("identical", "punctuation")
    return Place(source, cited.clause, comparison) if same else None


def _in_other_version(quotation: Quotation, resolved: Resolved, place: str, found: Place) -> Finding:
    """Words of another version, with what the version that counts says in that place."""
    first = resolved.versions[0]
    names = _names(found) | {"version": version_words(found.source), "this": version_words(first)}
    now = _nearest_in(quotation.words, first, place)
    finding = _finding(quotation, "other_version", found, names)
    if now is None:
        return finding
    return _finding(quotation, "other_version", Place(found.source, found.clause, now.comparison), names, changed=True)


def _nearest_in(words: str, source: Source, place: str) -> Place | None:
    """What the cited clause (or the document, where none is cited) has that resembles the words."""
    if not place:
        return Passages([source]).near(words)
    cited = find_place(place, source)
    if cited.clause is None:
        return None
    comparison = compare(words, cited.text)
    return Place(source, cited.clause, comparison) if comparison.likeness == "near" else None


def _not_at_source(quotation: Quotation, known: Sequence[tuple[Resolved, str]], passages: Passages) -> Finding:
    """The words do not stand where the draft says: they stand elsewhere, are changed, or stand nowhere."""
    resolved, place = known[0]
    first = resolved.versions[0]
    own = Passages([first])
    exact = own.exact(quotation.words) or passages.exact(quotation.words)
    near = [each for r, p in known if (each := _nearest_in(quotation.words, r.versions[0], p)) is not None]
    best = max(near, key=lambda each: each.comparison.ratio, default=None)
    other = best if exact else (own.near(quotation.words) if place else None) or passages.near(quotation.words)
    cited = {"title": first.document.title, "place": place}
    if exact:
        verdict: Verdict = "elsewhere"
        finding = _finding(quotation, verdict, exact[0], cited | _at(exact[0]))
    elif best is not None and (other is None or best.comparison.ratio + 0.1 >= other.comparison.ratio):
        finding = _finding(quotation, "differs", best, _names(best), changed=True)
    elif other is not None:
        finding = _finding(quotation, "elsewhere", other, cited | _at(other), changed=True)
    elif first.incomplete:
        return _bare_finding(quotation, "incomplete", cited)
    else:
        finding = _bare_finding(quotation, "nowhere", cited)
    if resolved.sure or finding.verdict == "differs":
        return finding
    return _bare_finding(quotation, "not_found", cited)


def _without_source(quotation: Quotation, passages: Passages) -> Finding:
    exact = passages.exact(quotation.words)
    exact.sort(key=lambda place: (not place.source.current, place.comparison.likeness != "identical"))
    if exact:
        places = "、".join(dict.fromkeys(map(_reference, exact[:MOST_PLACES])))
        names = {"places": places, "count": str(len(exact))}
        verdict: Verdict = "found" if exact[0].comparison.likeness == "identical" else "punctuation"
        status = exact[0].source.status
        notes = () if status == "in_force" else (Note(f"status_{status}"),)
        return _finding(quotation, verdict, exact[0], _names(exact[0]) | names, notes=notes)
    near = passages.near(quotation.words)
    if near is not None:
        return _finding(quotation, "resembles", near, _names(near), changed=True)
    return _bare_finding(quotation, "not_found", {})


def _unknown_source(quotation: Quotation, name: str, passages: Passages) -> Finding:
    """The source is not in the base: nothing is said of the words but where the base has the same ones."""
    exact = passages.exact(quotation.words)
    notes = (Note("words_also_in", (("places", _reference(exact[0])),)),) if exact else ()
    return _bare_finding(quotation, "no_source", {"title": name, "place": ""}, notes)


def _names(place: Place) -> dict[str, str]:
    return {"title": place.source.document.title, "place": _where(place.clause)}


def _at(place: Place) -> dict[str, str]:
    return {"other": _reference(place)}


def _reference(place: Place) -> str:
    return f"《{place.source.document.title}》{_where(place.clause)}"


def _where(clause: Clause | None) -> str:
    return place_words(clause) if clause is not None else ""


def _finding(
    quotation: Quotation,
    verdict: Verdict,
    place: Place,
    names: dict[str, str],
    *,
    changed: bool = False,
    notes: tuple[Note, ...] = (),
) -> Finding:
    comparison: Comparison = place.comparison
    marked = changed or verdict == "punctuation"
    changes = word_changes(quotation.words, comparison.passage) if marked else ()
    rest: dict[str, Any] = {"document": place.source.document, "current": place.source.current, "clause": place.clause}
    return Finding(
        "quotation",
        verdict,
        quotation.span,
        "",
        0,
        0,
        tuple(names.items()),
        source_words=comparison.passage,
        changes=changes,
        notes=notes,
        **rest,
    )


def _bare_finding(
    quotation: Quotation, verdict: Verdict, names: dict[str, str], notes: tuple[Note, ...] = ()
) -> Finding:
    return Finding("quotation", verdict, quotation.span, "", 0, 0, tuple(names.items()), notes=notes)
