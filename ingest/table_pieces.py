"""Tables within the pieces of a document: a small table is one piece, a large one gives a piece a row.

A row keeps the head of its table as its introduction; where its first cells are empty because a cell above spans
rows, it keeps that cell too. The text after a table stays with the piece that the table stands in, as a paragraph of
its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.formats.reading import CELL_MARK
from ingest.markers import ARTICLE, PARAGRAPH, ROW, TABLE
from ingest.numerals import to_chinese
from ingest.outline import Rung
from ingest.paragraphs import Piece
from ingest.records import Span

_WHOLE = 300  # characters: a table up to this size is read and quoted as one


def split_tables(source: str, pieces: Sequence[Piece], tables: Sequence[Span]) -> Iterator[Piece]:
    """``pieces`` with the tables in them made pieces of their own; tables are numbered through the document."""
    starts = [table.start for table in tables]
    for piece in pieces:
        first = bisect_left(starts, piece.start)
        inside = [place for place in range(first, bisect_left(starts, piece.end)) if tables[place].end <= piece.end]
        yield from _split(source, piece, [(place + 1, tables[place]) for place in inside]) if inside else (piece,)


def _split(source: str, piece: Piece, inside: Sequence[tuple[int, Span]]) -> Iterator[Piece]:
    outer = piece.path
    if piece.path[-1].code == PARAGRAPH and source[piece.start : inside[0][1].start].strip() == "":
        outer = piece.path[:-1]  # nothing but the table: it needs no paragraph around it
    else:
        yield replace(piece, end=_trimmed(source, piece.start, inside[0][1].start))
    number = 1
    ends = [span.start for _, span in inside[1:]] + [piece.end]
    for (order, span), end in zip(inside, ends, strict=True):
        yield from _table(source, outer, order, span)
        start = span.end + len(source[span.end : end]) - len(source[span.end : end].lstrip())
        if start < end:
            number += 1
            yield Piece(start, start, _trimmed(source, start, end), (*outer, _paragraph(outer, number)))


def _paragraph(outer: tuple[Rung, ...], number: int) -> Rung:
    in_article = any(rung.code == ARTICLE for rung in outer)
    return Rung(PARAGRAPH, number, 0, to_chinese(number) if in_article else str(number))


def _table(source: str, outer: tuple[Rung, ...], order: int, span: Span) -> Iterator[Piece]:
    rows = [(start, end) for start, end in _rows(source, span)]
    path = (*outer, Rung(TABLE, order, 0, str(order)))
    if span.end - span.start <= _WHOLE or len(rows) < 3:
        yield Piece(span.start, span.start, span.end, path)
        return
    head_start, head_end = rows[0]
    yield Piece(head_start, head_end, head_end, path)
    above: list[str] = []
    group = ""  # a row of one cell that heads the rows below it
    for number, (start, end) in enumerate(rows[1:], 1):
        cells = source[start:end].split(CELL_MARK)
        blank = next((place for place, cell in enumerate(cells) if cell.strip()), 0)
        heads = len(cells) > 2 and not any(cell.strip() for cell in cells[1:])
        group = "" if heads else group
        inherited = "\n".join(filter(None, (group, CELL_MARK.join(above[:blank]).strip(CELL_MARK))))
        above = [*above[:blank], *cells[blank:]]
        yield Piece(start, start, end, (*path, Rung(ROW, number, 0, str(number))), inherited)
        group = cells[0].strip() if heads else group


def _rows(source: str, span: Span) -> Iterator[tuple[int, int]]:
    start = span.start
    for line in source[span.start : span.end].split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _trimmed(source: str, start: int, end: int) -> int:
    return start + len(source[start:end].rstrip())
