"""One engine measured in a process of its own: run as a child by ``rivals.py``.

Takes an engine's name and a job file, prints one JSON object: seconds, memory, and the ranking of every query.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path

from evaluation.beir import load_beir
from evaluation.clients import CLIENTS, latency, resident_mib
from evaluation.probe import peak_memory_mib
from evaluation.rival_engines import ENGINES, Setting
from ingest.errors import KnowledgeBaseError

TOP_K = 10
MOST_QUESTIONS = 300  # of each of the two timings
INSTALL = "没有装好，请先运行 pip install -r requirements-bench.txt"


def main() -> int:
    """Measure one engine and print its numbers; the exit status is 1 where it fails or is not installed."""
    name, job = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    warnings.simplefilter("ignore")  # of other people's packages; what goes wrong is raised
    try:
        with contextlib.redirect_stdout(sys.stderr):  # some of them print as they work
            found = _measure(name, Path(job["folder"]), Setting(**{**job["setting"], "scratch": Path(job["scratch"])}))
    except ImportError as error:
        print(f"{INSTALL}（{error}）", file=sys.stderr)
        return 1
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found))
    return 0


def _measure(name: str, path: Path, setting: Setting) -> dict[str, object]:
    folder = load_beir(path)
    started = time.perf_counter()
    search = ENGINES[name](folder.corpus, setting)
    built = time.perf_counter() - started
    queries = folder.judged_queries
    ids = list(queries)
    search(queries[ids[-1]], TOP_K)  # loads what later ones find loaded
    ranked: dict[str, list[int]] = {}

    def ask(query_id: str) -> None:
        ranked[query_id] = search(queries[query_id], TOP_K)

    one = latency(ask, ids[:MOST_QUESTIONS])
    many = latency(ask, ids[MOST_QUESTIONS : 2 * MOST_QUESTIONS] or ids, CLIENTS)
    memory = resident_mib()
    for query_id in ids:
        if query_id not in ranked:
            ask(query_id)
    names = [passage.passage_id for passage in folder.corpus]
    return {
        "build_seconds": built,
        "one_client": asdict(one),
        "many_clients": asdict(many),
        "memory_mib": memory,
        "peak_memory_mib": peak_memory_mib(),
        "run": {
            query_id: {names[row]: float(TOP_K - place) for place, row in enumerate(rows)}
            for query_id, rows in ranked.items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
