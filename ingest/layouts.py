"""What the outline of a document is read from besides its source, kept so that it can be read again without the file.

A correction must take effect at once, and the file it came from may be on another machine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from ingest import rows
from ingest.facts import FactsOverride
from ingest.healing import Healed
from ingest.records import ParsedDocument, Span


@dataclass(frozen=True, slots=True)
class Layout:
    """A healed text and the facts stated beside it. ``unbroken``: what looks like a broken end is known to be none."""

    healed: Healed
    override: FactsOverride
    unbroken: bool = False


def layout_text(layout: Layout) -> str:
    """``layout`` as JSON, without the source."""
    healed = layout.healed
    stated = {name: value for name, value in asdict(layout.override).items() if value}
    content = {
        "lines": healed.line_starts,
        "notices": [rows.notice_row(notice) for notice in healed.notices],
        "told": healed.told,
        "announced_cut": healed.announced_cut,
        "headings": healed.headings,
        "tables": [[span.start, span.end] for span in healed.tables],
        "pages": healed.page_starts,
        "title": healed.title,
        "facts": stated | ({"unknown": sorted(layout.override.unknown)} if layout.override.unknown else {}),
        "unbroken": layout.unbroken,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def layout_of(parsed: ParsedDocument) -> Layout | None:
    """What the outline of ``parsed`` was read from, ``None`` where an older program read it."""
    if not parsed.layout:
        return None
    content = json.loads(parsed.layout)
    stated = content["facts"]
    stated["notes"] = tuple(stated.get("notes", ()))
    stated["unknown"] = frozenset(stated.get("unknown", ()))
    healed = Healed(
        text=parsed.source,
        line_starts=tuple((start, line) for start, line in content["lines"]),
        notices=tuple(rows.notice_from(row) for row in content["notices"]),
        told=content["told"],
        announced_cut=content["announced_cut"],
        headings=tuple((offset, depth) for offset, depth in content["headings"]),
        tables=tuple(Span(start, end) for start, end in content["tables"]),
        page_starts=tuple(content["pages"]),
        title=content["title"],
    )
    return Layout(healed, FactsOverride(**stated), content["unbroken"])


def known_unbroken(parsed: ParsedDocument) -> ParsedDocument:
    """``parsed`` without the notice that its text breaks off, now and when its outline is read again."""
    layout = layout_of(parsed)
    broken = {notice.message for notice in parsed.notices if notice.kind == "truncated"}
    return replace(
        parsed,
        document=replace(parsed.document, notes=tuple(note for note in parsed.document.notes if note not in broken)),
        notices=tuple(notice for notice in parsed.notices if notice.kind != "truncated"),
        layout=layout_text(replace(layout, unbroken=True)) if layout else "",
    )
