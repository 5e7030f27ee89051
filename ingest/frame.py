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
    r"|[（(【][^。]{1,160}[）)】]|[（(][^。]{1,1200}(?:通过|修正|修订|公布|施行|批准|发布)[）)]"
    r"|.{2,30}令(?:\s*[（(]?第?\s*\d+\s*号[）)]?)?|第\s*\d+\s*号"
    r"|(?!.*关于).{2,30}(?:文件|公告|公报))"
)
_ORDER = re.compile(r".{2,30}令(?:\s*[（(]?第?\s*\d+\s*号[）)]?)?")
_SPACED_LINE = re.compile(r"\S(?: +\S){3,}")  # "几 个 问 题 的 通 知"
_CONTENTS = re.compile(r"目[ \u3000]*[录次]")
_CONTENTS_WITHIN = 40  # lines
_ENTRY = re.compile(r"[*·•\s]*第.{1,8}(?:编|章|节|部分)[ \t\u3000]*[^。；]{1,60}|附[ \u3000]*则.{0,10}|附件.{0,60}")
_LIST_START = re.compile(r"附[ \u3000]?件?[ \u3000]?(?:[:：]\s*\S|(?P<first>1)\s*[.．、]\s*\S)")
_LIST_ROW = re.compile(r"\s*[0-9０-９]{1,2}\s*[.．、]\s*\S{2,60}")
_ANNEX_HEAD = re.compile(r"附[ \u3000]?件[ \u3000]?[1１一]?[：:]?")
_DOWNLOAD = re.compile(
    r"(?:附[ \u3000]?件|《)[^。；\n]{0,100}\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|txt|zip|rar|jpe?g|png)", re.IGNORECASE
)
_TAIL = re.compile(
    r"[（(](?:此件|本文|联系人)[^\n]{2,60}[）)]|抄送[:：].*|.{2,60}\d{4}年\d{1,2}月\d{1,2}日印发|.{0,60}公开方式[:：].{1,20}"
)
_FIRST_MARK = re.compile(r"第一[编章条部]|一、|[（(]一[）)]|1[.．、]")
_ANY_MARK = re.compile(r"第.{1,8}[编章节条]|附件|[（(]?[\d０-９一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳]")
_SENTENCE_ENDS = "。！？；）)"
_SIGNED_WITHIN = 4  # lines between a list of attachments and the date
_STOPS = "。；;！？，,："
_VERSION = r"(?:[（(][^（）()]{1,12}[）)])?"  # （试行）, （征求意见稿）
_MAX_TITLE = 90
_MAX_SIGNER = 40
_ORDER_LINES = 12  # of an order before the regulation it promulgates
_TITLE_LINES = 10  # lines among which the title is looked for: a letterhead has up to seven above it
_HISTORY_LINES = 12  # of one statement on how a text was passed and amended
_MAX_HISTORY = 1500  # characters


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
    annex_starts: tuple[tuple[int, bool], ...]


def lines_of(source: str) -> list[Line]:
    """The lines that hold words, in order."""
    found, start = [], 0
    for text in source.split("\n"):
        if text.strip():
            found.append(Line(start, text))
        start += len(text) + 1
    return found


def read_frame(source: str, title: str | None, hint: str | None = None) -> Frame:
    """The frame of ``source``; ``title`` is what is known of the title from elsewhere.

    ``hint`` is what a web page or a file's properties call the document: it counts where the text does not begin
    with a title that is part of it ("（转载）某某办法" over 某某办法).
    """
    lines = lines_of(source)
    span, guessed = _title_span(source, lines, title or hint)
    if title is None and hint is not None:
        title = hint
        own = None if span is not None else _title_span(source, lines, None)[0]
        words = "".join(source[own.start : own.end].split()) if own is not None else ""
        if words and words in "".join(hint.split()):
            title, span, guessed = None, own, False
    if title is None and span is not None:
        title = "".join(_unspaced(words) for words in source[span.start : span.end].split("\n"))
    body = span.end if span is not None else 0
    header = list(_header_lines(source, lines, span))
    if header:
        body = max(body, header[-1].end)
    outside = ([Span(0, body)] if body else []) + list(_contents(lines))
    signatures = list(_signatures(lines, body))
    outside += [Span(first.start, last.end) for first, last in signatures]
    outside += [Span(line.start, line.end) for line in lines if line.start >= body and _TAIL.fullmatch(line.words)]
    outside += _attachment_lists(lines)
    outside += [Span(line.start, line.end) for line in _download_lines(lines) if line.start >= body]
    return Frame(
        title,
        guessed,
        body,
        tuple(line.words for line in header),
        tuple((source[first.start : last.start].strip(), last.words) for first, last in signatures),
        tuple(sorted(outside, key=lambda found: (found.start, found.end))),
        tuple(_annex_starts(lines, signatures, body)),
    )


def ends_as_title(words: str) -> bool:
    """Whether ``words`` end like the title of a document ("…实施办法（试行）")."""
    bare = re.sub(rf"{_VERSION}$", "", words)
    kinds = tuple(entry.word for entry in parser_tables.document_types())
    whole = all(words.count(mark) == words.count(other) for mark, other in ("《》", "“”", "（）"))
    return 4 <= len(words) <= _MAX_TITLE and whole and bare.endswith(kinds)


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
        end = _title_end(lines[first : first + 3])
        if end:
            return Span(lines[first].start, end), False
        if not _is_header(lines[first].words):
            break
    promulgated = _promulgated_title(lines)
    if promulgated:
        return promulgated, False
    glued = _glued_title(lines[0])
    return (glued, True) if glued else (_plain_title(lines), False)


def _title_end(lines: list[Line]) -> int:
    """Where the title that begins with the first of ``lines`` ends, 0 where they are no title.

    The longest reading counts: the first line of "…全过程记录制度 / …法制审核制度的指导意见" alone looks like a title.
    """
    joined, end = "", 0
    for line in lines:
        words = _unspaced(line.words)
        if any(stop in words for stop in _STOPS) or _is_header(words):
            break
        joined += words
        if ends_as_title(joined):
            end = line.end
    return end


def _promulgated_title(lines: list[Line]) -> Span | None:
    """The title of the regulation that an order promulgates: it follows the order's signature."""
    if not _ORDER.fullmatch(lines[0].words):
        return None
    for place, line in enumerate(lines[:_ORDER_LINES]):
        if _DATE_LINE.fullmatch(line.words) and (end := _title_end(lines[place + 1 : place + 3])):
            return Span(lines[place + 1].start, end)
    return None


def _unspaced(words: str) -> str:
    return re.sub(r"\s", "", words) if _SPACED_LINE.fullmatch(words.strip()) else words.strip()


def _glued_title(line: Line) -> Span | None:
    """A title at the start of a flattened text, taken only where the first words name a kind of document."""
    words = "|".join(entry.word for entry in parser_tables.document_types() if len(entry.word) > 1)
    kind = rf"(?:{words}){_VERSION}(?=[\u4e00-\u9fff])(?![的和与及等中内要是])"
    found = re.match(rf"\s*([^，,。；;：:！？、\n]{{4,60}}?{kind})", line.text)
    marked = found is not None and _FIRST_MARK.match(line.text, found.end(1)) is not None
    if found and (marked or len(line.words) > 2 * _MAX_TITLE):
        return Span(line.start, line.start + found.end(1))
    return None


def _plain_title(lines: list[Line]) -> Span | None:
    """A short first line without stops, where it names no kind of document and more text follows."""
    first = lines[0]
    if len(lines) < 2 or not 4 <= len(first.words) <= _MAX_SIGNER or any(stop in first.words for stop in _STOPS):
        return None
    return None if _ANY_MARK.match(first.words) or _is_header(first.words) else Span(first.start, first.end)


def _is_header(words: str) -> bool:
    """Whether a line above or below the title carries facts: an order number, a date, a line of the letterhead."""
    return _HEADER.fullmatch(words) is not None or any(
        pattern.fullmatch(words) for pattern in parser_tables.letterhead()
    )


def _header_lines(source: str, lines: list[Line], title: Span | None) -> Iterator[Line]:
    """Lines before the body that carry facts, above the title and right below it; a statement of several is one."""
    after = title.end if title is not None else 0
    if title is not None:
        yield from (line for line in lines if line.end <= title.start)
    below = [line for line in lines if line.start >= after]
    place = 0
    while place < len(below):
        taken = _history_lines(below[place:]) or int(_is_header(below[place].words))
        if not taken:
            return
        start, end = below[place].start, below[place + taken - 1].end
        yield Line(start, source[start:end])
        place += taken


def _history_lines(lines: list[Line]) -> int:
    """How many of ``lines`` are one statement on how the text was passed and amended; 0 where they begin with none.

    Statutes write it over several lines, in brackets as a whole or a line or two for each amendment.
    """
    joined, alone = "", True
    for count, line in enumerate(lines[:_HISTORY_LINES], 1):
        joined += line.words
        alone = alone and _is_header(line.words)
        opened, closed = (sum(joined.count(mark) for mark in marks) for marks in ("（(", "）)"))
        open_bracket = joined[0] in "（(" and opened > closed
        if len(joined) > _MAX_HISTORY or "。" in joined or (not open_bracket and _ANY_MARK.match(line.words)):
            return 0
        if not open_bracket and parser_tables.history().fullmatch(joined):
            return 0 if alone else count  # lines that say something each by itself stay apart
    return 0


def _contents(lines: list[Line]) -> Iterator[Span]:
    """The table of contents: from the line 目录, or from its first entry, to where its first entry stands again."""
    for place, line in enumerate(lines[:_CONTENTS_WITHIN]):
        if _CONTENTS.fullmatch(line.words) and place + 1 < len(lines):
            again = _again(lines, place + 1)
            if again is not None:
                yield Span(line.start, lines[again].start)
            return
        if not _ENTRY.fullmatch(line.words) or "第" not in line.words[:2]:
            continue
        again = _again(lines, place)
        if again is not None and again - place > 1 and all(_ENTRY.fullmatch(e.words) for e in lines[place:again]):
            yield Span(line.start, lines[again].start)
            return


def _again(lines: list[Line], place: int) -> int | None:
    """Where the line at ``place`` stands again."""
    first = _bare(lines[place].words)
    return next((later for later in range(place + 1, len(lines)) if _bare(lines[later].words) == first), None)


def _bare(words: str) -> str:
    return re.sub(r"^[*·•]|[\s.…·]+\d*$|\s", "", words)


def _signatures(lines: list[Line], body: int) -> Iterator[tuple[Line, Line]]:
    """Pairs of the first signer's line and the date line; one line twice where only the date stands."""
    for place, line in enumerate(lines[1:], 1):
        if line.start < body or not _DATE_LINE.fullmatch(line.words):
            continue
        first = place
        if _may_sign(lines[place - 1]) and lines[place - 1].start >= body:
            first = place - 1
            while first - 1 > 0 and lines[first - 1].start >= body and _is_office(lines[first - 1]):
                first -= 1
        yield lines[first], line


def _may_sign(line: Line) -> bool:
    return len(line.words) <= _MAX_SIGNER and not any(stop in line.words for stop in "。；;！？：:，,")


def _is_office(line: Line) -> bool:
    """Whether a line above the last signer is one more signer."""
    offices = line.words.split()
    endings = parser_tables.issuer_endings()
    return _may_sign(line) and not _ANY_MARK.match(line.words) and all(name.endswith(endings) for name in offices)


def _attachment_lists(lines: list[Line]) -> list[Span]:
    """Lists of attachments ("附件：1.…"), told from an attachment's own heading by the signature that follows."""
    spans = []
    for place, line in enumerate(lines):
        found = _LIST_START.match(line.words)
        if not found or len(line.words) > _MAX_TITLE:
            continue
        last = place
        while last + 1 < len(lines) and _LIST_ROW.fullmatch(lines[last + 1].text):
            last += 1
        after = lines[last + 1 : last + 1 + _SIGNED_WITHIN]
        signed = not after or any(_DATE_LINE.fullmatch(later.words) for later in after)
        signed = signed or _ANNEX_HEAD.fullmatch(after[0].words) is not None
        signed = signed or all(_TAIL.fullmatch(later.words) for later in after)
        if signed and (last > place or not found.group("first")):
            spans.append(Span(line.start, lines[last].end))
    return spans


def _download_lines(lines: list[Line]) -> Iterator[Line]:
    """The names of files to download below the text: nothing but such names, and a site's last lines, follows them."""
    found = False
    for line in reversed(lines):
        if _DOWNLOAD.fullmatch(line.words) or (found and _ANNEX_HEAD.fullmatch(line.words)):
            found = True
            yield line
        elif not _TAIL.fullmatch(line.words):
            return


def _annex_starts(lines: list[Line], signatures: list[tuple[Line, Line]], body: int) -> Iterator[tuple[int, bool]]:
    """Lines that read like the title of an attached text, and whether they follow a signature at once."""
    dates = {date.start for _, date in signatures}
    after_signature = False
    for place, (before, line) in enumerate(pairwise(lines), 1):
        after_signature = before.start in dates or (after_signature and _TAIL.fullmatch(before.words) is not None)
        if line.start < body or any(stop in line.words for stop in _STOPS):
            continue
        titled = _title_end(lines[place : place + 3]) if after_signature else ends_as_title(line.words)
        if titled and (after_signature or before.words[-1] in _SENTENCE_ENDS):
            yield line.end - len(line.text.lstrip()), after_signature
