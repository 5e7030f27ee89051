"""Citation cards: a clause with its place, its marked sentences and the buttons to take it away."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ingest.records import Clause, Document, Requirement
from qa.records import Citation
from views.facts import fact_list, validity_flag
from views.links import Place, clause_place, href
from views.markup import Markup, element, join, packed
from views.segments import Segment, cut, trimmed
from views.standing import (
    NOTHING,
    Link,
    Standing,
    as_on_the_day,
    linked,
    links_of,
    references_view,
    validity_badge,
    validity_line,
)
from views.texts import Language, Texts

_MEASURES = ("subject", "frequency", "quantity", "deadline")
_UNITS = ("lead_units", "support_units")
EMPTY = Markup("")


def chip(strength: str, texts: Texts) -> Markup:
    """The binding strength as a labelled chip."""
    return element("span", texts.say(f"modality.{strength}"), class_=f"kb-chip kb-{strength.replace('_', '-')}")


def copy_button(label: str, text: str, texts: Texts, *, style: str = "") -> Markup:
    """A button that puts ``text`` on the clipboard and says so."""
    done, failed = texts.say("answer.copied"), texts.say("answer.copy_failed")
    classes = f"kb-button {style}".strip()
    return element(
        "button", label, type="button", class_=classes, data_copy=packed(text), data_done=done, data_failed=failed
    )


def link_button(label: str, place: Place, texts: Texts) -> Markup:
    """A link that copies its own full address; without scripts it is an ordinary link."""
    done, failed = texts.say("answer.copied"), texts.say("answer.copy_failed")
    return element(
        "a",
        label,
        href=href(place),
        class_="kb-button",
        role="button",
        data_copy_link=True,
        data_done=done,
        data_failed=failed,
    )


def quotation(citation: Citation) -> str:
    """A citation with its quoted words, as staff paste it into a text."""
    return f"“{citation.quote}”（{citation.reference}）"


def document_head(document: Document, texts: Texts, standing: Standing = NOTHING) -> Markup:
    """A document's title, linked, with its facts: stands once above the cards that cite it."""
    place = Place(texts.language, "document", doc_id=document.doc_id)
    title = element("a", f"《{document.title}》", href=href(place), class_="kb-doc-link")
    flag = validity_badge(document.doc_id, standing, texts) or validity_flag(document, texts)
    heading = element("h2", title, flag, class_="kb-doc-title")
    line = validity_line(document.doc_id, standing, texts)
    return element("header", heading, line, fact_list(as_on_the_day(document, standing), texts), class_="kb-doc-head")


def citation_groups(
    citations: Sequence[Citation],
    requirements: Sequence[Requirement],
    texts: Texts,
    standing: Standing = NOTHING,
) -> Markup:
    """The cards of an answer, those of one document together under its title and facts."""
    groups = []
    for _, members in groupby(citations, key=lambda each: each.document.doc_id):
        cited = list(members)
        befores = [None, *(each.clause.lead_in for each in cited)]
        cards = [
            citation_card(each, requirements, texts, lead_in_before=before, standing=standing)
            for each, before in zip(cited, befores, strict=False)
        ]
        groups.append(element("section", document_head(cited[0].document, texts, standing), *cards, class_="kb-group"))
    return join(*groups)


def citation_card(
    citation: Citation,
    requirements: Sequence[Requirement],
    texts: Texts,
    *,
    lead_in_before: str | None = None,
    standing: Standing = NOTHING,
    source: Markup = EMPTY,
    note: Markup = EMPTY,
) -> Markup:
    """A clause that answers: the whole text, its answering sentences marked, strength beside each requirement.

    ``lead_in_before`` is the lead-in of the card above; the same again is folded. ``source`` names the document on
    the card itself, ``note`` stands below the text.
    """
    own = [each for each in requirements if each.clause_id == citation.clause.clause_id]
    segments = cut(citation.clause.text, citation.clause.body_start, citation.quotes, own)
    links = links_of(citation.clause, standing, texts)
    body = _rows(segments, citation.clause, texts, links) if own else _flowing(segments, links)
    introduction = lead_in(citation.clause, texts, folded=citation.clause.lead_in == lead_in_before)
    around = references_view(citation.clause, standing, texts)
    head = clause_head(citation.clause, texts, _outdated_badge(citation, standing, texts))
    parts = (source, head, introduction, body, note, around, _actions(citation, texts))
    return element("article", *parts, class_="kb-card", data_clause=citation.clause.clause_id)


def _outdated_badge(citation: Citation, standing: Standing, texts: Texts) -> Markup:
    """On a card the status stands only where it warns; above the cards of a document it always does."""
    validity = standing.validities.get(citation.clause.doc_id)
    outdated = validity is not None and validity.is_outdated
    return validity_badge(citation.clause.doc_id, standing, texts) if outdated else Markup("")


def near_card(citation: Citation, tag: str, texts: Texts, *, marked: bool, standing: Standing = NOTHING) -> Markup:
    """A clause that does not answer: muted, tagged, its document named on the card.

    ``marked`` shows its quoted words, for a clause that names what was asked for.
    """
    quotes = citation.quotes if marked else ()
    flag = element("span", tag, class_="kb-not-answer")
    badge = validity_badge(citation.document.doc_id, standing, texts)
    source = element("p", f"《{citation.document.title}》", badge, class_="kb-near-source")
    line = validity_line(citation.document.doc_id, standing, texts)
    segments = cut(citation.clause.text, citation.clause.body_start, quotes)
    opened = href(clause_place(citation.clause, texts.language, quotes))
    link = element("a", texts.say("answer.open"), href=opened, class_="kb-button")
    head = element("div", clause_head(citation.clause, texts), flag, class_="kb-near-head")
    actions = element("div", link, class_="kb-actions")
    text = _flowing(segments, links_of(citation.clause, standing, texts))
    return element("article", head, source, line, text, actions, class_="kb-card kb-near")


def clause_head(clause: Clause, texts: Texts, badge: Markup | None = None) -> Markup:
    """The path of enclosing headings and the locator as staff write it."""
    steps = [element("li", step) for step in clause.breadcrumb[:-1]]
    label = texts.say("answer.path")
    path = element("ol", *steps, class_="kb-path", aria_label=label) if steps else Markup("")
    page = element("span", texts.say("answer.page", page=clause.page), class_="kb-muted") if clause.page else Markup("")
    return element(
        "div",
        path,
        element("h3", clause.locator, page, badge or Markup(""), class_="kb-locator"),
        class_="kb-card-head",
    )


def lead_in(clause: Clause, texts: Texts, *, folded: bool = False) -> Markup:
    """The words that introduce the list this clause stands in; empty for none."""
    if not clause.lead_in:
        return Markup("")
    if folded:
        summary = element("summary", texts.say("answer.lead_in_again"))
        return element("details", summary, element("p", clause.lead_in, class_="kb-verbatim"), class_="kb-lead-in")
    label = element("span", texts.say("answer.lead_in"), class_="kb-kind")
    return element("p", label, clause.lead_in, class_="kb-lead-in kb-verbatim")


def marked_text(segments: Sequence[Segment], links: Sequence[Link] = ()) -> Markup:
    """Segments as running text: heading strong, quotations marked, references linked, nothing added or lost."""
    return join(*(_inline(segment, links) for segment in segments))


def _inline(segment: Segment, links: Sequence[Link]) -> Markup:
    words = linked(segment.text, segment.start, links)
    text: str = element("mark", words) if segment.quoted else words
    return element("strong", text) if segment.head else join(text)


def _flowing(segments: Sequence[Segment], links: Sequence[Link] = ()) -> Markup:
    return element("p", marked_text(trimmed(segments), links), class_="kb-text kb-verbatim")


def _rows(segments: Sequence[Segment], clause: Clause, texts: Texts, links: Sequence[Link]) -> Markup:
    shown = [segment for segment in segments if segment.text.strip()]
    # A mark without a heading ("第十七条", "（一）") stands before the first words, not in a row of its own.
    bare = len(shown) > 1 and shown[0].head and bool(clause.path) and not clause.path[-1].title
    first = _row(shown[1], texts, links, mark=shown[0]) if bare else Markup("")
    rows = [_row(segment, texts, links) for segment in shown[2 * bare :]]
    return element("div", first, *rows, class_=f"kb-rows kb-rows-{texts.language}")


def _row(segment: Segment, texts: Texts, links: Sequence[Link], *, mark: Segment | None = None) -> Markup:
    strengths = dict.fromkeys(each.strength for each in segment.requirements)
    chips = element("div", *(chip(each, texts) for each in strengths), class_="kb-gutter")
    words = marked_text(trimmed((mark, segment) if mark else (segment,)), links)
    facts = [measures(each, texts) for each in segment.requirements]
    text = element("div", element("p", words, class_="kb-verbatim"), *facts)
    return element("div", chips, text, class_="kb-row" if segment.quoted else "kb-row kb-context")


def measures(requirement: Requirement, texts: Texts) -> Markup:
    """Who, how often, how many, by when, lead and supporting units; empty where the sentence says none."""
    values = [(name, getattr(requirement, name)) for name in _MEASURES]
    values += [(name, "、".join(getattr(requirement, name))) for name in _UNITS]
    items = [element("li", element("span", texts.say(f"requirement.{name}")), value) for name, value in values if value]
    return element("ul", *items, class_="kb-measures") if items else Markup("")


def _actions(citation: Citation, texts: Texts) -> Markup:
    language: Language = texts.language
    opened = href(clause_place(citation.clause, language, citation.quotes))
    return element(
        "div",
        element("a", texts.say("answer.open"), href=opened, class_="kb-button"),
        copy_button(texts.say("answer.copy_citation"), citation.reference, texts),
        copy_button(texts.say("answer.copy_quote"), quotation(citation), texts),
        class_="kb-actions",
    )
