"""Texts to unit vectors: the ``Encoder`` protocol, and the encoder over a sentence-transformers folder."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from index import openvino_encoder
from index.bert_folder import can_read
from index.light_encoder import LightEncoder
from index.models import ModelFolder, ensure_model
from index.openvino_encoder import OpenVinoEncoder
from index.packed_model import Matrix
from ingest.errors import InputError, ModelDamaged, ModelUnavailable
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Backend = Literal["auto", "openvino", "torch"]
BACKENDS: tuple[Backend, ...] = ("auto", "openvino", "torch")
BACKEND_VARIABLE = "KB_BACKEND"
# Up to so many passages in one process the light encoder is done before torch would be imported.
LIGHT_PASSAGES = 256
# The same for OpenVINO, which is imported and has its network compiled in about a second.
LIGHT_BEFORE_OPENVINO = 24
# The least cosine between the vectors of one text, fast and in float32. Measured on policy-qa (4,951 passages): .9989
# and more, .9995 on average; recall@5 of the hybrid search .8485 against .8469, one of 632 questions differs.
AGREEMENT = 0.997
PROBES = [
    "passage: 各级党委(党组)理论学习中心组每年至少安排一次专题学习。",
    "passage: " + "严禁针对特定群众过度检查、拒住、拒租、拒卖等行为，违反规定的依法处理。" * 8,
    "What must schools do every year?",
]
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

    Questions and a few passages go through ``LightEncoder``, long lists through OpenVINO, or through
    sentence-transformers where ``backend`` says so, OpenVINO is not installed, or the folder is of another kind.
    Vectors of all three are close enough (see ``AGREEMENT``) to be compared and kept under one fingerprint.
    """

    def __init__(self, model: ModelFolder, *, backend: Backend = "auto") -> None:
        self._model = model
        self._asked = backend
        self._lock = threading.Lock()
        self._light: LightEncoder | None = None
        self._has_light = can_read(model.folder)
        self._fast: OpenVinoEncoder | None = None
        self._is_slow = backend == "torch" or not (self._has_light and openvino_encoder.is_installed())
        self._full: SentenceTransformer | None = None
        self._encoding = threading.Lock()
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

    @property
    def backend(self) -> str:
        """What encodes a long list of passages: ``openvino`` or ``torch``.

        Raises:
            ModelUnavailable: OpenVINO was asked for by name and cannot encode this model here.
        """
        return "torch" if self._loaded_fast() is None else "openvino"

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        """Vectors of questions, shape (n, dimension)."""
        return self._encode([self._model.query_prefix + text for text in texts], light=len(texts) <= LIGHT_QUERIES)

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, shape (n, dimension)."""
        self._passages += len(texts)
        prefixed = [self._model.passage_prefix + text for text in texts]
        few = LIGHT_PASSAGES if self._is_slow else LIGHT_BEFORE_OPENVINO
        return self._encode(prefixed, light=self._passages <= few)

    def _encode(self, texts: list[str], *, light: bool) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if self._has_light and (light or len(texts) == 1):
            return self._loaded_light().encode(texts)
        fast = self._loaded_fast()
        if fast is not None:
            with self._encoding:
                return fast.encode(texts)
        vectors = self._loaded_full().encode(
            texts, prompt="", batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _loaded_light(self) -> LightEncoder:
        with self._lock:
            if self._light is None:
                self._light = LightEncoder(self._model.folder)
            return self._light

    def _loaded_fast(self) -> OpenVinoEncoder | None:
        """OpenVINO's encoder, ``None`` where torch is to be used. It is tried against the light one once."""
        light = self._loaded_light() if self._has_light else None
        with self._lock:
            if self._fast is None and not self._is_slow and light is not None:
                self._fast = _tried(self._model.folder, light)
                self._is_slow = self._fast is None
        if self._asked == "openvino" and self._fast is None:
            raise ModelUnavailable(
                f"{BACKEND_VARIABLE}=openvino，但 OpenVINO 没有安装，或不能用于模型文件夹 {self._model.folder}。"
                f"请执行 pip install openvino，或不设 {BACKEND_VARIABLE}。"
            )
        return self._fast

    def _loaded_full(self) -> SentenceTransformer:
        with self._lock:
            if self._full is None:
                self._full = _load(self._model)
            return self._full


def backend_setting(environ: Mapping[str, str] | None = None) -> Backend:
    """What ``KB_BACKEND`` asks for, ``auto`` where it is unset or empty.

    Raises:
        InputError: it names something else.
    """
    value = (os.environ if environ is None else environ).get(BACKEND_VARIABLE, "").strip().lower() or "auto"
    for backend in BACKENDS:
        if value == backend:
            return backend
    raise InputError(f"{BACKEND_VARIABLE} 是“{value}”，应为 {'、'.join(BACKENDS)} 之一，或不设。")


def _tried(folder: Path, light: LightEncoder) -> OpenVinoEncoder | None:
    """OpenVINO's encoder where its vectors agree with those in float32 on this processor."""
    try:
        fast = OpenVinoEncoder(folder)
        agreement = np.einsum("nd,nd->n", fast.encode(PROBES), light.encode(PROBES))
    except (ImportError, RuntimeError, KeyError, ValueError):
        return None
    return fast if float(agreement.min()) >= AGREEMENT else None


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
        InputError: ``KB_BACKEND`` names no engine.
    """
    backend = backend_setting()
    return SentenceEncoder(ensure_model(home, progress=progress), backend=backend)
