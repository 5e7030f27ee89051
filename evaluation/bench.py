"""How fast it is: start-up cold and warm, the page's first answer, questions, memory.

Everything runs in a new knowledge base of the shipped corpus in a temporary folder, so that two machines measure the
same thing and nobody's own documents are touched. Cold is the first start on an empty folder: fetch the model, read
the corpus, embed, answer. Warm is every later start.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.answers import Answering
from evaluation.machine import UNKNOWN, Machine, this_machine
from evaluation.page_speed import PageTimes, page_times
from ingest.errors import BadQuery, KnowledgeBaseError
from ingest.home import PROJECT_DIR, Home

WARM_STARTS = 3
START_LIMIT = 1800  # seconds; a first start fetches the model, which may be slow


@dataclass(frozen=True, slots=True)
class StartUp:
    """Seconds from the start of the process; ``stages`` adds up what the engine reported while opening."""

    imported: float
    ready: float
    first_answer: float
    stages: dict[str, float]
    memory_mib: float | None


@dataclass(frozen=True, slots=True)
class QueryTimes:
    """Seconds per question, each asked for the first time in a warm process; the percentiles are observed values."""

    questions: int
    p50: float
    p95: float
    slowest: float
    slowest_question: str


@dataclass(frozen=True, slots=True)
class Bench:
    """One measurement of everything."""

    machine: Machine
    model: str
    documents: int
    clauses: int
    cold: StartUp
    warm: StartUp  # the median over ``WARM_STARTS`` starts
    queries: QueryTimes
    page: PageTimes | None
    page_note: str  # why the page was not measured, "" where it was


def measure(questions: Sequence[str], *, with_page: bool = True) -> Bench:
    """Measure all of it; takes a minute or two.

    Raises:
        KnowledgeBaseError: the program could not start or answer.
    """
    with tempfile.TemporaryDirectory(prefix="kb-bench-", ignore_cleanup_errors=True) as folder:
        home = Home(Path(folder) / "kb")
        first = next((question for question in questions if question.strip()), questions[0])
        cold = start_up(home, first)
        warm = _median([start_up(home, first) for _ in range(WARM_STARTS)])
        page, page_note = page_times(home, first) if with_page else (None, "没有要求测量页面")
        from qa.engine import Engine

        engine = Engine.open(home)
        documents = engine.documents()
        return Bench(
            machine=this_machine(),
            model=_model_name(home),
            documents=len(documents),
            clauses=sum(len(engine.outline(document.doc_id)) for document in documents),
            cold=cold,
            warm=warm,
            queries=query_times(engine, questions),
            page=page,
            page_note=page_note,
        )


def start_up(home: Home, question: str) -> StartUp:
    """One start in a new process."""
    command = [sys.executable, "-m", "evaluation.probe", str(time.time()), question]
    environ = {**os.environ, "KB_HOME": str(home.root), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            command, cwd=PROJECT_DIR, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=START_LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise KnowledgeBaseError(
            f"程序 {START_LIMIT // 60} 分钟还没有启动完。请单独提一个问题，查看停在哪一步。"
        ) from error
    if done.returncode != 0:
        raise KnowledgeBaseError(f"程序没有启动成功（退出码 {done.returncode}）：\n{done.stderr.strip()[-2000:]}")
    return StartUp(**json.loads(done.stdout.splitlines()[-1]))


def query_times(engine: Answering, questions: Sequence[str]) -> QueryTimes:
    """Ask each question once, as people do: the engine remembers questions, so a second time would flatter.

    The first one is asked beforehand and not counted, since it loads what later ones find loaded.
    """
    times: list[tuple[float, str]] = []
    for question in (questions[0], *dict.fromkeys(questions[1:])):
        started = time.perf_counter()
        with suppress(BadQuery):  # a refusal at the door is an answer too, and takes its time
            engine.ask(question)
        times.append((time.perf_counter() - started, question))
    ordered = sorted(times[1:] or times)
    seconds = [taken for taken, _ in ordered]
    return QueryTimes(
        questions=len(seconds),
        p50=percentile(seconds, 0.50),
        p95=percentile(seconds, 0.95),
        slowest=ordered[-1][0],
        slowest_question=ordered[-1][1],
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest observed value that at least ``share`` of the values do not exceed (nearest rank)."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def bench_record(bench: Bench) -> dict[str, Any]:
    """The measurement as one JSON object."""
    return asdict(bench)


def _model_name(home: Home) -> str:
    """The fingerprint that the model's folder carries: its name and the start of its hash."""
    names = [
        str(json.loads(path.read_text(encoding="utf-8")).get("fingerprint", path.parent.name))
        for path in sorted(home.models.glob("*/kb_model.json"))
    ]
    return "、".join(names) or os.environ.get("KB_MODEL", "") or UNKNOWN


def _median(starts: Sequence[StartUp]) -> StartUp:
    stages = {name: statistics.median(start.stages.get(name, 0.0) for start in starts) for name in starts[0].stages}
    memory = [start.memory_mib for start in starts if start.memory_mib is not None]
    return StartUp(
        imported=statistics.median(start.imported for start in starts),
        ready=statistics.median(start.ready for start in starts),
        first_answer=statistics.median(start.first_answer for start in starts),
        stages=stages,
        memory_mib=statistics.median(memory) if memory else None,
    )
