"""Where a draft names a document, a clause or a document number. Whether they exist is left to ``checking.py``.

A name is a title in 《》, a known name without 《》 before a place ("教育法第九条"), or any name that ends as laws and
policies do before a place. A place without a name belongs to the document named last in its paragraph, which is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.lookup_reading import folded, short_title
from index.lookup_words import document_endings
from ingest.records import Span
from qa.drafts import patterns
from qa.drafts.reading import Paragraph
from qa.drafts.word_table import words

Naming = Literal["title", "name", "before", "itself", "none", "number"]
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Mention:
    """One citation or number as the draft has it.

    ``name`` is the document's name without 《》, "" where none is written; ``naming`` says how it was named: in 《》,
    by name alone, by an earlier citation ("before"), the draft itself, not at all, or by its number alone. ``place``
    is the clause's place with what it inherits from the one before it, ``group`` counts citations that belong
    together ("第九条、第十条").
    """

    span: Span
    name: str
    naming: Naming
    place: str = ""
    group: int = 0
    year: str = ""
    number: str = ""
    number_span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Name:
    """A document's name in the text, with what its remarks say."""

    start: int
    end: int
    name: str
    naming: Naming
    year: str = ""
    number: re.Match[str] | None = None


def defined_names(text: str) -> dict[str, str]:
    """Short names that the draft gives itself (以下简称…), folded, to the title that each stands for."""
    found: dict[str, str] = {}
    for title in patterns.TITLE.finditer(text):
        for remark in _remarks(text, title.end()):
            if called := patterns.CALLED.search(remark.group()):
                found[short_title(called["name"])] = title["title"]
    return found


def find_mentions(
    text: str, parts: Sequence[Paragraph], known: Sequence[str], own_marks: frozenset[int]
) -> list[Mention]:
    """All mentions of a draft in its order.

    Args:
        text: the draft.
        parts: its paragraphs.
        known: names of documents, folded and without the state's name, that may stand without 《》.
        own_marks: where the draft's own clauses begin; those numbers are no citations.
    """
    reader = _Reader(text, known, own_marks)
    return [mention for part in parts for mention in reader.paragraph(part)]


class _Reader:
    def __init__(self, text: str, known: Sequence[str], own_marks: frozenset[int]) -> None:
        self._text = text
        self._known = sorted(known, key=len, reverse=True)
        self._own_marks = own_marks
        self._group = 0

    def paragraph(self, part: Paragraph) -> list[Mention]:
        names = self._names(part)
        found: list[Mention] = []
        for at, name in enumerate(names):
            limit = names[at + 1].start if at + 1 < len(names) else part.span.end
            found += self._of_name(name, limit)
        found += self._unnamed(part, found)
        found += self._numbers(part, found)
        return sorted(found, key=lambda mention: mention.span.start)

    def _names(self, part: Paragraph) -> list[_Name]:
        found: list[_Name] = []
        for match in patterns.TITLE.finditer(self._text, part.span.start, part.span.end):
            if not found or match.start() >= found[-1].end:  # not the short name in a remark: （以下简称《通知》）
                found.append(_titled(self._text, match))
        taken = [(name.start, name.end) for name in found]
        for place in patterns.STATUTE_PLACE.finditer(self._text, part.span.start, part.span.end):
            if not any(start <= place.start() < end for start, end in taken):
                name = self._written_before(place.start(), part.span.start, taken)
                if name is not None:
                    found.append(name)
                    taken.append((name.start, name.end))
        return sorted(found, key=lambda name: name.start)

    def _written_before(self, end: int, start: int, taken: Sequence[tuple[int, int]]) -> _Name | None:
        """The name without 《》 that ends where a place begins."""
        start = max([start, end - _LONGEST_NAME, *(stop for _, stop in taken if stop <= end)])
        before = self._text[start:end]
        run = patterns.LAW_NAME_RUN.search(before.removesuffix("的"))
        if run is None:
            return None
        candidate = run.group()
        stop = start + run.end()
        for word in (*words("itself"), *words("pointing_back")):
            if candidate.endswith(word):
                naming: Naming = "itself" if word in words("itself") else "before"
                return _Name(stop - len(word), stop, "", naming)
        name = self._known_at_end(candidate) or _name_at_end(candidate)
        return _Name(stop - len(name), stop, name, "name") if name else None

    def _known_at_end(self, candidate: str) -> str:
        """The longest known name that ends ``candidate`` and begins at its start or after a word like 根据."""
        for name in self._known:
            if not folded(candidate).endswith(name):
                continue
            length = _length_of(candidate, name)
            for state in ("中华人民共和国", ""):
                rest = candidate[: len(candidate) - length]
                if rest.endswith(state):
                    rest = rest.removesuffix(state)
                    if not rest or rest.endswith(words("before_names")):
                        return candidate[len(rest) :]
        return ""

    def _of_name(self, name: _Name, limit: int) -> Iterator[Mention]:
        number = name.number
        base = Mention(
            Span(name.start, name.end),
            name.name,
            name.naming,
            group=self._next_group(),
            year=name.year,
            number=number.group() if number else "",
            number_span=Span(*number.span()) if number else None,
        )
        first = patterns.PLACE_AFTER_NAME.match(self._text, name.end, limit)
        if first is None:
            if name.naming in ("title", "name"):
                yield base
            return
        place = first["place"]
        yield replace(base, span=Span(name.start, first.end()), place=place)
        yield from self._listed(replace(base, number="", number_span=None), place, first.end(), limit)

    def _listed(self, base: Mention, place: str, at: int, limit: int) -> Iterator[Mention]:
        """The places that go on a list: 第九条、第十条第一款和第三款."""
        while following := patterns.NEXT_PLACE.match(self._text, at, limit):
            place = _inherited(place, following["place"])
            yield replace(base, span=Span(following.start("place"), following.end()), place=place)
            at = following.end()

    def _unnamed(self, part: Paragraph, named: Sequence[Mention]) -> Iterator[Mention]:
        """Places without a name: they belong to the document named last before them."""
        taken = [mention.span for mention in named]
        at = part.span.start
        while at < part.span.end:
            found = self._next_place(at, part.span.end)
            if found is None:
                return
            at = found.end()
            inside = any(span.start <= found.start() < span.end for span in taken)
            if inside or found.start() in self._own_marks or self._ends_a_title(found.start()):
                continue
            before = [m for m in named if m.span.end <= found.start() and m.naming != "itself"]
            place = _inherited(before[-1].place, found.group()) if before else found.group()
            if not patterns.HAS_ARTICLE.search(place) and not patterns.PLAN_PLACE.match(place):
                continue
            naming: Naming = "before" if before else "none"
            base = Mention(Span(*found.span()), "", naming, place, self._next_group())
            yield base
            for each in self._listed(base, place, found.end(), part.span.end):
                yield each
                at = each.span.end

    def _next_place(self, at: int, end: int) -> re.Match[str] | None:
        found = [p.search(self._text, at, end) for p in (patterns.STATUTE_PLACE, patterns.PLAN_PLACE)]
        return min((match for match in found if match), key=lambda match: match.start(), default=None)

    def _ends_a_title(self, at: int) -> bool:
        """Whether ``at`` lies within 《》."""
        line = self._text.rfind("\n", 0, at) + 1
        return self._text.rfind("《", line, at) > self._text.rfind("》", line, at)

    def _numbers(self, part: Paragraph, named: Sequence[Mention]) -> Iterator[Mention]:
        taken = [m.number_span for m in named if m.number_span is not None]
        for found in patterns.DOCUMENT_NUMBER.finditer(self._text, part.span.start, part.span.end):
            if not any(span.start <= found.end() - 1 < span.end for span in taken):
                yield Mention(
                    Span(*_trimmed(found)), "", "number", number=_number_words(found), group=self._next_group()
                )

    def _next_group(self) -> int:
        self._group += 1
        return self._group


def _titled(text: str, match: re.Match[str]) -> _Name:
    year, number, end = "", None, match.end()
    for remark in _remarks(text, match.end()):
        found = patterns.DOCUMENT_NUMBER.search(text, remark.start() + 1, remark.end() - 1)
        number = number or found
        if dated := patterns.YEAR.search(remark.group(1)):
            year = year or ("" if found else dated.group(1))
        end = remark.end()
    return _Name(match.start(), end, match["title"], "title", year, number)


def _remarks(text: str, at: int) -> Iterator[re.Match[str]]:
    """The brackets that follow a title, as far as they tell a number, a year or a short name."""
    while remark := patterns.REMARK.match(text, at):
        inside = remark.group(1)
        telling = (patterns.DOCUMENT_NUMBER.search(inside), patterns.YEAR.match(inside), patterns.CALLED.search(inside))
        if not any(telling) and len(inside) > 12:
            return
        if not any(telling) and patterns.PLACE_AFTER_NAME.match(remark.group()):
            return  # 《方案》（五）1
        yield remark
        at = remark.end()


def _name_at_end(candidate: str) -> str:
    """A name that ends as documents do, without the words before it; "" where ``candidate`` ends in none."""
    if not candidate.endswith(document_endings()):
        return ""
    start = 0
    for word in words("before_names"):
        at = candidate.rfind(word)
        if at >= 0 and len(candidate) - at - len(word) >= 2:
            start = max(start, at + len(word))
    name = candidate[start:]
    return name if len(name) > 2 or name in words("two_characters") else ""


def _length_of(candidate: str, name: str) -> int:
    """How many characters at the end of ``candidate`` fold to ``name``."""
    for length in range(len(name), len(candidate) + 1):
        if folded(candidate[len(candidate) - length :]) == name:
            return length
    return len(name)


def _inherited(before: str, place: str) -> str:
    """``place`` with the units above it that stand in the place before: 第十条第一款、第三款."""
    if not patterns.ONLY_BELOW.match(place):
        return place
    units = re.findall(r"第?[^第]*[条款项目]", before)
    first = next((unit for unit in ("款", "项", "目") if unit in place), "目")
    order = ("条", "款", "项", "目")
    kept = []
    for unit in units:
        if order.index(unit[-1]) >= order.index(first):
            break
        kept.append(unit)
    head = "".join(kept)
    return (head if "条" in head else "") + place if head else place


def _number_words(found: re.Match[str]) -> str:
    """The number without the words of the sentence that its pattern took along."""
    if found["order"]:
        return found.group()
    start, _ = _trimmed(found)
    return found.string[start : found.end()]


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    """Start and end of a document number, the words before its agency left out."""
    agency = found["agency"] or found["order"] or ""
    cut = 0
    for word in words("before_names"):
        at = agency.rfind(word)
        if at >= 0 and (found["agency"] or at + len(word) < len(agency)):
            cut = max(cut, at + len(word))
    return found.start() + cut, found.end()
