"""The sentences of one part of the answering room in one language, from a TOML file beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ingest.errors import InputError
from qa.wording import LANGUAGES


class Phrases:
    """Sentences by dotted keys ("verdict.exists").

    Args:
        path: the TOML file, with a table for each language.
        language: "zh" or "en".

    Raises:
        InputError: another language.
    """

    def __init__(self, path: Path, language: str) -> None:
        if language not in LANGUAGES:
            raise InputError(f"界面语言只有 zh 和 en，没有“{language}”。")
        self.language = language
        self._sentences = _read(path)[language]

    def say(self, key: str, **names: object) -> str:
        """The sentence ``key`` with its names filled in."""
        return self._sentences[key].format(**names)


@cache
def _read(path: Path) -> dict[str, dict[str, str]]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {language: dict(_leaves(table[language])) for language in LANGUAGES}


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            yield from _leaves(value, f"{prefix}{name}.")
