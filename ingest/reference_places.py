"""The places of one document: what stands at 第十条第二款第（三）项, what 前款 means where it is said.

A document is cut into frames, each numbered by itself: the main text and every attachment, and a new frame wherever
the articles begin again. A place is looked up within a frame. What is there twice, and a paragraph that the article
does not have, is not found; nothing near is taken instead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.assembly import cited_locator
from ingest.markers import (
    ANNEX,
    ARABIC,
    ARABIC_HALF,
    ARABIC_ITEM,
    ARTICLE,
    BOOK,
    CHAPTER,
    CIRCLED,
    DIVISION,
    ITEM,
    NUMERAL,
    PARAGRAPH,
    SECTION,
)
from ingest.records import Clause, Span, Step
from ingest.reference_reading import Mention, Part

# The families that a unit may mean, those of one tuple before the next; the second tuple where there are no articles.
_CODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "附件": ((ANNEX,), (ANNEX,)),
    "编": ((BOOK,), (BOOK,)),
    "部分": ((DIVISION,), (DIVISION, NUMERAL)),
    "章": ((CHAPTER,), (CHAPTER,)),
    "节": ((SECTION,), (SECTION,)),
    "条": ((ARTICLE,), (NUMERAL, ARABIC)),
    "款": ((PARAGRAPH,), (PARAGRAPH, ITEM)),
    "项": ((ITEM, ARABIC_ITEM, ARABIC), (ITEM, ARABIC_ITEM, ARABIC)),
    "目": ((ARABIC, ARABIC_ITEM, CIRCLED), (ARABIC, ARABIC_ITEM, CIRCLED)),
    "点": ((ARABIC, ARABIC_HALF, CIRCLED), (NUMERAL, ITEM, ARABIC)),
}
_SAME = {"条": ARTICLE, "款": PARAGRAPH, "项": ITEM, "章": CHAPTER, "节": SECTION, "编": BOOK}
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM_LINE = re.compile(r"\s*[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")


@dataclass(frozen=True, slots=True)
class Target:
    """A clause that is meant; ``span`` is the paragraph (款) in its text where not all of it is."""

    clause_id: str
    span: Span | None = None


Found = tuple[Target, ...]


def paragraphs_of(text: str) -> list[Span]:
    """The paragraphs (款) of an article's text; items are parts of their paragraph."""
    found: list[Span] = []
    for line in _LINE.finditer(text):
        if found and _ITEM_LINE.match(line.group()):
            found[-1] = Span(found[-1].start, line.end())
        else:
            found.append(Span(line.start(), line.end()))
    return found


class Places:
    """The clauses of one document by their places."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = {clause.clause_id: clause for clause in clauses}
        self._frames: dict[str, int] = {}  # by clause id
        self._annexes: dict[int, Step] = {}
        self._by_step: dict[tuple[int, str, int, int], list[Clause]] = defaultdict(list)
        self._articles: dict[int, list[Clause]] = defaultdict(list)
        for clause, frame in zip(clauses, _frames(clauses), strict=True):
            self._frames[clause.clause_id] = frame
            step = clause.path[-1]
            if clause.path[0].code == ANNEX:
                self._annexes[frame] = clause.path[0]
            self._by_step[frame, step.code, step.number, step.suffix].append(clause)
            if step.code == ARTICLE:
                self._articles[frame].append(clause)

    def named(self, place: Sequence[Part]) -> Found:
        """What ``place`` means in a reference from another document; of several frames the one that has it."""
        if place[0].unit == "附件":
            return self._in_annex(place)
        frames = sorted(set(self._frames.values()))
        numbered = [frame for frame in frames if self._articles[frame]]
        found = [target for frame in numbered or frames if (target := self._find(frame, place, None))]
        return found[0] if len(found) == 1 else ()

    def own(self, place: Sequence[Part], near: Clause, *, elsewhere: bool = False) -> Found:
        """What ``place`` means where ``near`` speaks of its own document.

        ``elsewhere``: of a text that this document carries (本办法 in the notice that issues it, or in its form).
        """
        if place[0].unit == "附件":
            return self._in_annex(place)
        frame = self._frames[near.clause_id]
        if elsewhere and not self._articles[frame] and any(self._articles.values()):
            return self.named(place)
        return self._find(frame, place, near)

    def within(self, unit: str, place: Sequence[Part], near: Clause, at: int) -> Found:
        """本条第二款: what ``place`` means within the ``unit`` of ``near``; the unit itself without a place."""
        head = self._above(near, _SAME[unit])
        if head is None and unit == "款" and self._above(near, ARTICLE) is None:
            head = near  # in a notice the numbered piece itself
        if head is None and unit == "款" and near.path[-1].code == ARTICLE:
            return self._below(self._paragraph_at(near, at), place) if place else self._paragraph_at(near, at)
        return self._below((Target(head.clause_id),), place) if head is not None else ()

    def before(self, mention: Mention, near: Clause, place: Sequence[Part]) -> Found:
        """前款, 前两条, 前款第一项."""
        unit, count = mention.own, mention.count
        if unit == "款":
            found = self._paragraphs_before(near, mention.span.start, count)
        elif unit == "条":
            found = self._articles_before(near, count)
        else:
            found = self._siblings_before(near, _SAME[unit], count)
        return self._below(found, place) if place and len(found) == 1 else () if place else found

    def relative(self, place: Sequence[Part], near: Clause) -> Found:
        """A bare 第二款, 第（三）项: within the article of ``near``, or within the enclosing part of a notice."""
        article = self._above(near, ARTICLE)
        if article is not None:
            head = self._above(near, PARAGRAPH) if place[0].unit in ("项", "目") else None
            return (self._below((Target(head.clause_id),), place) if head is not None else ()) or self._below(
                (Target(article.clause_id),), place
            )
        for depth in range(len(near.path), 0, -1):
            if found := self._below((Target(self._id_at(near, depth)),), place):
                return found
        return ()

    def between(self, first: Target, last: Target) -> Found:
        """All from ``first`` to ``last``, which stand in one row; nothing where they do not."""
        if first.clause_id == last.clause_id:
            spans = (first.span, last.span)
            whole = Span(spans[0].start, spans[1].end) if spans[0] and spans[1] else None
            return (Target(first.clause_id, whole),)
        start, end = self._clauses[first.clause_id], self._clauses[last.clause_id]
        code, frame = start.path[-1].code, self._frames[start.clause_id]
        row = [
            Target(clause.clause_id)
            for clause in self._clauses.values()
            if start.order <= clause.order <= end.order
            and clause.path[-1].code == code
            and self._frames[clause.clause_id] == frame
        ]
        return tuple(row) if end.path[-1].code == code and start.order < end.order else ()

    def words_for(self, targets: Found) -> str:
        """The places of targets as staff cite them: "第十条", of several the first and the last."""
        ends = dict.fromkeys((targets[0], targets[-1])) if targets else {}
        return "至".join(dict.fromkeys(cited_locator(self._clauses[target.clause_id]) for target in ends))

    def _in_annex(self, place: Sequence[Part]) -> Found:
        frames = [frame for frame, step in self._annexes.items() if step.number == place[0].number]
        heads = [
            clause
            for clause in self._clauses.values()
            if len(clause.path) == 1 and self._frames[clause.clause_id] in frames and clause.path[0].code == ANNEX
        ]
        if len(place) == 1:
            return (Target(heads[0].clause_id),) if len(heads) == 1 else ()
        found = [target for frame in frames if (target := self._find(frame, place[1:], None))]
        return found[0] if len(found) == 1 else ()

    def _find(self, frame: int, place: Sequence[Part], near: Clause | None) -> Found:
        """The one thing at ``place`` in a frame."""
        *upper, last = place
        if last.unit == "款" and not (last.bracketed and not self._articles[frame]):
            head = self._find(frame, upper, near) if upper else ()
            return self._below(head, (last,))
        if any(part.unit == "款" for part in upper):
            at = next(at for at, part in enumerate(place) if part.unit == "款")
            return self._below(self._find(frame, place[: at + 1], near), place[at + 1 :])
        for code in self._codes(last, frame):
            fitting = [
                clause
                for clause in self._by_step.get((frame, code, last.number, last.suffix), ())
                if self._stands_under(clause, upper, frame)
            ]
            if fitting:
                return self._only(fitting, near)
        return ()

    def _codes(self, part: Part, frame: int) -> tuple[str, ...]:
        strict, loose = _CODES[part.unit]
        return strict if self._articles[frame] else (*strict, *(code for code in loose if code not in strict))

    def _only(self, fitting: list[Clause], near: Clause | None) -> Found:
        if len(fitting) > 1 and near is not None:  # 第二节 within the chapter at hand
            shared = [_shared(clause, near) for clause in fitting]
            fitting = [clause for clause, depth in zip(fitting, shared, strict=True) if depth == max(shared)]
        return (Target(fitting[0].clause_id),) if len(fitting) == 1 else ()

    def _stands_under(self, clause: Clause, upper: Sequence[Part], frame: int) -> bool:
        at = len(clause.path) - 1
        for part in reversed(upper):
            codes = self._codes(part, frame)
            at -= 1
            while at >= 0 and not _is(clause.path[at], codes, part):
                at -= 1
            if at < 0:
                return False
        return True

    def _below(self, found: Found, place: Sequence[Part]) -> Found:
        """What ``place`` means below the one clause of ``found``."""
        for part in place:
            if len(found) != 1 or found[0].span is not None:
                return ()
            head = self._clauses[found[0].clause_id]
            found = self._paragraph(head, part) if part.unit == "款" and not part.bracketed else self._child(head, part)
        return found

    def _paragraph(self, head: Clause, part: Part) -> Found:
        below = self._direct(head)
        named = [clause for clause in below if clause.path[-1].code == PARAGRAPH and clause.path[-1].number > 0]
        if named:
            return tuple(Target(clause.clause_id) for clause in named if clause.path[-1].number == part.number)[:1]
        if below and any(clause.path[-1].code != PARAGRAPH for clause in below):  # its only paragraph has the items
            return (Target(head.clause_id),) if part.number == 1 else ()
        spans = paragraphs_of(head.text)
        if part.number == 1 and len(spans) == 1:
            return (Target(head.clause_id),)
        return (Target(head.clause_id, spans[part.number - 1]),) if 0 < part.number <= len(spans) else ()

    def _child(self, head: Clause, part: Part) -> Found:
        frame = self._frames[head.clause_id]
        prefix = f"{head.clause_id}."
        for code in self._codes(part, frame):
            rows = self._by_step.get((frame, code, part.number, part.suffix), ())
            below = [clause for clause in rows if clause.clause_id.startswith(prefix)]
            if below:
                nearest = min(len(clause.path) for clause in below)
                return self._only([clause for clause in below if len(clause.path) == nearest], None)
        return ()

    def _direct(self, head: Clause) -> list[Clause]:
        prefix, depth = f"{head.clause_id}.", len(head.path) + 1
        return [c for c in self._clauses.values() if len(c.path) == depth and c.clause_id.startswith(prefix)]

    def _above(self, near: Clause, code: str) -> Clause | None:
        """The clause at or above ``near`` of a family, the innermost."""
        for depth in range(len(near.path), 0, -1):
            step = near.path[depth - 1]
            if step.code == code and (code != PARAGRAPH or step.number > 0):
                return self._clauses.get(self._id_at(near, depth))
        return None

    def _id_at(self, near: Clause, depth: int) -> str:
        return ".".join(near.clause_id.split(".")[: depth + 1])

    def _paragraph_at(self, clause: Clause, at: int) -> Found:
        return tuple(
            Target(clause.clause_id, span) for span in paragraphs_of(clause.text) if span.start <= at < span.end
        )

    def _paragraphs_before(self, near: Clause, at: int, count: int) -> Found:
        paragraph = self._above(near, PARAGRAPH)
        if paragraph is not None:
            return self._siblings_before(paragraph, PARAGRAPH, count)
        if near.path[-1].code in (ITEM, ARABIC_ITEM) and self._above(near, ARTICLE) is not None:
            return ()  # an item under the only paragraph of its article
        spans = paragraphs_of(near.text)
        here = next((place for place, span in enumerate(spans) if span.start <= at < span.end), 0)
        if here < count:
            return ()
        return (Target(near.clause_id, Span(spans[here - count].start, spans[here - 1].end)),)

    def _articles_before(self, near: Clause, count: int) -> Found:
        article = self._above(near, ARTICLE)
        if article is None:
            return self._siblings_before(near, NUMERAL, count)
        row = self._articles[self._frames[near.clause_id]]
        at = next(at for at, clause in enumerate(row) if clause is article)
        return tuple(Target(clause.clause_id) for clause in row[at - count : at]) if at >= count else ()

    def _siblings_before(self, near: Clause, code: str, count: int) -> Found:
        head = self._above(near, code)
        if head is None:
            return ()
        row = [
            clause
            for clause in self._clauses.values()
            if clause.path[-1].code == code and clause.parent_id == head.parent_id and clause.path[-1].number > 0
        ]
        at = next(at for at, clause in enumerate(row) if clause is head)
        return tuple(Target(clause.clause_id) for clause in row[at - count : at]) if at >= count else ()


def _frames(clauses: Sequence[Clause]) -> Iterator[int]:
    frame, annex, last = 0, None, (0, 0)
    for clause in clauses:
        head = clause.clause_id.split(".")[1] if clause.path[0].code == ANNEX else None
        step = clause.path[-1]
        again = step.code == ARTICLE and step.number == 1 and not step.suffix and last > (1, 0)
        if head != annex or again:
            frame, annex, last = frame + 1, head, (0, 0)
        if step.code == ARTICLE:
            last = (step.number, step.suffix)
        yield frame


def _is(step: Step, codes: Sequence[str], part: Part) -> bool:
    return step.code in codes and step.number == part.number and step.suffix == part.suffix


def _shared(clause: Clause, near: Clause) -> int:
    """How many steps two paths share from the outermost."""
    pairs = zip(clause.path, near.path, strict=False)
    return next((depth for depth, (one, other) in enumerate(pairs) if one != other), len(near.path))
