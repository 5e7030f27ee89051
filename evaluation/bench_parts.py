"""What ``python -m evaluation bench`` measures, put together: start-up, encoding, sizes, and other tools beside it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.beir import load_beir
from evaluation.bench import Bench, bench_record, measure
from evaluation.bench_report import bench_text, machine_text
from evaluation.encode_rate import Rate, encode_rates
from evaluation.machine import Machine, this_machine
from evaluation.rivals import Rival, measure_rivals
from evaluation.scale import Size, measure_sizes
from evaluation.scale_report import rates_text, rivals_text, sizes_text
from evaluation.scale_texts import passages_of_size
from ingest.home import Home
from ingest.progress import Progress

ENCODED = 512  # passages for the rate of each backend


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything measured; what was not asked for is ``None`` or empty."""

    machine: Machine
    load: float | None  # processes waiting for a core when the measurement began: above the cores, the machine was busy
    model: str
    texts: str  # the name of the folder of real passages, "" for made ones
    start: Bench | None
    rates: tuple[Rate, ...]
    sizes: tuple[Size, ...]
    rivals: tuple[Rival, ...]


def measure_parts(
    questions: Sequence[str],
    *,
    sizes: Sequence[int],
    texts: Path | None,
    rivals: bool,
    made_vectors: bool,
    with_page: bool,
    with_rates: bool,
    model_home: Home,
    progress: Progress,
) -> Parts:
    """Measure what is asked for; start-up only where there are ``questions``, ``rivals`` only on ``texts``.

    Raises:
        KnowledgeBaseError: the folder is faulty, or the program could not start.
    """
    from index.models import ensure_model

    folder = load_beir(texts) if texts else None
    load = system_load()
    start = measure(questions, with_page=with_page) if questions else None
    model = ensure_model(model_home, progress=progress)
    encoded = [passage.text for passage in passages_of_size(ENCODED, folder)] if with_rates else []
    return Parts(
        machine=this_machine(),
        load=load,
        model=model.fingerprint,
        texts=texts.resolve().name if texts else "",
        start=start,
        rates=encode_rates(model, encoded) if with_rates else (),
        sizes=measure_sizes(sizes, texts, model_home, made_vectors=made_vectors, progress=progress),
        rivals=measure_rivals(texts, model_home, progress) if rivals and texts else (),
    )


def system_load() -> float | None:
    """The mean number of processes running or waiting in the last minute, ``None`` where the system does not tell."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def parts_record(parts: Parts) -> dict[str, Any]:
    """The measurement as one JSON object; the fields of the start-up measurement stand at its top."""
    record = asdict(parts)
    del record["start"]
    return (bench_record(parts.start) if parts.start else {}) | record


def parts_text(parts: Parts) -> str:
    """Each part with its units."""
    texts = [bench_text(parts.start) if parts.start else machine_text(parts.machine, parts.model)]
    if parts.load is not None:
        texts.append(f"负荷    开始时 {parts.load:.1f}（{parts.machine.cores} 核；超过核数说明机器正忙，数字偏慢）")
    if parts.rates:
        texts.append(rates_text(parts.rates))
    if parts.sizes:
        source = f"段落和问题取自 {parts.texts}" if parts.texts else "段落为合成的文字"
        texts.append(f"{source}\n{sizes_text(parts.sizes)}")
    if parts.rivals:
        texts.append(f"同一模型、同一批文字（{parts.texts}），逐个在自己的进程里测\n{rivals_text(parts.rivals)}")
    return "\n\n".join(texts)
