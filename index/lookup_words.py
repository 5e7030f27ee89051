"""The words of ``lookup.toml``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("lookup.toml")
STATE_NAME = "中华人民共和国"


@cache
def _words(key: str) -> tuple[str, ...]:
    """The words of one entry, longest first."""
    entries = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(sorted(entries[key].split(), key=len, reverse=True))


def talk() -> tuple[str, ...]:
    """Words of asking, longest first."""
    return _words("talk")


def numbered_talk() -> tuple[str, ...]:
    """Words of asking beside a number, ``talk`` included, longest first."""
    return tuple(sorted({*_words("talk"), *_words("numbered_talk")}, key=len, reverse=True))


def english_talk() -> frozenset[str]:
    """English words of asking beside a named clause."""
    return frozenset(_words("english_talk"))


def self_names() -> frozenset[str]:
    """What a document calls itself."""
    return frozenset(_words("self_names"))


def document_endings() -> tuple[str, ...]:
    """How names of laws and policies end, longest first."""
    return _words("document_endings")


def exact_endings() -> tuple[str, ...]:
    """Endings of names that must be whole, longest first."""
    return _words("exact_endings")


def place_endings() -> tuple[str, ...]:
    """How names of places end, longest first."""
    return _words("place_endings")
