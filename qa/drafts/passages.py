"""Quoted words against a text, and against all clauses of a base: the same, nearly the same, or not there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from ingest.records import Clause
from qa.changes import bare, bare_with_places
from qa.drafts.records import Source

Likeness = Literal["identical", "punctuation", "near", "none"]
NEAR_IN_PLACE = 0.5  # of 0..1: enough to show the difference where the draft says that the words stand there
NEAR_ANYWHERE = 0.72  # enough to say that words stand in a clause that the draft does not name
_GAP = re.compile(r"…{1,2}|\.{3,6}|。{3,6}")
_STOPS = "。；，、：！？;,:!?"
_BREAKS = re.compile(r"\s*\n\s*")
_SHINGLE, _STRIDE, _MOST_SHINGLES, _MOST_CANDIDATES = 5, 3, 40, 6
_LEAST_BLOCK = 2  # characters: single ones agree by chance


@dataclass(frozen=True, slots=True)
class Comparison:
    """How quoted words stand to a text; ``passage`` is the text's own words for them, verbatim, "" for none."""

    likeness: Likeness
    ratio: float
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A clause that holds quoted words, or nearly."""

    source: Source
    clause: Clause
    comparison: Comparison


def compare(quoted: str, text: str) -> Comparison:
    """Quoted words against ``text``; a gap (……) in them stands for any words."""
    pieces = [piece for piece in _GAP.split(quoted) if bare(piece)]
    if not pieces:
        return Comparison("none", 0.0)
    joined = _BREAKS.sub("", text)
    if _in_order(pieces, text) or _in_order(pieces, joined):
        return Comparison("identical", 1.0, quoted)
    words, places = bare_with_places(text)
    folded = [bare(piece) for piece in pieces]
    found = _stretches(folded, words)
    if found:
        passages = [text[places[start] : _ending(text, places[end - 1] + 1, quoted)] for start, end in found]
        return Comparison("punctuation", 1.0, "……".join(passages))
    return _nearest(quoted, "".join(folded), words, places, text)


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _stretches(pieces: Sequence[str], words: str) -> list[tuple[int, int]]:
    at, found = 0, []
    for piece in pieces:
        at = words.find(piece, at)
        if at < 0:
            return []
        found.append((at, at + len(piece)))
        at += len(piece)
    return found


def _ending(text: str, end: int, quoted: str) -> int:
    """``end``, moved past the stop that follows the words, where the quoted ones end with a stop too."""
    both = end < len(text) and text[end] in _STOPS and quoted.rstrip()[-1:] in _STOPS
    return end + 1 if both else end


def _nearest(quoted: str, folded: str, words: str, places: Sequence[int], text: str) -> Comparison:
    """The stretch of ``words`` that most resembles the quoted ones, which are ``folded``."""
    blocks = [b for b in SequenceMatcher(None, words, folded, autojunk=False).get_matching_blocks() if b.size]
    blocks = [block for block in blocks if block.size >= _LEAST_BLOCK] or blocks
    if not blocks:
        return Comparison("none", 0.0)
    largest = max(blocks, key=lambda block: block.size)
    reach = max(12, len(folded) // 2)
    near = [b for b in blocks if abs((b.a - b.b) - (largest.a - largest.b)) <= reach]
    start = max(0, near[0].a - near[0].b)
    end = min(len(words), near[-1].a + near[-1].size + len(folded) - near[-1].b - near[-1].size)
    ratio = SequenceMatcher(None, words[start:end], folded, autojunk=False).ratio()
    passage = text[places[start] : _ending(text, places[end - 1] + 1, quoted)]
    return Comparison("near" if ratio >= NEAR_IN_PLACE else "none", ratio, passage)


class Passages:
    """All clauses of some sources, searchable for quoted words."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = tuple(sources)

    @cached_property
    def _texts(self) -> list[tuple[Source, str, list[int]]]:
        """Each source with the bare words of its clauses on end, and where each clause begins."""
        found = []
        for source in self._sources:
            parts = [bare(clause.text) for clause in source.clauses]
            starts, at = [], 0
            for part in parts:
                starts.append(at)
                at += len(part)
            found.append((source, "".join(parts), starts))
        return found

    def exact(self, quoted: str) -> list[Place]:
        """The clauses that hold the words, punctuation aside, in the order of the sources."""
        pieces = [bare(piece) for piece in _GAP.split(quoted) if bare(piece)]
        found = []
        for source, words, starts in self._texts:
            stretches = _stretches(pieces, words) if pieces else []
            if stretches and stretches[-1][1] - stretches[0][0] <= _longest(pieces):
                first, last = (bisect_right(starts, at) - 1 for at in (stretches[0][0], stretches[-1][1] - 1))
                text = "\n".join(clause.text for clause in source.clauses[first : last + 1])
                found.append(Place(source, source.clauses[first], compare(quoted, text)))
        return found

    def near(self, quoted: str) -> Place | None:
        """The clause whose words most resemble the quoted ones, where they do so enough."""
        words = bare(quoted)
        step = max(_STRIDE, len(words) // _MOST_SHINGLES)
        shingles = [words[at : at + _SHINGLE] for at in range(0, max(1, len(words) - _SHINGLE + 1), step)]
        votes: Counter[tuple[int, int]] = Counter()
        for number, (_, text, starts) in enumerate(self._texts):
            for shingle in shingles:
                at = text.find(shingle)
                while at >= 0:
                    votes[number, bisect_right(starts, at) - 1] += 1
                    at = text.find(shingle, at + 1)
        best: Place | None = None
        for (number, place), _ in votes.most_common(_MOST_CANDIDATES):
            source = self._texts[number][0]
            comparison = compare(quoted, source.clauses[place].text)
            if comparison.ratio >= NEAR_ANYWHERE and (best is None or comparison.ratio > best.comparison.ratio):
                best = Place(source, source.clauses[place], comparison)
        return best


def _longest(pieces: Sequence[str]) -> int:
    """How far apart the pieces of one quotation may stand, in characters."""
    return sum(map(len, pieces)) + 600 * (len(pieces) - 1)
