"""The vector index: exact inner product over unit vectors, in FAISS. A larger score is a nearer passage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.packed_model import Matrix

METRIC = "inner_product"
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


class DenseIndex:
    """Unit vectors of passages, row by row.

    Args:
        index: a faiss index with the inner product.
    """

    FILE = "vectors.faiss"

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Matrix) -> DenseIndex:
        """An index over ``vectors``, shape (n, dimension)."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._index.d)

    def search(self, query: Matrix, top_k: int, allowed: Mask | None = None) -> tuple[Rows, Matrix]:
        """The best ``top_k`` rows and their scores, best first; fewer where fewer rows are allowed.

        Args:
            query: one unit vector, shape (dimension,).
            top_k: how many rows.
            allowed: which rows may be found, shape (n,); all where it is not given.
        """
        possible = len(self) if allowed is None else int(allowed.sum())
        count = min(top_k, possible)
        if count <= 0:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters = None if allowed is None else _parameters(allowed)
        scores, rows = self._index.search(query.reshape(1, -1), count, params=parameters)
        return rows[0], scores[0]

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """The scores of the given rows."""
        if not len(rows):
            return np.empty(0, dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        import faiss

        faiss.write_index(self._index, str(folder / self.FILE))

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read the index from ``folder``."""
        import faiss

        return cls(faiss.read_index(str(folder / cls.FILE)))


def _parameters(allowed: Mask) -> Any:
    import faiss

    bindings: Any = faiss  # its type stubs know the C++ constructors only
    return bindings.SearchParameters(sel=bindings.IDSelectorBitmap(np.packbits(allowed, bitorder="little")))
