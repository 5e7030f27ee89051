"""Postings: which passages hold a term, and how often. Counted and merged part by part.

A collection of a million clauses has two hundred million entries; as one list of Python numbers they took ten
gigabytes, as arrays of parts that are merged they take twice what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.unsignedinteger]
Rows = npt.NDArray[np.int64]

PART_PASSAGES = 20_000  # counted at once
PART_ENTRIES = 2_000_000  # treated at once; arrays of so many numbers of 8 bytes are 16 MB
SEPARATOR = "\n"


@dataclass(frozen=True, slots=True)
class Postings:
    """Which passages hold a term, and how often.

    Term ``t`` stands in ``rows[starts[t]:starts[t + 1]]``, as often as ``counts`` says there; ``lengths`` has one
    entry a passage. ``counts`` is of the smallest type that holds the largest count.
    """

    terms: Mapping[str, int]
    starts: npt.NDArray[np.int64]
    rows: Integers
    counts: Counts
    lengths: Integers

    @property
    def frequencies(self) -> npt.NDArray[np.int64]:
        """In how many passages each term stands."""
        return np.diff(self.starts)

    def slices(self) -> Iterator[tuple[slice, slice]]:
        """The terms in order, about ``PART_ENTRIES`` entries at a time or one term; with the slice of the entries."""
        first, last = 0, len(self.starts) - 1
        while first < last:
            end = int(np.searchsorted(self.starts, self.starts[first] + PART_ENTRIES, side="right")) - 1
            end = min(max(end, first + 1), last)
            yield slice(first, end), slice(int(self.starts[first]), int(self.starts[end]))
            first = end


@dataclass(frozen=True, slots=True)
class _Part:
    """Some entries, term by term: ``frequencies`` has one entry for each term from ``first`` on."""

    first: int
    frequencies: npt.NDArray[np.int64]
    rows: Integers
    counts: Counts


class _Terms(dict[str, int]):
    """Gives a new term the next number."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


def build_postings(passages: Iterable[Sequence[str]]) -> Postings:
    """Count the terms of each passage; ``passages`` are read once and in parts, so they may be made on the way."""
    terms = _Terms()
    parts: list[_Part] = []
    lengths: list[int] = []
    reading = iter(passages)
    while batch := list(islice(reading, PART_PASSAGES)):
        parts.append(_counted(batch, len(lengths), terms))
        lengths += map(len, batch)
    return _merged(dict(terms), parts, np.asarray(lengths, dtype=np.int32))


def _counted(batch: Sequence[Sequence[str]], first_row: int, terms: _Terms) -> _Part:
    lengths = np.fromiter(map(len, batch), np.int64, len(batch))
    columns = np.fromiter((terms[term] for passage in batch for term in passage), np.int64, int(lengths.sum()))
    entries, counts = np.unique(columns * len(batch) + np.repeat(np.arange(len(batch)), lengths), return_counts=True)
    columns, rows = np.divmod(entries, len(batch))
    return _Part(0, np.bincount(columns, minlength=len(terms)), (rows + first_row).astype(np.int32), _small(counts))


def _small(counts: npt.NDArray[np.integer]) -> Counts:
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


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
    terms = _Terms(old.terms)
    columns = np.repeat(np.fromiter((terms[term] for term in fresh.terms), np.int64), fresh.frequencies)
    order = np.argsort(columns, kind="stable")
    added = _Part(
        0,
        np.bincount(columns, minlength=len(terms)),
        np.flatnonzero(~is_kept).astype(np.int32)[fresh.rows][order],
        fresh.counts[order],
    )
    lengths = np.empty(len(kept), dtype=np.int32)
    lengths[is_kept] = old.lengths[kept[is_kept]]
    lengths[~is_kept] = fresh.lengths
    return _merged(dict(terms), [*_staying(old, new_rows), added], lengths)


def _staying(old: Postings, new_rows: Integers) -> Iterator[_Part]:
    """The entries of the passages that are still there, by their new rows; -1 is a passage that is gone."""
    for terms, entries in old.slices():
        rows = new_rows[old.rows[entries]]
        stays = rows >= 0
        columns = np.repeat(np.arange(terms.stop - terms.start), old.frequencies[terms])
        frequencies = np.bincount(columns[stays], minlength=terms.stop - terms.start)
        yield _Part(terms.start, frequencies, rows[stays], old.counts[entries][stays])


def _merged(terms: Mapping[str, int], parts: Sequence[_Part], lengths: Integers) -> Postings:
    """The entries of all parts, those of one term in the order of the parts."""
    frequencies = np.zeros(len(terms), dtype=np.int64)
    for part in parts:
        frequencies[part.first : part.first + len(part.frequencies)] += part.frequencies
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    np.cumsum(frequencies, out=starts[1:])
    rows = np.empty(starts[-1], dtype=np.int32)
    counts = np.empty(starts[-1], dtype=np.result_type(np.uint8, *(part.counts.dtype for part in parts)))
    free = starts[:-1].copy()
    for part in parts:
        at = slice(part.first, part.first + len(part.frequencies))
        before = np.cumsum(part.frequencies) - part.frequencies
        places = np.repeat(free[at] - before, part.frequencies) + np.arange(len(part.rows))
        rows[places], counts[places] = part.rows, part.counts
        free[at] += part.frequencies
    return Postings(terms, starts, rows, counts, lengths)


def arrays_of(postings: Postings, name: str) -> dict[str, npt.NDArray[np.generic]]:
    """The postings as arrays to be saved under ``name``."""
    text = SEPARATOR.join(postings.terms).encode("utf-8")
    return {
        f"{name}_terms": np.frombuffer(text, dtype=np.uint8),
        f"{name}_starts": postings.starts,
        f"{name}_rows": postings.rows,
        f"{name}_counts": postings.counts,
        f"{name}_lengths": postings.lengths,
    }


def read_postings(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Postings:
    """What ``arrays_of`` gave for ``name``."""
    text = arrays[f"{name}_terms"].tobytes().decode("utf-8")
    terms = {term: at for at, term in enumerate(text.split(SEPARATOR))} if text else {}
    return Postings(
        terms,
        arrays[f"{name}_starts"].astype(np.int64, copy=False),
        arrays[f"{name}_rows"].astype(np.int32, copy=False),
        _small(arrays[f"{name}_counts"].astype(np.uint32, copy=False)),
        arrays[f"{name}_lengths"].astype(np.int32, copy=False),
    )
