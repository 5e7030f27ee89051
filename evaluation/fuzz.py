"""Fuzzing the readers of files: changed files go in until the time is over, and only clear refusals may come out.

The work is done in a child process (``fuzz_target.py``) under atheris, which sees what parts of the readers an input
reaches and goes on from those that reach more. atheris is no part of an installation: ``requirements-fuzz.txt``.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.fuzz_seeds import own_seeds, real_seeds
from ingest.errors import InputError
from ingest.home import PROJECT_DIR

_LONGEST_INPUT = 131_072  # bytes
_MOST_MEMORY = 2048  # MB of the child process
_TIMEOUT = 60  # seconds for one input, after which the run ends
_COVERED = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What a run did. ``findings`` maps the kind and place of each unexpected error to its trace."""

    minutes: float
    seeds: int
    runs: dict[str, int]  # inputs, by reader
    read: dict[str, int]  # of them those that became clauses
    covered: int  # edges of the program that some input reached
    findings: dict[str, str]
    ended: str  # how the process ended, "" where the time was over


def is_available() -> bool:
    """Whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def fuzz(minutes: float, *, real: Path | None = None, keep: Path | None = None) -> Fuzzed:
    """Fuzz for ``minutes``, from our own files and the small ones under ``real``; inputs are kept in ``keep``.

    Raises:
        InputError: atheris is not installed.
    """
    if not is_available():
        raise InputError("没有安装 atheris。请先 pip install -r requirements-fuzz.txt。")
    with tempfile.TemporaryDirectory(prefix="kb-fuzz-") as scratch:
        folder = keep or Path(scratch)
        corpus = folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        seeds = [*own_seeds(), *(real_seeds(real) if real is not None else ())]
        for number, content in enumerate(seeds):
            (corpus / f"seed-{number:04d}").write_bytes(content)
        return _run(minutes, folder, len(seeds))


def _run(minutes: float, folder: Path, seeds: int) -> Fuzzed:
    command = [
        sys.executable, "-m", "evaluation.fuzz_target", str(folder), str(folder / "corpus"),
        f"-max_total_time={max(int(minutes * 60), 1)}", f"-max_len={_LONGEST_INPUT}", f"-rss_limit_mb={_MOST_MEMORY}",
        f"-timeout={_TIMEOUT}", f"-artifact_prefix={folder}/", "-print_final_stats=1",
    ]  # fmt: skip
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        status = subprocess.run(command, cwd=PROJECT_DIR, stdout=log, stderr=log, check=False).returncode
    log_text = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")
    tally = folder / "tally.json"
    record = json.loads(tally.read_text(encoding="utf-8")) if tally.is_file() else {}
    covered = _COVERED.findall(log_text)
    return Fuzzed(
        minutes=minutes,
        seeds=seeds,
        runs=record.get("runs", {}),
        read=record.get("read", {}),
        covered=int(covered[-1]) if covered else 0,
        findings=record.get("findings", {}),
        ended="" if status == 0 else log_text[-1500:],
    )


def fuzz_record(fuzzed: Fuzzed) -> dict[str, Any]:
    """One run as JSON."""
    return asdict(fuzzed)


def fuzz_text(fuzzed: Fuzzed) -> str:
    """One run as people read it."""
    total = sum(fuzzed.runs.values())
    lines = [
        f"{fuzzed.minutes:g} 分钟，从 {fuzzed.seeds} 份文件出发，试了 {total} 份，"
        f"其中 {sum(fuzzed.read.values())} 份读成条款，到过程序的 {fuzzed.covered} 处。"
    ]
    lines += [f"  {reader}：{count} 份，读成 {fuzzed.read.get(reader, 0)} 份" for reader, count in fuzzed.runs.items()]
    lines.append(f"意外错误 {len(fuzzed.findings)} 处。")
    lines += [f"  {place}\n{words}" for place, words in fuzzed.findings.items()]
    if fuzzed.ended:
        lines.append(f"没有跑完：\n{fuzzed.ended}")
    return "\n".join(lines)
