"""A document as a tree of headings and as running text with the clause opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.records import Clause, Document, Span
from views.cards import copy_button, link_button, marked_text
from views.links import Place, clause_place, href
from views.markup import Markup, element, join
from views.segments import cut, trimmed
from views.standing import NOTHING, Standing, links_of, references_view
from views.texts import Texts

_MARGIN_LENGTH = 6  # characters that stand in the margin in one line
_LABEL_LENGTH = 24  # an outline entry without a heading shows the clause's first words


@dataclass(frozen=True, slots=True)
class Branch:
    """A clause and what stands under it."""

    clause: Clause
    children: tuple[Branch, ...]


def tree(clauses: Sequence[Clause]) -> tuple[Branch, ...]:
    """The clauses as a tree, each under its nearest enclosing clause that is present."""
    present = {clause.clause_id for clause in clauses}
    under: dict[str, list[Clause]] = {}
    for clause in clauses:
        under.setdefault(_enclosing(clause, present), []).append(clause)
    return _branches("", under)


def _enclosing(clause: Clause, present: set[str]) -> str:
    parent = clause.parent_id
    while parent and parent not in present:
        head, _, _ = parent.rpartition(".")
        parent = head if head and head != clause.doc_id else None
    return parent or ""


def _branches(parent: str, under: Mapping[str, Sequence[Clause]]) -> tuple[Branch, ...]:
    return tuple(Branch(each, _branches(each.clause_id, under)) for each in under.get(parent, ()))


def outline_label(clause: Clause) -> str:
    """A clause's entry in the outline: its mark and heading, or its first words after the mark or locator."""
    step = clause.path[-1] if clause.path else None
    if step and step.title:
        return clause.breadcrumb[-1] if clause.breadcrumb else f"{step.label}{step.title}"
    words = " ".join(clause.text.split())
    if not (step and step.label and words.startswith(step.label)):
        words = f"{clause.locator} {words}"
    return words if len(words) <= _LABEL_LENGTH else words[:_LABEL_LENGTH] + "…"


def outline_view(clauses: Sequence[Clause], opened: str, texts: Texts) -> Markup:
    """The collapsible tree; the way to the opened clause is unfolded, as is every first level."""
    title = element("p", texts.say("document.outline"), class_="kb-outline-title")
    items = [_entry(branch, opened, 0, texts) for branch in tree(clauses)]
    return join(title, element("ul", *items, class_="kb-tree"))


def _entry(branch: Branch, opened: str, depth: int, texts: Texts) -> Markup:
    clause = branch.clause
    link = element(
        "a",
        outline_label(clause),
        href=href(clause_place(clause, texts.language)),
        data_go=clause.clause_id,
        aria_current="location" if clause.clause_id == opened else None,
    )
    if not branch.children:
        return element("li", link, class_="kb-leaf")
    children = [_entry(child, opened, depth + 1, texts) for child in branch.children]
    unfolded = depth == 0 or opened in _ids(branch)
    folder = element("details", element("summary", link), element("ul", *children), open=unfolded, class_="kb-branch")
    return element("li", folder)


def _ids(branch: Branch) -> Iterator[str]:
    yield branch.clause.clause_id
    for child in branch.children:
        yield from _ids(child)


def text_view(
    document: Document,
    source: str,
    clauses: Sequence[Clause],
    place: Place,
    texts: Texts,
    corrected: Collection[int] = (),
    *,
    standing: Standing = NOTHING,
) -> Markup:
    """The whole text in order: every clause as a block, and what belongs to no clause between them.

    ``corrected`` are the starts of clauses that a person put right.
    """
    parts: list[str] = []
    end = 0
    by_id = {clause.clause_id: clause for clause in clauses}
    for clause in sorted(clauses, key=lambda each: (each.span.start, each.order)):
        parts.append(_leaving(source[end : clause.span.start]))
        label = short_locator(clause, by_id.get(clause.parent_id or ""))
        right = clause.span.start in corrected
        parts.append(_block(document, clause, label, place, texts, standing, corrected=right))
        end = max(end, clause.span.end)
    parts.append(_leaving(source[end:]))
    return element("div", *parts, class_="kb-document")


def short_locator(clause: Clause, parent: Clause | None) -> str:
    """The locator for the margin: whole while it is short, else only what it adds to the enclosing clause's."""
    if parent is None or len(clause.locator) <= _MARGIN_LENGTH:
        return clause.locator
    return clause.locator.removeprefix(parent.locator) or clause.locator


def _leaving(text: str) -> Markup:
    return element("p", text.strip("\r\n"), class_="kb-leaving kb-verbatim") if text.strip() else Markup("")


def _block(
    document: Document,
    clause: Clause,
    label: str,
    place: Place,
    texts: Texts,
    standing: Standing,
    *,
    corrected: bool,
) -> Markup:
    opened = clause.clause_id == place.clause_id
    marks: Sequence[Span] = place.marks if opened else ()
    text = marked_text(trimmed(cut(clause.text, clause.body_start, marks)), links_of(clause, standing, texts))
    depth = max(len(clause.path), 1)
    style = f"kb-clause kb-{clause.kind} kb-depth-{min(depth, 4)}" + (" kb-open" if opened else "")
    guessed = bool(clause.path) and clause.path[-1].guessed
    told = "document.corrected" if corrected else "document.guessed"
    note = element("span", texts.say(told), class_="kb-guessed") if guessed or corrected else Markup("")
    words = element("p", text, note, class_="kb-verbatim")
    return element(
        "div",
        element("div", _margin(clause, label, texts), class_="kb-margin"),
        element("div", words, references_view(clause, standing, texts), _tools(document, clause, texts)),
        class_=style,
        data_clause=clause.clause_id,
        tabindex="-1",
    )


def _margin(clause: Clause, label: str, texts: Texts) -> Markup:
    address = href(clause_place(clause, texts.language))
    return element("a", label, href=address, title=clause.locator, data_go=clause.clause_id, class_="kb-margin-link")


def _tools(document: Document, clause: Clause, texts: Texts) -> Markup:
    reference = f"《{document.title}》{clause.locator}"
    share = link_button(texts.say("document.share_clause"), clause_place(clause, texts.language), texts)
    copy = copy_button(texts.say("answer.copy_citation"), reference, texts)
    target = Place(texts.language, "correct", doc_id=document.doc_id, clause_id=clause.clause_id)
    correct = element("a", texts.say("document.correct_clause"), href=href(target), class_="kb-button")
    return element("div", copy, share, correct, class_="kb-actions kb-tools")
