"""References from one clause to another or to another document, found as data: 《…》第十条, 本办法第五条第二款, 前款.

Takes the clauses of one document, gives the references of each with the words and, where they point into the same
document, the clause they point to. A title alone ("根据《教育法》") is a reference to the document as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.markers import ANNEX, ARABIC, ARTICLE, CHAPTER, ITEM, PARAGRAPH, SECTION
from ingest.numerals import parse_numeral
from ingest.records import Clause, Span, Step

_NUMERAL = "[〇零一二三四五六七八九十百千]+"
_UNIT = (
    rf"第{_NUMERAL}[编章节条款](?:之[一二三四五六七八九十]{{1,2}}(?![一二三四五六七八九十]))?"
    rf"|第?[（(]{_NUMERAL}[）)]项?|第{_NUMERAL}项|第\d{{1,2}}目"
)
_PLACE = rf"(?:{_UNIT})(?:{_UNIT})*"
_REFERENCE = re.compile(
    rf"(?P<title>《[^《》\n]{{2,80}}》)(?:[（(][^（）()\n]{{2,40}}[）)])?(?P<there>{_PLACE})?"
    rf"|(?P<own>本(?:法|条例|办法|规定|细则|规则|章程|通知|意见|方案))(?P<here>{_PLACE})"
    rf"|(?P<same>本[条款章节])(?P<within>{_PLACE})?"
    r"|(?P<before>前[一二三两]?[条款项])(?!例)"
)
_PARTS = re.compile(_UNIT)
_CODES = {"章": CHAPTER, "节": SECTION, "条": ARTICLE, "款": PARAGRAPH, "项": ITEM, "目": ARABIC}
_BEFORE = {"条": ARTICLE, "款": PARAGRAPH, "项": ITEM}
_Key = tuple[str, int, int]  # family, number, 之


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference; ``span`` is its place in the text of the clause that makes it.

    ``title`` is the other document's (without 《》), ``None`` for the same document. ``target_id`` is the clause it
    points to, ``None`` where that is in another document or not found.
    """

    clause_id: str
    span: Span
    words: str
    title: str | None
    target_id: str | None


def find_references(clauses: Sequence[Clause]) -> Iterator[Reference]:
    """The references of ``clauses``, which are all of one document, in order."""
    places = {(_annex(clause), *_keys(clause.path)): clause.clause_id for clause in reversed(clauses)}
    for at, clause in enumerate(clauses):
        for found in _REFERENCE.finditer(clause.text):
            title = found.group("title")
            target = None if title else _target(found, clauses, at, places)
            span = Span(found.start(), found.end())
            yield Reference(clause.clause_id, span, found.group(), title[1:-1] if title else None, target)


def _target(
    found: re.Match[str], clauses: Sequence[Clause], at: int, places: dict[tuple[_Key | None, ...], str]
) -> str | None:
    clause = clauses[at]
    if before := found.group("before"):
        return _earlier(clauses, at, _BEFORE[before[-1]])
    wanted = [_key(part) for part in _PARTS.findall(found.group("here") or found.group("within") or "")]
    if same := found.group("same"):
        above = [key for key in _keys(clause.path) if key[0] in (ARTICLE, PARAGRAPH, CHAPTER, SECTION)]
        codes = [key[0] for key in above]
        code = _CODES[same[-1]]
        if code not in codes:
            return None
        wanted = [*above[: codes.index(code) + 1], *wanted]
    articles = [key for key in wanted if key[0] == ARTICLE]
    if articles:  # articles run through the chapters
        wanted = wanted[wanted.index(articles[-1]) :]
    while wanted:  # an article that stays whole holds its paragraphs
        if target := places.get((_annex(clause), *wanted)):
            return target
        wanted.pop()
    return None


def _earlier(clauses: Sequence[Clause], at: int, code: str) -> str | None:
    """The clause before, of the same family under the same parent; in a whole article the article itself."""
    clause = clauses[at]
    depth = next((place for place, step in enumerate(clause.path) if step.code == code), None)
    if depth is None:
        return clause.clause_id if code == PARAGRAPH else None
    for other in reversed(clauses[:at]):
        same = len(other.path) == depth + 1 and other.path[-1].code == code
        if (
            same
            and (code == ARTICLE or other.path[:depth] == clause.path[:depth])
            and other.path != clause.path[: depth + 1]
        ):
            return other.clause_id
    return None


def _keys(path: Sequence[Step]) -> list[_Key]:
    """A path as articles are cited: what stands above the article is left out."""
    at = next((place for place, step in enumerate(path) if step.code == ARTICLE), 0)
    return [(step.code, step.number, step.suffix) for step in path[at:] if step.code != ANNEX]


def _annex(clause: Clause) -> _Key | None:
    head = clause.path[0] if clause.path else None
    return (head.code, head.number, head.suffix) if head is not None and head.code == ANNEX else None


def _key(part: str) -> _Key:
    number, _, suffix = re.sub(r"[第（）()编章节条款项目]", "", part).partition("之")
    unit = next((code for mark, code in _CODES.items() if mark in part), ITEM)
    return unit, parse_numeral(number), parse_numeral(suffix) if suffix else 0
