"""Which clauses of two documents belong together.

Versions: first the order-preserving alignment with the most likeness (as in Needleman & Wunsch, 1970, without a
penalty for gaps), then, among what is left, the most alike pairs: those are moved. Levels: the most alike pairs in any
order. A clause has at most one partner; a pair below the threshold is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.packed_model import Matrix
from ingest.records import Clause
from qa.changes import bare
from qa.comparison.likeness import Embed, by_meaning, by_words
from qa.comparison.records import Basis, Mode

LEAST_IN_ORDER = 0.42  # neighbours vouch for a pair
LEAST_MOVED = 0.55
LEAST_LEVELS = 0.45
_SAME_NUMBER = 0.08  # versions mostly keep their numbers: preferred among alike clauses, never enough by itself
_BY_TEXT = 0.6  # so many words in common need no meaning
_SHORT = 6  # characters: "（三）其他" says nothing by itself


@dataclass(frozen=True, slots=True)
class Link:
    """Two clauses that belong together, by their places in the lists."""

    before: int
    after: int
    confidence: float
    basis: Basis
    in_order: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """The links in the order of ``before``, and the likeness of every clause to every other."""

    links: tuple[Link, ...]
    likeness: Matrix


def words_of(clause: Clause) -> str:
    """A clause without its own number, which versions change."""
    label = clause.path[-1].label if clause.path else ""
    text = clause.text.lstrip()
    return text[len(label) :].lstrip("、.．　 ") if label and text.startswith(label) else text


def align(before: Sequence[Clause], after: Sequence[Clause], mode: Mode, embed: Embed | None) -> Alignment:
    """Align two lists of clauses; ``embed`` gives vectors for meaning, ``None`` aligns by words alone."""
    old, new = _texts(before), _texts(after)
    words = by_words(old, new)
    likeness = _meaning(words, old, new, embed)
    np.maximum(words, likeness, out=likeness)
    same = _identical(old, new)
    likeness[same] = 1.0
    _keep_kinds_apart(likeness, before, after)
    if mode == "levels":
        found = _most_alike(likeness, LEAST_LEVELS, set(), set())
        pairs = [(i, j, True) for i, j in found]
    else:
        pairs = _versions(likeness, before, after)
    links = [
        Link(i, j, float(likeness[i, j]), _basis(i, j, same, words, likeness), in_order) for i, j, in_order in pairs
    ]
    return Alignment(tuple(sorted(links, key=lambda link: link.before)), likeness)


def _texts(clauses: Sequence[Clause]) -> list[str]:
    """What each clause is compared by: its words, those below it where it is a bare number."""
    texts = [words_of(each) for each in clauses]
    for place in range(len(texts) - 2, -1, -1):
        below = clauses[place + 1].clause_id.startswith(f"{clauses[place].clause_id}.")
        if not bare(texts[place]) and below:
            texts[place] = texts[place + 1]
    return texts


def _meaning(words: Matrix, old: Sequence[str], new: Sequence[str], embed: Embed | None) -> Matrix:
    """Meaning for those clauses that no other has the words of; the rest need no model."""
    found = np.zeros_like(words)
    if embed is None or not words.size:
        return found
    rows = np.flatnonzero(words.max(axis=1) < 0.9)
    columns = np.flatnonzero(words.max(axis=0) < 0.9)
    if len(rows) and len(columns):
        found[np.ix_(rows, columns)] = by_meaning([old[int(i)] for i in rows], [new[int(j)] for j in columns], embed)
    return found


def _identical(old: Sequence[str], new: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    bare_old, bare_new = [bare(text) for text in old], [bare(text) for text in new]
    places: dict[str, list[int]] = {}
    for place, text in enumerate(bare_new):
        places.setdefault(text, []).append(place)
    same = np.zeros((len(old), len(new)), dtype=np.bool_)
    for place, text in enumerate(bare_old):
        if text:
            same[place, places.get(text, [])] = True
    return same


def _keep_kinds_apart(likeness: Matrix, before: Sequence[Clause], after: Sequence[Clause]) -> None:
    """A heading is no partner of a clause that says something."""
    old = np.array([each.kind == "heading" for each in before])
    new = np.array([each.kind == "heading" for each in after])
    if old.size and new.size:
        likeness[old[:, None] != new[None, :]] = 0.0


def _versions(likeness: Matrix, before: Sequence[Clause], after: Sequence[Clause]) -> list[tuple[int, int, bool]]:
    favoured = likeness + _SAME_NUMBER * _same_numbers(before, after)
    ordered = _in_order(np.where(likeness >= LEAST_IN_ORDER, favoured, 0.0))
    rows, columns = {i for i, _ in ordered}, {j for _, j in ordered}
    left = likeness.copy()
    for place, clause in enumerate(before):
        if len(bare(words_of(clause))) < _SHORT:
            left[place] = 0.0
    moved = _most_alike(left, LEAST_MOVED, rows, columns)
    return [*((i, j, True) for i, j in ordered), *((i, j, False) for i, j in moved)]


def _same_numbers(before: Sequence[Clause], after: Sequence[Clause]) -> Matrix:
    old, new = np.array([each.locator for each in before]), np.array([each.locator for each in after])
    if not old.size or not new.size:
        return np.zeros((len(before), len(after)), dtype=np.float32)
    return np.asarray(old[:, None] == new[None, :], dtype=np.float32)


def _in_order(weights: Matrix) -> list[tuple[int, int]]:
    """The increasing pairs with the greatest sum of weights; a weight of 0 is no pair."""
    rows, columns = weights.shape
    best = np.zeros((rows + 1, columns + 1))
    for i in range(1, rows + 1):
        taken = best[i - 1, :-1] + weights[i - 1]
        best[i, 1:] = np.maximum.accumulate(np.maximum(best[i - 1, 1:], taken))
    found, i, j = [], rows, columns
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            found.append((i - 1, j - 1))
            i, j = i - 1, j - 1
    return found[::-1]


def _most_alike(likeness: Matrix, least: float, rows: set[int], columns: set[int]) -> list[tuple[int, int]]:
    """The most alike pairs first; ``rows`` and ``columns`` are taken already."""
    rows, columns, found = set(rows), set(columns), []
    candidates = np.argwhere(likeness >= least)
    order = np.argsort(-likeness[likeness >= least], kind="stable")
    for i, j in candidates[order]:
        if int(i) not in rows and int(j) not in columns:
            rows.add(int(i))
            columns.add(int(j))
            found.append((int(i), int(j)))
    return found


def _basis(i: int, j: int, same: np.ndarray[tuple[int, int], np.dtype[np.bool_]], words: Matrix, all_: Matrix) -> Basis:
    if same[i, j]:
        return "identical"
    return "text" if words[i, j] >= min(_BY_TEXT, all_[i, j]) else "meaning"
