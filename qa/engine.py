"""The answering engine: one question in, one ``Answer`` out, by the first way that fits.

1. A question that names clauses ("三（五）1", "教育法第三十条的处罚") is answered by look-up.
2. A question about a section that a document names and does not have is refused with that reason.
3. A case told in sentences is answered fact by fact.
4. A question that wants everything for somebody is answered from the register, complete.
5. Any other is answered by search, or refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Self

from index.lookup import find_named
from index.searcher import Searcher
from index.segmentation import general_idf
from ingest import dates, tables
from ingest.errors import BadQuery
from ingest.home import Home
from ingest.progress import Progress
from ingest.records import Clause, Document, Notice, Requirement
from ingest.references import Reference
from ingest.storage import Store
from ingest.validity import Validity, check_day
from qa.answerable import Weighed
from qa.applying import Applied, apply_clauses
from qa.as_of import answer_as_of
from qa.asking_back import ask_back, ask_matter
from qa.base import Base, Gap, read_base
from qa.case_answers import answer_case
from qa.cases import MAX_CASE, Case, longest_allowed, read_case
from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison, Mode, Text
from qa.comparison.texts import read_version
from qa.drafts.desk import DraftDesk
from qa.drafts.records import DraftCheck
from qa.evidence import answer_spans
from qa.finding import answer_by_search, gather
from qa.listing import list_as_of
from qa.lookup_answers import answer_lookup
from qa.questions import MAX_QUESTION, Question, fold, question_tables, read_question
from qa.records import Answer, Citation
from qa.register import (
    answer_list,
    answer_selection,
    is_plain_list,
    may_be_unmeant,
    named_documents,
    topic_terms,
)
from qa.register_questions import described, selection_asked
from qa.selection import Selection
from qa.standing import Standing
from qa.terms import Term, content_terms
from qa.told import answer_told
from qa.wording import Wording

COMMON_TERM_DISCOUNT = 0.8  # a word of every clause says nothing about which clause, nor whether any


class Engine:
    """Answers questions from one knowledge base; safe to share between threads.

    Args:
        home: where the knowledge base lies.
        searcher: its open index.
    """

    def __init__(self, home: Home, searcher: Searcher) -> None:
        self._home = home
        self._searcher = searcher
        self._lock = Lock()
        self._standing = Standing(home)
        self._desk = DraftDesk(home)
        self._base = self._reread()

    @classmethod
    def open(cls, home: Home, *, progress: Progress | None = None) -> Self:
        """Open ``home``, first building what is missing (corpus, model, index)."""
        return cls(home, Searcher.open(home, progress=progress))

    @property
    def home(self) -> Home:
        """Where the knowledge base lies."""
        return self._home

    def documents(self) -> list[Document]:
        """The documents in the knowledge base."""
        return list(self._current().documents.values())

    def document(self, doc_id: str) -> Document:
        """One document.

        Raises:
            UnknownDocument: there is none with this id.
        """
        with Store.open(self._home) as store:
            return store.document(doc_id)

    def outline(self, doc_id: str) -> list[Clause]:
        """The document's clauses in order, headings included."""
        with Store.open(self._home) as store:
            return store.clauses(doc_id)

    def source(self, doc_id: str) -> str:
        """The document's normalised source."""
        with Store.open(self._home) as store:
            return store.source(doc_id)

    def notices(self, doc_id: str) -> list[Notice]:
        """What ingest healed, guessed or missed in the document."""
        with Store.open(self._home) as store:
            return store.notices(doc_id)

    def requirements_of(self, doc_id: str) -> list[Requirement]:
        """The document's requirements in order."""
        with Store.open(self._home) as store:
            return store.requirements(doc_id)

    def versions(self) -> list[Document]:
        """Every version of every document, those of one document together, the newest first."""
        with Store.open(self._home) as store, store.snapshot():
            return [old for document in store.documents() for old in reversed(store.versions(document.doc_id))]

    def side(self, named: str) -> Text:
        """A document by its id, or one of its versions by DOC@N, to be compared.

        Raises:
            UnknownDocument: there is none.
        """
        return read_version(named, self._home)

    def compare(self, before: Text, after: Text, mode: Mode | None, audience: Sequence[str]) -> Comparison:
        """Two texts clause by clause; ``mode`` ``None`` finds out how they belong together."""
        return compare_texts(before, after, mode=mode, embed=self._searcher.embed_passages, audience=audience)

    def check_draft(self, content: bytes, name: str, as_of: str) -> DraftCheck:
        """A draft's citations and quotations against the knowledge base, as of an ISO day.

        Raises:
            UnreadableFile: the file cannot be read.
        """
        return self._desk.check(content, name, as_of)

    def ask(
        self, question: str, *, doc_ids: Collection[str] = (), language: str = "zh", as_of: str | None = None
    ) -> Answer:
        """The answer to ``question`` within ``doc_ids`` (all documents where none is named), as of a day.

        ``as_of`` is ISO, today where it is not given.

        Bad questions are refused with a reason, not raised.

        Raises:
            UnknownDocument: a ``doc_id`` is not in the knowledge base.
            InputError: an unknown language, or ``as_of`` is no day.
        """
        wording, day = Wording(language), check_day(as_of or dates.today())
        base = self._holding(doc_ids)
        try:
            understood = read_question(question, longest=longest_allowed(question))
        except BadQuery:
            return _refused(question, _unread(question, wording), day)
        if not base.documents:
            return _refused(question, wording.say("refused_empty_base"), day)
        case = read_case(question)
        terms = self._terms(understood, base) if case is None else ()  # a case has its own, of what is told

        def within(chosen: Collection[str]) -> Answer:
            if case is not None:
                named = _answer_named(understood, base, chosen, wording)
                return named or self._answer_case(question, case, base, chosen, wording)
            return _answer_directly(understood, terms, base, chosen, wording) or answer_by_search(
                understood, terms, self._searcher, base, chosen, wording
            )

        return answer_as_of(question, within, doc_ids, base.documents, self.validities(day), day, wording)

    def validities(self, as_of: str | None = None) -> Mapping[str, Validity]:
        """The status of every document on a day (ISO, today where it is not given), by doc_id."""
        today = dates.today()
        return self._standing.validities(self._current().revision, as_of or today, today)

    def references(self, doc_id: str) -> tuple[Reference, ...]:
        """The references that a document makes, with what they mean today."""
        return self._standing.references(self._current().revision, dates.today()).of_document(doc_id)

    def referrers(self, doc_id: str) -> Mapping[str, tuple[Reference, ...]]:
        """The references to each clause of a document, by clause_id."""
        return self._standing.references(self._current().revision, dates.today()).to_document(doc_id)

    def listing(self, selection: Selection, *, language: str = "zh", as_of: str | None = None) -> Answer:
        """Every requirement of ``selection`` in the texts in force on a day (ISO, today where it is not given).

        Raises:
            UnknownDocument: a document of the selection is not in the knowledge base.
            InputError: an unknown language, or ``as_of`` is no day.
        """
        base, wording, day = self._holding(selection.doc_ids), Wording(language), check_day(as_of or dates.today())
        return list_as_of(selection, base, self.validities(day), day, wording, chosen=as_of is not None)

    def evidence(self, question: str, *, doc_ids: Collection[str] = ()) -> Weighed | None:
        """The question weighed with its candidates, ``None`` where it is not answered by search.

        Raises:
            BadQuery: the question cannot be searched.
        """
        base, understood = self._current(), read_question(question)
        if read_case(question) is not None:
            return None
        terms = self._terms(understood, base)
        if _answer_directly(understood, terms, base, doc_ids, Wording("zh")) is not None:
            return None
        return gather(understood, terms, self._searcher, base, doc_ids)

    def _answer_case(self, text: str, case: Case, base: Base, doc_ids: Collection[str], wording: Wording) -> Answer:
        terms = self._terms(read_question(case.told, longest=MAX_CASE), base)
        return answer_case(text, case, terms, self._searcher, base, doc_ids, wording)

    def case_clauses(
        self, text: str, *, doc_ids: Collection[str] = (), recognised: bool = True
    ) -> list[Applied] | None:
        """The weighed clauses for a case, ``None`` where ``text`` tells none.

        ``recognised`` false weighs as if the table knew no word of the case.
        """
        case, base = read_case(text), self._current()
        if case is None:
            return None
        if not recognised:
            case = replace(case, facts=tuple(replace(fact, matters=()) for fact in case.facts))
        terms = self._terms(read_question(case.told, longest=MAX_CASE), base)
        return apply_clauses(case, terms, self._searcher, base, doc_ids)

    def _terms(self, question: Question, base: Base) -> tuple[Term, ...]:
        """The content terms, lighter the more clauses hold them."""
        terms = content_terms(question, self._searcher.segmenter.tokens, general_idf, self._searcher.readings)
        # An English term stands in the texts in its Chinese words only; a Chinese one is as common as it is itself.
        shares = [base.share_of_clauses(term.synonyms if question.english else (term.word,)) for term in terms]
        return tuple(
            replace(term, weight=term.weight * (1 - COMMON_TERM_DISCOUNT * share), share=share)
            for term, share in zip(terms, shares, strict=True)
        )

    def _holding(self, doc_ids: Collection[str]) -> Base:
        """The collection as it is now; raises where one of ``doc_ids`` is not in it."""
        base = self._current()
        for doc_id in (each for each in doc_ids if each not in base.documents):
            self.document(doc_id)
        return base

    def _current(self) -> Base:
        """The collection as it is now; another process may have changed it."""
        with self._lock:
            with Store.open(self._home) as store:
                revision = store.revision()
            if revision != self._base.revision:
                self._base = self._reread()
            return self._base

    def _reread(self) -> Base:
        # The base before the index: a change between the two is then seen, and taken over, by the next question.
        base = read_base(self._home)
        self._searcher.refresh()
        return base


def _answer_directly(
    question: Question, terms: Sequence[Term], base: Base, doc_ids: Collection[str], wording: Wording
) -> Answer | None:
    """The answer by look-up, by a known gap or from the register; ``None`` where the question must be searched."""
    direct = _answer_named(question, base, doc_ids, wording) or answer_told(question, base, doc_ids, wording)
    if direct is not None:
        return direct
    documents = [d for d in base.documents.values() if not doc_ids or d.doc_id in doc_ids]
    early = ask_back(question, documents, wording) or _unknown_fact(question, terms, documents, wording)
    if early is not None:
        return early
    asked = selection_asked(question, terms, [document.title for document in documents])
    if asked is not None:
        selection = replace(asked[0], doc_ids=tuple(doc_ids))
        return answer_selection(question.text, selection, described(selection, wording), base, wording)
    if is_plain_list(question, terms, [document.title for document in documents]):
        listed = answer_list(question, base, named_documents(topic_terms(question, terms), documents), wording)
        if not may_be_unmeant(question, listed):
            return listed
    return ask_matter(question, terms, wording)


def _answer_named(question: Question, base: Base, doc_ids: Collection[str], wording: Wording) -> Answer | None:
    """The clause that the question names, or the refusal for a section that the texts name and do not have."""
    named = find_named(question.searched, base.directory, frozenset(doc_ids))
    if named is not None:
        return answer_lookup(question, named, base, wording)
    gap = _named_gap(question, base, doc_ids)
    if gap is not None:
        return _answer_gap(question, gap, wording)
    return None


def _unknown_fact(
    question: Question, terms: Sequence[Term], documents: Sequence[Document], wording: Wording
) -> Answer | None:
    """The refusal of a question about a fact of the one document on hand, where its source does not state it."""
    if question.fact is None or len(documents) != 1:
        return None
    pattern = dict(question_tables().facts)[question.fact]
    rest = pattern.sub("", question.folded)
    if any(term.word in rest for term in topic_terms(question, terms)):
        return None  # "什么时候实施乡村建设行动" is about the subject
    if getattr(documents[0], question.fact) not in (None, "unknown"):
        return None
    names = {"document": documents[0].title, "fact": wording.fact(question.fact)}
    return _refused(question.text, wording.say("refused_fact", **names))


def _unread(question: str, wording: Wording) -> str:
    """Why a text was not read: too long, or nothing in it to search for."""
    if len(question) > MAX_CASE:
        return wording.say("refused_case_long", length=len(question), longest=MAX_CASE)
    key = "refused_too_long" if len(question) > MAX_QUESTION else "refused_no_text"
    return wording.say(key, length=len(question), longest=MAX_QUESTION)


def _refused(question: str, reason: str, day: str = "") -> Answer:
    return Answer(question, False, reason, reason, "refused", as_of=day)


def _named_gap(question: Question, base: Base, doc_ids: Collection[str]) -> Gap | None:
    """The missing section that the question is about, by its name or by an audience that only it would bind."""
    gaps = [gap for gap in base.gaps if not doc_ids or gap.document.doc_id in doc_ids]
    for gap in gaps:
        if fold(gap.section) in question.folded:
            return gap
    if any(base.binding((key,), doc_ids) for key in question.audiences):
        return None  # "村里想建寺庙": the village's own clauses answer
    for gap in gaps:
        for key in question.audiences:
            audience = tables.audiences()[key]
            about = any(word in gap.section for word in audience.words if len(word) > 1)
            if about:
                return gap
    return None


def _answer_gap(question: Question, gap: Gap, wording: Wording) -> Answer:
    clause = gap.named_in
    names = {"section": gap.section, "document": gap.document.title}
    if clause is None:
        reason = wording.say("refused_section_unplaced", **names)
    else:
        reason = wording.say("refused_section", locator=clause.locator, **names)
    near: tuple[Citation, ...] = ()
    if clause is not None:
        quotes = tuple(s for s in answer_spans(clause) if gap.section in clause.text[s.start : s.end])
        near = (Citation(clause, gap.document, quotes or tuple(answer_spans(clause)), 0.0),)
    return Answer(question.text, False, reason, reason, "section_missing", near_misses=near)
