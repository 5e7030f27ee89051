"""Complete lists from the register of requirements: everything that binds somebody, not the best clauses."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest import tables
from ingest.records import Document, Modality, Requirement
from qa.base import Base
from qa.questions import Question, fold, question_tables
from qa.records import Answer
from qa.selection import LISTED, Selection, cite, in_order, select
from qa.terms import Term
from qa.wording import Wording

THEME_SHARE = 0.3  # what so many clauses speak of is the theme of the texts, and narrows nothing
MATTERS_OF_A_CASE = 2
LONGEST_PLAIN_ASKING = 20  # characters; more is a case that happens to hold "要做什么"
ENGLISH_LENGTH = 3  # letters that say what a Chinese character says
LONGEST_UNASKED_LIST = 8  # clauses; more is no answer to "学校怎么做"
BARE_REST = 4  # characters beside the audience's name
RESIDUE_WEIGHT = 2.0  # a topic lighter than this ("工作", "活动" in a collection full of them) does not narrow a list


def is_plain_list(question: Question, terms: Sequence[Term], titles: Sequence[str] = ()) -> bool:
    """Whether the question wants everything for an audience, with no further subject to search for."""
    if question.demands or question_tables().releases.search(question.folded):
        return False
    if topic_terms(question, terms, titles):
        return False
    if not question.wants_list:
        return bool(question.audiences) and _is_bare(question)
    if not question.wants_all and _tells_a_case(question, terms):
        return False
    return bool(question.audiences) or question.modality is not None or _names_a_text(question)


def _tells_a_case(question: Question, terms: Sequence[Term]) -> bool:
    """Whether the words before the question speak of matters of the texts ("学生被欺凌了，学校要做什么")."""
    told = [term for term in terms if term.word not in question.list_part and 0 < term.share < THEME_SHARE]
    return len(told) >= MATTERS_OF_A_CASE


def _is_bare(question: Question) -> bool:
    """Whether little but the audience's name is said ("企业", "那企业呢"), which asks for everything, too."""
    rest = question.folded
    for word in question.audience_words:
        rest = rest.replace(word, "")
    return len(re.sub(r"\W", "", rest)) <= BARE_REST


def topic_terms(question: Question, terms: Sequence[Term], titles: Sequence[str] = ()) -> list[Term]:
    """The terms that narrow a list: neither the audience, nor words that only carry the wish for a list.

    A word of a document's title ("七进") names the document, not a subject within it.
    """
    known = question_tables()
    passing = known.list_words | known.topic_words
    return [
        term
        for term in terms
        if term.word not in passing
        and (not question.wants_list or term.word in question.list_part)
        and not (question.wants_list and question.wants_all and term.share == 0 and not term.synonyms)
        and term.weight >= RESIDUE_WEIGHT
        and (term.share < THEME_SHARE or len(term.word) == 1)
        and not any(term.word in fold(title) for title in titles)
        and not any(_names_audience(term.word, word) for word in question.audience_words)
    ]


def may_be_unmeant(question: Question, answer: Answer) -> bool:
    """Whether a list came out that the question did not ask for in plain words, too long to be meant."""
    nouns = question_tables().list_nouns
    asked_in_full = question.wants_all and any(noun in question.list_part for noun in nouns)
    longest = LONGEST_PLAIN_ASKING * (ENGLISH_LENGTH if question.english else 1)
    told = len(question.list_part) > longest and not asked_in_full
    unasked = question.soft_list or not question.wants_list or told
    return answer.answered and unasked and len(answer.citations) > LONGEST_UNASKED_LIST


def named_documents(terms: Sequence[Term], documents: Sequence[Document]) -> list[str]:
    """The ids of the documents whose titles hold the most of the question's words; all where no title holds any."""
    counts = {d.doc_id: sum(term.word in fold(d.title) for term in terms) for d in documents}
    most = max(counts.values(), default=0)
    return [doc_id for doc_id, count in counts.items() if count == most]


def _names_audience(term: str, word: str) -> bool:
    # A longer term is a subject of its own ("居民" in "居民公约"); "各村" and "学校里" are the audience.
    return term in word or term.endswith(word) or (term.startswith(word) and len(term) == len(word) + 1)


def _names_a_text(question: Question) -> bool:
    return any(word in question.folded for word in question_tables().text_words)


def answer_list(question: Question, base: Base, doc_ids: Collection[str], wording: Wording) -> Answer:
    """Every requirement for the asked audiences, quoted and cited by clause, the mandatory of a document first."""
    audiences = question.audiences or tuple(tables.audiences())
    chosen, asked, note = _chosen(question, base, doc_ids, wording)
    if not chosen:
        key = "refused_audience_modality" if question.modality else "refused_audience"
        modality = wording.modality(question.modality) if question.modality else ""
        reason = wording.say(key, audience=wording.audience(audiences), modality=modality)
        return Answer(question.text, False, reason, reason, "refused")
    chosen = in_order(chosen, base)
    citations = cite(chosen, base)
    names = {
        "requirements": len(chosen),
        "clauses": len(citations),
        "locators": wording.locators(citations),
        "audience": wording.audience(asked),
    }
    keys = ("register", "register_modality") if question.audiences else ("register_all", "register_all_modality")
    key = keys[question.modality is not None]
    names["modality"] = wording.modality(question.modality) if question.modality else ""
    apart = _apart(asked, chosen, wanted_of(question), doc_ids, base, wording)
    return _listed(question.text, chosen, base, wording, [wording.say(key, **names), note, *apart])


def answer_selection(question: str, selection: Selection, chosen_by: str, base: Base, wording: Wording) -> Answer:
    """Every requirement of ``selection``; ``chosen_by`` says in words what it asks for, "" for all of an audience."""
    chosen, note = select(base, selection), ""
    if not chosen and selection.role == "lead":
        selection, chosen, note = _by_doer(selection, base, wording)
    about = "chosen_about" if selection.sanctions else "chosen_for"
    audience = wording.say(about, audience=wording.audience(selection.audiences)) if selection.audiences else ""
    if selection.role == "doer":
        lead, doer = (wording.say(key, unit=selection.unit) for key in ("chosen_lead", "chosen_doer"))
        chosen_by = chosen_by.replace(lead, doer)
    what = {"audience": audience, "what": chosen_by}
    if not chosen:
        reason = wording.say("refused_chosen", **what)
        return Answer(question, False, reason, reason, "refused")
    citations = cite(chosen, base)
    counts = {"requirements": len(chosen), "clauses": len(citations), "locators": wording.locators(citations)}
    apart = _apart(selection.audiences, chosen, selection.modalities, selection.doc_ids, base, wording)
    roles = _other_roles(selection, base, wording)
    return _listed(
        question, chosen, base, wording, [note, wording.say("register_chosen", **what, **counts), roles, *apart]
    )


def _by_doer(selection: Selection, base: Base, wording: Wording) -> tuple[Selection, list[Requirement], str]:
    """What the unit is to do itself, where no text says that it leads anything."""
    done = replace(selection, role="doer", modalities=LISTED)
    chosen = select(base, done)
    return (done, chosen, wording.say("register_doer", unit=selection.unit)) if chosen else (selection, [], "")


def _other_roles(selection: Selection, base: Base, wording: Wording) -> str:
    """How many requirements name the unit in another role than leading, which a list of what it leads leaves out."""
    if selection.role != "lead" or not selection.unit:
        return ""
    led = {row.requirement_id for row in select(base, selection)}
    done = [
        row for row in select(base, replace(selection, role="doer", modalities=LISTED)) if row.requirement_id not in led
    ]
    support = select(base, replace(selection, role="support"))
    counts = {"doer": len(done), "support": len(support)}
    return wording.say("register_roles", unit=selection.unit, **counts) if done or support else ""


def _apart(
    audiences: Sequence[str],
    chosen: Sequence[Requirement],
    modalities: Collection[str],
    doc_ids: Collection[str],
    base: Base,
    wording: Wording,
) -> list[str]:
    """What a list for a part of a wider audience leaves out, and how many of a list for several belong to each."""
    if len(audiences) > 1:
        counts = [
            wording.say("register_count", audience=wording.audience((key,)), requirements=number)
            for key in audiences
            if (number := sum(bool(tables.audience_family(key) & set(row.audience)) for row in chosen))
        ]
        return [wording.say("register_each", counts=wording.joined(counts))] if len(counts) > 1 else []
    wider = tables.audiences()[audiences[0]].within if audiences else None
    if not wider:
        return []
    listed = {row.requirement_id for row in chosen}
    others = [
        row
        for row in base.binding((wider,), doc_ids)
        if wider in row.audience and row.modality in modalities and row.requirement_id not in listed
    ]
    names = {"narrow": wording.audience(audiences), "wider": wording.audience((wider,))}
    return [wording.say("register_narrow", **names, requirements=len(others))] if others else []


def _listed(
    question: str, chosen: Sequence[Requirement], base: Base, wording: Wording, sentences: Sequence[str]
) -> Answer:
    return Answer(
        question=question,
        answered=True,
        reason=None,
        summary=wording.sentences((*sentences, *_truncations(chosen, base, wording))),
        route="register",
        citations=cite(chosen, base),
        requirements=tuple(chosen),
    )


def wanted_of(question: Question) -> frozenset[Modality]:
    """The modalities that a list answering the question holds."""
    return frozenset({question.modality}) if question.modality else LISTED


def _chosen(
    question: Question, base: Base, doc_ids: Collection[str], wording: Wording
) -> tuple[list[Requirement], tuple[str, ...], str]:
    """Requirements, the audiences they were chosen for, and a note where a wider audience was taken."""
    wanted = wanted_of(question)
    if not question.audiences:
        rows = [r for r in base.requirements if not doc_ids or r.doc_id in doc_ids]
        return [r for r in rows if r.modality in wanted], (), ""
    rows = [r for r in base.binding(question.audiences, doc_ids) if r.modality in wanted]
    if rows:
        return rows, question.audiences, ""
    wider = tuple(dict.fromkeys(w for key in question.audiences if (w := tables.audiences()[key].within)))
    rows = [r for r in base.binding(wider, doc_ids) if r.modality in wanted]
    note = wording.say("register_wider", narrow=wording.audience(question.audiences), audience=wording.audience(wider))
    return rows, wider, note


def _truncations(chosen: Sequence[Requirement], base: Base, wording: Wording) -> list[str]:
    """A warning for each document whose source breaks off inside a clause of the list."""
    listed = {requirement.clause_id for requirement in chosen}
    notes = []
    for doc_id, notices in base.notices.items():
        for notice in notices:
            if notice.kind != "truncated" or notice.offset is None:
                continue
            cut = [c for c in base.clauses.values() if c.doc_id == doc_id and c.span.end >= notice.offset]
            for clause in cut[-1:]:
                if clause.clause_id in listed:
                    title = base.documents[doc_id].title
                    notes.append(wording.say("truncated", document=title, locator=clause.locator))
    return notes
