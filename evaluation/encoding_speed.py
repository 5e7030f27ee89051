"""How fast passages become vectors, engine by engine, and how far the vectors lie apart.

The first engine is the reference of the others. Wall seconds are what a user waits; processor seconds tell two
engines apart on a machine that is busy with something else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.report import table
from index.encoder import LIGHT_PASSAGES, Backend, SentenceEncoder
from index.models import ModelFolder
from ingest.errors import ModelUnavailable

ENGINES: tuple[Backend, ...] = ("torch", "openvino")


@dataclass(frozen=True, slots=True)
class EncodingSpeed:
    """One engine over the same passages; cosines with the vectors of the first engine (1 for itself)."""

    engine: Backend
    passages: int
    seconds: float
    cpu_seconds: float
    least_cosine: float
    mean_cosine: float

    @property
    def per_second(self) -> float:
        """Passages a second."""
        return self.passages / self.seconds


def encoding_speeds(
    model: ModelFolder, passages: Sequence[str], *, engines: Sequence[Backend] = ENGINES
) -> tuple[EncodingSpeed, ...]:
    """Encode ``passages`` with each engine, loaded beforehand; an engine that this machine lacks is left out.

    Args:
        model: the embedding model.
        passages: real texts, without the model's prefix; two hundred and more give a steady figure.
        engines: in order; the first is the reference.
    """
    measured: list[EncodingSpeed] = []
    reference = None
    for engine in engines:
        encoder = SentenceEncoder(model, backend=engine)
        try:
            encoder.encode_passages(["预热"] * (LIGHT_PASSAGES + 1))  # loads the engine, which a short list would not
        except ModelUnavailable:
            continue
        started, cpu_started = time.perf_counter(), time.process_time()
        vectors = encoder.encode_passages(passages)
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
        reference = vectors if reference is None else reference
        cosines = np.einsum("nd,nd->n", vectors, reference)
        least, mean = float(cosines.min()), float(cosines.mean())
        measured.append(EncodingSpeed(engine, len(passages), seconds, cpu_seconds, least, mean))
    return tuple(measured)


def speeds_text(speeds: Sequence[EncodingSpeed]) -> str:
    """One line an engine, as ratios to the first."""
    head = ("引擎", "段/秒", "倍数", "处理器秒", "倍数", "余弦最小", "余弦平均")
    first = speeds[0]
    rows = [
        (
            each.engine,
            f"{each.per_second:.1f}",
            f"{first.seconds / each.seconds:.2f}",
            f"{each.cpu_seconds:.1f}",
            f"{first.cpu_seconds / each.cpu_seconds:.2f}",
            f"{each.least_cosine:.4f}",
            f"{each.mean_cosine:.4f}",
        )
        for each in speeds
    ]
    return table(head, rows)
