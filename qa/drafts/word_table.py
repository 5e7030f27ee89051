"""The words of ``corpus/tables/drafts.toml``, read once: how drafts cite and quote."""

from __future__ import annotations

from functools import cache

from ingest import tables
from ingest.errors import TableError

TABLE = "drafts.toml"


@cache
def words(key: str) -> tuple[str, ...]:
    """The words of one entry, longest first.

    Raises:
        TableError: the table lacks the entry.
    """
    entry = tables.read_toml(TABLE).get(key)
    if not isinstance(entry, str) or not entry.strip():
        raise TableError(f"词表 {TABLE} 缺“{key}”，应为用空格隔开的词语。请恢复 corpus/tables 里的原文件。")
    return tuple(sorted(entry.split(), key=len, reverse=True))
