"""A BERT sentence encoder in plain numpy, for a few texts at a time: folder in, unit vectors out.

Importing torch and sentence-transformers takes 5 to 8 seconds on an office machine; a question is 20 tokens.
This reads the same sentence-transformers folder (see ``bert_folder.py``) and gives the same vectors to the
fifth decimal, in about 20 ms a question, so that a command line or a page answers at once. Long lists are left
to the engines that are faster once they are loaded. The word embeddings stay on disk (memory map).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from index.bert_folder import read_shape, read_tensors, read_tokenizer
from index.packed_model import Matrix

MOST_THREADS = 4
# Columns of a matrix that are multiplied at once. OpenBLAS has a kernel for small products that leaves out rearranging
# the matrix, which takes longer than multiplying it by the twenty pieces of a question: 32 ms a question became 16 on
# a processor with AVX-512; without it nothing changes.
COLUMNS = 32
_INVERSE_SQRT2 = np.float32(0.7071067811865476)
_ERF_COEFFICIENTS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class LightEncoder:
    """BERT over one text at a time.

    Args:
        folder: a folder for which ``can_read`` holds.
    """

    def __init__(self, folder: Path) -> None:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self._shape = read_shape(folder)
        self._tokenizer = read_tokenizer(folder, self._shape.longest)
        tensors = read_tensors(folder)
        self._words = tensors.pop("embeddings.word_embeddings.weight")
        # Everything but the big table is read into memory once; rows of the table are read as they are needed.
        self._weights = {name: _arranged(name, tensor) for name, tensor in tensors.items()}
        self.dimension = self._shape.hidden
        self._libraries = ThreadpoolController()

    def encode(self, texts: list[str]) -> Matrix:
        """Unit vectors of shape (n, dimension), float32; an empty list gives (0, dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # One text a thread. The threads of the matrix library would wait for each other by spinning: on a machine
        # that is busy otherwise, five times the work was measured.
        with self._libraries.limit(limits=1, user_api="blas"):
            if len(texts) == 1:
                vectors[0] = self._vector(texts[0])
            else:
                with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as threads:
                    for row, vector in enumerate(threads.map(self._vector, texts)):
                        vectors[row] = vector
        return vectors

    def _vector(self, text: str) -> Matrix:
        states = self._forward(np.asarray(self._tokenizer.encode(text).ids))
        pooled = states[0] if self._shape.pooling == "first" else states.mean(axis=0)
        return np.asarray(pooled / max(float(np.linalg.norm(pooled)), 1e-12), dtype=np.float32)

    def _forward(self, ids: np.ndarray[Any, np.dtype[np.int64]]) -> Matrix:
        weights = self._weights
        state = (
            self._words[ids]
            + weights["embeddings.position_embeddings.weight"][self._shape.first_position :][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._norm(state, "embeddings.LayerNorm")
        for layer in range(self._shape.layers):
            state = self._layer(state, f"encoder.layer.{layer}")
        return state

    def _layer(self, state: Matrix, name: str) -> Matrix:
        attended = self._linear(self._attend(state, f"{name}.attention.self"), f"{name}.attention.output.dense")
        state = self._norm(state + attended, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(state, f"{name}.intermediate.dense"))
        return self._norm(state + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attend(self, state: Matrix, name: str) -> Matrix:
        query, key, value = (
            self._linear(state, f"{name}.{part}").reshape(len(state), self._shape.heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.asarray((scores @ value).transpose(1, 0, 2).reshape(state.shape), dtype=np.float32)

    def _linear(self, state: Matrix, name: str) -> Matrix:
        product = (state @ self._weights[f"{name}.weight"]).transpose(1, 0, 2).reshape(len(state), -1)
        product += self._weights[f"{name}.bias"]
        return np.asarray(product)

    def _norm(self, state: Matrix, name: str) -> Matrix:
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(self._shape.epsilon))
        return np.asarray(centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])


def _arranged(name: str, tensor: Matrix) -> Matrix:
    """A tensor in memory; a matrix of a layer turned round, in blocks of columns: (blocks, rows, ``COLUMNS``)."""
    if tensor.ndim < 2 or not name.startswith("encoder.layer."):
        return np.array(tensor)
    columns, rows = tensor.shape
    width = COLUMNS if columns % COLUMNS == 0 else columns
    return np.ascontiguousarray(tensor.reshape(columns // width, width, rows).transpose(0, 2, 1))


def _gelu(state: Matrix) -> Matrix:
    """The exact GELU, x/2 (1 + erf(x/√2)), with Abramowitz and Stegun's formula 7.1.26 for erf (error below 2e-7)."""
    scaled = np.abs(state) * _INVERSE_SQRT2
    step = 1.0 / (1.0 + np.float32(0.3275911) * scaled)
    series = np.zeros_like(step)
    for coefficient in _ERF_COEFFICIENTS:
        series = (series + np.float32(coefficient)) * step
    erf = np.copysign(1.0 - series * np.exp(-scaled * scaled), state)
    return np.asarray(state * np.float32(0.5) * (np.float32(1.0) + erf), dtype=np.float32)
