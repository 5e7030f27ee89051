"""Where a draft quotes, and which of its citations each quotation belongs to.

A quotation stands in “…”, 「…」 or "…". It belongs to the citation before it where only words like 规定 or a colon
stand between them, to the one behind it in brackets, and to that of the quotation before it in a list. Short words
in quotation marks without a citation are terms (“七进”), not quotations of a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.records import Span
from qa.changes import bare
from qa.drafts.mentions import Mention
from qa.drafts.reading import Paragraph
from qa.drafts.word_table import words

SHORTEST_QUOTATION = 10  # words without a source: shorter ones are terms and names
SHORTEST_CITED = 4
_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"))
_STRAIGHT = re.compile(r'"([^"\n]{1,2000})"')
_MARKS = "：:，,、 \u3000“”"
_LIST = re.compile(r"[、，,；;和与及以及或\s]{0,4}")
_LONGEST_BETWEEN = 30


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words (without their marks) and the citations that they are said to come from, none for none.

    ``introduced`` says that words like 规定, a colon or brackets join the two; without them short words may be a term.
    """

    span: Span
    words: str
    paragraph: Paragraph
    sources: tuple[Mention, ...] = ()
    introduced: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """All quotations of a draft, the number of short terms, and the paragraphs whose marks do not pair."""

    quotations: tuple[Quotation, ...]
    terms: int
    unpaired: tuple[int, ...]


def find_quotations(text: str, parts: Sequence[Paragraph], mentions: Sequence[Mention]) -> Quoted:
    """The quotations of a draft in its order, each with its sources."""
    found: list[Quotation] = []
    terms, unpaired = 0, []
    for part in parts:
        spans, paired = _quoted_spans(text, part.span)
        if not paired:
            unpaired.append(part.number)
        for span in spans:
            if any(each.span.start < span.start and span.end < each.span.end for each in mentions):
                continue  # “七进” within a title
            quotation = _with_sources(text, span, part, mentions, found)
            length = len(bare(quotation.words))
            if length >= (SHORTEST_CITED if quotation.sources else SHORTEST_QUOTATION):
                found.append(quotation)
            else:
                terms += 1
    return Quoted(tuple(found), terms, tuple(unpaired))


def _quoted_spans(text: str, within: Span) -> tuple[list[Span], bool]:
    """The outermost quoted stretches of a paragraph without their marks, and whether all marks pair."""
    spans: list[Span] = []
    paired = True
    for opening, closing in _PAIRS:
        start = depth = 0
        for place in range(within.start, within.end):
            if text[place] == opening:
                start, depth = (place + 1, 1) if depth == 0 else (start, depth + 1)
            elif text[place] == closing:
                if depth == 1:
                    spans.append(Span(start, place))
                paired = paired and depth > 0
                depth = max(0, depth - 1)
        paired = paired and depth == 0
    for found in _STRAIGHT.finditer(text, within.start, within.end):
        spans.append(Span(*found.span(1)))
    spans.sort(key=lambda span: (span.start, -span.end))
    outer = [span for span in spans if not any(o.start <= span.start and span.end < o.end for o in spans)]
    return outer, paired


def _with_sources(
    text: str, span: Span, part: Paragraph, mentions: Sequence[Mention], before: Sequence[Quotation]
) -> Quotation:
    quoted = text[span.start : span.end]
    behind = _behind(text, span, mentions)
    if behind:
        return Quotation(span, quoted, part, behind, introduced=True)
    last = before[-1] if before else None
    if last is not None and last.sources and _LIST.fullmatch(text[last.span.end + 1 : span.start - 1]):
        return Quotation(span, quoted, part, last.sources, last.introduced)
    nearest = max((m for m in mentions if m.span.end < span.start), key=lambda m: m.span.end, default=None)
    if nearest is None or (last is not None and last.span.end > nearest.span.start):
        return Quotation(span, quoted, part)
    between = text[nearest.span.end : span.start - 1]
    introduced = _introduces(between)
    if introduced is None:
        return Quotation(span, quoted, part)
    return Quotation(span, quoted, part, _group(nearest, mentions), introduced)


def _behind(text: str, span: Span, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The citation right behind a quotation: （《…》第九条）."""
    rest = text[span.end + 1 : span.end + 6].lstrip("。")
    skipped = next((word for word in words("follows") if rest.startswith(word)), None)
    if skipped is None:
        return ()
    start = text.index(skipped, span.end + 1) + len(skipped)
    reach = start + 1 + len("见参见")
    near = next((m for m in mentions if start <= m.span.start <= reach), None)
    return _group(near, mentions) if near is not None else ()


def _introduces(between: str) -> bool | None:
    """Whether the words between a citation and a quotation make the one the source of the other; ``None``: they don't.

    ``False``: nothing but punctuation or 的 stands there.
    """
    if len(between) > _LONGEST_BETWEEN or re.search(r"[。！？；]", between):
        return None
    rest = between.strip(_MARKS + "\n")
    if not rest or rest in ("的", "中", "中的", "关于", "有关"):
        return "：" in between or ":" in between
    verbs = [word for word in words("introduces") if len(word) > 1]
    ends = rest.endswith((*verbs, *words("introduces")))
    return True if ends or any(word in rest for word in verbs if word not in ("关于", "有关")) else None


def _group(mention: Mention, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The citations that stand together with ``mention``: 第九条、第十条."""
    return tuple(each for each in mentions if each.group == mention.group)
