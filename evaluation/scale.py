"""Speed and memory by size: a knowledge base of N clauses from nothing, opened again, asked by one and by 8 clients.

Each step runs in a child process of its own, so that its memory is its own and one that dies does not take the rest
with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.beir import load_beir
from evaluation.clients import Latency
from evaluation.scale_probe import QUESTIONS_ALONE, QUESTIONS_TOGETHER
from evaluation.scale_texts import MADE_PASSAGES, passages_of_size, questions_for
from ingest.home import PROJECT_DIR, Home
from ingest.progress import Progress, track

MADE_VECTORS_FROM = 100_000  # clauses; more would be encoded for hours
SHOWN_ERROR = 500  # characters


@dataclass(frozen=True, slots=True)
class Size:
    """One size, seconds and MiB. ``failed`` says why there are no numbers, "" where there are.

    ``made_vectors`` says that the passages' vectors were made up instead of encoded. ``answers`` is the whole way to a
    cited answer, measured only with real vectors. ``added`` is from a new document of 100 clauses to its first hit.
    """

    clauses: int
    made_vectors: bool
    failed: str = ""
    store: float | None = None
    vectors: float | None = None
    index: float | None = None
    build_memory: float | None = None
    disk: float | None = None
    opened: float | None = None
    open_memory: float | None = None
    one_client: Latency | None = None
    many_clients: Latency | None = None
    answers: Latency | None = None
    memory: float | None = None
    peak_memory: float | None = None
    added: float | None = None


def measure_sizes(
    sizes: Sequence[int], texts: Path | None, model_home: Home, *, made_vectors: bool, progress: Progress
) -> tuple[Size, ...]:
    """Measure each size in a temporary folder.

    Args:
        sizes: numbers of clauses.
        texts: a BEIR folder of real passages and questions; made ones where it is not given.
        model_home: where the model is.
        made_vectors: make up the passages' vectors at every size, not only at the largest ones.
        progress: told about the sizes.
    """
    return tuple(
        _measured(size, texts, model_home, made_vectors or size >= MADE_VECTORS_FROM)
        for size in track(list(sizes), progress, "测各种规模", "种")
    )


def _measured(size: int, texts: Path | None, model_home: Home, made_vectors: bool) -> Size:
    with tempfile.TemporaryDirectory(prefix="kb-scale-", ignore_cleanup_errors=True) as scratch:
        job = {
            "size": size,
            "texts": str(texts.resolve()) if texts else "",
            "home": str(Path(scratch) / "kb"),
            "model_home": str(model_home.root),
            "made_vectors": made_vectors,
            "questions": _questions(size, texts),
        }
        path = Path(scratch) / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        found: dict[str, Any] = {}
        for step in ("build", "serve"):
            numbers, failed = run_child("evaluation.scale_probe", [str(time.time()), step, str(path)])
            if failed:
                return Size(size, made_vectors, f"{step}：{failed}")
            found |= numbers
    return _size(size, made_vectors, found)


def _questions(size: int, texts: Path | None) -> list[str]:
    """Found here, so that the memory of the process that answers them holds no texts beside the knowledge base."""
    folder = load_beir(texts) if texts else None
    held = len(folder.corpus) if folder else MADE_PASSAGES
    return questions_for(passages_of_size(min(size, held), folder), folder, QUESTIONS_ALONE + QUESTIONS_TOGETHER)


def _size(size: int, made_vectors: bool, found: Mapping[str, Any]) -> Size:
    return Size(
        clauses=size,
        made_vectors=made_vectors,
        store=found["store_seconds"],
        vectors=found["vector_seconds"],
        index=found["index_seconds"],
        build_memory=found["build_memory_mib"],
        disk=found["disk_mib"],
        opened=found["open_seconds"],
        open_memory=found["open_memory_mib"],
        one_client=Latency(**found["one_client"]),
        many_clients=Latency(**found["many_clients"]),
        answers=Latency(**found["answers"]) if found["answers"] else None,
        memory=found["memory_mib"],
        peak_memory=found["peak_memory_mib"],
        added=found["added_seconds"],
    )


def run_child(module: str, arguments: Sequence[str]) -> tuple[dict[str, Any], str]:
    """The JSON object on the last line that ``python -m module`` prints, and "" or why there is none."""
    environ = {**os.environ, "PYTHONUTF8": "1", "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=PROJECT_DIR, env=environ, capture_output=True, text=True, encoding="utf-8")
    if done.returncode < 0:
        return {}, f"被系统结束（信号 {-done.returncode}），多半是内存不够"
    if done.returncode:
        return {}, " ".join(done.stderr.split())[-SHOWN_ERROR:] or f"退出码 {done.returncode}"
    return json.loads(done.stdout.splitlines()[-1]), ""
