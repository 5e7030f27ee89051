"""One start of the program, timed from inside: run as a child process by ``bench.py``.

Takes the moment at which the parent started it (seconds since 1970) and a question, prints one JSON object: seconds
until the engine was ready, until the first answer, in each stage of opening, and the most memory used.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field

from ingest.errors import KnowledgeBaseError
from ingest.home import home_from


@dataclass(slots=True)
class StageClock:
    """A ``Progress`` that adds up the seconds of each piece of work that the engine reports while it opens."""

    stages: dict[str, float] = field(default_factory=dict)
    _label: str | None = None
    _since: float = 0.0

    def begin(self, label: str, total: int | None, unit: str) -> None:
        """A piece of work begins; the one before is over."""
        self.end()
        self._label, self._since = label, time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Only whole pieces of work are timed."""

    def end(self) -> None:
        """The piece of work is over."""
        if self._label is not None:
            self.stages[self._label] = self.stages.get(self._label, 0.0) + time.monotonic() - self._since
            self._label = None


def peak_memory_mib() -> float | None:
    """The most memory this process has held, ``None`` where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def main() -> int:
    """Open the engine, ask once, print the times; the exit status is 1 where the program refuses."""
    try:
        print(json.dumps(_seconds(float(sys.argv[1]), sys.argv[2])))
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _seconds(started: float, question: str) -> dict[str, object]:
    clock = StageClock()
    from qa.engine import Engine

    imported = time.time()
    engine = Engine.open(home_from(), progress=clock)
    ready = time.time()
    clock.end()
    engine.ask(question)
    return {
        "imported": imported - started,
        "ready": ready - started,
        "first_answer": time.time() - started,
        "stages": clock.stages,
        "memory_mib": peak_memory_mib(),
    }


if __name__ == "__main__":
    sys.exit(main())
