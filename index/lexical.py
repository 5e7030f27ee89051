"""The lexical index: BM25 over words and over character pairs, in numpy arrays.

Counts are stored, weights are computed when the index is loaded. A query term has a weight, so that a synonym
counts less than the word itself, and the scores of all clauses come out at once, so that a filter is a mask.

BM25 (Robertson and Zaragoza 2009) in the form of Lucene: for a term in ``df`` of ``n`` passages, ``tf`` times in
a passage of length ``dl``,

    ln(1 + (n - df + 0.5) / (df + 0.5)) * tf * (K1 + 1) / (tf + K1 * (1 - B + B * dl / mean dl))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.packed_model import Matrix

Integers = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

# A flat optimum on both judged sets: policy-qa prefers a small B, statutes a larger one.
K1 = 0.9
B = 0.6
# Words beside pairs: pairs find what segmentation tears apart, words keep their meaning. Measured on policy-qa:
# pairs alone .809 recall@5, words alone .793, together .816; on statutes .405, .382, .427.
WORD_WEIGHT = 0.8
SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Postings:
    """Which passages hold a term, and how often.

    Term ``t`` stands in ``rows[starts[t]:starts[t + 1]]``, as often as ``counts`` says there; ``lengths`` has one
    entry a passage.
    """

    terms: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    rows: Integers
    counts: Integers
    lengths: Integers


def build_postings(passages: Sequence[Sequence[str]]) -> Postings:
    """Count the terms of each passage."""
    terms: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    for row, passage in enumerate(passages):
        for term, count in Counter(passage).items():
            rows.append(row)
            columns.append(terms.setdefault(term, len(terms)))
            counts.append(count)
    column_array = np.asarray(columns, dtype=np.int64)
    order = np.argsort(column_array, kind="stable")
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum(np.bincount(column_array, minlength=len(terms)), out=starts[1:])
    return Postings(
        terms,
        starts,
        np.asarray(rows, dtype=np.int32)[order],
        np.asarray(counts, dtype=np.int32)[order],
        np.asarray([len(passage) for passage in passages], dtype=np.int32),
    )


def update_postings(old: Postings, kept: Rows, fresh: Postings) -> Postings:
    """Postings of a changed collection, without counting again what did not change.

    Args:
        old: postings of the collection as it was.
        kept: for each row of the new collection the row of ``old`` that stands there, each at most once, or -1.
        fresh: postings of the passages that stand where ``kept`` is -1, in their order.
    """
    is_kept = kept >= 0
    new_rows = np.full(len(old.lengths), -1, dtype=np.int32)
    new_rows[kept[is_kept]] = np.flatnonzero(is_kept)
    terms = dict(old.terms)
    fresh_columns = np.fromiter((terms.setdefault(term, len(terms)) for term in fresh.terms), np.int64)
    rows = new_rows[old.rows]
    stays = rows >= 0
    columns = np.concatenate((_columns(old)[stays], fresh_columns[_columns(fresh)]))
    order = np.argsort(columns, kind="stable")
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum(np.bincount(columns, minlength=len(terms)), out=starts[1:])
    lengths = np.empty(len(kept), dtype=np.int32)
    lengths[is_kept] = old.lengths[kept[is_kept]]
    lengths[~is_kept] = fresh.lengths
    fresh_rows = np.flatnonzero(~is_kept).astype(np.int32)[fresh.rows]
    return Postings(
        terms,
        starts,
        np.concatenate((rows[stays], fresh_rows))[order],
        np.concatenate((old.counts[stays], fresh.counts))[order],
        lengths,
    )


def _columns(postings: Postings) -> npt.NDArray[np.int64]:
    """The term of each entry."""
    return np.repeat(np.arange(len(postings.terms)), np.diff(postings.starts))


class _Field:
    """Postings with the weight of each entry."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self._weights = _bm25(postings)

    @property
    def frequencies(self) -> dict[str, int]:
        """In how many passages each term stands."""
        return dict(zip(self.postings.terms, np.diff(self.postings.starts).tolist(), strict=True))

    def add_scores(self, query: Mapping[str, float], factor: float, scores: Matrix) -> None:
        """Add the scores of ``query`` (term to weight), times ``factor``, to ``scores`` in place."""
        starts, rows = self.postings.starts, self.postings.rows
        for term, weight in query.items():
            at = self.postings.terms.get(term)
            if at is not None:
                entries = slice(starts[at], starts[at + 1])
                scores[rows[entries]] += np.float32(factor * weight) * self._weights[entries]


def _bm25(postings: Postings) -> Matrix:
    count = len(postings.lengths)
    if not len(postings.rows):
        return np.empty(0, dtype=np.float32)
    document_frequency = np.diff(postings.starts)
    idf = np.log1p((count - document_frequency + 0.5) / (document_frequency + 0.5))
    mean_length = max(float(postings.lengths.mean()), 1.0)
    norm = K1 * (1 - B + B * postings.lengths / mean_length)
    counts = postings.counts.astype(np.float64)
    weights = np.repeat(idf, document_frequency) * counts * (K1 + 1) / (counts + norm[postings.rows])
    return np.asarray(weights, dtype=np.float32)


class LexicalIndex:
    """BM25 over words and character pairs.

    Args:
        words: postings of words.
        pairs: postings of character pairs, over the same passages.
    """

    FILE = "lexical.npz"

    def __init__(self, words: Postings, pairs: Postings) -> None:
        self._words = _Field(words)
        self._pairs = _Field(pairs)

    @classmethod
    def of(cls, words: Sequence[Sequence[str]], pairs: Sequence[Sequence[str]]) -> LexicalIndex:
        """An index over passages given as their words and their character pairs."""
        return cls(build_postings(words), build_postings(pairs))

    def updated(self, kept: Rows, fresh: LexicalIndex) -> LexicalIndex:
        """The index of a changed collection; ``kept`` and ``fresh`` as in ``update_postings``."""
        return LexicalIndex(
            update_postings(self._words.postings, kept, fresh._words.postings),
            update_postings(self._pairs.postings, kept, fresh._pairs.postings),
        )

    def __len__(self) -> int:
        """The number of passages."""
        return len(self._words.postings.lengths)

    @property
    def word_frequencies(self) -> dict[str, int]:
        """In how many passages each word stands."""
        return self._words.frequencies

    @property
    def pair_frequencies(self) -> dict[str, int]:
        """In how many passages each character pair stands."""
        return self._pairs.frequencies

    def best_scores(self, forms: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> Matrix:
        """For every passage the best of the scores by each of ``forms``, shape (n,); forms as for ``scores``."""
        best = np.zeros(len(self), dtype=np.float32)
        for words, pairs in forms:
            np.maximum(best, self.scores(words, pairs), out=best)
        return best

    def scores(self, words: Mapping[str, float], pairs: Mapping[str, float]) -> Matrix:
        """The score of every passage, shape (n,), 0 where no term occurs.

        Args:
            words: weight of each word of the question.
            pairs: weight of each character pair of the question.
        """
        scores = np.zeros(len(self), dtype=np.float32)
        self._words.add_scores(words, WORD_WEIGHT, scores)
        self._pairs.add_scores(pairs, 1.0, scores)
        return scores

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        arrays: dict[str, npt.NDArray[np.generic]] = {}
        for name, field in (("words", self._words), ("pairs", self._pairs)):
            postings = field.postings
            text = SEPARATOR.join(postings.terms).encode("utf-8")
            arrays[f"{name}_terms"] = np.frombuffer(text, dtype=np.uint8)
            arrays[f"{name}_starts"] = postings.starts
            arrays[f"{name}_rows"] = postings.rows
            arrays[f"{name}_counts"] = postings.counts
            arrays[f"{name}_lengths"] = postings.lengths
        np.savez(folder / self.FILE, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read the index from ``folder``."""
        with np.load(folder / cls.FILE, allow_pickle=False) as arrays:
            return cls(*(_read_postings(arrays, name) for name in ("words", "pairs")))


def _read_postings(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Postings:
    text = arrays[f"{name}_terms"].tobytes().decode("utf-8")
    terms = {term: at for at, term in enumerate(text.split(SEPARATOR))} if text else {}
    return Postings(
        terms,
        arrays[f"{name}_starts"].astype(np.int64),
        arrays[f"{name}_rows"].astype(np.int32),
        arrays[f"{name}_counts"].astype(np.int32),
        arrays[f"{name}_lengths"].astype(np.int32),
    )
