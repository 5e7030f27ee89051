"""Lines of a document under way, and how they become a ``Reading``'s text with its headings and tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from ingest.formats.reading import Reading
from ingest.records import Span

_CJK = re.compile(r"[\u2e80-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text.

    ``depth`` is a heading's, 0 for none; rows of one table share ``table``, 0 for none. ``is_title`` marks words in
    the style of the document title.
    """

    text: str
    depth: int = 0
    table: int = 0
    is_title: bool = False


def tidy(text: str) -> str:
    """A line without the space around it."""
    return text.strip(" \t\u3000\xa0\r\n")


def joined(words: Iterable[str]) -> str:
    """Lines as one: nothing between two Chinese characters, else a space."""
    whole = ""
    for line in words:
        between = "" if not whole or (_CJK.match(whole[-1]) and _CJK.match(line)) else " "
        whole += between + line
    return whole


def laid_out(lines: Iterable[Line]) -> tuple[str, tuple[tuple[int, int], ...], tuple[Span, ...]]:
    """The text, the headings and the tables of ``lines``; lines without words are left out."""
    parts: list[str] = []
    headings: list[tuple[int, int]] = []
    tables: list[Span] = []
    size, open_table = 0, 0
    for line in lines:
        if not line.text.strip():
            continue
        end = size + len(line.text) + 1
        if line.depth:
            headings.append((size, line.depth))
        if line.table and line.table == open_table:
            tables[-1] = replace(tables[-1], end=end)
        elif line.table:
            tables.append(Span(size, end))
        open_table, size = line.table, end
        parts.append(line.text + "\n")
    return "".join(parts), tuple(headings), tuple(tables)


def lines_of(reading: Reading, first_table: int) -> list[Line]:
    """A reading's lines, to stand within another document; its tables are numbered from ``first_table``."""
    depths = dict(reading.headings)
    texts = reading.text.split("\n")
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    ends = [span.start for span in reading.tables]
    lines = []
    for start, text in zip(starts, texts, strict=False):
        place = bisect_right(ends, start) - 1
        within = place >= 0 and start < reading.tables[place].end
        title = reading.title is not None and text.strip() == reading.title
        lines.append(Line(tidy(text), depths.get(start, 0), first_table + place if within else 0, title))
    return lines
