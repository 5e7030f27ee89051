"""Passages and questions in any number, real ones first, for measuring speed at a size.

Real text comes from a BEIR folder. Beyond what it holds, its passages are repeated under further titles, so that no
two are the same to a cache. Without a folder the text is made of jieba's words at the frequencies of its dictionary:
no sense in it, but postings as long as those of real text.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from evaluation.beir import BeirFolder, Passage
from index.segmentation import Segmenter
from ingest.errors import InputError

SIZE = re.compile(r"(\d+)([km]?)", re.IGNORECASE)
UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
SEED = 20240401
MADE_PASSAGES = 60_000  # made ones before they repeat: the size of a large real collection
WORDS_A_PASSAGE = 60
PASSAGES_A_DOCUMENT = 100
QUESTION_CHARACTERS = 20
CENTRES = 1_000  # made vectors lie around so many centres, as those of texts on so many matters do
SPREAD = 0.7  # of a made vector around its centre, relative to the centre's length


def read_sizes(text: str) -> tuple[int, ...]:
    """Sizes as a person writes them ("5k,25k,1m") as numbers, ascending.

    Raises:
        InputError: a size is not a number of clauses.
    """
    sizes = []
    for part in text.split(","):
        found = SIZE.fullmatch(part.strip())
        if not found or not int(found[1]):
            raise InputError(f"--sizes 里的“{part}”不是条款数。应为：用逗号分开的数，例如 5k,25k,58k,1m。")
        sizes.append(int(found[1]) * UNITS[found[2].lower()])
    return tuple(sorted(set(sizes)))


def passages_of_size(size: int, folder: BeirFolder | None) -> list[Passage]:
    """``size`` passages, no two alike."""
    first = list(folder.corpus) if folder else _made(min(size, MADE_PASSAGES))
    return list(islice(_repeated(first), size))


def questions_for(passages: Sequence[Passage], folder: BeirFolder | None, count: int) -> list[str]:
    """``count`` questions, no two alike: the folder's own, then pieces of passages."""
    own = list(dict.fromkeys(folder.judged_queries.values())) if folder else []
    shuffled = random.Random(SEED).sample(passages, min(len(passages), count * 2))
    pieces = (passage.text[:QUESTION_CHARACTERS] for passage in shuffled)
    return list(dict.fromkeys([*own, *(piece for piece in pieces if piece.strip())]))[:count]


def _repeated(passages: Sequence[Passage]) -> Iterator[Passage]:
    yield from passages
    time = 1
    while passages:
        time += 1
        for at, passage in enumerate(passages):
            title = f"{passage.title or at // PASSAGES_A_DOCUMENT}（第{time}遍）"
            yield replace(passage, passage_id=f"{passage.passage_id}-{time}", title=title)


def _made(count: int) -> list[Passage]:
    words, weights = _dictionary()
    chosen = random.Random(SEED).choices(words, weights, k=count * WORDS_A_PASSAGE)
    return [
        Passage(
            f"m{at}",
            f"合成文件{at // PASSAGES_A_DOCUMENT}",
            "".join(chosen[at * WORDS_A_PASSAGE : (at + 1) * WORDS_A_PASSAGE]),
        )
        for at in range(count)
    ]


def _dictionary() -> tuple[list[str], list[int]]:
    """Jieba's words and their frequencies."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise InputError("没有安装 jieba。请先运行 pip install -r requirements.txt。")
    lines = (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    cells = [line.split(" ") for line in lines]
    return [cell[0] for cell in cells], [int(cell[1]) for cell in cells]


class Questions(Protocol):
    """What ``MadeVectors`` needs of the real encoder."""

    @property
    def fingerprint(self) -> str:
        """Names the model."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of questions."""


class MadeVectors:
    """An encoder whose passages cost nothing, a unit vector made from the text's hash; questions are really encoded.

    Args:
        questions: gives the vectors of questions.
    """

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self.dimension = questions.dimension
        self.fingerprint = f"made-{SEED}-{questions.fingerprint}"
        self._centres = np.random.default_rng(SEED).standard_normal((CENTRES, self.dimension), dtype=np.float32)

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of questions, shape (n, dimension)."""
        return self._questions.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Made vectors, shape (n, dimension), the same for the same text."""
        vectors = np.stack([self._vector(text) for text in texts])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
        noise = np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)
        return np.asarray(self._centres[seed % CENTRES] + SPREAD * noise, dtype=np.float32)


class RepeatedWords(Segmenter):
    """jieba that cuts each line once: passages that are repeated under further titles differ in their first line."""

    def __init__(self) -> None:
        super().__init__()
        self._cut: dict[str, list[str]] = {}

    def tokens(self, text: str) -> list[str]:
        """The words of ``text`` in order; jieba's words never go over the end of a line."""
        words: list[str] = []
        for line in text.split("\n"):
            if line not in self._cut:
                self._cut[line] = super().tokens(line)
            words += self._cut[line]
        return words
