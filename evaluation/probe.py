"""One start of the program, timed from inside: run as a child process by ``bench.py``.

Takes the moment at which the parent started it (seconds since 1970) and a question, prints one JSON object: seconds
until the engine was ready, until the first answer, in each stage of opening, and the most memory used.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field

from ingest.home import home_from


@dataclass(slots=True)
class StageClock:
    """Adds up the seconds in each stage that the engine reports while it opens."""

    stages: dict[str, float] = field(default_factory=dict)
    _name: str | None = None
    _since: float = 0.0

    def note(self, name: str, _done: int, _total: int) -> None:
        """The engine's progress callback: a stage lasts until the next one is named."""
        if name != self._name:
            self.stop()
            self._name, self._since = name, time.monotonic()

    def stop(self) -> None:
        """End the stage under way."""
        if self._name is not None:
            self.stages[self._name] = self.stages.get(self._name, 0.0) + time.monotonic() - self._since
            self._name = None


def peak_memory_mib() -> float | None:
    """The most memory this process has held, ``None`` where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def main() -> None:
    """Open the engine, ask once, print the times."""
    started, question = float(sys.argv[1]), sys.argv[2]
    clock = StageClock()
    from qa.engine import Engine

    imported = time.time()
    engine = Engine.open(home_from(), progress=clock.note)
    ready = time.time()
    clock.stop()
    engine.ask(question)
    seconds = {
        "imported": imported - started,
        "ready": ready - started,
        "first_answer": time.time() - started,
        "stages": clock.stages,
        "memory_mib": peak_memory_mib(),
    }
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
