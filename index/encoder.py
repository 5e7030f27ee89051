"""Texts to unit vectors: the ``Encoder`` protocol, and the encoder over a sentence-transformers folder."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index import light_encoder
from index.models import ModelFolder, ensure_model
from index.packed_model import Matrix
from ingest.errors import ModelDamaged
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Up to so many passages in one process the light encoder is done before torch would be imported.
LIGHT_PASSAGES = 256
# A list of questions so long is a measurement, not a person.
LIGHT_QUERIES = 64
BATCH = 32


class Encoder(Protocol):
    """What a model is to this product: texts in, ``(n, dimension)`` float32 unit vectors out."""

    @property
    def fingerprint(self) -> str:
        """Names the model, its weights and its prefixes."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions."""

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages."""


class SentenceEncoder:
    """The encoder over a model folder; nothing is loaded before the first text.

    A few texts go through ``LightEncoder`` where it can read the folder; the vectors of both ways agree to 1e-5.
    """

    def __init__(self, model: ModelFolder) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._light: light_encoder.LightEncoder | None = None
        self._has_light = light_encoder.can_read(model.folder)
        self._full: SentenceTransformer | None = None
        self._passages = 0

    @property
    def fingerprint(self) -> str:
        """Names the model, its weights and its prefixes."""
        return self._model.fingerprint

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        if self._has_light:
            return self._loaded_light().dimension
        return int(self._loaded_full().get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions, shape (n, dimension)."""
        return self._encode([self._model.query_prefix + text for text in texts], light=len(texts) <= LIGHT_QUERIES)

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, shape (n, dimension)."""
        self._passages += len(texts)
        prefixed = [self._model.passage_prefix + text for text in texts]
        return self._encode(prefixed, light=self._passages <= LIGHT_PASSAGES)

    def _encode(self, texts: list[str], *, light: bool) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if self._has_light and (light or len(texts) == 1):
            return self._loaded_light().encode(texts)
        vectors = self._loaded_full().encode(
            texts, prompt="", batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _loaded_light(self) -> light_encoder.LightEncoder:
        with self._lock:
            if self._light is None:
                self._light = light_encoder.LightEncoder(self._model.folder)
            return self._light

    def _loaded_full(self) -> SentenceTransformer:
        with self._lock:
            if self._full is None:
                self._full = _load(self._model)
            return self._full


def _load(model: ModelFolder) -> Any:
    """Load through sentence-transformers, from the folder alone and without its progress bars."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    bars = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelDamaged(
            f"模型文件夹 {model.folder} 无法载入（{type(error).__name__}：{error}）。"
            "默认模型请执行“python -m index model --again”；KB_MODEL 指定的模型请检查文件是否完整。"
        ) from error
    finally:
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def open_encoder(home: Home, *, progress: Progress | None = None) -> SentenceEncoder:
    """The encoder of the model that ``KB_MODEL`` names; the default model is fetched first where it is missing.

    Raises:
        ModelUnavailable: the model is not on this machine and cannot be fetched.
        ModelDamaged: its files are incomplete.
    """
    return SentenceEncoder(ensure_model(home, progress=progress))
