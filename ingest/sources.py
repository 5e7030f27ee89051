"""The list of what a new installation starts with: ``corpus/sources.toml``, with the fingerprint of each entry."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ingest import statutes
from ingest.errors import TableError
from ingest.home import CORPUS_DIR, TABLES_DIR
from ingest.intake import sha256_of
from ingest.naming import is_doc_id

INGEST_DIR = Path(__file__).parent
KEYS = {"file": {"kind", "file", "doc_id"}, "statutes": {"kind", "name", "doc_id"}}


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of ``sources.toml``."""

    name: str  # path under corpus/, or "statutes/" and the law; the key under which the store remembers it
    doc_id: str
    path: Path  # of the file; of a law the list itself
    fingerprint: str  # of the entry, the text, the facts beside it, and the program that reads it
    law: str = ""  # the law's name, "" for a file


def read_sources(corpus_dir: Path = CORPUS_DIR) -> tuple[Source, ...]:
    """The entries of ``sources.toml`` with their fingerprints.

    Raises:
        TableError: the list is missing or malformed; the message names the entry.
    """
    path = corpus_dir / "sources.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"自带文件清单 {path} 读不出来：{error}。请恢复原文件。") from error
    sources = tuple(_source(entry, path) for entry in entries)
    if len({source.doc_id for source in sources}) < len(sources):
        raise TableError(f"自带文件清单 {path} 有两项的 doc_id 相同。请给每个文件不同的 doc_id。")
    return sources


def hash_of(*paths: Path) -> str:
    """One hash of several files."""
    return hashlib.sha256("\n".join(map(sha256_of, paths)).encode()).hexdigest()


def _source(entry: dict[str, Any], listed_in: Path) -> Source:
    kind = str(entry.get("kind"))
    if set(entry) != KEYS.get(kind) or not all(isinstance(value, str) and value.strip() for value in entry.values()):
        raise _malformed(entry)
    if not is_doc_id(entry["doc_id"]):
        raise _malformed(entry)
    if kind == "statutes":
        fingerprint = _fingerprint(entry, statutes.PACKAGE.sha256)
        return Source(f"statutes/{entry['name']}", entry["doc_id"], listed_in, fingerprint, entry["name"])
    path = listed_in.parent / entry["file"]
    if not path.is_file():
        raise TableError(f"自带文件清单 sources.toml 列出的 {entry['file']} 不存在。请恢复原文件，或去掉这一项。")
    return Source(entry["file"], entry["doc_id"], path, _fingerprint(entry, hash_of(*_with_facts(path))))


def _malformed(entry: dict[str, Any]) -> TableError:
    return TableError(
        f"自带文件清单 sources.toml 的一项不合格式：{entry}。文件要有 kind（写 file）、file、doc_id；"
        "法律要有 kind（写 statutes）、name、doc_id。doc_id 只用小写字母、数字和连字符。"
    )


def _fingerprint(entry: dict[str, Any], text: str) -> str:
    parts = [json.dumps(entry, sort_keys=True), text, program()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def program() -> str:
    """The code and the tables that read texts, as one hash."""
    return hash_of(*sorted(INGEST_DIR.rglob("*.py")), *sorted(TABLES_DIR.glob("*.toml")))


def _with_facts(path: Path) -> list[Path]:
    """The file and those beside it that share its stem: its facts decide its reading too."""
    return sorted(beside for beside in path.parent.iterdir() if beside.name.startswith(f"{path.stem}."))
