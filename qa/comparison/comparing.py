"""Two texts to a ``Comparison``: clauses aligned, words compared, requirements weighed, nothing left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from index.packed_model import Matrix
from ingest import tables
from ingest.errors import InputError
from ingest.records import Clause, Requirement
from qa.changes import bare, word_changes
from qa.comparison.aligning import Alignment, Link, align, words_of
from qa.comparison.likeness import Embed, by_meaning, by_words
from qa.comparison.records import Comparison, Mode, Movement, Nearest, Obligation, Pair, PairKind, Text
from qa.comparison.shifts import BINDING, requirement_shifts, shifts_between, with_moved_requirements
from qa.drafts.sources import bare_title

LEAST_COUNTERPART = 0.5  # of 0..1: a sentence below that carries out the one above
LEAST_NEAREST = 0.25  # less alike is not worth showing
_SAME_SHARE = 0.3  # of the clauses: two texts with so many in common are versions of one
_WITH_CLAUSE = 0.25  # how much the clause around a sentence counts


def mode_of(before: Text, after: Text) -> Mode:
    """Versions of one text, or two documents of different levels: by id, title, and the words they share."""
    if before.document.doc_id == after.document.doc_id:
        return "versions"
    if bare_title(before.document.title) == bare_title(after.document.title):
        return "versions"
    old = {bare(words_of(each)) for each in before.clauses if each.kind == "clause"}
    new = {bare(words_of(each)) for each in after.clauses if each.kind == "clause"}
    shared = len(old & new) / max(1, min(len(old), len(new)))
    return "versions" if shared >= _SAME_SHARE else "levels"


def compare_texts(
    before: Text,
    after: Text,
    *,
    mode: Mode | None = None,
    embed: Embed | None = None,
    audience: Sequence[str] = (),
) -> Comparison:
    """Compare two texts.

    Args:
        before: the older version, or the upper document.
        after: the newer version, or the one that carries it out.
        mode: how they belong together; found by ``mode_of`` where not given.
        embed: gives unit vectors of passages; without it only words are compared.
        audience: keys of audiences; obligations of others are left out where any is given.

    Raises:
        InputError: no such audience.
    """
    if unknown := [key for key in audience if key not in tables.audiences()]:
        known = "、".join(tables.audiences())
        raise InputError(f"没有“{'、'.join(unknown)}”这种对象，可选的有：{known}。")
    mode = mode or mode_of(before, after)
    alignment = align(before.clauses, after.clauses, mode, embed)
    pairs = with_moved_requirements(tuple(_pairs(before, after, alignment)))
    obligations = tuple(_obligations(before, after, embed, audience)) if mode == "levels" else ()
    return Comparison(before, after, mode, pairs, obligations, embed is not None, tuple(audience))


def _pairs(before: Text, after: Text, alignment: Alignment) -> Iterator[Pair]:
    """Every clause of both sides once, in the order of ``after``; one that went stands after the one before it."""
    asked_before, asked_after = _by_clause(before.requirements), _by_clause(after.requirements)
    links = {link.after: link for link in alignment.links}
    old_partner = {link.before: link.after for link in alignment.links}
    gone: dict[int, list[int]] = defaultdict(list)
    anchor = -1
    for place in range(len(before.clauses)):
        if place in old_partner:
            anchor = old_partner[place]
        else:
            gone[anchor].append(place)
    yield from (_removed(before, after, place, alignment) for place in gone[-1])
    for place, clause in enumerate(after.clauses):
        if link := links.get(place):
            yield _linked(before.clauses[link.before], clause, link, asked_before, asked_after)
        else:
            nearest = _nearest(alignment.likeness[:, place], before.clauses)
            yield Pair("added", None, clause, nearest=nearest, shifts=shifts_between((), asked_after[clause.clause_id]))
        yield from (_removed(before, after, each, alignment) for each in gone[place])


def _removed(before: Text, after: Text, place: int, alignment: Alignment) -> Pair:
    clause = before.clauses[place]
    requirements = [each for each in before.requirements if each.clause_id == clause.clause_id]
    nearest = _nearest(alignment.likeness[place], after.clauses)
    return Pair("removed", clause, None, nearest=nearest, shifts=shifts_between(requirements, ()))


def _linked(
    old: Clause,
    new: Clause,
    link: Link,
    asked_before: Mapping[str, list[Requirement]],
    asked_after: Mapping[str, list[Requirement]],
) -> Pair:
    earlier, later = words_of(old), words_of(new)
    kind: PairKind = "same" if earlier.strip() == later.strip() else "changed"
    changes = word_changes(earlier.strip(), later.strip()) if kind == "changed" else ()
    movement: Movement = "moved" if not link.in_order else "renumbered" if old.locator != new.locator else ""
    shifts = shifts_between(asked_before[old.clause_id], asked_after[new.clause_id]) if kind == "changed" else ()
    return Pair(
        kind,
        old,
        new,
        confidence=link.confidence,
        basis=link.basis,
        movement=movement,
        changes=changes,
        shifts=shifts,
        punctuation_only=kind == "changed" and bare(earlier) == bare(later),
    )


def _nearest(likeness: Matrix, clauses: Sequence[Clause]) -> Nearest | None:
    if not len(likeness):
        return None
    best = int(np.argmax(likeness))
    return Nearest(clauses[best], float(likeness[best])) if likeness[best] >= LEAST_NEAREST else None


def _by_clause(requirements: Sequence[Requirement]) -> defaultdict[str, list[Requirement]]:
    found: defaultdict[str, list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        found[requirement.clause_id].append(requirement)
    return found


def _obligations(before: Text, after: Text, embed: Embed | None, audience: Sequence[str]) -> list[Obligation]:
    """What the upper document demands, each with its counterpart below; those without one first."""
    family = frozenset().union(*(tables.audience_family(key) for key in audience))
    above = [each for each in before.requirements if each.modality in BINDING]
    above = [each for each in above if not audience or family & frozenset(each.audience)]
    below = [each for each in after.requirements if each.modality != "statement"]
    upper = {clause.clause_id: clause for clause in before.clauses}
    lower = {clause.clause_id: clause for clause in after.clauses}
    likeness = _likeness(above, below, upper, lower, embed)
    found = []
    for place, requirement in enumerate(above):
        best = int(np.argmax(likeness[place])) if below else -1
        score = float(likeness[place, best]) if below else 0.0
        counterpart = below[best] if score >= LEAST_NEAREST else None
        met = score >= LEAST_COUNTERPART
        found.append(
            Obligation(
                requirement,
                upper[requirement.clause_id],
                met,
                score,
                counterpart,
                lower[counterpart.clause_id] if counterpart else None,
                tuple(requirement_shifts(requirement, counterpart)) if met and counterpart else (),
            )
        )
    return sorted(found, key=lambda each: each.met)


def _likeness(
    above: Sequence[Requirement],
    below: Sequence[Requirement],
    upper: Mapping[str, Clause],
    lower: Mapping[str, Clause],
    embed: Embed | None,
) -> Matrix:
    """Likeness of sentences, and a little of the clauses around them."""
    old, new = [each.sentence for each in above], [each.sentence for each in below]
    sentences = by_words(old, new)  # in place from here on: two laws have millions of pairs of sentences
    if embed is not None:
        np.maximum(sentences, by_meaning(old, new, embed), out=sentences)
    around = by_words([upper[each.clause_id].text for each in above], [lower[each.clause_id].text for each in below])
    around -= sentences
    around *= _WITH_CLAUSE
    return np.add(sentences, np.maximum(around, 0.0, out=around), out=sentences)
