"""What a question is about: its content terms with weights, and how far a text speaks of them.

A term is a stretch of the question that is not a stopword: a phrase of the synonym table where one stands
there ("不让住"), else a word of the segmenter; for English questions the Chinese words of the glossary.
Its weight is its inverse document frequency in general Chinese (jieba's table), so that a common word
("工作") counts little and a rare one ("起征点") much, however small the collection is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from index import segmentation
from index.english import Reading
from ingest import tables
from qa.questions import Question, fold

SYNONYM_CREDIT = 0.85  # a synonym says nearly the same; below 1 so that the question's own word wins
PARTIAL_CREDIT = 0.45  # "阅读指导" and "指导" share a part; a word of two characters is there or not
UNKNOWN_ENGLISH_WEIGHT = 6.0  # an English content word that no glossary entry covers: a name, or a plain verb
PARTIAL_MIN_WEIGHT = 5.0  # characters of common words ("工作") are shared by chance


@dataclass(frozen=True, slots=True)
class Term:
    """One content term: as written, its weight (>= 0), the other forms that count for it, its share of the clauses."""

    word: str
    weight: float
    synonyms: tuple[str, ...] = ()
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a text speaks of the terms: ``share`` in 0..1 by weight, and the terms not found at all."""

    share: float
    missing: tuple[str, ...]


def synonyms_of(word: str) -> tuple[str, ...]:
    """The other words for the same thing."""
    return segmentation.synonym_table().get(word, ())


def content_terms(
    question: Question,
    words_of: Callable[[str], Iterable[str]],
    weight_of: Callable[[str], float],
    readings_of: Callable[[str], Iterable[Reading]],
) -> tuple[Term, ...]:
    """The content terms of ``question`` in order, each once.

    Args:
        question: the question as understood.
        words_of: cuts Chinese text into words.
        weight_of: the weight of a Chinese word.
        readings_of: the words of an English question with their Chinese words.
    """
    if question.english:
        return _english_terms(readings_of(question.searched), weight_of)
    stop = tables.stopwords()
    found: dict[str, Term] = {}
    for piece, is_phrase in _phrases(question.folded):
        for word in [piece] if is_phrase else words_of(piece):
            if word not in found and word not in stop and _speaks(word):
                found[word] = Term(word, weight_of(word), segmentation.synonym_table().get(word, ()))
    return tuple(found.values())


def coverage(terms: Iterable[Term], text: str) -> Coverage:
    """How far ``text`` speaks of ``terms``; with no terms nothing is covered (share 0)."""
    total = got = 0.0
    missing = []
    folded = fold(text)
    for term in terms:
        total += term.weight
        share = credit(term, folded)
        got += term.weight * share
        if share == 0:
            missing.append(term.word)
    return Coverage(got / total if total else 0.0, tuple(missing))


def credit(term: Term, folded: str) -> float:
    """How far the folded text says ``term``: 1 itself, less for a synonym or shared characters, 0 not at all."""
    if term.word in folded:
        return 1.0
    if any(form in folded for form in term.synonyms):
        return SYNONYM_CREDIT
    if term.weight >= PARTIAL_MIN_WEIGHT and len(term.word) > 2 and not term.word.isascii():
        pairs = [term.word[i : i + 2] for i in range(len(term.word) - 1)]
        return PARTIAL_CREDIT * sum(pair in folded for pair in pairs) / len(pairs)
    return 0.0


def _speaks(word: str) -> bool:
    # A lone numeral ("二") is part of a place; every clause under 二 has it in its path.
    alone = len(word) == 1 and (word.isascii() or unicodedata.numeric(word, None) is not None)
    return bool(re.search(r"[\u3400-\u9fffA-Za-z0-9]", word)) and not alone


def _phrases(text: str) -> Iterable[tuple[str, bool]]:
    """``text`` cut at the phrases of the synonym table: ``(piece, is_phrase)``, longest phrase first."""
    pattern = segmentation.synonym_phrases()
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def _english_terms(readings: Iterable[Reading], weight_of: Callable[[str], float]) -> tuple[Term, ...]:
    """Each word or phrase as one term that any of its Chinese words says; an unknown word as a term of its own."""
    found: dict[str, Term] = {}
    for reading in readings:
        word = reading.english.lower()
        weight = max((weight_of(each) for each in reading.words), default=UNKNOWN_ENGLISH_WEIGHT)
        found.setdefault(word, Term(word, weight, reading.words))
    return tuple(found.values())
