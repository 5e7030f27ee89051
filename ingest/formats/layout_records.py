"""What a page shows: characters with their places, ruled lines, and the text lines made of them.

Lengths are in points (1/72 inch) from the upper left corner of the page; x runs right, y runs down.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyph:
    """Characters at a place; a whole line where the source is OCR. ``size`` is the height of the type."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float

    @property
    def middle(self) -> float:
        """The height at which the character stands."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn straight across or straight down."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageMarks:
    """One page as the format shows it."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of one column, or a table in the place of a line.

    ``left`` and ``right`` are the edges of the column; ``rows`` are the rows of a table, head first, ``row_pages``
    the page of each, and ``columns`` its vertical edges.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    text: str
    page: int  # from 1
    left: float = 0.0
    right: float = 0.0
    column: int = 0  # from 0 within its band of the page; a wide line is in 0
    parted: bool = False  # wide gaps between its words, as in forms
    columns: tuple[float, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    row_pages: tuple[int, ...] = ()

    @property
    def width(self) -> float:
        """From the first to the last character."""
        return self.x1 - self.x0
