"""The words of the page in one language, read from ``texts.toml``, and the example questions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ingest.errors import TableError
from ingest.home import TABLES_DIR

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
GROUPS = ("search", "training", "case")
_TEXTS = Path(__file__).with_name("texts.toml")
_EXAMPLES = TABLES_DIR / "examples.toml"


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's words in one language; keys are dotted: "answer.share"."""

    language: Language
    entries: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The words under ``key`` with ``{names}`` filled in.

        Raises:
            KeyError: no such key; a test checks that every key in the code exists.
        """
        return self.entries[key].format(**values)


@dataclass(frozen=True, slots=True)
class Example:
    """A question offered on the start page."""

    group: str
    question: str


@lru_cache(maxsize=len(LANGUAGES))
def texts_in(language: Language) -> Texts:
    """The page's words in ``language``."""
    table = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    return Texts(language, dict(_leaves(table, language)))


def _leaves(table: Mapping[str, Any], language: Language, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if language in value:
            yield f"{prefix}{name}", value[language]
        else:
            yield from _leaves(value, language, f"{prefix}{name}.")


@lru_cache(maxsize=len(LANGUAGES))
def examples_in(language: Language, path: Path = _EXAMPLES) -> tuple[Example, ...]:
    """The example questions in ``language``, in the order of the table.

    Raises:
        TableError: the table is not TOML, an entry has no group of ``GROUPS``, or lacks a language.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["example"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise TableError(
            f"{path.name}：读不出示例问题（{error}）。应有若干 [[example]]，请照文件开头的说明改。"
        ) from error
    for number, row in enumerate(rows, start=1):
        if row.get("group") not in GROUPS or not all(row.get(each) for each in LANGUAGES):
            raise TableError(
                f"{path.name} 第 {number} 个示例：应有 group（{'、'.join(GROUPS)} 之一）、zh 和 en，实际是 {row}。"
            )
    return tuple(Example(row["group"], row[language]) for row in rows)
