"""HTML elements to lines: one paragraph a line, one row of a table a line, automatic numbers written out.

White space is what a browser shows: runs become one space, and a line break of the source between two Chinese
characters becomes none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.formats.reading import CELL_MARK, MAX_REPEATED
from ingest.numerals import to_chinese
from ingest.records import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# fmt: off
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)}
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_ODD_SPACES = str.maketrans(
    {"\xa0": " ", "\u2002": " ", "\u2003": "\u3000", "\u200b": "", "\ufeff": "", "\u2028": "\n"}
)
_WIDE = re.compile(r"(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
_NUMBERED = re.compile(r"\s*(?:[（(]?[\d０-９一二三四五六七八九十百]{1,4}[）)]?[、.．）)\s]|[①-⑳]|第.{1,8}条)")
_MAX_SPAN = 1000  # columns and rows that one cell may claim

_Held = tuple[int, str]  # for how many more rows a cell of a row above holds a column, and its words


@dataclass(slots=True)
class Lines:
    """Lines as they are written, with the places of headings and tables in the joined text."""

    lines: list[str] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)  # (line, depth)
    tables: list[tuple[int, int]] = field(default_factory=list)  # first line and the line after the last
    numbered: int = 0  # automatic numbers written out

    def text(self) -> str:
        """The lines as one text, each with its line feed."""
        return "".join(f"{line}\n" for line in self.lines)

    def starts(self) -> list[int]:
        """The offset of each line and of the end."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def heading_places(self) -> tuple[tuple[int, int], ...]:
        """Headings as offsets."""
        starts = self.starts()
        return tuple((starts[line], depth) for line, depth in self.headings)

    def table_spans(self) -> tuple[Span, ...]:
        """Tables as spans."""
        starts = self.starts()
        return tuple(Span(starts[first], starts[last]) for first, last in self.tables)


def lines_of_element(element: HtmlElement, dropped: frozenset[str]) -> Lines:
    """The lines of ``element``, elements of the tags in ``dropped`` left out."""
    writer = _Writer(dropped)
    writer.walk(element)
    writer.flush()
    return writer.found


class _Writer:
    """Writes one element; holds the line at hand."""

    def __init__(self, dropped: frozenset[str]) -> None:
        self.found = Lines()
        self._dropped = dropped
        self._parts: list[str] = []
        self._depth = 0

    def walk(self, element: HtmlElement) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in self._dropped:
            return
        if tag == "br":
            self.flush()
            return
        if tag == "table" and (rows := _rows(element, self._dropped)):
            self._table(rows)
            return
        block = tag in _BLOCKS
        if block:
            self.flush()
        self._depth = _HEADINGS.get(tag, self._depth)
        if tag == "li":
            self._number(element)
        self._children(element, preserve=tag == "pre")
        if block:
            self.flush()
        if tag in _HEADINGS:
            self._depth = 0

    def _children(self, element: HtmlElement, *, preserve: bool) -> None:
        self._text(element.text, preserve)
        for child in element:
            self.walk(child)
            self._text(child.tail, preserve)

    def _text(self, words: str | None, preserve: bool) -> None:
        if not words:
            return
        if not preserve:
            self._parts.append(words)
            return
        for place, line in enumerate(words.split("\n")):
            if place:
                self.flush()
            self._parts.append(line)

    def _number(self, item: HtmlElement) -> None:
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or _NUMBERED.match(item.text_content()):
            return
        before = [sibling for sibling in item.itersiblings("li", preceding=True)]
        start = parent.get("start", "1")
        number = (int(start) if re.fullmatch(r"\d{1,4}", start) else 1) + len(before)
        style = f"{parent.get('type', '')} {parent.get('style', '')} {item.get('style', '')}"
        if "none" in style:
            return
        outer = sum(above.tag == "ol" for above in parent.iterancestors())
        self._parts.append(nested_mark(number, outer) if outer else _automatic(number, style))
        self.found.numbered += 1

    def flush(self) -> None:
        line = plain("".join(self._parts))
        self._parts.clear()
        if line:
            if self._depth:
                self.found.headings.append((len(self.found.lines), self._depth))
            self.found.lines.append(line)

    def _table(self, rows: list[list[str]]) -> None:
        self.flush()
        while len(rows) > 1 and sum(map(bool, rows[0])) <= 1:  # a title over all columns
            self.found.lines += [cell for cell in rows.pop(0) if cell]
        first = len(self.found.lines)
        self.found.lines += [CELL_MARK.join(cells) for cells in rows if any(cells)]
        if len(self.found.lines) > first:
            self.found.tables.append((first, len(self.found.lines)))


def plain(words: str) -> str:
    """``words`` with the white space that a browser shows, none at the ends."""
    return _SPACES.sub(" ", _WIDE.sub("", words)).translate(_ODD_SPACES).strip(" \t\u3000")


def is_data_table(element: HtmlElement, dropped: frozenset[str]) -> bool:
    """Whether ``element`` is a table of facts, not one that lays out the page."""
    return element.tag == "table" and bool(_rows(element, dropped))


def _rows(table: HtmlElement, dropped: frozenset[str]) -> list[list[str]]:
    """The cells of a table of facts; nothing where the table only lays out the page.

    A cell that spans rows stands in the first of them. In the others it stands again, so that a row says what holds
    for it; not at their start, where the row above goes on and a piece inherits it, and not where it is long.
    """
    rows = [row for row in table.iterdescendants("tr") if next(row.iterancestors("table"), None) is table]
    if len(rows) < 2 or next(table.iterdescendants("table"), None) is not None:
        return []
    grid: list[list[str]] = []
    held: dict[int, _Held] = {}
    for row in rows:
        grid.append(_cells(row, held, dropped))
    width = max(map(len, grid))
    full = [cells + [""] * (width - len(cells)) for cells in grid]
    columns = [column for column in range(width) if any(cells[column] for cells in full)]
    return [[cells[column] for column in columns] for cells in full] if len(columns) > 1 else []


def _cells(row: HtmlElement, held: dict[int, _Held], dropped: frozenset[str]) -> list[str]:
    cells: list[str] = []
    leading = True  # so far nothing but cells of rows above
    for cell in row.iterchildren("td", "th"):
        _add_held(cells, held, leading=leading)
        leading = False
        columns, below = _span(cell, "colspan"), _span(cell, "rowspan") - 1
        inside = " ".join(lines_of_element(cell, dropped).lines) if cell.tag not in dropped else ""
        texts = [inside] + [""] * (columns - 1)
        if below:
            held |= {len(cells) + place: (below, text) for place, text in enumerate(texts)}
        cells += texts
    _add_held(cells, held, leading=leading)
    return cells


def _add_held(cells: list[str], held: dict[int, _Held], *, leading: bool) -> None:
    """Go past the columns that cells of rows above still hold, their words repeated except at the row's start."""
    while (below := held.get(len(cells), (0, ""))) > (0, ""):
        rows, text = below
        held[len(cells)] = (rows - 1, text if rows > 1 else "")
        cells.append("" if leading or len(text) > MAX_REPEATED else text)


def _span(cell: HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if re.fullmatch(r"\d{1,6}", value) else 1


def nested_mark(number: int, outer: int) -> str:
    """The mark of an item within ``outer`` numbered items: the usual one of its depth, so that no level repeats."""
    return f"（{number}）" if outer == 1 or not 0 < number <= 20 else chr(ord("①") + number - 1)


def _automatic(number: int, style: str) -> str:
    """The mark that a browser shows before an item of a numbered list."""
    if "cjk" in style or "chinese" in style:
        return f"{to_chinese(number)}、"
    if re.match(r"[aA]\s|.*-alpha", style):
        letter = chr(ord("a") + (number - 1) % 26)
        return f"{letter.upper() if style.startswith('A') or 'upper' in style else letter}. "
    return f"{number}. "
