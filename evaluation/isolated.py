"""One file read in a process of its own, so that its time and memory are its own.

As a program (``python -m evaluation.isolated FILE``) it reads the file and prints one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import KnowledgeBaseError
from ingest.formats.memory import peak_memory
from ingest.home import PROJECT_DIR

LONGEST = 1800.0  # seconds


@dataclass(frozen=True, slots=True)
class Isolated:
    """One file: ``clauses`` where it was read, ``refused`` why not, ``broken`` an error that is no refusal."""

    name: str
    megabytes: float
    seconds: float
    peak_mb: float | None
    clauses: int
    refused: str = ""
    broken: str = ""


def read_isolated(path: Path, name: str = "", *, most_seconds: float = LONGEST) -> Isolated:
    """Read ``path`` in a new process, requirements included."""
    megabytes = path.stat().st_size / 2**20
    command = [sys.executable, "-m", "evaluation.isolated", str(path.resolve())]
    started = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=PROJECT_DIR, capture_output=True, text=True, timeout=most_seconds, check=False
        )
    except subprocess.TimeoutExpired:
        words = f"{most_seconds:.0f} 秒后没有读完"
        return Isolated(name or path.name, megabytes, most_seconds, None, 0, broken=words)
    seconds = time.monotonic() - started
    if done.returncode != 0:
        words = done.stderr.strip()[-1500:] or f"进程以 {done.returncode} 结束"
        return Isolated(name or path.name, megabytes, seconds, None, 0, broken=words)
    record = json.loads(done.stdout.splitlines()[-1])
    return Isolated(
        name or path.name, megabytes, record["seconds"], record["peak_mb"], record["clauses"], record["refused"]
    )


def main() -> int:
    """Read one file and print what came of it; the exit status is 1 only for an error that is no refusal."""
    from ingest.intake import read_file

    started, clauses, refused = time.monotonic(), 0, ""
    try:
        clauses = len(read_file(Path(sys.argv[1])).clauses)
    except KnowledgeBaseError as error:
        refused = str(error)
    seconds = round(time.monotonic() - started, 2)
    print(json.dumps({"seconds": seconds, "peak_mb": peak_memory(), "clauses": clauses, "refused": refused}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
