"""Ways to ask the register for one field: rows of ``corpus/tables/questions.toml``, one kind of row a language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest import tables
from ingest.errors import TableError

TABLE = "questions.toml"
KINDS = ("often", "due", "within", "lead", "support", "stated", "words", "sanction")


@dataclass(frozen=True, slots=True)
class RegisterQuestion:
    """One way to ask for a field; ``examples`` are questions, each with what a test expects of it."""

    sets: str
    field: str
    asks: tuple[re.Pattern[str], ...]
    examples: tuple[tuple[str, str], ...]


def read_rows(key: str, filled: Callable[[str], str] = str) -> tuple[RegisterQuestion, ...]:
    """The rows ``[[key]]`` in the table's order; ``filled`` completes each regex before it is compiled.

    Raises:
        TableError: a row is malformed, or there is none.
    """
    try:
        return tuple(_row(key, row, filled) for row in tables.read_toml(TABLE)[key])
    except KeyError as error:
        raise TableError(f"词表 {TABLE} 的 [[{key}]] 缺少字段 {error}。") from error


def _row(key: str, row: dict[str, Any], filled: Callable[[str], str]) -> RegisterQuestion:
    if row["sets"] not in KINDS:
        raise TableError(f"词表 {TABLE} 的 [[{key}]]：不认识的 sets {row['sets']!r}。")
    return RegisterQuestion(
        sets=row["sets"],
        field=row.get("field", ""),
        asks=tuple(tables.compile_pattern(filled(regex), TABLE) for regex in row["asks"]),
        examples=tuple((question, expected) for question, expected in row["examples"]),
    )
