"""What stands around a clause and says something about it: the clauses beside it, and the kind of its document.

Both belong to the state of a knowledge base, not to a question, so they are worked out when the index is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.dense import Rows
from index.packed_model import Matrix
from ingest import tables
from ingest.records import Clause, Document

_REMARK = re.compile(r"[（(][^（）()]*[）)]$")


@dataclass(frozen=True, slots=True)
class Context:
    """For each row of the index.

    ``beside``, shape (n, 2), are the rows of the clauses before and after it in its document; its own row where there
    is none. ``deduction``, shape (n,), is what the kind of its document costs it, in standard deviations.
    """

    beside: npt.NDArray[np.int64]
    deduction: Matrix

    @classmethod
    def of(cls, rows: Sequence[Clause], documents: Mapping[str, Document]) -> Context:
        """The surroundings of the clauses that are rows of the index, in whatever order these are."""
        codes = {doc_id: at for at, doc_id in enumerate(documents)}
        owners = np.fromiter((codes[clause.doc_id] for clause in rows), np.int64, len(rows))
        orders = np.fromiter((clause.order for clause in rows), np.int64, len(rows))
        costs = np.fromiter((deduction_of(document.title) for document in documents.values()), np.float32, len(codes))
        return cls(_beside(owners, orders), costs[owners])

    def best_beside(self, scores: Matrix, rows: Rows) -> Matrix:
        """The better score of the two clauses beside each of ``rows``; its own where it stands alone.

        Args:
            scores: of ``self.beside[rows]``, shape (len(rows), 2).
            rows: rows of the index.
        """
        before, after = self.beside[rows].T
        first, second = scores.T
        best = np.where(before == rows, second, np.where(after == rows, first, np.maximum(first, second)))
        return np.asarray(best, dtype=np.float32)


def _beside(owners: npt.NDArray[np.int64], orders: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    sequence = np.lexsort((orders, owners))
    beside = np.stack([np.arange(len(owners), dtype=np.int64)] * 2, axis=1)
    same = owners[sequence[1:]] == owners[sequence[:-1]]
    earlier, later = sequence[:-1][same], sequence[1:][same]
    beside[later, 0] = earlier
    beside[earlier, 1] = later
    return beside


def deduction_of(title: str) -> float:
    """What ``precedence.toml`` takes from the clauses of a document of this title; 0 where it names no such kind."""
    bare = _REMARK.sub("", title.strip())
    return next((cost for ending, cost in tables.precedence() if bare.endswith(ending)), 0.0)
