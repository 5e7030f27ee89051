"""The facts of a document: what its frame says, and what a facts file beside it says instead.

A fact that neither says stays ``None`` or "unknown". A facts file (``<name>.facts.json``) overrides: a value
replaces what was read, a name under "unknown" says that the text does not tell it and nothing is to be inferred.
It is checked strictly, so that a misspelt name cannot be lost in silence.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

from ingest import parser_tables
from ingest.errors import UnreadableFile
from ingest.frame import Frame
from ingest.naming import is_doc_id
from ingest.numerals import parse_numeral
from ingest.records import DocumentRank, Status

_NUMERAL = "[〇○零一二三四五六七八九十]"
_DATE = re.compile(
    rf"(\d{{4}}|{_NUMERAL}{{4}})\s*年\s*(\d{{1,2}}|{_NUMERAL}{{1,2}})\s*月\s*(\d{{1,2}}|{_NUMERAL}{{1,3}})\s*日"
)
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,15}\s*[〔\[（(【]\s*(?:19|20)\d{2}\s*[〕\]）)】]\s*(?:第\s*)?\d+\s*号")
_ORDER = re.compile(r"([\u4e00-\u9fff]{2,20}令)\s*[（(]?第?\s*(\d+)\s*号")
_EFFECTIVE = re.compile(rf"本[^。；\n]{{1,20}}自({_DATE.pattern})起(?:正式)?(?:施行|实施|执行|生效)")
_FROM_ISSUE = re.compile(r"自(?:印发|发布|公布|颁布)之日起(?:施行|实施|执行|生效)")
_EXPIRES = re.compile(rf"有效期?(?:限)?(?:截?至|到)({_DATE.pattern})")
_DATED = re.compile(rf"{_DATE.pattern}(?!\s*起)")  # not "自…起施行"
_ALONE = re.compile(rf"[（(]?\s*{_DATE.pattern}\s*[）)]?")
_ORDER_LINES = 2  # "中华人民共和国国务院令" and "第707号" may be two lines
_CONGRESS = re.compile(
    r"([\u4e00-\u9fff]{2,12}?(?=第))?(?:第[^届日]{1,5}届)?(全国)?(?<![\u4e00-\u9fff]日)(人民代表大会(?:常务委员会)?)"
)
_PASSED = re.compile(r"通过|修订|修正|修改|公布|发布|批准")
_LOCAL = re.compile(r"(?:[\u4e00-\u9fff]{2,8}(?:省|市|自治区|自治州|自治县|特别行政区|经济特区))")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_TEXT_FIELDS = ("title", "doc_id", "doc_number", "issuer", "issued_on", "effective_on", "expires_on", "status", "rank")
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


def gather_facts(source: str, frame: Frame, stem: str, override: FactsOverride) -> Facts:
    """The facts of ``source``: stated ones first, then what the frame and the closing clauses say.

    ``stem`` is the file's name without its ending, the title where nothing else gives one.
    """
    issued = _issued_on(frame)
    effective = _last_date(_EFFECTIVE, source) or (issued if _FROM_ISSUE.search(source) else None)
    title = override.title or frame.title or stem
    doc_number = _doc_number(frame)
    issuer = _issuer(title, frame)
    read: dict[str, str | None] = {
        "doc_number": doc_number,
        "issuer": issuer,
        "issued_on": issued,
        "effective_on": effective or _header_effective(frame),
        "expires_on": _last_date(_EXPIRES, source),
    }
    stated = {key: getattr(override, key) or (None if key in override.unknown else read[key]) for key in read}
    rank: DocumentRank = "unknown" if "rank" in override.unknown else rank_of(title, issuer, doc_number, frame.header)
    return Facts(title=title, status=override.status or "unknown", rank=override.rank or rank, **stated)


def iso_date(words: str) -> str | None:
    """The first date of ``words`` as ISO ("2019年1月24日", "二〇一九年一月二十四日"), ``None`` for none."""
    found = _DATE.search(words)
    if not found:
        return None
    year, month, day = (parse_numeral(part.replace("○", "〇")) for part in found.group(1, 2, 3))
    valid = 1900 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 31
    return f"{year:04d}-{month:02d}-{day:02d}" if valid else None


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
        return "administrative_regulation" if "国务院" in (doc_number or "") else "rule"
    if entry.word == "条例" and _LOCAL.match(title):
        return "local_regulation"
    return entry.rank


def _doc_number(frame: Frame) -> str | None:
    for line in frame.header:
        if _DOC_NUMBER.fullmatch(line):
            return re.sub(r"\s", "", line)
    orders = list(_ORDER.finditer("\n".join(frame.header[:_ORDER_LINES]))) or _order_lines(frame)
    return f"{_order_name(orders[-1])}第{orders[-1].group(2)}号" if orders else None


def _order_name(order: re.Match[str]) -> str:
    """The order's name without a date glued before it."""
    return re.sub(r"^.*日(?=中华人民共和国|国务院)", "", order.group(1))


def _order_lines(frame: Frame) -> list[re.Match[str]]:
    return [found for line in frame.header for found in _ORDER.finditer(line)]


def _issued_on(frame: Frame) -> str | None:
    if frame.signatures:
        return iso_date(frame.signatures[0][1])
    alone = [date for line in frame.header if _ALONE.fullmatch(line) and (date := iso_date(line))]
    if alone:
        return max(alone)
    passed = [found for line in frame.header if _PASSED.search(line) for found in _DATED.finditer(line)]
    return max((date for found in passed if (date := iso_date(found.group()))), default=None)


def _header_effective(frame: Frame) -> str | None:
    for line in reversed(frame.header):
        found = re.search(rf"(?:自\s*)?({_DATE.pattern})\s*(?:起)?\s*(?:施行|实施|生效)", line)
        if found:
            return iso_date(found.group(1))
    return None


def _last_date(pattern: re.Pattern[str], source: str) -> str | None:
    found = None
    for match in pattern.finditer(source):
        found = match
    return iso_date(found.group(1)) if found else None


def _issuer(title: str, frame: Frame) -> str | None:
    prefix = re.match(r"([\u4e00-\u9fff、 \u3000]{2,40}?)(?:关于|对|印发|转发|批转)", title)
    if prefix and prefix.group(1).endswith(parser_tables.issuer_endings()):
        return re.sub(r"[ \u3000]+", "、", prefix.group(1).strip())
    order = _ORDER.match("\n".join(frame.header[:_ORDER_LINES]))
    if order:
        return order.group(1).removeprefix("中华人民共和国").removesuffix("令")
    for line in reversed(frame.header):
        if "批准" in line:
            continue  # who approves a local regulation has not passed it
        congress = _CONGRESS.search(re.sub(rf"^[（(]?{_DATE.pattern}\s*", "", line))
        if congress:
            return "".join(part for part in congress.groups() if part)
    ordered = _order_lines(frame)
    if ordered:
        return _order_name(ordered[-1]).removeprefix("中华人民共和国").removesuffix("令")
    signer = frame.signatures[0][0] if frame.signatures else ""
    return re.sub(r"[ \u3000]+", "、", signer.strip()) or None
