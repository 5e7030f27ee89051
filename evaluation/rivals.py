"""This product beside what a user would pick instead: the same model, the same texts, one after the other.

Quality and speed in one table, speed also as a ratio. An engine whose package is not installed is told, not fatal.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.beir import BeirFolder, load_beir
from evaluation.clients import Latency
from evaluation.metrics import score_queries, summarise
from evaluation.rival_engines import ENGINES, OURS
from evaluation.scale import run_child
from ingest.home import Home
from ingest.progress import Progress, track

QUALITY = ("recall@5", "MRR@10")


@dataclass(frozen=True, slots=True)
class Rival:
    """One engine's numbers, seconds and MiB; ``failed`` says why there are none, "" where there are.

    ``build_ratio`` and ``query_ratio`` are its seconds over ours: above 1 it is slower.
    """

    name: str
    failed: str = ""
    recall_at_5: float | None = None
    mrr_at_10: float | None = None
    build: float | None = None
    build_ratio: float | None = None
    one_client: Latency | None = None
    query_ratio: float | None = None
    many_clients: Latency | None = None
    memory: float | None = None


def measure_rivals(path: Path, model_home: Home, progress: Progress) -> tuple[Rival, ...]:
    """Every engine on the BEIR folder at ``path``, each in a child process."""
    from index.encoder import SentenceEncoder
    from index.models import ensure_model

    folder, model = load_beir(path), ensure_model(model_home, progress=progress)
    setting = {
        "model": str(model.folder),
        "query_prefix": model.query_prefix,
        "passage_prefix": model.passage_prefix,
        "dimension": SentenceEncoder(model).dimension,
        "model_home": str(model_home.root),
    }
    measured: list[Rival] = []
    for name in track(list(ENGINES), progress, "与别的工具比较", "种"):
        ours = next((rival for rival in measured if rival.name == OURS), None)
        measured.append(_measured(name, path, folder, setting, ours))
    return tuple(measured)


def _measured(name: str, path: Path, folder: BeirFolder, setting: Mapping[str, Any], ours: Rival | None) -> Rival:
    with tempfile.TemporaryDirectory(prefix="kb-rival-", ignore_cleanup_errors=True) as scratch:
        job = Path(scratch) / "job.json"
        job.write_text(
            json.dumps({"folder": str(path.resolve()), "scratch": scratch, "setting": dict(setting)}), encoding="utf-8"
        )
        found, failed = run_child("evaluation.rival_probe", [name, str(job)])
    return Rival(name, failed) if failed else _rival(name, folder, found, ours)


def _rival(name: str, folder: BeirFolder, found: Mapping[str, Any], ours: Rival | None) -> Rival:
    means = {each.measure: each.mean for each in summarise(score_queries(folder.qrels, found["run"]))}
    one = Latency(**found["one_client"])
    build = float(found["build_seconds"])
    return Rival(
        name=name,
        recall_at_5=means[QUALITY[0]],
        mrr_at_10=means[QUALITY[1]],
        build=build,
        build_ratio=_ratio(build, ours.build if ours else build),
        one_client=one,
        query_ratio=_ratio(one.p50, ours.one_client.p50 if ours and ours.one_client else one.p50),
        many_clients=Latency(**found["many_clients"]),
        memory=found["memory_mib"],
    )


def _ratio(value: float, base: float | None) -> float | None:
    return value / base if base else None
