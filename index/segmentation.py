"""Text to words: jieba with the domain dictionary, one instance of its own, quiet.

Takes any text; gives words for the lexical index, and the words of a question with their weights and synonyms.
Full-width and half-width forms and letter case are made equal, character by character, so that a place in the
normal form is the same place in the text.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import threading
import unicodedata
import warnings
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from index.records import Term
from ingest import tables

WORD = re.compile(r"[0-9a-z\u3400-\u4dbf\u4e00-\u9fff]")
RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[0-9a-z]+(?:[.%][0-9a-z]+)*")
LATIN_WORD = re.compile(r"[a-z][a-z'-]*")
# A word that jieba's table of frequencies lacks: the table's own median.
MEDIAN_IDF = 11.9
LONGEST_PHRASE = 5  # English words in the longest phrase of the glossary that is tried


def normal_form(text: str) -> str:
    """Half-width, lower case; of the same length as ``text``, so that offsets stay valid."""
    return text if text.isascii() and text.islower() else "".join(map(_normal_char, text))


@lru_cache(maxsize=65536)
def _normal_char(char: str) -> str:
    normal = unicodedata.normalize("NFKC", char).lower()
    return normal if len(normal) == 1 else char


def character_pairs(text: str) -> list[str]:
    """Overlapping pairs of Chinese characters, and whole runs of Latin letters and digits.

    >>> character_pairs("进社区3次")
    ['进社', '社区', '3', '次']
    """
    pairs: list[str] = []
    for run in RUN.findall(normal_form(text)):
        if run[0] < "\u3400" or len(run) == 1:
            pairs.append(run)
        else:
            pairs.extend(run[at : at + 2] for at in range(len(run) - 1))
    return pairs


class Segmenter:
    """jieba with a dictionary of one's own.

    Args:
        dictionary: lines of word, frequency, part of speech; the domain dictionary where it is not given.
    """

    def __init__(self, dictionary: Path | None = None) -> None:
        self._dictionary = (dictionary or tables.dictionary_path()).read_bytes()

    @property
    def fingerprint(self) -> str:
        """Names jieba's version and the dictionary's content."""
        return f"jieba-{_quiet_jieba().__version__}-{hashlib.sha256(self._dictionary).hexdigest()[:12]}"

    def tokens(self, text: str) -> list[str]:
        """The words of ``text`` in order, in normal form, without punctuation."""
        # Without the hidden Markov model: its guesses at new words differ between question and text, which cost
        # 1 point of recall@5 where it was measured.
        words = _tokenizer(self._dictionary).lcut(normal_form(text), HMM=False)
        return [word for word in words if WORD.search(word)]

    def pieces(self, text: str) -> list[str]:
        """All of ``text`` cut into words, punctuation and white space included: joined they are ``text``."""
        pieces, start = [], 0
        for piece in _tokenizer(self._dictionary).lcut(normal_form(text), HMM=False):
            pieces.append(text[start : start + len(piece)])
            start += len(piece)
        return pieces

    def content_words(self, query: str) -> list[Term]:
        """The words of a question that say something about its subject, each once, in order.

        English words and phrases are given as the Chinese words of the glossary, an unknown one as it stands.
        An empty list means that the question has stop words only.
        """
        stop = tables.stopwords()
        words = [word for word in self._query_words(translated(query)) if word not in stop]
        synonyms = synonym_table()
        return [Term(word, general_idf(word), synonyms.get(word, ())) for word in dict.fromkeys(words)]

    def _query_words(self, query: str) -> list[str]:
        """The words of a question; the phrases of the synonym table, which jieba would cut, stay whole."""
        words: list[str] = []
        done = 0
        normal = normal_form(query)
        for phrase in synonym_phrases().finditer(normal):
            words += [*self.tokens(normal[done : phrase.start()]), phrase.group()]
            done = phrase.end()
        return words + self.tokens(normal[done:])


_LOADING = threading.Lock()


def _tokenizer(dictionary: bytes) -> Any:
    with _LOADING:  # two threads at once would each read the large dictionary
        return _loaded_tokenizer(dictionary)


@cache
def _loaded_tokenizer(dictionary: bytes) -> Any:
    tokenizer = _quiet_jieba().Tokenizer()
    # Not initialize(): it reads and writes a cache in the shared temporary folder, and is no faster.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    tokenizer.load_userdict(io.BytesIO(dictionary))
    return tokenizer


@cache
def _quiet_jieba() -> Any:
    # jieba imports pkg_resources where it is installed, and its regular expressions are not raw strings.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)
    return jieba


@cache
def synonym_table() -> dict[str, tuple[str, ...]]:
    """The other words for the same thing, by word, in normal form."""
    table: dict[str, list[str]] = {}
    for group in tables.synonym_groups():
        forms = [normal_form(word) for word in group]
        for form in forms:
            known = table.setdefault(form, [])
            known.extend(other for other in forms if other != form and other not in known)
    return {word: tuple(others) for word, others in table.items()}


@cache
def synonym_phrases() -> re.Pattern[str]:
    """Phrases of three characters and more; jieba knows the shorter words."""
    phrases = sorted((word for word in synonym_table() if len(word) >= 3), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, phrases)) or r"(?!)")


class _IdfTable:
    """jieba's table of inverse document frequencies, found by the hash of a word.

    Arrays of 4 MB, read in a tenth of a second. A dict of its 270,000 words takes as long and 34 MB; looking through
    the lines as they stand on disk takes a millisecond for each word of a question.

    Args:
        content: lines of word and value.
    """

    def __init__(self, content: bytes) -> None:
        cells = content.split()
        hashes = np.fromiter(map(hash, cells[::2]), np.int64, len(cells) // 2)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._values = np.fromstring(b" ".join(cells[1::2]).decode("ascii"), dtype=np.float64, sep=" ")[order]

    def value(self, word: str) -> float:
        """The value of a word, ``MEDIAN_IDF`` where the table lacks it."""
        sought = hash(word.encode("utf-8", "surrogatepass"))
        at = int(np.searchsorted(self._hashes, sought))
        found = at < len(self._hashes) and int(self._hashes[at]) == sought
        return float(self._values[at]) if found else MEDIAN_IDF


@cache
def _idf_table() -> _IdfTable:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return _IdfTable(b"")
    return _IdfTable((Path(spec.origin).parent / "analyse" / "idf.txt").read_bytes())


def general_idf(word: str) -> float:
    """The inverse document frequency of a word in the general language, by jieba's table."""
    return _idf_table().value(word)


def translated(query: str) -> str:
    """The question with its English phrases replaced by the Chinese words of the glossary, longest first.

    A text without Latin letters is given back as it is; words the glossary lacks stay.
    """
    normal = normal_form(query)
    words = list(LATIN_WORD.finditer(normal))
    if not words:
        return query
    glossary = tables.glossary()
    pieces: list[str] = []
    at = done = 0
    while at < len(words):
        size, chinese = _longest_phrase(words, at, normal, glossary)
        pieces.append(normal[done : words[at].start()])
        pieces.append(" ".join(chinese) if chinese else normal[words[at].start() : words[at + size - 1].end()])
        done = words[at + size - 1].end()
        at += size
    return "".join([*pieces, normal[done:]])


def _longest_phrase(
    words: list[re.Match[str]], at: int, normal: str, glossary: dict[str, tuple[str, ...]]
) -> tuple[int, tuple[str, ...]]:
    for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        phrase = " ".join(normal[words[at].start() : words[at + size - 1].end()].split())
        if phrase in glossary:
            return size, glossary[phrase]
    return 1, ()
