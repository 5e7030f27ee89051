"""Passages encoded in a second, by each way that this product can encode."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.embedding_cache import ENCODE_AT_ONCE
from index.encoder import BATCH
from index.models import ModelFolder
from ingest.errors import KnowledgeBaseError

WARM_UP = 16  # passages; the first ones also pay for loading


@dataclass(frozen=True, slots=True)
class Rate:
    """One backend; ``failed`` says why it has no rate, "" where it has."""

    backend: str
    passages: int
    a_second: float | None
    failed: str = ""


def encode_rates(model: ModelFolder, texts: Sequence[str]) -> tuple[Rate, ...]:
    """Encode the same texts with each backend, sorted by length as the index does it."""
    ordered = sorted((model.passage_prefix + text for text in texts), key=len)
    ways: dict[str, Callable[[ModelFolder], Callable[[list[str]], object]]] = {
        "openvino": _openvino,
        "torch": _torch,
        "numpy": _numpy,
    }
    return tuple(_rate(name, opened, model, ordered) for name, opened in ways.items())


def _rate(
    name: str,
    opened: Callable[[ModelFolder], Callable[[list[str]], object]],
    model: ModelFolder,
    texts: Sequence[str],
) -> Rate:
    try:
        encode = opened(model)
        encode(list(texts[:WARM_UP]))
    except (ImportError, RuntimeError, KnowledgeBaseError) as error:
        return Rate(name, 0, None, " ".join(str(error).split()))
    started = time.perf_counter()
    for start in range(0, len(texts), ENCODE_AT_ONCE):
        encode(list(texts[start : start + ENCODE_AT_ONCE]))
    return Rate(name, len(texts), len(texts) / (time.perf_counter() - started))


def _openvino(model: ModelFolder) -> Callable[[list[str]], object]:
    from index.openvino_encoder import OpenVinoEncoder

    return OpenVinoEncoder(model.folder).encode


def _numpy(model: ModelFolder) -> Callable[[list[str]], object]:
    from index.light_encoder import LightEncoder

    return LightEncoder(model.folder).encode


def _torch(model: ModelFolder) -> Callable[[list[str]], object]:
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    return lambda texts: encoder.encode(texts, prompt="", batch_size=BATCH, show_progress_bar=False)
