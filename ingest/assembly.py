"""From outline entries to clauses: stretches, headings, paths, labels, ids, inherited introductions.

Takes the source, its frame and its entries; gives clauses in document order. Together with ``leavings`` the spans
of the clauses cover the source exactly once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ingest.frame import Frame, ends_as_title
from ingest.headings import Stretch, clean_title, heading_ends
from ingest.markers import ANNEX, ARABIC, ARTICLE, DECIMALS, FAMILIES, ITEM, NUMERAL, PARAGRAPH, ROW, TABLE, UNNUMBERED
from ingest.numerals import to_chinese
from ingest.outline import Entry, Rung
from ingest.paragraphs import Piece, split_paragraphs
from ingest.records import Clause, ClauseKind, Span, Step
from ingest.table_pieces import split_tables

PREAMBLE = "引言"
_ARTICLE_TITLE = re.compile(r"\s*[（(【]([^（()）【】]{2,20})[）)】](?=\s|[\u4e00-\u9fff])")
_WITHOUT_TITLE = (PARAGRAPH, TABLE, ROW)
_LONG_HEADING = 40  # characters: a longer line after 第X章 is running text


def build_clauses(
    source: str,
    doc_id: str,
    frame: Frame,
    entries: Sequence[Entry],
    enumerations: Sequence[tuple[str, ...]],
    tables: Sequence[Span] = (),
    given_ends: Mapping[int, int] = MappingProxyType({}),
) -> tuple[Clause, ...]:
    """The clauses of ``source`` in document order; a source without marks gives one clause a paragraph.

    ``given_ends`` are the ends of headings that a person gave, by the starts of their clauses.
    """
    marked = split_paragraphs(source, _pieces(source, frame, entries), tables)
    pieces = [*_preamble(source, frame, entries, tables), *marked]
    pieces = [piece for piece in split_tables(source, pieces, tables) if piece.start < piece.end]
    body_starts = _body_starts(source, pieces, enumerations, given_ends)
    return tuple(_clauses(source, doc_id, pieces, body_starts))


def leavings(source: str, clauses: Sequence[Clause]) -> tuple[Span, ...]:
    """The parts of ``source`` in no clause, white space between clauses included."""
    spans, last = [], 0
    for clause in clauses:
        if clause.span.start > last:
            spans.append(Span(last, clause.span.start))
        last = clause.span.end
    if last < len(source):
        spans.append(Span(last, len(source)))
    return tuple(spans)


def _pieces(source: str, frame: Frame, entries: Sequence[Entry]) -> list[Piece]:
    pieces = []
    for place, entry in enumerate(_told_apart(entries)):
        end = entries[place + 1].start if place + 1 < len(entries) else len(source)
        pieces.append(
            Piece(entry.start, entry.end, _trimmed(source, entry.start, _cut(frame, entry.start, end)), entry.path)
        )
    return pieces


def _told_apart(entries: Sequence[Entry]) -> list[Entry]:
    """``entries`` with attachments numbered by their order, where there are several and none has a number."""
    heads = [entry.start for entry in entries if entry.path[-1].code == ANNEX]
    if len(heads) < 2 or any(rung.numeral for entry in entries for rung in entry.path if rung.code == ANNEX):
        return list(entries)

    def numbered(entry: Entry) -> Entry:
        order = bisect_right(heads, entry.start)
        rungs = (
            replace(r, number=order, numeral=str(order), inferred=True) if r.code == ANNEX else r for r in entry.path
        )
        return replace(entry, path=tuple(rungs))

    return [numbered(entry) for entry in entries]


def _cut(frame: Frame, start: int, end: int) -> int:
    """The end of a stretch before the first thing of the frame in it."""
    return min((span.start for span in frame.outside if start < span.start < end), default=end)


def _trimmed(source: str, start: int, end: int) -> int:
    return start + len(source[start:end].rstrip())


def _preamble(source: str, frame: Frame, entries: Sequence[Entry], tables: Sequence[Span]) -> Iterator[Piece]:
    """The text before the first mark as one piece; paragraph by paragraph where the document has no marks."""
    end = entries[0].start if entries else len(source)
    start = frame.body_start
    number = 0
    while start < end:
        start += len(source[start:end]) - len(source[start:end].lstrip())
        inside = next((span for span in frame.outside if span.start <= start < span.end), None)
        if inside is not None:
            start = inside.end
            continue
        stop = _cut(frame, start, end)
        if not entries:
            table = next((span.end for span in tables if span.start <= start < span.end), start)
            line_end = source.find("\n", max(table, start), stop)
            stop = line_end if line_end >= 0 else stop
        number += 1
        rung = Rung(PARAGRAPH, 0, number - 1, "") if entries else Rung(PARAGRAPH, number, 0, str(number))
        if stop > start:
            yield Piece(start, start, _trimmed(source, start, stop), (rung,))
        start = stop


def _body_starts(
    source: str, pieces: Sequence[Piece], enumerations: Sequence[tuple[str, ...]], given: Mapping[int, int]
) -> list[tuple[int, int]]:
    """For each piece the end of its heading and the start of its body."""
    ends = [_given_end(piece, given) or _structural_end(source, piece) for piece in pieces]
    asked = [place for place, piece in enumerate(pieces) if ends[place] < 0]
    groups: dict[tuple[tuple[str, int, int], ...], int] = {}
    stretches = []
    for place in asked:
        piece = pieces[place]
        key = (*((rung.code, rung.number, rung.suffix) for rung in piece.path[:-1]), (piece.path[-1].code, 0, 0))
        follows = place + 1 < len(pieces) and len(pieces[place + 1].path) > len(piece.path)
        stretches.append(Stretch(piece.mark_end, piece.end, groups.setdefault(key, len(groups)), follows))
    for place, end in zip(asked, heading_ends(source, stretches, enumerations), strict=True):
        ends[place] = end
    return [(end, _skip_stops(source, end, piece)) for end, piece in zip(ends, pieces, strict=True)]


def _given_end(piece: Piece, given: Mapping[int, int]) -> int:
    """The end of the heading that a person gave, within the piece; 0 for none."""
    if piece.path[-1].code in _WITHOUT_TITLE or piece.start not in given:
        return 0
    return max(piece.mark_end, min(given[piece.start], piece.end))


def _structural_end(source: str, piece: Piece) -> int:
    """The end of the heading where the family settles it, -1 where the words have to be read."""
    code = piece.path[-1].code
    if code in _WITHOUT_TITLE:
        return piece.mark_end
    if any(rung.code == ARTICLE for rung in piece.path):
        titled = _ARTICLE_TITLE.match(source, piece.mark_end, piece.end) if code == ARTICLE else None
        return titled.end() if titled else piece.mark_end
    if not FAMILIES[code].structural:
        return -1
    words = source[piece.mark_end : piece.end]
    lead = len(words) - len(words.lstrip())
    line = words[lead:].split("\n", 1)[0].rstrip()
    if len(line) > _LONG_HEADING and any(stop in line for stop in "。；，"):
        return -1
    if code == ANNEX and not ends_as_title(line):
        line = _joined_title(words[lead:]) or line
    return piece.mark_end + lead + len(line)


def _joined_title(words: str) -> str:
    """The first two or three lines where they are one title, else nothing."""
    lines = words.split("\n")
    for count in (2, 3):
        joined = "\n".join(lines[:count]).rstrip()
        if "。" not in joined and ends_as_title("".join(joined.split())):
            return joined
    return ""


def _skip_stops(source: str, end: int, piece: Piece) -> int:
    body = max(end, piece.mark_end)
    stops = " \t\n\u3000\xa0" + ("。：:" if end > piece.mark_end else "")
    while body < piece.end and source[body] in stops:
        body += 1
    return body


def _clauses(source: str, doc_id: str, pieces: Sequence[Piece], heads: Sequence[tuple[int, int]]) -> Iterator[Clause]:
    open_clauses: list[Clause] = []  # the enclosing clauses of the piece at hand
    taken: dict[str, int] = {}
    for order, (piece, (heading_end, body)) in enumerate(zip(pieces, heads, strict=True)):
        del open_clauses[len(piece.path) - 1 :]
        parent = open_clauses[-1] if open_clauses else None
        rung = piece.path[-1]
        title = clean_title(source[piece.mark_end : heading_end])
        if rung.code == ARTICLE:
            title = title.strip("（()）【】 ")
        step = Step(rung.code, rung.number, rung.suffix, label_of(rung), title, rung.inferred)
        path = (*(parent.path if parent else ()), step)
        clause = Clause(
            clause_id=_fresh_id(f"{parent.clause_id if parent else doc_id}.{_segment(rung)}", taken),
            doc_id=doc_id,
            order=order,
            kind=_kind(piece, body, title, pieces[order + 1] if order + 1 < len(pieces) else None),
            path=path,
            breadcrumb=(*(parent.breadcrumb if parent else ()), _crumb(rung, title)),
            locator=locator_of(path),
            text=source[piece.start : piece.end],
            lead_in=_lead_in(parent, piece),
            span=Span(piece.start, piece.end),
            body_start=body - piece.start,
        )
        open_clauses.append(clause)
        yield clause


def _lead_in(parent: Clause | None, piece: Piece) -> str:
    """What introduces a piece: the words of its parent; of a row the head of its table, and cells that span rows."""
    if parent is None or piece.path[-1].code == PARAGRAPH:
        return ""
    if piece.path[-1].code == ROW:
        return f"{parent.text}\n{piece.inherited}".strip()
    return parent.text[parent.body_start :].strip()


def _kind(piece: Piece, body: int, title: str, following: Piece | None) -> ClauseKind:
    if body < piece.end:
        return "clause"
    has_children = following is not None and len(following.path) > len(piece.path)
    code = piece.path[-1].code
    structural = code in FAMILIES and FAMILIES[code].structural
    return "heading" if title or has_children or structural else "clause"


def _segment(rung: Rung) -> str:
    return f"{rung.code}{rung.number}" + (f"-{rung.suffix}" if rung.suffix else "")


def _fresh_id(clause_id: str, taken: dict[str, int]) -> str:
    """``clause_id``, or with "_2", "_3" where the source uses a number twice; ``taken`` counts the uses of each."""
    fresh = clause_id
    while fresh in taken:
        taken[clause_id] += 1
        fresh = f"{clause_id}_{taken[clause_id]}"
    taken[fresh] = 1
    return fresh


def label_of(rung: Rung) -> str:
    """The mark as staff write it: "三", "（五）", "1", "第十条", "第二百九十一条之一", "引言"."""
    if rung.code == PARAGRAPH:
        return PREAMBLE if rung.number == 0 else f"第{rung.numeral}{'段' if rung.numeral.isascii() else '款'}"
    if rung.code in UNNUMBERED:
        return ""
    if rung.code in (TABLE, ROW):
        return f"表{rung.numeral}" if rung.code == TABLE else f"第{rung.numeral}行"
    return FAMILIES[rung.code].label.format(rung.numeral) + (f"之{to_chinese(rung.suffix)}" if rung.suffix else "")


def _crumb(rung: Rung, title: str) -> str:
    if rung.code in (*_WITHOUT_TITLE, *UNNUMBERED):
        return label_of(rung) or title
    words = FAMILIES[rung.code].heading.format(rung.numeral)
    if rung.suffix:
        words += f"之{to_chinese(rung.suffix)}"
    if rung.code == ARTICLE and title:
        words += " "
    return (words + title).strip()


def cited_locator(clause: Clause) -> str:
    """A clause's place without 编 章 节: articles are numbered through, and staff cite "第十条" alone."""
    at = next((place for place, step in enumerate(clause.path) if step.code == ARTICLE), None)
    if at is None:
        return clause.locator
    return locator_of([step for step in clause.path[:at] if step.code == ANNEX] + list(clause.path[at:]))


def locator_of(path: Sequence[Step]) -> str:
    """Where a clause stands, as staff write it: "三（五）1", "第二章第十条第二款第（三）项", "附件2 第3条"."""
    words, in_article, listed, decimal = "", False, False, 0
    for step in path:
        part = step.label or f"“{step.title}”"
        if step.code in DECIMALS:
            words = words[: len(words) - decimal]  # 1.1 already says 1, or 一
            decimal = len(part)
        else:
            decimal = len(part) if step.code == NUMERAL else 0
        if in_article and step.code == ITEM:
            part = f"第{part}项"
        elif in_article and step.code == ARABIC:
            part = f"第{part}目"
        elif step.code == ARABIC and not listed:
            part = f"第{part}条"
        if step.code == TABLE:
            words = f"{words.rstrip()} "
        in_article = in_article or step.code == ARTICLE
        listed = listed or step.code not in (ANNEX, *UNNUMBERED)
        words += part + (" " if step.code == ANNEX else "")
    return words.strip()
