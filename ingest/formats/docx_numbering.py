"""The numbered lists that ``numbering.xml`` defines, and the list and level of a paragraph."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.formats.docx_styles import Styles
from ingest.formats.docx_xml import as_number, attribute, child, children, choice, number, switch, value
from ingest.formats.numbering import LEVELS, Level, NumberedList

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_MARK, _MAX_WIDTH = 60, 10  # characters of a mark, digits of a number
_ARTICLE = re.compile(r"第\s*%[1-9]\s*条")
_MAX_LINKS = 8  # steps from a definition to the one that a list style names


def read_lists(root: _Element | None, styles: Styles, *, articles_run_on: bool = False) -> dict[str, NumberedList]:
    """The lists by their id; a list without a definition is left out.

    ``articles_run_on`` lets 第X条 count through all chapters, whatever the file says.
    """
    definitions = {attribute(element, "w:abstractNumId"): element for element in children(root, "w:abstractNum")}
    lists = {attribute(element, "w:numId"): element for element in children(root, "w:num")}
    found = {}
    for list_id, element in lists.items():
        definition_id = _definition(element, definitions, lists, styles)
        if list_id is not None and definition_id is not None:
            numbered = _numbered_list(element, definition_id, definitions[definition_id])
            found[list_id] = _running_on(numbered) if articles_run_on else numbered
    return found


def list_of_paragraph(
    properties: _Element | None, style_id: str | None, styles: Styles, lists: dict[str, NumberedList]
) -> tuple[str, int] | None:
    """The list and the level of a paragraph: its own, else its style's; ``None`` where it has no number."""
    own = child(properties, "w:numPr")
    list_id = value(own, "w:numId") or styles.list_of(style_id)
    numbered = lists.get(list_id or "0")
    if list_id is None or numbered is None:
        return None
    depth = number(own, "w:ilvl")
    if depth is None and value(own, "w:numId") is None:
        linked = (numbered.level_of_style(style.style_id) for style in styles.chain(style_id))
        depth = next((level for level in linked if level is not None), styles.list_depth(style_id))
    return list_id, depth or 0


def _definition(
    element: _Element, definitions: dict[str | None, _Element], lists: dict[str | None, _Element], styles: Styles
) -> str | None:
    """The definition a list uses, through list styles where the definition only names one."""
    for _ in range(_MAX_LINKS):
        definition_id = value(element, "w:abstractNumId")
        definition = definitions.get(definition_id)
        if definition is None:
            return None
        link = value(definition, "w:numStyleLink")
        linked = lists.get(styles.list_of(link)) if link else None
        if linked is None:
            return definition_id
        element = linked
    return None


def _numbered_list(element: _Element, definition_id: str, definition: _Element) -> NumberedList:
    levels = {depth: _level(level) for level in children(definition, "w:lvl") if (depth := _depth(level)) is not None}
    starts = {}
    for change in children(element, "w:lvlOverride"):
        depth = _depth(change)
        if depth is None:
            continue
        own = child(change, "w:lvl")
        if own is not None:
            levels[depth] = _level(own)
        start = number(change, "w:startOverride")
        if start is not None:
            starts[depth] = start
            levels.setdefault(depth, Level())
    return NumberedList(definition_id, levels, starts)


def _running_on(numbered: NumberedList) -> NumberedList:
    levels = {
        depth: replace(level, restart=0) if _ARTICLE.fullmatch(level.text) else level
        for depth, level in numbered.levels.items()
    }
    return replace(numbered, levels=levels)


def _depth(element: _Element) -> int | None:
    depth = as_number(attribute(element, "w:ilvl"))
    return depth if depth is not None and 0 <= depth < LEVELS else None


def _level(element: _Element) -> Level:
    format_element = child(element, "w:numFmt")
    alternates = child(element, "mc:AlternateContent")
    if format_element is None and alternates is not None:
        format_element = child(choice(alternates), "w:numFmt")
    start = number(element, "w:start")
    level = Level(
        text=(value(element, "w:lvlText") or "")[:_MAX_MARK],
        number_format=attribute(format_element, "w:val") or "decimal",
        start=1 if start is None else start,
        suffix=value(element, "w:suff") or "tab",
        restart=number(element, "w:lvlRestart"),
        legal=switch(element, "w:isLgl") or False,
        style=value(element, "w:pStyle"),
        hidden=switch(child(element, "w:rPr"), "w:vanish") or False,
    )
    pattern = (attribute(format_element, "w:format") or "").split(",")[0].strip()
    if level.number_format == "custom":  # "001, 002, 003, ...": digits of a width
        return replace(
            level, number_format="decimal", width=len(pattern) if pattern.isdigit() and len(pattern) < _MAX_WIDTH else 0
        )
    return level
