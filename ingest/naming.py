"""Readable ASCII ids of documents: from the 文号 where there is one, else from title and year.

"国发〔2019〕4号" is guofa-2019-4. A title gives its quoted short name or its first words in pinyin, the kind of
document in English and the year: 《…创建“七进”活动行动方案》 of 2023 is qijin-plan-2023.
"""

from __future__ import annotations

import hashlib
import re

from ingest import parser_tables

_NUMBER = re.compile(r"(.*?)[〔\[（(【]?((?:19|20)\d{2})[〕\]）)】]?年?(?:第)?(\d+)号")
_ORDER = re.compile(r"(?:第)(\d+)号")
_SHORT_NAME = re.compile(r"“([^”]{2,6})”")
_WRAPPER = re.compile(r"^.*?关于(?:印发|转发|发布|公布|颁发)?(.*?)(?:的)?(?:通知|通告|公告|决定)?$")
_MAX_SYLLABLES = 8
_MAX_LETTERS = 48  # eight Chinese syllables have six letters at most; a Latin word may be longer
_VALID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_doc_id(text: str) -> bool:
    """Whether ``text`` can be a document's id: lower-case words and numbers joined by "-"."""
    return len(text) <= 80 and _VALID.fullmatch(text) is not None


def make_doc_id(title: str, doc_number: str | None, year: str | None) -> str:
    """The id for a document; the same facts always give the same id."""
    named = _from_number(doc_number) if doc_number else None
    return named or "-".join(part for part in (*_from_title(title), year or "") if part)


def _from_number(doc_number: str) -> str | None:
    words = "".join(doc_number.split())
    found = _NUMBER.fullmatch(words)
    if found:
        return f"{_pinyin(found.group(1)) or 'wenhao'}-{found.group(2)}-{int(found.group(3))}"
    order = _ORDER.search(words)
    if not order:
        return None
    issuer = words[: order.start()].replace("中华人民共和国", "").removesuffix("令")
    return f"{_pinyin(issuer)}-ling-{int(order.group(1))}".lstrip("-")


def _from_title(title: str) -> tuple[str, ...]:
    title = re.sub(r"[（(][^（）()]{1,12}[）)]$", "", title)  # （试行）
    entry = next((entry for entry in parser_tables.document_types() if title.endswith(entry.word)), None)
    name = title.removesuffix(entry.word) if entry else title
    short = _SHORT_NAME.search(title)
    if short:
        name = short.group(1)
    else:
        wrapped = _WRAPPER.match(title)
        name = wrapped.group(1) if wrapped and wrapped.group(1) else name
        name = re.sub(r"中华人民共和国|[《》〈〉“”（）()]", "", name)
    words = _pinyin(name)
    if not words:
        words = "doc" + hashlib.sha256(title.encode()).hexdigest()[:8]
    return (words, entry.slug) if entry else (words,)


def _pinyin(words: str) -> str:
    """The first syllables of ``words`` without tones, run together; ASCII letters and digits stay."""
    from pypinyin import Style, lazy_pinyin  # 40 ms to import, needed once a document

    kept = re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9]+", words)[:_MAX_SYLLABLES]
    syllables = lazy_pinyin("".join(kept), style=Style.NORMAL)
    return re.sub(r"[^a-z0-9]", "", "".join(syllables).lower().replace("ü", "v"))[:_MAX_LETTERS]
