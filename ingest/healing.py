"""From the raw text of a file to its normalised source: what surrounds the text goes, torn sentences are joined.

What goes: lines of the table ``furniture.toml``, page marks ("2、" before the text of each page of a saved page)
with the line breaks around them, Markdown's own marks, a byte-order mark. Line ends become one form. Nothing else
changes: the words of the text stay to the last character. Every removal is a ``Notice`` with its line.

A page mark looks like a list number. What tells them apart is the whole run of marks (``page_marks``): the
numbers run from 1 without a gap, and at the breaks the sentence before is torn; a list ends its items.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest import parser_tables
from ingest.formats.reading import Reading
from ingest.markdown import strip_markdown
from ingest.markdown_blocks import with_blocks
from ingest.parser_tables import FurniturePattern
from ingest.records import Notice, Span

_ENDS = "。！？!?；;：:”’）)》…"
_STARTS_TORN = "，,、。；;：:！？!?”’）)》"
_SHORT_ITEM = 30  # a list item of this length may go without a full stop: "1、身份证复印件"
_ENOUGH_EVIDENCE = 2.0  # more than one torn break: a single one may be a careless list
_SAME_LENGTH = 3  # a site cuts pages by length: 302, 302, 303 characters


@dataclass(frozen=True, slots=True)
class Healed:
    """The normalised source, where its lines come from, and what the removed lines told."""

    text: str
    line_starts: tuple[tuple[int, int], ...]  # (offset in text, line in the file) of each kept line
    notices: tuple[Notice, ...] = ()
    told: dict[str, str] = field(default_factory=dict)  # "title" and "uploaded" read off the furniture
    announced_cut: bool = False  # a line of the site says that the text is cut
    headings: tuple[tuple[int, int], ...] = ()  # (offset, depth) of headings that the format marks
    tables: tuple[Span, ...] = ()  # rows of tables, one a line, the first the head
    page_starts: tuple[int, ...] = ()  # where page 1, 2, … begins; () where the format has no pages
    title: str | None = None  # what the format calls the document

    def page_at(self, offset: int) -> int | None:
        """The page that holds ``offset``, counted from 1; ``None`` where the format has no pages."""
        return max(bisect_right(self.page_starts, offset), 1) if self.page_starts else None

    def line_at(self, offset: int) -> int:
        """The line of the source file that holds ``offset``, counted from 1."""
        place = bisect_right(self.line_starts, (offset, 1 << 60)) - 1
        return self.line_starts[max(place, 0)][1] if self.line_starts else 1


@dataclass(slots=True)
class _Line:
    number: int
    start: int  # in the text as read
    text: str
    in_table: bool = False
    furniture: FurniturePattern | None = None
    depth: int = 0  # of a heading that the format marks
    cut: int = 0  # characters of a page mark before the text

    @property
    def words(self) -> str:
        return self.text[self.cut :]


def heal(raw: str, file_type: str = "text") -> Healed:
    """The normalised source of a plain text; see ``heal_reading``."""
    return heal_reading(Reading(raw, file_type))


def heal_reading(reading: Reading) -> Healed:
    """The normalised source of ``reading``, with its places moved along; an empty text stays empty."""
    if reading.file_type == "markdown":
        reading = with_blocks(reading)
    lines = _lines(reading)
    notices: list[Notice] = []
    if reading.file_type == "markdown":
        notices += _strip_markup(lines)
    told = dict(reading.told) | _mark_furniture(lines)
    kept = [line for line in lines if line.furniture is None]
    saved_page = any(line.furniture is not None and line.furniture.kind == "site" for line in lines)
    for line, cut in page_marks([line for line in kept if not line.in_table], saved_page=saved_page):
        line.cut = cut
    joined, placed, healed = _join(lines)
    notices += [_removed(line) for line in lines if line.furniture is not None] + healed
    notices.sort(key=lambda notice: notice.line or 0)
    moved = [_moved(notice, placed) for notice in reading.notices]
    return Healed(
        text=joined,
        line_starts=tuple((start, line.number) for start, line in placed),
        notices=(*moved, *notices),
        told=told,
        announced_cut=any(line.furniture is not None and line.furniture.truncates for line in lines),
        headings=tuple((start, line.depth) for start, line in placed if line.depth),
        tables=tuple(_tables(reading, placed)),
        page_starts=tuple(_place(offset, placed) for offset in reading.page_starts),
        title=reading.title,
    )


def _lines(reading: Reading) -> list[_Line]:
    text = reading.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines, start = [], 0
    for number, words in enumerate(text.split("\n"), 1):
        lines.append(_Line(number, start, words))
        start += len(words) + 1
    starts = [line.start for line in lines]
    for offset, depth in reading.headings:
        lines[bisect_right(starts, offset) - 1].depth = depth
    for span in reading.tables:
        for line in lines[bisect_right(starts, span.start) - 1 : bisect_right(starts, max(span.end - 1, span.start))]:
            line.in_table = True
    return lines


_Placed = list[tuple[int, _Line]]  # each kept line with its place in the source


def _place(offset: int, placed: _Placed) -> int:
    """Where the character at ``offset`` of the text as read stands in the source, or what follows it."""
    at = bisect_right(placed, offset, key=lambda entry: entry[1].start) - 1
    if at < 0:
        return 0
    start, line = placed[at]
    inside = max(offset - line.start - line.cut, 0)
    if inside < len(line.words):
        return start + inside
    return placed[at + 1][0] if at + 1 < len(placed) else start + len(line.words)


def _moved(notice: Notice, placed: _Placed) -> Notice:
    return notice if notice.offset is None else replace(notice, offset=_place(notice.offset, placed))


def _tables(reading: Reading, placed: _Placed) -> Iterator[Span]:
    for span in reading.tables:
        rows = [(start, line) for start, line in placed if line.in_table and span.start <= line.start < span.end]
        if rows:
            yield Span(rows[0][0], rows[-1][0] + len(rows[-1][1].words))


def page_marks(lines: Sequence[_Line], *, saved_page: bool) -> list[tuple[_Line, int]]:
    """The lines that begin with a page mark, and the mark's length; none where the numbers are a list.

    Evidence is counted at each break: the sentence before goes on (for), it is ended or the item is short
    (against); pages of one length speak for page marks too.
    """
    filled = [line for line in lines if line.text.strip()]
    pattern = parser_tables.page_mark()
    run = _run_from_one(filled, pattern)
    if len(run) < 2:
        return []
    tears = [_tear(filled, place, pattern) for place in run[1:]]
    evidence = sum(tears) + (1.0 if saved_page else 0.0)
    evidence += _equal_lengths([len(filled[place].text) for place in run[:-1]])
    if evidence < _ENOUGH_EVIDENCE or sum(tear > 0 for tear in tears) * 2 < len(tears):
        return []
    marks = ((filled[place], pattern.match(filled[place].text)) for place in run)
    return [(line, found.end()) for line, found in marks if found]


def _run_from_one(filled: Sequence[_Line], pattern: re.Pattern[str]) -> list[int]:
    """The places of 1, 2, 3, … at the start of lines; of two places for a number the one at a torn sentence."""
    places: dict[int, list[int]] = {}
    for place, line in enumerate(filled):
        found = pattern.match(line.text)
        if found:
            places.setdefault(int(found.group(1)), []).append(place)
    run: list[int] = []
    while candidates := [place for place in places.get(len(run) + 1, ()) if not run or place > run[-1]]:
        torn = (place for place in candidates if run and _tear(filled, place, pattern) > 0)
        run.append(next(torn, candidates[0]))
    return run


def _tear(filled: Sequence[_Line], place: int, pattern: re.Pattern[str]) -> float:
    """How much the break before ``filled[place]`` looks like a torn sentence."""
    if place == 0:
        return 0.0
    before = filled[place - 1].text.strip()
    found = pattern.match(filled[place].text)
    after = filled[place].text[found.end() if found else 0 :]
    if after[:1] in _STARTS_TORN and after[:1]:
        return 2.0
    if before[-1] in _ENDS:
        return -1.0
    if any(end in before for end in "。！？；"):
        return 1.0  # who ends sentences inside a paragraph ends its last one too
    return -1.0 if len(before) <= _SHORT_ITEM else 0.0


def _equal_lengths(lengths: list[int]) -> float:
    """Evidence from pages of one length (the last page aside)."""
    if len(lengths) < 2:
        return 0.0
    middle = sorted(lengths)[len(lengths) // 2]
    same = sum(abs(length - middle) <= _SAME_LENGTH for length in lengths)
    return 2.0 if middle > 100 and same == len(lengths) else 0.0


def _mark_furniture(lines: list[_Line]) -> dict[str, str]:
    """Mark the lines that are furniture; what they tell about the document."""
    patterns = parser_tables.furniture()
    told: dict[str, str] = {}
    saved_page = any(_fits(entry, line.text) for line in lines for entry in patterns if entry.kind == "site")
    usable = [entry for entry in patterns if entry.kind != "weak" or saved_page]
    in_text = False
    for line in lines:
        if not line.in_table:
            line.furniture = next((entry for entry in usable if _fits(entry, line.text)), None)
        in_text = in_text or (line.furniture is None and bool(line.text.strip()))
        if line.furniture is None or (line.furniture.kind == "weak" and in_text):
            continue  # a file's name below the text is an attachment to download, not this document
        found = line.furniture.pattern.fullmatch(line.text.strip())
        for key, value in (found.groupdict() if found else {}).items():
            if value:
                told.setdefault(key, value.strip())
    return told


def _fits(entry: FurniturePattern, line: str) -> bool:
    words = line.strip()
    return bool(words) and len(words) <= 200 and entry.pattern.fullmatch(words) is not None


def _strip_markup(lines: list[_Line]) -> list[Notice]:
    changed: list[int] = []
    for line in lines:
        text, depth = strip_markdown(line.text)
        if text != line.text:
            changed.append(line.number)
            line.text, line.depth = text, depth
    if not changed:
        return []
    message = f"去掉了 {len(changed)} 行里的 Markdown 标记（如“#”），文字未变。"
    return [Notice("removed", message, line=changed[0])]


def _removed(line: _Line) -> Notice:
    name = line.furniture.name if line.furniture is not None else ""
    message = f"第 {line.number} 行是网站或打印附加的“{name}”，不是正文，已去掉。"
    return Notice("removed", message, line=line.number, context=line.text.strip())


def _join(lines: list[_Line]) -> tuple[str, _Placed, list[Notice]]:
    """The kept lines as one text, with their places and what was joined."""
    parts: list[str] = []
    placed: _Placed = []
    notices: list[Notice] = []
    size, blanks, page_between, removed_between, last = 0, 0, False, False, ""
    for line in lines:
        if line.furniture is not None:
            page_between, removed_between = page_between or line.furniture.kind == "page", True
            continue
        if not line.words.strip() and not line.cut:
            blanks += not line.in_table
            continue
        torn = page_between and not line.in_table and _is_torn(last, line.words)
        gap = "" if not parts or torn or (line.cut and placed) else "\n" * (1 + (0 if removed_between else blanks))
        if line.cut or (torn and parts):
            notices.append(_joined(line, size + len(gap), last))
        parts += [gap, line.words]
        size += len(gap)
        placed.append((size, line))
        size += len(line.words)
        blanks, page_between, removed_between, last = 0, False, False, line.words
    return "".join(parts), placed, notices


def _is_torn(before: str, after: str) -> bool:
    """Whether a page number between the two lines tore a sentence."""
    end = before.rstrip()[-1:]
    return bool(end) and end not in _ENDS and (len(before.strip()) > _SHORT_ITEM or after.strip()[:1] in _STARTS_TORN)


def _joined(line: _Line, offset: int, last: str) -> Notice:
    mark = line.text[: line.cut].strip()
    context = f"{last[-12:]}|{mark}|{line.words[:12]}"
    if not mark:
        message = f"第 {line.number} 行开头接续上一页未完的句子，两处已接上。"
    elif last:
        message = f"第 {line.number} 行开头的“{mark}”是页码标记，不是条款编号，已去掉并接上前后文字。"
    else:
        message = f"第 {line.number} 行开头的“{mark}”是页码标记，不是条款编号，已去掉。"
    return Notice("healed", message, offset=offset, line=line.number, context=context)
