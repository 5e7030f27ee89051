"""What an OFD page shows: characters, ruled lines and pictures, with their places in points.

A text object has a frame on the page and a matrix inside it; its characters stand on a base line, each a step
(DeltaX, DeltaY) after the one before. Watermarks that run askew, annotations and seals are left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from ingest.formats.layout_records import Glyph, PageMarks, Rule
from ingest.formats.layout_rules import MOST_SEGMENTS, Corner, rules_of_path
from ingest.formats.ofd_package import Page, Resources, elements, local, numbers

if TYPE_CHECKING:
    from lxml.etree import _Element

_POINTS = 72 / 25.4  # in a millimetre
_ABOVE = 0.86  # of the type's height that is above the base line
_ASKEW = math.radians(8)
_MOST_OBJECTS = 200_000  # of one page
_DEEPEST = 8  # drawings within drawings
_GROUPS = ("Content", "Layer", "PageBlock")
_CURVES = re.compile("[QBA]")
_STEPS = re.compile(r"([SMLC])([^SMLCQBA]*)")

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: its number among the resources, its place in points."""

    resource: str
    x0: float
    top: float
    width: float
    height: float


@dataclass(slots=True)
class _Found:
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


def read_page(page: Page, resources: Resources) -> tuple[PageMarks, list[Picture]]:
    """The characters, lines and pictures of ``page``, its templates included."""
    found = _Found()
    origin = (1.0, 0.0, 0.0, 1.0, -page.box[0], -page.box[1])
    objects = chain.from_iterable(_objects(root, origin, resources, 0) for root in (*page.templates, page.content))
    for element, outer in islice(objects, _MOST_OBJECTS):
        if element.get("Visible", "true").lower() == "false":
            continue
        matrix = _times(_own_matrix(element), outer)
        if local(element) == "TextObject":
            found.glyphs += _glyphs(element, matrix)
        elif local(element) == "PathObject":
            found.rules += _rules(element, matrix)
        else:
            found.pictures.append(_picture(element, outer))
    size = page.box[2] * _POINTS, page.box[3] * _POINTS
    return PageMarks(*size, tuple(found.glyphs), tuple(found.rules)), found.pictures


def _objects(root: _Element, outer: _Matrix, resources: Resources, depth: int) -> Iterator[tuple[_Element, _Matrix]]:
    """The text, paths and pictures below ``root``, in order, each with the matrix of what it stands in."""
    for child in root:
        kind = local(child)
        if kind in _GROUPS:
            yield from _objects(child, outer, resources, depth)
        elif kind in ("TextObject", "PathObject", "ImageObject"):
            yield child, outer
        elif kind == "CompositeObject" and depth < _DEEPEST:
            unit = resources.units.get(child.get("ResourceID", ""))
            if unit is not None:
                yield from _objects(unit, _times(_own_matrix(child), outer), resources, depth + 1)


def _own_matrix(element: _Element) -> _Matrix:
    """From an object's own coordinates to those around it."""
    values, frame = numbers(element.get("CTM")), numbers(element.get("Boundary"))
    a, b, c, d, e, f = values if len(values) == 6 else _SAME
    x, y = frame[:2] if len(frame) == 4 else (0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _glyphs(element: _Element, matrix: _Matrix) -> Iterator[Glyph]:
    a, b, c, d, e, f = matrix
    angle = abs(math.atan2(b, a))
    if angle > _ASKEW:
        return
    sizes, stretch = numbers(element.get("Size")), numbers(element.get("HScale"))
    size = sizes[0] if sizes else 4.0
    tall = size * math.hypot(c, d) * _POINTS
    if not 0 < tall < 5000:
        return
    for x, y, text, step in _characters(element, size * (stretch[0] if stretch else 1.0)):
        x0, base = (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS
        x1 = x0 + step * math.hypot(a, b) * _POINTS
        yield Glyph(x0, base - _ABOVE * tall, x1, base + (1 - _ABOVE) * tall, text, tall)


def _characters(element: _Element, em: float) -> Iterator[tuple[float, float, str, float]]:
    """Each character with its place on the base line and its width."""
    x = y = 0.0
    for code in elements(element, "TextCode"):
        x, y = next(iter(numbers(code.get("X"))), x), next(iter(numbers(code.get("Y"))), y)
        steps, drops = numbers(code.get("DeltaX")), numbers(code.get("DeltaY"))
        at, down = x, y
        for place, character in enumerate((code.text or "").strip("\r\n")):
            wide = ord(character) >= 0x2E80
            usual = em if wide else em / 2
            step = steps[place] if place < len(steps) else (0.0 if drops else usual)
            yield at, down, character, usual if wide or not 0 < step <= em else step
            at += step
            down += drops[place] if place < len(drops) else 0.0


def _rules(element: _Element, matrix: _Matrix) -> Iterator[Rule]:
    drawn = next(elements(element, "AbbreviatedData"), None)
    path = (drawn.text or "") if drawn is not None else ""
    if not path or len(path) > 40 * MOST_SEGMENTS or _CURVES.search(path):
        return
    stroked = element.get("Stroke", "true").lower() != "false"
    filled = element.get("Fill", "false").lower() == "true"
    yield from rules_of_path(_corners(path, matrix), stroked=stroked, filled=filled)


def _corners(path: str, matrix: _Matrix) -> list[Corner]:
    a, b, c, d, e, f = matrix
    corners: list[Corner] = []
    first = 0
    for letter, values in _STEPS.findall(path):
        place = numbers(values)
        if letter == "C":
            if corners and corners[first][1:] != corners[-1][1:]:
                corners.append((False, *corners[first][1:]))
        elif len(place) >= 2:
            x, y = place[:2]
            lifted = letter in "SM"
            if lifted and letter == "M" and corners and corners[-1][0]:
                corners.pop()  # S states the start, M repeats it
            first = len(corners) if lifted else first
            corners.append((lifted, (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS))
    return corners


def _picture(element: _Element, outer: _Matrix) -> Picture:
    frame = numbers(element.get("Boundary"))
    x, y, width, height = frame if len(frame) == 4 else (0.0, 0.0, 0.0, 0.0)
    a, b, c, d, e, f = outer
    left, top = (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS
    resource = element.get("ResourceID", "")
    return Picture(resource, left, top, width * math.hypot(a, b) * _POINTS, height * math.hypot(c, d) * _POINTS)
