"""Markdown's blocks that plain lines do not show: pipe tables, and numbered lists within numbered lists.

Takes what was read of a Markdown file and gives it with the rows of its tables written as rows are everywhere, and the
marks of inner lists written so that no level repeats. Lines stay lines, so that places in the file can be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.formats.blocks import nested_mark
from ingest.formats.reading import CELL_MARK, Reading
from ingest.records import Notice, Span

_RULE = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_NUMBERED = re.compile(r"(\s*)(\d{1,4})[.)][ \t]+(?=\S)")
_DEEPER = 2  # spaces; writers indent by two, three or four


def with_blocks(reading: Reading) -> Reading:
    """``reading`` with the rows of its pipe tables and the marks of its inner lists written out."""
    lines = reading.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tables = list(_tables(lines))
    notices = list(_numbered(lines, {line for first, last in tables for line in range(first, last)}))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    if tables:
        message = f"Markdown 表格 {len(tables)} 个，按行写成“项目{CELL_MARK}标准”的样子，表头下的分隔线已去掉。"
        notices.append(Notice("healed", message, line=tables[0][0] + 1))
    spans = tuple(Span(starts[first], starts[last] - 1) for first, last in tables)
    return replace(reading, text="\n".join(lines), tables=spans, notices=(*reading.notices, *notices))


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Write the rows of each table; its first line and the line after its last."""
    place = 0
    while place + 1 < len(lines):
        width = len(_cells(lines[place])) if _BAR.search(lines[place]) else 0
        if width < 2 or not _RULE.fullmatch(lines[place + 1]) or len(_cells(lines[place + 1])) != width:
            place += 1
            continue
        last = place + 2
        while last < len(lines) and _BAR.search(lines[last]):
            last += 1
        for row in (place, *range(place + 2, last)):
            lines[row] = CELL_MARK.join(_cells(lines[row]))
        lines[place + 1] = ""
        yield place, last
        place = last


def _cells(line: str) -> list[str]:
    bare = line.strip()
    inner = bare[bare.startswith("|") : len(bare) - (bare.endswith("|") and not bare.endswith("\\|") and len(bare) > 1)]
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(inner)]


def _numbered(lines: list[str], in_tables: set[int]) -> Iterator[Notice]:
    """Write the marks of numbered lists that stand within items of others."""
    open_items: list[tuple[int, bool]] = []  # indents of the numbered items around, and whether their list is inner
    first, count = 0, 0
    for place, line in enumerate(lines):
        if place in in_tables or not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        found = _NUMBERED.match(line)
        if found is None:
            if indent < _DEEPER:
                open_items.clear()
            continue
        while open_items and open_items[-1][0] > indent:
            open_items.pop()
        deeper = bool(open_items) and indent >= open_items[-1][0] + _DEEPER
        if deeper or not open_items:  # the first of a list; one that does not begin with 1 goes on from outside
            open_items.append((indent, deeper and found.group(2) == "1"))
        outer = sum(inner for _, inner in open_items)
        if open_items[-1][1]:
            lines[place] = f"{found.group(1)}{nested_mark(int(found.group(2)), outer)}{line[found.end() :]}"
            first, count = first or place + 1, count + 1
    if count:
        message = f"Markdown 里套在编号项之下的编号 {count} 处，按层次写成“（1）”“①”，以免与上一级相混。"
        yield Notice("healed", message, line=first)
