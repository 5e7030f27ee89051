"""A question as weighted terms of the lexical index: its words, their pairs of characters, and synonyms for less."""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Term
from index.segmentation import Segmenter, character_pairs, normal_form, translated
from ingest import tables
from ingest.records import Span

# Enough to find a clause that says it in other words, too little to outrank one that uses the question's own.
SYNONYM_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Weights of words and of character pairs, and the words to mark in a text."""

    words: dict[str, float]
    pairs: dict[str, float]
    marked: tuple[str, ...]


def lexical_query(query: str, segmenter: Segmenter) -> LexicalQuery:
    """Read a question. One of stop words only is taken as it stands, so that it still finds something."""
    chinese = translated(query)
    terms = segmenter.content_words(query)
    stop = tables.stopwords() if terms else frozenset()
    words = dict.fromkeys((word for word in segmenter.tokens(chinese) if word not in stop), 1.0)
    pairs = dict.fromkeys((pair for pair in character_pairs(chinese) if pair not in stop), 1.0)
    for term in terms:
        for other in term.synonyms:
            for word in segmenter.tokens(other):
                words.setdefault(word, SYNONYM_WEIGHT)
            for pair in character_pairs(other):
                pairs.setdefault(pair, SYNONYM_WEIGHT)
    return LexicalQuery(words, pairs, _marked(terms, words))


def _marked(terms: list[Term], words: dict[str, float]) -> tuple[str, ...]:
    own = [term.word for term in terms]
    others = [word for term in terms for word in term.synonyms]
    return tuple(dict.fromkeys(word for word in [*own, *words, *others] if len(word) > 1))


def matched_spans(text: str, marked: tuple[str, ...]) -> tuple[Span, ...]:
    """Where the words stand in ``text``, in order; places that touch or overlap are one."""
    normal = normal_form(text)
    places = sorted(
        (start, start + len(word)) for word in map(normal_form, marked) for start in _occurrences(normal, word)
    )
    merged: list[Span] = []
    for start, end in places:
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return tuple(merged)


def _occurrences(text: str, word: str) -> list[int]:
    starts: list[int] = []
    at = text.find(word) if word else -1
    while at >= 0:
        starts.append(at)
        at = text.find(word, at + 1)
    return starts
