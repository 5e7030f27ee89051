"""``python -m evaluation run``: a BEIR folder in, the measures of each mode out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.beir import BeirFolder
from evaluation.bench import percentile
from evaluation.comparing import Comparison, Scores, compare
from evaluation.machine import Machine, this_machine
from evaluation.metrics import Measured, Run, score_queries, summarise
from evaluation.ranking import NoEncoder, Ranked, RunMode, fill, open_searcher, rank
from evaluation.translated import Translated, measure_translated
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Category:
    """The measures over the queries of one category."""

    name: str
    queries: int
    measures: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class ModeMeasured:
    """One mode: its measures, the queries that were refused, seconds of a query."""

    mode: RunMode
    measures: tuple[Measured, ...]
    categories: tuple[Category, ...]
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
    comparisons: tuple[Comparison, ...]
    translated: tuple[Translated, ...]
    machine: Machine


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run of another time or another program."""

    name: str
    run: Run


def measure_runs(
    folder: BeirFolder,
    modes: Sequence[RunMode],
    *,
    home: Path | None,
    model_home: Home,
    progress: Progress,
    encoder: Encoder | None = None,
    saved: SavedRun | None = None,
    translations: dict[str, str] | None = None,
) -> tuple[RunsMeasured, tuple[Ranked, ...]]:
    """Index the corpus, ask the judged queries in each mode, measure.

    Args:
        folder: the checked BEIR folder.
        modes: ways of searching; the later ones are compared with the first.
        home: keeps the corpus and its vectors for the next time; a temporary folder where it is not given.
        model_home: where the embedding model is, or is fetched to.
        progress: told about embedding and asking.
        encoder: gives the vectors; the model that ``KB_MODEL`` names where it is not given.
        saved: a run that every mode is compared with.
        translations: ``{query_id: text}`` in another language, measured beside their originals.

    Returns:
        The measurement, and the ranking of each mode.
    """
    encoder = encoder or _encoder(modes, model_home, progress)
    with tempfile.TemporaryDirectory(prefix="kb-run-", ignore_cleanup_errors=True) as scratch:
        place = Home((home or Path(scratch) / "kb").resolve())
        names = fill(place, folder.corpus)
        searcher = open_searcher(place, encoder, progress)
        ranked = tuple(rank(searcher, place, folder.judged_queries, names, mode, progress) for mode in modes)
        translated = tuple(
            measure_translated(searcher, place, folder, names, mode, translations, progress)
            for mode in modes
            if translations
        )
    return _put_together(folder, encoder, ranked, translated, saved), ranked


def _put_together(
    folder: BeirFolder,
    encoder: Encoder,
    ranked: Sequence[Ranked],
    translated: tuple[Translated, ...],
    saved: SavedRun | None,
) -> RunsMeasured:
    scores = {run.mode: score_queries(folder.qrels, run.run) for run in ranked}
    return RunsMeasured(
        qrels_file=folder.qrels_file.name,
        passages=len(folder.corpus),
        queries=len(folder.qrels),
        model=encoder.fingerprint,
        modes=tuple(_measured(folder, run, scores[run.mode]) for run in ranked),
        comparisons=_comparisons(folder, scores, saved),
        translated=translated,
        machine=this_machine(),
    )


def _encoder(modes: Sequence[RunMode], model_home: Home, progress: Progress) -> Encoder:
    if tuple(modes) == ("lexical",):
        return NoEncoder()
    from index.encoder import open_encoder

    return open_encoder(model_home, progress=progress)


def _measured(folder: BeirFolder, ranked: Ranked, scores: Scores) -> ModeMeasured:
    seconds = sorted(ranked.seconds)
    return ModeMeasured(
        mode=ranked.mode,
        measures=summarise(scores),
        categories=_by_category(folder, scores),
        refused=ranked.refused,
        p50=percentile(seconds, 0.5),
        p95=percentile(seconds, 0.95),
    )


def _by_category(folder: BeirFolder, scores: Scores) -> tuple[Category, ...]:
    """The largest category first, equally large ones by name."""
    members: dict[str, list[str]] = {}
    for query_id, category in folder.categories.items():
        members.setdefault(category, []).append(query_id)
    return tuple(
        Category(
            name,
            len(ids),
            summarise({measure: {each: by_query[each] for each in ids} for measure, by_query in scores.items()}),
        )
        for name, ids in sorted(members.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    )


def _comparisons(
    folder: BeirFolder, scores: Mapping[RunMode, Scores], saved: SavedRun | None
) -> tuple[Comparison, ...]:
    """Every mode against the saved run, and the later modes against the first."""
    first, *later = scores
    pairs: list[tuple[str, Scores, str, Scores]] = [(first, scores[first], mode, scores[mode]) for mode in later]
    if saved is not None:
        known = score_queries(folder.qrels, saved.run)
        pairs += [(saved.name, known, mode, found) for mode, found in scores.items()]
    return tuple(row for pair in pairs for row in compare(*pair))
