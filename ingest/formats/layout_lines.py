"""From the characters of one page to its lines in reading order.

Characters of one height form a row; a row is cut where wide gaps are. Rows that leave the same strip of the page free,
with full lines on both sides, are columns and are read one column after the other. Ruled tables take their characters
first and stand among the lines as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.formats.layout_paragraphs import starts_with_mark
from ingest.formats.layout_records import Glyph, PageMarks, TextLine
from ingest.formats.layout_tables import Grid, find_grids, read_rows

_SAME_ROW = 0.45  # of the type's height: more is another row
_WORD_GAP = 0.15  # of the type's height: the least gap between two words in Latin letters
_CHINESE_GAP = 0.2  # of the type's height, beyond what the setting puts between all characters of the line
_MIXED_GAP = 0.6  # between Chinese and Latin letters, and beside punctuation, where setting leaves room
_SEGMENT_GAP = 1.6  # of the type's height: what may be the gutter between columns
_COLUMN_LINES = 4  # fewer lines side by side are not columns
_COLUMN_FILLED = 0.75  # of a column's width: what a quarter of its lines fill; tables without rules fill less
_BAND_GAP = 2.0  # times the type's height: a head or a foot, not columns that go on
_COLUMN_WIDTH = 8  # times the type's height: the least width of a column
_DOUBLED = 0.4  # of a character's width: the same one this near is printed twice to look bold
_RULE_SLACK = 0.25  # of the type's height: how far the lines of a table may miss each other

_Row = list[TextLine]


def read_lines(page: PageMarks, number: int) -> list[TextLine]:
    """The lines and tables of ``page``, the ``number``-th, in reading order; none of an empty page."""
    glyphs = [glyph for glyph in page.glyphs if glyph.text and glyph.size > 0]
    solid = [glyph for glyph in glyphs if glyph.text.strip()]
    if not solid:
        return []
    body = median(glyph.size for glyph in solid)
    tables: list[TextLine] = []
    for grid in find_grids(page.rules, _RULE_SLACK * body):
        table, glyphs = _take_table(grid, glyphs, number, body)
        tables += [table] if table is not None else []
    segments = [segment for row in _rows(glyphs) for segment in _segments(row, number)]
    rows = _rows_of_segments([*segments, *tables])
    return _in_columns(rows, body)


def write(glyphs: Sequence[Glyph]) -> str:
    """The words of characters that belong together, rows joined as one line."""
    text = ""
    for row in _rows(glyphs):
        text = join(text, _write_row(row).strip())
    return text


def join(before: str, after: str) -> str:
    """Two pieces of one line or paragraph; Latin words keep a space between them."""
    return before + gap_between(before, after) + after


def gap_between(before: str, after: str) -> str:
    """What stands between two lines that are joined: a space between Latin words, else nothing."""
    ends = before[-1:] + after[:1]
    return " " if len(ends) == 2 and ends.isascii() and ends.isalpha() else ""


def _take_table(grid: Grid, glyphs: list[Glyph], number: int, body: float) -> tuple[TextLine | None, list[Glyph]]:
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        (outside if grid.cell_at((glyph.x0 + glyph.x1) / 2, glyph.middle) is None else inside).append(glyph)
    rows = read_rows(grid, inside, write)
    filled = {place for row in rows for place, words in enumerate(row) if words}
    if len(filled) < 2:  # a box around text
        return None, glyphs
    edges = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    pages = (number,) * len(rows)
    return TextLine(*edges, body, "", number, columns=grid.xs, rows=rows, row_pages=pages), outside


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters by height, each row from left to right."""
    rows: list[list[Glyph]] = []
    middle = size = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.middle):
        if rows and abs(glyph.middle - middle) <= _SAME_ROW * max(size, glyph.size):
            rows[-1].append(glyph)
            if glyph.size > size:  # small raised characters follow the row of the large ones
                middle, size = glyph.middle, glyph.size
        else:
            rows.append([glyph])
            middle, size = glyph.middle, glyph.size
    return [_without_doubles(sorted(row, key=lambda glyph: glyph.x0)) for row in rows]


def _without_doubles(row: list[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in row:
        near = (other for other in kept[-3:] if glyph.x0 - other.x0 < _DOUBLED * (other.x1 - other.x0))
        if not any(other.text == glyph.text and glyph.text.strip() for other in near):
            kept.append(glyph)
    return kept


def _segments(row: list[Glyph], number: int) -> list[TextLine]:
    """A row cut at its wide gaps."""
    pieces: list[list[Glyph]] = []
    end = 0.0
    for glyph in row:
        if not glyph.text.strip():
            if pieces and glyph.x0 - end <= _SEGMENT_GAP * glyph.size:
                pieces[-1].append(glyph)
            continue
        if not pieces or glyph.x0 - end > _SEGMENT_GAP * glyph.size:
            pieces.append([])
        pieces[-1].append(glyph)
        end = glyph.x1
    return [_line(piece, number) for piece in pieces]


def _line(glyphs: list[Glyph], number: int) -> TextLine:
    solid = [glyph for glyph in glyphs if glyph.text.strip()]
    return TextLine(
        x0=solid[0].x0,
        top=min(glyph.top for glyph in solid),
        x1=max(glyph.x1 for glyph in solid),
        bottom=max(glyph.bottom for glyph in solid),
        size=median(glyph.size for glyph in solid),
        text=_write_row(glyphs).strip(),
        page=number,
    )


def _write_row(row: Sequence[Glyph]) -> str:
    usual = _usual_gap(row)
    parts: list[str] = []
    last: Glyph | None = None
    for glyph in row:
        if last is not None and _is_gap(last, glyph, usual):
            parts.append(" ")
        parts.append(glyph.text)
        last = glyph
    return "".join(parts)


def _usual_gap(row: Sequence[Glyph]) -> float:
    """The distance that the setting puts between the Chinese characters of a line to fill it."""
    pairs = zip(row, row[1:], strict=False)
    gaps = [after.x0 - before.x1 for before, after in pairs if _are_chinese(before, after)]
    return max(median(gaps), 0.0) if gaps else 0.0


def _are_chinese(before: Glyph, after: Glyph) -> bool:
    return "\u3400" <= before.text[-1] <= "\u9fff" and "\u3400" <= after.text[0] <= "\u9fff"


def _is_gap(last: Glyph, glyph: Glyph, usual: float) -> bool:
    if not last.text.strip() or not glyph.text.strip():
        return False
    gap, size = glyph.x0 - last.x1, max(last.size, glyph.size)
    if _are_chinese(last, glyph):
        return gap - usual > _CHINESE_GAP * size
    ends = last.text[-1] + glyph.text[0]
    return gap - usual > (_WORD_GAP if ends.isascii() else _MIXED_GAP) * size


def _rows_of_segments(segments: list[TextLine]) -> list[_Row]:
    rows: list[_Row] = []
    for segment in sorted(segments, key=lambda line: (line.top + line.bottom) / 2 if not line.rows else line.top):
        at = (segment.top + segment.bottom) / 2
        head = rows[-1][0] if rows else None
        if head is None or segment.rows or head.rows or abs(at - (head.top + head.bottom) / 2) > _SAME_ROW * head.size:
            rows.append([segment])
        else:
            rows[-1].append(segment)
    return [sorted(row, key=lambda segment: segment.x0) for row in rows]


def _in_columns(rows: list[_Row], body: float) -> list[TextLine]:
    """The rows in reading order, each with the edges of its column."""
    left = min(segment.x0 for row in rows for segment in row)
    right = max(segment.x1 for row in rows for segment in row)
    gutter = _gutter(rows, left, right)
    lines: list[TextLine] = []
    at = 0
    while at < len(rows):
        end = at
        while gutter and end < len(rows) and _belongs(rows, at, end, gutter, body):
            end += 1
        band = rows[at:end]
        if gutter and _are_columns(band, gutter, body):
            for column in (0, 1):
                half = [_side(row, gutter)[column] for row in band]
                lines += _with_edges(_in_columns([row for row in half if row], body), column)
            at = end
        else:
            lines += [replace(_whole(row), left=left, right=right) for row in rows[at : max(end, at + 1)]]
            at = max(end, at + 1)
    return lines


def _with_edges(lines: list[TextLine], column: int) -> list[TextLine]:
    return [replace(line, column=2 * line.column + column + 1) for line in lines]


def _gutter(rows: list[_Row], left: float, right: float) -> float | None:
    """The height-long strip in the middle of the page that the fewest lines cross."""
    gaps = [(a.x1, b.x0) for row in rows for a, b in zip(row, row[1:], strict=False)]
    middles = [(a + b) / 2 for a, b in gaps if left + (right - left) * 0.2 < (a + b) / 2 < right - (right - left) * 0.2]
    if len(middles) < 2:
        return None
    return max(middles, key=lambda x: (sum(a < x < b for a, b in gaps), -abs(x - (left + right) / 2)))


def _belongs(rows: list[_Row], start: int, place: int, gutter: float, body: float) -> bool:
    """Whether a row may belong to the columns that began at ``start``."""
    if any(segment.x0 < gutter < segment.x1 for segment in rows[place]):
        return False
    above = max((segment.bottom for row in rows[max(start, place - 3) : place] for segment in row), default=None)
    return above is None or min(segment.top for segment in rows[place]) - above < _BAND_GAP * body


def _side(row: _Row, gutter: float) -> tuple[_Row, _Row]:
    return [segment for segment in row if segment.x1 <= gutter], [segment for segment in row if segment.x0 >= gutter]


def _are_columns(band: list[_Row], gutter: float, body: float) -> bool:
    sides = [_side(row, gutter) for row in band]
    if sum(bool(a) and bool(b) for a, b in sides) < _COLUMN_LINES // 2:
        return False
    for column in (0, 1):
        lines = [_whole(side[column]) for side in sides if side[column]]
        if len(lines) < _COLUMN_LINES:
            return False
        width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
        long = sum(line.width >= _COLUMN_FILLED * width for line in lines)
        if width < _COLUMN_WIDTH * body or long * 4 < len(lines):
            return False
    return True


def _whole(row: _Row) -> TextLine:
    """The segments of a row as one line."""
    if len(row) == 1:
        return row[0]
    return replace(
        row[0],
        top=min(segment.top for segment in row),
        x1=max(segment.x1 for segment in row),
        bottom=max(segment.bottom for segment in row),
        text=" ".join(segment.text for segment in row),
        parted=len(row) > 2 or not starts_with_mark(row[0].text),
    )
