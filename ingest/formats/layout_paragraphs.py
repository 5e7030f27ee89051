"""From lines to paragraphs: which line breaks the writer made, and which the setting.

What speaks for a new paragraph: a mark (第X条, 一、, （一）, 1.), an indent, a line before that is not full, a wide
gap, another size of type. What speaks against it: the line before is full, ends in mid-sentence, and the line goes on
at the edge of the column; then even a mark is a cross reference that the setting moved to the start of a line.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.formats.layout_records import TextLine

_ENDS = "。！？!?；;：:…"
_CLOSERS = "”’）)》】」』"
_NEVER_FIRST = "，,、。；;：:！？!?”’）)》】」』…％%"
_CN = "[〇零一二三四五六七八九十百千两]"
_MARK = re.compile(
    rf"\s*(?:第\s*(?:{_CN}|\d){{1,6}}\s*[编章节条]|第{_CN}{{1,3}}部分|{_CN}{{1,4}}\s*[、．.]|[（(]\s*(?:{_CN}{{1,3}}|\d{{1,2}})\s*[）)]"
    rf"|\d{{1,3}}\s*[、．.](?!\d)|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?=[\s\u4e00-\u9fff])|\d{{1,2}}[）)]|[①-⑳⑴-⒛㈠-㈩]"
    r"|附\s*件\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?\s*$|目\s*录\s*$)"
)
_REFERENCE = re.compile(
    rf"\s*第(?:{_CN}|\d){{1,6}}[编章节条](?:之{_CN})?"
    r"(?:第|的|规定|所|至|到|和|与|或|及|以[上下]|[、，,；;。）)”》]|款|项|中|之[^一二三四五六七八九十])"
)
_INDENT = 1.2  # of the type's height
_FLUSH = 0.6
_SLACK = 0.6
_NARROW = 11  # times the type's height: short lines that are all alike, not a column of text
_WIDE_GAP = 1.3  # of the usual distance of lines
_TORN_GAP = 1.9
_OTHER_SIZE = 1.15
_TITLE_SIZE = 1.15  # of the body's
_ORGAN = re.compile(r".{2,14}(?:部|委|局|厅|院|会|府|办|室|署|行|法院|检察院)")


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set: the edges of its columns, the distance of its lines, its usual type."""

    size: float
    lead: float
    indented: bool  # paragraphs begin with an indent
    spaced: bool  # paragraphs stand apart
    edges: dict[tuple[int, int], tuple[float, float]]  # (odd or even page, column): left, right

    def left(self, line: TextLine) -> float:
        """Where the lines of this line's column begin."""
        return self.edges[_column(line)][0]

    def right(self, line: TextLine) -> float:
        """Where full lines of this line's column end."""
        return self.edges[_column(line)][1]


def starts_with_mark(text: str) -> bool:
    """Whether ``text`` begins as numbered paragraphs do: "第三条", "一、", "（二）", "3."."""
    return _MARK.match(text) is not None


def read_setting(lines: Sequence[TextLine]) -> Setting:
    """How ``lines``, all of one document, are set."""
    text = [line for line in lines if not line.rows]
    sizes: Counter[float] = Counter()
    for line in text:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 1.0
    edges = _edges(text, size)
    gaps: Counter[float] = Counter()
    for before, after in zip(text, text[1:], strict=False):
        if _is_below(before, after):
            gaps[round((after.bottom - before.bottom) / size * 8) / 8] += 1
    lead = _usual_gap(gaps) * size
    body = [line for line in text if abs(line.size - size) < 0.1 * size]
    indents = sum(_INDENT * size < line.x0 - edges[_column(line)][0] < 4 * size for line in body)
    spaced = sum(count for gap, count in gaps.items() if gap * size > _WIDE_GAP * lead)
    return Setting(size, lead, indents * 8 >= len(body), spaced * 10 >= sum(gaps.values()), edges)


def is_new(before: TextLine, after: TextLine, setting: Setting) -> bool:
    """Whether ``after`` begins a paragraph of its own."""
    if before.rows or after.rows:
        return True
    if _is_one_title(before, after, setting):
        return False
    if max(before.size, after.size) > _OTHER_SIZE * min(before.size, after.size):
        return True
    if after.text[0] in _NEVER_FIRST:
        return False
    gap = (after.bottom - before.bottom) / setting.lead if _is_below(before, after) else 0.0
    full = _is_full(before, after, setting)
    ended = _is_ended(before.text)
    indent = (after.x0 - setting.left(after)) / setting.size
    flush = indent < _FLUSH or abs(after.x0 - before.x0) < _FLUSH * setting.size
    if full and not ended and indent < _FLUSH and gap < _TORN_GAP and (setting.indented or setting.spaced):
        return gap > _WIDE_GAP and starts_with_mark(after.text)
    if starts_with_mark(after.text) and not (full and not ended and _REFERENCE.match(after.text)):
        return True
    if not full or gap > _WIDE_GAP:
        return True
    if not flush and indent > _INDENT:
        return not (_MARK.match(before.text) and not ended)  # a list whose lines hang under the words of the first
    if indent > _INDENT:  # both are indented: a passage set in, or two paragraphs
        return ended
    return ended and not setting.indented and not setting.spaced


def _column(line: TextLine) -> tuple[int, int]:
    return line.page % 2, line.column


def _edges(lines: Sequence[TextLine], size: float) -> dict[tuple[int, int], tuple[float, float]]:
    """The edges of each column, left and right pages apart."""
    columns: dict[tuple[int, int], list[TextLine]] = defaultdict(list)
    for line in lines:
        columns[_column(line)].append(line)
    edges = {}
    for key, members in columns.items():
        same = [line for line in members if abs(line.size - size) < 0.1 * size] or members
        need = max(2, len(same) // 25) if len(same) > 3 else 1
        left = _outermost([line.x0 for line in same], need, size)
        right = -_outermost([-line.x1 for line in same], need, size)
        edges[key] = (left, right)
    return edges


def _outermost(values: list[float], need: int, size: float) -> float:
    """The least value that ``need`` values share."""
    values = sorted(values)
    for place, value in enumerate(values):
        if place + need <= len(values) and values[place + need - 1] - value < _FLUSH * size:
            return value
    return values[0]


def _usual_gap(gaps: Counter[float]) -> float:
    """The least common distance of lines: paragraphs that stand apart may be as many as lines."""
    if not gaps:
        return 1.5
    most = max(gaps.values())
    return max(0.5, min(gap for gap, count in gaps.items() if count * 4 >= most))


def _is_below(before: TextLine, after: TextLine) -> bool:
    same = before.page == after.page and before.column == after.column
    return same and after.top > before.top and not before.rows and not after.rows


def _is_full(before: TextLine, after: TextLine, setting: Setting) -> bool:
    """Whether the first characters of ``after`` had no room at the end of ``before``."""
    narrow = setting.right(before) - setting.left(before) < _NARROW * setting.size
    if narrow or before.parted or after.parted:
        return False
    return before.x1 + _first_width(after) + _SLACK * before.size > setting.right(before)


def _first_width(line: TextLine) -> float:
    """The width of what cannot be parted at the start of ``line``: a Latin word, a character and its comma."""
    found = re.match(r"[“‘（《〈【「]*(?:[!-~]+|.)[，,、。；;：:！？!?”’）)》】」]*", line.text)
    return line.width * (found.end() if found else 1) / len(line.text)


def _is_ended(text: str) -> bool:
    words = text.rstrip()
    bare = words.rstrip(_CLOSERS)
    return words[-1:] in tuple(_ENDS) or (bare != words and bare[-1:] in tuple(_ENDS))


def _is_one_title(before: TextLine, after: TextLine, setting: Setting) -> bool:
    """Two lines of large type in the middle of the page that are one title."""
    if before.size < _TITLE_SIZE * setting.size or abs(before.size - after.size) > 0.05 * before.size:
        return False
    if not _is_below(before, after) or after.top - before.bottom > before.size or starts_with_mark(after.text):
        return False
    if _ORGAN.fullmatch(before.text) and _ORGAN.fullmatch(after.text):
        return False  # the offices that sign together
    left, right = setting.left(before), setting.right(before)
    off = [abs((line.x0 + line.x1) - (left + right)) / 2 for line in (before, after)]
    return max(off) < 2 * before.size and min(before.x0, after.x0) > left + _FLUSH * setting.size
