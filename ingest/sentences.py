"""Sentences of a clause, as spans in its text.

A sentence ends at 。！？ (and ! ?), at the end of a line, and at a semicolon where the pieces on both sides are
long enough to stand alone (``_STANDS_ALONE``): "先登记；后入学" is one sentence, two duties of a dozen characters
each joined by a semicolon are two. Quotation marks and brackets are kept whole: what ends inside them does not
end the sentence around them, and a closing mark after an end belongs to it. A quotation mark without its partner
on the same line counts for nothing, so a misprint cannot swallow the rest. The full stop of a numbered heading
("1.健全常态化教育机制。") ends a sentence like any other; a number's own dot or comma ends nothing.

Takes text, gives spans without white space at their ends; every other character is in exactly one span.
"""

from __future__ import annotations

import re

from ingest.records import Span

_STANDS_ALONE = 12  # characters: shorter pieces around a semicolon are one enumeration
LONGEST = 2000  # characters; a longer sentence has lost its stops, and what looks for patterns in it takes too long
_ENDS = "。！？!?"
_SEMICOLONS = "；;"
_CLOSERS = "”’」』）)》】"
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_STOP = re.compile(f"[{re.escape(_ENDS + _SEMICOLONS)}\n]|…{{2}}(?=[^，,。；;\\s])")
_MARKS = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_PAIRS.values())) + "\n]")


def sentence_spans(text: str) -> list[Span]:
    """The sentences of ``text`` in order; an empty or blank text has none."""
    enclosed = _enclosed(text)
    spans: list[Span] = []
    start = 0
    for stop in _STOP.finditer(text):
        if stop.start() < start or _inside(enclosed, stop.start()):
            continue
        end = _with_closers(text, stop.end()) if stop.group() != "\n" else stop.end()
        if stop.group() in _SEMICOLONS and not _splits(text, start, end):
            continue
        _add(text, start, end, spans)
        start = end
    _add(text, start, len(text), spans)
    return spans


def clause_sentences(text: str, body_start: int) -> list[Span]:
    """The sentences of a clause that say something: those after mark and heading, or the heading where that is all."""
    start = body_start if text[body_start:].strip() else 0
    return [Span(span.start + start, span.end + start) for span in sentence_spans(text[start:])]


def _enclosed(text: str) -> list[tuple[int, int]]:
    """Outermost stretches inside paired marks, in order; a mark without a partner on its line pairs with none."""
    stretches: list[tuple[int, int]] = []
    open_marks: list[tuple[str, int]] = []
    for found in _MARKS.finditer(text):
        mark = found.group()
        if mark == "\n":
            open_marks = []
        elif mark in _PAIRS:
            open_marks.append((_PAIRS[mark], found.start()))
        else:
            place = next((i for i in range(len(open_marks) - 1, -1, -1) if open_marks[i][0] == mark), None)
            if place is None:
                continue
            stretches.append((open_marks[place][1], found.start()))
            del open_marks[place:]
    return sorted(stretches)


def _inside(stretches: list[tuple[int, int]], offset: int) -> bool:
    return any(start < offset < end for start, end in stretches)


def _with_closers(text: str, end: int) -> int:
    while end < len(text) and (text[end] in _CLOSERS or text[end] in _ENDS):
        end += 1
    return end


def _splits(text: str, start: int, end: int) -> bool:
    """Whether a semicolon that ends at ``end`` parts two pieces that stand alone."""
    following = _STOP.search(text, end)
    after = text[end : following.start() if following else len(text)]
    return len(text[start:end].strip()) > _STANDS_ALONE and len(after.strip()) >= _STANDS_ALONE


def _add(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start, start + LONGEST) for mark in "，,、") + 1 or start + LONGEST
        _add(text, start, cut, spans)
        start = cut
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        spans.append(Span(start, end))
