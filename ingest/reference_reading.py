"""Reads what a text refers to: "《…》第十条第二款", "本办法第三条至第五条", "前款第（二）项", "附件2".

Takes the text of a clause, gives its mentions: the words, the document that they name, the place in it as numbers.
What stands at that place is left to ``references.py``. A number without a name before it inherits the document and
the upper steps of the mention that it is joined to ("本法第三条、第五条第一款和第三款").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from ingest import tables
from ingest.numerals import narrow, parse_numeral
from ingest.records import Clause, Span

Anchor = Literal["title", "name", "own", "same", "before", "other", "bare", "annex"]

UNITS = ("附件", "编", "部分", "章", "节", "条", "款", "项", "目", "点")  # outermost first
_N = r"(?:[〇零一二三四五六七八九十百千两]{1,9}|[0-9０-９]{1,4})"
_S = "[一二三四五六七八九十]{1,2}"
_UNIT = (
    rf"第[ \u3000]?{_N}(?:[、和及至到]{_N})*[ \u3000]?(?:编|部分|章|节|条|款|项|目|点)"
    rf"(?:之{_S}(?![一二三四五六七八九十百般切]))?"
    rf"|第?[（(]{_N}[）)](?:(?:、|和|或|及|至|到|以及|或者)?[（(]{_N}[）)])*(?:项|款|点|条|目)?(?!项目)"
)
_CHAIN = rf"(?:{_UNIT})(?:[的中]?(?=第)(?:{_UNIT})|(?:{_UNIT}))*"
_TITLE = r"《(?:[^《》\n]|《[^《》\n]{1,80}》){2,150}》"
_BRACKET = r"(?:[（(](?!附件)[^（）()\n]{2,60}[）)])"
_UNIT_PARTS = re.compile(_UNIT)
_NUMBER = re.compile(_N)
_ALIAS = re.compile(
    rf"(?P<full>{_TITLE}){_BRACKET}??[（(](?:以下|下)(?:均)?(?:简称|称)(?:为)?[“\"《]*(?P<short>[^“”\"《》（）()，。；\n]{{2,30}})"
    r"[”\"》]*[）)]"
)
_JOINERS = re.compile(
    r"[ \u3000]*(、|，(?=第)|和|及|以及|与|或|或者|至|到|－|—|-|(?:规定|所列)的?(?=第[^条]{1,4}[款项]))[ \u3000]*"
)
_THROUGH = frozenset("至到－—-")
_BEFORE_NAME = 60  # characters in which a name without 《》 is looked for


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a place: its unit (条, 款, …), number and 之 number; ``bracketed`` where written （三）."""

    unit: str
    number: int
    suffix: int = 0
    bracketed: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference as it is written.

    ``places`` are the places that it names, none where it names a document as a whole; with ``through`` two, the
    first and the last of a range. ``title`` is the name in 《》. ``stated`` is what stands in brackets behind the title
    (an order number, an edition), ``before`` the text before it, which may hold a name without 《》 or a date.
    """

    span: Span
    words: str
    anchor: Anchor
    places: tuple[tuple[Part, ...], ...] = ()
    through: bool = False
    title: str = ""
    stated: str = ""
    before: str = ""
    own: str = ""  # 办法 of 本办法; 条 of 本条; 款 of 前两款
    count: int = 1  # 2 of 前两款


@cache
def words(key: str) -> tuple[str, ...]:
    """The words of one entry of ``references.toml``, longest first."""
    return tuple(sorted(str(tables.read_toml("references.toml")[key]).split(), key=len, reverse=True))


@cache
def pattern(key: str) -> re.Pattern[str]:
    """One entry of ``references.toml`` that is a pattern."""
    return tables.compile_pattern(str(tables.read_toml("references.toml")[key]), "references.toml")


@cache
def _pattern() -> re.Pattern[str]:
    own, other = ("|".join(map(re.escape, words(key))) for key in ("own", "other"))
    no = f"(?<![{''.join(words('not_own'))}])"
    annex = rf"附件[ \u3000]?(?:{_N})"
    return re.compile(
        rf"(?P<title>{_TITLE})(?P<stated>{_BRACKET}{{0,2}})(?:(?:的|中|中的)?(?P<title_place>{annex}|{_CHAIN}))?"
        rf"|{no}本(?P<own>{own})(?:的|中|中的)?(?P<own_place>{annex}|{_CHAIN})"
        rf"|(?:{other})(?P<other>{own})(?:的|中|中的)?(?P<other_place>{_CHAIN})"
        rf"|{no}本(?P<same>[条款项章节编])(?![例件款项目录章程约])(?P<same_place>{_CHAIN})?"
        rf"|(?<![以之此目提先从空当年])前(?P<count>[一二两三四五六])?(?P<before>[条款项章节])(?![例件目])(?P<before_place>{_CHAIN})?"
        rf"|(?P<annex>附件[ \u3000]?(?:{_N}))(?P<annex_place>{_CHAIN})?"
        rf"|(?P<bare>{_CHAIN})"
    )


def read_aliases(texts: Iterator[str]) -> dict[str, str]:
    """The short names that a document gives to others: {"实施办法": "《上海市…实施办法》"} without 《》.

    A short name that stands for two documents is left out.
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        if "称" in text:
            for match in _ALIAS.finditer(text):
                found.setdefault(match["short"], set()).add(match["full"][1:-1])
    return {short: full.pop() for short, full in found.items() if len(full) == 1}


def read_mentions(clause: Clause) -> Iterator[Mention]:
    """The mentions in the clause's text, in order; its own mark and heading are none.

    A reference that a line break tears, in the name or before or within the number, is read as if it were in one line.
    """
    torn = [at for found in _torn().finditer(clause.text) for at in _breaks(found)]
    if not torn:
        yield from _in_order(clause)
        return
    kept = [at for at in range(len(clause.text)) if at not in set(torn)]
    before = sum(at < clause.body_start for at in torn)
    joined = replace(clause, text="".join(clause.text[at] for at in kept), body_start=clause.body_start - before)
    for mention in _in_order(joined):
        span = Span(kept[mention.span.start], kept[mention.span.end - 1] + 1)
        yield replace(mention, span=span, words=clause.text[span.start : span.end])


def _breaks(found: re.Match[str]) -> Iterator[int]:
    return (found.start() + at for at, character in enumerate(found.group()) if character == "\n")


@cache
def _torn() -> re.Pattern[str]:
    """A line break within a name in 《》, within a number, or between a name and its number."""
    unit = rf"(?:{_N})(?:编|章|节|条|款|项)"
    return re.compile(
        rf"《[^《》\n]{{1,60}}\n[^《》\n]{{1,60}}》(?:\n(?=第{unit}))?|》\n(?=第{unit})"
        rf"|第\n(?={unit})|第{_N}\n(?=(?:{_N})?(?:编|章|节|条|款|项))|(?<=条)\n(?=第{_N}[款项])"
    )


def _in_order(clause: Clause) -> Iterator[Mention]:
    """The mentions by number and those by name alone, none within another."""
    numbered = list(_numbered_mentions(clause))
    taken = [mention.span for mention in numbered]
    named = [
        each
        for each in _named_mentions(clause.text)
        if all(each.span.end <= span.start or span.end <= each.span.start for span in taken)
    ]
    yield from sorted((*numbered, *named), key=lambda mention: mention.span.start)


def _named_mentions(text: str) -> Iterator[Mention]:
    """Names without 《》 and without a number that the text says to go by: 依照教育法的规定."""
    for found in pattern("named").finditer(text):
        names, start = found["names"], found.start("names")
        for part in re.finditer(r"[^、和与及]+", names):
            span = Span(start + part.start(), start + part.end())
            yield Mention(span, part.group(), "name", title=part.group(), before=text[: span.start])
        if re.search("[、和与及]", names):  # a name may hold such a word itself
            yield Mention(Span(start, start + len(names)), names, "name", title=names, before=text[:start])


def _numbered_mentions(clause: Clause) -> Iterator[Mention]:
    text = clause.text
    last: Mention | None = None
    for match in _pattern().finditer(text):
        mention = _mention(match, text)
        joined = _joined(last, mention, text) if last is not None else None
        if joined is not None and joined.through and joined.span.start == last.span.start:  # type: ignore[union-attr]
            last = joined
            continue
        if last is not None:
            yield last
        last = joined or (mention if _counts(mention, clause, match) else None)
    if last is not None:
        yield last


def _mention(match: re.Match[str], text: str) -> Mention:
    named = {key: value for key, value in match.groupdict().items() if value is not None}
    anchor: Anchor = next(key for key in ("title", "own", "other", "same", "before", "annex", "bare") if key in named)
    place = named.get(f"{anchor}_place", "") if anchor != "bare" else named["bare"]
    if anchor == "annex":
        place = named["annex"] + place
    places, through = _places(place)
    return Mention(
        span=Span(match.start(), match.end()),
        words=match.group(),
        anchor=anchor,
        places=places,
        through=through,
        title=named["title"][1:-1] if anchor == "title" else "",
        stated=named.get("stated", ""),
        before=text[max(0, match.start() - _BEFORE_NAME) : match.start()],
        own=named.get(anchor, "") if anchor in ("own", "same", "before") else "",
        count=parse_numeral(named.get("count", "一")),
    )


def _counts(mention: Mention, clause: Clause, match: re.Match[str]) -> bool:
    """Whether it is a reference at all, not a mark of the text's own outline or an enumeration."""
    if mention.anchor in ("title", "own", "other"):
        return True
    if match.start() < clause.body_start or not mention.before.strip() and _is_own_mark(mention, clause):
        return False
    if mention.anchor != "bare":
        return True
    text, first = clause.text, mention.places[0][0]
    if first.unit in ("部分", "点", "目") or (first.bracketed and first.unit == "项" and not _says_item(mention.words)):
        return False
    if (
        first.unit in ("款", "项", "章", "节", "编")
        and not first.bracketed
        and not text.startswith(words("after"), match.end())
    ):
        return False
    line_start = match.start() == 0 or text[match.start() - 1] == "\n"
    return not (line_start and re.match(r"\s|$", text[match.end() :]))


def _is_own_mark(mention: Mention, clause: Clause) -> bool:
    return bool(clause.path) and mention.words.startswith(clause.path[-1].label or "\n")


def _says_item(written: str) -> bool:
    return written.startswith("第") or written.rstrip().endswith(("项", "款", "点", "目"))


def _joined(last: Mention, mention: Mention, text: str) -> Mention | None:
    """``mention`` as the continuation of ``last``; a range is one mention; ``None`` where it stands by itself."""
    link = _JOINERS.match(text, last.span.end)
    if (
        link is None
        or link.end() != mention.span.start
        or mention.anchor != "bare"
        or not last.places
        and last.anchor not in ("before", "same")
    ):
        return None
    above = last.places[-1] if last.places else ()
    places = tuple(_inherited(above, place) for place in mention.places)
    if link.group(1) in _THROUGH:
        if len(last.places) != 1 or len(places) != 1 or last.through:
            return None
        span = Span(last.span.start, mention.span.end)
        both = (last.places[0], places[0])
        return replace(last, span=span, words=text[span.start : span.end], places=both, through=True)
    kept = {"anchor": last.anchor, "title": last.title, "stated": last.stated, "before": last.before, "own": last.own}
    return replace(mention, places=places, count=last.count, **kept)  # type: ignore[arg-type]


def _inherited(above: tuple[Part, ...], place: tuple[Part, ...]) -> tuple[Part, ...]:
    """``place`` under the steps of ``above`` that stand higher than its first."""
    rank = UNITS.index(place[0].unit)
    return (*(part for part in above if UNITS.index(part.unit) < rank), *place)


def _places(chain: str) -> tuple[tuple[tuple[Part, ...], ...], bool]:
    """The places of a chain of units: one, several ("第一、三款"), or the two ends of a range ("第一至三项")."""
    if not chain:
        return (), False
    parts: list[Part] = []
    ends: tuple[Part, ...] = ()
    through = False
    annex = re.match(rf"附件[ \u3000]?({_N})", chain)
    if annex:
        parts.append(Part("附件", parse_numeral(narrow(annex.group(1)))))
    for found in _UNIT_PARTS.finditer(chain, annex.end() if annex else 0):
        options = _parts(found.group())
        parts.append(options[0])
        ends = tuple(options[1:])
        through = bool(ends) and re.search(r"[至到]", found.group()) is not None
    head = tuple(parts[:-1])
    places = tuple((*head, part) for part in (parts[-1], *ends))
    return (places, True) if through and len(places) == 2 else (places, False)


def _parts(written: str) -> list[Part]:
    bracketed = "（" in written or "(" in written
    number, _, suffix = written.partition("之")
    unit = next((unit for unit in UNITS if unit in number), "项")
    numbers = [parse_numeral(narrow(found)) for found in _NUMBER.findall(number)]
    return [Part(unit, value, parse_numeral(suffix) if suffix else 0, bracketed) for value in numbers]
