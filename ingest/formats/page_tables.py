"""The table of web pages, ``corpus/tables/webpages.toml``, as a frozen record read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.errors import TableError
from ingest.tables import compile_pattern, read_toml

_NAME = "webpages.toml"


@dataclass(frozen=True, slots=True)
class PageTable:
    """Where the text of a page stands, what stands around it, and the labels of its facts."""

    containers: frozenset[str]  # lower case
    dropped: re.Pattern[str]
    dropped_tags: frozenset[str]
    around: tuple[re.Pattern[str], ...]
    labels: dict[str, str]
    metas: dict[str, str]  # keys in lower case


@cache
def page_table() -> PageTable:
    """The table.

    Raises:
        TableError: a list is missing or holds something else than words.
    """
    table = read_toml(_NAME)
    words = "|".join(re.escape(word) for word in _strings(table, "dropped"))
    return PageTable(
        frozenset(name.lower() for name in _strings(table, "containers")),
        re.compile(rf"(?:^|[-_\d\s])(?:{words})(?:$|[-_\d\s])"),
        frozenset(_strings(table, "dropped_tags")),
        tuple(compile_pattern(pattern, _NAME) for pattern in _strings(table, "around")),
        _names(table, "labels"),
        {key.lower(): value for key, value in _names(table, "metas").items()},
    )


def _strings(table: dict[str, Any], key: str) -> list[str]:
    values = table.get(key)
    if not isinstance(values, list) or not values or not all(isinstance(value, str) and value for value in values):
        raise TableError(f"词表 {_NAME} 的 {key} 应当是文字列表。")
    return values


def _names(table: dict[str, Any], key: str) -> dict[str, str]:
    values = table.get(key)
    if not isinstance(values, dict) or not all(isinstance(value, str) and value for value in values.values()):
        raise TableError(f"词表 {_NAME} 的 [{key}] 应当是“写法 = 名称”的列表。")
    return values
