"""What a new installation starts with: the files that ``corpus/sources.toml`` lists, taken into the store once.

Each start compares the list with what the store remembers of it, without writing. A delivered file that changed
becomes a new version, unless the user replaced or removed the document: then the user's choice stands.

A newer program reads better, and a table that somebody edited reads otherwise. So delivered files are read again
when the program or a table changed, and the requirements of all documents are found again when their rules changed;
both without a new version, since the text is the same.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from ingest.errors import StoreMissing, TableError
from ingest.home import CORPUS_DIR, TABLES_DIR, Home
from ingest.intake import Read, ingest_file, read_file, sha256_of
from ingest.naming import is_doc_id
from ingest.progress import Progress, Silent, track
from ingest.requirements import extract
from ingest.storage import Added, Shipped, Store, with_doc_id

__all__ = ["BootstrapReport", "ensure_corpus", "ingest_file"]

WAIT_SECONDS = 60.0  # two programs started at once: the second waits until the first has read the files
INGEST_DIR = Path(__file__).parent
# What decides which requirements are found in given clauses; a test holds it to what requirements.py imports.
REQUIREMENT_RULES = (
    *(INGEST_DIR / name for name in ("requirements.py", "sentences.py", "tables.py")),
    *(TABLES_DIR / name for name in ("audiences.toml", "measures.toml", "modality.toml", "subjects.toml")),
)
RULES_SETTING = "requirement_rules"
KEYS = frozenset({"kind", "file", "doc_id"})

Kept = Literal["removed", "replaced"]


@dataclass(frozen=True, slots=True)
class BootstrapReport:
    """What a start did: documents taken in or renewed, and those left as the user had made them."""

    added: tuple[Added, ...] = ()
    refreshed: tuple[Added, ...] = ()  # documents whose requirements are others than before
    kept: tuple[tuple[str, Kept], ...] = ()  # doc_id, and whether the user removed or replaced the document


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of ``sources.toml``."""

    name: str  # path under corpus/, the key under which the store remembers it
    doc_id: str
    path: Path
    fingerprint: str  # of the entry, the file, the facts beside it, and the program that reads it
    sha256: str  # of the file


def ensure_corpus(
    home: Home, *, progress: Progress | None = None, corpus_dir: Path = CORPUS_DIR, read: Read = read_file
) -> BootstrapReport:
    """Create the store where it is missing and take in what is new in ``corpus/``; otherwise only look.

    Safe when several programs start at once: the second waits, then finds the work done.

    Raises:
        TableError: ``sources.toml`` or a file it lists is missing or malformed.
        StoreError: the store cannot be opened or is damaged.
    """
    sources = read_sources(corpus_dir)
    if not _pending(home, sources):
        return BootstrapReport()
    added: list[Added] = []
    kept: list[tuple[str, Kept]] = []
    with Store.open(home, write=True, wait=WAIT_SECONDS) as store, store.transaction():
        refreshed = _refresh_requirements(store, progress or Silent())
        waiting = _changed(store, sources)
        for source in track(waiting, progress or Silent(), "收录自带文件", "份"):
            outcome = _take_in(store, source, read)
            if not isinstance(outcome, Added):
                kept.append((source.doc_id, outcome))
            elif outcome.outcome != "unchanged":
                added.append(outcome)
    return BootstrapReport(tuple(added), tuple(refreshed), tuple(kept))


def read_sources(corpus_dir: Path = CORPUS_DIR) -> tuple[Source, ...]:
    """The entries of ``sources.toml`` with the fingerprints of their files.

    Raises:
        TableError: the list is missing or malformed; the message names the entry.
    """
    path = corpus_dir / "sources.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"自带文件清单 {path} 读不出来：{error}。请恢复原文件。") from error
    sources = tuple(_source(entry, corpus_dir) for entry in entries)
    if len({source.doc_id for source in sources}) < len(sources):
        raise TableError(f"自带文件清单 {path} 有两项的 doc_id 相同。请给每个文件不同的 doc_id。")
    return sources


def _source(entry: dict[str, Any], corpus_dir: Path) -> Source:
    if set(entry) != KEYS or entry["kind"] != "file" or not is_doc_id(str(entry["doc_id"])):
        raise TableError(
            f"自带文件清单 sources.toml 的一项不合格式：{entry}。每项要有 kind（只能是 file）、file、"
            "doc_id（小写字母、数字和连字符）。"
        )
    path = corpus_dir / entry["file"]
    if not path.is_file():
        raise TableError(f"自带文件清单 sources.toml 列出的 {entry['file']} 不存在。请恢复原文件，或去掉这一项。")
    parts = [json.dumps(entry, sort_keys=True), _hash_of(*_with_facts(path)), _program()]
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Source(entry["file"], entry["doc_id"], path, fingerprint, sha256_of(path))


@cache
def _program() -> str:
    """The code and the tables that read files."""
    return _hash_of(*sorted(INGEST_DIR.glob("*.py")), *sorted(TABLES_DIR.glob("*.toml")))


def _hash_of(*paths: Path) -> str:
    return hashlib.sha256("\n".join(map(sha256_of, paths)).encode()).hexdigest()


def _with_facts(path: Path) -> list[Path]:
    """The file and those beside it that share its stem: its facts decide its reading too."""
    return sorted(beside for beside in path.parent.iterdir() if beside.name.startswith(f"{path.stem}."))


def _pending(home: Home, sources: tuple[Source, ...]) -> bool:
    try:
        with Store.open(home) as store:
            return bool(_changed(store, sources)) or store.setting(RULES_SETTING) != _hash_of(*REQUIREMENT_RULES)
    except StoreMissing:
        return True


def _changed(store: Store, sources: tuple[Source, ...]) -> list[Source]:
    remembered = store.shipped()
    return [
        source
        for source in sources
        if source.name not in remembered or remembered[source.name].fingerprint != source.fingerprint
    ]


def _refresh_requirements(store: Store, progress: Progress) -> list[Added]:
    """Find the requirements of all documents again if their rules changed."""
    rules = _hash_of(*REQUIREMENT_RULES)
    if store.setting(RULES_SETTING) == rules:
        return []
    refreshed = []
    for document in track(store.documents(), progress, "更新要求", "份"):
        parsed = store.parsed(document.doc_id)
        found = extract(parsed.clauses, document)
        refreshed.append(store.replace(document.doc_id, replace(parsed, requirements=found)))
    store.remember(RULES_SETTING, rules)
    return [added for added in refreshed if added.outcome != "unchanged"]


def _take_in(store: Store, source: Source, read: Read) -> Added | Kept:
    """Take in one new or changed file, unless its document is now the user's."""
    before = store.shipped().get(source.name)
    store.remember_shipped(source.name, Shipped(source.doc_id, source.fingerprint, source.sha256))
    current = store.find(source.doc_id)
    if current is None:
        return "removed" if before else store.add(with_doc_id(read(source.path), source.doc_id))
    if current.sha256 not in (source.sha256, before.sha256 if before else None):
        return "replaced"
    return store.replace(source.doc_id, read(source.path))
