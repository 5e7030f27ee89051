"""What a measurement was made on: the machine, the versions, the commit."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ingest.home import PROJECT_DIR

PACKAGES = ("torch", "sentence-transformers", "transformers", "faiss-cpu", "numpy", "jieba", "streamlit")
UNKNOWN = "unknown"
CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Machine:
    """The surroundings of a measurement; ``memory_gib`` is ``None`` where the system does not tell."""

    cpu: str
    cores: int
    memory_gib: float | None
    system: str
    python: str
    packages: dict[str, str]
    commit: str  # with "+" where files differ from it


def this_machine() -> Machine:
    """The facts of the machine and the checkout that this runs on."""
    return Machine(
        cpu=_cpu(),
        cores=_cores(),
        memory_gib=_memory_gib(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        packages={name: version for name in PACKAGES if (version := _version(name)) is not None},
        commit=commit(),
    )


def commit(folder: Path = PROJECT_DIR) -> str:
    """The short commit of a checkout, "+" after it where files differ, "unknown" outside of git."""
    name = _git(folder, "rev-parse", "--short=12", "HEAD")
    if name is None:
        return UNKNOWN
    return name + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _cpu() -> str:
    if CPUINFO.is_file():
        for line in CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine() or UNKNOWN


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)  # what this process may use; not known on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _memory_gib() -> float | None:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    return round(pages * size / 2**30, 1)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
