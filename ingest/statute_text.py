"""A law of the package as a document: laid out as the official texts are, then read like any other text.

Title line, chapter and section lines, articles "第X条　…" with their paragraphs on lines of their own. The words of the
articles stay to the last character; ``compare`` holds the reading to them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.facts import FactsOverride
from ingest.layouts import known_unbroken
from ingest.markers import ARTICLE, NUMERAL
from ingest.parsing import parse_text
from ingest.records import ParsedDocument, Status
from ingest.requirements import extract
from ingest.statutes import PACKAGE, Article, Statute

STATUS: dict[str, Status] = {
    "现行有效": "in_force",
    "已被修改": "amended",
    "历史版本": "amended",
    "已废止": "repealed",
}
ORIGIN = f"{PACKAGE.name} {PACKAGE.version}"
WHOLE = "全文"  # the number of a text without articles
ITEM = "条目"  # before the number of an amendment's items
FIRST_CHAPTER = "第一章"
_HEADING = re.compile(r"(第[一二三四五六七八九十百]+(?:分编|[编章节]))[ \u3000]*(.*)")
_SECOND_BOOK = re.compile(r"^第二编[ \u3000]", re.MULTILINE)
_DRAWN_TABLE = re.compile(r"^\+-{3,}", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the articles of one law."""

    statute: Statute
    articles: int
    equal: int  # the clauses hold the article's words, no more and no less
    parted: int  # the same, but what follows the article in the package (第二编 …, 附表) stands by itself
    faults: tuple[str, ...] = ()  # articles whose words are others, words of the law that are nowhere


def layout(statute: Statute, articles: Sequence[Article]) -> str:
    """The text of a law."""
    lines = [statute.name, ""]
    articles = _in_order(articles)
    for before, article in zip((None, *articles), articles, strict=False):
        new_chapter = before is None or before.chapter != article.chapter
        if article.chapter and new_chapter:
            lines += ["", _heading(article.chapter)]
        if article.section and (new_chapter or before is None or before.section != article.section):
            lines += ["", _heading(article.section)]
        lines += [f"{mark_of(article)}{line}" if not at else line for at, line in enumerate(_lines(article))]
    return "\n".join(lines) + "\n"


def parse_statute(statute: Statute, articles: Sequence[Article], others: Sequence[Statute] = ()) -> ParsedDocument:
    """A law as a document with its requirements; ``others`` are its other versions."""
    text = layout(statute, articles)
    parsed = parse_text(
        text,
        source_file=f"{ORIGIN}：{statute.name}",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        facts=_facts(statute, articles, others),
        doc_id=statute.doc_id,
    )
    parsed = known_unbroken(parsed) if _DRAWN_TABLE.search(text) else parsed
    return replace(parsed, requirements=extract(parsed.clauses, parsed.document))


def compare(statute: Statute, articles: Sequence[Article], parsed: ParsedDocument) -> Comparison:
    """Hold the clauses of ``parsed`` to the articles."""
    faults = []
    if _squeezed(layout(statute, articles)) != _squeezed(parsed.source):
        faults.append("正文与来源不同")
    wanted = [article for article in articles if article.number != WHOLE]
    found = _units(parsed, NUMERAL if wanted and wanted[0].number.startswith(ITEM) else ARTICLE)
    if len(found) != len(wanted):
        faults.append(f"来源 {len(wanted)} 条，读出 {len(found)} 条")
    equal = parted = 0
    for article, words in zip(wanted, found, strict=False):
        expected = _squeezed(mark_of(article) + article.text)
        equal += words == expected
        parted += words != expected and _is_parted(expected, words)
        if words != expected and not _is_parted(expected, words):
            faults.append(f"{article.number}文字不同")
    whole = len(articles) - len(wanted)
    return Comparison(statute, len(articles), equal + whole, parted, tuple(faults))


def mark_of(article: Article) -> str:
    """What stands before an article's words: "第一条　", "一、" of an amendment, nothing."""
    if article.number in ("", WHOLE):
        return ""
    if article.number.startswith(ITEM):
        return f"{article.number.removeprefix(ITEM)}、"
    return f"{article.number}\u3000"


def _lines(article: Article) -> list[str]:
    lines = article.text.split("\n")
    return [lines[0], *(_heading(line) if _HEADING.fullmatch(line.strip()) else line for line in lines[1:])]


def _heading(line: str) -> str:
    """A heading as its mark and its words, which the package spaces out ("附 则")."""
    found = _HEADING.fullmatch(line.strip())
    return f"{found.group(1)}\u3000{''.join(found.group(2).split())}".rstrip() if found else line


def _in_order(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles, without the chapter of the first where that is the last chapter.

    The package read the last line of a table of contents as the heading of what follows it.
    """
    runs = [article.chapter for place, article in enumerate(articles) if _opens(articles, place)]
    if len(runs) < 3 or runs[0] != runs[-1] or runs[0].startswith(FIRST_CHAPTER):
        return tuple(articles)
    first = next(place for place, article in enumerate(articles) if article.chapter != runs[0])
    return (*(replace(article, chapter="", section="") for article in articles[:first]), *articles[first:])


def _opens(articles: Sequence[Article], place: int) -> bool:
    return place == 0 or articles[place].chapter != articles[place - 1].chapter


def _facts(statute: Statute, articles: Sequence[Article], others: Sequence[Statute]) -> FactsOverride:
    known = {"issuer": statute.issuer, "issued_on": statute.day or None, "effective_on": statute.effective_on}
    unknown = {"doc_number", "expires_on", *(name for name, value in known.items() if value is None)}
    return FactsOverride(
        title=statute.name,
        doc_id=statute.doc_id,
        status=STATUS.get(statute.status),
        rank="law",
        notes=tuple(_notes(statute, articles, others)),
        unknown=frozenset(unknown),
        **known,
    )


def _notes(statute: Statute, articles: Sequence[Article], others: Sequence[Statute]) -> list[str]:
    words = "\n".join(article.text for article in articles)
    absent = "没有序言、目录和修改沿革" + ("、第一编的标题" if _SECOND_BOOK.search(words) else "")
    notes = [
        f"正文取自软件包 {ORIGIN} 的法律库，只有条文，{absent}；发布日期是这一文本（含历次修改）的公布日期，"
        "效力状态按该库所载，引用前请与官方公布的文本核对。"
    ]
    newest = max(others, key=lambda other: other.day, default=statute)
    if newest.day > statute.day:
        since = f"，{newest.applies_from} 起施行" if newest.applies_from else ""
        notes.append(f"这是旧的文本，另有 {newest.day} 的文本（编号 {newest.doc_id}{since}）。")
    if _in_order(articles) != tuple(articles):
        notes.append(f"来源把{articles[0].number}归在“{articles[0].chapter}”，与条文顺序不符，没有照录。")
    if _DRAWN_TABLE.search(words):
        notes.append("附表在来源里是用线条字符画的，行列可能错乱，请看官方公布的文本。")
    return notes


def _units(parsed: ParsedDocument, code: str) -> list[str]:
    """The words of each outermost clause of a family, with all that stands under it."""
    units: dict[str, list[str]] = {}
    for clause in parsed.clauses:
        place = next((place for place, step in enumerate(clause.path) if step.code == code), None)
        if place is not None:
            key = ".".join(clause.clause_id.split(".")[: place + 2])
            units.setdefault(key, []).append(_squeezed(clause.text))
    return ["".join(words) for words in units.values()]


def _is_parted(expected: str, words: str) -> bool:
    """Whether the article ends where a heading or an annex begins; that these stand in the text is checked before."""
    return bool(words) and expected.startswith(words)


def _squeezed(text: str) -> str:
    return "".join(text.split())
