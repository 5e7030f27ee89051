"""What stands around the clauses of a document: title, header lines, table of contents, signature, attachments.

Takes the normalised source, gives a ``Frame`` of spans. The facts themselves (dates, numbers, issuer) are read
off these lines by ``facts.py``; text outside the frame belongs to clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ingest import parser_tables
from ingest.records import Span

_NUMERAL = "[〇○Ｏ零一二三四五六七八九十]"
_DATE = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    rf"|{_NUMERAL}{{4}}年{_NUMERAL}{{1,2}}月{_NUMERAL}{{1,3}}日)"
)
_DATE_LINE = re.compile(rf"[（(]?\s*{_DATE}\s*[）)]?")
_HEADER = re.compile(
    rf"(?:[（(]?\s*(?:自\s*)?{_DATE}[^。]{{0,160}}"
    r"|[\u4e00-\u9fff]{1,15}\s*[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*(?:第\s*)?\d+\s*号"
    r"|[（(【][^。]{1,160}[）)】]"
    r"|.{0,30}令\s*[（(]?第?\s*\d+\s*号[）)]?"
    r"|.{2,30}(?:文件|公告|公报))"
)
_CONTENTS = re.compile(r"目[ \u3000]*[录次]")
_LIST_START = re.compile(r"附[ \u3000]?件[ \u3000]?[:：]\s*\S")
_LIST_ROW = re.compile(r"\s*[0-9０-９]{1,2}\s*[.．、]\s*\S{2,60}")
_TAIL = re.compile(r"[（(](?:此件|本文|联系人)[^\n]{2,60}[）)]|抄送[:：].*|.{2,40}\d{4}年\d{1,2}月\d{1,2}日印发")
_STOPS = "。；;！？，,："
_VERSION = r"(?:[（(][^（）()]{1,12}[）)])?"  # （试行）, （征求意见稿）
_MAX_TITLE = 90
_MAX_SIGNER = 40
_TITLE_LINES = 6  # lines among which the title is looked for


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source with its place."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)

    @property
    def words(self) -> str:
        """The line without the spaces around it."""
        return self.text.strip()


@dataclass(frozen=True, slots=True)
class Frame:
    """The spans around the clauses.

    ``title_guessed`` says that the title was cut out of running text. ``outside`` holds every span that belongs to
    no clause; ``annex_starts`` are titles of texts that follow a signature.
    """

    title: str | None
    title_guessed: bool
    body_start: int
    header: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]  # (signer, date) as written
    outside: tuple[Span, ...]
    annex_starts: tuple[int, ...]


def lines_of(source: str) -> list[Line]:
    """The lines that hold words, in order."""
    found, start = [], 0
    for text in source.split("\n"):
        if text.strip():
            found.append(Line(start, text))
        start += len(text) + 1
    return found


def read_frame(source: str, title: str | None) -> Frame:
    """The frame of ``source``; ``title`` is what is known of the title from elsewhere."""
    lines = lines_of(source)
    span, guessed = _title_span(source, lines, title)
    if title is None and span is not None:
        title = "".join(source[span.start : span.end].split("\n"))
    body = span.end if span is not None else 0
    header = list(_header_lines(lines, span))
    if header:
        body = max(body, header[-1].end)
    outside = ([Span(0, body)] if body else []) + list(_contents(lines))
    signatures = list(_signatures(lines, body))
    outside += [Span(first.start, last.end) for first, last in signatures]
    outside += [Span(line.start, line.end) for line in lines if line.start >= body and _TAIL.fullmatch(line.words)]
    outside += _attachment_lists(lines)
    return Frame(
        title,
        guessed,
        body,
        tuple(line.words for line in header),
        tuple((first.words if first is not last else "", last.words) for first, last in signatures),
        tuple(sorted(outside, key=lambda found: (found.start, found.end))),
        tuple(_annex_starts(lines, signatures)),
    )


def ends_as_title(words: str) -> bool:
    """Whether ``words`` end like the title of a document ("…实施办法（试行）")."""
    bare = re.sub(rf"{_VERSION}$", "", words)
    return 4 <= len(words) <= _MAX_TITLE and bare.endswith(
        tuple(entry.word for entry in parser_tables.document_types())
    )


def _title_span(source: str, lines: list[Line], title: str | None) -> tuple[Span | None, bool]:
    if not lines:
        return None, False
    if title is not None:
        letters = r"\s*".join(re.escape(character) for character in title if not character.isspace())
        for line in lines[:_TITLE_LINES]:
            found = re.compile(r"\s*" + letters).match(source, line.start)
            if found:
                return Span(line.start, found.end()), False
        return None, False
    for first in range(min(_TITLE_LINES, len(lines))):
        joined = ""
        for last in range(first, min(first + 3, len(lines))):
            words = lines[last].words
            if any(stop in words for stop in _STOPS):
                break
            joined += words
            if ends_as_title(joined) and not _HEADER.fullmatch(joined):
                return Span(lines[first].start, lines[last].end), False
        if not _HEADER.fullmatch(lines[first].words):
            break
    return _glued_title(lines[0])


def _glued_title(line: Line) -> tuple[Span | None, bool]:
    """A title at the start of a flattened text, taken only where the first words name a kind of document."""
    words = "|".join(entry.word for entry in parser_tables.document_types() if len(entry.word) > 1)
    kind = rf"(?:{words}){_VERSION}(?=[\u4e00-\u9fff])(?![的和与及等中内要是])"
    found = re.match(rf"\s*([^，,。；;：:！？、\n]{{4,60}}?{kind})", line.text)
    if found and len(line.words) > 2 * _MAX_TITLE:
        return Span(line.start, line.start + found.end(1)), True
    return None, False


def _header_lines(lines: list[Line], title: Span | None) -> Iterator[Line]:
    """Lines before the body that carry facts: those before the title and those right after it."""
    if title is None:
        return
    yield from (line for line in lines if line.end <= title.start)
    for line in lines:
        if line.start < title.end:
            continue
        if not _HEADER.fullmatch(line.words):
            return
        yield line


def _contents(lines: list[Line]) -> Iterator[Span]:
    """The table of contents: from the line 目录 to where its first entry stands again."""
    for place, line in enumerate(lines[:40]):
        if not _CONTENTS.fullmatch(line.words) or place + 1 >= len(lines):
            continue
        first = _bare(lines[place + 1].words)
        again = next((later for later in lines[place + 2 :] if _bare(later.words) == first), None)
        if again is not None:
            yield Span(line.start, again.start)
        return


def _bare(words: str) -> str:
    return re.sub(r"[\s.…·]+\d*$|\s", "", words)


def _signatures(lines: list[Line], body: int) -> Iterator[tuple[Line, Line]]:
    """Pairs of signer's line and date line after the start of the body; one line twice where only the date stands."""
    for before, line in pairwise(lines):
        if line.start < body or not _DATE_LINE.fullmatch(line.words):
            continue
        signed = len(before.words) <= _MAX_SIGNER and not any(stop in before.words for stop in "。；;！？：:，,")
        yield (before if signed and before.start >= body else line), line


def _attachment_lists(lines: list[Line]) -> list[Span]:
    spans = []
    for place, line in enumerate(lines):
        if not _LIST_START.match(line.words):
            continue
        last = place
        while last + 1 < len(lines) and _LIST_ROW.fullmatch(lines[last + 1].text):
            last += 1
        if len(line.words) <= 80:
            spans.append(Span(line.start, lines[last].end))
    return spans


def _annex_starts(lines: list[Line], signatures: list[tuple[Line, Line]]) -> Iterator[int]:
    for _, date in signatures:
        after = next((line for line in lines if line.start > date.start and not _TAIL.fullmatch(line.words)), None)
        if after is not None and ends_as_title(after.words) and not any(stop in after.words for stop in _STOPS):
            yield after.start
