"""An English question in the words of a Chinese index: each word or phrase with Chinese words that may stand for it.

In this order: the glossary of the field, names by their sound, the general dictionary. Phrases go before words, the
longest first. Only what the index holds counts, the more common word first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log1p

from index.glosses import Glosses, phrase_key
from index.pinyin import sounding
from index.segmentation import Segmenter, character_pairs
from ingest import tables

Form = tuple[dict[str, float], dict[str, float]]
LONGEST_PHRASE = 8  # words
REMEMBERED = 64  # questions
MOST_WORDS = 4  # Chinese words for one English phrase; the dictionary's rarer ones are far-fetched
SINGLE = 0.3  # of a dictionary's word of one character: it means too much
# Half a term: that neighbours stand side by side in Chinese, too, is only likely. Measured on English questions: +.03
# recall@5.
JOINT_WEIGHT = 0.5
TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)*")
CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A word or phrase of a question, and the Chinese words that it may mean, the likeliest first; none if unknown."""

    english: str
    words: tuple[str, ...]
    is_certain: bool = True  # not by the general dictionary, whose words may be meant otherwise


def is_english(query: str) -> bool:
    """Whether a question has Latin words and no Chinese character."""
    return not CJK.search(query) and TOKEN.search(query) is not None


class EnglishReader:
    """Reads English questions for one index.

    Args:
        frequencies: in how many passages each word of the index stands.
        pairs: the same for character pairs.
    """

    def __init__(self, frequencies: Callable[[], Mapping[str, int]], pairs: Callable[[], Mapping[str, int]]) -> None:
        # Taken when the first English question comes, since most readers ask in Chinese.
        self._frequencies = cache(frequencies)
        self._pair_frequencies = cache(pairs)
        # Terms, words and vector of one question are all made of its readings.
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)
        self._places = cache(lambda: _place_names(self._frequencies()))
        self._glosses = cache(lambda: Glosses(self._frequencies()))

    def readings(self, query: str) -> tuple[Reading, ...]:
        """The content words and phrases of ``query``, in order; stop words are left out."""
        return self._remembered(query)

    def _read(self, query: str) -> tuple[Reading, ...]:
        tokens = [match.group().replace("’", "'").removesuffix("'s") for match in TOKEN.finditer(query)]
        stop, found, at = tables.stopwords(), [], 0
        while at < len(tokens):
            size, words, is_certain = self._longest(tokens, at)
            if words or (tokens[at].lower() not in stop and len(tokens[at]) > 1):
                found.append(Reading(" ".join(tokens[at : at + size]), words, is_certain))
            at += size
        return tuple(dict.fromkeys(found))

    def _longest(self, tokens: list[str], at: int) -> tuple[int, tuple[str, ...], bool]:
        """How many tokens from ``at`` on are one phrase, its Chinese words, and whether they are certain."""
        if tokens[at].isdigit():
            return 1, (tokens[at],) if len(tokens[at]) > 1 else (), True
        for size in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
            phrase = tokens[at : at + size]
            lowered = [token.lower() for token in phrase]
            words = self._held(glossary_words(lowered))
            if words:
                return size, tuple(words), True
            if size == 1 and phrase[0][0].isupper():
                taken, words = self._named(tokens, at)
                if words:
                    return taken, tuple(words), True
            words = self._known(phrase)
            if words:
                return size, tuple(words), False
        return 1, (), True

    def _named(self, tokens: list[str], at: int) -> tuple[int, list[str]]:
        """A name by its sound, with the word for what it is ("Haidian District"); nothing for an English word."""
        if tokens[at].lower() in tables.stopwords():
            return 1, []
        sounds = sounding(tokens[at], self._frequencies())
        places = sounding(tokens[at], self._places())
        sounds = places or sounds
        meant = self._glosses().of([tokens[at].lower()])
        if meant:
            sounds = [word for word in sounds if word in meant or word[:-1] in meant]
        elif not sounds:
            sounds = sounding(tokens[at], self._pair_frequencies())
        names = self._ranked(sounds)[:MOST_WORDS]
        kind = tables.place_kinds().get(tokens[at + 1].lower()) if at + 1 < len(tokens) else None
        if kind is None:
            return 1, names
        names = names or [word for word in meant if word.endswith(kind)]
        return 2 if names else 1, [name if name.endswith(kind) else name + kind for name in names]

    def _held(self, words: Iterable[str]) -> list[str]:
        """Those that the index holds, in their order, the likeliest first; the rest behind them."""
        return sorted(words, key=lambda word: not self._common(word))

    def _ranked(self, words: Iterable[str]) -> list[str]:
        """The most common first."""
        return sorted(words, key=lambda word: -self._common(word))

    def _common(self, word: str) -> int:
        """In how many passages; a word that the index cuts into pieces is as common as its rarest pair."""
        rarest = min((self._pair_frequencies().get(pair, 0) for pair in character_pairs(word)), default=0)
        return self._frequencies().get(word) or rarest

    def _known(self, phrase: list[str]) -> list[str]:
        """The dictionary's words, the likeliest first: a main meaning of a common word, rather no single character."""
        lowered = [token.lower() for token in phrase]
        passing = [word in tables.stopwords() for word in lowered]
        # "exempt from punishment" is said word by word elsewhere; a name ("Ministry of Commerce") is not.
        if passing[0] or passing[-1] or (any(passing) and not phrase[-1][0].isupper()):
            return []
        frequencies = self._frequencies()
        likely = {
            word: share * log1p(frequencies[word]) * (SINGLE if len(word) == 1 else 1.0)
            for word, share in self._glosses().of(lowered).items()
        }
        return sorted(likely, key=lambda word: -likely[word])[:MOST_WORDS]


def english_forms(readings: Iterable[Reading], segmenter: Segmenter) -> list[list[Form]]:
    """For each reading its words as terms of the lexical index, of which only the best match counts."""
    return [
        [(dict.fromkeys(segmenter.tokens(word), 1.0), dict.fromkeys(character_pairs(word), 1.0)) for word in each.words]
        for each in readings
    ]


def joints(readings: Iterable[Reading]) -> dict[str, float]:
    """Character pairs where the likeliest words of neighbours would meet, as terms of the lexical index."""
    words = [each.words[0] if each.words else "" for each in readings]
    return {
        before[-1] + after[0]: JOINT_WEIGHT
        for before, after in zip(words, words[1:], strict=False)
        if CJK.match(before[-1:]) and CJK.match(after[:1])
    }


def word_by_word(readings: Iterable[Reading]) -> str:
    """The likeliest Chinese word of each reading, in the order of the question."""
    return " ".join(each.words[0] for each in readings if each.words)


def _place_names(words: Iterable[str]) -> frozenset[str]:
    """The names in words like 大理市, without what they are: jieba keeps such words whole."""
    kinds = tuple(set(tables.place_kinds().values()))
    ending = [(word, next((kind for kind in kinds if word.endswith(kind)), "")) for word in words]
    return frozenset(word.removesuffix(kind) for word, kind in ending if kind and len(word) > len(kind) + 1)


@cache
def _stemmed_glossary() -> dict[str, tuple[str, ...]]:
    read: dict[str, tuple[str, ...]] = {}
    for english, chinese in tables.glossary().items():
        read.setdefault(phrase_key(english.split()), chinese)
    return read


def glossary_words(phrase: list[str]) -> tuple[str, ...]:
    """The glossary's words for a lower-case phrase, as written or by its stems."""
    exact = tables.glossary().get(" ".join(phrase), ())
    return exact if exact or set(phrase) <= tables.stopwords() else _stemmed_glossary().get(phrase_key(phrase), ())
