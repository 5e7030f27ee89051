"""A case as HTML: each fact with the clauses that apply to it, and what each clause does and needs."""

from __future__ import annotations

from qa.records import Answer, AppliedClause, CaseFact
from qa.wording import Wording
from views.cards import citation_card
from views.links import Place, href
from views.markup import Markup, element, join
from views.standing import NOTHING, Standing, validity_badge
from views.texts import Texts

_CHIPS = {"penalty": "kb-penalty"}


def case_sections(answer: Answer, texts: Texts, standing: Standing = NOTHING) -> Markup:
    """One section a fact, in the order of the telling; a clause that stood above is named, not shown again."""
    shown: set[str] = set()
    sections = []
    for number, fact in enumerate(answer.facts, 1):
        sections.append(_fact(number, fact, answer, shown, texts, standing))
        shown.update(applied.citation.clause.clause_id for applied in fact.clauses)
    return join(*sections)


def _fact(number: int, fact: CaseFact, answer: Answer, shown: set[str], texts: Texts, standing: Standing) -> Markup:
    title = element("h2", texts.say("case.fact", number=number), class_="kb-told-title")
    head = element("header", title, element("p", fact.text, class_="kb-told kb-verbatim"), class_="kb-told-head")
    cards = [_card(applied, answer, shown, texts, standing) for applied in fact.clauses]
    none = element("p", Wording(texts.language).say("case_no_clause"), class_="kb-muted")
    return element("section", head, *(cards or [none]), class_="kb-group")


def _card(applied: AppliedClause, answer: Answer, shown: set[str], texts: Texts, standing: Standing) -> Markup:
    wording = Wording(texts.language)
    if applied.citation.clause.clause_id in shown:
        return element("p", texts.say("case.above", reference=applied.citation.reference), class_="kb-muted")
    source, note = _source(applied, wording, texts, standing), _note(applied, wording)
    return citation_card(applied.citation, answer.requirements, texts, standing=standing, source=source, note=note)


def _source(applied: AppliedClause, wording: Wording, texts: Texts, standing: Standing) -> Markup:
    """The document's title, linked, with its rank and whether it is in force."""
    document = applied.citation.document
    place = Place(texts.language, "document", doc_id=document.doc_id)
    title = element("a", f"《{document.title}》", href=href(place), class_="kb-doc-link")
    rank = element("span", wording.rank(document.rank), class_="kb-kind kb-rank")
    return element("p", title, rank, validity_badge(document.doc_id, standing, texts), class_="kb-source")


def _note(applied: AppliedClause, wording: Wording) -> Markup:
    """What the clause does to the case, its words for it, and what it needs besides."""
    chips = [
        element("span", wording.effect(each), class_=f"kb-chip {_CHIPS.get(each, 'kb-' + each.replace('_', '-'))}")
        for each in applied.effects
    ]
    lines = [element("p", *chips, class_="kb-effects")]
    if applied.matched:
        words = wording.joined(f"“{word}”" for word in applied.matched)
        lines.append(element("p", wording.say("case_matched", words=words), class_="kb-muted"))
    if applied.needs:
        needs = wording.joined(f"“{need}”" for need in applied.needs)
        lines.append(element("p", wording.say("case_needs", needs=needs), class_="kb-needs"))
    return element("div", *lines, class_="kb-applied")
