"""From drawn paths to ruled lines: strokes that run straight, and filled boxes too thin to be anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.formats.layout_records import Rule

MOST_SEGMENTS = 200  # of one path: more are a curve or a drawn letter
_THIN = 2.5  # points: a filled box this thin is a line
_SHORT = 4.0  # points

Corner = tuple[bool, float, float]  # whether the pen was lifted to it, x, y


def rules_of_path(corners: Sequence[Corner], *, stroked: bool, filled: bool) -> Iterator[Rule]:
    """The ruled lines of a path without curves; the background of a cell gives none."""
    if len(corners) < 2:
        return
    whole = _around(corners)
    if _is_thin(whole):
        if _length(whole) >= _SHORT:
            yield whole
    elif stroked:
        for start, end in pairwise(corners):
            edge = _around((start, end))
            if not end[0] and _is_thin(edge) and _length(edge) >= _SHORT:
                yield edge
    elif filled:
        for box in _boxes(corners):
            if _is_thin(box) and _length(box) >= _SHORT:
                yield box


def _boxes(corners: Sequence[Corner]) -> Iterator[Rule]:
    part: list[Corner] = []
    for corner in corners:
        if corner[0] and part:
            yield _around(part)
            part = []
        part.append(corner)
    yield _around(part)


def _around(corners: Sequence[Corner]) -> Rule:
    xs, ys = [x for _, x, _ in corners], [y for _, _, y in corners]
    return Rule(min(xs), min(ys), max(xs), max(ys))


def _is_thin(rule: Rule) -> bool:
    return min(rule.x1 - rule.x0, rule.bottom - rule.top) <= _THIN


def _length(rule: Rule) -> float:
    return max(rule.x1 - rule.x0, rule.bottom - rule.top)
