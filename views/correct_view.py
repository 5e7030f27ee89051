"""What the correction page shows: a clause among its neighbours, what a correction changes, those in force."""

from __future__ import annotations

from ingest import tables
from ingest.correcting import Difference
from ingest.correction_desk import Standing, Trial
from ingest.corrections import FIELD_NAMES, Change, Correction, Ends, Fields, Heading, NotHeading, family_names
from ingest.markers import PARAGRAPH
from ingest.records import Clause, Document, ParsedDocument, Requirement, Step
from views.cards import marked_text
from views.links import Place, href
from views.markup import Markup, element
from views.outline import outline_label
from views.segments import cut, trimmed
from views.texts import Texts

_NEIGHBOUR = 80  # characters of the clause before and after
_WORDS = 26  # characters of a clause in a list of changes
_SHOWN = 30  # changes of one correction
_MADE_HERE = "correct.family_"


def head_view(document: Document, place: Place, texts: Texts) -> Markup:
    """What the page is for, and the way back to the text."""
    back = href(Place(texts.language, "document", doc_id=document.doc_id, clause_id=place.clause_id))
    title = element("h1", texts.say("correct.title"))
    name = element("p", f"《{document.title}》", class_="kb-doc-title")
    lead = element("p", texts.say("correct.lead"), class_="kb-muted")
    action = element("a", texts.say("correct.back"), href=back, class_="kb-button")
    return element("header", title, name, lead, element("div", action, class_="kb-actions"), class_="kb-document-head")


def clause_view(parsed: ParsedDocument, clause: Clause, texts: Texts) -> Markup:
    """A clause whole, its heading strong, between the end of the one before and the start of the one after."""
    before = next((each.text for each in reversed(parsed.clauses) if each.span.end <= clause.span.start), "")
    after = next((each.text for each in parsed.clauses if each.span.start >= clause.span.end), "")
    short_before = f"…{before[-_NEIGHBOUR:]}" if len(before) > _NEIGHBOUR else before
    short_after = f"{after[:_NEIGHBOUR]}…" if len(after) > _NEIGHBOUR else after
    step = clause.path[-1]
    title = step.title or texts.say("correct.no_title")
    facts = element("p", texts.say("correct.title_words", title=title), class_="kb-muted")
    facts = facts if step.label else Markup("")
    whole = marked_text(trimmed(cut(clause.text, clause.body_start, ())))
    place = element("h2", clause.locator, class_="kb-locator")
    middle = element("div", place, facts, element("p", whole, class_="kb-verbatim"), class_="kb-correct-here")
    parts = [_neighbour("before", short_before, texts), middle, _neighbour("after", short_after, texts)]
    return element("div", *parts, class_="kb-card kb-correct")


def places_of(parsed: ParsedDocument, texts: Texts) -> dict[str, Clause]:
    """What can be corrected, by id, in order: the clauses, and the text in no clause (title, signature) as such."""
    doc_id = parsed.document.doc_id
    left = [
        Clause(
            clause_id=f"{doc_id}.left{number}",
            doc_id=doc_id,
            order=-1,
            kind="clause",
            path=(Step(PARAGRAPH, 0, 0, "", ""),),
            breadcrumb=(),
            locator=texts.say("correct.left"),
            text=parsed.source[span.start : span.end],
            lead_in="",
            span=span,
            body_start=0,
        )
        for number, span in enumerate(parsed.leavings)
        if parsed.source[span.start : span.end].strip()
    ]
    return {each.clause_id: each for each in sorted([*parsed.clauses, *left], key=lambda each: each.span.start)}


def _neighbour(which: str, text: str, texts: Texts) -> Markup:
    if not text.strip():
        return Markup("")
    label = element("span", texts.say(f"correct.{which}"), class_="kb-kind")
    return element("p", label, text.strip(), class_="kb-muted kb-verbatim")


def trial_view(trial: Trial, texts: Texts) -> Markup:
    """What a correction would change, clause by clause in plain words, and the whole outline it would give."""
    lines = [difference_words(each, texts) for each in trial.differences[:_SHOWN]]
    if len(trial.differences) > _SHOWN:
        lines.append(texts.say("correct.more", count=len(trial.differences)))
    lines += [line for was, now in trial.requirements for line in field_words(was, now, texts)]
    lines = lines or [texts.say("correct.same")]
    title = element("h2", texts.say("correct.preview_title"), class_="kb-panel-title")
    changes = element("ul", *(element("li", line) for line in lines), class_="kb-changes")
    return element("div", title, changes, _outline(trial, texts), class_="kb-panel kb-preview")


def _outline(trial: Trial, texts: Texts) -> Markup:
    changed = {each.after.clause_id for each in trial.differences if each.after is not None}
    items = [
        element(
            "li",
            element("mark", outline_label(clause)) if clause.clause_id in changed else outline_label(clause),
            class_=f"kb-step kb-step-{min(len(clause.path), 5)}",
        )
        for clause in trial.after.clauses
    ]
    summary = element("summary", texts.say("correct.preview_outline"))
    return element("details", summary, element("ul", *items), class_="kb-notices")


def difference_words(difference: Difference, texts: Texts) -> str:
    """One change of the outline in plain words."""
    was, now = difference.before, difference.after
    shown = now or was
    old, new = was.path[-1].title if was else "", now.path[-1].title if now else ""
    key: str = difference.effect
    if key == "titled" and not (old and new):
        key = "untitled" if old else "newly_titled"
    return texts.say(
        f"correct.{key}",
        before=was.locator if was else "",
        after=now.locator if now else "",
        words=_words(shown) if shown else "",
        old=old,
        new=new,
    )


def field_words(was: Requirement, now: Requirement, texts: Texts) -> list[str]:
    """The fields of a requirement that change, in plain words."""
    lines = []
    for name in FIELD_NAMES:
        old, new = field_value(was, name, texts), field_value(now, name, texts)
        if old != new:
            none = texts.say("correct.none")
            lines.append(texts.say("correct.field", field=field_name(name, texts), old=old or none, new=new or none))
    return lines


def field_name(name: str, texts: Texts) -> str:
    """What a field of a requirement is called on the page."""
    return texts.entries.get(f"requirement.{name}") or texts.say(f"correct.{name}")


def field_value(requirement: Requirement, name: str, texts: Texts) -> str:
    """A field's value as the page shows it; "" where the requirement says none."""
    if name == "modality":
        return texts.say(f"modality.{requirement.strength}")
    if name == "audience":
        return "、".join(audience_name(key, texts) for key in requirement.audience)
    value = getattr(requirement, name)
    return "、".join(value) if isinstance(value, tuple) else value or ""


def audience_name(key: str, texts: Texts) -> str:
    """An audience in the page's language."""
    audience = tables.audiences()[key]
    return audience.zh if texts.language == "zh" else audience.en


def family_name(code: str, texts: Texts) -> str:
    """A family as staff write its first number; those without numbers in the page's language."""
    return texts.entries.get(_MADE_HERE + code) or family_names()[code]


def change_words(change: Change, texts: Texts) -> str:
    """What a correction says, in the page's language."""
    match change:
        case NotHeading():
            return texts.say("correct.said_not_heading")
        case Heading(family, numeral, under):
            words = texts.say("correct.said_heading", family=family_name(family, texts), number=numeral).rstrip()
            if under is None:
                return words
            below = texts.say("correct.said_under", family=family_name(under, texts)) if under else ""
            return words + (below or texts.say("correct.said_outermost"))
        case Ends(heading):
            return texts.say("correct.said_ends", words=heading[-_WORDS:])
        case Fields(_, values):
            separator = "、" if texts.language == "zh" else ", "
            return texts.say("correct.said_fields", names=separator.join(field_name(name, texts) for name, _ in values))


def correction_words(correction: Correction, texts: Texts) -> str:
    """A correction with its place."""
    return f"{correction.number}. “{correction.anchor.words}” {change_words(correction.change, texts)}"


def standing_view(standing: Standing, texts: Texts) -> Markup:
    """One correction in force; one that does not fit the text tells what to do."""
    made = element("span", texts.say("correct.made", day=standing.correction.made_on), class_="kb-muted")
    line = element("p", correction_words(standing.correction, texts), Markup(" "), made)
    if not standing.lapsed or standing.notice is None:
        return element("div", line, class_="kb-standing")
    flag = element("span", texts.say("correct.lapsed"), class_="kb-flag")
    told = element("p", flag, Markup(" "), standing.notice.message)
    return element("div", line, told, class_="kb-standing kb-panel kb-warning")


def told_view(words: str, texts: Texts, *, refused: bool) -> Markup:
    """What became of the last press of a button."""
    if not refused:
        return element("div", element("p", words), class_="kb-panel kb-done-panel", role="status")
    title = element("h2", texts.say("correct.refused"), class_="kb-panel-title")
    return element("div", title, element("p", words), class_="kb-panel kb-refusal", role="alert")


def _words(clause: Clause) -> str:
    words = " ".join(clause.text.split())
    return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"
