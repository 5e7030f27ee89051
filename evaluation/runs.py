"""``python -m evaluation run``: a BEIR folder in, the measures of each mode out, as a record and as text."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.beir import BeirFolder
from evaluation.bench import percentile
from evaluation.machine import Machine, this_machine
from evaluation.metrics import MEASURES, Measured, score_queries, summarise
from evaluation.ranking import NoEncoder, Ranked, fill, open_searcher, rank
from evaluation.report import table
from index.records import Mode
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class ModeMeasured:
    """One mode: its measures, the queries that were refused, seconds of a query."""

    mode: Mode
    measures: tuple[Measured, ...]
    refused: tuple[str, ...]
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class RunsMeasured:
    """One measurement: what was measured, on what, and the outcome of each mode."""

    qrels_file: str
    passages: int
    queries: int
    model: str  # the encoder's fingerprint
    modes: tuple[ModeMeasured, ...]
    machine: Machine


def measure_runs(
    folder: BeirFolder,
    modes: Sequence[Mode],
    *,
    home: Path | None,
    model_home: Home,
    progress: Progress,
    encoder: Encoder | None = None,
) -> RunsMeasured:
    """Index the corpus, ask the judged queries in each mode, measure.

    Args:
        folder: the checked BEIR folder.
        modes: ways of searching.
        home: keeps the corpus and its vectors for the next time; a temporary folder where it is not given.
        model_home: where the embedding model is, or is fetched to.
        progress: told about embedding and asking.
        encoder: gives the vectors; the model that ``KB_MODEL`` names where it is not given.
    """
    if encoder is None and tuple(modes) == ("lexical",):
        encoder = NoEncoder()
    elif encoder is None:
        from index.encoder import open_encoder

        encoder = open_encoder(model_home, progress=progress)
    with tempfile.TemporaryDirectory(prefix="kb-run-", ignore_cleanup_errors=True) as scratch:
        place = Home((home or Path(scratch) / "kb").resolve())
        names = fill(place, folder.corpus)
        searcher = open_searcher(place, encoder, progress)
        ranked = [rank(searcher, folder, names, mode, progress) for mode in modes]
    return RunsMeasured(
        qrels_file=folder.qrels_file.name,
        passages=len(folder.corpus),
        queries=len(folder.qrels),
        model=encoder.fingerprint,
        modes=tuple(_measured(folder, run) for run in ranked),
        machine=this_machine(),
    )


def runs_record(measured: RunsMeasured) -> dict[str, Any]:
    """The measurement as one JSON object."""
    return asdict(measured)


def runs_text(measured: RunsMeasured) -> str:
    """One line a mode, the interval under each value."""
    head = ("方式", *MEASURES, "p50", "p95")
    rows: list[tuple[str, ...]] = []
    for mode in measured.modes:
        speed = (f"{mode.p50 * 1000:.0f} 毫秒", f"{mode.p95 * 1000:.0f} 毫秒")
        rows.append((mode.mode, *(f"{each.mean:.3f}" for each in mode.measures), *speed))
        rows.append(("  95% 区间", *(f"{each.low:.3f}–{each.high:.3f}" for each in mode.measures), "", ""))
    refused = [f"{mode.mode} 有 {len(mode.refused)} 个问题未能检索，按 0 计" for mode in measured.modes if mode.refused]
    machine = measured.machine
    return "\n".join(
        (
            f"{measured.passages} 个段落，{measured.queries} 个评判过的问题（{measured.qrels_file}），"
            f"模型 {measured.model}，提交 {machine.commit}，{machine.cpu} {machine.cores} 核",
            table(head, rows),
            *refused,
        )
    )


def _measured(folder: BeirFolder, ranked: Ranked) -> ModeMeasured:
    seconds = sorted(ranked.seconds)
    measures = summarise(score_queries(folder.qrels, ranked.run))
    return ModeMeasured(ranked.mode, measures, ranked.refused, percentile(seconds, 0.5), percentile(seconds, 0.95))
