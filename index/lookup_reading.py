"""Reads the place that a question names: "进社区第2条", "三(五)1", "民法典第1088条第2款".

Takes the question, gives the named document's words and the steps of the path; what stands in the base is left to
``lookup.py``. Full width, brackets and blanks make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from index import lookup_words
from ingest import markers
from ingest.numerals import parse_numeral

_CHINESE = "[〇零一二三四五六七八九十百千两]"
NUMBER = rf"(?:{_CHINESE}{{1,9}}|\d{{1,4}})"
_CIRCLED = {chr(0x2460 + at): f"圈{at + 1}" for at in range(20)}
_SPELLED = _CIRCLED | {"〈": "《", "〉": "》"}
_NUMERAL_CODES = frozenset({markers.NUMERAL})
_ITEM_CODES = frozenset({markers.ITEM, markers.ARABIC_ITEM})
_ARABIC_CODES = frozenset({markers.ARABIC, markers.ARABIC_ITEM, markers.ARABIC_HALF, markers.CIRCLED})
# Staff say 第2条, 第2项, 第2点 for the second of a list, whatever its marks are.
_ANY_CODES = _ARABIC_CODES | _ITEM_CODES | {markers.ARTICLE, markers.NUMERAL}
_LIST_CODES = _NUMERAL_CODES | _ITEM_CODES
_UNIT_CODES = {
    "编": frozenset({markers.BOOK}),
    "部分": frozenset({markers.DIVISION, markers.NUMERAL, markers.ROMAN}),
    "章": frozenset({markers.CHAPTER}),
    "节": frozenset({markers.SECTION}),
    "条": frozenset({markers.ARTICLE}),
    "项": _ITEM_CODES | _ARABIC_CODES,
    "目": _ARABIC_CODES,
    "点": _ANY_CODES,
    "款": frozenset({markers.PARAGRAPH}),
}
_PLACE = re.compile(
    rf"(?:第|(?<=[条款])(?=(?:{NUMBER})[款项目]))\(?(?P<unit_number>{NUMBER})\)?(?P<unit>编|部分|章|节|条|款|项|目|点)(?:之(?P<suffix>{_CHINESE}{{1,3}}|\d{{1,2}}))?"
    rf"|附件(?P<annex>{NUMBER})?"
    rf"|article(?P<article>\d{{1,4}})"
    rf"|\((?P<item>{_CHINESE}{{1,3}})\)"
    rf"|\((?P<arabic_item>\d{{1,2}})\)"
    rf"|圈(?P<circled>\d{{1,2}})"
    rf"|(?P<numeral>{_CHINESE}{{1,3}}|\d{{1,2}}(?=[、.]?\({_CHINESE}))(?=[、.]?\(|、|大?部分)(?:、|大?部分)?"
    rf"|(?P<arabic>\d{{1,4}}|{_CHINESE}{{1,9}}(?=条))"
    rf"(?P<arabic_unit>条(?:之(?P<arabic_suffix>{_CHINESE}{{1,3}}|\d{{1,2}}))?)?[.、)]?"
)
_REMARK = re.compile(r"\([^()]*\)$")
SHORTEST_TITLE = 3
_NUMBER_NEXT = re.compile(rf"的?第?(?:\d|{_CHINESE})")
_LINKS = re.compile(r"[和与及跟、,，]")
_JOINER = re.compile(r"[的之·>\-—,，、.。]*")
_NAME_CHARS = re.compile(r"[\u4e00-\u9fff()、]{1,40}")
_PUNCTUATION = re.compile(r"[\s?？!！。，,、.;；:：“”\"'‘’·>\-—…]+")
# A title may name another one: 《国务院关于实施〈公司法〉注册资本登记管理制度的规定》.
_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》){2,120})》")


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a named path: a number in one of some families, or a heading's words."""

    codes: frozenset[str] = frozenset()
    number: int = 0
    suffix: int = 0
    title: str = ""
    direct: bool = False  # must be the very next step: "进社区2" is the second below 进社区


@dataclass(frozen=True, slots=True)
class Place:
    """One named place: its steps, its words, and the number of the paragraph (款) in it, 0 for none."""

    parts: tuple[Part, ...]
    asked: str
    paragraph: int = 0

    @property
    def is_numbered(self) -> bool:
        """Whether a number is named, not a heading alone."""
        return any(part.number for part in self.parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question names. ``document`` is the name in 《》 or before the number, "" for none.

    ``talk_only`` says that nothing is left but words of asking; only then is the question a look-up.
    """

    document: str
    quoted: bool
    places: tuple[Place, ...]
    talk_only: bool


@lru_cache(maxsize=1 << 16)  # titles and headings are folded for every question
def folded(text: str) -> str:
    """Half-width, lower case, without blanks and quotation marks; circled numbers as 圈1, 〈〉 as 《》."""
    spelled = "".join(_SPELLED.get(char, char) for char in text)
    return re.sub(r"[\s“”\"'‘’]+", "", unicodedata.normalize("NFKC", spelled).lower())


def short_title(title: str) -> str:
    """A title without the state's name and without quotation marks, folded."""
    return folded(title).replace(lookup_words.STATE_NAME, "").strip("《》")


def bare_title(title: str) -> str:
    """A short title without what stands in brackets after it: (试行), (2018年修正)."""
    return _REMARK.sub("", short_title(title))


class Headings:
    """Folded headings or titles, findable at a place of a text: the longest that begins there."""

    def __init__(self, titles: Iterable[str]) -> None:
        self._starting: dict[str, list[str]] = {}
        for title in sorted(titles, key=len, reverse=True):
            self._starting.setdefault(title[:2], []).append(title)

    def at(self, text: str, at: int) -> str | None:
        """The longest heading that stands in ``text`` at ``at``."""
        likely = self._starting.get(text[at : at + 2], ())
        return next((title for title in likely if text.startswith(title, at)), None)

    def within(self, text: str) -> Iterator[tuple[int, str]]:
        """The longest at every place of ``text`` where one begins."""
        return ((at, title) for at in range(len(text)) if (title := self.at(text, at)) is not None)


def read_reference(query: str, titles: Headings, headings: Headings) -> Reading | None:
    """Read the place a question names.

    Args:
        query: the question.
        titles: folded titles of the documents in the base, with and without the state's name.
        headings: folded headings of their clauses.

    Returns:
        ``None`` where no place and no 《document》 is named.
    """
    text = folded(query)
    document, quoted, rest = _take_document(text, titles)
    places, gaps = _take_places(rest, headings)
    if not places and not quoted:
        return None
    if places and not document:
        document, gaps[0] = _name_before(gaps[0])
    numbered = any(place.is_numbered for place in places)
    left = "".join(_without_talk(gap, numbered) for gap in gaps)
    return Reading(document, quoted, tuple(places), not left)


def _take_document(text: str, titles: Headings) -> tuple[str, bool, str]:
    """The named document, whether it was in 《》, and the question without it."""
    named = [(start, title) for start, title in titles.within(text) if _may_be_meant(title, start, text)]
    match = _QUOTED.search(text)
    # What is quoted may be part of a title that is written without marks of its own.
    if match is not None and not any("《" in title and title not in match.group(1) for _, title in named):
        return match.group(1), True, f"{text[: match.start()]}|{text[match.end() :]}"
    if named:
        start, title = max(named, key=lambda found: ("《" in found[1], len(found[1]), -found[0]))
        place = _place_before(text[:start])
        return place + title, False, f"{text[: start - len(place)]}|{text[start + len(title) :]}"
    return "", False, text


def _may_be_meant(title: str, start: int, text: str) -> bool:
    """Whether these words are the title: 刑法 is also part of others, so so short a one stands before a number only."""
    if len(title) >= SHORTEST_TITLE:
        return True
    return not _without_talk(text[:start], numbered=True) and bool(_NUMBER_NEXT.match(text, start + len(title)))


def _place_before(text: str) -> str:
    """The name of a place that ends ``text`` and belongs to the title after it: 广东省 in "请问广东省宗教事务条例"."""
    words = _without_prefix(text)
    return words if words.endswith(lookup_words.place_endings()) and _NAME_CHARS.fullmatch(words) else ""


def _take_places(text: str, headings: Headings) -> tuple[list[Place], list[str]]:
    """The places that are named, and what stands before, between and after them."""
    places: list[Place] = []
    gaps: list[str] = []
    at = done = 0
    while at < len(text):
        parts, end = _parts_from(text, at, headings)
        if parts:
            above = places[-1].parts[:-1] if places and _LINKS.fullmatch(text[done:at]) else ()
            places.append(_place_of(_inherited(above, places, parts), text[at:end]))
            gaps.append(text[done:at].replace("|", ""))
            at = done = end
        else:
            at += 1
    return places, [*gaps, text[done:].replace("|", "")]


def _inherited(above: tuple[Part, ...], places: list[Place], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """In "进机关第1条和第2条" the second place lies below the first one's heading."""
    if not above or len(parts) != 1 or parts[0].title:
        return parts
    sibling = places[-1].parts[-1]
    return (*above, replace(parts[0], codes=parts[0].codes | sibling.codes, direct=sibling.direct))


def _place_of(parts: tuple[Part, ...], words: str) -> Place:
    paragraph = next((part.number for part in parts if part.codes == _UNIT_CODES["款"]), 0)
    kept = tuple(part for part in parts if part.codes != _UNIT_CODES["款"])
    return Place(kept, words.strip("、.。,，|").replace("(", "（").replace(")", "）"), paragraph)


def _parts_from(text: str, start: int, headings: Headings) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    end = at = start
    while at <= len(text):
        found = _part_at(text, at, headings, parts)
        if found is None:
            break
        part, after = found
        if parts and part.codes == parts[-1].codes == _UNIT_CODES["条"]:
            break  # "第一条、第二条" are two places
        end = after
        if part.title and parts and not parts[-1].title:
            parts[-1] = replace(parts[-1], title=part.title)  # "三、具体要求" is one step
        else:
            parts.append(part)
        joiner = _JOINER.match(text, end)
        at = joiner.end() if joiner else end
    return tuple(parts), end


def _part_at(text: str, at: int, headings: Headings, before: list[Part]) -> tuple[Part, int] | None:
    heading = headings.at(text, at)
    if heading is not None:
        return Part(title=heading), at + len(heading)
    match = _PLACE.match(text, at)
    if match is None:
        return None
    part = _part_of(match, before[-1] if before else None)
    named_before = at > 0 and text[at - 1] == "|"
    if match["arabic"] and not before and not (named_before and match["arabic_unit"]):
        return None  # a bare number names nothing: "2023年", "3个月"
    if match["arabic"] and re.match(r"[年月日次个项名人元%天]", text[match.end() :]):
        return None
    return part, match.end()


def _part_of(match: re.Match[str], before: Part | None) -> Part:
    number = parse_numeral
    after_title = before is not None and bool(before.title)
    if match["unit"]:
        codes = _UNIT_CODES[match["unit"]]
        # "进社区第2条", "三（五）第1条" mean the second or first below; in a chapter an article is an article.
        in_list = before is not None and (after_title or bool(before.codes & _LIST_CODES))
        if in_list and match["unit"] in {"条", "项", "点"}:
            codes = _ANY_CODES
        suffix = number(match["suffix"]) if match["suffix"] else 0
        return Part(codes, number(match["unit_number"]), suffix, direct=after_title and match["unit"] != "条")
    if match["article"]:
        return Part(_UNIT_CODES["条"], int(match["article"]))
    if match["item"] or match["arabic_item"]:
        return Part(_ITEM_CODES, number(match["item"] or match["arabic_item"]), direct=after_title)
    if match["circled"]:
        return Part(_ARABIC_CODES, int(match["circled"]), direct=after_title)
    if match["numeral"]:
        return Part(_NUMERAL_CODES, number(match["numeral"]))
    if match["arabic"]:
        codes = frozenset({markers.ARTICLE}) if match["arabic_unit"] and not after_title else _ANY_CODES
        suffix = number(match["arabic_suffix"]) if match["arabic_suffix"] else 0
        return Part(codes, number(match["arabic"]), suffix, direct=after_title)
    return Part(frozenset({markers.ANNEX}), number(match["annex"]) if match["annex"] else 1)


def _name_before(before: str) -> tuple[str, str]:
    """A document's name that ends where the place begins, without the words of asking before it."""
    words = _without_prefix(before.removesuffix("的"))
    is_name = _NAME_CHARS.fullmatch(words) and words.endswith(lookup_words.document_endings())
    return (words, "") if is_name else ("", before)


def _without_prefix(text: str) -> str:
    while True:
        start = next((word for word in lookup_words.talk() if text.startswith(word) and _may_precede(word, text)), None)
        if start is None:
            return text
        text = text[len(start) :]


def _may_precede(word: str, text: str) -> bool:
    """A single character begins names too ("中" in 中华人民共和国); those of asking do not."""
    return len(word) < len(text) and (len(word) > 1 or word in "请查看找在")


def _without_talk(text: str, numbered: bool) -> str:
    text = _LINKS.sub("", text)
    for word in lookup_words.numbered_talk() if numbered else lookup_words.talk():
        text = text.replace(word, "")
    return _PUNCTUATION.sub("", text.replace("|", ""))
