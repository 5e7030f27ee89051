"""How clauses and documents stand: links at references, who refers to a clause, whether a document is in force.

The words of a clause stay as they are; a reference in them that the knowledge base can open is made a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.records import Clause, Document, Span
from ingest.references import Reference, referring_to
from ingest.validity import Validity
from views.links import Place, href
from views.loading import Reader
from views.markup import Markup, element, join
from views.texts import Texts

SHOWN_IN_LINE = 3  # referring clauses; more are folded
MOST_DOCUMENTS = 20  # of one answer; in longer lists the references are found on the documents' pages
_NAMED_PLACE = ("no_document", "no_place", "several")


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of a clause's text that opens something."""

    span: Span
    address: str
    title: str
    go: str | None = None  # the clause on the same page


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page knows beside the clauses: references from and to them, and the validity of documents.

    ``made`` and ``received`` are by clause_id, ``titles`` and ``validities`` by doc_id. ``shown`` is the document whose
    whole text is on the page.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Sequence[Reference]] = field(default_factory=dict)
    received: Mapping[str, Sequence[Reference]] = field(default_factory=dict)
    validities: Mapping[str, Validity] = field(default_factory=dict)
    shown: str = ""


NOTHING = Standing()


def read_standing(reader: Reader, doc_ids: Iterable[str], *, as_of: str | None = None, shown: str = "") -> Standing:
    """What is known of the clauses of some documents."""
    made: dict[str, list[Reference]] = {}
    received: dict[str, Sequence[Reference]] = {}
    wanted = list(dict.fromkeys(doc_ids))
    for doc_id in wanted if len(wanted) <= MOST_DOCUMENTS else ():
        for reference in reader.references(doc_id):
            made.setdefault(reference.clause_id, []).append(reference)
        received.update(reader.referrers(doc_id))
    titles = {document.doc_id: document.title for document in reader.documents()}
    return Standing(titles, made, received, reader.validities(as_of), shown)


def links_of(clause: Clause, standing: Standing, texts: Texts) -> tuple[Link, ...]:
    """The references in a clause that can be opened."""
    return tuple(_link(each, standing, texts) for each in standing.made.get(clause.clause_id, ()) if _opens(each))


def _opens(reference: Reference) -> bool:
    if reference.state == "document":
        return True
    return bool(reference.targets) and (
        reference.targets[0].span is not None or reference.targets[0].clause_id != reference.clause_id
    )


def _link(reference: Reference, standing: Standing, texts: Texts) -> Link:
    doc_id = reference.doc_id or ""
    target = reference.targets[0] if reference.targets else None
    marks = (target.span,) if target and target.span else ()
    place = Place(texts.language, "document", doc_id=doc_id, clause_id=target.clause_id if target else "", marks=marks)
    name = f"《{standing.titles.get(doc_id, doc_id)}》{reference.to_place}"
    title = texts.say("reference.open", place=name)
    if reference.newer_text:
        title += texts.say("reference.newer", day=reference.newer_text)
    go = target.clause_id if target and not marks and doc_id == standing.shown else None
    return Link(reference.span, href(place), title, go)


def linked(text: str, start: int, links: Sequence[Link]) -> Markup:
    """A stretch of a clause that begins at ``start``, with the links in it; nothing added to the words or lost."""
    parts: list[Markup | str] = []
    done = 0
    for link in links:
        begin, end = max(link.span.start - start, done), min(link.span.end - start, len(text))
        if begin < end:
            parts += [text[done:begin], _anchor(text[begin:end], link)]
            done = end
    return join(*parts, text[done:])


def _anchor(words: str, link: Link) -> Markup:
    return element("a", words, href=link.address, title=link.title, class_="kb-reference", data_go=link.go)


def references_view(clause: Clause, standing: Standing, texts: Texts) -> Markup:
    """Who refers to the clause, and which of its own references open nothing and why."""
    return join(_referrers(clause, standing, texts), _unopened(clause, standing, texts))


def _referrers(clause: Clause, standing: Standing, texts: Texts) -> Markup:
    rows = {row.clause_id: row for row in referring_to(clause, standing.received)}
    if not rows:
        return Markup("")
    links = [element("li", _from(row, clause, standing, texts)) for row in rows.values()]
    listed = element("ul", *links)
    if len(links) > SHOWN_IN_LINE:
        summary = element("summary", texts.say("reference.referrers_folded", count=len(links)))
        return element("details", summary, listed, class_="kb-referrers")
    label = element("span", texts.say("reference.referrers"))
    return element("div", label, listed, class_="kb-referrers")


def _from(row: Reference, clause: Clause, standing: Standing, texts: Texts) -> Markup:
    doc_id = row.clause_id.partition(".")[0]
    place = Place(texts.language, "document", doc_id=doc_id, clause_id=row.clause_id, marks=(row.span,))
    here = doc_id == clause.doc_id
    name = row.from_place if here else f"《{standing.titles.get(doc_id, doc_id)}》{row.from_place}"
    return element("a", name, href=href(place))


def _unopened(clause: Clause, standing: Standing, texts: Texts) -> Markup:
    rows = [row for row in standing.made.get(clause.clause_id, ()) if _is_told(row)]
    words = dict.fromkeys(texts.say("reference.told", words=_named(row), why=_why(row, texts)) for row in rows)
    return element("p", *(element("span", each) for each in words), class_="kb-unopened") if words else Markup("")


def _named(row: Reference) -> str:
    """The words of a reference, with the document's name where that stands only before them."""
    words = " ".join(row.words.split())
    return words if "《" in words or not row.title else f"《{row.title}》{words}"


def _is_told(row: Reference) -> bool:
    """A place that cannot be opened, or not for certain; names alone (forms, books, journals) are no clause."""
    named = row.words.rstrip().endswith(("》", "）", ")")) and row.state == "no_document"
    return bool(row.newer_text and row.targets) or (row.state in _NAMED_PLACE and not named)


def _why(row: Reference, texts: Texts) -> str:
    if row.newer_text and row.targets:
        return texts.say("reference.newer_why", day=row.newer_text)
    return texts.say(f"reference.{row.state}")


def as_on_the_day(document: Document, standing: Standing) -> Document:
    """The document with its status on the day, so that its facts do not say another."""
    validity = standing.validities.get(document.doc_id)
    return replace(document, status=validity.status) if validity else document


def validity_badge(doc_id: str, standing: Standing, texts: Texts) -> Markup:
    """The status of a document on the day as a badge; empty where nothing is known of it."""
    validity = standing.validities.get(doc_id)
    if validity is None:
        return Markup("")
    style = f"kb-badge kb-badge-{'outdated' if validity.is_outdated else validity.status.replace('_', '-')}"
    return element("span", texts.say(f"validity.{validity.status}"), class_=style)


def validity_line(doc_id: str, standing: Standing, texts: Texts) -> Markup:
    """Since when a document is no longer, or not yet, in force, and what took its place; empty where it applies."""
    validity = standing.validities.get(doc_id)
    if validity is None or not validity.is_outdated:
        return Markup("")
    words = ""
    if validity.earlier_text:
        words = texts.say("validity.earlier_text", day=validity.until)
    elif validity.status == "not_yet" and validity.until:
        words = texts.say("validity.from", day=validity.until)
    elif validity.since:
        words = texts.say("validity.since", day=validity.since, status=texts.say(f"validity.{validity.status}"))
    by = validity.replaced_by
    link = Markup("")
    if by is not None:
        address = href(Place(texts.language, "document", doc_id=by))
        named = element("a", f"《{standing.titles.get(by, by)}》", href=address)
        link = join(texts.say("validity.replaced"), named)
    quote = element("span", f"“{validity.quote}”", class_="kb-validity-quote") if validity.quote else Markup("")
    return element("p", words, link, quote, class_="kb-validity") if words or link else Markup("")
