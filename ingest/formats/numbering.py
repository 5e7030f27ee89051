"""Automatic numbering: from the lists a file defines and the order of its paragraphs to the marks readers see.

A *definition* (``w:abstractNum``) has nine levels and one set of counters. A *list* (``w:num``) uses a definition and
may change some levels; lists of one definition go on counting, except where a list says where it starts.
Nothing here knows XML; ``docx_numbering.py`` fills the records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.formats.numbering_formats import format_number

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_OWN_SPACE = "、，。．：）】〕》」』"  # full-width marks bring their own space


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list.

    ``text`` has %1 to %9 for the numbers of the levels. ``suffix`` is "tab", "space" or "nothing".
    ``restart`` is the level (from 1) after which this one starts again; ``None`` is any level above, 0 is never.
    ``width`` pads numbers with zeros. ``legal`` writes all numbers of the mark as 1, 2, 3.
    """

    text: str = ""
    number_format: str = "decimal"
    start: int = 1
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    width: int = 0
    style: str | None = None  # the paragraph style that stands for this level
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list: its definition, its levels with the list's own changes, and the starts it sets anew."""

    definition: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)

    def level_of_style(self, style: str) -> int | None:
        """The level that ``style`` stands for, ``None`` where none."""
        return next((depth for depth, level in sorted(self.levels.items()) if level.style == style), None)

    def start(self, depth: int) -> int:
        """The first number of a level."""
        return self.starts.get(depth, self.levels.get(depth, Level()).start)


@dataclass(frozen=True, slots=True)
class ListMark:
    """The mark of one paragraph as it is displayed, with the space after it; empty for a bullet."""

    text: str
    is_bullet: bool = False
    unknown_format: str | None = None


class Counters:
    """The running numbers of all lists of one document; paragraphs must come in order."""

    def __init__(self, lists: Mapping[str, NumberedList]) -> None:
        self._lists = lists
        self._values: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def next_mark(self, list_id: str, depth: int) -> ListMark | None:
        """Count one paragraph of ``list_id`` at ``depth`` (from 0) and give its mark; ``None`` for no such list."""
        numbered = self._lists.get(list_id)
        if numbered is None or not 0 <= depth < LEVELS:
            return None
        level = numbered.levels.get(depth)
        if level is None:
            return None
        self._count(list_id, numbered, depth)
        if level.number_format == "bullet":
            return ListMark("", is_bullet=True)
        return self._written(numbered, level)

    def _count(self, list_id: str, numbered: NumberedList, depth: int) -> None:
        values = self._values.setdefault(numbered.definition, {})
        for above in range(depth):
            values.setdefault(above, numbered.levels.get(above, Level()).start)
        anew = depth in numbered.starts and (list_id, depth) not in self._started
        self._started.add((list_id, depth))
        values[depth] = numbered.start(depth) if anew or depth not in values else values[depth] + 1
        for below in range(depth + 1, LEVELS):
            restart = numbered.levels.get(below, Level()).restart
            if restart is None or depth < restart:
                values.pop(below, None)

    def _written(self, numbered: NumberedList, level: Level) -> ListMark:
        values = self._values[numbered.definition]
        unknown: list[str] = []

        def number(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            of = numbered.levels.get(depth, Level())
            value = values.get(depth, of.start)
            if level.legal and of.number_format != "none":
                return str(value).zfill(of.width)
            written = format_number(value, of.number_format)
            if written is None:
                unknown.append(of.number_format)
                written = str(value)
            return written.strip().zfill(of.width) if written.strip().isdecimal() else written.strip()

        text = "" if level.hidden else _PLACE.sub(number, level.text)
        return ListMark(text + _space_after(text, level.suffix), unknown_format=unknown[0] if unknown else None)


def _space_after(text: str, suffix: str) -> str:
    """One space for a tab or a space: it keeps "1." and "5亿元" apart; none after a full-width mark."""
    return "" if suffix == "nothing" or not text.strip() or text[-1] in _OWN_SPACE or text[-1].isspace() else " "
