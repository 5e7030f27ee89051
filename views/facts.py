"""A document's facts and its reading notes, as staff read them; what is unknown is said."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Document, Notice
from views.markup import Markup, element, join
from views.texts import Texts

_DATED = ("issuer", "doc_number", "issued_on", "effective_on")
# Kinds that change what a reader may rely on; the others only say how the text was tidied.
_WARNING_KINDS = ("truncated", "gap", "unplaced", "lapsed")


def fact_list(document: Document, texts: Texts) -> Markup:
    """Issuer, number, dates, status and kind; an expiry date only where there is one."""
    rows = [(name, getattr(document, name)) for name in _DATED]
    if document.expires_on:
        rows.append(("expires_on", document.expires_on))
    status = None if document.status == "unknown" else texts.say(f"status.{document.status}")
    rank = None if document.rank == "unknown" else texts.say(f"rank.{document.rank}")
    rows += [("status", status), ("rank", rank)]
    cells = [_fact(texts.say(f"facts.{name}"), value, texts) for name, value in rows]
    return element("dl", *cells, class_="kb-facts", aria_label=texts.say("facts.label"))


def _fact(name: str, value: str | None, texts: Texts) -> Markup:
    shown = value or texts.say("facts.unknown")
    style = "kb-fact" if value else "kb-fact kb-unknown"
    return element("div", element("dt", name), element("dd", shown), class_=style)


def validity_flag(document: Document, texts: Texts) -> Markup:
    """A flag beside the title of a document that does not simply apply; empty for one in force or unknown."""
    if document.status in ("in_force", "unknown"):
        return Markup("")
    return element("span", texts.say(f"status.{document.status}"), class_="kb-flag")


def warning_panel(document: Document, notices: Sequence[Notice], texts: Texts) -> Markup:
    """What a reader must know about the text: the document's notes and the serious notices, in the open."""
    serious = [notice.message for notice in notices if notice.kind in _WARNING_KINDS]
    lines = list(dict.fromkeys([*document.notes, *serious]))
    if not lines:
        return Markup("")
    items = [element("li", line) for line in lines]
    title = element("p", texts.say("document.notes"), class_="kb-panel-title")
    return element("aside", title, element("ul", *items, class_="kb-notes"), class_="kb-panel kb-warning")


def notice_panel(notices: Sequence[Notice], texts: Texts) -> Markup:
    """Everything ingest did to the text, folded."""
    if not notices:
        return Markup("")
    items = [_notice(notice, texts) for notice in notices]
    summary = element("summary", texts.say("document.notices", count=len(notices)))
    lead = element("p", texts.say("document.notices_lead"), class_="kb-muted")
    return element("details", summary, lead, element("ul", *items), class_="kb-notices")


def _notice(notice: Notice, texts: Texts) -> Markup:
    kind = element("span", texts.say(f"notice.{notice.kind}"), class_="kb-kind")
    line = f"（{texts.say('document.line', line=notice.line)}）" if notice.line else ""
    return element("li", kind, join(notice.message, line))
