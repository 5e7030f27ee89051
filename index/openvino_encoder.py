"""Long lists of texts through OpenVINO: a folder in, unit vectors out, on every core of the processor.

The network is put together here from the folder's own tensors, so nothing is converted, nothing is written and torch
is not imported. Matrices are int8, one scale a row; OpenVINO turns what is multiplied with them into int8 as well,
where the processor has instructions for that, and computes the rest in bfloat16 or float32. Texts of one length go
together, since padding is computed like text, and each core has its own batch, since cores that share one wait for
the slowest.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.bert_folder import BertShape, read_shape, read_tensors, read_tokenizer
from index.packed_model import Matrix

# Pieces in a batch: the states of one batch stay in the processor's cache.
BATCH_PIECES = 2048
# Values that share one scale when they are turned into int8: half a row of e5-small. Recall@5 of vectors alone on
# policy-qa is .7176 in float32, .7136 with groups of 192, .7089 with 384 at the same speed; 64 takes 15 % more time.
GROUP = 192
MASKED = -30000.0  # added to the score of a padding piece; large, and still a number in half precision


def is_installed() -> bool:
    """Whether OpenVINO can be imported; it is not imported for that."""
    return importlib.util.find_spec("openvino") is not None


class OpenVinoEncoder:
    """BERT over many texts at a time.

    Args:
        folder: a folder for which ``bert_folder.can_read`` holds.
    """

    def __init__(self, folder: Path) -> None:
        import openvino

        shape = read_shape(folder)
        tensors = read_tensors(folder)
        self.dimension = shape.hidden
        self._tokenizer = read_tokenizer(folder, shape.longest)
        self._words = tensors["embeddings.word_embeddings.weight"]
        first = shape.first_position
        places = tensors["embeddings.position_embeddings.weight"][first : first + shape.longest]
        self._places = places + tensors["embeddings.token_type_embeddings.weight"][0]
        core = openvino.Core()
        is_bfloat = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        cores = _usable_cores()
        compiled = core.compile_model(
            _Network(shape, tensors).model(),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "bf16" if is_bfloat else "f32",
                "DYNAMIC_QUANTIZATION_GROUP_SIZE": str(GROUP),
                "INFERENCE_NUM_THREADS": cores,
                "NUM_STREAMS": cores,
            },
        )
        self._requests = openvino.AsyncInferQueue(compiled, cores)

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of shape (n, dimension), float32. For one thread at a time."""
        pieces = [entry.ids for entry in self._tokenizer.encode_batch(list(texts))]
        vectors = np.empty((len(pieces), self.dimension), dtype=np.float32)

        def keep(request: Any, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data

        self._requests.set_callback(keep)
        for rows in batches([len(ids) for ids in pieces]):
            self._requests.start_async(self._inputs([pieces[row] for row in rows]), rows)
        self._requests.wait_all()
        return vectors

    def _inputs(self, pieces: list[list[int]]) -> list[Matrix]:
        """States before the first layer, zeros where a text is over, and which pieces are real."""
        longest = max(map(len, pieces))
        states = np.zeros((len(pieces), longest, self.dimension), dtype=np.float32)
        real = np.zeros((len(pieces), longest), dtype=np.float32)
        for row, ids in enumerate(pieces):
            states[row, : len(ids)] = self._words[ids]
            states[row, : len(ids)] += self._places[: len(ids)]
            real[row, : len(ids)] = 1
        return [states, real]


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The rows in batches of like length, each of at most ``BATCH_PIECES`` pieces with padding, or of one row."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Network:
    """The graph: states (texts, pieces, hidden) and real pieces (texts, pieces) in, unit vectors out."""

    def __init__(self, shape: BertShape, tensors: dict[str, Matrix]) -> None:
        import openvino
        from openvino import opset13

        self._openvino = openvino
        self._ops: Any = opset13
        self._shape = shape
        self._tensors = tensors

    def model(self) -> Any:
        ops = self._ops
        states = ops.parameter([-1, -1, self._shape.hidden], np.float32)
        real = ops.parameter([-1, -1], np.float32)
        hidden = ops.subtract(ops.unsqueeze(real, _integers(1, 2)), np.float32(1))
        mask = ops.multiply(hidden, np.float32(-MASKED))
        state = self._norm(states, "embeddings.LayerNorm")
        for layer in range(self._shape.layers):
            state = self._layer(state, mask, f"encoder.layer.{layer}")
        vectors = ops.normalize_l2(self._pooled(state, real), _integers(1), 1e-12, "max")
        return self._openvino.Model([vectors], [states, real], "encoder")

    def _layer(self, state: Any, mask: Any, name: str) -> Any:
        ops = self._ops
        attended = self._linear(self._attend(state, mask, f"{name}.attention.self"), f"{name}.attention.output.dense")
        state = self._norm(ops.add(state, attended), f"{name}.attention.output.LayerNorm")
        inner = ops.gelu(self._linear(state, f"{name}.intermediate.dense"), "erf")
        return self._norm(ops.add(state, self._linear(inner, f"{name}.output.dense")), f"{name}.output.LayerNorm")

    def _attend(self, state: Any, mask: Any, name: str) -> Any:
        ops, heads = self._ops, self._shape.heads
        query, key, value = (
            ops.transpose(
                ops.reshape(self._linear(state, f"{name}.{part}"), _integers(0, 0, heads, -1), special_zero=True),
                _integers(0, 2, 1, 3),
            )
            for part in ("query", "key", "value")
        )
        attended = ops.scaled_dot_product_attention(query, key, value, mask)
        merged = ops.transpose(attended, _integers(0, 2, 1, 3))
        return ops.reshape(merged, _integers(0, 0, self._shape.hidden), special_zero=True)

    def _linear(self, state: Any, name: str) -> Any:
        ops, matrix = self._ops, self._tensors[f"{name}.weight"]
        scales = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), np.float32(1e-12)) / np.float32(127)
        whole = ops.constant(np.rint(matrix / scales).astype(np.int8))
        weight = ops.multiply(ops.convert(whole, "f32"), ops.constant(scales))
        return ops.add(ops.matmul(state, weight, False, True), self._constant(f"{name}.bias"))

    def _norm(self, state: Any, name: str) -> Any:
        ops = self._ops
        centred = ops.mvn(state, _integers(2), True, self._shape.epsilon, "inside_sqrt")
        return ops.add(ops.multiply(centred, self._constant(f"{name}.weight")), self._constant(f"{name}.bias"))

    def _pooled(self, state: Any, real: Any) -> Any:
        ops = self._ops
        if self._shape.pooling == "first":
            return ops.gather(state, np.int32(0), np.int32(1))
        kept = ops.multiply(state, ops.unsqueeze(real, _integers(2)))
        return ops.divide(ops.reduce_sum(kept, _integers(1)), ops.reduce_sum(real, _integers(1), keep_dims=True))

    def _constant(self, name: str) -> Any:
        return self._ops.constant(np.array(self._tensors[name]))


def _integers(*values: int) -> npt.NDArray[np.int32]:
    return np.array(values, dtype=np.int32)
