"""The vector index: inner product over unit vectors, in FAISS. A larger score is a nearer passage.

Up to ``MOST_EXACT`` passages every vector is compared. In a larger collection the vectors, in half precision, are
sorted into lists by nearness, and the lists nearest to the question are compared; a filter that leaves little is
exact again, since then all lists are walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.packed_model import Matrix

METRIC = "inner_product"
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
# Comparing all takes 3.4 ms of processor time for 58 thousand passages, 12 for these, and 300 MB of memory; 192 lists
# of a million take 10.
MOST_EXACT = 200_000
LISTS = 1024
# Lists that are compared, and vectors that the lists are learned from. Of the ten best of 995,214 vectors (58,542
# articles and 16 others near each of them, cosine .94) 64 lists find .964, 128 find .983, 192 find .992 (200 lay
# questions).
PROBED = 192
LEARNED_FROM = 64 * LISTS
# A filter that leaves less than this share of the passages is answered exactly.
FEW = 1 / 8


class DenseIndex:
    """Unit vectors of passages, row by row.

    Args:
        index: a faiss index with the inner product.
    """

    FILE = "vectors.faiss"

    def __init__(self, index: Any) -> None:
        self._index = index
        self._is_exact = not hasattr(index, "nprobe")
        if not self._is_exact:
            index.make_direct_map(True)  # without it a vector is not found by its row

    @classmethod
    def build(cls, vectors: Matrix) -> DenseIndex:
        """An index over ``vectors``, shape (n, dimension)."""
        import faiss

        count, dimension = vectors.shape
        if count <= MOST_EXACT:
            index: Any = faiss.IndexFlatIP(dimension)
        else:
            index = faiss.index_factory(dimension, f"IVF{LISTS},SQfp16", faiss.METRIC_INNER_PRODUCT)
            sample = np.random.default_rng(0).choice(count, min(count, LEARNED_FROM), replace=False)
            index.train(np.ascontiguousarray(vectors[np.sort(sample)], dtype=np.float32))
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
        if self._is_exact:
            return self._search(query, count, None if allowed is None else _parameters(allowed))
        if possible >= len(self) * FEW:
            rows, scores = self._search(query, count, _parameters(allowed, probed=PROBED))
            if rows[-1] >= 0:
                return rows, scores
        return self._search(query, count, _parameters(allowed, probed=self._index.nlist))

    def _search(self, query: Matrix, count: int, parameters: Any) -> tuple[Rows, Matrix]:
        with _one_thread():
            scores, rows = self._index.search(query.reshape(1, -1), count, params=parameters)
        return rows[0], scores[0]

    def vectors(self, rows: Rows) -> Matrix:
        """The vectors of the given rows, shape (n, dimension)."""
        if not len(rows):
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)

    def scores(self, query: Matrix, rows: Rows) -> Matrix:
        """The scores of the given rows."""
        return np.asarray(self.vectors(rows) @ query, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        import faiss

        faiss.write_index(self._index, str(folder / self.FILE))

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read the index from ``folder``."""
        import faiss

        return cls(faiss.read_index(str(folder / cls.FILE)))


@contextmanager
def _one_thread() -> Iterator[None]:
    """FAISS on one thread: several wait for each other by spinning, 22 ms of processor time for a question, not 4."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _parameters(allowed: Mask | None, *, probed: int | None = None) -> Any:
    import faiss

    bindings: Any = faiss  # its type stubs know the C++ constructors only
    options: dict[str, Any] = {}
    if allowed is not None:
        options["sel"] = bindings.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
    if probed is None:
        return bindings.SearchParameters(**options)
    return bindings.SearchParametersIVF(**options, nprobe=probed)
