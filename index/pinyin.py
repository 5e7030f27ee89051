"""Chinese words by their sound: what "Zhejiang" or "Tai'an" is in the words of an index.

Takes a word of Latin letters and words of Chinese characters; tones and apostrophes are set aside. Every reading of a
character counts, since names keep rare ones (重庆 is "Chongqing").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

LONGEST_SYLLABLE = 6  # "zhuang"
MOST_SYLLABLES = 5
LETTERS = re.compile(r"[a-z]+")


@lru_cache(maxsize=1024)
def syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """All ways to cut ``word`` into syllables; an apostrophe always separates two.

    >>> syllables("xian")
    (('xi', 'an'), ('xian',))
    >>> syllables("xi'an")
    (('xi', 'an'),)
    """
    ways: list[tuple[str, ...]] = [()]
    for part in LETTERS.findall(word.lower()):
        ways = [(*before, *after) for before in ways for after in _cuts(part)]
    return tuple(way for way in ways if 0 < len(way) <= MOST_SYLLABLES)


def _cuts(letters: str) -> list[tuple[str, ...]]:
    if not letters:
        return [()]
    known = _characters()
    return [
        (letters[:size], *rest)
        for size in range(1, min(LONGEST_SYLLABLE, len(letters)) + 1)
        if letters[:size] in known
        for rest in _cuts(letters[size:])
    ]


def sounding(word: str, candidates: Iterable[str]) -> list[str]:
    """Those of ``candidates`` that may be read as ``word``, of two characters and more."""
    known = _characters()
    ways: dict[int, list[tuple[frozenset[str], ...]]] = {}
    for way in syllables(word):
        if len(way) > 1:
            ways.setdefault(len(way), []).append(tuple(known[each] for each in way))
    if not ways:
        return []
    return [
        each
        for each in candidates
        if any(all(char in sound for char, sound in zip(each, way, strict=True)) for way in ways.get(len(each), ()))
    ]


@cache
def _characters() -> dict[str, frozenset[str]]:
    """The characters that a syllable may stand for, by syllable without its tone; ü is written u, too."""
    from pypinyin.pinyin_dict import pinyin_dict

    read: dict[str, set[str]] = {}
    for code, sounds in pinyin_dict.items():
        if 0x4E00 <= code <= 0x9FFF:
            for sound in sounds.split(","):
                read.setdefault(_toneless(sound), set()).add(chr(code))
    return {sound: frozenset(chars) for sound, chars in read.items() if LETTERS.fullmatch(sound)}


@lru_cache(maxsize=4096)
def _toneless(sound: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", sound) if not unicodedata.combining(char))
