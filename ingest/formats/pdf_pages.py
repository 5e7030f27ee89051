"""The characters and ruled lines of PDF pages, with their places, read through PDFium.

Characters that PDFium makes up (spaces, line ends) are left out: the layout finds the gaps itself. Text that runs
askew to most of the page is a watermark and is left out too.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.formats.layout_records import Glyph, PageMarks, Rule
from ingest.formats.layout_rules import MOST_SEGMENTS, Corner, rules_of_path

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MOST_CHARACTERS = 200_000  # of one page; a page of newsprint has 20,000
_MOST_PATHS = 20_000  # of one page: more are a drawing
_SAMPLE = 300  # characters
_ASKEW = math.radians(8)
_HYPHEN = "\x02"  # PDFium's sign for a hyphen at the end of a line


def read_page(page: PdfPage) -> tuple[PageMarks, float]:
    """What ``page`` shows, as it is turned for reading, and the share of characters whose font does not name them."""
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        turn = _Turn(_rotation(raw, text, page.get_rotation()), page.get_bbox())
        glyphs = tuple(_glyphs(raw, text, turn))
        unnamed = _unnamed_share(raw, text)
    finally:
        text.close()
    return PageMarks(*turn.size(), glyphs, tuple(_rules(page, turn))), unnamed


def picture_share(page: PdfPage) -> float:
    """The part of the page, from 0 to 1, that its largest picture covers."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    largest = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = picture.get_bounds()
        wide, high = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
        largest = max(largest, max(wide, 0.0) * max(high, 0.0) / area)
    return min(largest, 1.0)


class _Turn:
    """From the coordinates of a PDF page to those of the reader: y down, the page turned clockwise by ``rotation``."""

    def __init__(self, rotation: int, box: tuple[float, float, float, float]) -> None:
        self.rotation = rotation % 360
        self.left, self.bottom, self.right, self.top = box

    def size(self) -> tuple[float, float]:
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if self.rotation in (90, 270) else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _glyphs(raw: Any, text: Any, turn: _Turn) -> Iterator[Glyph]:
    box, matrix, high = raw.FS_RECTF(), raw.FS_MATRIX(), 0
    place, around = ctypes.byref(box), ctypes.byref(matrix)
    for index in range(min(raw.FPDFText_CountChars(text), MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        words = _character(code, high)
        high = 0
        if not words or (words.isspace() and raw.FPDFText_IsGenerated(text, index) == 1):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, place) or _is_askew(raw, text, index, turn):
            continue
        x0, top, x1, bottom = turn.box(box.left, box.bottom, box.right, box.top)
        size = raw.FPDFText_GetFontSize(text, index)
        if raw.FPDFText_GetMatrix(text, index, around):
            size *= math.hypot(matrix.c, matrix.d)
        yield Glyph(x0, top, x1, bottom, words, size or (bottom - top) * 0.8)


def _rotation(raw: Any, text: Any, stated: int) -> int:
    """How far most of the text must be turned to be read; as the page states where there is none."""
    turns: Counter[int] = Counter()
    for index in _sample(raw, text):
        angle = math.degrees(raw.FPDFText_GetCharAngle(text, index))
        if angle >= 0 and raw.FPDFText_GetUnicode(text, index) > 32:
            turns[-round(angle / 90) * 90 % 360] += 1
    return turns.most_common(1)[0][0] if turns else stated


def _sample(raw: Any, text: Any) -> range:
    count: int = raw.FPDFText_CountChars(text)
    return range(0, count, max(1, count // _SAMPLE))


def _unnamed_share(raw: Any, text: Any) -> float:
    """Of a sample of the characters, how many the font gives no Unicode value."""
    sample = _sample(raw, text)
    unnamed = sum(int(raw.FPDFText_HasUnicodeMapError(text, index) == 1) for index in sample)
    return unnamed / max(len(sample), 1)


def _character(code: int, high: int) -> str:
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if high else ""
    if code in (0, 10, 13):
        return ""
    return "-" if chr(code) == _HYPHEN else chr(code)


def _is_askew(raw: Any, text: Any, index: int, turn: _Turn) -> bool:
    angle: float = raw.FPDFText_GetCharAngle(text, index)
    if angle < 0:
        return False
    angle = (angle + math.radians(turn.rotation)) % (2 * math.pi)
    return _ASKEW < angle < 2 * math.pi - _ASKEW


def _rules(page: PdfPage, turn: _Turn) -> Iterator[Rule]:
    from pypdfium2 import raw

    for count, (path, matrix) in enumerate(_paths(raw, page.raw, None)):
        if count > _MOST_PATHS:
            return
        yield from _rules_of_path(raw, path, matrix, turn)


_Matrix = tuple[float, float, float, float, float, float]


def _paths(raw: Any, container: Any, outer: _Matrix | None, depth: int = 0) -> Iterator[tuple[Any, _Matrix]]:
    count = raw.FPDFFormObj_CountObjects(container) if depth else raw.FPDFPage_CountObjects(container)
    for index in range(count):
        found = raw.FPDFFormObj_GetObject(container, index) if depth else raw.FPDFPage_GetObject(container, index)
        kind = raw.FPDFPageObj_GetType(found)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
            continue
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(found, own)
        matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield found, matrix
        elif depth < 3:
            yield from _paths(raw, found, matrix, depth + 1)


def _times(one: _Matrix, other: _Matrix | None) -> _Matrix:
    if other is None:
        return one
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _rules_of_path(raw: Any, path: Any, matrix: _Matrix, turn: _Turn) -> Iterator[Rule]:
    count = raw.FPDFPath_CountSegments(path)
    if 2 <= count <= MOST_SEGMENTS:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, fill, stroke)
        corners = _corners(raw, path, count, matrix, turn)
        yield from rules_of_path(corners, stroked=bool(stroke.value), filled=bool(fill.value))


def _corners(raw: Any, path: Any, count: int, matrix: _Matrix, turn: _Turn) -> list[Corner]:
    """The corners of a path; none where it has curves."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Corner] = []
    first = 0
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        lifted = kind == raw.FPDF_SEGMENT_MOVETO
        first = len(points) if lifted else first
        points.append((lifted, *turn.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)))
        if raw.FPDFPathSegment_GetClose(segment) and points[first][1:] != points[-1][1:]:
            points.append((False, *points[first][1:]))
    return points
