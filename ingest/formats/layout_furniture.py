"""Running heads, running feet and page numbers: found because they stand on page after page, and taken out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from ingest.formats.layout_paragraphs import starts_with_mark
from ingest.formats.layout_records import TextLine
from ingest.records import Notice

_EDGE_LINES = 3  # heads and feet are among so many lines from the top or the bottom
_EDGE_SHARE = 0.16  # of the page's height at each end
_REPEATS = 3  # pages
_REPEATS_SHARE = 0.4  # of the pages: right and left pages of a book have different heads
_SAME_HEIGHT = 6.0  # points
_NUMBER = r"(?:\d{1,4}|[ivxlIVXL]{1,6}|[〇零一二三四五六七八九十百]{1,4})"
_DASH = "[-—–―－－~～·•・]"
_PAGE_NUMBER = re.compile(
    rf"(?:{_DASH}\s*)+{_NUMBER}\s*{_DASH}+|第\s*{_NUMBER}\s*页(?:\s*[，,/]?\s*[（(]?共\s*{_NUMBER}\s*页[)）]?)?"
    rf"|{_NUMBER}\s*[/／]\s*{_NUMBER}|[Pp]age\s*\d+(?:\s*of\s*\d+)?"
    r"|(?:file|https?)://\S+(?:\s+\d+/\d+)?|\d{1,4}/\d{1,2}/\d{1,4},?\s*\d{1,2}:\d\d(?:\s?[AP]M)?(?:\s.*)?"
)
_BARE_NUMBER = re.compile(r"\d{1,4}")
_DIGITS = re.compile(r"\d+")

_Edge = Literal["top", "bottom"]
_Key = tuple[str, _Edge]
_Place = tuple[int, float]  # the page, from 0, and the height


def split_furniture(
    pages: Sequence[Sequence[TextLine]], heights: Sequence[float]
) -> tuple[list[list[TextLine]], list[Notice]]:
    """The pages without heads, feet and page numbers, and what was taken out.

    A page number in dashes or words goes even from a single page; a bare number must count with the pages; anything
    else must stand at the same edge of several pages, digits aside.
    """
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    running = _running(pages, edges)
    shift = _number_shift(pages, edges)
    kept: list[list[TextLine]] = []
    found: dict[_Key, list[TextLine]] = defaultdict(list)
    for lines, edge in zip(pages, edges, strict=True):
        for place, name in edge.items():
            line = lines[place]
            key = _key(line.text, name)
            if key in running or _is_page_number(line, shift):
                found[("", name) if _is_page_number(line, shift) else key].append(line)
        gone = {id(line) for group in found.values() for line in group}
        kept.append([line for line in lines if id(line) not in gone])
    return kept, [_notice(words, lines) for (words, _), lines in found.items()]


def _edges(lines: Sequence[TextLine], height: float) -> dict[int, _Edge]:
    """The places of the lines at the ends of a page."""
    by_height = sorted((place for place, line in enumerate(lines) if not line.rows), key=lambda p: lines[p].top)
    edges: dict[int, _Edge] = {p: "top" for p in by_height[:_EDGE_LINES] if lines[p].bottom < _EDGE_SHARE * height}
    for place in by_height[-_EDGE_LINES:]:
        if lines[place].top > (1 - _EDGE_SHARE) * height:
            edges[place] = "bottom"
    return edges


def _key(text: str, edge: _Edge) -> _Key:
    return _DIGITS.sub("#", re.sub(r"\s+", "", text)), edge


def _running(pages: Sequence[Sequence[TextLine]], edges: Sequence[dict[int, _Edge]]) -> set[_Key]:
    """The words that stand at one height on many pages, or on several in a row, where no other text stands."""
    places: dict[_Key, list[_Place]] = defaultdict(list)
    for number, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        for place, name in edge.items():
            line = lines[place]
            if _is_number(_key(line.text, name)[0]) or not starts_with_mark(line.text):
                places[_key(line.text, name)].append((number, line.bottom))
    found = {key: kept for key, all_ in places.items() if key[0] and (kept := _at_one_height(all_, len(pages)))}
    alone: set[_Key] = set()
    for key, kept in found.items():
        height = kept[0][1]
        near = [(k, n) for k, all_ in places.items() for n, y in all_ if abs(y - height) <= _SAME_HEIGHT]
        text = {number for other, number in near if other not in found and not _is_number(other[0])}
        if len(text) * 4 <= len({number for _, number in near}):
            alone.add(key)
    return alone


def _at_one_height(places: list[_Place], pages: int) -> list[_Place]:
    """The places at the usual height where they are many or follow each other, else none."""
    middle = sorted(height for _, height in places)[len(places) // 2]
    kept = [(number, height) for number, height in places if abs(height - middle) <= _SAME_HEIGHT]
    numbers = sorted({number for number, _ in kept})
    if len(numbers) < _REPEATS:
        return []
    if len(numbers) >= _REPEATS_SHARE * pages:
        return kept
    longest = run = 0
    for before, after in pairwise(numbers):  # right and left pages of a book may differ
        run = run + 1 if after - before <= 2 else 0
        longest = max(longest, run)
    return kept if longest >= _REPEATS else []


def _is_number(words: str) -> bool:
    return bool(re.fullmatch(r"\W*(?:#\W*)+", words)) or _PAGE_NUMBER.fullmatch(words) is not None


def _number_shift(pages: Sequence[Sequence[TextLine]], edges: Sequence[dict[int, _Edge]]) -> int | None:
    """How much bare numbers at the edges run ahead of the pages; ``None`` where they do not count along."""
    shifts = Counter(
        int(lines[place].text) - lines[place].page
        for lines, edge in zip(pages, edges, strict=True)
        for place in edge
        if _BARE_NUMBER.fullmatch(lines[place].text)
    )
    if not shifts:
        return None
    shift, count = shifts.most_common(1)[0]
    return shift if count >= 2 and count * 2 >= len(pages) - 1 else None


def _is_page_number(line: TextLine, shift: int | None) -> bool:
    words = line.text.strip()
    if _BARE_NUMBER.fullmatch(words):
        return shift is not None and int(words) - line.page == shift
    return _PAGE_NUMBER.fullmatch(words) is not None


def _notice(words: str, lines: list[TextLine]) -> Notice:
    numbers = sorted({line.page for line in lines})
    where = f"第 {numbers[0]} 页" if len(numbers) == 1 else f"第 {numbers[0]} 至 {numbers[-1]} 页"
    kind = "页眉或页脚" if words else "页码或打印信息"
    message = f"{where}有{kind}“{lines[0].text.strip()[:40]}”（共 {len(lines)} 处），不是正文，已去掉。"
    return Notice("removed", message, context=lines[0].text.strip())
