"""Answers as of a day: from the documents in force then, and honest about those that are not.

Takes the documents' status on the day and a way to answer within some documents. Documents that are known not to be
in force (amended, repealed, expired, not yet in force) are left out before anything is ranked; those of unknown status
stay, and each citation carries its status. Where only a document left out has the clause, that is said, with what took
its place, instead of a bare refusal; a clause that was asked for by its number is shown with that warning.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from ingest.records import Document
from ingest.references import title_key
from ingest.validity import Validity
from qa.records import Answer, Citation
from qa.wording import Wording

NEAREST_OUTDATED = 3

AnswerWithin = Callable[[Collection[str]], Answer]


def answer_as_of(
    question: str,
    answer: AnswerWithin,
    doc_ids: Collection[str],
    documents: Mapping[str, Document],
    validities: Mapping[str, Validity],
    day: str,
    wording: Wording,
) -> Answer:
    """The answer within ``doc_ids`` (all where none is named) as of ``day``.

    Args:
        question: what was asked, for the documents that it names.
        answer: answers it within some documents; an empty collection means all.
        doc_ids: the documents that were asked for.
        documents: every document, by id.
        validities: the status of each on the day.
        day: ISO.
        wording: the language.
    """
    asked = doc_ids or documents
    outdated = frozenset(doc_id for doc_id in asked if doc_id in validities and validities[doc_id].is_outdated)
    valid = frozenset(asked) - outdated
    named = _named(question, outdated, valid, documents)
    if named and (shown := answer(named)).route == "lookup":
        return _marked(_from_outdated(None, shown, documents, validities, day, wording), validities, day)
    found = answer(doc_ids if not outdated else valid) if valid or not asked else None
    if found is None or (outdated and not found.answered):
        other = answer(outdated)
        found = _from_outdated(found, other, documents, validities, day, wording)
    return _marked(found, validities, day)


def validity_words(document: Document, validity: Validity, titles: Mapping[str, Document], wording: Wording) -> str:
    """The status of a document with its day and what took its place: "已废止（2021-01-01 起），由《…》代替"."""
    if validity.earlier_text:
        return wording.say("validity_earlier_text", day=validity.until)
    words = wording.status(validity.status)
    if validity.status == "not_yet" and validity.until:
        words = wording.say("validity_from", status=words, day=validity.until)
    elif validity.is_outdated and validity.since:
        words = wording.say("validity_since", status=words, day=validity.since)
    by = titles.get(validity.replaced_by or "")
    if by is None:
        return words
    same = title_key(by.title) == title_key(document.title)
    key = "validity_newer_text" if same else "validity_replaced"
    return wording.say(key, status=words, document=by.title, day=by.issued_on or by.effective_on or by.doc_id)


def _named(
    question: str, outdated: Collection[str], valid: Collection[str], documents: Mapping[str, Document]
) -> frozenset[str]:
    """The documents not in force that the question calls by their titles, where no other title is meant by the words.

    Asked only of the others, a look-up would take the nearest name for the one that is not there.
    """
    words = title_key(question)
    titles = {doc_id: title_key(documents[doc_id].title) for doc_id in (*outdated, *valid)}
    named = {doc_id for doc_id in outdated if titles[doc_id] in words}
    others = {titles[doc_id] for doc_id in valid if titles[doc_id] in words}
    return frozenset(doc_id for doc_id in named if not any(titles[doc_id] in other for other in others))


def _from_outdated(
    found: Answer | None,
    other: Answer,
    documents: Mapping[str, Document],
    validities: Mapping[str, Validity],
    day: str,
    wording: Wording,
) -> Answer:
    """What documents that are not in force say, told as such; ``found`` is the refusal of those in force."""
    if not other.answered or not other.citations:
        return found or other
    first = other.citations[0]
    status = validity_words(first.document, validities[first.document.doc_id], documents, wording)
    joiner = "" if wording.language == "zh" else " "
    if found is None:
        note = wording.say("outdated_note", day=day, document=first.document.title, status=status)
        return replace(other, summary=joiner.join((other.summary, note)))
    reason = wording.say("outdated_only", day=day, reference=first.reference, status=status)
    near = other.citations[:NEAREST_OUTDATED]
    return Answer(found.question, False, reason, reason, "not_in_force", near_misses=near)


def _marked(answer: Answer, validities: Mapping[str, Validity], day: str) -> Answer:
    """The answer with the day and each citation's status on it."""

    def marked(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        return tuple(replace(each, validity=validities.get(each.document.doc_id)) for each in citations)

    facts = tuple(
        replace(fact, clauses=tuple(replace(each, citation=marked((each.citation,))[0]) for each in fact.clauses))
        for fact in answer.facts
    )
    citations, near = marked(answer.citations), marked(answer.near_misses)
    return replace(answer, as_of=day, citations=citations, near_misses=near, facts=facts)
