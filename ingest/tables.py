"""The domain tables of ``corpus/tables`` as typed, checked, cached values.

A malformed table raises ``TableError`` naming file and entry; nothing is skipped in silence.
Formats and origins are described in ``corpus/README.md``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from ingest.errors import TableError
from ingest.home import TABLES_DIR
from ingest.records import Modality

MODALITIES: tuple[Modality, ...] = ("must", "must_not", "should", "may", "encouraged", "goal", "statement")
MOST_COST = 5  # standard deviations: beyond it a text could not be found at all


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a requirement binds, with the words that name it (see ``audiences.toml``)."""

    key: str
    zh: str
    en: str
    words: tuple[str, ...]
    people: tuple[str, ...]
    english: tuple[str, ...]
    within: str | None
    ending: re.Pattern[str] | None  # how the name of such a doer may end


@dataclass(frozen=True, slots=True)
class ModalityPattern:
    """A pattern that shows a modality; the group ``word`` is the word that shows it (see ``modality.toml``)."""

    modality: Modality
    pattern: re.Pattern[str]
    part: bool  # read over each part of a sentence, not over the whole
    early: bool  # read before the parts
    head: bool  # counts only in the first part of a sentence
    directive: bool  # holds in texts of directives only
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """Patterns for one measured field, and ``(sentence, expected words)`` examples."""

    field: str
    patterns: tuple[re.Pattern[str], ...]
    examples: tuple[tuple[str, str], ...]


def read_toml(name: str) -> dict[str, Any]:
    """The table ``corpus/tables/<name>`` as parsed TOML.

    Raises:
        TableError: the file is missing or is not TOML.
    """
    path = TABLES_DIR / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"词表 {name} 读不出来：{error}。请恢复 corpus/tables 里的原文件。") from error


def compile_pattern(regex: str, table: str) -> re.Pattern[str]:
    """``regex`` compiled; a bad one is reported with its table."""
    try:
        return re.compile(regex)
    except re.error as error:
        raise TableError(f"词表 {table} 里的表达式“{regex}”写错了：{error}。") from error


def text_lines(name: str) -> tuple[str, ...]:
    """The lines of ``corpus/tables/<name>`` without comments and empty lines."""
    path = TABLES_DIR / name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"词表 {name} 读不出来：{error}。请恢复 corpus/tables 里的原文件。") from error
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


@cache
def audiences() -> dict[str, Audience]:
    """Audiences by key, in the table's order."""
    table = read_toml("audiences.toml")
    try:
        read = {
            key: Audience(
                key=key,
                zh=row["zh"],
                en=row["en"],
                words=tuple(row["words"]),
                people=tuple(row["people"]),
                english=tuple(row["english"]),
                within=row.get("within"),
                ending=compile_pattern(row["ending"], "audiences.toml") if "ending" in row else None,
            )
            for key, row in table.items()
        }
    except KeyError as error:
        raise TableError(f"词表 audiences.toml 缺少字段 {error}。") from error
    for audience in read.values():
        if audience.within is not None and audience.within not in read:
            raise TableError(f"词表 audiences.toml：{audience.key} 属于不存在的 {audience.within}。")
    return read


def audience_family(key: str) -> frozenset[str]:
    """``key`` and every audience within it ("school" holds teacher, student, kindergarten)."""
    return frozenset(a.key for a in audiences().values() if a.key == key or a.within == key)


@cache
def modality_patterns() -> tuple[ModalityPattern, ...]:
    """Modality patterns in the order in which they are tried."""
    name = "modality.toml"
    read = []
    for row in read_toml(name).get("pattern", []):
        if row.get("modality") not in MODALITIES:
            raise TableError(f"词表 {name}：不认识的约束力 {row.get('modality')!r}。")
        pattern = compile_pattern(row["regex"], name)
        read.append(
            ModalityPattern(
                modality=cast(Modality, row["modality"]),
                pattern=pattern,
                part=bool(row.get("part", False)),
                early=bool(row.get("early", False)),
                head=bool(row.get("head", False)),
                directive=bool(row.get("directive", False)),
                examples=tuple(row.get("examples", ())),
            )
        )
    return tuple(read)


@cache
def measures() -> dict[str, Measure]:
    """Patterns of frequency, quantity, deadline, units, exception and condition."""
    name = "measures.toml"
    table = read_toml(name)
    words: dict[str, str] = table.pop("words", {})

    def pattern(regex: str) -> re.Pattern[str]:
        for word, meaning in words.items():
            regex = regex.replace("{" + word + "}", meaning)
        return compile_pattern(regex, name)

    return {
        field: Measure(
            field,
            tuple(map(pattern, row["regexes"])),
            tuple((sentence, words) for sentence, words in row["examples"]),
        )
        for field, row in table.items()
    }


@cache
def subject_patterns() -> dict[str, re.Pattern[str]]:
    """The lists of ``subjects.toml`` as one pattern each, by name."""
    name = "subjects.toml"
    return {key: compile_pattern("|".join(regexes), name) for key, regexes in read_toml(name).items()}


def part_openings() -> re.Pattern[str]:
    """How a part of a sentence begins that only says how or where the next part is to be done."""
    return subject_patterns()["openings"]


def part_restarts() -> re.Pattern[str]:
    """How a part begins that is a task of its own after a prohibition or an encouragement."""
    return subject_patterns()["restarts"]


def plain_modal() -> re.Pattern[str]:
    """Words after which a sentence has begun to demand something."""
    return subject_patterns()["modal"]


def no_units() -> re.Pattern[str]:
    """What stands where a unit is named and is none ("专人")."""
    return subject_patterns()["no_units"]


@cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Groups of words that staff and texts use for one thing ("拒租", "不租", …), one group a line."""
    return tuple(tuple(line.split()) for line in text_lines("synonyms.tsv"))


@cache
def precedence() -> tuple[tuple[str, float], ...]:
    """How titles of texts below the law end, the longest first, and what that costs a clause in the ranking."""
    name, read = "precedence.toml", []
    for row in read_toml(name).get("kind", []):
        endings, cost = row.get("endings"), row.get("cost")
        if not isinstance(endings, list) or not all(isinstance(end, str) and end for end in endings):
            raise TableError(f"词表 {name} 的一项不完整：{row}。endings 应是词的列表。")
        if not isinstance(cost, int | float) or not 0 <= cost <= MOST_COST:
            raise TableError(f"词表 {name}：cost 是 {cost!r}，应是 0 到 {MOST_COST} 的数。")
        read += [(ending, float(cost)) for ending in endings]
    return tuple(sorted(read, key=lambda entry: len(entry[0]), reverse=True))


@cache
def glossary() -> dict[str, tuple[str, ...]]:
    """Lower-case English words and phrases with their Chinese words."""
    read: dict[str, tuple[str, ...]] = {}
    for line in text_lines("glossary_en.tsv"):
        english, _, chinese = line.partition("\t")
        if not chinese.strip():
            raise TableError(f"词表 glossary_en.tsv：“{line}”缺少制表符后的中文词。")
        read[english.strip().lower()] = tuple(chinese.split())
    return read


@cache
def place_kinds() -> dict[str, str]:
    """Lower-case English words for kinds of places with what stands behind the name in Chinese ("district": "区")."""
    return dict(read_toml("english.toml")["places"])


@cache
def stopwords() -> frozenset[str]:
    """Words of a question that say nothing about its subject ("什么", "请问", "规定")."""
    return frozenset(word for line in text_lines("stopwords.txt") for word in line.split())


def dictionary_path() -> Path:
    """The jieba user dictionary."""
    return TABLES_DIR / "dictionary.txt"
