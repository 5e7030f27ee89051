"""The facts of a document: what its frame says, and what a facts file beside it says instead.

A fact that neither says stays ``None`` or "unknown". A facts file (``<name>.facts.json``) overrides: a value
replaces what was read, a name under "unknown" says that the text does not tell it and nothing is to be inferred.
It is checked strictly, so that a misspelt name cannot be lost in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast, get_args

from ingest import parser_tables
from ingest.errors import UnreadableFile
from ingest.fact_reading import read_facts
from ingest.frame import Frame
from ingest.naming import is_doc_id
from ingest.records import DocumentRank, Fact, Status

_ORDER = re.compile(r"令\s*[（(]?第?\s*\d+\s*号")
_BY_STATE_COUNCIL = re.compile(r"国务院|^国令")
_LOCAL = re.compile(r"(?:[\u4e00-\u9fff]{2,8}(?:省|市|自治区|自治州|自治县|特别行政区|经济特区))")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_TEXT_FIELDS = ("title", "doc_id", "doc_number", "issuer", "issued_on", "effective_on", "expires_on", "status", "rank")
_READ_FIELDS = ("doc_number", "issuer", "issued_on", "effective_on", "expires_on")
_DATE_FIELDS = ("issued_on", "effective_on", "expires_on")
_RECORD_FIELDS = ("origin", "healed")  # what ``parsing.export`` writes down for people; not read back


@dataclass(frozen=True, slots=True)
class FactsOverride:
    """Facts that a person states; ``None`` leaves the fact to the text, a name in ``unknown`` forbids to infer it."""

    title: str | None = None
    doc_id: str | None = None
    doc_number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    effective_on: str | None = None
    expires_on: str | None = None
    status: Status | None = None
    rank: DocumentRank | None = None
    notes: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one document."""

    title: str
    doc_number: str | None
    issuer: str | None
    issued_on: str | None
    effective_on: str | None
    expires_on: str | None
    status: Status
    rank: DocumentRank


def read_facts_file(path: Path) -> FactsOverride:
    """The facts file at ``path``.

    Raises:
        UnreadableFile: not JSON, an unknown name, or a value of the wrong form.
    """
    try:
        stated = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"说明文件“{path.name}”读不出来：{error}。应当是 UTF-8 编码的 JSON。") from error
    return check_facts(stated, path.name)


def check_facts(stated: object, name: str) -> FactsOverride:
    """``stated`` as an override; see ``read_facts_file``."""
    if not isinstance(stated, dict):
        raise UnreadableFile(f"说明文件“{name}”应当是一个 JSON 对象（{{…}}）。")
    known = (*_TEXT_FIELDS, "notes", "unknown", *_RECORD_FIELDS)
    for key in stated:
        if key not in known:
            raise UnreadableFile(f"说明文件“{name}”里有不认识的项“{key}”。可用的项：{'、'.join(known)}。")
    texts = {key: _text(stated, key, name) for key in _TEXT_FIELDS}
    notes, unknown = _strings(stated, "notes", name), _strings(stated, "unknown", name)
    for key in unknown:
        if key not in _TEXT_FIELDS or texts[key] is not None:
            raise UnreadableFile(f"说明文件“{name}”的 unknown 里的“{key}”不是可列为未知的项，或同时又给了值。")
    return FactsOverride(
        **{key: texts[key] for key in _TEXT_FIELDS if key not in ("status", "rank")},
        status=cast(Status | None, texts["status"]),
        rank=cast(DocumentRank | None, texts["rank"]),
        notes=notes,
        unknown=frozenset(unknown),
    )


def _text(stated: dict[str, Any], key: str, name: str) -> str | None:
    value = stated.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise UnreadableFile(f"说明文件“{name}”的“{key}”应当是文字，实际是 {value!r}。未知的项请列入 unknown。")
    wanted = None
    if key in _DATE_FIELDS and not _ISO.fullmatch(value):
        wanted = "日期，如 2023-04-21、2023-04 或 2023"
    elif key == "status" and value not in get_args(Status):
        wanted = "、".join(get_args(Status)) + " 之一"
    elif key == "rank" and value not in get_args(DocumentRank):
        wanted = "、".join(get_args(DocumentRank)) + " 之一"
    elif key == "doc_id" and not is_doc_id(value):
        wanted = "小写字母、数字和“-”，如 guofa-2019-4"
    if wanted:
        raise UnreadableFile(f"说明文件“{name}”的“{key}”是“{value}”，应当是{wanted}。")
    return value


def _strings(stated: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    values = stated.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise UnreadableFile(f"说明文件“{name}”的“{key}”应当是文字列表。")
    return tuple(values)


def gather_facts(
    source: str, frame: Frame, stem: str, override: FactsOverride, told: Mapping[str, str] = MappingProxyType({})
) -> tuple[Facts, tuple[Fact, ...]]:
    """The facts of ``source``, and each with its words: stated ones first, then what format and text say.

    ``stem`` is the file's name without its ending, the title where nothing else gives one.
    """
    title = override.title or frame.title or stem
    found = read_facts(source, frame, title, told)
    read = {fact.name: fact.value for fact in reversed(found)}
    stated = {
        key: getattr(override, key) or (None if key in override.unknown else read.get(key)) for key in _READ_FIELDS
    }
    number, issuer = read.get("doc_number"), read.get("issuer")
    rank: DocumentRank = "unknown" if "rank" in override.unknown else rank_of(title, issuer, number, frame.header)
    kept = tuple(fact for fact in found if fact.name not in _READ_FIELDS or stated[fact.name] == fact.value)
    known = Facts(title=title, status=override.status or "unknown", rank=override.rank or rank, **stated)
    return known, tuple(dict.fromkeys(kept))


def contradiction(known: Facts) -> str:
    """What two dates of a document say against each other, "" where they agree: it ends before it begins."""
    end = known.expires_on
    for word, start in (("施行", known.effective_on), ("发布", known.issued_on)):
        if start and end and end[: len(start)] < start[: len(end)]:
            return f"写明的日期互相矛盾：{start} {word}，却到 {end} 为止。是否有效不能据此判断，请核对原件。"
    return ""


def rank_of(title: str, issuer: str | None, doc_number: str | None, header: tuple[str, ...] = ()) -> DocumentRank:
    """The rank that title, issuer, order number and header lines show.

    "unknown" where the title names no kind of document.
    """
    bare = re.sub(r"[（(][^（）()]{1,12}[）)]$", "", title)
    entry = next((entry for entry in parser_tables.document_types() if bare.endswith(entry.word)), None)
    if entry is None:
        return "unknown"
    if entry.rank == "law":
        return "law"
    if entry.word in ("条例", "规定", "办法") and any("国务院" in line and "批准" in line for line in header):
        return "administrative_regulation"
    legislative = entry.word in ("条例", "办法", "规定", "细则", "实施细则", "规则", "决定")
    ordered = doc_number is not None and _ORDER.search(doc_number) is not None
    if legislative and issuer is not None and "人民代表大会" in issuer:
        return "law" if issuer.startswith("全国") else "local_regulation"
    if legislative and ordered:
        return "administrative_regulation" if _BY_STATE_COUNCIL.search(doc_number or "") else "rule"
    if entry.word == "条例" and _LOCAL.match(title):
        return "local_regulation"
    return entry.rank
