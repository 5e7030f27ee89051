"""From the pages of a format to one text: the way of PDF, OFD and OCR alike.

Takes characters and ruled lines with their places, gives paragraphs in reading order, the rows of tables, where each
page begins, and what was taken out. What the words mean is left to the parser.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.formats.layout_furniture import split_furniture
from ingest.formats.layout_lines import gap_between, join, read_lines
from ingest.formats.layout_paragraphs import Setting, is_new, read_setting
from ingest.formats.layout_records import PageMarks, TextLine
from ingest.formats.reading import CELL_MARK
from ingest.records import Notice, Span

_SAME_EDGE = 0.02  # of a table's width: how far the columns of its continuation may be off
_LARGER = 1.12  # times the size of the text: the type of headings
_HEADING = 40  # characters at most
_NO_HEADING = "。；;！!？?，,、：:"
_ROW_ENDS = "。；;！!？?"


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of all pages; lines end with a line feed."""

    text: str
    page_starts: tuple[int, ...]
    headings: tuple[tuple[int, int], ...]  # lines set in larger type than the text, with their depth
    tables: tuple[Span, ...]
    notices: tuple[Notice, ...]


@dataclass(slots=True)
class _Writer:
    """The text as it grows."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    page_starts: list[int] = field(default_factory=list)
    tables: list[Span] = field(default_factory=list)
    paragraphs: list[tuple[int, TextLine]] = field(default_factory=list)  # where each begins, its first line

    def add(self, words: str) -> None:
        self.parts.append(words)
        self.size += len(words)

    def begin_page(self, page: int) -> None:
        while len(self.page_starts) < page:
            self.page_starts.append(self.size)


def compose(pages: Iterable[PageMarks]) -> Composed:
    """The text of ``pages``, which are read one at a time; no pages or empty pages give an empty text."""
    lines: list[list[TextLine]] = []
    heights: list[float] = []
    for number, page in enumerate(pages, 1):
        lines.append(read_lines(page, number))
        heights.append(page.height)
    kept, notices = split_furniture(lines, heights)
    flow, joined = _join_tables([line for page in kept for line in page])
    writer = _Writer()
    _write(writer, flow, read_setting(flow))
    writer.begin_page(len(lines))
    text = "".join(writer.parts)
    headings = _headings(text, writer.paragraphs)
    return Composed(text, tuple(writer.page_starts), headings, tuple(writer.tables), (*notices, *joined))


def _write(writer: _Writer, flow: Sequence[TextLine], setting: Setting) -> None:
    before: TextLine | None = None
    for line in flow:
        if before is None or is_new(before, line, setting):
            writer.add("" if before is None else "\n")
            writer.paragraphs.append((writer.size, line))
        else:
            writer.add(gap_between(before.text, line.text))
        writer.begin_page(line.page)
        if line.rows:
            _write_table(writer, line)
        else:
            writer.add(line.text)
        before = line
    if before is not None:
        writer.add("\n")


def _headings(text: str, paragraphs: Sequence[tuple[int, TextLine]]) -> tuple[tuple[int, int], ...]:
    """Short lines in larger type below the first sentence: the title and the red head stand above it.

    The depth is 2 for the largest type, then counted up; 1 is left to the title.
    """
    sizes: Counter[float] = Counter()
    found: list[tuple[int, float]] = []
    begun = False
    for (start, line), (end, _) in pairwise([*paragraphs, (len(text), TextLine(0, 0, 0, 0, 0, "", 0))]):
        words = text[start:end].strip()
        size = round(line.size, 1)
        sizes[size] += len(words)
        if begun and not line.rows and len(words) <= _HEADING and words[-1:] not in _NO_HEADING:
            found.append((start, size))
        begun = begun or words[-1:] in _ROW_ENDS
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    large = [(start, size) for start, size in found if size > _LARGER * body]
    depths = {size: 2 + place for place, size in enumerate(sorted({size for _, size in large}, reverse=True))}
    return tuple((start, depths[size]) for start, size in large)


def _write_table(writer: _Writer, table: TextLine) -> None:
    start = writer.size
    for place, (row, page) in enumerate(zip(table.rows, table.row_pages, strict=True)):
        writer.add("\n" if place else "")
        writer.begin_page(page)
        writer.add(CELL_MARK.join(row))
    writer.tables.append(Span(start, writer.size))


def _join_tables(flow: Sequence[TextLine]) -> tuple[list[TextLine], list[Notice]]:
    """Tables that go on over a page break as one, their head kept once."""
    joined: list[TextLine] = []
    notices: list[Notice] = []
    last_page = 0
    for line in flow:
        before = joined[-1] if joined else None
        if before is not None and line.page == last_page + 1 and _goes_on(before, line):
            repeats = before.rows[0] == line.rows[0]
            rest = line.rows[1:] if repeats else line.rows
            rows = _join_rows(before.rows, rest)
            pages = before.row_pages + (line.page,) * (len(rows) - len(before.rows))
            joined[-1] = replace(before, rows=rows, row_pages=pages)
            message = f"第 {line.page} 页的表格接续上一页，已并为一张{'，重复的表头只保留一次' if repeats else ''}。"
            notices.append(Notice("healed", message, context=CELL_MARK.join(line.rows[0])[:60]))
        else:
            joined.append(line)
        last_page = line.page
    return joined, notices


def _goes_on(before: TextLine, after: TextLine) -> bool:
    if not before.rows or not after.rows or len(before.rows[0]) != len(after.rows[0]):
        return False
    if len(before.columns) != len(after.columns):
        return False
    slack = _SAME_EDGE * max(before.width, 1.0)
    return all(abs(a - b) <= slack for a, b in zip(before.columns, after.columns, strict=True))


def _join_rows(rows: tuple[tuple[str, ...], ...], rest: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """``rest`` below ``rows``; a row that the page break cut is made whole."""
    if not rest:
        return rows
    last, first = rows[-1], rest[0]
    torn = [(a, b) for a, b in zip(last, first, strict=True) if b]
    cut = not first[0] and len(rows) > 1 and all(a and a[-1] not in _ROW_ENDS for a, _ in torn)
    if not cut:
        return rows + rest
    return (*rows[:-1], tuple(join(a, b) for a, b in zip(last, first, strict=True)), *rest[1:])
