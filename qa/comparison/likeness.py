"""How alike two texts are, for all of one list against all of another: by words, and by meaning where there is a model.

By words: the cosine of their character pairs, hashed into a fixed number of columns. By meaning: the cosine of the
model's vectors, stretched so that what two unlike clauses have is 0 (models give 0.8 to anything in one language).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np

from index.packed_model import Matrix
from qa.changes import bare

Embed = Callable[[Sequence[str]], Matrix]
_COLUMNS = 4096  # collisions shift a cosine by a few hundredths at most
_MEANING_WEIGHT = 0.9  # words that agree say more than vectors that do
_UNLIKE = 50  # percentile of the cosines of two lists: most clauses of two documents have nothing to do with each other
_CEILING = 0.75  # of the way from unlike to the same words: what two wordings of one demand reach
_LEAST_MEANING = 0.35


def by_words(before: Sequence[str], after: Sequence[str]) -> Matrix:
    """Likeness 0..1 by shared character pairs, shape (before, after); 1 for the same words."""
    likeness = np.asarray(_pairs(before) @ _pairs(after).T, dtype=np.float32)
    return np.clip(likeness, 0.0, 1.0, out=likeness)


def by_meaning(before: Sequence[str], after: Sequence[str], embed: Embed | None) -> Matrix:
    """Likeness 0..1 by the model, shape (before, after); zeros without a model."""
    if embed is None or not before or not after:
        return np.zeros((len(before), len(after)), dtype=np.float32)
    cosines: Matrix = np.asarray(embed(list(before)) @ embed(list(after)).T, dtype=np.float32)
    floor = float(np.percentile(cosines, _UNLIKE)) if cosines.size > 4 else 0.8
    cosines -= np.float32(floor)  # in place: two laws have millions of pairs
    cosines /= np.float32(max(1e-6, _CEILING * (1.0 - floor)))
    np.clip(cosines, 0.0, 1.0, out=cosines)
    cosines[cosines < _LEAST_MEANING] = 0.0
    cosines *= np.float32(_MEANING_WEIGHT)
    return cosines


def _pairs(texts: Sequence[str]) -> Matrix:
    """Unit rows of square-rooted counts of character pairs; an empty text gives a row of zeros."""
    rows = np.zeros((len(texts), _COLUMNS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        words = bare(text)
        for at in range(max(1, len(words) - 1)):
            if pair := words[at : at + 2]:
                row[crc32(pair.encode()) % _COLUMNS] += 1.0
    np.sqrt(rows, out=rows)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, norms, out=rows, where=norms > 0), dtype=np.float32)
