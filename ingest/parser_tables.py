"""The parser's own tables in ``corpus/tables``: site furniture, heading words, kinds of documents.

Gives frozen records, read once. What the words mean is written in the tables; this module checks their shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args

from ingest.errors import TableError
from ingest.records import DocumentRank
from ingest.tables import compile_pattern, read_toml

FurnitureClass = Literal["site", "page", "weak"]


@dataclass(frozen=True, slots=True)
class FurniturePattern:
    """One kind of line that a site or a printer puts around a text.

    ``kind`` "site" is removed wherever it stands and shows that the file is a saved page, "page" is a page
    number, "weak" is removed only in a file that has a "site" line. ``truncates`` says that the line announces a
    cut text.
    """

    name: str
    kind: FurnitureClass
    pattern: re.Pattern[str]
    truncates: bool = False


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """Words that are a heading by themselves, and characters that show that the sentence goes on."""

    words: tuple[str, ...]  # longest first
    continuations: tuple[str, ...]
    max_title: int  # characters of a heading that shares its line with its paragraph


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A word that ends the titles of one kind of document."""

    word: str
    slug: str
    rank: DocumentRank


@cache
def furniture() -> tuple[FurniturePattern, ...]:
    """The lines that are not part of a text, in the order of the table."""
    rows = _rows(read_toml("furniture.toml"), "line", "furniture.toml")
    return tuple(_furniture(row) for row in rows)


@cache
def page_mark() -> re.Pattern[str]:
    """How a page mark at the start of a paragraph is written; group 1 is its number."""
    value = read_toml("furniture.toml").get("page_mark")
    return _pattern(value, "furniture.toml", "page_mark")


@cache
def heading_words() -> HeadingWords:
    """The table of common headings."""
    table = read_toml("headings.toml")
    words = sorted(_strings(table, "words", "headings.toml"), key=len, reverse=True)
    return HeadingWords(
        tuple(words), tuple(_strings(table, "continuations", "headings.toml")), int(table.get("max_title", 30))
    )


@cache
def document_types() -> tuple[DocumentType, ...]:
    """Kinds of documents, the longest words first."""
    rows = _rows(read_toml("document_types.toml"), "type", "document_types.toml")
    found = []
    for row in rows:
        word, slug, rank = (str(row.get(key, "")) for key in ("word", "slug", "rank"))
        if not word or not re.fullmatch(r"[a-z]+", slug) or rank not in get_args(DocumentRank):
            raise TableError(f"词表 document_types.toml 的一项不完整：{row}。每项要有 word、slug（小写字母）、rank。")
        found.append(DocumentType(word, slug, cast(DocumentRank, rank)))
    return tuple(sorted(found, key=lambda entry: len(entry.word), reverse=True))


@cache
def issuer_endings() -> tuple[str, ...]:
    """Words that end the name of an issuing body, the longest first."""
    endings = _strings(read_toml("document_types.toml"), "issuer_endings", "document_types.toml")
    return tuple(sorted(endings, key=len, reverse=True))


@cache
def letterhead() -> tuple[re.Pattern[str], ...]:
    """Lines of a letterhead that are neither title nor text: 份号, 密级, 紧急程度, 签发人."""
    patterns = _strings(read_toml("document_types.toml"), "letterhead", "document_types.toml")
    return tuple(_pattern(pattern, "document_types.toml", "letterhead") for pattern in patterns)


@cache
def history() -> re.Pattern[str]:
    """A whole statement on how a text was passed and amended, without its line breaks."""
    return _pattern(read_toml("document_types.toml").get("history"), "document_types.toml", "history")


def _furniture(row: dict[str, Any]) -> FurniturePattern:
    name, kind = str(row.get("name", "")), str(row.get("kind", ""))
    if not name or kind not in get_args(FurnitureClass):
        raise TableError(f"词表 furniture.toml 的一项不完整：{row}。要有 name、kind（site、page 或 weak）、pattern。")
    pattern = _pattern(row.get("pattern"), "furniture.toml", name)
    return FurniturePattern(name, cast(FurnitureClass, kind), pattern, bool(row.get("truncates", False)))


def _pattern(value: object, table: str, name: str) -> re.Pattern[str]:
    if not isinstance(value, str):
        raise TableError(f"词表 {table} 的“{name}”缺少 pattern。")
    return compile_pattern(value, table)


def _rows(table: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    rows = table.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TableError(f"词表 {name} 应当有若干 [[{key}]] 项，没有找到。")
    return rows


def _strings(table: dict[str, Any], key: str, name: str) -> list[str]:
    values = table.get(key)
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise TableError(f"词表 {name} 的 {key} 应当是文字列表。")
    return values
