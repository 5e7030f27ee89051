"""What every format reader gives: plain text lines, and what the format says about them.

A reader is ``read(content, name) -> Reading`` in the module of its format; it raises ``UnreadableFile`` with one
clear sentence. What the words mean is left to healing and parsing.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.records import Notice, Span

CELL_MARK = "｜"  # between the cells of a table's row
MAX_REPEATED = 200  # characters; a longer cell that spans rows is a text, said once


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format reader made of a file. Offsets count characters of ``text``, whose lines end with a line feed."""

    text: str
    file_type: str  # "docx", "pdf", "html", "ofd", "image", "text", "markdown"
    page_starts: tuple[int, ...] = ()  # where page 1, 2, … begins; () where the format has no pages
    headings: tuple[tuple[int, int], ...] = ()  # (offset, depth from 1) of lines the format marks as headings
    tables: tuple[Span, ...] = ()  # stretches of table rows, one row a line, cells joined by "｜", first row the head
    title: str | None = None  # a title the format states
    told: tuple[tuple[str, str], ...] = ()  # facts the format states: ("doc_number", …), ("issued_on", …), ("url", …)
    notices: tuple[Notice, ...] = ()  # what was removed, healed or guessed, with its place
