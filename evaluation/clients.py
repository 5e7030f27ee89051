"""How long questions take, one after the other and from several clients at once; and the memory of this process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from evaluation.bench import percentile

CLIENTS = 8
STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds a question as a client waits, and questions answered in a second by all clients together."""

    clients: int
    questions: int
    p50: float
    p95: float
    a_second: float


def latency(ask: Callable[[str], object], questions: Sequence[str], clients: int = 1) -> Latency:
    """Ask every question once, ``clients`` at a time (threads, as the pages use)."""

    def timed(question: str) -> float:
        started = time.perf_counter()
        ask(question)
        return time.perf_counter() - started

    started = time.perf_counter()
    if clients == 1:
        seconds = [timed(question) for question in questions]
    else:
        with ThreadPoolExecutor(clients) as pool:
            seconds = list(pool.map(timed, questions))
    taken = time.perf_counter() - started
    ordered = sorted(seconds)
    return Latency(
        clients, len(ordered), percentile(ordered, 0.5), percentile(ordered, 0.95), len(ordered) / max(taken, 1e-9)
    )


def resident_mib() -> float | None:
    """The memory that this process holds now, ``None`` where the system does not tell."""
    if not STATM.is_file():
        return None
    pages = int(STATM.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
