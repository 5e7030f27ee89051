"""Tables as rows of cells: merged cells written out, one row a line.

A cell merged downwards stands in its first row; in the others it is blank at the start of the row, where the reader of
rows takes it from above, and repeated elsewhere if it is short, so that every row has its 责任单位. A cell merged
sideways is written once and leaves the columns after it blank. Not a table for the reader: one column, or one row (a
frame, a letterhead). A first row of one cell across the whole width is the table's caption and stands before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.formats.docx_lines import Line, tidy
from ingest.formats.docx_xml import child, children, name_of, number, value
from ingest.formats.reading import CELL_MARK, MAX_REPEATED

if TYPE_CHECKING:
    from lxml.etree import _Element

_WRAPPERS = ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")
_MAX_SPAN = _MAX_WIDTH = 64  # columns; Word allows 63


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell at its column; ``continues`` says that it goes on from the cell above."""

    column: int
    span: int
    lines: tuple[Line, ...]
    continues: bool = False


def table_lines(table: _Element, collect: Callable[[_Element], list[Line]], table_number: int) -> list[Line]:
    """The lines of ``table``; ``collect`` reads the content of a cell."""
    rows = [row for row in _rows(table, collect) if row]
    width = max((cell.column + cell.span for row in rows for cell in row), default=0)
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        return [line for row in rows for cell in row for line in cell.lines]
    captions = 0
    while captions < len(rows) - 1 and len(rows[captions]) == 1 and rows[captions][0].span == width:
        captions += 1
    lines = [line for row in rows[:captions] for line in row[0].lines]
    return lines + [Line(text, table=table_number) for text in _written(rows[captions:], width)]


def _rows(table: _Element, collect: Callable[[_Element], list[Line]]) -> Iterator[list[Cell]]:
    above: dict[int, Cell] = {}
    for row in _within(table, "w:tr"):
        properties = child(row, "w:trPr")
        if child(properties, "w:del") is not None:
            continue
        column = _clamped(number(properties, "w:gridBefore"), 0)
        cells: list[Cell] = []
        for element in _within(row, "w:tc"):
            cell = _cell(element, column, collect)
            column += cell.span
            if child(element, "w:tcPr", "w:cellDel") is None:
                upper = above.get(cell.column) if cell.continues and not cell.lines else None
                cells.append(replace(cell, lines=upper.lines) if upper is not None and _is_short(upper) else cell)
        above = {cell.column: cell for cell in cells}
        yield _without_leading(cells)


def _cell(element: _Element, column: int, collect: Callable[[_Element], list[Line]]) -> Cell:
    properties = child(element, "w:tcPr")
    merge = child(properties, "w:vMerge")
    continues = merge is not None and value(properties, "w:vMerge") != "restart"
    return Cell(column, _clamped(number(properties, "w:gridSpan"), 1), tuple(collect(element)), continues)


def _written(rows: list[list[Cell]], width: int) -> Iterator[str]:
    """The rows as text; a grid wider than Word allows is written without its blanks."""
    for row in rows:
        texts = [_cell_text(cell.lines) for cell in row]
        if width <= _MAX_WIDTH:
            by_column = {cell.column: text for cell, text in zip(row, texts, strict=True)}
            texts = [by_column.get(column, "") for column in range(width)]
        if any(texts):
            yield CELL_MARK.join(texts)


def _cell_text(lines: tuple[Line, ...]) -> str:
    """The lines of a cell as one; rows of a table within it are parted by semicolons."""
    written = ""
    for line in lines:
        text = tidy(line.text).replace(CELL_MARK, " " if line.table else "|").replace("\n", " ")
        if written and text:
            written += "；" if line.table else " "
        written += text
    return " ".join(written.split("\t"))


def _without_leading(cells: list[Cell]) -> list[Cell]:
    """``cells`` with those at the start left blank that go on from the row above."""
    first = next((place for place, cell in enumerate(cells) if not cell.continues), len(cells))
    return [replace(cell, lines=()) for cell in cells[:first]] + cells[first:]


def _is_short(cell: Cell) -> bool:
    return sum(len(line.text) for line in cell.lines) <= MAX_REPEATED


def _within(element: _Element, name: str) -> Iterator[_Element]:
    for inner in children(element):
        if name_of(inner) == name:
            yield inner
        elif name_of(inner) in _WRAPPERS:
            yield from _within(inner, name)


def _clamped(found: int | None, least: int) -> int:
    return min(max(found if found is not None else least, least), _MAX_SPAN)
