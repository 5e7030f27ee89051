"""Other names of laws, from ``corpus/tables/law_names.toml``: nicknames, and laws that were replaced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from index.lookup_reading import short_title
from ingest import tables
from ingest.errors import TableError

TABLE = "law_names.toml"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A former law: what took its place, since which ISO day, and the clause that says so."""

    name: str
    by: str
    since: str
    reason: str


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Folded nickname to the short titles that it may mean.

    Raises:
        TableError: an entry lacks a field or a name stands twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("short", ("names", "means", "reason")):
        for name in row["names"]:
            if short_title(name) in found:
                raise TableError(f"词表 {TABLE}：简称“{name}”出现了两次。请合并成一项。")
            found[short_title(name)] = tuple(map(short_title, row["means"]))
    return found


@cache
def replaced_laws() -> dict[str, Replaced]:
    """Short title of a former law to what became of it.

    Raises:
        TableError: an entry lacks a field.
    """
    rows = _rows("replaced", ("name", "by", "since", "reason"))
    return {short_title(row["name"]): Replaced(row["name"], row["by"], row["since"], row["reason"]) for row in rows}


def _rows(kind: str, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = tables.read_toml(TABLE).get(kind, [])
    for number, row in enumerate(rows, 1):
        if missing := [field for field in fields if not row.get(field)]:
            raise TableError(
                f"词表 {TABLE} 第 {number} 个 [[{kind}]] 缺 {'、'.join(missing)}。请照文件开头的说明补上。"
            )
    return list(rows)
