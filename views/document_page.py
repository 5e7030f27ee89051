"""The document view: the whole text with an outline beside it, and the list of documents."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.errors import UnknownDocument
from ingest.records import Clause, Document, Notice
from views.cards import link_button
from views.facts import fact_list, notice_panel, validity_flag, warning_panel
from views.frame import show, title_tab
from views.links import Place, href
from views.loading import Reader
from views.markup import Markup, element
from views.outline import outline_view, text_view
from views.standing import NOTHING, Standing, as_on_the_day, read_standing, validity_badge, validity_line
from views.texts import Texts


def show_document_page(reader: Reader, place: Place, texts: Texts) -> None:
    """Draw one document with the clause of the address opened."""
    try:
        document = reader.document(place.doc_id)
    except UnknownDocument:
        show(unknown_document(place, texts))
        return
    title_tab(document.title, texts)
    clauses, notices = reader.outline(place.doc_id), reader.notices(place.doc_id)
    standing = read_standing(reader, [place.doc_id], shown=place.doc_id)
    show(document_view(document, reader.source(place.doc_id), clauses, notices, place, texts, standing))


def document_view(
    document: Document,
    source: str,
    clauses: Sequence[Clause],
    notices: Sequence[Notice],
    place: Place,
    texts: Texts,
    standing: Standing = NOTHING,
) -> Markup:
    """The whole page of one document."""
    outline = outline_view(clauses, place.clause_id, texts)
    folded = element("details", element("summary", texts.say("document.outline")), outline, class_="kb-outline-folded")
    aside = element("nav", outline, class_="kb-outline", aria_label=texts.say("document.outline"))
    body = element(
        "div",
        _head(document, place, texts, standing),
        _lost_clause(clauses, place, texts),
        warning_panel(document, notices, texts),
        folded,
        text_view(document, source, clauses, place, texts, _corrected(notices), standing=standing),
        notice_panel(notices, texts),
    )
    return element("div", aside, body, class_="kb-reading")


def _corrected(notices: Sequence[Notice]) -> frozenset[int]:
    """Where a person put the outline right."""
    return frozenset(each.offset for each in notices if each.kind == "corrected" and each.offset is not None)


def _head(document: Document, place: Place, texts: Texts, standing: Standing) -> Markup:
    file = element("p", texts.say("document.file", name=document.source_file), class_="kb-muted")
    whole = Place(texts.language, "document", doc_id=document.doc_id)
    target = href(Place(texts.language, "correct", doc_id=document.doc_id, clause_id=place.clause_id))
    correct = element("a", texts.say("document.correct"), href=target, class_="kb-button")
    actions = element("div", link_button(texts.say("answer.share"), whole, texts), correct, class_="kb-actions")
    flag = validity_badge(document.doc_id, standing, texts) or validity_flag(document, texts)
    title, line = element("h1", document.title, flag), validity_line(document.doc_id, standing, texts)
    return element(
        "header",
        title,
        line,
        fact_list(as_on_the_day(document, standing), texts),
        file,
        actions,
        class_="kb-document-head",
    )


def _lost_clause(clauses: Sequence[Clause], place: Place, texts: Texts) -> Markup:
    if not place.clause_id or any(clause.clause_id == place.clause_id for clause in clauses):
        return Markup("")
    words = texts.say("document.unknown_clause", clause=place.clause_id)
    return element("aside", element("p", words), class_="kb-panel kb-warning")


def unknown_document(place: Place, texts: Texts) -> Markup:
    """The friendly page for an address that names no document on hand."""
    title = element("h2", texts.say("document.unknown_title"), class_="kb-panel-title")
    lead = element("p", texts.say("document.unknown_lead", doc=place.doc_id))
    back = element("a", texts.say("document.back"), href=href(Place(texts.language, "documents")), class_="kb-button")
    return element("div", title, lead, element("div", back, class_="kb-actions"), class_="kb-panel kb-refusal")


def show_documents_page(reader: Reader, texts: Texts) -> None:
    """Draw the list of documents."""
    documents = reader.documents()
    counts = {each.doc_id: _clause_count(reader.outline(each.doc_id)) for each in documents}
    show(documents_view(documents, counts, texts, read_standing(reader, ())))


def _clause_count(clauses: Sequence[Clause]) -> int:
    return sum(clause.kind == "clause" for clause in clauses)


def documents_view(
    documents: Sequence[Document], counts: dict[str, int], texts: Texts, standing: Standing = NOTHING
) -> Markup:
    """Every document with its facts and the number of its clauses."""
    words = texts.say("documents.lead", count=len(documents)) if documents else texts.say("documents.empty")
    heading = element("div", element("h1", texts.say("documents.title")), element("p", words), class_="kb-hero")
    cards = [_document_card(each, counts[each.doc_id], texts, standing) for each in documents]
    return element("section", heading, *cards, _how_to_add(texts), class_="kb-answer")


def _how_to_add(texts: Texts) -> Markup:
    """What somebody does who has a file that is not on the list."""
    return element(
        "aside",
        element("h2", texts.say("documents.add_title"), class_="kb-panel-title"),
        element("p", texts.say("documents.add_lead")),
        element("p", element("code", texts.say("documents.add_command"))),
        element("p", texts.say("documents.add_after"), class_="kb-muted"),
        class_="kb-panel",
    )


def _document_card(document: Document, count: int, texts: Texts, standing: Standing) -> Markup:
    place = Place(texts.language, "document", doc_id=document.doc_id)
    title = element("a", document.title, href=href(place), class_="kb-doc-link")
    size = element("p", texts.say("document.clauses", count=count), class_="kb-muted")
    flag = validity_badge(document.doc_id, standing, texts) or validity_flag(document, texts)
    heading = element("h2", title, flag, class_="kb-doc-title")
    line = validity_line(document.doc_id, standing, texts)
    notes = element("ul", *(element("li", note) for note in document.notes), class_="kb-notes")
    parts = (
        heading,
        line,
        size,
        fact_list(as_on_the_day(document, standing), texts),
        notes if document.notes else Markup(""),
    )
    return element("article", *parts, class_="kb-card")
