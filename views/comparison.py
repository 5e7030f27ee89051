"""A comparison as HTML: what has no counterpart first, then clause by clause with the changed words marked."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Clause
from qa.changes import Change
from qa.comparison.records import Comparison, Obligation, Pair, Shift, Text
from qa.comparison.report import kind_words, nearest_words, overview, phrases, place_of, shift_words
from qa.phrases import Phrases
from views.cards import chip
from views.links import clause_place, href
from views.markup import Markup, element, join
from views.texts import Texts

LOW = 0.6  # of 0..1: below it a pair asks for a second look
_STYLE = {"tightened": "kb-tightened", "loosened": "kb-loosened", "changed": "kb-shifted"}


def comparison_view(comparison: Comparison, texts: Texts) -> Markup:
    """The whole comparison; what has not changed is folded at the end."""
    words = phrases(texts.language)
    lines = [element("p", line) for line in overview(comparison, words)]
    head = element("section", *lines, class_="kb-check-summary", role="status")
    changed = [pair for pair in comparison.pairs if pair.kind != "same" or pair.movement]
    same = [pair for pair in comparison.pairs if pair.kind == "same" and not pair.movement]
    parts = [head, *_obligation_sections(comparison, words, texts)]
    title = element("h2", texts.say("compare.pairs", count=len(changed)))
    parts.append(element("section", title, *(pair_card(each, comparison, words, texts) for each in changed)))
    if same:
        summary = element("summary", texts.say("compare.same", count=len(same)))
        rows = [pair_card(each, comparison, words, texts) for each in same]
        parts.append(element("details", summary, *rows, class_="kb-severity"))
    return element("div", *parts, class_="kb-compare")


def _obligation_sections(comparison: Comparison, words: Phrases, texts: Texts) -> list[Markup]:
    met = [each for each in comparison.obligations if each.met]
    found = []
    if comparison.unmet:
        title = element("h2", words.say("unmet_title", count=len(comparison.unmet)))
        cards = [obligation_card(each, comparison, words, texts) for each in comparison.unmet]
        found.append(element("section", title, *cards, class_="kb-severity kb-severity-wrong"))
    if met:
        summary = element("summary", words.say("met_title", count=len(met)))
        cards = [obligation_card(each, comparison, words, texts) for each in met]
        found.append(element("details", summary, *cards, class_="kb-severity kb-severity-fine"))
    return found


def obligation_card(obligation: Obligation, comparison: Comparison, words: Phrases, texts: Texts) -> Markup:
    """One obligation of the upper document, and its counterpart or what comes nearest."""
    strength = chip(obligation.requirement.strength, texts)
    head = element("p", strength, " ", _place(obligation.clause, comparison.before, texts), class_="kb-compare-head")
    sentence = element("p", obligation.requirement.sentence, class_="kb-verbatim kb-draft-words")
    return element("article", head, sentence, *_counterpart(obligation, comparison, words, texts), class_="kb-card")


def _counterpart(obligation: Obligation, comparison: Comparison, words: Phrases, texts: Texts) -> list[Markup]:
    if obligation.counterpart is None or obligation.counterpart_clause is None:
        return [element("p", words.say("none_near"), class_="kb-muted")]
    clause = obligation.counterpart_clause
    if obligation.met:
        label = f"{words.say('counterpart')}（{words.say('confidence')} {obligation.likeness:.2f}） "
    else:
        label = f"{words.say('nearest', place=place_of(clause), likeness=f'{obligation.likeness:.2f}')} "
    said = element("p", label, _place(clause, comparison.after, texts), class_="kb-muted")
    sentence = element("p", obligation.counterpart.sentence, class_="kb-verbatim")
    return [said, sentence, shift_list(obligation.shifts, words)]


def pair_card(pair: Pair, comparison: Comparison, words: Phrases, texts: Texts) -> Markup:
    """A clause of each side with the changed words marked, or one that stands alone."""
    kind = element("span", kind_words(pair, comparison, words), class_=f"kb-kind kb-pair-{pair.kind}")
    places = [
        _place(clause, side, texts)
        for clause, side in ((pair.before, comparison.before), (pair.after, comparison.after))
        if clause is not None
    ]
    movement = element("span", words.say(f"movement.{pair.movement}"), class_="kb-kind") if pair.movement else ""
    head = element("p", kind, movement, *_between(places), _certainty(pair, words, texts), class_="kb-compare-head")
    parts = [head, _body(pair, comparison, words)]
    if pair.punctuation_only:
        parts.append(element("p", words.say("punctuation_only"), class_="kb-muted"))
    if not pair.basis:
        parts.append(element("p", nearest_words(pair.nearest, words), class_="kb-muted"))
    return element("article", *parts, shift_list(pair.shifts, words), class_="kb-card")


def _between(places: Sequence[Markup]) -> list[str]:
    return [places[0], " → ", places[1]] if len(places) == 2 else list(places)


def _certainty(pair: Pair, words: Phrases, texts: Texts) -> str:
    if not pair.basis:
        return ""
    said = f"{words.say('confidence')} {pair.confidence:.2f} · {words.say(f'basis.{pair.basis}')}"
    low = f" · {texts.say('compare.low')}" if pair.confidence < LOW else ""
    return element("span", said, low, class_="kb-muted kb-certainty")


def _body(pair: Pair, comparison: Comparison, words: Phrases) -> Markup:
    if pair.changes:
        return element("p", marked(pair.changes), class_="kb-verbatim")
    clause = pair.before or pair.after
    text = clause.text if clause is not None else ""
    tag = {"added": "ins", "removed": "del"}.get(pair.kind) if comparison.mode == "versions" else None
    return element("p", element(tag, text) if tag else text, class_="kb-verbatim")


def marked(changes: Sequence[Change]) -> Markup:
    """Words of the first side struck out, words of the second underlined."""
    tags = {"removed": "del", "added": "ins"}
    return join(*(element(tags[c.operation], c.words) if c.operation in tags else join(c.words) for c in changes))


def shift_list(shifts: Sequence[Shift], words: Phrases) -> Markup:
    """What was tightened or loosened, each with its words; empty for none."""
    items = [element("li", shift_words(shift, words), class_=_STYLE[shift.direction]) for shift in shifts]
    return element("ul", *items, class_="kb-shifts") if items else Markup("")


def _place(clause: Clause, side: Text, texts: Texts) -> Markup:
    """A clause's place, a link where the knowledge base shows this text."""
    name = place_of(clause)
    if not side.in_base:
        return element("strong", name)
    return element("a", name, href=href(clause_place(clause, texts.language)), target="_blank")
