"""One step of the measurement at a size, in a process of its own: run as a child by ``scale.py``.

Takes the moment at which the parent started it (seconds since 1970), "build" or "serve", and a job file; prints one
JSON object. "build" makes a knowledge base of the size from nothing; "serve" opens it, asks, and adds a document.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.beir import BeirFolder, Passage, load_beir
from evaluation.clients import CLIENTS, latency, resident_mib
from evaluation.probe import StageClock, peak_memory_mib
from evaluation.ranking import fill
from evaluation.scale_texts import MadeVectors, RepeatedWords, passages_of_size
from index.records import Mode
from ingest.errors import KnowledgeBaseError
from ingest.home import Home
from ingest.progress import Silent

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.searcher import Searcher

QUESTIONS_ALONE, QUESTIONS_TOGETHER, ANSWERS = 200, 400, 40
VECTORS_STAGE = "计算向量"  # as the index names the stage to its progress
ADDED_CLAUSES = 100
ADDED_WORD = "鲸落藻"  # stands in no text


def main() -> int:
    """Do one step and print its numbers; the exit status is 1 where the program refuses."""
    started, step, job = float(sys.argv[1]), sys.argv[2], json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
    try:
        print(json.dumps(_build(job) if step == "build" else _serve(job, started)))
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _build(job: dict[str, Any]) -> dict[str, object]:
    from index.building import ensure_index
    from index.segmentation import Segmenter

    home, encoder = Home(Path(job["home"])), _encoder(job)
    passages = passages_of_size(job["size"], _folder(job))
    started = time.perf_counter()
    fill(home, passages)
    stored = time.perf_counter()
    clock = StageClock()
    segmenter = RepeatedWords() if job["made_vectors"] else Segmenter()
    ensure_index(home, encoder, segmenter, progress=clock)
    clock.end()
    ended = time.perf_counter()
    vectors = clock.stages.get(VECTORS_STAGE, 0.0)
    return {
        "store_seconds": stored - started,
        "vector_seconds": vectors,
        "index_seconds": ended - stored - vectors,
        "build_memory_mib": peak_memory_mib(),
        "disk_mib": sum(path.stat().st_size for path in home.root.rglob("*") if path.is_file()) / 2**20,
    }


def _serve(job: dict[str, Any], started: float) -> dict[str, object]:
    from index.searcher import Searcher
    from index.segmentation import Segmenter

    home, encoder = Home(Path(job["home"])), _encoder(job)
    searcher = Searcher(home, encoder, Segmenter())
    searcher.refresh()
    opened = time.time() - started
    open_memory = resident_mib()
    questions: list[str] = job["questions"]
    alone = len(questions) * QUESTIONS_ALONE // (QUESTIONS_ALONE + QUESTIONS_TOGETHER)
    search: Callable[[str], object] = searcher.search
    search(questions[-1])  # loads what later ones find loaded
    one = latency(search, questions[:alone])
    many = latency(search, questions[alone:], CLIENTS)
    memory = resident_mib()
    answers = None if job["made_vectors"] else _answers(home, searcher, questions[:ANSWERS])
    return {
        "open_seconds": opened,
        "open_memory_mib": open_memory,
        "one_client": asdict(one),
        "many_clients": asdict(many),
        "memory_mib": memory,
        "answers": answers,
        "added_seconds": _added(home, searcher, "lexical" if job["made_vectors"] else "hybrid"),
        "peak_memory_mib": peak_memory_mib(),
    }


def _answers(home: Home, searcher: Searcher, questions: Sequence[str]) -> dict[str, object]:
    """The whole way to a cited answer, sentences weighed; each question for the first time."""
    from qa.engine import Engine

    engine = Engine(home, searcher)
    engine.ask(questions[-1])
    return asdict(latency(engine.ask, questions))


def _added(home: Home, searcher: Searcher, mode: Mode) -> float:
    """Seconds from a new document of ``ADDED_CLAUSES`` clauses to the first hit in it; made vectors find nothing."""
    from evaluation.ranking import one_document
    from ingest.storage import Store

    texts = [f"第{at}项{ADDED_WORD}的养护单位应当每年检查{at}次。" for at in range(1, ADDED_CLAUSES + 1)]
    parsed = one_document("added", "新增办法", [Passage(str(at), "新增办法", text) for at, text in enumerate(texts)])
    started = time.perf_counter()
    with Store.open(home, write=True) as store, store.transaction():
        store.add(parsed)
    searcher.refresh()
    hits = searcher.search(f"{ADDED_WORD}的养护单位每年检查几次", mode=mode)
    if not hits or hits[0].clause.doc_id != "added":
        raise KnowledgeBaseError("新加的文件没有被检出，无法测量。")
    return time.perf_counter() - started


def _encoder(job: dict[str, Any]) -> Encoder:
    from index.encoder import open_encoder

    encoder = open_encoder(Home(Path(job["model_home"])), progress=Silent())
    return MadeVectors(encoder) if job["made_vectors"] else encoder


def _folder(job: dict[str, Any]) -> BeirFolder | None:
    return load_beir(Path(job["texts"])) if job["texts"] else None


if __name__ == "__main__":
    sys.exit(main())
