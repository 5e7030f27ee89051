"""One file read in a process of its own, so that its time and memory are its own.

As a program (``python -m evaluation.isolated FILE``) it reads the file and prints one JSON object.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.report import table
from ingest.errors import InputError, KnowledgeBaseError
from ingest.formats.memory import peak_memory
from ingest.home import PROJECT_DIR
from ingest.progress import Progress, Silent, track

_HEAD = ("文件", "大小（MB）", "用时（秒）", "内存峰值（MB）", "结果")
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


def measure_each(folder: Path, progress: Progress | None = None) -> Iterator[Isolated]:
    """Every file under ``folder``, one process after another.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"没有文件夹“{folder}”。请指明放着文件的文件夹。")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".json", ".jsonl"))
    for path in track(paths, progress or Silent(), "读取文件", "份"):
        yield read_isolated(path, str(path.relative_to(folder)))


def isolated_record(measured: Sequence[Isolated]) -> list[dict[str, Any]]:
    """The files as JSON."""
    return [asdict(one) for one in measured]


def isolated_text(measured: Sequence[Isolated]) -> str:
    """The files as a table."""
    rows = [
        (
            one.name,
            f"{one.megabytes:.1f}",
            f"{one.seconds:.1f}",
            "–" if one.peak_mb is None else f"{one.peak_mb:.0f}",
            one.broken or one.refused or f"{one.clauses} 条",
        )
        for one in measured
    ]
    most = max((one.peak_mb or 0.0 for one in measured), default=0.0)
    return f"{table(_HEAD, rows)}\n内存最多 {most:.0f} MB，意外错误 {sum(bool(one.broken) for one in measured)} 份。"


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
