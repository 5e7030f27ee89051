"""Tables that are drawn with lines: from ruled lines to cells, from the characters in cells to rows.

A cell that spans columns gives its words once and leaves the other places empty, likewise one that spans rows, so
that every row has as many places as the head and no character is doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ingest.formats.layout_records import Glyph, Rule

_MOST_RULES = 4000  # a page with more is a drawing
_MOST_PLACES = 20_000  # rows times columns of one table


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its place in the grid and on the page."""

    row: int
    column: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table; ``xs`` and ``ys`` are the edges of its columns and rows."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    def cell_at(self, x: float, y: float) -> Cell | None:
        """The cell that holds a point."""
        if not (self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]):
            return None
        return next((c for c in self.cells if c.x0 <= x <= c.x1 and c.top <= y <= c.bottom), None)


@dataclass(slots=True)
class _Edge:
    """A straight line: ``at`` is its fixed coordinate, ``start`` to ``end`` the other."""

    at: float
    start: float
    end: float


def find_grids(rules: Sequence[Rule], slack: float) -> list[Grid]:
    """The tables that ``rules`` draw, of at least two columns and two rows or three cells.

    ``slack`` is how far lines may miss each other and still meet, in the page's unit.
    """
    if len(rules) > _MOST_RULES:
        return []
    across = _merge([_Edge((r.top + r.bottom) / 2, r.x0, r.x1) for r in rules if _is_across(r)], slack)
    down = _merge([_Edge((r.x0 + r.x1) / 2, r.top, r.bottom) for r in rules if not _is_across(r)], slack)
    grids = (_grid(*group, slack) for group in _groups(across, down, slack))
    return [grid for grid in grids if grid is not None]


def read_rows(
    grid: Grid, glyphs: Iterable[Glyph], write: Callable[[Sequence[Glyph]], str]
) -> tuple[tuple[str, ...], ...]:
    """The rows of ``grid`` as words, those without any left out; ``write`` makes words of a cell's characters."""
    content: dict[Cell, list[Glyph]] = {}
    for glyph in glyphs:
        cell = grid.cell_at((glyph.x0 + glyph.x1) / 2, glyph.middle)
        if cell is not None:
            content.setdefault(cell, []).append(glyph)
    rows = [[""] * (len(grid.xs) - 1) for _ in grid.ys[1:]]
    for cell, inside in content.items():
        rows[cell.row][cell.column] = write(inside).replace("｜", "|")
    used = [place for place in range(len(grid.xs) - 1) if any(cell.column == place for cell in grid.cells)]
    return tuple(tuple(row[place] for place in used) for row in rows if any(row))


def _is_across(rule: Rule) -> bool:
    return rule.x1 - rule.x0 >= rule.bottom - rule.top


def _merge(edges: list[_Edge], slack: float) -> list[_Edge]:
    """Pieces of one line become one edge."""
    merged: list[_Edge] = []
    edges.sort(key=lambda edge: edge.at)
    level: list[_Edge] = []
    for edge in edges:
        if level and edge.at - level[0].at > slack:
            merged += _merge_level(level, slack)
            level = []
        level.append(edge)
    return [edge for edge in merged + _merge_level(level, slack) if edge.end - edge.start > 2 * slack]


def _merge_level(level: list[_Edge], slack: float) -> list[_Edge]:
    merged: list[_Edge] = []
    for edge in sorted(level, key=lambda edge: edge.start):
        if merged and edge.start - merged[-1].end <= slack:
            merged[-1].end = max(merged[-1].end, edge.end)
        else:
            merged.append(edge)
    return merged


def _groups(across: list[_Edge], down: list[_Edge], slack: float) -> list[tuple[list[_Edge], list[_Edge]]]:
    """Lines that meet, directly or through others."""
    owner = list(range(len(across) + len(down)))

    def root(place: int) -> int:
        while owner[place] != place:
            owner[place] = owner[owner[place]]
            place = owner[place]
        return place

    for number, upright in enumerate(down, len(across)):
        for place, flat in enumerate(across):
            meets_x = flat.start - slack <= upright.at <= flat.end + slack
            if meets_x and upright.start - slack <= flat.at <= upright.end + slack:
                owner[root(number)] = root(place)
    groups: dict[int, tuple[list[_Edge], list[_Edge]]] = {}
    for place in range(len(owner)):
        flats, uprights = groups.setdefault(root(place), ([], []))
        if place < len(across):
            flats.append(across[place])
        else:
            uprights.append(down[place - len(across)])
    return list(groups.values())


def _grid(across: list[_Edge], down: list[_Edge], slack: float) -> Grid | None:
    if not across or not down:
        return None
    # A table open at its sides still ends where its lines end.
    xs = _levels([e.at for e in down] + [min(e.start for e in across), max(e.end for e in across)], 2 * slack)
    ys = _levels([e.at for e in across] + [min(e.start for e in down), max(e.end for e in down)], 2 * slack)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > _MOST_PLACES:
        return None
    cells = _cells(xs, ys, across, down, slack)
    several_rows = len({cell.row for cell in cells}) > 1 and len({cell.column for cell in cells}) > 1
    return Grid(tuple(xs), tuple(ys), cells) if several_rows or (rows == 1 and len(cells) > 2) else None


def _levels(values: list[float], slack: float) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > slack:
            levels.append(value)
    return levels


def _cells(xs: list[float], ys: list[float], across: list[_Edge], down: list[_Edge], slack: float) -> tuple[Cell, ...]:
    """Places of the grid with no line between them are one cell."""
    width = len(xs) - 1
    owner = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(width)}
    for row, column in sorted(owner):
        middle_x, middle_y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
        if column and not _drawn(down, xs[column], middle_y, 2 * slack):
            _unite(owner, (row, column - 1), (row, column))
        if row and not _drawn(across, ys[row], middle_x, 2 * slack):
            _unite(owner, (row - 1, column), (row, column))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in owner:
        members.setdefault(_root(owner, place), []).append(place)
    cells = []
    for places in members.values():
        row, column = min(r for r, _ in places), min(c for _, c in places)
        bottom, right = max(r for r, _ in places) + 1, max(c for _, c in places) + 1
        cells.append(Cell(row, column, xs[column], ys[row], xs[right], ys[bottom]))
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _drawn(edges: list[_Edge], at: float, crossing: float, slack: float) -> bool:
    return any(abs(edge.at - at) <= slack and edge.start <= crossing <= edge.end for edge in edges)


def _root(owner: dict[tuple[int, int], tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    while owner[place] != place:
        place = owner[place]
    return place


def _unite(owner: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = sorted((_root(owner, one), _root(owner, other)))
    owner[second] = first
