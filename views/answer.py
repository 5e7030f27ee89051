"""An answer as HTML: the summary with its counts and cards, or the refusal with the nearest clauses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import get_args

from ingest.records import Modality, Requirement
from qa.records import Answer, Citation
from qa.wording import Wording
from views.cards import chip, citation_groups, copy_button, link_button, measures, near_card
from views.case_view import case_sections
from views.links import Place, href
from views.markup import Markup, element, join
from views.standing import NOTHING, Standing
from views.texts import Texts

_OTHERS = (each for each in get_args(Modality) if not each.startswith("must"))
_STRENGTHS = ("must", "must_not", "penalty", "directive", *_OTHERS)
# A sentence ends with 。 or with a point before a blank and a capital letter, so that "1. 健全" goes on.
_FIRST_SENTENCE = re.compile(r".*?(?:。”?|[.](?=\s+[A-Z]))", re.DOTALL)
_LONG_SENTENCE = 120  # characters; longer than this, large type is hard to read
_JUMP_FOLDED_FROM = 13  # more than two lines of buttons push the answer off the screen
# By route: the title, what the near clauses are, their tag, and whether their words are marked.
_REFUSED = {
    "refused": ("refusal.title", "near", "tag", False),
    "section_missing": ("refusal.title_section", "mentions", "tag_section", True),
    "not_in_force": ("refusal.title_outdated", "outdated", "tag_outdated", True),
}
_JUMP_FROM = 3  # fewer cards than this are seen at a glance


def answer_view(answer: Answer, place: Place, texts: Texts, note: str = "", standing: Standing = NOTHING) -> Markup:
    """The whole answer; ``note`` says within which documents it was sought."""
    if not answer.answered:
        return refusal_view(answer, texts, note, standing)
    cited = {citation.clause.clause_id for citation in answer.citations}
    orphans = [each for each in answer.requirements if each.clause_id not in cited]
    return element(
        "section",
        _summary(answer, place, texts, note),
        case_sections(answer, texts, standing)
        if answer.facts
        else citation_groups(answer.citations, answer.requirements, texts, standing),
        _orphans(orphans, texts),
        class_="kb-answer",
    )


def counts(answer: Answer, texts: Texts) -> str:
    """How many requirements, clauses and documents the answer holds, in a phrase."""
    clauses = len(answer.citations)
    documents = len({citation.document.doc_id for citation in answer.citations})
    if answer.requirements:
        phrase = texts.say("answer.count", requirements=len(answer.requirements), clauses=clauses)
    else:
        phrase = texts.say("answer.count_clauses", clauses=clauses)
    return phrase + (texts.say("answer.count_documents", documents=documents) if documents > 1 else "")


def _summary(answer: Answer, place: Place, texts: Texts, note: str) -> Markup:
    references = "\n".join(citation.reference for citation in answer.citations)
    copy_all = copy_button(texts.say("answer.copy_all"), references, texts) if len(answer.citations) > 1 else Markup("")
    share = link_button(texts.say("answer.share"), place, texts)
    tally = element("p", counts(answer, texts), class_="kb-count")
    return element(
        "header",
        summary_lines(answer.summary),
        _written(answer, texts),
        element("div", tally, strengths(answer.requirements, texts), class_="kb-tally"),
        element("p", note, class_="kb-muted") if note else Markup(""),
        element("div", share, copy_all, class_="kb-actions"),
        _jumps(answer.citations, texts),
        class_="kb-summary",
    )


def summary_lines(summary: str) -> Markup:
    """The summary: its first sentence large, what follows in plain size."""
    found = _FIRST_SENTENCE.match(summary)
    first = found.group() if found else summary
    rest = summary[len(first) :].strip()
    style = "kb-summary-text kb-verbatim" + (" kb-summary-long" if len(first) > _LONG_SENTENCE else "")
    more = element("p", rest, class_="kb-summary-more kb-verbatim") if rest else Markup("")
    return join(element("p", first.strip(), class_=style), more)


def _written(answer: Answer, texts: Texts) -> Markup:
    """A language model's sentences with the clauses they cite, said to be such."""
    if not answer.written:
        return Markup("")
    places = {citation.clause.clause_id: citation.clause.locator for citation in answer.citations}
    rows = [
        element(
            "li",
            element("span", each.text, class_="kb-verbatim"),
            *(element("button", places[key], type="button", data_jump=key) for key in each.clause_ids),
        )
        for each in answer.written
    ]
    label = element("p", Wording(texts.language).say("written_label"), class_="kb-muted")
    return element("div", label, element("ul", *rows, class_="kb-notes"), class_="kb-written")


def strengths(requirements: Sequence[Requirement], texts: Texts) -> Markup:
    """How many requirements there are of each binding strength."""
    tally = Counter(each.strength for each in requirements)
    items = [element("li", chip(each, texts), f" {tally[each]}") for each in _STRENGTHS if tally[each]]
    return element("ul", *items, class_="kb-strengths") if items else Markup("")


def _jumps(citations: Sequence[Citation], texts: Texts) -> Markup:
    if len(citations) < _JUMP_FROM:
        return Markup("")
    links = [
        element("li", element("button", each.clause.locator, type="button", data_jump=each.clause.clause_id))
        for each in citations
    ]
    jumps: Markup = element("ol", *links)
    if len(citations) >= _JUMP_FOLDED_FROM:
        summary = element("summary", texts.say("answer.jump_folded", count=len(citations)))
        jumps = element("details", summary, jumps)
    return element("nav", jumps, class_="kb-jumps", aria_label=texts.say("answer.jump"))


def _orphans(requirements: Sequence[Requirement], texts: Texts) -> Markup:
    if not requirements:
        return Markup("")
    rows = [
        element(
            "div",
            element("div", chip(each.strength, texts), class_="kb-gutter"),
            element("div", element("p", element("mark", each.sentence), class_="kb-verbatim"), measures(each, texts)),
            class_="kb-row",
        )
        for each in requirements
    ]
    title = element("h2", texts.say("answer.sentence_only"), class_="kb-doc-title")
    return element("section", title, element("article", *rows, class_="kb-card"), class_="kb-group")


def refusal_view(answer: Answer, texts: Texts, note: str = "", standing: Standing = NOTHING) -> Markup:
    """That the documents do not say, why, and the nearest clauses, which are not the answer."""
    title = texts.say(_REFUSED.get(answer.route, _REFUSED["refused"])[0])
    lines = [line for line in (answer.summary, answer.reason) if line and line != title]
    body = [element("p", line, class_="kb-verbatim") for line in dict.fromkeys(lines)]
    if note:
        body.append(element("p", note, class_="kb-muted"))
    body.append(element("p", texts.say("refusal.advice"), class_="kb-muted"))
    documents = href(Place(texts.language, "documents"))
    link = element("a", texts.say("refusal.documents"), href=documents, class_="kb-button")
    body.append(element("div", link, class_="kb-actions"))
    panel = element("div", element("h2", title, class_="kb-panel-title"), *body, class_="kb-panel kb-refusal")
    return element("section", panel, _near(answer, texts, standing), class_="kb-answer")


def _near(answer: Answer, texts: Texts, standing: Standing) -> Markup:
    if not answer.near_misses:
        return Markup("")
    _, kind, tag, marked = _REFUSED.get(answer.route, _REFUSED["refused"])
    cards = [
        near_card(each, texts.say(f"refusal.{tag}"), texts, marked=marked, standing=standing)
        for each in answer.near_misses
    ]
    title = element("h2", texts.say(f"refusal.{kind}"), class_="kb-doc-title")
    lead = element("p", texts.say(f"refusal.{kind}_lead"), class_="kb-muted")
    return join(element("header", title, lead, class_="kb-near-title"), *cards)
